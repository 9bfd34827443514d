// Entry point of every test program: it starts MPI, checks the number of ranks, and prints
// the results of rank 0 only.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "motley/mpi/communicator.hpp"

int main(int argc, char** argv) {
    motley::mpi::Environment environment(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    const auto world = motley::mpi::Communicator::world();
    const char* promised = std::getenv("MOTLEY_TEST_RANKS");
    if (promised != nullptr && std::stoi(promised) != world.size()) {
        std::fprintf(stderr, "expected %s ranks, mpirun made %d\n", promised, world.size());
        return 1;
    }
    if (!world.root()) {
        auto& listeners = testing::UnitTest::GetInstance()->listeners();
        delete listeners.Release(listeners.default_result_printer());
    }
    const int failed = RUN_ALL_TESTS();
    const auto total = world.sum(static_cast<std::int64_t>(failed != 0));
    if (total != 0 && failed == 0) std::fprintf(stderr, "another rank failed\n");
    return total != 0 ? 1 : 0;
}
