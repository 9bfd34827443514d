// The program: one place turns errors into messages and exit codes.
#include "cli/program.hpp"

int main(int argc, char** argv) {
    using namespace motley;
    if (!mpi::Environment::has_launcher() && !cli::needs_ranks(argc, argv)) {
        const auto alone = mpi::Communicator::alone();
        return mpi::guarded(alone, [&] { return cli::run_program(argc, argv, alone); });
    }
    const mpi::Environment environment(argc, argv);
    const auto world = mpi::Communicator::world();
    return mpi::guarded(world, [&] { return cli::run_program(argc, argv, world); });
}
