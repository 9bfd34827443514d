#include "mpi/halo_plan.hpp"

#include <algorithm>

#include "motley/core/expect.hpp"

namespace motley::mpi {
namespace {

/// Checks the promises of one direction that a rank can check alone.
void check_offsets(const std::vector<int>& peers, const std::vector<std::int64_t>& offsets,
                   int ranks) {
    MOTLEY_EXPECT_ON(std::ranges::adjacent_find(peers, std::ranges::greater_equal()) == peers.end(),
                     "the ranks of an exchange ascend");
    MOTLEY_EXPECT_ON(peers.empty() || (peers.front() >= 0 && peers.back() < ranks),
                     "the ranks of an exchange belong to its communicator");
    MOTLEY_EXPECT_ON(offsets.size() == peers.size() + 1 || (offsets.empty() && peers.empty()),
                     "an exchange has one offset for each rank and one for the end");
    MOTLEY_EXPECT_ON(offsets.empty() || offsets.front() == 0,
                     "the offsets of an exchange begin at 0");
    MOTLEY_EXPECT_ON(std::ranges::is_sorted(offsets), "the offsets of an exchange ascend");
}

/// Units per peer, as a row over all ranks.
std::vector<std::int64_t> units_per_rank(const std::vector<int>& peers,
                                         const std::vector<std::int64_t>& offsets, int ranks) {
    std::vector<std::int64_t> units(static_cast<std::size_t>(ranks), 0);
    for (std::size_t i = 0; i < peers.size(); ++i) {
        units[static_cast<std::size_t>(peers[i])] = offsets[i + 1] - offsets[i];
    }
    return units;
}

}  // namespace

void check_plan(const Communicator& comm, const HaloPlan& plan) {
    const int ranks = comm.size();
    together(comm, [&] {
        check_offsets(plan.send_ranks, plan.send_offsets, ranks);
        check_offsets(plan.receive_ranks, plan.receive_offsets, ranks);
        MOTLEY_EXPECT_ON(std::ssize(plan.send_units) == plan.sent_units(),
                         "an exchange has a unit for each place of its messages");
        MOTLEY_EXPECT_ON(
            std::ranges::all_of(plan.send_units,
                                [&](std::uint32_t unit) { return unit < plan.first_ghost; }),
            "the units that an exchange sends are owned");
    });
    std::vector<std::vector<std::int64_t>> sent;
    for (const auto units : units_per_rank(plan.send_ranks, plan.send_offsets, ranks)) {
        sent.push_back({units});
    }
    const auto announced = comm.exchange(sent);
    const auto expected = units_per_rank(plan.receive_ranks, plan.receive_offsets, ranks);
    together(comm, [&] {
        for (std::size_t r = 0; r < expected.size(); ++r) {
            MOTLEY_EXPECT_ON(announced[r] == expected[r],
                             "rank " + std::to_string(r) + " sends " +
                                 std::to_string(announced[r]) + " units to rank " +
                                 std::to_string(comm.rank()) + ", which expects " +
                                 std::to_string(expected[r]));
        }
    });
}

HaloPlan HaloPlan::inverse() const {
    HaloPlan plan;
    plan.send_ranks = receive_ranks;
    plan.send_offsets = receive_offsets;
    for (std::int64_t i = 0; i < received_units(); ++i) {
        plan.send_units.push_back(static_cast<std::uint32_t>(first_ghost + i));
    }
    plan.receive_ranks = send_ranks;
    plan.receive_offsets = send_offsets;
    plan.first_ghost = first_ghost + received_units();
    return plan;
}

}  // namespace motley::mpi
