// Measures the throughput of the whole step with its exchange under mpirun; prints one RESULT line.
#include <cmath>
#include <cstdio>
#include <string>

#include "command_line.hpp"
#include "graphs.hpp"
#include "motley/simulation/simulation.hpp"
#include "throughput.hpp"

namespace {

using namespace motley;

struct Options {
    std::string graph = "torus";
    std::string precision = "double";
    std::string coupling = "as-is";
    std::string exchange = "persistent";
    AgentId agents = 1'000'000;
    std::int64_t degree = 8;
    std::int64_t tasks = 8;
    double elasticity = 0.7;
    int steps = 10;
    int repetitions = 7;
    int measured = 0;
    bool no_overlap = false;
    bool no_triad = false;
};

/// The same graph, which no longer declares that all its weights are equal.
class AsWeighted final : public topology::Topology {
  public:
    explicit AsWeighted(std::unique_ptr<topology::Topology> base) : base_(std::move(base)) {}
    AgentId agents() const override { return base_->agents(); }
    topology::Traits traits() const override {
        topology::Traits traits = base_->traits();
        traits.symmetric_uniform = false;
        return traits;
    }
    void arcs(std::int64_t chunk, std::int64_t chunks,
              const topology::ArcSink& sink) const override {
        base_->arcs(chunk, chunks, sink);
    }

  private:
    std::unique_ptr<topology::Topology> base_;
};

/// Bytes that a step must move on this rank when everything else stays in cache: message rows are
/// written and read once, x is read and written, a, columns, weights and offsets are read. R is a
/// constant here and moves no bytes.
template <class Real>
double compulsory_bytes(const network::DistributedGraph<Real>& network, int width) {
    const double row = static_cast<double>(width) * sizeof(Real);
    const double arcs =
        static_cast<double>(network.in().columns.size() + network.out().columns.size() +
                            network.in().weights.size() * (sizeof(Real) / 4) +
                            network.out().weights.size() * (sizeof(Real) / 4)) *
        4.0;
    const double offsets =
        static_cast<double>(network.in().offsets.size() + network.out().offsets.size()) * 8.0;
    return static_cast<double>(network.owned()) * (2 * 2 * row + 2 * row + row) + arcs + offsets;
}

template <class Real>
double seconds_per_step(simulation::Simulation<Real>& simulation, int steps, bool measured) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = benchmarks::now();
    for (int i = 0; i < steps; ++i) {
        if (measured) {
            simulation.measured_step(0.05);
        } else {
            simulation.step(0.05, nullptr);
        }
    }
    return benchmarks::reduce(benchmarks::now() - start, MPI_MAX) / steps;
}

mpi::ExchangeKind exchange_kind(const std::string& name) {
    return static_cast<mpi::ExchangeKind>(std::ranges::find(mpi::exchange_words, name) -
                                          mpi::exchange_words.begin());
}

template <class Real>
void measure(const Options& options, const mpi::Communicator& comm) {
    const double before = benchmarks::now();
    auto graph = benchmarks::make_graph(options.graph, options.agents, options.degree, 1);
    if (options.coupling == "weighted") graph = std::make_unique<AsWeighted>(std::move(graph));
    const auto partition = partition::Partition::block(graph->agents(), comm.size());
    auto network = network::DistributedGraph<Real>::build(*graph, partition, comm);
    const double built = benchmarks::reduce(benchmarks::now() - before, MPI_MAX);

    model::Spec spec;
    spec.tasks = options.tasks;
    spec.elasticity = options.elasticity;
    spec.noise = 0.1;
    const double start = benchmarks::now();
    simulation::Simulation<Real> simulation(
        spec, 1, std::move(network), comm, {exchange_kind(options.exchange), !options.no_overlap},
        [](const std::string&, std::int64_t, std::span<const AgentId>) {
            return std::vector<double>{};
        });
    const double drawn = benchmarks::reduce(benchmarks::now() - start, MPI_MAX);

    for (int i = 1; i < benchmarks::check_steps; ++i) simulation.step(0.05, nullptr);
    const double productivity = simulation.measured_step(0.05).productivity;
    std::vector<double> plain, measured;
    double triad = 0.0, memory = 0.0;
    for (int i = 0; i < options.repetitions; ++i) {
        plain.push_back(seconds_per_step(simulation, options.steps, false));
        if (options.measured > 0) {
            measured.push_back(seconds_per_step(simulation, options.measured, true));
        }
        if (i == 0) memory = benchmarks::reduce(benchmarks::peak_memory(), MPI_SUM);
        if (!options.no_triad && i % 3 == 0) triad = std::max(triad, benchmarks::triad_bandwidth());
    }
    const auto n = static_cast<double>(options.agents);
    const double best = *std::min_element(plain.begin(), plain.end());
    const double bytes =
        benchmarks::reduce(compulsory_bytes(simulation.graph(), simulation.state().width), MPI_SUM);
    const auto& seconds = simulation.seconds();
    const double all_steps = static_cast<double>(simulation.steps());
    const std::uint64_t hash = simulation.state_hash();
    const double per_step = 1e3 / all_steps;
    const double compute_ms = comm.max(seconds.compute) * per_step;
    const double pack_ms = comm.max(seconds.pack) * per_step;
    const double wait_ms = comm.max(seconds.wait) * per_step;
    const double reduce_ms = comm.max(seconds.reduce) * per_step;
    const std::int64_t arcs = comm.sum(simulation.graph().arcs());
    if (!comm.root()) return;
    std::printf(
        "RESULT program=motley graph=%s coupling=%s precision=%s ranks=%d agents=%.0f arcs=%lld "
        "tasks=%lld sigma=%g million_agents_per_s=%.3f median=%.3f step_ms=%.2f compute_ms=%.2f "
        "pack_ms=%.2f wait_ms=%.2f reduce_ms=%.2f bytes_per_agent=%.1f gb_per_s=%.2f "
        "triad_gb_per_s=%.2f triad_share=%.3f measured_cost_in_steps=%.2f setup_s=%.2f "
        "state_s=%.2f "
        "memory_bytes_per_agent=%.0f productivity=%.12g hash=%016llx\n",
        options.graph.c_str(),
        simulation.graph().coupling() == model::Coupling::weighted
            ? "weighted"
            : (simulation.graph().coupling() == model::Coupling::uniform ? "uniform"
                                                                         : "mean-field"),
        options.precision.c_str(), comm.size(), n, static_cast<long long>(arcs),
        static_cast<long long>(options.tasks), options.elasticity, n / best / 1e6,
        n / benchmarks::median(plain) / 1e6, best * 1e3, compute_ms, pack_ms, wait_ms, reduce_ms,
        bytes / n, bytes / best / 1e9, triad, triad > 0.0 ? bytes / best / 1e9 / triad : 0.0,
        measured.empty() ? 0.0 : *std::min_element(measured.begin(), measured.end()) / best, built,
        drawn, memory / n, productivity / n, static_cast<unsigned long long>(hash));
}

int run(int argc, char** argv, const mpi::Communicator& comm) {
    Options options;
    benchmarks::CommandLine line("Throughput of motley's step; run it under mpirun -n RANKS");
    line.add("--graph", options.graph, "torus, small-world, random-regular, weighted, complete");
    line.add("--agents", options.agents, "agents");
    line.add("--degree", options.degree, "arcs per agent (torus: always 8)");
    line.add("--tasks", options.tasks, "tasks");
    line.add("--elasticity", options.elasticity, "sigma");
    line.add("--precision", options.precision, {"double", "single"}, "precision of the state");
    line.add("--coupling", options.coupling, {"as-is", "uniform", "weighted"},
             "weighted: forget that all weights are equal");
    line.add("--exchange", options.exchange,
             {mpi::exchange_words.begin(), mpi::exchange_words.end()}, "how ghosts are exchanged");
    line.add("--no-overlap", options.no_overlap, "finish the exchange before computing");
    line.add("--no-triad", options.no_triad, "do not measure memory bandwidth");
    line.add("--steps", options.steps, "steps per repetition");
    line.add("--repetitions", options.repetitions, "repetitions; the fastest one counts");
    line.add("--measured", options.measured, "measured steps per repetition");
    if (const auto code = line.parse(argc, argv, comm.root())) return *code;
    if (options.precision == "single") {
        measure<float>(options, comm);
    } else {
        measure<double>(options, comm);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const mpi::Environment environment(argc, argv);
    const auto comm = mpi::Communicator::world();
    return mpi::guarded(comm, [&] { return run(argc, argv, comm); });
}
