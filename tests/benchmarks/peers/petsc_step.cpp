// The step of motley on PETSc: stocks by MatMult and values by MatMultTranspose of a MAIJ matrix
// with one degree of freedom per task, and one fused loop for the arithmetic of the agents. Prints
// one RESULT line with the keys of step_throughput.
#include <petscmat.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "../command_line.hpp"
#include "../graphs.hpp"
#include "../throughput.hpp"
#include "motley/model/state.hpp"

namespace {

using namespace motley;

struct Options {
    std::string graph = "torus";
    AgentId agents = 1'000'000;
    std::int64_t degree = 8;
    std::int64_t tasks = 8;
    int steps = 10;
    int repetitions = 7;
};

constexpr double openness = 0.9, elasticity = 0.7, rate = 0.05;

void check(PetscErrorCode code) {
    if (code != 0) throw std::runtime_error("PETSc failed with code " + std::to_string(code));
}

/// Arcs sorted by target and source without repetition, routing normalised per source.
std::vector<topology::Arc> routed_arcs(const topology::Topology& graph, std::vector<double>& open) {
    std::vector<topology::Arc> arcs;
    graph.arcs(0, 1, [&](std::span<const topology::Arc> batch) {
        arcs.insert(arcs.end(), batch.begin(), batch.end());
    });
    const auto key = [](const topology::Arc& arc) { return std::tie(arc.target, arc.source); };
    std::sort(arcs.begin(), arcs.end(),
              [&](const auto& a, const auto& b) { return key(a) < key(b); });
    arcs.erase(std::unique(arcs.begin(), arcs.end(),
                           [&](const auto& a, const auto& b) { return key(a) == key(b); }),
               arcs.end());
    std::vector<double> total(static_cast<std::size_t>(graph.agents()), 0.0);
    for (const auto& arc : arcs) total[static_cast<std::size_t>(arc.source)] += arc.weight;
    for (auto& arc : arcs) arc.weight /= total[static_cast<std::size_t>(arc.source)];
    open.assign(total.size(), 0.0);
    for (std::size_t i = 0; i < total.size(); ++i) open[i] = total[i] > 0.0 ? openness : 0.0;
    return arcs;
}

class System {
  public:
    System(const Options& options, int rank, int ranks)
        : tasks_(options.tasks), range_(topology::chunk_range(options.agents, rank, ranks)) {
        build_matrix(options);
        draw_state(options);
    }

    /// Returns this rank's part of the productivity.
    double step() {
        check(MatMult(routing_, stock_, arrived_));
        check(MatMultTranspose(routing_, value_, returned_));
        const double *arrived = nullptr, *returned = nullptr;
        double *stock = nullptr, *value = nullptr;
        check(VecGetArrayRead(arrived_, &arrived));
        check(VecGetArrayRead(returned_, &returned));
        check(VecGetArray(stock_, &stock));
        check(VecGetArray(value_, &value));
        const double total = tasks_ == 8 ? agents<8>(arrived, returned, stock, value)
                                         : agents<0>(arrived, returned, stock, value);
        check(VecRestoreArrayRead(arrived_, &arrived));
        check(VecRestoreArrayRead(returned_, &returned));
        check(VecRestoreArray(stock_, &stock));
        check(VecRestoreArray(value_, &value));
        return total;
    }

  private:
    std::int64_t count() const { return range_.end - range_.begin; }

    void build_matrix(const Options& options) {
        const auto graph = benchmarks::make_graph(options.graph, options.agents, options.degree, 1);
        std::vector<double> open;
        const auto arcs = routed_arcs(*graph, open);
        open_.assign(open.begin() + range_.begin, open.begin() + range_.end);
        const auto n = static_cast<std::size_t>(count());
        std::vector<PetscInt> inside(n, 0), outside(n, 0);
        const auto mine = [&](AgentId i) { return i >= range_.begin && i < range_.end; };
        for (const auto& arc : arcs) {
            if (!mine(arc.target)) continue;
            auto& counts = mine(arc.source) ? inside : outside;
            counts[static_cast<std::size_t>(arc.target - range_.begin)] += 1;
        }
        Mat matrix = nullptr;
        const auto local = static_cast<PetscInt>(count());
        check(MatCreateAIJ(PETSC_COMM_WORLD, local, local, PETSC_DETERMINE, PETSC_DETERMINE, 0,
                           inside.data(), 0, outside.data(), &matrix));
        for (const auto& arc : arcs) {
            if (!mine(arc.target)) continue;
            check(MatSetValue(matrix, static_cast<PetscInt>(arc.target),
                              static_cast<PetscInt>(arc.source), openness * arc.weight,
                              INSERT_VALUES));
        }
        check(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
        check(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
        check(MatCreateMAIJ(matrix, static_cast<PetscInt>(tasks_), &routing_));
        check(MatDestroy(&matrix));
        for (Vec* vec : {&stock_, &value_, &arrived_, &returned_}) {
            check(MatCreateVecs(routing_, vec, nullptr));
            check(VecSet(*vec, 0.0));
        }
    }

    /// The initial state of step_throughput, drawn by the same functions.
    void draw_state(const Options& options) {
        std::vector<AgentId> ids(static_cast<std::size_t>(count()));
        for (std::size_t i = 0; i < ids.size(); ++i) {
            ids[i] = range_.begin + static_cast<AgentId>(i);
        }
        const int width = model::padded_tasks<double>(tasks_);
        model::State<double> state;
        state.tasks = static_cast<int>(tasks_);
        state.width = width;
        const auto size = ids.size() * static_cast<std::size_t>(width);
        state.capability = Buffer<double>(size);
        state.allocation = Buffer<double>(size);
        model::fill_rows<double>(
            model::Spec{}.capability,
            {.ids = ids, .agents = options.agents, .tasks = tasks_, .width = width},
            state.capability.data());
        model::initial_allocation({.noise = 0.1, .ids = ids}, state);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            for (int k = 0; k < state.tasks; ++k) {
                const std::size_t at = i * static_cast<std::size_t>(width);
                allocation_.push_back(state.allocation[at + static_cast<std::size_t>(k)]);
                capability_.push_back(state.capability[at + static_cast<std::size_t>(k)]);
            }
        }
    }

    /// The arithmetic of all agents; Tasks = 0: any number.
    template <int Tasks>
    double agents(const double* __restrict arrived, const double* __restrict returned,
                  double* __restrict stock, double* __restrict value) {
        const int tasks = Tasks > 0 ? Tasks : static_cast<int>(tasks_);
        const double rho = (elasticity - 1.0) / elasticity, steepness = 1.0 / elasticity;
        const double demand = 1.0 / tasks;
        double* __restrict x = allocation_.data();
        const double* __restrict a = capability_.data();
        double relative[64], gain[64], total_utility = 0.0;
        for (std::int64_t i = 0; i < count(); ++i) {
            const double open = open_[static_cast<std::size_t>(i)], kept = 1.0 - open;
            double top = -INFINITY, sum = 0.0, mean = 0.0, total = 0.0;
            for (int k = 0; k < tasks; ++k) {
                stock[k] = a[k] * x[k] + arrived[k];
                relative[k] = std::log(std::max(kept * stock[k] / demand, 1e-308));
                top = std::max(top, rho * relative[k]);
            }
            for (int k = 0; k < tasks; ++k) sum += demand * std::exp(rho * relative[k] - top);
            const double log_utility = (top + std::log(sum)) / rho;
            total_utility += std::exp(log_utility);
            for (int k = 0; k < tasks; ++k) {
                const double price =
                    std::exp(std::clamp((log_utility - relative[k]) * steepness, -230.0, 230.0));
                value[k] = kept * price + returned[k];
                gain[k] = a[k] * value[k];
                mean += x[k] * gain[k];
            }
            for (int k = 0; k < tasks; ++k) {
                x[k] *= std::exp(std::clamp(rate * (gain[k] / mean - 1.0), -4.0, 4.0));
                total += x[k];
            }
            for (int k = 0; k < tasks; ++k) x[k] = std::max(x[k] / total, 1e-15);
            stock += tasks, value += tasks, arrived += tasks, returned += tasks;
            x += tasks, a += tasks;
        }
        return total_utility;
    }

    std::int64_t tasks_;
    topology::ChunkRange range_;
    std::vector<double> open_, allocation_, capability_;
    Mat routing_ = nullptr;
    Vec stock_ = nullptr, value_ = nullptr, arrived_ = nullptr, returned_ = nullptr;
};

void measure(const Options& options) {
    int rank = 0, ranks = 1;
    MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
    MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
    const double before = benchmarks::now();
    System system(options, rank, ranks);
    const double built = benchmarks::reduce(benchmarks::now() - before, MPI_MAX);
    double productivity = 0.0;
    for (int i = 0; i < benchmarks::check_steps; ++i) productivity = system.step();
    productivity = benchmarks::reduce(productivity, MPI_SUM);
    std::vector<double> seconds;
    for (int i = 0; i < options.repetitions; ++i) {
        MPI_Barrier(PETSC_COMM_WORLD);
        const double start = benchmarks::now();
        for (int s = 0; s < options.steps; ++s) system.step();
        seconds.push_back(benchmarks::reduce(benchmarks::now() - start, MPI_MAX) / options.steps);
    }
    const auto n = static_cast<double>(options.agents);
    const double memory = benchmarks::reduce(benchmarks::peak_memory(), MPI_SUM);
    if (rank != 0) return;
    std::printf(
        "RESULT program=petsc graph=%s ranks=%d agents=%.0f tasks=%lld million_agents_per_s=%.3f "
        "median=%.3f setup_s=%.2f memory_bytes_per_agent=%.0f productivity=%.12g\n",
        options.graph.c_str(), ranks, n, static_cast<long long>(options.tasks),
        n / *std::min_element(seconds.begin(), seconds.end()) / 1e6,
        n / benchmarks::median(seconds) / 1e6, built, memory / n, productivity / n);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    benchmarks::CommandLine line("The step of motley on PETSc; run it under mpirun -n RANKS");
    line.add("--graph", options.graph, "torus, small-world, random-regular, weighted");
    line.add("--agents", options.agents, "agents");
    line.add("--degree", options.degree, "arcs per agent (torus: always 8)");
    line.add("--tasks", options.tasks, 1, 64, "tasks");
    line.add("--steps", options.steps, "steps per repetition");
    line.add("--repetitions", options.repetitions, "repetitions; the fastest one counts");
    if (const auto code = line.parse(argc, argv)) return *code;
    try {
        check(PetscInitialize(nullptr, nullptr, nullptr, nullptr));
        measure(options);
        check(PetscFinalize());
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
}
