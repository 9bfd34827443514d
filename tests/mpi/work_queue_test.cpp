// Every piece of work goes to exactly one rank, whatever the others do.
#include "motley/mpi/work_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace motley::mpi {
namespace {

/// All numbers that any rank of `comm` got, in rising order, on every rank.
std::vector<std::int64_t> all_of(const Communicator& comm, const std::vector<std::int64_t>& mine) {
    const std::vector<std::vector<std::int64_t>> send(static_cast<std::size_t>(comm.size()), mine);
    auto all = comm.exchange(send);
    std::ranges::sort(all);
    return all;
}

std::vector<std::int64_t> numbers(std::int64_t count) {
    std::vector<std::int64_t> all;
    for (std::int64_t i = 0; i < count; ++i) all.push_back(i);
    return all;
}

std::vector<std::int64_t> take_all(WorkQueue& queue, std::chrono::microseconds each) {
    std::vector<std::int64_t> mine;
    while (const auto number = queue.next()) {
        mine.push_back(*number);
        std::this_thread::sleep_for(each);
    }
    return mine;
}

TEST(WorkQueue, GivesEveryNumberOnce) {
    const auto world = Communicator::world();
    for (const std::int64_t count : {0, 1, 3, 1000}) {
        WorkQueue queue(world, count);
        const auto mine = take_all(queue, std::chrono::microseconds(0));
        EXPECT_TRUE(std::ranges::is_sorted(mine));
        EXPECT_EQ(all_of(world, mine), numbers(count));
        EXPECT_FALSE(queue.next().has_value());
    }
}

TEST(WorkQueue, WhoIsFasterGetsMore) {
    const auto world = Communicator::world();
    WorkQueue queue(world, 40);
    const bool slow = world.rank() == world.size() - 1;
    const auto mine = take_all(queue, std::chrono::microseconds(slow ? 60000 : 3000));
    EXPECT_EQ(all_of(world, mine), numbers(40));
    const auto counts = world.all_gather(std::ssize(mine));
    if (world.size() > 1) {
        EXPECT_GT(counts.front(), 2 * counts.back());
    }
}

TEST(WorkQueue, RanksThatNeverAskHoldNothingUp) {
    const auto world = Communicator::world();
    WorkQueue queue(world, 10);
    std::vector<std::int64_t> mine;
    if (world.rank() == world.size() - 1) mine = take_all(queue, std::chrono::microseconds(0));
    EXPECT_EQ(all_of(world, mine), numbers(10));
}

TEST(WorkQueue, GroupsAskThroughTheirFirstRank) {
    const auto world = Communicator::world();
    WorkQueue queue(world, 25);
    const auto group = world.split(world.rank() / 2, world.rank());
    std::vector<std::int64_t> mine;
    for (;;) {
        const std::int64_t number = group.max(group.root() ? queue.next().value_or(-1) : -1);
        if (number < 0) break;
        if (group.root()) mine.push_back(number);
    }
    EXPECT_EQ(all_of(world, mine), numbers(25));
}

TEST(WorkQueue, AnExceptionOnOneRankIsNotHeldBackByTheOthers) {
    if (Environment::library_version().starts_with("MPICH")) {
        GTEST_SKIP()
            << "the queue is left open, as before MPI_Abort; MPICH's MPI_Finalize, at the end "
               "of this program, ends with a failed assertion then";
    }
    const auto world = Communicator::world();
    const auto start = std::chrono::steady_clock::now();
    const bool leaves = world.rank() == 0;
    if (leaves) {
        EXPECT_THROW(
            {
                const WorkQueue queue(world, 1);
                throw std::runtime_error("one alone");
            },
            std::runtime_error);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (world.size() > 1) {
            EXPECT_LT(took.count(), 0.4);
        }
    } else {
        // The others leave the same way, so that the test goes on, but much later.
        EXPECT_THROW(
            {
                const WorkQueue queue(world, 1);
                std::this_thread::sleep_for(std::chrono::milliseconds(600));
                throw std::runtime_error("later");
            },
            std::runtime_error);
    }
    world.barrier();
}

}  // namespace
}  // namespace motley::mpi
