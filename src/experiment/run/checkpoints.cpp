// A checkpoint holds the allocations, the messages under way (stock and value, which the next step
// reads), the step, the state of the solver and the series so far; also capabilities where they
// learn, resources where they grow, and openness and utilities where own rules of flows need them.
// Where agents may fail it holds their marks (bit n is that of the n-th event or failure that takes
// agents or links) and what is left of their resources; where links may close or arcs are replaced,
// the arcs with their marks.
// It does not hold what the job and its files reproduce, bit for bit: the topology, the partition
// and the exchange (on which results do not depend), constant capabilities and resources, and the
// demand (drawn again for the last entry of the schedule that was applied). Nor does it hold the
// messages of the other parity, which are overwritten before they are read (but by accelerated
// searches, whose momentum and earlier messages it holds), and the totals of the mean field, which
// are an exact sum of what is held.
#include "checkpoints.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "motley/core/text_hash.hpp"

namespace motley::experiment {
namespace {

using Json = nlohmann::ordered_json;

std::string hash_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return "cannot be read";
    XXH3_state_t* state = XXH3_createState();
    XXH3_64bits_reset(state);
    std::vector<char> block(std::size_t{1} << 20);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        XXH3_64bits_update(state, block.data(), static_cast<std::size_t>(in.gcount()));
    }
    const auto hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return fmt::format("{:016x}", hash);
}

/// The exact hexadecimal text of a double, which may be infinite.
std::string exact(double number) {
    return fmt::format("{:a}", number);
}
double from_exact(const std::string& text) {
    return std::strtod(text.c_str(), nullptr);
}

std::string to_json(const simulation::SolverState& state, std::int64_t all_steps,
                    std::size_t rows) {
    return Json{{"steps", state.steps},
                {"all_steps", all_steps},
                {"series_rows", rows},
                {"demand_changes", state.changes},
                {"rate", exact(state.rate)},
                {"excess", exact(state.excess)},
                {"settles", state.settles},
                {"accelerates", state.accelerates},
                {"least_excess", exact(state.least_excess)},
                {"stalled", state.stalled},
                {"settling_done", state.settling.done},
                {"settling_batch", state.settling.batch},
                {"settling_residual", exact(state.settling.residual)}}
        .dump();
}

struct Stored {
    simulation::SolverState state;
    std::int64_t all_steps = 0;
    std::int64_t rows = 0;
};

Stored from_json(const std::string& text) {
    const Json json = Json::parse(text);
    Stored stored;
    stored.all_steps = json.at("all_steps").get<std::int64_t>();
    stored.rows = json.at("series_rows").get<std::int64_t>();
    simulation::SolverState& state = stored.state;
    state.steps = json.at("steps").get<std::int64_t>();
    state.changes = json.at("demand_changes").get<std::size_t>();
    state.rate = from_exact(json.at("rate").get<std::string>());
    state.excess = from_exact(json.at("excess").get<std::string>());
    state.settles = json.at("settles").get<bool>();
    state.accelerates = json.at("accelerates").get<bool>();
    state.least_excess = from_exact(json.at("least_excess").get<std::string>());
    state.stalled = json.at("stalled").get<std::int64_t>();
    state.settling.done = json.at("settling_done").get<std::int64_t>();
    state.settling.batch = json.at("settling_batch").get<std::int64_t>();
    state.settling.residual = from_exact(json.at("settling_residual").get<std::string>());
    return stored;
}

/// A number of every agent.
record::AgentVariable number_per_agent(const char* name, const char* unit, const char* long_name,
                                       const std::vector<double>& numbers) {
    return {name,
            unit,
            long_name,
            1,
            false,
            {},
            reinterpret_cast<const std::byte*>(numbers.data()),
            sizeof(double)};
}

template <class Real>
std::vector<record::AgentVariable> state_variables(const simulation::Simulation<Real>& simulation) {
    const auto& state = simulation.state();
    const auto width = static_cast<std::size_t>(state.width);
    const std::int64_t tasks = state.tasks;
    std::vector<record::AgentVariable> variables;
    const auto add = [&](const char* name, const char* unit, const char* long_name,
                         std::int64_t columns, const Real* rows, std::size_t stride) {
        variables.push_back({name,
                             unit,
                             long_name,
                             columns,
                             std::is_same_v<Real, float>,
                             {},
                             reinterpret_cast<const std::byte*>(rows),
                             stride * sizeof(Real)});
    };
    const Real* messages = simulation.messages(0);
    add("allocation", "1", "share of the effort by task x", tasks, state.allocation.data(), width);
    add("stock", "output", "what was passed on in the last step, scaled as in the step", tasks,
        messages, 2 * width);
    add("value", "utility per output", "value of a unit of output q", tasks, messages + width,
        2 * width);
    if (simulation.accelerates()) {
        add("velocity", "1", "last change of ln x", tasks, state.velocity.data(), width);
        add("moves", "steps", "steps with momentum", 1, state.moves.data(), 1);
    }
    if (simulation.accelerates() && !simulation.mean_field()) {
        const Real* earlier = simulation.earlier_messages(0);
        add("earlier_stock", "output", "stock of the step before", tasks, earlier, 2 * width);
        add("earlier_value", "utility per output", "value of the step before", tasks,
            earlier + width, 2 * width);
    }
    if (simulation.learns()) {
        add("capability", "output per effort", "output per unit of effort a", tasks,
            state.capability.data(), width);
    }
    if (simulation.resources_change()) {
        add("resource", "effort", "effort per step R", 1, state.resource.data(), 1);
    }
    if (simulation.opens()) {
        add("openness", "1", "openness lambda", 1, state.openness.data(), 1);
    }
    if (simulation.log_welfare()) {
        variables.push_back(
            number_per_agent("utility", "utility", "utility u", simulation.utilities()));
    }
    if (simulation.fallible()) {
        variables.push_back(number_per_agent("factor", "1", "share of the resource that is there",
                                             simulation.resource_factors()));
        if (simulation.resources_change()) {
            variables.push_back(number_per_agent("own_resource", "effort",
                                                 "effort per step R without losses",
                                                 simulation.own_resources()));
        }
    }
    return variables;
}

/// The arcs with their weights while all are open, and the marks of those that links may close.
template <class Real>
void write_arcs(record::RunFile& file, const simulation::Simulation<Real>& simulation,
                const Changes<Real>* changes) {
    std::vector<record::RunFile::ArcRow> arcs;
    if (changes == nullptr) {
        for (const auto& arc : simulation.routing()) {
            arcs.push_back({arc.source, arc.target, arc.weight, 1.0});
        }
    } else {
        for (const auto& [arc, marks] : changes->arcs()) {
            arcs.push_back(
                {arc.source, arc.target, arc.weight, arc.survival, static_cast<double>(marks)});
        }
    }
    file.write_topology(arcs);
}

}  // namespace

std::string input_hashes(const job::Run& job) {
    std::vector<std::string> paths = {job.topology.file,         job.topology.node_file,
                                      job.model.capability.file, job.model.resource.file,
                                      job.model.demand.file,     job.model.allocation_file};
    for (const auto& change : job.model.schedule) paths.push_back(change.demand.file);
    for (const auto& level : job.topology.levels) paths.push_back(level.file);
    for (const auto& event : job.events) {
        paths.push_back(event.select.file);
        paths.push_back(event.demand.file);
    }
    std::string text;
    for (const auto& path : paths) {
        if (!path.empty()) text += fmt::format("{}: {}\n", path, hash_file(path));
    }
    return text;
}

Checkpoints::Checkpoints(const job::Run& job, const std::string& inputs,
                         const std::string& directory, const mpi::Communicator& comm,
                         std::function<void(const std::string&)> warn)
    : comm_(comm),
      folder_(directory + "/checkpoint"),
      rewires_(job.topology.rewires()),
      marks_arcs_(marks_arcs(job)),
      job_(hash_64(job::defining_toml(job) + inputs)),
      program_(record::program_version()),
      warn_(std::move(warn)) {}

bool Checkpoints::find() {
    // Ranks on other hosts may see the folder late, so that rank 0 reads it for all.
    const auto steps = mpi::on_root(comm_, [&] { return folder_.steps(); });
    return std::ranges::any_of(steps, [&](std::int64_t step) { return usable(step); });
}

bool Checkpoints::usable(std::int64_t step) {
    record::Seal seal;
    try {
        mpi::together(comm_, [&] { seal = folder_.seal(step); });
        if (seal.job == job_) folder_.check(comm_, seal);
    } catch (const Error& error) {
        if (!error.everywhere()) throw;
        warn_(fmt::format("a checkpoint is not used: {}", error.what()));
        return false;
    }
    if (seal.job != job_) {
        Error error = usage_error(
            fmt::format("this folder holds a checkpoint (step {}) of another job: the job file, "
                        "--set or a file that it reads has changed since; --fresh starts over, or "
                        "give the job another name",
                        step),
            {folder_.path()});
        error.set_everywhere();
        throw error;
    }
    if (seal.program != program_) {
        warn_(fmt::format("the checkpoint was written by motley {}; this is {}", seal.program,
                          program_));
    }
    found_ = seal;
    return true;
}

template <class Real>
simulation::SolverState Checkpoints::restore(simulation::Simulation<Real>& simulation,
                                             std::type_identity_t<Changes<Real>>* changes,
                                             TimeSeries& series) const {
    const record::RunFileReader file(comm_, folder_.file(found_->step));
    const Stored stored = from_json(file.attribute("solver"));
    std::vector<std::vector<double>> columns;
    for (const auto& column : series.columns()) {
        columns.push_back(file.column("/series/" + column.name, stored.rows));
    }
    series.restore(std::move(columns));
    // Arcs come first: with others the rows have another order.
    std::vector<MarkedArc> arcs;
    if (simulation.routes() || rewires_ || marks_arcs_) {
        for (const auto& arc : file.arcs(simulation.graph().ids())) {
            arcs.push_back({{arc.source, arc.target, arc.weight, arc.survival},
                            static_cast<std::uint64_t>(arc.value)});
        }
    }
    if (changes != nullptr) changes->restore_arcs(arcs);
    const auto rows = [&](const char* name, std::int64_t width) {
        return file.rows(std::string("/state/") + name, simulation.graph().agents(), width,
                         simulation.graph().ids());
    };
    const std::int64_t tasks = simulation.state().tasks;
    simulation::StateRows state;
    state.allocation = rows("allocation", tasks);
    state.stock = rows("stock", tasks);
    state.value = rows("value", tasks);
    if (stored.state.accelerates) {
        state.accelerated = true;
        state.velocity = rows("velocity", tasks);
        state.moves = rows("moves", 1);
        if (!simulation.mean_field()) {
            state.earlier_stock = rows("earlier_stock", tasks);
            state.earlier_value = rows("earlier_value", tasks);
        }
    }
    if (simulation.learns()) state.capability = rows("capability", tasks);
    if (simulation.resources_change()) state.resource = rows("resource", 1);
    if (simulation.opens()) state.openness = rows("openness", 1);
    state.rewired = rewires_;
    for (const auto& [arc, marks] : arcs) {
        state.routing.push_back({arc.source, arc.target, arc.weight});
    }
    if (simulation.log_welfare()) state.utility = rows("utility", 1);
    if (simulation.fallible()) {
        state.factor = rows("factor", 1);
        if (simulation.resources_change()) state.own_resource = rows("own_resource", 1);
    }
    simulation.restore(state, stored.state.changes, stored.all_steps);
    if (changes != nullptr) changes->restore(stored.state.steps, rows("marks", 1), arcs);
    return stored.state;
}

template <class Real>
void Checkpoints::write(const simulation::Simulation<Real>& simulation,
                        const std::type_identity_t<Changes<Real>>* changes,
                        const simulation::SolverState& state, const TimeSeries& series,
                        const record::Provenance& provenance) const {
    // The name is the number of all steps that were made, because adaptation steps stand still
    // while flows settle.
    const std::int64_t step = simulation.steps();
    if (found_ && found_->step == step) return;
    mpi::on_root(comm_, [&] { record::make_inner_directory(folder_.path()); });
    const auto& network = simulation.graph();
    record::Seal seal;
    record::RunFile::WriteOptions options;
    options.digest = &seal.digest;
    record::RunFile file(comm_, folder_.file(step), network.agents(), simulation.state().tasks,
                         network.ids(), options);
    record::Provenance attributes = provenance;
    const auto rows = series.columns().front().values.size();
    attributes.emplace_back("solver", to_json(state, simulation.steps(), rows));
    file.write_attributes(attributes);
    file.write_series(series.columns());
    auto variables = state_variables(simulation);
    std::vector<double> marks;
    if (changes != nullptr) {
        marks.assign(changes->marks().begin(), changes->marks().end());
        variables.push_back(number_per_agent(
            "marks", "1", "events and failures that have taken the agent, a bit each", marks));
    }
    file.write_agents("state", variables);
    if (simulation.routes() || rewires_ || marks_arcs_) write_arcs(file, simulation, changes);
    file.commit();
    seal.step = step;
    seal.job = job_;
    seal.program = program_;
    folder_.close(comm_, seal);
}

#define MOTLEY_INSTANTIATE(Real)                                                                 \
    template simulation::SolverState Checkpoints::restore<Real>(                                 \
        simulation::Simulation<Real>&, Changes<Real>*, TimeSeries&) const;                       \
    template void Checkpoints::write<Real>(const simulation::Simulation<Real>&,                  \
                                           const Changes<Real>*, const simulation::SolverState&, \
                                           const TimeSeries&, const record::Provenance&) const;
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::experiment
