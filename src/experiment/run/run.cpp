#include "motley/experiment/run/run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>

#include "checkpoints.hpp"
#include "graph_properties.hpp"
#include "motley/experiment/run/progress.hpp"
#include "motley/experiment/run/run_report.hpp"
#include "motley/measure/replicate_statistics.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/partition/versions.hpp"
#include "motley/record/folder_lock.hpp"
#include "series.hpp"

namespace motley::experiment {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<record::SeriesColumn> spatial_columns(const measure::SpatialScale& spatial) {
    return {
        {"radius", "1", "hops from the centre r", {spatial.radius.begin(), spatial.radius.end()}},
        {"heterogeneity", "nat", "effort heterogeneity within r hops I(r), mean over centres",
         spatial.heterogeneity},
        {"spread", "nat", "standard deviation of I(r) over centres", spatial.spread},
        {"ball", "agents", "mean number of agents within r hops", spatial.ball}};
}

/// One run in the precision `Real`: the way of the data from topology to record.
template <class Real>
class Runner {
  public:
    Runner(const job::Run& job, const record::Provenance& provenance, const mpi::Communicator& comm,
           const std::string& directory, Progress& progress, Checkpoints& checkpoints,
           const Limits& limits)
        : job_(job),
          provenance_(provenance),
          comm_(comm),
          directory_(directory),
          progress_(progress),
          checkpoints_(checkpoints),
          limits_(limits) {
        result_.directory = directory;
        result_.tasks = job.model.tasks;
    }

    RunResult run() {
        auto start = Clock::now();
        auto network = build_network();
        note_phase("setup", start);
        simulation::Simulation<Real> simulation(
            job_.model, job_.seed, std::move(network), comm_, job_.exchange,
            [&](const std::string& path, std::int64_t width, std::span<const AgentId> ids) {
                return record::read_table(path, width, result_.agents, ids, names_);
            });
        note_phase("state", start);
        describe(simulation);

        const simulation::SolverState from = begin(simulation);
        first_step_ = simulation.steps();
        progress_.begin(from.steps);
        start = Clock::now();
        solve(simulation, from);
        if (result_.solution.interrupted) {
            progress_.status().step = result_.solution.steps;
            return result_;
        }
        const double solving = since(start);
        summarise(simulation, solving);
        start = Clock::now();
        write_files(simulation);
        note_phase("output", start);
        note_memory();
        return result_;
    }

    const std::vector<record::SeriesColumn>& series() const { return series_->columns(); }

  private:
    network::DistributedGraph<Real> build_network() {
        std::unique_ptr<topology::Topology> topology;
        mpi::together(comm_, [&] { topology = topology::make(job_.topology); });
        result_.agents = topology->hosts();
        result_.relays = topology->agents() - topology->hosts();
        names_ = topology->names();
        levels_ = topology->levels();
        if (job_.measure.graph) result_.graph = graph_properties(*topology, job_.seed, comm_);
        const auto partition = partition::make(job_.partition, *topology, comm_);
        return network::DistributedGraph<Real>::build(*topology, partition, comm_);
    }

    void note_phase(const std::string& name, Clock::time_point& start) {
        result_.seconds.emplace_back(name, comm_.max(since(start)));
        start = Clock::now();
    }

    void describe(const simulation::Simulation<Real>& simulation) {
        result_.arcs = comm_.sum(simulation.graph().arcs());
        if (const auto* exchange = simulation.exchange()) {
            result_.rank_messages = comm_.sum(static_cast<std::int64_t>(exchange->messages_sent()));
            result_.rank_bytes = comm_.sum(exchange->bytes_sent());
        }
        auto& status = progress_.status();
        status.agents = result_.agents;
        status.relays = result_.relays;
        status.arcs = result_.arcs;
        status.tasks = result_.tasks;
        status.ranks = comm_.size();
        status.provenance = provenance_;
        progress_.log(
            fmt::format("{} agents, {} arcs, {} tasks on {} ranks; {} messages and {} bytes "
                        "between ranks per step",
                        result_.agents, result_.arcs, result_.tasks, comm_.size(),
                        result_.rank_messages, result_.rank_bytes));
        series_ = std::make_unique<Series>(result_.agents);
    }

    /// Where the solution starts: at the beginning, or at the checkpoint.
    simulation::SolverState begin(simulation::Simulation<Real>& simulation) {
        if (!checkpoints_.found()) return {};
        const simulation::SolverState state = checkpoints_.restore(simulation, *series_);
        progress_.tell(
            fmt::format("{}: going on from the checkpoint at step {}", directory_, state.steps));
        return state;
    }

    record::RunFile::WriteOptions file_options() const {
        return record::RunFile::WriteOptions{job_.output.compression};
    }

    void solve(simulation::Simulation<Real>& simulation, const simulation::SolverState& from) {
        const bool optimum = job_.solve.mode == simulation::Mode::optimum;
        const std::int64_t total = optimum ? job_.solve.max_steps : job_.solve.steps;
        const std::int64_t every = job_.output.every;
        const auto observer = [&](std::int64_t step, const measure::Measures* measures, bool last) {
            if (measures != nullptr && (step % every == 0 || last)) series_->add(step, *measures);
            // The step has adapted allocations once more than `step` times.
            if (job_.output.snapshots > 0 && (step + 1) % job_.output.snapshots == 0 && !last) {
                write_snapshot(simulation, step + 1);
            }
            progress_.step(step, total, measures);
        };
        Pauses pauses(comm_, job_.checkpoint, limits_);
        const auto boundary = [&](const simulation::SolverState& state) {
            const Pauses::Request request = pauses.at(state.steps);
            if (request == Pauses::Request::none) return false;
            result_.pause = pauses.reason();
            pauses.wrote(state.steps, write_checkpoint(simulation, state));
            return request == Pauses::Request::stop;
        };
        const auto solve_mode =
            optimum ? simulation::solve_optimum<Real> : simulation::solve_dynamics<Real>;
        result_.solution =
            solve_mode(simulation, job_.model, job_.solve, every, observer, boundary, from);
        if (!result_.solution.interrupted) result_.pause.clear();
    }

    /// Returns the seconds that it took.
    double write_checkpoint(const simulation::Simulation<Real>& simulation,
                            const simulation::SolverState& state) {
        const auto start = Clock::now();
        checkpoints_.write(simulation, state, *series_, provenance_);
        const double seconds = since(start);
        progress_.log(fmt::format("checkpoint at step {} in {:.3f} s ({})", state.steps, seconds,
                                  result_.pause));
        return seconds;
    }

    /// In a file of its own until the run ends: whole, whatever becomes of the run.
    void write_snapshot(simulation::Simulation<Real>& simulation, std::int64_t step) {
        mpi::on_root(comm_, [&] { record::make_inner_directory(directory_ + "/snapshots"); });
        record::RunFile file(comm_, snapshot_file(step), simulation.graph().agents(), result_.tasks,
                             simulation.graph().ids(), file_options());
        file.write_attributes(provenance_);
        file.write_agents(snapshot_group(step),
                          {allocation_variable(simulation), capability_variable(simulation)});
        file.commit();
    }

    static std::string snapshot_group(std::int64_t step) {
        return fmt::format("snapshots/step_{}", step);
    }
    std::string snapshot_file(std::int64_t step) const {
        return directory_ + "/" + snapshot_group(step) + ".h5";
    }

    /// The snapshots, those of earlier starts too, come into run.h5.
    void gather_snapshots(const simulation::Simulation<Real>& simulation, record::RunFile& file) {
        const std::int64_t apart = job_.output.snapshots;
        const auto& network = simulation.graph();
        for (std::int64_t step = apart; apart > 0 && step <= result_.solution.steps;
             step += apart) {
            const bool there = comm_.root() && std::filesystem::exists(snapshot_file(step));
            if (comm_.max(std::int64_t{there}) == 0) {
                progress_.tell(snapshot_file(step) + " has gone; run.h5 is made without it");
                continue;
            }
            const record::RunFileReader reader(comm_, snapshot_file(step));
            for (auto variable :
                 {allocation_variable(simulation), capability_variable(simulation)}) {
                const auto rows = reader.rows("/" + snapshot_group(step) + "/" + variable.name,
                                              network.agents(), result_.tasks, network.ids());
                variable.fill = [&](std::int64_t first, std::int64_t count, double* out) {
                    std::copy_n(rows.begin() + first * result_.tasks, count * result_.tasks, out);
                };
                file.write_agents(snapshot_group(step), {variable});
            }
        }
    }

    record::AgentVariable allocation_variable(
        const simulation::Simulation<Real>& simulation) const {
        return row_variable("allocation", "1", "share of the effort by task x",
                            simulation.state().allocation, simulation.state().width);
    }
    record::AgentVariable capability_variable(
        const simulation::Simulation<Real>& simulation) const {
        return row_variable("capability", "output per effort", "output per unit of effort a",
                            simulation.state().capability, simulation.state().width);
    }
    record::AgentVariable row_variable(const char* name, const char* unit, const char* long_name,
                                       const Buffer<Real>& rows, int stride) const {
        const std::int64_t tasks = result_.tasks;
        return {name,
                unit,
                long_name,
                tasks,
                std::is_same_v<Real, float>,
                [&rows, stride, tasks](std::int64_t first, std::int64_t count, double* out) {
                    for (std::int64_t i = 0; i < count; ++i) {
                        const Real* row = rows.data() + (first + i) * stride;
                        for (std::int64_t k = 0; k < tasks; ++k)
                            *out++ = static_cast<double>(row[k]);
                    }
                }};
    }

    std::vector<record::AgentVariable> final_variables(
        const simulation::Simulation<Real>& simulation) const {
        const bool single = std::is_same_v<Real, float>;
        const std::int64_t tasks = result_.tasks;
        std::vector<record::AgentVariable> variables = {allocation_variable(simulation),
                                                        capability_variable(simulation)};
        variables.push_back({"resource", "effort", "effort per step R", 1, single,
                             [&](std::int64_t first, std::int64_t count, double* out) {
                                 for (std::int64_t i = 0; i < count; ++i) {
                                     out[i] = simulation.state().resource_of(
                                         static_cast<std::size_t>(first + i));
                                 }
                             }});
        const auto per_agent = [&](const char* name, const char* unit, const char* long_name,
                                   std::int64_t width, auto read) {
            variables.push_back(
                {name, unit, long_name, width, single,
                 [width, read](std::int64_t first, std::int64_t count, double* out) {
                     for (std::int64_t i = 0; i < count; ++i, out += width) {
                         read(static_cast<LocalId>(first + i), out);
                     }
                 }});
        };
        per_agent("consumption", "output", "consumption c", tasks,
                  [&](LocalId row, double* out) { simulation.read_consumption(row, out); });
        per_agent("value", "utility per output", "value of a unit of output q", tasks,
                  [&](LocalId row, double* out) { simulation.read_values(row, out); });
        per_agent("utility", "utility", "utility u", 1,
                  [&](LocalId row, double* out) { *out = simulation.read_utility(row); });
        return variables;
    }

    void write_files(const simulation::Simulation<Real>& simulation) {
        record::RunFile file(comm_, directory_ + "/run.h5", simulation.graph().agents(),
                             result_.tasks, simulation.graph().ids(), file_options());
        file.write_attributes(provenance_);
        if (!names_.empty()) file.write_names(names_);
        gather_snapshots(simulation, file);
        file.write_series(series_->columns());
        if (result_.spatial.centres > 0) {
            file.write_series(spatial_columns(result_.spatial), "spatial", "radius");
        }
        file.write_agents("final", final_variables(simulation));
        if (job_.output.partition) {
            const double rank = comm_.rank();
            file.write_agents("partition", {{"rank", "1", "MPI rank that owned the agent", 1, false,
                                             [rank](std::int64_t, std::int64_t count, double* out) {
                                                 std::fill(out, out + count, rank);
                                             }}});
        }
        if (job_.output.topology) {
            std::vector<record::RunFile::ArcRow> arcs;
            mpi::together(comm_, [&] {
                for (const auto& arc : simulation.graph().stored_arcs()) {
                    arcs.push_back(
                        {arc.source, arc.target, arc.factor, simulation.graph().survival()});
                }
            });
            file.write_topology(arcs);
        }
        file.commit();
        mpi::on_root(comm_, [&] {
            record::write_file(directory_ + "/series.csv", record::series_csv(series_->columns()));
            if (result_.spatial.centres > 0) {
                record::write_file(directory_ + "/spatial.csv",
                                   record::series_csv(spatial_columns(result_.spatial)));
            }
        });
    }

    void summarise(const simulation::Simulation<Real>& simulation, double solving) {
        const auto& seconds = simulation.seconds();
        result_.state_hash = simulation.state_hash();
        const auto steps = static_cast<double>(simulation.steps() - first_step_);
        result_.agent_steps_per_second =
            static_cast<double>(result_.agents) * steps / comm_.max(solving);
        result_.seconds.emplace_back("compute", comm_.max(seconds.compute));
        result_.seconds.emplace_back("pack", comm_.max(seconds.pack));
        result_.seconds.emplace_back("wait", comm_.max(seconds.wait));
        result_.seconds.emplace_back("reduce", comm_.max(seconds.reduce));
        const double alone = comm_.max(seconds.exchange_alone) * steps;
        const double seen = comm_.max(seconds.pack + seconds.wait);
        if (alone > 0.0) result_.hidden_share = std::clamp(1.0 - seen / alone, 0.0, 1.0);
        measure_structure(simulation);
        result_.rise = measure::correlate_ranks(series_->values("productivity"),
                                                series_->values("heterogeneity_effort"))
                           .rho;
    }

    /// Where in the network the heterogeneity is: by level, and by distance.
    void measure_structure(const simulation::Simulation<Real>& simulation) {
        const auto& state = simulation.state();
        const double total = result_.solution.measures.heterogeneity_effort;
        const auto efforts = [&](std::size_t row, double* out) {
            const Real* x = state.allocation.data() + row * static_cast<std::size_t>(state.width);
            for (int k = 0; k < state.tasks; ++k) {
                out[k] = state.resource_of(row) * static_cast<double>(x[k]);
            }
        };
        if (!levels_.empty()) {
            result_.levels = measure::by_level(levels_, simulation.graph().ids(), state.tasks,
                                               efforts, total, comm_);
        }
        if (job_.measure.centres > 0) {
            result_.spatial = measure::spatial_scale(
                simulation.graph(), state.tasks, efforts, total,
                measure::sample_centres(result_.agents, job_.measure.centres, job_.seed), comm_);
        }
    }

    void note_memory() {
        const std::int64_t peak = peak_memory();
        result_.memory_max = comm_.max(peak);
        result_.memory_total = comm_.sum(peak);
    }

    const job::Run& job_;
    const record::Provenance& provenance_;
    const mpi::Communicator& comm_;
    std::string directory_;
    Progress& progress_;
    Checkpoints& checkpoints_;
    const Limits& limits_;
    std::int64_t first_step_ = 0;
    RunResult result_;
    std::vector<std::string> names_;
    std::vector<topology::Level> levels_;
    std::unique_ptr<Series> series_;
};

/// What a result says in status.json beyond what the steps said.
void complete_status(record::Status& status, const RunResult& result) {
    status.step = result.solution.steps;
    status.certified = result.solution.certified;
    if (result.spatial.centres > 0) status.spatial_scale = result.spatial.scale;
    for (const auto& level : result.levels) status.levels.emplace_back(level.name, level.effort);
    status.state_hash = fmt::format("{:016x}", result.state_hash);
    status.agent_steps_per_second = result.agent_steps_per_second;
    status.memory_bytes = {result.memory_max, result.memory_total};
    status.wall_seconds = result.seconds;
    const auto& m = result.solution.measures;
    status.by_task = {m.effort_by_task, m.value_by_task, m.expenditure_by_task};
}

/// Rank 0 writes report.html from what is in memory.
void write_report(const std::string& directory, const record::Status& status,
                  const RunResult& result, const std::vector<record::SeriesColumn>& series) {
    RunRecord run{std::filesystem::path(directory).filename().string(), status, series, {}};
    if (result.spatial.centres > 0) run.spatial = spatial_columns(result.spatial);
    record::write_file(directory + "/report.html", report::to_html(run_document({run})));
}

template <class Real>
RunResult run_in(const job::Run& job, const record::Provenance& provenance,
                 const mpi::Communicator& comm, const std::string& directory, Progress& progress,
                 Checkpoints& checkpoints, const Limits& limits) {
    Runner<Real> runner(job, provenance, comm, directory, progress, checkpoints, limits);
    const RunResult result = runner.run();
    if (result.solution.interrupted) return result;
    complete_status(progress.status(), result);
    mpi::on_root(comm,
                 [&] { write_report(directory, progress.status(), result, runner.series()); });
    return result;
}

/// Snapshots that are files of their own, and their folder unless others use it.
void remove_snapshots(const std::string& directory) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(directory) / "snapshots";
    std::error_code ignored;
    std::vector<fs::path> files;
    const bool link = fs::is_symlink(folder, ignored);  // goes, but not what it points at
    for (const auto& entry :
         link ? fs::directory_iterator() : fs::directory_iterator(folder, ignored)) {
        if (entry.path().filename().string().starts_with("step_")) files.push_back(entry.path());
    }
    for (const auto& path : files) fs::remove(path, ignored);
    fs::remove(folder, ignored);
}

/// Makes room for the results of this run: an earlier run's go, and what a killed one left.
void clear(const std::string& directory, bool keep_snapshots) {
    namespace fs = std::filesystem;
    std::error_code failed;
    std::vector<fs::path> old;
    for (const char* name : {"run.h5", "series.csv", "spatial.csv", "report.html"}) {
        old.emplace_back(fs::path(directory) / name);
    }
    for (const char* folder : {"", "snapshots"}) {
        const fs::path path = fs::path(directory) / folder;
        for (const auto& entry : fs::directory_iterator(path, failed)) {
            if (entry.path().extension() == ".tmp") old.push_back(entry.path());
        }
    }
    if (!keep_snapshots) remove_snapshots(directory);
    for (const auto& path : old) {
        fs::remove(path, failed);
        if (!failed) continue;
        throw storage_error("the result of an earlier run cannot be removed: " + failed.message() +
                                "; remove it or choose another name",
                            {path.string()});
    }
}

/// The whole of `run` but for the last word in status.json.
RunResult run_here(const job::Run& job, record::Provenance provenance,
                   const mpi::Communicator& comm, const std::string& directory, Progress& progress,
                   const Limits& limits) {
    const std::string inputs = mpi::on_root(comm, [&] { return input_hashes(job); });
    if (!inputs.empty()) provenance.emplace_back("inputs", inputs);
    Checkpoints checkpoints(job, inputs, directory, comm,
                            [&](const std::string& line) { progress.tell(line); });
    if (limits.fresh) mpi::on_root(comm, [&] { checkpoints.remove(); });
    const bool found = checkpoints.find();
    mpi::on_root(comm, [&] {
        checkpoints.remove_remains();
        clear(directory, found);
    });
    const bool single = job.model.precision == model::Precision::single;
    const auto run_as = single ? run_in<float> : run_in<double>;
    const auto result = run_as(job, provenance, comm, directory, progress, checkpoints, limits);
    mpi::on_root(comm, [&] {
        if (result.solution.interrupted) return;
        // Checkpoints first: one without its snapshots would go on to less.
        checkpoints.remove();
        remove_snapshots(directory);
    });
    return result;
}

}  // namespace

RunResult run(const job::Run& job, const std::string& resolved_text,
              const std::vector<std::string>& command, const mpi::Communicator& comm,
              const Console& console, const Limits& limits) {
    const std::string directory = job.output.directory + "/" + job.name;
    const record::FolderLock lock(comm, directory);
    record::Provenance provenance =
        record::run_provenance(comm, command, partition::library_versions());
    provenance.emplace_back("job", resolved_text);
    provenance.emplace_back("seed", std::to_string(job.seed));
    provenance.emplace_back("partitioner", partition::name(job.partition.method));
    std::unique_ptr<Progress> progress;
    mpi::together(comm, [&] {
        const bool goes_on = !limits.fresh && std::filesystem::exists(directory + "/checkpoint");
        progress = std::make_unique<Progress>(directory, console, comm.root(), goes_on);
    });
    try {
        const auto result = run_here(job, provenance, comm, directory, *progress, limits);
        const bool paused = result.solution.interrupted;
        mpi::together(comm, [&] {
            progress->finish(paused ? record::JobState::checkpointed : record::JobState::done, "");
        });
        return result;
    } catch (const std::exception& error) {
        progress->finish(record::JobState::failed, error.what());
        throw;
    }
}

}  // namespace motley::experiment
