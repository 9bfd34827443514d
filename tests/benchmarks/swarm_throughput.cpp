// Measures the time per site that a swarm needs to be made, for its first and for its second round,
// under mpirun; prints one RESULT line, in nanoseconds of the processor.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>

#include "command_line.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/swarm/round/swarm.hpp"
#include "throughput.hpp"

namespace {

using namespace motley;

struct Options {
    std::string policy = "cap";
    std::int64_t sites = 1'000'000;
    double per_problem = 10.0;
    int repetitions = 5;
};

/// Time of the processor, which other programs on the machine disturb less than that of the clock.
double busy() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds_of_round(swarm::Swarm& swarm, swarm::RoundResult& result) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = busy();
    result = swarm.step();
    return benchmarks::reduce(busy() - start, MPI_MAX);
}

void measure(const Options& options, const mpi::Communicator& comm) {
    swarm::Spec spec;
    spec.policy = options.policy == "cap" ? swarm::Policy::cap : swarm::Policy::aggregate;
    spec.sites = options.sites;
    spec.problems.count = static_cast<double>(options.sites) / options.per_problem;
    double made = 1e30, first = 1e30, later = 1e30;
    swarm::RoundResult result;
    for (int i = 0; i < options.repetitions; ++i) {
        MPI_Barrier(MPI_COMM_WORLD);
        const double start = busy();
        swarm::Swarm swarm(spec, comm);
        made = std::min(made, benchmarks::reduce(busy() - start, MPI_MAX));
        first = std::min(first, seconds_of_round(swarm, result));
        later = std::min(later, seconds_of_round(swarm, result));
    }
    const double memory = benchmarks::reduce(benchmarks::peak_memory(), MPI_SUM);
    if (!comm.root()) return;
    const double hops =
        static_cast<double>(result.counts.hops) / static_cast<double>(result.counts.lookups);
    const double ns = 1e9 / static_cast<double>(options.sites);
    std::printf(
        "RESULT policy=%s ranks=%d sites=%lld problems=%.0f ns_per_site=%.0f made=%.0f first=%.0f "
        "later=%.0f hops=%.3f memory_mb=%.0f checksum=%016llx\n",
        options.policy.c_str(), comm.size(), static_cast<long long>(options.sites),
        spec.problems.count, (made + first) * ns, made * ns, first * ns, later * ns, hops,
        memory / 1e6, static_cast<unsigned long long>(result.checksum));
}

int run(int argc, char** argv, const mpi::Communicator& comm) {
    Options options;
    benchmarks::CommandLine line("Time of a swarm's round per site; run it under mpirun -n RANKS");
    line.add("--policy", options.policy, {"cap", "aggregate"}, "who reads which packets");
    line.add("--sites", options.sites, "sites");
    line.add("--per-problem", options.per_problem, "sites for each problem");
    line.add("--repetitions", options.repetitions, "swarms of two rounds; the best counts");
    if (const auto code = line.parse(argc, argv, comm.root())) return *code;
    measure(options, comm);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const mpi::Environment environment(argc, argv);
    const auto comm = mpi::Communicator::world();
    return mpi::guarded(comm, [&] { return run(argc, argv, comm); });
}
