// Partitions of a nested topology along its levels: groups stay whole as long as the parts balance.
#include "motley/core/error.hpp"
#include "motley/partition/partition.hpp"

namespace motley::partition {
namespace {

/// Whether the largest of `parts` even shares of `units` is at most 5 % above the mean, in exact
/// arithmetic.
bool balances(std::int64_t units, int parts) {
    const std::int64_t largest = units / parts + (units % parts != 0 ? 1 : 0);
    return static_cast<__int128>(largest) * parts * 100 <= static_cast<__int128>(units) * 105;
}

}  // namespace

Partition by_levels(const topology::Topology& topology, int parts) {
    const auto& levels = topology.levels();
    if (levels.empty()) {
        throw usage_error(
            "partition method \"levels\" needs a nested topology (generator = \"nested\"); "
            "use \"block\", \"metis\" or \"scotch\" here");
    }
    // An id is a number in mixed radix whose first digit is the outermost level. So the agents that
    // share the outer coordinates are consecutive, and a group of a level is `group` ids in a row.
    AgentId group = topology.agents();
    for (const auto& level : levels) {
        if (level.groups < 1 || group % level.groups != 0) {
            throw internal_error("the levels of the nested topology do not multiply to " +
                                 std::to_string(topology.agents()) + " agents");
        }
        group /= level.groups;
        if (balances(topology.agents() / group, parts)) {
            return Partition::groups(topology.agents(), group, parts);
        }
    }
    return Partition::block(topology.agents(), parts);
}

}  // namespace motley::partition
