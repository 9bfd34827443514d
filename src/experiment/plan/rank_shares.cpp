#include "motley/experiment/plan/rank_shares.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "motley/core/expect.hpp"
#include "motley/topology/graph_statistics.hpp"

namespace motley::experiment {
namespace {

/// Counts for all parts in one pass over the arcs of the graph.
class Counter {
  public:
    Counter(const topology::Traits& traits, const partition::Partition& partition,
            int parts_per_node, const measure::Islands& islands)
        : traits_(traits),
          partition_(partition),
          parts_per_node_(parts_per_node > 0 ? parts_per_node : partition.parts()),
          islands_(islands),
          shares_(parts()),
          ghosts_(parts()),
          leaving_(parts()),
          at_border_(static_cast<std::size_t>(partition.agents()), false) {
        for (int p = 0; p < partition.parts(); ++p) {
            share(p).agents = static_cast<std::int64_t>(partition.owned(p).size());
            share(p).interior = traits.complete ? 0 : share(p).agents;
        }
    }

    RankShare& share(int part) { return shares_[static_cast<std::size_t>(part)]; }

    void see(AgentId source, AgentId target) {
        const int from = partition_.owner(source), to = partition_.owner(target);
        share(to).arcs += 1;
        if (from == to) return;
        put_at_border(source, from);
        put_at_border(target, to);
        if (traits_.symmetric_uniform) {
            need(to, source);
        } else {
            need(to, 2 * source);
            need(from, 2 * target + 1);
        }
    }

    /// Returns the counts after the last arc.
    std::vector<RankShare> shares() {
        MOTLEY_EXPECT(agents() == partition_.agents(), "the parts cover each agent once");
        for (std::size_t p = 0; p < shares_.size(); ++p) {
            compact(ghosts_[p]);
            shares_[p].ghosts = static_cast<std::int64_t>(ghosts_[p].size());
            count_senders(static_cast<int>(p), ghosts_[p]);
        }
        std::vector<std::int64_t> busiest(parts(), 0);  // link of each island
        for (const auto& [link, units] : crossing_) {
            std::int64_t& most = busiest[link.first];
            most = islands_.shared_link ? most + units : std::max(most, units);
        }
        for (int p = 0; p < partition_.parts(); ++p) {
            share(p).leaving = leaving_[node(p)];
            share(p).crossing = busiest[island(p)];
        }
        return std::move(shares_);
    }

  private:
    /// A row that a part needs from another: the agent, or twice the agent, plus 1 for its value.
    using Key = std::int64_t;

    AgentId agents() const {
        AgentId sum = 0;
        for (const RankShare& share : shares_) sum += share.agents;
        return sum;
    }

    std::size_t node(int part) const { return static_cast<std::size_t>(part / parts_per_node_); }

    std::size_t island(int part) const {
        return islands_.nodes > 0 ? node(part) / static_cast<std::size_t>(islands_.nodes) : 0;
    }

    std::size_t parts() const { return static_cast<std::size_t>(partition_.parts()); }

    void put_at_border(AgentId agent, int part) {
        if (at_border_[static_cast<std::size_t>(agent)]) return;
        at_border_[static_cast<std::size_t>(agent)] = true;
        share(part).interior -= 1;
    }

    static void compact(std::vector<Key>& keys) {
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    }

    void need(int part, Key key) {
        auto& keys = ghosts_[static_cast<std::size_t>(part)];
        keys.push_back(key);
        if (keys.size() == keys.capacity() && keys.size() > (1U << 20)) compact(keys);
    }

    /// Adds what the owners of `keys` send to `part`.
    void count_senders(int part, const std::vector<Key>& keys) {
        std::vector<bool> asked(shares_.size(), false);
        for (const Key key : keys) {
            const int owner = partition_.owner(traits_.symmetric_uniform ? key : key / 2);
            share(owner).sent += 1;
            if (node(owner) != node(part)) leaving_[node(owner)] += 1;
            if (island(owner) != island(part)) crossing_[{island(owner), island(part)}] += 1;
            if (asked[static_cast<std::size_t>(owner)]) continue;
            asked[static_cast<std::size_t>(owner)] = true;
            share(owner).messages += 1;
        }
    }

    topology::Traits traits_;
    const partition::Partition& partition_;
    int parts_per_node_;
    measure::Islands islands_;
    std::vector<RankShare> shares_;
    std::vector<std::vector<Key>> ghosts_;  ///< ghosts of each part; repeated until compacted
    std::vector<std::int64_t> leaving_;     ///< of each node
    std::map<std::pair<std::size_t, std::size_t>, std::int64_t> crossing_;  ///< between two islands
    std::vector<bool> at_border_;  ///< agents with neighbours in other parts
};

void see_all_arcs(const topology::Topology& topology, Counter& counter) {
    if (topology.has_rows()) {
        std::vector<AgentId> row;
        for (AgentId i = 0; i < topology.agents(); ++i) {
            topology.row(i, row);
            for (const AgentId j : row) counter.see(j, i);
        }
        return;
    }
    const auto rows = topology::gather_rows(topology);
    for (AgentId i = 0; i < rows.agents; ++i) {
        const auto begin = rows.offsets[static_cast<std::size_t>(i)];
        const auto end = rows.offsets[static_cast<std::size_t>(i) + 1];
        for (auto e = begin; e < end; ++e) {
            counter.see(i, rows.targets[static_cast<std::size_t>(e)]);
        }
    }
}

}  // namespace

std::vector<RankShare> rank_shares(const topology::Topology& topology,
                                   const partition::Partition& partition, int parts_per_node,
                                   const measure::Islands& islands) {
    Counter counter(topology.traits(), partition, parts_per_node, islands);
    if (topology.traits().complete) {
        for (int p = 0; p < partition.parts(); ++p) {
            const bool pool = topology.traits().pool;
            counter.share(p).arcs = pool ? 0 : counter.share(p).agents * (topology.agents() - 1);
        }
    } else {
        see_all_arcs(topology, counter);
    }
    return counter.shares();
}

}  // namespace motley::experiment
