// Internal assertions of motley, which are checked at run time in builds that ask for it.
//
// The build option MOTLEY_ASSERTIONS sets the level, and the compiler sees it as a macro:
//   0  nothing is checked, and the checks generate no code (the default)
//   1  MOTLEY_EXPECT is checked; such checks cost little, once per set-up or per call
//   2  MOTLEY_EXPECT_STEP is checked, too; such checks cost time in every step or for every row
// The preset `audit` has level 2.
#pragma once

#ifndef MOTLEY_ASSERTIONS
#define MOTLEY_ASSERTIONS 0
#endif

#include <string_view>

namespace motley {

/// Throws an internal error (exit code 70) with `what` and the place in the source.
[[noreturn]] void broken_promise(std::string_view what, std::string_view file, int line);

}  // namespace motley

// `what` is a text (std::string_view or what converts to it); it is evaluated only when the
// condition is false.
#define MOTLEY_EXPECT_ON(condition, what)                         \
    do {                                                          \
        if (!(condition)) {                                       \
            ::motley::broken_promise((what), __FILE__, __LINE__); \
        }                                                         \
    } while (false)

// The condition is compiled, so that its variables count as used, but never evaluated.
#define MOTLEY_EXPECT_OFF(condition, what) \
    do {                                   \
        if (false) {                       \
            (void)(condition);             \
            (void)(what);                  \
        }                                  \
    } while (false)

#if MOTLEY_ASSERTIONS >= 1
#define MOTLEY_EXPECT(condition, what) MOTLEY_EXPECT_ON(condition, what)
#else
#define MOTLEY_EXPECT(condition, what) MOTLEY_EXPECT_OFF(condition, what)
#endif

#if MOTLEY_ASSERTIONS >= 2
#define MOTLEY_EXPECT_STEP(condition, what) MOTLEY_EXPECT_ON(condition, what)
#else
#define MOTLEY_EXPECT_STEP(condition, what) MOTLEY_EXPECT_OFF(condition, what)
#endif
