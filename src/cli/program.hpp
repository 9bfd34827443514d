// The program from its command line to its exit code.
#pragma once

#include "motley/mpi/communicator.hpp"

namespace motley::cli {

/// Parses the command line, runs the command, and returns the exit code; collective. Errors are
/// thrown; `mpi::guarded` turns them into messages and exit codes.
int run_program(int argc, const char* const* argv, const mpi::Communicator& comm);

}  // namespace motley::cli
