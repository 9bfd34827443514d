// The communicator of one rank without MPI: collectives give back what they are given.
#include <gtest/gtest.h>

#include <array>

#include "motley/mpi/halo_exchange.hpp"

namespace motley::mpi {
namespace {

TEST(Alone, CollectivesGiveBackWhatTheyAreGiven) {
    const Communicator alone = Communicator::alone();
    alone.barrier();
    EXPECT_EQ(alone.sum(std::int64_t{3}), 3);
    EXPECT_EQ(alone.max(2.5), 2.5);
    std::array<std::int64_t, 2> values = {4, 5};
    alone.min(std::span<std::int64_t>(values));
    EXPECT_EQ(values, (std::array<std::int64_t, 2>{4, 5}));
    EXPECT_EQ(alone.broadcast(std::string("text")), "text");
    EXPECT_EQ(alone.broadcast(std::vector<int>{1, 2}), (std::vector<int>{1, 2}));
    EXPECT_EQ(alone.all_gather(7), std::vector<int>{7});
    EXPECT_EQ(alone.gather(std::string("x")), std::vector<std::string>{"x"});
    std::vector<std::int64_t> counts;
    EXPECT_EQ(alone.exchange(std::vector<std::vector<int>>{{1, 2, 3}}, &counts),
              (std::vector<int>{1, 2, 3}));
    EXPECT_EQ(counts, std::vector<std::int64_t>{3});
    EXPECT_EQ(alone.duplicate().size(), 1);
}

TEST(Alone, NothingIsSent) {
    HaloPlan plan;
    plan.send_offsets = plan.receive_offsets = {0};
    std::array<std::byte, 8> units{};
    const auto exchange = make_halo_exchange(ExchangeKind::persistent, Communicator::alone(), plan,
                                             units.size(), units.data());
    exchange->start(0);
    exchange->progress(0);
    exchange->finish(0);
    EXPECT_EQ(exchange->messages_sent(), 0);
}

}  // namespace
}  // namespace motley::mpi
