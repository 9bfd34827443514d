// Path lengths and bounds of the diameter: breadth-first searches from samples of agents, and
// double sweeps of all components at once.
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "motley/core/random.hpp"
#include "topology/statistics/parts.hpp"
#include "topology/statistics/searches.hpp"

namespace motley::topology {
namespace {

/// The results of the search from one source.
struct Reach {
    std::int64_t agents = 0;  ///< reached agents, without the source
    std::int64_t distance = 0;
    std::int64_t eccentricity = 0;
};

/// Sampling of sources ends after this many arcs (some seconds). Only large graphs of high diameter
/// reach it, because their searches share few arcs.
constexpr std::int64_t most_work = 400'000'000;

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

/// Collective. Searches from up to `lanes` sources.
void search(Searches& searches, const RowBlock& graph, std::span<const AgentId> sources,
            std::span<Reach> reach, const Peers& peers) {
    std::vector<Start> starts;
    for (std::size_t lane = 0; lane < sources.size(); ++lane) {
        if (graph.blocks.owner(sources[lane]) != peers.place()) continue;
        const AgentId row = sources[lane] - graph.blocks.first(peers.place());
        starts.push_back({static_cast<std::uint32_t>(row), lane});
    }
    BitCounts counts;
    searches.run(starts, [&](std::int64_t level, std::span<const std::uint32_t> rows) {
        if (rows.empty()) return;
        for (const std::uint32_t row : rows) counts.add(searches.reached(row));
        const auto reached = counts.take();
        for (std::size_t lane = 0; lane < reach.size(); ++lane) {
            if (reached[lane] == 0) continue;
            reach[lane].agents += reached[lane];
            reach[lane].distance += level * reached[lane];
            reach[lane].eccentricity = level;
        }
    });
    std::vector<std::int64_t> sums, levels;
    for (const Reach& r : reach) {
        sums.insert(sums.end(), {r.agents, r.distance});
        levels.push_back(r.eccentricity);
    }
    merge_all(peers, std::span(sums), [](auto a, auto b) { return a + b; });
    merge_all(peers, std::span(levels), [](auto a, auto b) { return std::max(a, b); });
    for (std::size_t lane = 0; lane < reach.size(); ++lane) {
        reach[lane] = {sums[2 * lane], sums[2 * lane + 1], levels[lane]};
    }
}

/// Collective. Searches from sampled sources; `result.sources` is how many there are, and then
/// were.
std::vector<Reach> search_all(Searches& searches, const RowBlock& graph,
                              std::vector<AgentId>& sources, PathLengths& result,
                              const Peers& peers) {
    const AgentId agents = graph.blocks.agents();
    std::vector<Reach> reach(sources.size());
    for (std::size_t begin = 0; begin < sources.size(); begin += lanes) {
        if (result.sources < agents && sum_of(peers, searches.work()) > most_work) {
            sources.resize(begin);
            reach.resize(begin);
            break;
        }
        const std::size_t count = std::min(lanes, sources.size() - begin);
        search(searches, graph, std::span(sources).subspan(begin, count),
               std::span(reach).subspan(begin, count), peers);
    }
    result.sources = std::ssize(sources);
    estimate_mean(reach, agents, result);
    return reach;
}

/// What is known of one component. Parts that several peers know of it can be merged.
struct Bounds {
    std::int64_t size = 0;
    std::int64_t searched = 0;
    std::int64_t largest = 0;  ///< of the eccentricities seen
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
    std::int64_t hub_degree = -1;
    AgentId hub = std::numeric_limits<AgentId>::max();  ///< its agent of highest degree

    void see(std::int64_t eccentricity) {
        largest = std::max(largest, eccentricity);
        smallest = std::min(smallest, eccentricity);
    }
    bool exact() const { return searched == size; }
};

Bounds merged(const Bounds& a, const Bounds& b) {
    const bool hub_of_a = std::pair(-a.hub_degree, a.hub) < std::pair(-b.hub_degree, b.hub);
    return {a.size + b.size,
            a.searched + b.searched,
            std::max(a.largest, b.largest),
            std::min(a.smallest, b.smallest),
            hub_of_a ? a.hub_degree : b.hub_degree,
            hub_of_a ? a.hub : b.hub};
}

/// An agent and how far it is away.
struct Far {
    std::int64_t distance = -1;
    AgentId agent = std::numeric_limits<AgentId>::max();
};

/// The farther one; of two that are equally far, that of less id.
Far merged(const Far& a, const Far& b) {
    return std::pair(-a.distance, a.agent) < std::pair(-b.distance, b.agent) ? a : b;
}

/// Collective. Merges what the peers know of each component; `own` has a value for each of
/// `components.labels`.
template <class T>
std::vector<T> merge_components(const Components& components, const Blocks& blocks,
                                std::vector<T> own, const Peers& peers) {
    if (peers.count() == 1) return own;
    constexpr std::size_t words = sizeof(T) / sizeof(std::uint64_t);
    Letters letters(peers);
    for (std::size_t c = 0; c < own.size(); ++c) {
        const AgentId label = components.labels[c];
        Peers::Words& letter = letters.to(blocks.owner(label));
        letter.push_back(static_cast<std::uint64_t>(label));
        letter.resize(letter.size() + words);
        std::memcpy(letter.data() + letter.size() - words, &own[c], sizeof(T));
    }
    std::unordered_map<std::uint64_t, T> whole;
    std::vector<std::vector<std::uint64_t>> asked(static_cast<std::size_t>(peers.count()));
    letters.deliver([&](int peer, std::span<const std::uint64_t> said) {
        for (std::size_t i = 0; i < said.size(); i += 1 + words) {
            T value;
            std::memcpy(static_cast<void*>(&value), &said[i + 1], sizeof(T));
            const auto [at, fresh] = whole.try_emplace(said[i], value);
            if (!fresh) at->second = merged(at->second, value);
            asked[static_cast<std::size_t>(peer)].push_back(said[i]);
        }
    });
    for (int peer = 0; peer < peers.count(); ++peer) {
        for (const std::uint64_t label : asked[static_cast<std::size_t>(peer)]) {
            Peers::Words& letter = letters.to(peer);
            letter.resize(letter.size() + words);
            std::memcpy(letter.data() + letter.size() - words, &whole[label], sizeof(T));
        }
    }
    std::vector<std::vector<std::uint64_t>> answers;
    letters.deliver([&](int, std::span<const std::uint64_t> said) {
        answers.emplace_back(said.begin(), said.end());
    });
    std::vector<std::size_t> next(answers.size(), 0);
    for (std::size_t c = 0; c < own.size(); ++c) {
        const auto owner = static_cast<std::size_t>(blocks.owner(components.labels[c]));
        std::memcpy(static_cast<void*>(&own[c]), &answers[owner][next[owner]], sizeof(T));
        next[owner] += words;
    }
    return own;
}

/// Bounds of the diameters of all components.
class Diameters {
  public:
    Diameters(const RowBlock& simple, const Components& components, Searches& searches,
              const Peers& peers)
        : simple_(simple),
          components_(components),
          searches_(searches),
          peers_(peers),
          bounds_(components.labels.size()) {}

    /// Collective. Takes what the searches from samples have found.
    void see(std::span<const AgentId> sources, std::span<const Reach> reach) {
        for (std::size_t r = 0; r < simple_.rows(); ++r) {
            Bounds& b = bounds_[components_.of[r]];
            b.size += 1;
            if (simple_.degree(r) > b.hub_degree) {
                b.hub_degree = simple_.degree(r);
                b.hub = simple_.id(r);
            }
        }
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (simple_.blocks.owner(sources[i]) != peers_.place()) continue;
            Bounds& b = bounds_[components_.of[row_of(sources[i])]];
            b.searched += 1;
            b.see(reach[i].eccentricity);
        }
        bounds_ = merge_components(components_, simple_.blocks, std::move(bounds_), peers_);
    }

    /// Collective. Searches from the hub to an agent far away, from there to the other end, from
    /// that end, and from a middle between both (Magnien, Latapy, Habib,
    /// doi:10.1145/1412228.1455266), in all components at once that were not searched from each of
    /// their agents.
    void sweep() {
        std::int64_t inexact = 0;
        for (const Bounds& b : bounds_) inexact += b.exact() ? 0 : 1;
        if (most_of(peers_, inexact) == 0) return;
        std::vector<Far> from(bounds_.size());
        for (std::size_t c = 0; c < from.size(); ++c) from[c].agent = bounds_[c].hub;
        const std::vector<Far> end = farthest(levels_from(from));
        const std::vector<std::int32_t> from_end = levels_from(end);
        const std::vector<Far> other = farthest(from_end);
        const std::vector<std::int32_t> from_other = levels_from(other);
        farthest(from_other);
        std::vector<Far> middle(bounds_.size());
        for (std::size_t r = 0; r < simple_.rows(); ++r) {
            const std::size_t c = components_.of[r];
            const std::int64_t across = other[c].distance, half = across / 2;
            if (from_other[r] == half && from_end[r] == across - half) {
                middle[c] = merged(middle[c], {0, simple_.id(r)});
            }
        }
        farthest(
            levels_from(merge_components(components_, simple_.blocks, std::move(middle), peers_)));
    }

    /// Collective.
    void write(PathLengths& result) const {
        for (const Bounds& b : bounds_) {
            result.diameter_lower = std::max(result.diameter_lower, b.largest);
            result.diameter_upper =
                std::max(result.diameter_upper, b.exact() ? b.largest : 2 * b.smallest);
        }
        result.diameter_lower = most_of(peers_, result.diameter_lower);
        result.diameter_upper = most_of(peers_, result.diameter_upper);
    }

  private:
    std::size_t row_of(AgentId agent) const {
        return static_cast<std::size_t>(agent - simple_.blocks.first(peers_.place()));
    }

    /// Collective. Distances of the own agents from one agent in each component; -1 where it was
    /// left out.
    std::vector<std::int32_t> levels_from(const std::vector<Far>& from) {
        std::vector<std::int32_t> levels(simple_.rows(), -1);
        std::vector<Start> starts;
        for (std::size_t c = 0; c < from.size(); ++c) {
            if (bounds_[c].exact()) continue;
            if (simple_.blocks.owner(from[c].agent) != peers_.place()) continue;
            const std::size_t row = row_of(from[c].agent);
            starts.push_back({static_cast<std::uint32_t>(row), 0});
            levels[row] = 0;
        }
        searches_.run(starts, [&](std::int64_t level, std::span<const std::uint32_t> rows) {
            for (const std::uint32_t row : rows) levels[row] = static_cast<std::int32_t>(level);
        });
        return levels;
    }

    /// Collective. The farthest agent of each component; its distance bounds the diameter.
    std::vector<Far> farthest(const std::vector<std::int32_t>& levels) {
        std::vector<Far> far(bounds_.size());
        for (std::size_t r = 0; r < levels.size(); ++r) {
            if (levels[r] < 0) continue;
            Far& best = far[components_.of[r]];
            best = merged(best, {levels[r], simple_.id(r)});
        }
        far = merge_components(components_, simple_.blocks, std::move(far), peers_);
        for (std::size_t c = 0; c < far.size(); ++c) {
            if (!bounds_[c].exact()) bounds_[c].see(far[c].distance);
        }
        return far;
    }

    const RowBlock& simple_;
    const Components& components_;
    Searches& searches_;
    const Peers& peers_;
    std::vector<Bounds> bounds_;  ///< of the components of this peer
};

}  // namespace

PathLengths path_lengths(const RowBlock& simple, const Components& components,
                         std::int64_t max_sources, std::uint64_t seed, const Peers& peers) {
    const AgentId agents = simple.blocks.agents();
    PathLengths result;
    result.sources = std::clamp<std::int64_t>(max_sources, 0, agents);
    if (agents == 0) return result;
    auto sources = choose_sources(agents, result.sources, seed);
    Searches searches(simple, true, peers);
    const std::vector<Reach> reach = search_all(searches, simple, sources, result, peers);
    Diameters diameters(simple, components, searches, peers);
    diameters.see(sources, reach);
    diameters.sweep();
    diameters.write(result);
    return result;
}

PathLengths directed_path_lengths(const RowBlock& block, std::int64_t max_sources,
                                  std::uint64_t seed, const Peers& peers) {
    const AgentId agents = block.blocks.agents();
    PathLengths result;
    result.sources = std::clamp<std::int64_t>(max_sources, 0, agents);
    if (agents == 0) return result;
    auto sources = choose_sources(agents, result.sources, seed);
    Searches searches(block, false, peers);
    for (const Reach& each : search_all(searches, block, sources, result, peers)) {
        result.diameter_lower = std::max(result.diameter_lower, each.eccentricity);
    }
    if (result.sources == agents) result.diameter_upper = result.diameter_lower;
    return result;
}

}  // namespace motley::topology
