// A measure of one's own: the mean share of an agent's effort that goes into its main task; from
// 1/K, where everybody does everything, to 1, where everybody does one thing.
#include <algorithm>
#include <cstdio>

#include "motley/simulation/simulation.hpp"

namespace {

using namespace motley;

simulation::Simulation<double> small_world(const mpi::Communicator& comm,
                                           const model::Spec& model) {
    topology::Spec spec;
    spec.generator = "watts-strogatz";
    spec.agents = 1000;
    spec.set("degree", 6);
    const auto topology = topology::make(spec);
    const auto partition = partition::Partition::block(topology->agents(), comm.size());
    return simulation::Simulation<double>(
        model, 1, network::DistributedGraph<double>::build(*topology, partition, comm), comm, {},
        {});
}

/// Collective; the same bits on any number of ranks.
double specialisation(const simulation::Simulation<double>& simulation,
                      const mpi::Communicator& comm) {
    const auto& state = simulation.state();
    const auto width = static_cast<std::size_t>(state.width);
    ExactSum sum[1];
    const auto agents = static_cast<std::size_t>(simulation.graph().owned());
    for (std::size_t i = 0; i < agents; ++i) {
        const double* row = state.allocation.data() + i * width;
        sum[0].add(*std::max_element(row, row + state.tasks));
    }
    comm.sum(sum);
    return sum[0].value() / static_cast<double>(simulation.graph().agents());
}

}  // namespace

int main(int argc, char** argv) {
    const mpi::Environment environment(argc, argv);
    const auto comm = mpi::Communicator::world();
    return mpi::guarded(comm, [&] {
        model::Spec model;
        model.tasks = 4;
        auto simulation = small_world(comm, model);
        const double before = specialisation(simulation, comm);
        for (int step = 0; step < 500; ++step) simulation.step(0.05, nullptr);
        const double after = specialisation(simulation, comm);
        const auto hash = static_cast<unsigned long long>(simulation.state_hash());
        if (comm.root()) {
            std::printf("%d ranks: specialisation %.17g, then %.17g; state %016llx\n", comm.size(),
                        before, after, hash);
        }
        return 0;
    });
}
