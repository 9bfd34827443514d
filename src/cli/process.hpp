// The one place where motley starts other programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace motley::cli {

/// What a program left.
struct Finished {
    int code = 0;  ///< exit code, or 128 + the signal that ended it
    std::string out;
    std::string err;
};

/// Runs `command`, found in PATH, without a shell, and waits for its end. It gets the environment
/// that this program was started with, without what MPI has added since. Nothing where there is no
/// such program.
std::optional<Finished> run_process(const std::vector<std::string>& command);

}  // namespace motley::cli
