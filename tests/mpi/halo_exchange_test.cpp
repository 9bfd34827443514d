// The halo exchanges bring the same ghosts: on random plans, with silent and empty ranks.
#include "motley/mpi/halo_exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>
#include <ostream>
#include <string>
#include <thread>

#include "motley/core/random.hpp"
#include "motley/mpi/ring_plans.hpp"
#include "mpi/halo_plan.hpp"
#include "mpi/node_exchange.hpp"
#include "mpi/node_plan.hpp"

namespace motley::mpi {
namespace {

/// A unit of three numbers that says where it is from and when.
struct Unit {
    std::int64_t rank, index, round;
    bool operator==(const Unit&) const = default;
};

constexpr int buffers = 2;

/// Owned units of a rank; one rank in three owns nothing.
std::int64_t owned_units(int rank, std::uint64_t seed) {
    if ((static_cast<std::uint64_t>(rank) + seed) % 3 == 1) return 0;
    return 1 + static_cast<std::int64_t>(
                   Random(seed, Stream::test, static_cast<std::uint64_t>(rank)).below(20, 0));
}

/// Units of `from` that `to` wants: a random choice, known to both; often none.
std::vector<std::uint32_t> wanted(int from, int to, std::uint64_t seed) {
    std::vector<std::uint32_t> units;
    if (from == to) return units;
    const Random random(seed, Stream::test, static_cast<std::uint64_t>(1000 + 32 * from + to));
    if (random.below(4, 0) == 0) return units;
    for (std::int64_t u = 0; u < owned_units(from, seed); ++u) {
        if (random.below(3, static_cast<std::uint32_t>(1 + u)) > 0) {
            units.push_back(static_cast<std::uint32_t>(u));
        }
    }
    return units;
}

HaloPlan random_plan(const Communicator& comm, std::uint64_t seed) {
    HaloPlan plan;
    plan.first_ghost = owned_units(comm.rank(), seed);
    plan.send_offsets.push_back(0);
    plan.receive_offsets.push_back(0);
    for (int other = 0; other < comm.size(); ++other) {
        const auto out = wanted(comm.rank(), other, seed);
        const auto in = wanted(other, comm.rank(), seed);
        if (!out.empty()) {
            plan.send_ranks.push_back(other);
            plan.send_units.insert(plan.send_units.end(), out.begin(), out.end());
            plan.send_offsets.push_back(static_cast<std::int64_t>(plan.send_units.size()));
        }
        if (!in.empty()) {
            plan.receive_ranks.push_back(other);
            plan.receive_offsets.push_back(plan.receive_offsets.back() +
                                           static_cast<std::int64_t>(in.size()));
        }
    }
    return plan;
}

std::vector<Unit> expected_ghosts(const Communicator& comm, std::uint64_t seed,
                                  std::int64_t round) {
    std::vector<Unit> ghosts;
    for (int other = 0; other < comm.size(); ++other) {
        for (const auto unit : wanted(other, comm.rank(), seed)) {
            ghosts.push_back({other, unit, round});
        }
    }
    return ghosts;
}

/// An exchange, and the consecutive ranks that are taken for a node (0: as MPI says).
struct Form {
    const char* name;
    ExchangeKind kind;
    int ranks_per_node = 0;
    friend void PrintTo(const Form& form, std::ostream* out) { *out << form.name; }
};

class HaloExchangeTest : public testing::TestWithParam<Form> {
  protected:
    const Communicator world = Communicator::world();
};

TEST_P(HaloExchangeTest, GhostsAreTheOwnersUnitsOnRandomPlans) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const HaloPlan plan = random_plan(world, seed);
        const std::int64_t owned = plan.first_ghost;
        const std::vector<Unit> nothing(static_cast<std::size_t>(owned), Unit{-1, -1, -1});
        std::vector<std::vector<Unit>> memory(buffers, nothing);
        std::vector<Unit> ghosts(static_cast<std::size_t>(plan.received_units()));
        std::vector<std::byte*> pointers;
        for (auto& m : memory) pointers.push_back(reinterpret_cast<std::byte*>(m.data()));
        const auto exchange = make_halo_exchange(
            GetParam().kind, world, plan, sizeof(Unit), pointers,
            reinterpret_cast<std::byte*>(ghosts.data()), GetParam().ranks_per_node);
        if (GetParam().kind != ExchangeKind::node) {
            EXPECT_EQ(exchange->bytes_sent(),
                      plan.sent_units() * static_cast<std::int64_t>(sizeof(Unit)));
        }
        for (std::int64_t round = 0; round < 5; ++round) {
            const int buffer = static_cast<int>(round % buffers);
            auto& rows = memory[static_cast<std::size_t>(buffer)];
            for (std::int64_t u = 0; u < owned; ++u) {
                rows[static_cast<std::size_t>(u)] = {world.rank(), u, round};
            }
            exchange->start(buffer);
            for (int poll = 0; poll < 3; ++poll) exchange->progress(buffer);
            exchange->finish(buffer);
            EXPECT_EQ(ghosts, expected_ghosts(world, seed, round)) << "round " << round;
        }
    }
}

TEST_P(HaloExchangeTest, TheInverseSendsGhostsBackToTheirOwners) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const HaloPlan plan = random_plan(world, seed);
        const HaloPlan back = plan.inverse();
        EXPECT_EQ(back.send_ranks, plan.receive_ranks);
        EXPECT_EQ(back.receive_ranks, plan.send_ranks);
        EXPECT_EQ(back.sent_units(), plan.received_units());
        EXPECT_EQ(back.received_units(), plan.sent_units());

        // Owned units, ghosts, and behind them what comes back: one per unit that was sent.
        const auto total = static_cast<std::size_t>(back.first_ghost + back.received_units());
        std::vector<Unit> memory(total, Unit{-1, -1, -1});
        const auto forward = make_halo_exchange(GetParam().kind, world, plan, sizeof(Unit),
                                                reinterpret_cast<std::byte*>(memory.data()));
        const auto backward = make_halo_exchange(GetParam().kind, world, back, sizeof(Unit),
                                                 reinterpret_cast<std::byte*>(memory.data()));
        for (std::int64_t u = 0; u < plan.first_ghost; ++u) {
            memory[static_cast<std::size_t>(u)] = {world.rank(), u, 7};
        }
        forward->start(0);
        forward->finish(0);
        backward->start(0);
        backward->finish(0);
        for (std::size_t i = 0; i < plan.send_units.size(); ++i) {
            const auto at = static_cast<std::size_t>(back.first_ghost) + i;
            EXPECT_EQ(memory[at], (Unit{world.rank(), plan.send_units[i], 7})) << "returned " << i;
        }
    }
}

TEST_P(HaloExchangeTest, SlowRanksGetTheUnitsOfTheirRound) {
    constexpr std::uint64_t seed = 4;
    const HaloPlan plan = random_plan(world, seed);
    std::vector<Unit> memory(static_cast<std::size_t>(plan.first_ghost + plan.received_units()));
    const auto exchange = make_halo_exchange(
        GetParam().kind, world, plan, sizeof(Unit), {reinterpret_cast<std::byte*>(memory.data())},
        reinterpret_cast<std::byte*>(memory.data() + plan.first_ghost), GetParam().ranks_per_node);
    const Random random(seed, Stream::test, static_cast<std::uint64_t>(world.rank()));
    const auto wait = [&](std::int64_t which) {
        std::this_thread::sleep_for(
            std::chrono::microseconds(random.below(400, static_cast<std::uint32_t>(which))));
    };
    for (std::int64_t round = 0; round < 60; ++round) {
        for (std::int64_t u = 0; u < plan.first_ghost; ++u) {
            memory[static_cast<std::size_t>(u)] = {world.rank(), u, round};
        }
        exchange->start(0);
        exchange->progress(0);
        wait(2 * round);
        exchange->finish(0);
        const std::vector<Unit> ghosts(memory.begin() + plan.first_ghost, memory.end());
        ASSERT_EQ(ghosts, expected_ghosts(world, seed, round)) << "round " << round;
        wait(2 * round + 1);
    }
}

TEST_P(HaloExchangeTest, NothingToExchangeIsLegal) {
    HaloPlan plan;
    plan.send_offsets = {0};
    plan.receive_offsets = {0};
    std::vector<std::byte> memory(8, std::byte{5});
    const auto exchange = make_halo_exchange(GetParam().kind, world, plan, 8, memory.data());
    exchange->start(0);
    exchange->progress(0);
    exchange->finish(0);
    EXPECT_EQ(exchange->bytes_sent(), 0);
    EXPECT_EQ(memory, std::vector<std::byte>(8, std::byte{5}));
}

TEST_P(HaloExchangeTest, CountsItsMessages) {
    const HaloPlan plan = random_plan(world, 2);
    const auto units = static_cast<std::size_t>(plan.first_ghost + plan.received_units());
    std::vector<Unit> memory(units);
    const auto exchange = make_halo_exchange(GetParam().kind, world, plan, sizeof(Unit),
                                             reinterpret_cast<std::byte*>(memory.data()));
    if (GetParam().kind == ExchangeKind::node) return;  // it has a test of its own
    const int expected = GetParam().kind == ExchangeKind::dense
                             ? world.size()
                             : static_cast<int>(plan.send_ranks.size());
    EXPECT_EQ(exchange->messages_sent(), expected);
}

INSTANTIATE_TEST_SUITE_P(Forms, HaloExchangeTest,
                         testing::Values(Form{"persistent", ExchangeKind::persistent},
                                         Form{"neighbour", ExchangeKind::neighbour},
                                         Form{"dense", ExchangeKind::dense},
                                         Form{"node", ExchangeKind::node},
                                         Form{"nodes_of_1", ExchangeKind::node, 1},
                                         Form{"nodes_of_2", ExchangeKind::node, 2},
                                         Form{"nodes_of_3", ExchangeKind::node, 3}),
                         [](const auto& test) { return std::string(test.param.name); });

/// Every rank wants all `units` units of every other rank.
HaloPlan all_to_all(const Communicator& comm, std::int64_t units) {
    HaloPlan plan;
    plan.first_ghost = units;
    plan.send_offsets = {0};
    for (int other = 0; other < comm.size(); ++other) {
        if (other == comm.rank()) continue;
        plan.send_ranks.push_back(other);
        plan.send_offsets.push_back(plan.send_offsets.back() + units);
        for (std::int64_t u = 0; u < units; ++u) {
            plan.send_units.push_back(static_cast<std::uint32_t>(u));
        }
    }
    plan.receive_ranks = plan.send_ranks;
    plan.receive_offsets = plan.send_offsets;
    return plan;
}

TEST(NodeExchangeTest, EachRowCrossesBetweenTwoNodesOnce) {
    const auto world = Communicator::world();
    constexpr std::int64_t units = 5;
    const HaloPlan plan = all_to_all(world, units);
    std::vector<std::int64_t> rows(static_cast<std::size_t>(units), world.rank());
    std::vector<std::int64_t> ghosts(static_cast<std::size_t>(plan.received_units()));
    for (const int ranks_per_node : {1, 2, 3}) {
        NodeExchange exchange(world, plan, sizeof(std::int64_t),
                              {reinterpret_cast<std::byte*>(rows.data())},
                              reinterpret_cast<std::byte*>(ghosts.data()), ranks_per_node);
        const std::int64_t nodes = (world.size() + ranks_per_node - 1) / ranks_per_node;
        EXPECT_EQ(world.sum(exchange.units_across()), world.size() * units * (nodes - 1));
        std::ranges::fill(ghosts, -1);
        exchange.start(0);
        exchange.finish(0);
        EXPECT_TRUE(exchange.progress(0)) << "nothing is under way after the end";
        for (std::size_t g = 0; g < ghosts.size(); ++g) {
            EXPECT_EQ(ghosts[g], plan.receive_ranks[g / units]);
        }
    }
}

TEST(NodeExchangeTest, PaysWhereMessagesAreManyAndShort) {
    ExchangeCounts counts{.ranks = 1024, .nodes = 32, .largest_node = 32};
    counts.messages = 1024 * 1000;
    counts.bytes = counts.messages * 128;
    EXPECT_TRUE(nodes_pay(counts));
    counts.bytes = counts.messages * 4096;
    EXPECT_FALSE(nodes_pay(counts)) << "long messages are worth their way";
    counts.messages = 1024 * 8;
    counts.bytes = counts.messages * 128;
    EXPECT_FALSE(nodes_pay(counts)) << "two barriers of five rounds take more of them";
    counts = {.ranks = 32, .nodes = 1, .largest_node = 32, .messages = 32 * 31, .bytes = 32 * 4096};
    EXPECT_TRUE(nodes_pay(counts)) << "one node with many messages";
    counts = {.ranks = 2, .nodes = 1, .largest_node = 2, .messages = 2, .bytes = 256};
    EXPECT_FALSE(nodes_pay(counts)) << "a barrier takes as many";
    counts = {.ranks = 1024, .messages = 1024 * 1000, .bytes = 1};
    counts.nodes = 1024;
    counts.largest_node = 1;
    EXPECT_FALSE(nodes_pay(counts)) << "a node for each rank";
}

TEST(NodeExchangeTest, CountsTheMachine) {
    const auto world = Communicator::world();
    const ExchangeCounts counts = count_exchange(world, all_to_all(world, 5), 8, 2);
    EXPECT_EQ(counts.ranks, world.size());
    EXPECT_EQ(counts.nodes, (world.size() + 1) / 2);
    EXPECT_EQ(counts.largest_node, std::min(2, world.size()));
    EXPECT_EQ(counts.messages, world.size() * (world.size() - 1));
    EXPECT_EQ(counts.bytes, counts.messages * 5 * 8);
}

/// The internal error that every rank sees when the plan of the last rank is spoilt.
std::string broken(const Communicator& comm, const std::function<void(HaloPlan&)>& spoil) {
    HaloPlan plan = random_plan(comm, 2);
    if (comm.rank() == comm.size() - 1) spoil(plan);
    try {
        check_plan(comm, plan);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::internal);
        EXPECT_TRUE(error.everywhere());
        return error.what();
    }
    return "no promise is broken";
}

TEST(HaloPlanTest, APlanThatBreaksAPromiseIsRefusedOnEveryRank) {
    const auto world = Communicator::world();
    EXPECT_EQ(broken(world, [](HaloPlan&) {}), "no promise is broken");
    const auto expect_text = [](const std::string& text, const char* part) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
    };
    expect_text(broken(world, [](HaloPlan& plan) { plan.send_offsets.push_back(1000); }),
                "one offset for each rank and one for the end");
    expect_text(broken(world, [](HaloPlan& plan) { plan.send_units.push_back(0); }),
                "a unit for each place of its messages");
    expect_text(broken(world,
                       [](HaloPlan& plan) {
                           plan.send_ranks = {0};
                           plan.send_offsets = {0, 1};
                           plan.send_units = {static_cast<std::uint32_t>(plan.first_ghost)};
                       }),
                "the units that an exchange sends are owned");
    // Rank 0 expects more than the last rank sends (or itself, when it is alone).
    expect_text(broken(world,
                       [](HaloPlan& plan) {
                           plan.first_ghost = 1000;
                           plan.send_ranks = {0};
                           plan.send_offsets = {0, 777};
                           plan.send_units.assign(777, 1);
                       }),
                "sends 777 units to rank 0, which expects");
}

/// The ranks of the last node are fewer where the ranks are no multiple.
std::int64_t ranks_elsewhere(const Communicator& world, int ranks_per_node, int rank) {
    std::int64_t elsewhere = 0;
    for (int r = 0; r < world.size(); ++r) {
        elsewhere += r / ranks_per_node != rank / ranks_per_node;
    }
    return elsewhere;
}

TEST(HaloPlanTest, RingsBringTheUnitsOfTheRanksBefore) {
    const auto world = Communicator::world();
    const int size = world.size();
    for (const int ranks_per_node : {0, 2}) {
        const auto plans = ring_plans(world, world.split_by_node(ranks_per_node));
        const std::size_t few = size == 1 ? 0 : 5;
        const std::size_t many = size > 4 ? 2 : size > 2 ? 1 : 0;
        const std::size_t between_nodes = ranks_per_node > 0 && size > ranks_per_node ? 4 : 0;
        EXPECT_EQ(plans.size(), few + many + between_nodes);
        for (const HaloPlan& plan : plans) {
            check_plan(world, plan);
            const bool between = &plan - plans.data() >= std::ssize(plans) - 4 && between_nodes > 0;
            const auto units = static_cast<std::size_t>(plan.first_ghost);
            std::vector<std::int64_t> values(units +
                                             static_cast<std::size_t>(plan.received_units()));
            for (std::size_t u = 0; u < units; ++u) {
                values[u] = 1000000 * world.rank() + static_cast<std::int64_t>(u);
            }
            const auto exchange =
                make_halo_exchange(ExchangeKind::persistent, world, plan, sizeof(std::int64_t),
                                   reinterpret_cast<std::byte*>(values.data()));
            exchange->start(0);
            exchange->finish(0);
            const auto neighbours = static_cast<int>(plan.receive_ranks.size());
            std::size_t at = units;
            for (const int from : plan.receive_ranks) {
                const int behind = (world.rank() - from + size) % size;
                if (between) {
                    EXPECT_EQ(behind, ranks_per_node);
                } else {
                    EXPECT_TRUE(behind >= 1 && behind <= neighbours) << from;
                }
                for (std::size_t u = 0; u < units; ++u) {
                    ASSERT_EQ(values[at++], 1000000 * from + static_cast<std::int64_t>(u));
                }
            }
        }
    }
}

TEST(HaloPlanTest, UnitsThatLeaveANodeAreThoseOfItsRanksForOthers) {
    const auto world = Communicator::world();
    const int size = world.size(), rank = world.rank();
    // Each rank sends rank + 1 units to each other.
    HaloPlan plan;
    plan.first_ghost = rank + 1;
    plan.send_offsets = plan.receive_offsets = {0};
    for (int r = 0; r < size; ++r) {
        if (r == rank) continue;
        plan.send_ranks.push_back(r);
        plan.receive_ranks.push_back(r);
        for (int u = 0; u <= rank; ++u) plan.send_units.push_back(static_cast<std::uint32_t>(u));
        plan.send_offsets.push_back(std::ssize(plan.send_units));
        plan.receive_offsets.push_back(plan.receive_offsets.back() + r + 1);
    }
    EXPECT_EQ(units_leaving_node(world, world.split_by_node(0), plan), 0)
        << "tests run on one machine";
    for (const int ranks_per_node : {1, 2, 3}) {
        std::int64_t leaving = 0;
        for (int r = 0; r < size; ++r) {
            if (r / ranks_per_node != rank / ranks_per_node) continue;
            leaving += (r + 1) * ranks_elsewhere(world, ranks_per_node, r);
        }
        const auto node = world.split_by_node(ranks_per_node);
        EXPECT_EQ(units_leaving_node(world, node, plan), leaving);
    }
}

}  // namespace
}  // namespace motley::mpi
