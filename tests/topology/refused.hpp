// The usage errors of `make`, message by message.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "motley/core/error.hpp"
#include "motley/topology/topology.hpp"

namespace motley::topology::test {

using Change = std::function<void(Spec&)>;

/// `make` of `spec` after `change` fails as a usage error with exactly this message.
inline void expect_refused(Spec spec, const std::string& message, const Change& change = {}) {
    if (change) change(spec);
    try {
        make(spec);
        FAIL() << "no error, expected: " << message;
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_EQ(error.exit_code(), 2);
        EXPECT_EQ(std::string(error.what()), message);
    }
}

}  // namespace motley::topology::test
