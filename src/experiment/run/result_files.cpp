#include "result_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "agent_variables.hpp"
#include "attack_files.hpp"
#include "motley/experiment/run/run_report.hpp"
#include "skills.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;

std::vector<record::SeriesColumn> spatial_columns(const measure::SpatialScale& spatial) {
    return {
        {"radius", "1", "hops from the centre r", {spatial.radius.begin(), spatial.radius.end()}},
        {"heterogeneity", "nat", "effort heterogeneity within r hops I(r), mean over centres",
         spatial.heterogeneity},
        {"spread", "nat", "standard deviation of I(r) over centres", spatial.spread},
        {"ball", "agents", "mean number of agents within r hops", spatial.ball},
        {"balance", "1", "local balance b(r), mean over centres", spatial.balance}};
}

std::string snapshot_group(std::int64_t step) {
    return fmt::format("snapshots/step_{}", step);
}

std::string snapshot_file(const std::string& directory, std::int64_t step) {
    return directory + "/" + snapshot_group(step) + ".h5";
}

template <class Real>
std::vector<record::AgentVariable> snapshot_variables(
    const simulation::Simulation<Real>& simulation) {
    return {allocation_variable(simulation), capability_variable(simulation)};
}

template <class Real>
record::RunFile open_file(const RunContext& context, const simulation::Simulation<Real>& simulation,
                          const std::string& path) {
    record::RunFile::WriteOptions options;
    options.compression = context.job.output.compression;
    return {context.comm,
            path,
            simulation.graph().agents(),
            simulation.state().tasks,
            simulation.graph().ids(),
            options};
}

/// Copies the snapshots, those of earlier starts too, into run.h5.
template <class Real>
void gather_snapshots(const RunContext& context, const simulation::Simulation<Real>& simulation,
                      std::int64_t steps, record::RunFile& file) {
    const std::int64_t apart = context.job.output.snapshots;
    const std::int64_t tasks = simulation.state().tasks;
    const auto& network = simulation.graph();
    for (std::int64_t step = apart; apart > 0 && step <= steps; step += apart) {
        const std::string path = snapshot_file(context.directory, step);
        const bool there = context.comm.root() && fs::exists(path);
        if (context.comm.max(std::int64_t{there}) == 0) {
            context.progress.tell(path + " is gone; run.h5 is written without this snapshot");
            continue;
        }
        const record::RunFileReader reader(context.comm, path);
        for (auto variable : snapshot_variables(simulation)) {
            const auto rows = reader.rows("/" + snapshot_group(step) + "/" + variable.name,
                                          network.agents(), tasks, network.ids());
            variable.fill = [&](std::int64_t first, std::int64_t count, double* out) {
                std::copy_n(rows.begin() + first * tasks, count * tasks, out);
            };
            file.write_agents(snapshot_group(step), {variable});
        }
    }
}

template <class Real>
void write_arcs(const RunContext& context, simulation::Simulation<Real>& simulation,
                record::RunFile& file) {
    // A symmetric graph with uniform routing has the weight 1 and its survival.
    const bool weighted = !simulation.graph().in().weights.empty();
    const double survival = simulation.graph().survival();
    const auto values = simulation.arc_values();
    std::vector<record::RunFile::ArcRow> arcs;
    mpi::together(context.comm, [&] {
        for (const auto& arc : values) {
            arcs.push_back(
                {arc.source, arc.target, weighted ? arc.factor : 1.0, survival, arc.value});
        }
    });
    file.write_topology(arcs);
}

void write_csv_files(const RunContext& context, const RunResult& result, const TimeSeries& series) {
    record::write_file(context.directory + "/series.csv", record::series_csv(series.columns()));
    if (result.spatial.centres > 0) {
        record::write_file(context.directory + "/spatial.csv",
                           record::series_csv(spatial_columns(result.spatial)));
    }
    if (!result.attack.points.empty()) {
        record::write_file(context.directory + "/attacks.csv", attacks_csv(result.attack));
    }
    if (!result.attack.singles.empty()) {
        record::write_file(context.directory + "/criticality.csv", criticality_csv(result.attack));
    }
    if (result.skills.place.empty()) return;
    record::write_file(context.directory + "/skills.csv",
                       record::series_csv(skill_columns(result.skills)));
}

/// Mean, least and largest criticality of the agents that were taken alone and earned something.
std::vector<std::pair<std::string, double>> criticality_of(const std::vector<Single>& singles) {
    std::vector<double> values;
    for (const Single& each : singles) {
        if (std::isfinite(each.criticality)) values.push_back(each.criticality);
    }
    if (values.empty()) return {};
    double sum = 0.0;
    for (const double value : values) sum += value;
    const auto [least, largest] = std::ranges::minmax(values);
    return {
        {"mean", sum / static_cast<double>(values.size())}, {"least", least}, {"largest", largest}};
}

}  // namespace

template <class Real>
void write_snapshot(const RunContext& context, const simulation::Simulation<Real>& simulation,
                    std::int64_t step) {
    mpi::on_root(context.comm,
                 [&] { record::make_inner_directory(context.directory + "/snapshots"); });
    auto file = open_file(context, simulation, snapshot_file(context.directory, step));
    file.write_attributes(context.provenance);
    file.write_agents(snapshot_group(step), snapshot_variables(simulation));
    file.commit();
}

template <class Real>
void write_result_files(const RunContext& context, simulation::Simulation<Real>& simulation,
                        const RunResult& result, const std::vector<std::string>& names,
                        const TimeSeries& series) {
    auto file = open_file(context, simulation, context.directory + "/run.h5");
    file.write_attributes(context.provenance);
    if (!names.empty()) file.write_names(names);
    gather_snapshots(context, simulation, result.solution.steps, file);
    file.write_series(series.columns());
    if (result.spatial.centres > 0) {
        file.write_series(spatial_columns(result.spatial), "spatial", "radius");
    }
    file.write_agents("final", final_variables(simulation));
    if (context.job.output.partition) {
        file.write_agents("partition", {rank_variable(context.comm.rank())});
    }
    if (context.job.output.topology) write_arcs(context, simulation, file);
    file.commit();
    mpi::on_root(context.comm, [&] { write_csv_files(context, result, series); });
}

void complete_status(const RunResult& result, record::Status& status) {
    status.step = result.solution.steps;
    status.certified = result.solution.certified;
    if (result.spatial.centres > 0) {
        status.spatial_scale = result.spatial.scale;
        status.balance_radius = result.spatial.balance_radius;
    }
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
        status.levels.emplace_back(result.levels[l].name, result.levels[l].effort);
        status.level_balance.emplace_back(result.levels[l].name, result.level_balance[l]);
    }
    for (const CertifiedLoss& loss : result.attack.certified) {
        status.certified_losses.emplace_back(loss.of, loss.largest);
    }
    status.criticality = criticality_of(result.attack.singles);
    status.state_hash = fmt::format("{:016x}", result.state_hash);
    status.agent_steps_per_second = result.agent_steps_per_second;
    status.memory_bytes = {result.memory_max, result.memory_total};
    status.wall_seconds = result.seconds;
    const auto& m = result.solution.measures;
    status.by_task = {m.effort_by_task, m.value_by_task, m.expenditure_by_task};
}

void write_run_report(const RunContext& context, const RunResult& result,
                      const TimeSeries& series) {
    mpi::on_root(context.comm, [&] {
        RunRecord run{fs::path(context.directory).filename().string(),
                      context.progress.status(),
                      series.columns(),
                      {},
                      {},
                      {},
                      result.density};
        if (result.spatial.centres > 0) run.spatial = spatial_columns(result.spatial);
        if (!result.skills.place.empty()) run.skills = skill_columns(result.skills);
        run.attacks = result.attack.points;
        record::write_file(context.directory + "/report.html",
                           report::to_html(run_document({run})));
    });
}

void remove_snapshots(const std::string& directory) {
    const fs::path folder = fs::path(directory) / "snapshots";
    std::error_code ignored;
    std::vector<fs::path> files;
    const bool link = fs::is_symlink(folder, ignored);  // is removed, but not what it points at
    for (const auto& entry :
         link ? fs::directory_iterator() : fs::directory_iterator(folder, ignored)) {
        if (entry.path().filename().string().starts_with("step_")) files.push_back(entry.path());
    }
    for (const auto& path : files) fs::remove(path, ignored);
    fs::remove(folder, ignored);
}

void remove_results(const std::string& directory) {
    std::error_code failed;
    std::vector<fs::path> old;
    for (const char* name : {"run.h5", "series.csv", "spatial.csv", "skills.csv", "attacks.csv",
                             "criticality.csv", "report.html"}) {
        old.emplace_back(fs::path(directory) / name);
    }
    for (const char* folder : {"", "snapshots"}) {
        const fs::path path = fs::path(directory) / folder;
        for (const auto& entry : fs::directory_iterator(path, failed)) {
            if (entry.path().extension() == ".tmp") old.push_back(entry.path());
        }
    }
    for (const auto& path : old) {
        fs::remove(path, failed);
        if (!failed) continue;
        throw storage_error("the result of an earlier run cannot be removed: " + failed.message() +
                                "; remove it or choose another name",
                            {path.string()});
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                               \
    template void write_snapshot<Real>(const RunContext&, const simulation::Simulation<Real>&, \
                                       std::int64_t);                                          \
    template void write_result_files<Real>(const RunContext&, simulation::Simulation<Real>&,   \
                                           const RunResult&, const std::vector<std::string>&,  \
                                           const TimeSeries&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::experiment
