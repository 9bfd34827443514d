// A program whose rank 1 fails in the middle of a run while all others go on: what then?
// usage: throwing_rank KIND AT, KIND: internal, storage, memory, standard, or everyone, where all
// ranks but rank 0 fail at once; AT: the step before which it happens.
#include <cstdio>
#include <new>
#include <stdexcept>
#include <string>

#include "motley/mpi/communicator.hpp"
#include "support/simulations.hpp"

namespace {

using namespace motley;

void fail(const std::string& kind) {
    if (kind == "internal" || kind == "everyone") throw internal_error("a broken promise");
    if (kind == "storage") throw storage_error("the disk went away");
    if (kind == "memory") throw std::bad_alloc();
    throw std::runtime_error("something of the standard library");
}

int work(const std::string& kind, int at, const mpi::Communicator& world) {
    constexpr int steps = 1000;
    const auto topology = test::generated("ring", 64, 4);
    model::Spec spec;
    spec.tasks = 4;
    auto simulation = test::simulation_of<double>(
        *topology, partition::Partition::random(64, world.size(), 1), spec, 1, world);
    for (int step = 0; step < steps; ++step) {
        const bool fails = world.rank() == 1 || (kind == "everyone" && !world.root());
        if (fails && step == at) fail(kind);
        simulation.step(0.05, nullptr);
        if (step == 0 && world.root()) std::printf("first step made\n");
        std::fflush(stdout);
    }
    if (world.root()) std::printf("all steps made\n");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const mpi::Environment environment(argc, argv);
    const auto world = mpi::Communicator::world();
    if (argc != 3) return 2;
    return mpi::guarded(world, [&] { return work(argv[1], std::stoi(argv[2]), world); });
}
