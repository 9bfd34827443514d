// What a study will need.
#include <sys/resource.h>

#include <algorithm>

#include "motley/core/clock.hpp"
#include "motley/swarm/overlay/hop_theory.hpp"
#include "motley/swarm/round/swarm.hpp"
#include "phases.hpp"

namespace motley::swarm {
namespace {

/// Seconds of a run with these numbers of rounds, on one rank; the best of some, because the first
/// ones also wait for memory.
double seconds_of(Spec spec, std::int64_t rounds) {
    constexpr int tries = 3;
    const mpi::Communicator self = mpi::Communicator::alone();
    double first = 0.0, later = 0.0;
    for (int i = 0; i < tries; ++i) {
        const auto start = Clock::now();
        Swarm swarm(spec, self);
        swarm.step();
        const double one = seconds_since(start);
        const auto again = Clock::now();
        if (rounds > 1) swarm.step();
        const double other = seconds_since(again);
        first = i == 0 ? one : std::min(first, one);
        later = i == 0 ? other : std::min(later, other);
    }
    return first + static_cast<double>(rounds - 1) * later;
}

/// How much longer a large swarm takes than a small one: with the sites, the square of them where
/// all pairs are compared, and the hops of lookups.
double growth_of(const Spec& large, const Spec& small) {
    const double scale = static_cast<double>(large.sites) / static_cast<double>(small.sites);
    if (small.policy == Policy::greedy) return scale * scale;
    const bool looks_up = small.policy == Policy::full || small.policy == Policy::cap ||
                          small.policy == Policy::aggregate;
    if (!looks_up || scale == 1.0) return scale;
    const auto contacts = static_cast<int>(small.overlay.contacts);
    return scale * expected_hops_of(static_cast<double>(large.sites), contacts) /
           expected_hops_of(static_cast<double>(small.sites), contacts);
}

/// Bytes of a rank: ids of all sites; state, records and their copies on the way of own sites.
double memory_of(const Spec& spec, int ranks) {
    constexpr double id = 9.0, state = 70.0, records = 145.0, sent_records = 235.0;
    const auto sites = static_cast<double>(spec.sites);
    const auto tables = static_cast<double>(spec.keys.tables);
    const double own = state + tables * (ranks == 1 ? records : sent_records);
    // Packets that go to their readers one by one, and the pairs of sites that they make.
    double packets = 0.0;
    if (spec.keys.tables > 1 || spec.keys.threshold > -1.0) {
        constexpr double packet = 120.0;
        const double others = sites / static_cast<double>(spec.problem_count());
        const double read =
            spec.policy == Policy::cap ? std::min(static_cast<double>(spec.cap), others) : others;
        packets = packet * tables * read;
    }
    return sites * (id + (own + packets) / ranks);
}

}  // namespace

SwarmPlan plan_study(const job::Swarm& job, int ranks) {
    // A small swarm is timed under each policy.
    constexpr std::int64_t probed = 4096;
    SwarmPlan plan;
    double most = 0.0;
    for (const CellResult& cell : cells_of(job)) {
        Spec spec = cell.spec;
        spec.sites = std::min(spec.sites, probed);
        if (spec.policy == Policy::greedy && job.graph) spec.policy = Policy::aggregate;
        const auto runs = static_cast<double>(job.replicates);
        plan.seconds += seconds_of(spec, cell.spec.rounds) * growth_of(cell.spec, spec) * runs /
                        static_cast<double>(ranks);
        plan.rounds += cell.spec.rounds * job.replicates;
        ++plan.cells;
        most = std::max(most, memory_of(cell.spec, ranks));
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    constexpr double kibibyte = 1024.0;
    plan.memory = static_cast<double>(usage.ru_maxrss) * kibibyte + most;
    return plan;
}

}  // namespace motley::swarm
