// Path lengths and bounds of the diameter: breadth-first searches from many sources at once, each
// with one bit (Then et al., "The more the merrier", doi:10.14778/2735496.2735507), and double
// sweeps.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "motley/core/random.hpp"
#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

/// The results of the search from one source.
struct Reach {
    std::int64_t agents = 0;  ///< reached agents, without the source
    std::int64_t distance = 0;
    std::int64_t eccentricity = 0;
};

constexpr std::size_t lanes = 64;

/// Sampling of sources ends after this many arcs (some seconds). Only large graphs of high diameter
/// reach it, because their searches share few arcs.
constexpr std::int64_t most_work = 400'000'000;

/// Runs breadth-first searches from up to 64 sources. A level touches only agents that some search
/// has just reached, so that long thin graphs cost no more than 64 separate searches.
class ManySearches {
  public:
    explicit ManySearches(const Csr& graph)
        : graph_(graph),
          targets_(graph.targets.begin(), graph.targets.end()),
          states_(static_cast<std::size_t>(graph.agents)),
          now_(states_.size()) {}

    void run(std::span<const AgentId> sources, std::span<Reach> reach) {
        std::ranges::fill(states_, SearchState{});
        front_.clear();
        for (std::size_t lane = 0; lane < sources.size(); ++lane) {
            const auto source = static_cast<std::size_t>(sources[lane]);
            if (now_[source] == 0) front_.push_back(static_cast<std::uint32_t>(source));
            now_[source] |= std::uint64_t{1} << lane;
            states_[source].seen |= std::uint64_t{1} << lane;
        }
        for (std::int64_t level = 1; !front_.empty(); ++level) {
            spread();
            settle(level, reach);
        }
    }
    /// Arcs followed so far.
    std::int64_t work() const { return work_; }

  private:
    /// Bit l belongs to search l. One struct holds both words, because they are always read
    /// together.
    struct SearchState {
        std::uint64_t seen = 0;
        std::uint64_t next = 0;
    };

    /// Marks the agents that the agents of the front reach; `now_` is all 0 afterwards.
    void spread() {
        touched_.clear();
        for (const std::uint32_t agent : front_) {
            const std::uint64_t bits = std::exchange(now_[agent], 0);
            const auto begin = static_cast<std::size_t>(graph_.offsets[agent]);
            const auto end = static_cast<std::size_t>(graph_.offsets[agent + 1]);
            work_ += static_cast<std::int64_t>(end - begin);
            for (std::size_t i = begin; i < end; ++i) {
                SearchState& other = states_[targets_[i]];
                const std::uint64_t fresh = bits & ~other.seen;
                if (fresh == 0) continue;
                if (other.next == 0) touched_.push_back(targets_[i]);
                other.next |= fresh;
            }
        }
        // For a wide front, walking the agents in the order of memory is faster.
        if (8 * touched_.size() < states_.size()) return;
        touched_.clear();
        for (std::uint32_t agent = 0; agent < states_.size(); ++agent) {
            if (states_[agent].next != 0) touched_.push_back(agent);
        }
    }

    /// The touched agents are reached at this level and become the front.
    void settle(std::int64_t level, std::span<Reach> reach) {
        std::array<std::int64_t, lanes> reached{};
        for (const std::uint32_t agent : touched_) {
            SearchState& state = states_[agent];
            const std::uint64_t bits = std::exchange(state.next, 0);
            state.seen |= bits;
            now_[agent] = bits;
            for (std::uint64_t rest = bits; rest != 0; rest &= rest - 1) {
                reached[static_cast<std::size_t>(std::countr_zero(rest))] += 1;
            }
        }
        for (std::size_t lane = 0; lane < reach.size(); ++lane) {
            if (reached[lane] == 0) continue;
            reach[lane].agents += reached[lane];
            reach[lane].distance += level * reached[lane];
            reach[lane].eccentricity = level;
        }
        front_.swap(touched_);
    }

    const Csr& graph_;
    std::vector<std::uint32_t> targets_;
    std::vector<SearchState> states_;
    std::vector<std::uint64_t> now_;  ///< searches that reached each agent in the last level
    std::vector<std::uint32_t> front_, touched_;
    std::int64_t work_ = 0;
};

std::vector<AgentId> choose_sources(AgentId agents, std::int64_t count, std::uint64_t seed) {
    std::vector<AgentId> sources;
    if (count == agents) {
        for (AgentId agent = 0; agent < agents; ++agent) sources.push_back(agent);
        return sources;
    }
    const Permutation order(static_cast<std::uint64_t>(agents), seed, Stream::statistics, 0);
    for (std::int64_t i = 0; i < count; ++i) {
        sources.push_back(static_cast<AgentId>(order(static_cast<std::uint64_t>(i))));
    }
    return sources;
}

/// Mean distance over reached pairs as a ratio of totals, with the error of a ratio estimator for
/// sources drawn without replacement (Cochran, Sampling Techniques, 1977, section 6.4).
void estimate_mean(std::span<const Reach> reach, AgentId agents, PathLengths& result) {
    double distance = 0.0, reached = 0.0;
    for (const Reach& r : reach) {
        distance += static_cast<double>(r.distance);
        reached += static_cast<double>(r.agents);
    }
    if (reached == 0.0) return;
    result.mean = distance / reached;
    const auto n = static_cast<double>(reach.size());
    if (std::ssize(reach) == agents || reach.size() < 2) return;
    double squares = 0.0;
    for (const Reach& r : reach) {
        const double residual =
            static_cast<double>(r.distance) - result.mean * static_cast<double>(r.agents);
        squares += residual * residual;
    }
    const double unseen = 1.0 - n / static_cast<double>(agents);
    result.error = std::sqrt(unseen * squares / (n - 1.0) / n) / (reached / n);
}

/// Runs one search at a time; keeps the agents in order of distance and the parent of each.
class Sweep {
  public:
    explicit Sweep(const Csr& graph)
        : graph_(graph), parent_(static_cast<std::size_t>(graph.agents), -1) {}

    /// Eccentricity of `source`; `last()` is then an agent farthest from it.
    std::int64_t run(AgentId source) {
        order_.assign(1, source);
        parent_[static_cast<std::size_t>(source)] = source;
        std::int64_t levels = 0;
        for (std::size_t begin = 0, end = 1; begin < end;) {
            for (std::size_t i = begin; i < end; ++i) {
                for (const AgentId other : row_of(graph_, order_[i])) {
                    if (parent_[static_cast<std::size_t>(other)] >= 0) continue;
                    parent_[static_cast<std::size_t>(other)] = order_[i];
                    order_.push_back(other);
                }
            }
            begin = std::exchange(end, order_.size());
            if (begin < end) levels += 1;
        }
        return levels;
    }
    AgentId last() const { return order_.back(); }
    /// The agent `steps` before `last` on the path from the source.
    AgentId before_last(std::int64_t steps) const {
        AgentId agent = last();
        for (; steps > 0; --steps) agent = parent_[static_cast<std::size_t>(agent)];
        return agent;
    }
    std::int64_t size() const { return std::ssize(order_); }
    /// Resets the parents of the component, so that another search can run on it.
    void forget() {
        for (const AgentId agent : order_) parent_[static_cast<std::size_t>(agent)] = -1;
    }

  private:
    const Csr& graph_;
    std::vector<AgentId> parent_;
    std::vector<AgentId> order_;
};

/// Known bounds on the eccentricities of one component.
struct Bounds {
    AgentId hub = -1;  ///< its agent of highest degree
    std::int64_t size = 0;
    std::int64_t searched = 0;
    std::int64_t largest = 0;
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();

    void see(std::int64_t eccentricity) {
        largest = std::max(largest, eccentricity);
        smallest = std::min(smallest, eccentricity);
    }
};

std::vector<Bounds> bounds_from(const Csr& simple, const Components& components,
                                std::span<const AgentId> sources, std::span<const Reach> reach) {
    std::vector<Bounds> bounds(static_cast<std::size_t>(components.count));
    const auto of = [&](AgentId agent) -> Bounds& {
        return bounds[static_cast<std::size_t>(components.of[static_cast<std::size_t>(agent)])];
    };
    for (AgentId agent = 0; agent < simple.agents; ++agent) {
        Bounds& b = of(agent);
        b.size += 1;
        if (b.hub < 0 || row_of(simple, agent).size() > row_of(simple, b.hub).size()) b.hub = agent;
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
        of(sources[i]).searched += 1;
        of(sources[i]).see(reach[i].eccentricity);
    }
    return bounds;
}

/// Searches from the hub to an agent far away, from there to the other end, and from the middle of
/// that path (Magnien, Latapy, Habib, doi:10.1145/1412228.1455266).
void double_sweep(Sweep& sweep, Bounds& bounds) {
    const auto search = [&](AgentId source) {
        const std::int64_t eccentricity = sweep.run(source);
        bounds.see(eccentricity);
        return eccentricity;
    };
    search(bounds.hub);
    const AgentId end = sweep.last();
    sweep.forget();
    const std::int64_t across = search(end);
    const AgentId middle = sweep.before_last(across / 2);
    sweep.forget();
    search(middle);
    sweep.forget();
}

void bound_diameter(const Csr& simple, std::vector<Bounds> bounds, PathLengths& result) {
    Sweep sweep(simple);
    for (Bounds& b : bounds) {
        const bool exact = b.searched == b.size;
        if (!exact) double_sweep(sweep, b);
        result.diameter_lower = std::max(result.diameter_lower, b.largest);
        result.diameter_upper = std::max(result.diameter_upper, exact ? b.largest : 2 * b.smallest);
    }
}

/// Searches from sampled sources; `result.sources` is how many there are, and then were.
std::vector<Reach> search_all(const Csr& graph, std::vector<AgentId>& sources,
                              PathLengths& result) {
    std::vector<Reach> reach(sources.size());
    ManySearches searches(graph);
    for (std::size_t begin = 0; begin < sources.size(); begin += lanes) {
        if (searches.work() > most_work && result.sources < graph.agents) {
            sources.resize(begin);
            reach.resize(begin);
            break;
        }
        const std::size_t count = std::min(lanes, sources.size() - begin);
        searches.run(std::span(sources).subspan(begin, count),
                     std::span(reach).subspan(begin, count));
    }
    result.sources = std::ssize(sources);
    estimate_mean(reach, graph.agents, result);
    return reach;
}

}  // namespace

PathLengths path_lengths(const Csr& simple, const Components& components, std::int64_t max_sources,
                         std::uint64_t seed) {
    PathLengths result;
    result.sources = std::clamp<std::int64_t>(max_sources, 0, simple.agents);
    if (simple.agents == 0) return result;
    auto sources = choose_sources(simple.agents, result.sources, seed);
    const std::vector<Reach> reach = search_all(simple, sources, result);
    bound_diameter(simple, bounds_from(simple, components, sources, reach), result);
    return result;
}

PathLengths directed_path_lengths(const Csr& rows, std::int64_t max_sources, std::uint64_t seed) {
    PathLengths result;
    result.sources = std::clamp<std::int64_t>(max_sources, 0, rows.agents);
    if (rows.agents == 0) return result;
    auto sources = choose_sources(rows.agents, result.sources, seed);
    for (const Reach& each : search_all(rows, sources, result)) {
        result.diameter_lower = std::max(result.diameter_lower, each.eccentricity);
    }
    if (result.sources == rows.agents) result.diameter_upper = result.diameter_lower;
    return result;
}

}  // namespace motley::topology
