// Collectives against what every rank can compute for itself; errors that reach all ranks.
#include "motley/mpi/communicator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

#include "motley/core/random.hpp"
#include "mpi/checked.hpp"

namespace motley::mpi {
namespace {

class CommunicatorTest : public testing::Test {
  protected:
    const Communicator world = Communicator::world();
    const int rank = world.rank();
    const int size = world.size();
};

TEST_F(CommunicatorTest, ReducesOverAllRanks) {
    const std::int64_t ranks = size;
    EXPECT_EQ(world.sum(std::int64_t{rank} + 1), ranks * (ranks + 1) / 2);
    EXPECT_EQ(world.min(std::int64_t{10} - rank), 11 - ranks);
    EXPECT_EQ(world.max(std::int64_t{10} - rank), 10);
    EXPECT_EQ(world.max(0.5 + rank), 0.5 + (size - 1));
    EXPECT_EQ(world.min(0.5 + rank), 0.5);
    const std::uint64_t big = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(world.sum_wrapping(big), big * static_cast<std::uint64_t>(size));
    std::vector<std::int64_t> values{rank, 1, -rank};
    world.sum(values);
    const std::int64_t total = ranks * (ranks - 1) / 2;
    EXPECT_EQ(values, (std::vector<std::int64_t>{total, ranks, -total}));
    std::vector<std::int64_t> none;
    world.sum(none);
    EXPECT_TRUE(none.empty());
}

TEST_F(CommunicatorTest, ReducesSpansElementByElement) {
    std::vector<std::int64_t> low{rank, -rank, 5}, high = low;
    world.min(std::span(low));
    world.max(std::span(high));
    EXPECT_EQ(low, (std::vector<std::int64_t>{0, 1 - size, 5}));
    EXPECT_EQ(high, (std::vector<std::int64_t>{size - 1, 0, 5}));
    std::vector<double> least{0.5 * rank, -0.25 * rank}, most = least;
    world.min(std::span(least));
    world.max(std::span(most));
    EXPECT_EQ(least, (std::vector<double>{0.0, -0.25 * (size - 1)}));
    EXPECT_EQ(most, (std::vector<double>{0.5 * (size - 1), 0.0}));
    std::vector<double> none;
    world.max(std::span(none));
    EXPECT_TRUE(none.empty());
}

struct Mark {
    std::int32_t number;
    char letter;
    bool operator==(const Mark&) const = default;
};

TEST_F(CommunicatorTest, BroadcastsFromTheRootOrAnotherRank) {
    const std::vector<double> mine(static_cast<std::size_t>(rank) + 2, 10.0 * rank);
    EXPECT_EQ(world.broadcast(mine), (std::vector<double>{0.0, 0.0}));
    EXPECT_EQ(world.broadcast(std::vector<Mark>{}), std::vector<Mark>{});
    EXPECT_EQ(world.broadcast(world.root() ? std::string("from the root") : std::string("no")),
              "from the root");
    EXPECT_EQ(world.broadcast(std::string(world.root() ? "" : "stays?")), "");
    const int last = size - 1;
    EXPECT_EQ(world.broadcast(rank, last), last);
    EXPECT_EQ(world.broadcast(Mark{rank, 'm'}, last), (Mark{last, 'm'}));
    EXPECT_EQ(world.broadcast(mine, last),
              std::vector<double>(static_cast<std::size_t>(last) + 2, 10.0 * last));
    EXPECT_EQ(world.broadcast(std::string(static_cast<std::size_t>(rank), 'x'), last),
              std::string(static_cast<std::size_t>(last), 'x'));
}

TEST_F(CommunicatorTest, ExchangesBetweenFewPairsOfRanks) {
    // Many rounds without a pause: no message may be taken for one of another round.
    for (int round = 0; round < 50; ++round) {
        std::map<int, std::vector<Mark>> send, expected;
        const auto sends = [&](int from, int to) { return (from + 2 * to + round) % 3 == 0; };
        const auto message = [&](int from, int to) {
            return std::vector<Mark>(static_cast<std::size_t>(to), Mark{100 * from + round, 'e'});
        };
        for (int other = 0; other < size; ++other) {
            if (sends(rank, other)) send[other] = message(rank, other);
            if (sends(other, rank)) expected[other] = message(other, rank);
        }
        EXPECT_EQ(world.exchange(send), expected) << "round " << round;
    }
}

TEST_F(CommunicatorTest, SplitsByNode) {
    EXPECT_EQ(world.split_by_node(0).size(), size) << "tests run on one machine";
    for (const int ranks : {1, 2, 3}) {
        const auto node = world.split_by_node(ranks);
        EXPECT_EQ(node.rank(), rank % ranks);
        EXPECT_EQ(node.size(), std::min(ranks, size - rank / ranks * ranks));
        const NodeCounts nodes = world.count_nodes(node);
        EXPECT_EQ(nodes.count, (size + ranks - 1) / ranks);
        EXPECT_EQ(nodes.largest, std::min(ranks, size));
    }
}

TEST_F(CommunicatorTest, GathersInRankOrder) {
    const auto integers = world.all_gather(std::int64_t{rank} * rank);
    const auto doubles = world.all_gather(1.0 / (rank + 1));
    const auto texts = world.all_gather(std::string(static_cast<std::size_t>(rank), 'x'));
    ASSERT_EQ(integers.size(), static_cast<std::size_t>(size));
    for (int r = 0; r < size; ++r) {
        const auto at = static_cast<std::size_t>(r);
        EXPECT_EQ(integers[at], std::int64_t{r} * r);
        EXPECT_EQ(doubles[at], 1.0 / (r + 1));
        EXPECT_EQ(texts[at], std::string(at, 'x')) << "rank 0 sends an empty text";
    }
}

TEST_F(CommunicatorTest, GathersVectorsOfDifferentLengths) {
    // Rank r gives r values r; rank 0 gives none.
    const std::vector<Mark> mine(static_cast<std::size_t>(rank), Mark{rank, 'v'});
    std::vector<Mark> expected;
    std::vector<std::int64_t> expected_counts, counts;
    for (int r = 0; r < size; ++r) {
        expected.insert(expected.end(), static_cast<std::size_t>(r), Mark{r, 'v'});
        expected_counts.push_back(r);
    }
    EXPECT_EQ(world.all_gather(mine, &counts), expected);
    EXPECT_EQ(counts, expected_counts);
    EXPECT_EQ(world.gather(mine, &counts), world.root() ? expected : std::vector<Mark>{});
    if (!world.root()) expected_counts.assign(expected_counts.size(), 0);
    EXPECT_EQ(counts, expected_counts);
}

TEST_F(CommunicatorTest, GathersOnTheRootOnly) {
    const auto integers = world.gather(rank);
    const auto texts = world.gather(std::string(static_cast<std::size_t>(rank), 'x'));
    if (!world.root()) {
        EXPECT_TRUE(integers.empty() && texts.empty());
        return;
    }
    ASSERT_EQ(integers.size(), static_cast<std::size_t>(size));
    ASSERT_EQ(texts.size(), static_cast<std::size_t>(size));
    for (int r = 0; r < size; ++r) {
        EXPECT_EQ(integers[static_cast<std::size_t>(r)], r);
        EXPECT_EQ(texts[static_cast<std::size_t>(r)],
                  std::string(static_cast<std::size_t>(r), 'x'));
    }
}

/// What rank `from` sends to rank `to`: odd lengths, with empty parts and silent ranks.
std::vector<std::int32_t> parcel(int from, int to) {
    if (from == 1 || to == 2) return {};
    std::vector<std::int32_t> values(static_cast<std::size_t>(3 * from + to));
    std::iota(values.begin(), values.end(), 1000 * from + 100 * to);
    return values;
}

TEST_F(CommunicatorTest, ExchangesPartsOfAnyLengthWithEmptyRanks) {
    std::vector<std::vector<std::int32_t>> send;
    std::vector<std::int32_t> expected;
    std::vector<std::int64_t> expected_counts, counts;
    for (int other = 0; other < size; ++other) {
        send.push_back(parcel(rank, other));
        const auto mine = parcel(other, rank);
        expected.insert(expected.end(), mine.begin(), mine.end());
        expected_counts.push_back(static_cast<std::int64_t>(mine.size()));
    }
    EXPECT_EQ(world.exchange(send, &counts), expected);
    EXPECT_EQ(counts, expected_counts);
}

TEST_F(CommunicatorTest, ExchangeOfNothingAtAll) {
    const std::vector<std::vector<double>> send(static_cast<std::size_t>(size));
    std::vector<std::int64_t> counts;
    EXPECT_TRUE(world.exchange(send, &counts).empty());
    EXPECT_EQ(counts, std::vector<std::int64_t>(static_cast<std::size_t>(size), 0));
}

TEST_F(CommunicatorTest, ExchangeWantsOnePartPerRank) {
    const std::vector<std::vector<double>> send(static_cast<std::size_t>(size) + 1);
    try {
        world.exchange(send);
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::internal);
        EXPECT_STREQ(error.what(), "exchange: one part per rank is needed");
    }
}

/// Addends whose plain sum depends on the order: cancellation over 60 orders of magnitude.
double addend(int index) {
    const Random random(7, Stream::test, static_cast<std::uint64_t>(index));
    const double sign = random.uniform(0) < 0.5 ? -1.0 : 1.0;
    return sign * std::ldexp(random.uniform(1), static_cast<int>(random.below(200, 2)) - 100);
}

TEST_F(CommunicatorTest, ExactSumsAreTheSameForEveryDistribution) {
    constexpr int count = 999;
    ExactSum alone;
    for (int i = 0; i < count; ++i) alone.add(addend(i));
    // Sum 0: dealt out; sum 1: all on the last rank, in reverse; sum 2: nothing anywhere.
    std::vector<ExactSum> sums(3);
    for (int i = rank; i < count; i += size) sums[0].add(addend(i));
    for (int i = count; i-- > 0 && rank == size - 1;) sums[1].add(addend(i));
    world.sum(std::span<ExactSum>(sums));
    EXPECT_EQ(sums[0].value(), alone.value());
    EXPECT_EQ(sums[1].value(), alone.value());
    EXPECT_EQ(sums[2].value(), 0.0);
}

TEST_F(CommunicatorTest, ExactSumIsNotANumberWhenOneRankAddedOne) {
    std::vector<ExactSum> sums(1);
    sums[0].add(rank == size - 1 ? std::nan("") : 1.0);
    world.sum(std::span<ExactSum>(sums));
    EXPECT_TRUE(std::isnan(sums[0].value()));
}

TEST_F(CommunicatorTest, SplitsAndDuplicates) {
    const Communicator copy = world.duplicate();
    EXPECT_EQ(copy.rank(), rank);
    EXPECT_EQ(copy.size(), size);
    const Communicator half = world.split(rank % 2, -rank);
    EXPECT_EQ(half.size(), (size + 1 - rank % 2) / 2);
    EXPECT_EQ(half.rank(), half.size() - 1 - rank / 2) << "keys reverse the order";
    Communicator first = world.split(rank == 0 ? 0 : -1, 0);
    EXPECT_EQ(first.native() == MPI_COMM_NULL, rank != 0);
    const Communicator moved = std::move(first);
    EXPECT_EQ(moved.native() == MPI_COMM_NULL, rank != 0);
    EXPECT_EQ(Communicator::self().size(), 1);
}

class TogetherTest : public CommunicatorTest {
  protected:
    /// The error that `together` throws when `action` runs on every rank.
    Error caught(const std::function<void()>& action) {
        try {
            together(world, action);
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "rank " << rank << " saw no error";
        return internal_error("none");
    }
};

TEST_F(TogetherTest, PassesWhenNobodyFails) {
    int done = 0;
    together(world, [&] { ++done; });
    EXPECT_EQ(done, 1);
}

TEST_F(TogetherTest, TheErrorOfOneRankReachesAllWithItsFields) {
    const int failing = size - 1;
    const Error error = caught([&] {
        if (rank != failing) return;
        Error mine = input_error("weight is not a number", {"graph.csv", 12, 7});
        mine.set_agent(41);
        throw mine;
    });
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_STREQ(error.what(), "graph.csv:12:7: weight is not a number");
    EXPECT_EQ(error.where().file, "graph.csv");
    EXPECT_EQ(error.where().line, 12);
    EXPECT_EQ(error.where().column, 7);
    EXPECT_EQ(error.rank(), failing);
    EXPECT_EQ(error.agent(), 41);
    EXPECT_TRUE(error.everywhere());
}

TEST_F(TogetherTest, TheLowestFailingRankSpeaks) {
    const int first = size > 1 ? 1 : 0;
    const Error error = caught([&] {
        if (rank >= first) throw usage_error("rank " + std::to_string(rank) + " says no");
    });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(std::string(error.what()), "rank " + std::to_string(first) + " says no");
    EXPECT_EQ(error.rank(), first);
}

TEST_F(TogetherTest, ForeignExceptionsBecomeInternalAndMemoryBecomesStorage) {
    const Error foreign = caught([&] {
        if (rank == 0) throw std::runtime_error("from somewhere else");
    });
    EXPECT_EQ(foreign.kind(), ErrorKind::internal);
    EXPECT_STREQ(foreign.what(), "from somewhere else");
    const Error memory = caught([&] {
        if (rank == size - 1) throw std::bad_alloc();
    });
    EXPECT_EQ(memory.kind(), ErrorKind::storage);
    EXPECT_STREQ(memory.what(), "out of memory; use more ranks or a smaller job");
}

TEST_F(TogetherTest, RanksGoOnTogetherAfterAnError) {
    for (int round = 0; round < 3; ++round) {
        caught([&] {
            if (rank == round % size) throw usage_error("again");
        });
        EXPECT_EQ(world.sum(std::int64_t{1}), size);
    }
}

TEST_F(TogetherTest, OnRootRunsOnceAndBroadcastsWhatItReturns) {
    std::int64_t runs = 0;
    on_root(world, [&] { ++runs; });
    EXPECT_EQ(runs, world.root() ? 1 : 0);
    EXPECT_EQ(on_root(world, [&] { return 40 + rank; }), 40);
    EXPECT_EQ(on_root(world, [&] { return std::string("text of rank ") + std::to_string(rank); }),
              "text of rank 0");
    const std::vector<double> numbers{1.5, -2.0};
    EXPECT_EQ(on_root(world, [&] { return numbers; }), numbers);
}

TEST_F(TogetherTest, AnErrorOnTheRootReachesAll) {
    for (const bool returns : {false, true}) {
        const Error error = caught([&] {
            const auto fail = [&] { throw input_error("no such file", {"graph.csv", 0, 0}); };
            if (!returns) return on_root(world, fail);
            on_root(world, [&] {
                fail();
                return 1;
            });
        });
        EXPECT_EQ(error.kind(), ErrorKind::input);
        EXPECT_STREQ(error.what(), "graph.csv: no such file");
        EXPECT_TRUE(error.everywhere());
    }
}

TEST_F(TogetherTest, GuardedTurnsASharedErrorIntoItsExitCode) {
    testing::internal::CaptureStderr();
    const int code = guarded(world, [&]() -> int {
        together(world, [&] { throw usage_error("no such key"); });
        return 0;
    });
    EXPECT_EQ(code, 2);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), world.root() ? "motley: no such key\n" : "");
    EXPECT_EQ(guarded(world, [] { return 75; }), 75);
}

TEST(Checked, AFailedCallNamesItselfAndHasMpisText) {
    EXPECT_NO_THROW(checked(MPI_SUCCESS, "MPI_Bcast"));
    try {
        checked(MPI_ERR_TRUNCATE, "MPI_Recv");
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::internal);
        const std::string text = error.what();
        EXPECT_EQ(text.rfind("MPI_Recv: ", 0), 0U) << text;
        EXPECT_NE(text.find("trunc"), std::string::npos) << text;
    }
}

TEST(EnvironmentTest, NamesTheLibrary) {
    EXPECT_NE(Environment::library_version().find("MPI"), std::string::npos);
    EXPECT_EQ(Environment::library_version().find('\n'), std::string::npos);
}

}  // namespace
}  // namespace motley::mpi
