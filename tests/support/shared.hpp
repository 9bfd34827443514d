// The folder of the oracles and real networks. Tests skip with a message when it is absent.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace motley::test {

inline std::filesystem::path shared(const std::string& relative) {
    return std::filesystem::path(MOTLEY_SHARED_DIR) / relative;
}

}  // namespace motley::test

#define MOTLEY_NEEDS_SHARED(relative)                                    \
    if (!std::filesystem::exists(motley::test::shared(relative))) {      \
        GTEST_SKIP() << "not there: " << motley::test::shared(relative); \
    }
