// The three halo exchanges move the same bytes: on random plans, with silent and empty ranks.
#include "motley/mpi/halo_exchange.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <string>

#include "motley/core/random.hpp"
#include "mpi/halo_plan.hpp"

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

class HaloExchangeTest : public testing::TestWithParam<ExchangeKind> {
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
        const auto exchange = make_halo_exchange(GetParam(), world, plan, sizeof(Unit), pointers,
                                                 reinterpret_cast<std::byte*>(ghosts.data()));
        EXPECT_EQ(exchange->bytes_sent(),
                  plan.sent_units() * static_cast<std::int64_t>(sizeof(Unit)));
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
        const auto forward = make_halo_exchange(GetParam(), world, plan, sizeof(Unit),
                                                reinterpret_cast<std::byte*>(memory.data()));
        const auto backward = make_halo_exchange(GetParam(), world, back, sizeof(Unit),
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

TEST_P(HaloExchangeTest, NothingToExchangeIsLegal) {
    HaloPlan plan;
    plan.send_offsets = {0};
    plan.receive_offsets = {0};
    std::vector<std::byte> memory(8, std::byte{5});
    const auto exchange = make_halo_exchange(GetParam(), world, plan, 8, memory.data());
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
    const auto exchange = make_halo_exchange(GetParam(), world, plan, sizeof(Unit),
                                             reinterpret_cast<std::byte*>(memory.data()));
    const int expected =
        GetParam() == ExchangeKind::dense ? world.size() : static_cast<int>(plan.send_ranks.size());
    EXPECT_EQ(exchange->messages_sent(), expected);
}

std::string kind_name(const testing::TestParamInfo<ExchangeKind>& parameter) {
    switch (parameter.param) {
        case ExchangeKind::persistent:
            return "persistent";
        case ExchangeKind::neighbour:
            return "neighbour";
        case ExchangeKind::dense:
            return "dense";
    }
    return "unknown";
}

INSTANTIATE_TEST_SUITE_P(Kinds, HaloExchangeTest,
                         testing::Values(ExchangeKind::persistent, ExchangeKind::neighbour,
                                         ExchangeKind::dense),
                         kind_name);

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

}  // namespace
}  // namespace motley::mpi
