#include "motley/mpi/ring_plans.hpp"

#include <algorithm>

namespace motley::mpi {
namespace {

/// To the ranks that are `first` to `first + neighbours - 1` ahead.
HaloPlan ring_plan(const Communicator& comm, int first, int neighbours, std::int64_t units) {
    HaloPlan plan;
    for (int step = first; step < first + neighbours; ++step) {
        plan.send_ranks.push_back((comm.rank() + step) % comm.size());
        plan.receive_ranks.push_back((comm.rank() - step + comm.size()) % comm.size());
    }
    std::ranges::sort(plan.send_ranks);
    std::ranges::sort(plan.receive_ranks);
    plan.send_offsets = {0};
    for (int i = 1; i <= neighbours; ++i) {
        for (std::int64_t u = 0; u < units; ++u) {
            plan.send_units.push_back(static_cast<std::uint32_t>(u));
        }
        plan.send_offsets.push_back(i * units);
    }
    plan.receive_offsets = plan.send_offsets;
    plan.first_ghost = units;
    return plan;
}

}  // namespace

std::vector<HaloPlan> ring_plans(const Communicator& comm, const Communicator& node) {
    std::vector<HaloPlan> plans;
    if (comm.size() == 1) return plans;
    for (const std::int64_t units : {1, 16, 256, 4096, 65536}) {
        plans.push_back(ring_plan(comm, 1, 1, units));
    }
    for (int neighbours = 2; neighbours < comm.size() && neighbours <= 256; neighbours *= 2) {
        plans.push_back(ring_plan(comm, 1, neighbours, 1));
    }
    const auto largest = comm.max(std::int64_t{node.size()});
    if (largest == comm.size()) return plans;
    for (const std::int64_t units : {16, 256, 4096, 65536}) {
        plans.push_back(ring_plan(comm, static_cast<int>(largest), 1, units));
    }
    return plans;
}

}  // namespace motley::mpi
