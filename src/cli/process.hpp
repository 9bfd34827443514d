// Runs other programs; motley starts programs nowhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace motley::cli {

/// The exit code and the output of a finished program.
struct Finished {
    int code = 0;  ///< exit code, or 128 + the signal that ended it
    std::string out;
    std::string err;
};

/// Runs `command`, found in PATH, without a shell, and waits for its end. The program gets the
/// environment with which motley was started, without the variables that MPI has added since.
/// Returns nothing where there is no such program.
std::optional<Finished> run_process(const std::vector<std::string>& command);

}  // namespace motley::cli
