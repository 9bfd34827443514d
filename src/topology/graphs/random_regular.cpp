// Random regular graphs in which every agent computes its own neighbours.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "topology/generators.hpp"
#include "topology/graphs/shuffle.hpp"

namespace motley::topology {
namespace {

constexpr std::uint64_t repair_id = std::uint64_t{1} << 40;  // differs from all ids of cycles

/// The union of degree / 2 random Hamiltonian cycles, and a random perfect matching for an odd
/// degree (contiguous to the uniform random regular graph: Kim, Wormald 2001,
/// doi:10.1006/jctb.2000.1991). Edges that coincide (about degree^2 / 4 of them, for any number of
/// agents) are repaired by switches: {u, v}, {x, y} -> {u, x}, {v, y}; only the rows that a switch
/// changes are stored.
///
/// For 2 degree <= agents - 1 a switch always exists: u and v, joined twice, have at most degree -
/// 1 distinct neighbours each, so at least (agents + 1) / 2 agents x are not linked to u, and at
/// most (agents - 1) / 2 agents are v or linked to v; there are more ends of edges out of the
/// former than places at the latter. Every switch removes a coinciding edge and adds none: the
/// repair ends.
class SparseRegular {
  public:
    SparseRegular(AgentId agents, std::int64_t degree, RandomKey random)
        : agents_(agents), random_(random) {
        for (std::int64_t c = 0; c < degree / 2; ++c) {
            cycles_.emplace_back(agents, random, static_cast<std::uint64_t>(c));
        }
        if (degree % 2 != 0) {
            matching_.emplace_back(agents, random, static_cast<std::uint64_t>(degree / 2));
        }
        if (degree > 2) repair();
    }

    /// Appends the sorted neighbours.
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const {
        if (!changed_.empty()) {
            const auto found = changed_.find(agent);
            if (found != changed_.end()) {
                neighbours.insert(neighbours.end(), found->second.begin(), found->second.end());
                return;
            }
        }
        fill_drawn(agent, neighbours);
        std::ranges::sort(neighbours);
    }

  private:
    using Row = std::vector<AgentId>;

    /// The neighbours as the cycles give them, before any repair, not sorted.
    void fill_drawn(AgentId agent, Row& neighbours) const {
        const auto last = static_cast<std::uint64_t>(agents_ - 1);
        const auto id = static_cast<std::uint64_t>(agent);
        for (const Shuffle& cycle : cycles_) {
            const std::uint64_t place = cycle.inverse(id);
            neighbours.push_back(static_cast<AgentId>(cycle(place == last ? 0 : place + 1)));
            neighbours.push_back(static_cast<AgentId>(cycle(place == 0 ? last : place - 1)));
        }
        for (const Shuffle& order : matching_) {
            neighbours.push_back(static_cast<AgentId>(order(order.inverse(id) ^ 1)));
        }
    }

    static bool contains(const Row& row, AgentId agent) {
        return std::ranges::find(row, agent) != row.end();
    }

    static void replace(Row& row, AgentId old_end, AgentId new_end) {
        *std::ranges::find(row, old_end) = new_end;
        std::ranges::sort(row);
    }

    /// The stored row of `agent`, drawn when it is not stored yet.
    Row& stored(AgentId agent) {
        const auto [place, fresh] = changed_.try_emplace(agent);
        if (fresh) {
            fill_drawn(agent, place->second);
            std::ranges::sort(place->second);
        }
        return place->second;
    }

    /// All pairs {u < v} that are joined more than once; each appears once per surplus edge.
    std::vector<std::pair<AgentId, AgentId>> coinciding() const {
        std::vector<std::pair<AgentId, AgentId>> pairs;
        Row row;
        for (AgentId agent = 0; agent < agents_; ++agent) {
            row.clear();
            fill_drawn(agent, row);
            std::ranges::sort(row);
            for (std::size_t k = 1; k < row.size(); ++k) {
                if (row[k] == row[k - 1] && row[k] > agent) pairs.emplace_back(agent, row[k]);
            }
        }
        return pairs;
    }

    void repair() {
        std::uint64_t number = 0;
        for (const auto& [u, v] : coinciding()) {
            // An earlier switch may already have removed the surplus edge.
            if (std::ranges::count(stored(u), v) > 1) switch_edge(u, v, number++);
        }
    }

    /// Removes one edge {u, v} by a switch with the first suitable edge {x, y}; x starts at random.
    void switch_edge(AgentId u, AgentId v, std::uint64_t number) {
        const Random random = random_.at(repair_id + number);
        auto x = static_cast<AgentId>(random.below(static_cast<std::uint64_t>(agents_), 0));
        const std::uint64_t turn = random.bits(1);
        Row row;
        for (AgentId tried = 0; tried < agents_; ++tried, x = x + 1 == agents_ ? 0 : x + 1) {
            if (x == u || contains(stored(u), x)) continue;
            row.clear();
            fill(x, row);
            for (std::size_t k = 0; k < row.size(); ++k) {
                const AgentId y = row[(k + turn) % row.size()];
                if (y == v || contains(stored(v), y)) continue;
                replace(stored(u), v, x);
                replace(stored(v), u, y);
                replace(stored(x), y, u);
                replace(stored(y), x, v);
                return;
            }
        }
        throw internal_error("random-regular: no edge to switch with, against the proof");
    }

    AgentId agents_;
    RandomKey random_;
    std::vector<Shuffle> cycles_;    ///< place -> agent; neighbours in place are linked
    std::vector<Shuffle> matching_;  ///< none or one; places 2i and 2i + 1 are linked
    std::unordered_map<AgentId, Row> changed_;
};

/// Exactly `degree` neighbours for every agent. A dense graph is the complement of a sparse one.
class RandomRegular final : public RowTopology {
  public:
    RandomRegular(AgentId agents, std::int64_t degree, double survival, RandomKey random)
        : RowTopology(agents, survival, agents * degree),
          dense_(2 * degree > agents - 1),
          sparse_(agents, dense_ ? agents - 1 - degree : degree, random) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        if (!dense_) return sparse_.fill(agent, neighbours);
        std::vector<AgentId> apart;
        sparse_.fill(agent, apart);
        apart.insert(std::ranges::upper_bound(apart, agent), agent);
        AgentId next = 0;
        for (const AgentId stop : apart) {
            for (; next < stop; ++next) neighbours.push_back(next);
            ++next;
        }
        for (; next < agents_; ++next) neighbours.push_back(next);
    }

    bool dense_;
    SparseRegular sparse_;
};

std::unique_ptr<Topology> make_random_regular(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    const std::int64_t degree = arguments.degree_below(agents);
    if (agents % 2 != 0 && degree % 2 != 0) {
        throw arguments.error(
            "degree",
            fmt::format(
                "agents x degree must be even; with {} agents take degree {}", agents,
                degree == 1 ? std::string("2") : fmt::format("{} or {}", degree - 1, degree + 1)));
    }
    return std::make_unique<RandomRegular>(agents, degree, arguments.survival(), arguments.random);
}

}  // namespace

extern const Generator random_regular = {
    .name = "random-regular",
    .help = "random, the same degree for all",
    .keys = "agents! degree",
    .make = make_random_regular,
};

}  // namespace motley::topology
