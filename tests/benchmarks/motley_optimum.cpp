// Time to a certified optimum of the instances that peers/ipopt_optimum.cpp solves; prints one
// RESULT line. Reading a job and starting MPI are left out, as they are there.
#include "motley/simulation/solve.hpp"
#include "optimum.hpp"

int main(int argc, char** argv) {
    using namespace motley;
    benchmarks::OptimumOptions options;
    if (const auto code = options.parse(argc, argv, "The optimum by motley")) return *code;
    const mpi::Environment environment(argc, argv);
    const auto self = mpi::Communicator::self();
    const auto graph = benchmarks::make_graph(options.graph, options.agents, options.degree, 1);
    const benchmarks::Stopwatch watch;
    const model::Spec spec = options.model();
    simulation::Simulation<double> simulation(
        spec, 1,
        network::DistributedGraph<double>::build(
            *graph, partition::Partition::block(options.agents, 1), self),
        self, {}, {});
    simulation::SolveOptions solve;
    solve.mode = simulation::Mode::optimum;
    solve.gap = options.gap;
    solve.max_steps = 1'000'000;
    const auto solution =
        simulation::solve_optimum<double>(simulation, spec, solve, solve.max_steps,
                                          [](std::int64_t, const measure::Measures*, bool) {});
    options.print("motley", watch,
                  solution.measures.productivity / static_cast<double>(options.agents),
                  solution.certified ? "certified" : "not-certified");
    return solution.certified ? 0 : 1;
}
