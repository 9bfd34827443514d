// What a study will need.
#include <sys/resource.h>

#include <algorithm>

#include "motley/core/clock.hpp"
#include "motley/swarm/round/swarm.hpp"
#include "phases.hpp"

namespace motley::swarm {

SwarmPlan plan_study(const job::Swarm& job, int ranks) {
    // A small swarm is timed under each policy; time grows with the sites, and for policy full with
    // the packets that are read.
    constexpr std::int64_t probed = 4096;
    const mpi::Communicator self = mpi::Communicator::self();
    SwarmPlan plan;
    std::int64_t most = 0;
    for (const CellResult& cell : cells_of(job)) {
        Spec spec = cell.spec;
        spec.sites = std::min(spec.sites, probed);
        spec.rounds = 1;
        if (spec.policy == Policy::greedy && job.graph) spec.policy = Policy::aggregate;
        const auto start = Clock::now();
        Swarm(spec, self).step();
        const double scale = static_cast<double>(cell.spec.sites) / static_cast<double>(spec.sites);
        const bool square = spec.policy == Policy::greedy;
        plan.seconds += seconds_since(start) * (square ? scale * scale : scale) *
                        static_cast<double>(cell.spec.rounds * job.replicates) / ranks;
        plan.rounds += cell.spec.rounds * job.replicates;
        ++plan.cells;
        most = std::max(most, cell.spec.sites);
    }
    // Ids on every rank; records, their copies while they are sent, and the state of own sites.
    constexpr double bytes_per_site = 9.0, bytes_per_own_site = 450.0;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    constexpr double kibibyte = 1024.0;
    plan.memory = static_cast<double>(usage.ru_maxrss) * kibibyte +
                  static_cast<double>(most) * (bytes_per_site + bytes_per_own_site / ranks);
    return plan;
}

}  // namespace motley::swarm
