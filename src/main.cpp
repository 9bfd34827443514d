// The program: errors become messages and exit codes in one place.
#include "cli/program.hpp"

int main(int argc, char** argv) {
    using namespace motley;
    const mpi::Environment environment(argc, argv);
    const auto world = mpi::Communicator::world();
    return mpi::guarded(world, [&] { return cli::run_program(argc, argv, world); });
}
