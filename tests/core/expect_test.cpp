// Both levels of expectations are on in this file, whatever the build says.
#undef MOTLEY_ASSERTIONS
#define MOTLEY_ASSERTIONS 2
#include "motley/core/expect.hpp"

#include <gtest/gtest.h>

#include <string>

#include "motley/core/error.hpp"

namespace motley {
namespace {

constexpr int line_of_promise = __LINE__ + 2;
void promise(int columns, int units) {
    MOTLEY_EXPECT(columns < units, "column " + std::to_string(columns) + " is out of range");
}

void promise_in_a_step(bool kept) {
    MOTLEY_EXPECT_STEP(kept, "a row of shares sums to 1");
}

TEST(Expect, ABrokenPromiseIsAnInternalErrorWithTextAndPlace) {
    try {
        promise(7, 5);
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::internal);
        EXPECT_EQ(error.exit_code(), 70);
        EXPECT_EQ(std::string(error.what()),
                  "broken promise: column 7 is out of range (tests/core/expect_test.cpp:" +
                      std::to_string(line_of_promise) +
                      "); this is an error in motley, please report it");
    }
}

TEST(Expect, AKeptPromiseIsSilentAndCostsNoText) {
    EXPECT_NO_THROW(promise(4, 5));
    int texts = 0;
    const auto text = [&] {
        ++texts;
        return std::string("never built");
    };
    MOTLEY_EXPECT(true, text());
    EXPECT_EQ(texts, 0);
}

TEST(Expect, TheSecondLevelChecksSteps) {
    EXPECT_NO_THROW(promise_in_a_step(true));
    EXPECT_THROW(promise_in_a_step(false), Error);
}

}  // namespace
}  // namespace motley
