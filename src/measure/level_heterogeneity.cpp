// Heterogeneity by level of a nested system: the chain rule of mutual information.
#include <algorithm>
#include <cmath>

#include "group_rows.hpp"
#include "motley/measure/measures.hpp"

namespace motley::measure {
namespace {

/// I(group ; task) when agents are pooled into groups of `stride` consecutive ids. Rows are
/// added by agent id, on whichever rank.
double grouped(AgentId stride, AgentId groups, std::span<const AgentId> ids, int tasks,
               const std::function<void(std::size_t, double*)>& efforts,
               const mpi::Communicator& comm) {
    const auto width = static_cast<std::size_t>(tasks);
    const GroupRows rows = gather_groups(stride, groups, ids, width, efforts, comm);
    std::vector<ExactSum> sums(3 + width);  // total, joint, groups, then by task
    std::vector<double> pool(width);
    std::size_t i = 0;
    for (const std::size_t end : rows.ends) {
        std::fill(pool.begin(), pool.end(), 0.0);
        for (; i < end; ++i) {
            for (std::size_t k = 0; k < width; ++k) pool[k] += rows.row(i)[k];
        }
        double whole = 0.0;
        for (std::size_t k = 0; k < width; ++k) {
            whole += pool[k];
            sums[1].add(entropy_term(pool[k]));
            sums[3 + k].add(pool[k]);
        }
        sums[0].add(whole);
        sums[2].add(entropy_term(whole));
    }
    comm.sum(std::span<ExactSum>(sums));
    std::vector<double> by_task;
    for (std::size_t k = 0; k < width; ++k) by_task.push_back(sums[3 + k].value());
    return mutual_information(sums[0].value(), sums[1].value(), sums[2].value(), by_task);
}

}  // namespace

std::vector<LevelHeterogeneity> by_level(const std::vector<topology::Level>& levels,
                                         std::span<const AgentId> ids, int tasks,
                                         const std::function<void(std::size_t, double*)>& efforts,
                                         double total_heterogeneity,
                                         const mpi::Communicator& comm) {
    std::vector<LevelHeterogeneity> result;
    AgentId agents = 1, groups = 1;
    for (const auto& level : levels) agents *= level.groups;
    double outer = 0.0;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        groups *= levels[l].groups;
        const bool last = l + 1 == levels.size();
        const double upto = last ? total_heterogeneity
                                 : grouped(agents / groups, groups, ids, tasks, efforts, comm);
        result.push_back({levels[l].name, upto - outer});
        outer = upto;
    }
    return result;
}

}  // namespace motley::measure
