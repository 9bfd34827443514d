#include "motley/experiment/plan/shares.hpp"

#include <algorithm>
#include <memory>

#include "motley/topology/graph_statistics.hpp"

namespace motley::experiment {

std::vector<RankShare> rank_shares(const topology::Topology& topology,
                                   const partition::Partition& partition) {
    std::vector<RankShare> shares(static_cast<std::size_t>(partition.parts()));
    std::vector<std::vector<std::int64_t>> ghosts(shares.size());
    const auto traits = topology.traits();
    const auto share_of = [&](int part) -> RankShare& {
        return shares[static_cast<std::size_t>(part)];
    };
    for (int p = 0; p < partition.parts(); ++p) {
        share_of(p).agents = static_cast<std::int64_t>(partition.owned(p).size());
        if (traits.complete) share_of(p).arcs = share_of(p).agents * (topology.agents() - 1);
    }
    if (traits.complete) return shares;
    const auto compact = [](std::vector<std::int64_t>& keys) {
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    };
    const auto need = [&](int part, std::int64_t key) {
        auto& keys = ghosts[static_cast<std::size_t>(part)];
        keys.push_back(key);
        if (keys.size() == keys.capacity() && keys.size() > (1U << 20)) compact(keys);
    };
    const auto see = [&](AgentId source, AgentId target) {
        const int from = partition.owner(source), to = partition.owner(target);
        share_of(to).arcs += 1;
        if (from == to) return;
        if (traits.symmetric_uniform) {
            need(to, source);
        } else {
            need(to, 2 * source);
            need(from, 2 * target + 1);
        }
    };
    if (topology.has_rows()) {
        std::vector<AgentId> row;
        for (AgentId i = 0; i < topology.agents(); ++i) {
            topology.row(i, row);
            for (const AgentId j : row) see(j, i);
        }
    } else {
        const auto rows = topology::gather_rows(topology);
        for (AgentId i = 0; i < rows.agents; ++i) {
            for (auto e = rows.offsets[static_cast<std::size_t>(i)];
                 e < rows.offsets[static_cast<std::size_t>(i) + 1]; ++e) {
                see(i, rows.targets[static_cast<std::size_t>(e)]);
            }
        }
    }
    for (std::size_t p = 0; p < shares.size(); ++p) {
        compact(ghosts[p]);
        shares[p].ghosts = static_cast<std::int64_t>(ghosts[p].size());
        std::vector<bool> asked(shares.size(), false);
        for (const std::int64_t key : ghosts[p]) {
            const int owner = partition.owner(traits.symmetric_uniform ? key : key / 2);
            share_of(owner).sent += 1;
            if (asked[static_cast<std::size_t>(owner)]) continue;
            asked[static_cast<std::size_t>(owner)] = true;
            share_of(owner).messages += 1;
        }
    }
    return shares;
}

}  // namespace motley::experiment
