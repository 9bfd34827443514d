// The program from its command line to its exit code.
#pragma once

#include "motley/mpi/communicator.hpp"

namespace motley::cli {

/// Collective. Parses the command line, carries the command out, and returns the exit code. Errors
/// are thrown; `mpi::guarded` makes messages and exit codes of them.
int run_program(int argc, const char* const* argv, const mpi::Communicator& comm);

}  // namespace motley::cli
