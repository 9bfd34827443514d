// Simulations for tests, made from a topology, a model and tables in memory, without a job file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/partition/partition.hpp"
#include "motley/simulation/simulation.hpp"
#include "motley/simulation/solve.hpp"
#include "support/arc_topology.hpp"
#include "support/reference.hpp"

namespace motley::test {

/// Rows of all agents by file name, as if they had been read from tables.
using Tables = std::map<std::string, std::vector<double>>;

inline simulation::TableReader reader_of(Tables tables) {
    return [tables = std::move(tables)](const std::string& path, std::int64_t width,
                                        std::span<const AgentId> ids) {
        const auto found = tables.find(path);
        if (found == tables.end()) throw input_error("no table " + path);
        std::vector<double> rows;
        for (const AgentId id : ids) {
            const auto first = found->second.begin() + id * width;
            rows.insert(rows.end(), first, first + width);
        }
        return rows;
    };
}

inline model::Distribution from_table(const std::string& name) {
    model::Distribution distribution;
    distribution.kind = model::Distribution::Kind::file;
    distribution.file = name;
    return distribution;
}

template <class Real>
simulation::Simulation<Real> simulation_of(const topology::Topology& topology,
                                           const partition::Partition& partition,
                                           const model::Spec& spec, std::uint64_t seed,
                                           const mpi::Communicator& comm, const Tables& tables = {},
                                           const simulation::ExchangeOptions& exchange = {}) {
    return {spec,
            seed,
            network::DistributedGraph<Real>::build(topology, partition, comm,
                                                   network::storage_for(spec)),
            comm,
            exchange,
            reader_of(tables)};
}

/// A simulation of all agents on one rank. Its communicator outlives every simulation.
inline simulation::Simulation<double> serial_simulation(const topology::Topology& topology,
                                                        const model::Spec& spec,
                                                        std::uint64_t seed = 1,
                                                        const Tables& tables = {}) {
    static const mpi::Communicator self = mpi::Communicator::self();
    return simulation_of<double>(topology, partition::Partition::block(topology.agents(), 1), spec,
                                 seed, self, tables);
}

inline std::unique_ptr<topology::Topology> generated(const std::string& generator, AgentId agents,
                                                     std::int64_t degree = 4) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    spec.set("degree", degree);
    return topology::make(spec);
}

inline simulation::Solution dynamics(simulation::Simulation<double>& simulation,
                                     const model::Spec& spec, std::int64_t steps, double rate) {
    simulation::SolveOptions solve;
    solve.mode = simulation::Mode::dynamics;
    solve.steps = steps;
    solve.rate = rate;
    return simulation::solve_dynamics<double>(simulation, spec, solve, steps,
                                              [](std::int64_t, const measure::Measures*, bool) {});
}

inline simulation::Solution optimum(simulation::Simulation<double>& simulation,
                                    const model::Spec& spec, double gap, std::int64_t max_steps) {
    simulation::SolveOptions solve;
    solve.mode = simulation::Mode::optimum;
    solve.gap = gap;
    solve.max_steps = max_steps;
    return simulation::solve_optimum<double>(simulation, spec, solve, max_steps,
                                             [](std::int64_t, const measure::Measures*, bool) {});
}

/// Allocations, flows and results of one agent as dense rows.
struct AgentRow {
    AgentId agent = 0;
    std::vector<double> allocation, capability, demand, consumption, value;
    double resource = 0.0, utility = 0.0;
};

template <class Real>
std::vector<AgentRow> rows_of(const simulation::Simulation<Real>& simulation) {
    const auto& state = simulation.state();
    const auto tasks = static_cast<std::size_t>(state.tasks);
    std::vector<AgentRow> rows;
    for (LocalId r = 0; r < simulation.graph().owned(); ++r) {
        AgentRow row;
        row.agent = simulation.graph().ids()[r];
        row.consumption.resize(tasks);
        row.value.resize(tasks);
        simulation.read_consumption(r, row.consumption.data());
        simulation.read_values(r, row.value.data());
        row.utility = simulation.read_utility(r);
        row.resource = state.resource_of(r);
        const std::size_t at = std::size_t{r} * static_cast<std::size_t>(state.width);
        for (std::size_t k = 0; k < tasks; ++k) {
            row.allocation.push_back(static_cast<double>(state.allocation[at + k]));
            row.capability.push_back(static_cast<double>(state.capability[at + k]));
            row.demand.push_back(static_cast<double>(state.demand_of(r)[k]));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// The dense reference in the same state as a simulation that owns all agents (one rank).
template <class Real>
Reference reference_of(const simulation::Simulation<Real>& simulation, const model::Spec& spec,
                       Matrix transfer) {
    const auto rows = rows_of(simulation);
    Reference reference(rows.size(), static_cast<std::size_t>(spec.tasks), std::move(transfer));
    reference.openness = spec.openness;
    reference.elasticity = spec.elasticity;
    reference.returns = spec.returns;
    reference.learning_exponent = spec.learning_exponent;
    reference.adapts = spec.adapt;
    reference.marginal = spec.learning_rule == model::LearningRule::marginal;
    reference.learning_floor = spec.learning_floor;
    reference.mutation = spec.mutation;
    reference.migration = spec.migration;
    reference.growth_local = spec.growth_scope == model::GrowthScope::local;
    for (const auto& row : rows) {
        const auto i = static_cast<std::size_t>(row.agent);
        for (std::size_t k = 0; k < row.allocation.size(); ++k) {
            reference.allocation[i][k] = row.allocation[k];
            reference.capability[i][k] = row.capability[k];
            reference.demand[i][k] = row.demand[k];
        }
        reference.resource[i] = row.resource;
    }
    return reference;
}

}  // namespace motley::test
