// The prices of a device type at which the searched fleet is no longer the cheapest.
#include <algorithm>

#include "fleet_messages.hpp"
#include "phases.hpp"

namespace motley::redesign {

void add_ranges(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result) {
    constexpr std::size_t most_pairs = 100;
    if (!job.search.given || job.search.objective != fleet::Objective::cost) return;
    if (!job.search.flips) return;
    if (job.problem.types() * job.problem.classes() > most_pairs) {
        if (comm.root()) {
            result.notes.push_back(
                "the prices at which another fleet of all becomes cheaper are left "
                "out: each takes a chain of integer programmes, too long for more "
                "than 100 pairs of types and classes");
        }
        return;
    }
    const auto found = std::ranges::find(result.designs, true, &DesignResult::searched);
    const bool known = comm.root() && found != result.designs.end() && found->proved;
    fleet::Purchase bought;
    bought.fleet = comm.broadcast(known ? found->fleet : fleet::Fleet{});
    if (bought.fleet.empty()) return;
    const std::size_t types = job.problem.types();
    std::vector<double> mine;
    mpi::together(comm, [&] {
        for (std::size_t d = 0; d < types; ++d) {
            if (static_cast<int>(d) % comm.size() != comm.rank()) continue;
            const auto range = fleet::price_range(job.problem, bought, d, options_of(job), 10.0);
            mine.insert(mine.end(),
                        {static_cast<double>(d), range.low, range.high, range.proved ? 1.0 : 0.0});
            append_fleet(range.below, types, mine);
            append_fleet(range.above, types, mine);
        }
    });
    const std::vector<double> all = comm.gather(mine);
    for (auto at = all.begin(); at != all.end();) {
        FleetRange range;
        range.type = static_cast<int>(*at++);
        range.range.low = *at++;
        range.range.high = *at++;
        range.range.proved = *at++ > 0.0;
        range.range.below = take_fleet(at, types);
        range.range.above = take_fleet(at, types);
        result.ranges.push_back(std::move(range));
    }
    std::ranges::sort(result.ranges, {}, &FleetRange::type);
}

}  // namespace motley::redesign
