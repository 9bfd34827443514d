// A folder has one program at a time, on any number of ranks, and is free when that ends.
#include "motley/record/folder_lock.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "record/support.hpp"

namespace motley::test {
namespace {

/// True when a stranger, as another start of motley is, could take the folder for itself.
bool is_free(const std::string& folder) {
    const int file = ::open((folder + "/.lock").c_str(), O_RDWR | O_CREAT, 0666);
    const bool taken = ::flock(file, LOCK_EX | LOCK_NB) == 0;
    ::close(file);
    return taken;
}

TEST(FolderLock, KeepsOthersOutWhileItLives) {
    const auto world = mpi::Communicator::world();
    const ScratchFolder scratch(world);
    const std::string folder = scratch / "results/job";
    {
        const record::FolderLock lock(world, folder);
        world.barrier();
        EXPECT_FALSE(is_free(folder));
        const Error error = error_of([&] { const record::FolderLock second(world, folder); });
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_TRUE(error.everywhere());
        EXPECT_THAT(error.what(), testing::HasSubstr("results/job: another motley is at work"));
        world.barrier();
    }
    world.barrier();
    if (world.root()) {
        EXPECT_TRUE(is_free(folder));
    }
    world.barrier();
    const record::FolderLock again(world, folder);
}

TEST(FolderLock, EveryRankHoldsIt) {
    const auto world = mpi::Communicator::world();
    const ScratchFolder scratch(world);
    auto lock = std::make_unique<record::FolderLock>(world, scratch / "job");
    world.barrier();
    for (int leaving = 0; leaving < world.size(); ++leaving) {
        if (world.root() && leaving > 0) {
            EXPECT_FALSE(is_free(scratch / "job")) << leaving;
        }
        world.barrier();
        if (world.rank() == leaving) lock.reset();
        world.barrier();
    }
    if (world.root()) {
        EXPECT_TRUE(is_free(scratch / "job"));
    }
}

}  // namespace
}  // namespace motley::test
