// A descriptor is closed once, by its last owner.
#include "motley/core/file_descriptor.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace motley {
namespace {

static_assert(!std::is_copy_constructible_v<FileDescriptor>);
static_assert(std::is_nothrow_move_constructible_v<FileDescriptor>);

bool is_open(int descriptor) {
    return ::fcntl(descriptor, F_GETFD) >= 0;
}

TEST(FileDescriptor, ClosesAtTheEndOfItsLife) {
    int number = -1;
    {
        const FileDescriptor file("/dev/null", O_RDONLY);
        ASSERT_TRUE(file.valid());
        number = file.get();
        EXPECT_TRUE(is_open(number));
        EXPECT_NE(::fcntl(number, F_GETFD) & FD_CLOEXEC, 0);
    }
    EXPECT_FALSE(is_open(number));
}

TEST(FileDescriptor, AMoveHandsTheDescriptorOn) {
    FileDescriptor first("/dev/null", O_RDONLY);
    const int number = first.get();
    FileDescriptor second(std::move(first));
    EXPECT_FALSE(first.valid());  // NOLINT: the state after a move is what is tested
    EXPECT_EQ(second.get(), number);
    FileDescriptor third;
    third = std::move(second);
    EXPECT_FALSE(second.valid());
    EXPECT_TRUE(third.close());
    EXPECT_FALSE(third.valid());
    EXPECT_FALSE(is_open(number));
}

TEST(FileDescriptor, SaysWhyItIsNotValid) {
    errno = 0;
    const FileDescriptor file("/no/such/folder/file", O_RDONLY);
    EXPECT_FALSE(file.valid());
    EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace motley
