#include "run_phases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "graph_properties.hpp"
#include "motley/core/clock.hpp"
#include "motley/core/machine.hpp"
#include "motley/measure/replicate_statistics.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/partition/shared_topology.hpp"
#include "motley/report/topology_picture.hpp"
#include "result_files.hpp"
#include "structure.hpp"
#include "time_series.hpp"

namespace motley::experiment {
namespace {

template <class Real>
class Phases {
  public:
    explicit Phases(const RunContext& context)
        : context_(context), job_(context.job), comm_(context.comm) {
        result_.directory = context.directory;
        result_.preset = job_.preset;
        result_.tasks = job_.model.tasks;
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
        if (has_changes(job_)) {
            changes_ =
                std::make_unique<Changes<Real>>(job_, simulation, *partition_, names_, comm_);
        }

        const simulation::SolverState from = begin(simulation);
        const std::int64_t first_step = simulation.steps();
        context_.progress.begin(from.steps);
        start = Clock::now();
        solve(simulation, from);
        if (!result_.paused()) {
            summarise(simulation, simulation.steps() - first_step, seconds_since(start));
            warn_of_learning(simulation);
            measure_structure(context_, simulation, levels_, result_);
            if (job_.attack) run_attack(simulation);
        }
        if (result_.paused()) {
            context_.progress.status().step = result_.solution.steps;
            return result_;
        }
        start = Clock::now();
        write_result_files(context_, simulation, result_, names_, *series_);
        note_phase("output", start);
        note_memory();
        complete_status(result_, context_.progress.status());
        write_run_report(context_, result_, *series_);
        return result_;
    }

  private:
    network::DistributedGraph<Real> build_network() {
        auto topology = partition::make_topology(job_.topology, comm_);
        result_.agents = topology->hosts();
        result_.relays = topology->agents() - topology->hosts();
        names_ = topology->names();
        for (const std::string& remark : topology->remarks()) {
            context_.progress.log(job_.topology.file + ": " + remark);
        }
        levels_ = topology->levels();
        if (job_.measure.graph && !topology->traits().pool)
            result_.graph = graph_properties(*topology, job_.seed, comm_);
        auto partition = partition::make(job_.partition, *topology, comm_);
        auto network = network::DistributedGraph<Real>::build(*topology, partition, comm_,
                                                              network::storage_for(job_.model));
        if (!job_.topology.file.empty()) note_density(network);
        if (job_.attack) topology_ = std::move(topology);
        if (job_.attack || has_changes(job_)) partition_ = std::move(partition);
        return network;
    }

    /// Makes the picture of a large graph while it is here. Drawn graphs are small, and read again.
    void note_density(const network::DistributedGraph<Real>& network) {
        const std::int64_t vertices = result_.agents + result_.relays;
        if (vertices <= report::NetworkPicture::largest_drawn || !network.has_arcs()) return;
        if (comm_.sum(network.arcs()) > report::most_arcs_pictured) return;
        report::Density density(vertices);
        mpi::together(comm_, [&] {
            // The cells of all columns fit the cache, their ids do not.
            static_assert(report::NetworkPicture::cells <= 256);
            std::vector<std::uint8_t> cells(network.units());
            for (std::uint32_t column = 0; column < cells.size(); ++column) {
                cells[column] =
                    static_cast<std::uint8_t>(density.cell_of(network.agent_of(column)));
            }
            network.each_arc([&](std::uint32_t column, LocalId row, double) {
                density.add_between(cells[column], density.cell_of(network.ids()[row]));
            });
        });
        comm_.sum(density.arcs());
        if (comm_.root()) result_.density = density.shares();
    }

    void run_attack(const simulation::Simulation<Real>& simulation) {
        auto start = Clock::now();
        std::int64_t told = 0;
        const AttackTarget<Real> target = {job_,
                                           simulation,
                                           *topology_,
                                           *partition_,
                                           result_.solution.certified,
                                           result_.solution.measures.gap};
        // What was made is kept every few seconds, and at the end of the time.
        job::Checkpoint often;
        often.every_minutes = 0.1;
        Pauses pauses(comm_, often, context_.limits, Pauses::Agreement::always);
        auto last = Clock::now();
        result_.attack = attack<Real>(
            target, comm_,
            [&](const AttackResult& so_far) {
                const std::int64_t done = std::ssize(so_far.points);
                const std::int64_t all = job_.attack->all_points();
                if (10 * done / all != told) {
                    told = 10 * done / all;
                    context_.progress.log(fmt::format("attacks: {} of {} points", done, all));
                }
                const Pauses::Request request = pauses.at(0, seconds_since(last));
                last = Clock::now();
                if (request == Pauses::Request::none) return false;
                mpi::on_root(comm_, [&] { context_.journal.write(so_far); });
                pauses.wrote(0, seconds_since(last));
                if (request != Pauses::Request::stop || done == all) return false;
                result_.pause = pauses.reason();
                return true;
            },
            context_.begun);
        note_phase("attack", start);
    }

    /// Adds the seconds since `start` to the result, and sets `start` to now.
    void note_phase(const std::string& name, Clock::time_point& start) {
        result_.seconds.emplace_back(name, comm_.max(seconds_since(start)));
        start = Clock::now();
    }

    /// Reports the size of the system.
    void describe(const simulation::Simulation<Real>& simulation) {
        result_.arcs = comm_.sum(simulation.graph().arcs());
        if (const auto* exchange = simulation.exchange()) {
            result_.rank_messages = comm_.sum(static_cast<std::int64_t>(exchange->messages_sent()));
            result_.rank_bytes = comm_.sum(exchange->bytes_sent());
        }
        auto& status = context_.progress.status();
        status.agents = result_.agents;
        status.relays = result_.relays;
        status.arcs = result_.arcs;
        status.tasks = result_.tasks;
        status.ranks = comm_.size();
        status.provenance = context_.provenance;
        context_.progress.log(
            fmt::format("{} agents, {} arcs, {} tasks on {} ranks; {} messages and {} bytes "
                        "between ranks per step",
                        result_.agents, result_.arcs, result_.tasks, comm_.size(),
                        result_.rank_messages, result_.rank_bytes));
        series_ = std::make_unique<TimeSeries>(result_.agents);
    }

    /// The state of the solver in the checkpoint; a new one where there is no checkpoint.
    simulation::SolverState begin(simulation::Simulation<Real>& simulation) {
        if (!context_.checkpoints.found()) return {};
        const simulation::SolverState state =
            context_.checkpoints.restore(simulation, changes_.get(), *series_);
        context_.progress.tell(fmt::format("{}: going on from the checkpoint at step {}",
                                           context_.directory, state.steps));
        return state;
    }

    void solve(simulation::Simulation<Real>& simulation, const simulation::SolverState& from) {
        const bool optimum = job_.solve.mode == simulation::Mode::optimum;
        const std::int64_t total = optimum ? job_.solve.max_steps : job_.solve.steps;
        const std::int64_t every = job_.output.every;
        const auto observer = [&](std::int64_t step, const measure::Measures* measures, bool last) {
            if (measures != nullptr && (step % every == 0 || last)) series_->add(step, *measures);
            // The step has adapted allocations once more than `step` times.
            if (job_.output.snapshots > 0 && (step + 1) % job_.output.snapshots == 0 && !last) {
                write_snapshot(context_, simulation, step + 1);
            }
            context_.progress.step(step, total, measures);
        };
        Pauses pauses(comm_, job_.checkpoint, context_.limits);
        const auto boundary = [&](const simulation::SolverState& state) {
            const Pauses::Request request = pauses.at(state.steps);
            if (request != Pauses::Request::none) {
                result_.pause = pauses.reason();
                pauses.wrote(state.steps, write_checkpoint(simulation, state));
                if (request == Pauses::Request::stop) return true;
            }
            if (changes_ && state.steps < total) changes_->before_step(state.steps);
            return false;
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
        context_.checkpoints.write(simulation, changes_.get(), state, *series_,
                                   context_.provenance);
        const double seconds = seconds_since(start);
        context_.progress.log(fmt::format("checkpoint at step {} in {:.3f} s ({})", state.steps,
                                          seconds, result_.pause));
        return seconds;
    }

    /// `steps` were made by this start in `solving` seconds.
    void summarise(const simulation::Simulation<Real>& simulation, std::int64_t steps,
                   double solving) {
        const auto& seconds = simulation.seconds();
        const auto made = static_cast<double>(steps);
        result_.state_hash = simulation.state_hash();
        result_.agent_steps_per_second =
            static_cast<double>(result_.agents) * made / comm_.max(solving);
        result_.seconds.emplace_back("compute", comm_.max(seconds.compute));
        result_.seconds.emplace_back("pack", comm_.max(seconds.pack));
        result_.seconds.emplace_back("wait", comm_.max(seconds.wait));
        result_.seconds.emplace_back("reduce", comm_.max(seconds.reduce));
        const double alone = comm_.max(seconds.exchange_alone) * made;
        const double seen = comm_.max(seconds.pack + seconds.wait);
        if (alone > 0.0) result_.hidden_share = std::clamp(1.0 - seen / alone, 0.0, 1.0);
        result_.rise = measure::correlate_ranks(series_->values("productivity"),
                                                series_->values("heterogeneity_effort"))
                           .rho;
    }

    /// Learning by doing follows what a task earns, not what the system gains, so that it may lower
    /// productivity where agents exchange little.
    void warn_of_learning(const simulation::Simulation<Real>& simulation) {
        const double alone = simulation.isolated_productivity();
        const double reached = result_.solution.measures.productivity;
        if (!(reached < alone)) return;
        const auto agents = static_cast<double>(result_.agents);
        const bool doing = job_.model.learning_rule == model::LearningRule::doing;
        context_.progress.tell(fmt::format(
            "warning: productivity ended at {:.6g} per agent, below the {:.6g} of the same agents "
            "alone at the start{}",
            reached / agents, alone / agents,
            doing ? ": learning by doing follows what a task earns and not what the system gains; "
                    "model.learning.rule = \"marginal\" follows the gain"
                  : ""));
    }

    void note_memory() {
        const std::int64_t peak = peak_memory();
        result_.memory_max = comm_.max(peak);
        result_.memory_total = comm_.sum(peak);
    }

    const RunContext& context_;
    const job::Run& job_;
    const mpi::Communicator& comm_;
    RunResult result_;
    std::unique_ptr<topology::Topology> topology_;   ///< for attacks only
    std::optional<partition::Partition> partition_;  ///< for attacks and changes only
    std::unique_ptr<Changes<Real>> changes_;         ///< null: only the dynamics change anything
    std::vector<std::string> names_;
    std::vector<topology::Level> levels_;
    std::unique_ptr<TimeSeries> series_;
};

}  // namespace

template <class Real>
RunResult run_phases(const RunContext& context) {
    return Phases<Real>(context).run();
}

template RunResult run_phases<double>(const RunContext&);
template RunResult run_phases<float>(const RunContext&);

}  // namespace motley::experiment
