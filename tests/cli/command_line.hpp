// The program inside the test: its exit code, and what it prints.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/program.hpp"

namespace motley::test {

struct Printed {
    int code = 0;
    std::string out, err;
};

inline Printed run_motley(std::vector<std::string> words) {
    words.insert(words.begin(), "motley");
    std::vector<const char*> arguments;
    for (const auto& word : words) arguments.push_back(word.c_str());
    const auto world = mpi::Communicator::world();
    Printed printed;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    printed.code = mpi::guarded(world, [&] {
        return cli::run_program(static_cast<int>(arguments.size()), arguments.data(), world);
    });
    printed.out = testing::internal::GetCapturedStdout();
    printed.err = testing::internal::GetCapturedStderr();
    return printed;
}

}  // namespace motley::test
