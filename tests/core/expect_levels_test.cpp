// Only the first level of expectations is on in this file, whatever the build says.
#undef MOTLEY_ASSERTIONS
#define MOTLEY_ASSERTIONS 1
#include <gtest/gtest.h>

#include "motley/core/error.hpp"
#include "motley/core/expect.hpp"

namespace motley {
namespace {

TEST(ExpectLevels, TheFirstLevelLeavesStepsAlone) {
    int evaluated = 0;
    const auto broken = [&] {
        ++evaluated;
        return false;
    };
    EXPECT_NO_THROW(MOTLEY_EXPECT_STEP(broken(), "a step's promise"));
    EXPECT_EQ(evaluated, 0) << "a condition that is not checked is not evaluated";
    EXPECT_THROW(MOTLEY_EXPECT(broken(), "a call's promise"), Error);
    EXPECT_EQ(evaluated, 1);
}

}  // namespace
}  // namespace motley
