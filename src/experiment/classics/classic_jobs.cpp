#include "classic_jobs.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cmath>
#include <fstream>

#include "experiment/classics/classic_files.hpp"
#include "motley/core/error.hpp"
#include "motley/network/distributed_graph.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/record/record.hpp"
#include "motley/topology/topology.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;
using System = simulation::Simulation<double>;

/// Rows of `width` numbers of this rank become rows of all agents in the order of their ids.
/// Collective.
std::vector<double> gather(const std::vector<AgentId>& ids, const std::vector<double>& rows,
                           std::size_t width, const mpi::Communicator& comm) {
    const std::vector<double> all = comm.all_gather(rows);
    std::vector<double> sorted(all.size());
    for (std::size_t r = 0; r < ids.size(); ++r) {
        std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(r * width), width,
                    sorted.begin() +
                        static_cast<std::ptrdiff_t>(ids[r]) * static_cast<std::ptrdiff_t>(width));
    }
    return sorted;
}

/// What the last step of `system` gave. Collective.
Solved look_at(const System& system, const job::Run& run, const mpi::Communicator& comm) {
    const auto& state = system.state();
    const auto owned = system.graph().owned();
    const auto tasks = static_cast<std::size_t>(state.tasks);
    const auto width = static_cast<std::size_t>(state.width);
    const auto own_ids = system.graph().ids();
    const auto ids = comm.all_gather(std::vector<AgentId>(own_ids.begin(), own_ids.end()));
    const auto rows_of = [&](std::size_t columns, const auto& fill) {
        std::vector<double> rows(owned * columns);
        for (LocalId r = 0; r < owned; ++r) fill(r, rows.data() + r * columns);
        return gather(ids, rows, columns, comm);
    };
    const auto stored = [&](const Buffer<double>& rows) {
        return rows_of(tasks, [&](LocalId r, double* out) {
            std::copy_n(rows.data() + std::size_t{r} * width, tasks, out);
        });
    };
    Solved now;
    now.agents = ids.size();
    now.tasks = tasks;
    now.returns = run.model.returns;
    now.allocation = stored(state.allocation);
    now.capability = stored(state.capability);
    now.demand = rows_of(
        tasks, [&](LocalId r, double* out) { std::copy_n(state.demand_of(r), tasks, out); });
    now.resource = rows_of(1, [&](LocalId r, double* out) { *out = state.resource_of(r); });
    if (system.opens()) {
        now.openness = rows_of(1, [&](LocalId r, double* out) { *out = state.openness[r]; });
    }
    if (system.steps() == 0) return now;
    now.consumption =
        rows_of(tasks, [&](LocalId r, double* out) { system.read_consumption(r, out); });
    now.value = rows_of(tasks, [&](LocalId r, double* out) { system.read_values(r, out); });
    now.utility = rows_of(1, [&](LocalId r, double* out) { *out = system.read_utility(r); });
    return now;
}

Solved solve_run(const job::Run& run, const Watch& watch, const mpi::Communicator& comm) {
    std::unique_ptr<topology::Topology> topology;
    mpi::together(comm, [&] { topology = topology::make(run.topology); });
    const auto names = topology->names();
    const auto agents = topology->hosts();
    const auto partition = partition::make(run.partition, *topology, comm);
    System system(run.model, run.seed,
                  network::DistributedGraph<double>::build(*topology, partition, comm,
                                                           network::storage_for(run.model)),
                  comm, run.exchange,
                  [&](const std::string& path, std::int64_t width, std::span<const AgentId> ids) {
                      return record::read_table(path, width, agents, ids, names);
                  });
    const bool optimum = run.solve.mode == simulation::Mode::optimum;
    const std::int64_t every = optimum ? run.solve.max_steps : run.solve.steps;
    const auto observer = [](std::int64_t, const measure::Measures*, bool) {};
    const auto boundary = [&](const simulation::SolverState& state) {
        if (watch.every > 0 && state.steps % watch.every == 0) {
            watch.look(state.steps, look_at(system, run, comm));
        }
        return false;
    };
    const auto solve =
        optimum ? simulation::solve_optimum<double> : simulation::solve_dynamics<double>;
    const simulation::Solution solution = solve(
        system, run.model, run.solve, std::max<std::int64_t>(every, 1), observer, boundary, {});
    Solved solved = look_at(system, run, comm);
    solved.solution = solution;
    return solved;
}

}  // namespace

double Solved::output(std::size_t agent, std::size_t task) const {
    const std::size_t place = at(agent, task);
    return resource[agent] * capability[place] * std::pow(allocation[place], returns);
}

double Solved::income(std::size_t agent) const {
    double total = 0.0;
    for (std::size_t k = 0; k < tasks; ++k) total += value[at(agent, k)] * output(agent, k);
    return total;
}

ClassicJobs::ClassicJobs(const mpi::Communicator& comm) : comm_(comm) {
    mpi::together(comm, [&] {
        std::error_code failed;
        const fs::path parent = fs::temp_directory_path(failed);
        std::string name = (parent / "motley-classics-XXXXXX").string();
        if (failed || ::mkdtemp(name.data()) == nullptr) {
            throw storage_error(
                "the tables of the jobs need a temporary folder, and none can be made; set TMPDIR "
                "to a folder that can be written");
        }
        folder_ = name;
        for (const ClassicFile& file : classic_files) {
            std::ofstream out(folder_ / file.name, std::ios::binary);
            if (out << file.text << std::flush) continue;
            throw storage_error("cannot be written; set TMPDIR to a folder with space",
                                {(folder_ / file.name).string()});
        }
    });
}

ClassicJobs::~ClassicJobs() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

job::Run ClassicJobs::read(const std::string& name, const std::vector<std::string>& set) const {
    job::Run run;
    mpi::together(comm_, [&] { run = job::load((folder_ / (name + ".toml")).string(), set).run; });
    return run;
}

Solved ClassicJobs::solve(const std::string& name, const std::vector<std::string>& set,
                          const Watch& watch) const {
    return solve_run(read(name, set), watch, comm_);
}

std::string set_key(const std::string& path, double value) {
    return fmt::format("{}={}", path, value);
}

std::string set_key(const std::string& path, const std::vector<double>& values) {
    return fmt::format("{}=[{}]", path, fmt::join(values, ", "));
}

}  // namespace motley::experiment
