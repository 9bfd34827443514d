// The program from its command line to its exit code.
#pragma once

#include "motley/mpi/communicator.hpp"

namespace motley::cli {

/// Whether the command talks to other ranks, so that MPI must be started. Without a launcher the
/// others do without it: it takes time, and cannot be started where its folders cannot be written.
bool needs_ranks(int argc, const char* const* argv);

/// Parses the command line, runs the command, and returns the exit code; collective. Errors are
/// thrown; `mpi::guarded` turns them into messages and exit codes.
int run_program(int argc, const char* const* argv, const mpi::Communicator& comm);

}  // namespace motley::cli
