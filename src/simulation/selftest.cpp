#include "motley/simulation/selftest.hpp"

#include <fmt/format.h>

#include <cmath>

#include "motley/partition/partition.hpp"
#include "motley/simulation/solve.hpp"

namespace motley::simulation {
namespace {

struct Case {
    const char* generator;
    mpi::ExchangeKind exchange;
    partition::Method partition;  ///< block or random
};

Simulation<double> make_simulation(const topology::Spec& spec, const model::Spec& model,
                                   const mpi::Communicator& comm, const ExchangeOptions& exchange,
                                   partition::Method method, const TableReader& tables) {
    const auto topology = topology::make(spec);
    const auto partition = method == partition::Method::random
                               ? partition::Partition::random(topology->agents(), comm.size(), 7)
                               : partition::Partition::block(topology->agents(), comm.size());
    return Simulation<double>(model, 1,
                              network::DistributedGraph<double>::build(*topology, partition, comm),
                              comm, exchange, tables);
}

/// Two agents, two tasks, one better at both: the optimum of this instance of Ricardo's example is
/// known from an independent dense computation.
Check ricardo(const mpi::Communicator& comm) {
    topology::Spec spec;
    spec.generator = "complete";
    spec.agents = 2;
    model::Spec model;
    model.tasks = 2;
    model.openness = 0.95;
    model.elasticity = 1.0;
    model.capability.kind = model::Distribution::Kind::file;
    const auto tables = [](const std::string&, std::int64_t, std::span<const AgentId> ids) {
        std::vector<double> rows;
        for (const AgentId id : ids) {
            rows.push_back(id == 0 ? 6.0 : 2.0);
            rows.push_back(id == 0 ? 3.0 : 1.8);
        }
        return rows;
    };
    auto simulation = make_simulation(spec, model, comm, {}, partition::Method::block, tables);
    SolveOptions solve;
    solve.gap = 1e-8;
    const auto solution = solve_optimum<double>(
        simulation, model, solve, 1000, [](std::int64_t, const measure::Measures*, bool) {});
    constexpr double known = 6.78697017606352;
    const double error = solution.measures.productivity / known - 1.0;
    return {"known optimum (Ricardo)", solution.certified && std::abs(error) < 1e-7,
            fmt::format("P = {:.9f}, off by {:.1e}, gap {:.1e}", solution.measures.productivity,
                        error, solution.measures.gap)};
}

std::uint64_t hash_of(const Case& which, const mpi::Communicator& comm) {
    topology::Spec spec;
    spec.generator = which.generator;
    spec.agents = 1024;
    spec.set("degree", 6);
    spec.set("edge_probability", 0.006);
    model::Spec model;
    auto simulation =
        make_simulation(spec, model, comm, {which.exchange, true}, which.partition, {});
    for (int i = 0; i < 40; ++i) simulation.step(0.05, nullptr);
    return simulation.state_hash();
}

Check same_bits(const Case& which, const mpi::Communicator& comm) {
    const std::uint64_t all = hash_of(which, comm);
    const std::uint64_t alone =
        hash_of({which.generator, mpi::ExchangeKind::dense, partition::Method::block},
                mpi::Communicator::self());
    const bool same = comm.min(static_cast<std::int64_t>(all == alone)) == 1;
    return {fmt::format("same bits as one rank ({})", which.generator), same,
            fmt::format("{:016x}", all)};
}

}  // namespace

std::vector<Check> selftest(const mpi::Communicator& comm) {
    using mpi::ExchangeKind;
    using partition::Method;
    std::vector<Check> checks = {ricardo(comm)};
    for (const Case& which : {Case{"torus", ExchangeKind::persistent, Method::block},
                              Case{"watts-strogatz", ExchangeKind::neighbour, Method::random},
                              Case{"erdos-renyi", ExchangeKind::dense, Method::random},
                              Case{"complete", ExchangeKind::persistent, Method::block}}) {
        checks.push_back(same_bits(which, comm));
    }
    return checks;
}

}  // namespace motley::simulation
