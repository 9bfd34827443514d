// mpirun -n P checkpoint_bandwidth [FOLDER [AGENTS [REPETITIONS]]]
// Measures the seconds of a checkpoint (written, synced, read back, sealed) and of a plain parallel
// write of the same bytes (each rank its part by pwrite, then fsync), in turns on the same disk.
// Both write new files; the time to remove an old checkpoint is printed separately.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "experiment/run/checkpoints.hpp"
#include "motley/experiment/pause/pause.hpp"
#include "support/simulations.hpp"

namespace {

using namespace motley;
using Clock = std::chrono::steady_clock;

double seconds_of(const mpi::Communicator& comm, const std::function<void()>& action) {
    comm.barrier();
    const auto start = Clock::now();
    action();
    return comm.max(std::chrono::duration<double>(Clock::now() - start).count());
}

void check(bool right, const char* what) {
    if (right) return;
    std::perror(what);
    std::exit(1);
}

/// The least that a checkpoint needs: it writes the bytes to the disk.
void plain_write(const mpi::Communicator& comm, const std::string& path, std::int64_t bytes,
                 const std::vector<char>& block) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0666);
    check(file >= 0, "open");
    std::int64_t at = bytes * comm.rank() / comm.size();
    const std::int64_t end = bytes * (comm.rank() + 1) / comm.size();
    while (at < end) {
        const auto want = std::min<std::int64_t>(end - at, std::ssize(block));
        const auto got = ::pwrite(file, block.data(), static_cast<std::size_t>(want), at);
        check(got > 0, "pwrite");
        at += got;
    }
    check(::fsync(file) == 0, "fsync");
    ::close(file);
    comm.barrier();
}

int compare_writes(const mpi::Communicator& comm, const std::string& folder, AgentId agents,
                   int repetitions) {
    topology::Spec shape;
    shape.generator = "torus";
    shape.agents = agents;
    shape.set("neighbourhood", "moore");
    const auto topology = topology::make(shape);
    model::Spec model;
    model.tasks = 8;
    auto simulation = test::simulation_of<double>(
        *topology, partition::Partition::block(topology->agents(), comm.size()), model, 1, comm);
    double step = 1e9;
    for (int i = 0; i < 5; ++i) {
        step = std::min(step, seconds_of(comm, [&] { simulation.step(0.05, nullptr); }));
    }
    job::Run job;
    job.model = model;
    const experiment::TimeSeries series(agents);
    const experiment::Checkpoints checkpoints(job, "", folder, comm, [](const std::string&) {});
    std::vector<char> block(std::size_t{4} << 20);
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>(i * 131 % 251);
    const std::string plain = folder + "/plain";
    std::vector<double> ratios, times, removals;
    for (int i = 0; i < repetitions; ++i) {
        simulation.step(0.05, nullptr);
        const double ours = seconds_of(comm, [&] {
            checkpoints.write(simulation, nullptr, simulation::SolverState{}, series, {});
        });
        const std::string written =
            record::CheckpointFolder(folder + "/checkpoint").file(simulation.steps());
        const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(written));
        if (comm.root()) std::filesystem::remove(plain);
        const double bare = seconds_of(comm, [&] { plain_write(comm, plain, bytes, block); });
        ratios.push_back(bare / ours);
        removals.push_back(seconds_of(comm, [&] {
            if (comm.root()) checkpoints.remove();
        }));
        times.push_back(ours + removals.back());
        if (!comm.root()) continue;
        std::printf(
            "checkpoint %.3f s (%.0f MB/s), plain write %.3f s (%.0f MB/s), share %.2f; removal "
            "%.3f s\n",
            ours, static_cast<double>(bytes) / ours / 1e6, bare,
            static_cast<double>(bytes) / bare / 1e6, bare / ours, removals.back());
    }
    comm.barrier();
    if (comm.root()) {
        std::filesystem::remove(plain);
        std::ranges::sort(ratios);
        std::ranges::sort(times);
        const double cost = times[times.size() / 2];
        std::printf(
            "median share %.2f; a step takes %.4f s, a checkpoint and a removal %.1f steps; at the "
            "default interval of %.0f s it takes %.2f %% of the time\n",
            ratios[ratios.size() / 2], step, cost / step,
            experiment::Pauses::automatic_interval(cost),
            100.0 * cost / experiment::Pauses::automatic_interval(cost));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const mpi::Environment environment(argc, argv);
    const auto world = mpi::Communicator::world();
    return mpi::guarded(world, [&] {
        const std::string folder = argc > 1 ? argv[1] : ".";
        return compare_writes(world, folder, argc > 2 ? std::atoll(argv[2]) : 1000000,
                              argc > 3 ? std::atoi(argv[3]) : 5);
    });
}
