// Heterogeneity by level of a nested system: the chain rule of mutual information.
#include <algorithm>
#include <cmath>

#include "motley/measure/measures.hpp"

namespace motley::measure {
namespace {

/// I(group ; task) when agents are pooled into groups of `stride` consecutive ids. Rows travel to
/// the owner of their group (blocks of groups over ranks) and are added there by agent id.
double grouped(AgentId stride, AgentId groups, std::span<const AgentId> ids, int tasks,
               const std::function<void(std::size_t, double*)>& efforts,
               const mpi::Communicator& comm) {
    const auto width = static_cast<std::size_t>(tasks);
    const auto first_of = [&](int rank) { return groups * rank / comm.size(); };
    std::vector<std::vector<double>> send(static_cast<std::size_t>(comm.size()));
    std::vector<double> row(width + 1);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const AgentId group = ids[i] / stride;
        int owner = static_cast<int>(group * comm.size() / groups);
        while (owner + 1 < comm.size() && first_of(owner + 1) <= group) ++owner;
        while (first_of(owner) > group) --owner;
        row[0] = static_cast<double>(ids[i]);
        efforts(i, row.data() + 1);
        auto& to = send[static_cast<std::size_t>(owner)];
        to.insert(to.end(), row.begin(), row.end());
    }
    const std::vector<double> received = comm.exchange(send);

    // This rank now has all rows of its groups. It adds them by ascending agent id.
    std::vector<std::size_t> order;
    for (std::size_t at = 0; at < received.size(); at += width + 1) order.push_back(at);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return received[a] < received[b]; });
    std::vector<ExactSum> sums(3 + width);  // total, joint, groups, then by task
    std::vector<double> pool(width);
    const auto group_of = [&](std::size_t i) {
        return static_cast<AgentId>(received[order[i]]) / stride;
    };
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
        std::fill(pool.begin(), pool.end(), 0.0);
        for (end = begin; end < order.size() && group_of(end) == group_of(begin); ++end) {
            for (std::size_t k = 0; k < width; ++k) pool[k] += received[order[end] + 1 + k];
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
