#include "motley/experiment/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "motley/record/status.hpp"

namespace motley::experiment {
namespace {

/// What a run came to, in a form that travels between ranks.
struct Outcome {
    std::int64_t cell = 0;
    std::int64_t agents = 0, arcs = 0, steps = 0;
    std::uint64_t state_hash = 0;
    std::int64_t certified = 0;
    double productivity = 0.0, heterogeneity_effort = 0.0, heterogeneity_value = 0.0;
    double task_entropy = 0.0, expenditure_entropy = 0.0, gap = 0.0, traffic = 0.0;

    double per_agent() const { return productivity / static_cast<double>(agents); }
};

struct Row {
    const job::CompareCell* cell = nullptr;
    Outcome result;
    std::string failure;  ///< empty when the run is done
};

Outcome outcome(std::int64_t cell, const RunResult& result) {
    const auto& m = result.solution.measures;
    return {cell,
            result.agents,
            result.arcs,
            result.solution.steps,
            result.state_hash,
            result.solution.certified ? 1 : 0,
            m.productivity,
            m.heterogeneity_effort,
            m.heterogeneity_value,
            m.task_entropy,
            m.expenditure_entropy,
            m.gap,
            m.traffic};
}

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
    std::string out = "\"";
    for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string runs_csv(const job::Compare& job, const std::vector<Row>& rows) {
    std::string text = "run";
    for (const auto& factor : job.factors) text += "," + quoted(factor);
    text +=
        ",replicate,seed,state,agents,arcs,steps,productivity,productivity_per_agent,"
        "heterogeneity_effort,heterogeneity_value,task_entropy,expenditure_entropy,gap,certified,"
        "traffic,state_hash,message\n";
    for (const auto& row : rows) {
        const Outcome& r = row.result;
        text += quoted(row.cell->run.name);
        for (const auto& level : row.cell->levels) text += "," + quoted(level);
        text += fmt::format(",{},{}", row.cell->replicate, row.cell->run.seed);
        if (!row.failure.empty()) {
            text += ",failed,,,,,,,,,,,,,," + quoted(row.failure) + "\n";
            continue;
        }
        text += fmt::format(
            ",done,{},{},{},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{},{:.17g},"
            "{:016x},\n",
            r.agents, r.arcs, r.steps, r.productivity, r.per_agent(), r.heterogeneity_effort,
            r.heterogeneity_value, r.task_entropy, r.expenditure_entropy, r.gap, r.certified,
            r.traffic, r.state_hash);
    }
    return text;
}

/// The finished runs of one combination of levels.
struct Cell {
    std::vector<std::string> levels;
    std::vector<const Row*> done;
    std::string failure;  ///< of the last run that failed
    int failures = 0;

    double mean(double (*value)(const Outcome&)) const {
        double total = 0.0;
        for (const auto* row : done) total += value(row->result);
        return total / static_cast<double>(done.size());
    }
    double worst_gap() const {
        double worst = 0.0;
        for (const auto* row : done) {
            if (std::isnan(row->result.gap)) return row->result.gap;
            worst = std::max(worst, row->result.gap);
        }
        return worst;
    }
};

std::vector<Cell> cells_of(const std::vector<Row>& rows) {
    std::vector<Cell> cells;
    for (const Row& row : rows) {
        if (cells.empty() || cells.back().levels != row.cell->levels) {
            cells.push_back({row.cell->levels, {}, {}, 0});
        }
        Cell& cell = cells.back();
        if (row.failure.empty()) {
            cell.done.push_back(&row);
        } else {
            cell.failure = row.failure;
            cell.failures += 1;
        }
    }
    return cells;
}

/// The combination that differs from `cell` only in having the baseline's level.
const Cell* baseline_of(const job::Compare& job, const std::vector<Cell>& cells, const Cell& cell) {
    const auto topology = std::find(job.factors.begin(), job.factors.end(), "topology");
    const std::size_t factor = topology == job.factors.end()
                                   ? 0
                                   : static_cast<std::size_t>(topology - job.factors.begin());
    auto levels = cell.levels;
    levels.at(factor) = job.baseline;
    for (const Cell& other : cells) {
        if (other.levels == levels) return &other;
    }
    return nullptr;
}

std::vector<std::string> table_row(const job::Compare& job, const std::vector<Cell>& cells,
                                   const Cell& cell) {
    auto row = cell.levels;
    row.push_back(std::to_string(cell.done.size()) +
                  (cell.failures > 0 ? fmt::format(" ({} failed)", cell.failures) : ""));
    if (cell.done.empty()) {
        row.push_back(cell.failure);
        return row;
    }
    const auto per_agent = [](const Outcome& r) { return r.per_agent(); };
    row.push_back(fmt::format("{:.6f}", cell.mean(per_agent)));
    const Cell* baseline = baseline_of(job, cells, cell);
    row.push_back(
        baseline == nullptr || baseline->done.empty()
            ? "-"
            : fmt::format("{:+.2f} %",
                          100.0 * (cell.mean(per_agent) / baseline->mean(per_agent) - 1.0)));
    row.push_back(
        fmt::format("{:.4f}", cell.mean([](const Outcome& r) { return r.heterogeneity_effort; })));
    row.push_back(
        fmt::format("{:.4f}", cell.mean([](const Outcome& r) { return r.heterogeneity_value; })));
    const double gap = cell.worst_gap();
    row.push_back(std::isnan(gap) ? "none" : fmt::format("{:.1e}", gap));
    row.push_back(fmt::format(
        "{:.0f}", cell.mean([](const Outcome& r) { return static_cast<double>(r.arcs); })));
    row.push_back(fmt::format(
        "{:.0f}", cell.mean([](const Outcome& r) { return static_cast<double>(r.steps); })));
    return row;
}

Comparison summarise(const job::Compare& job, const std::vector<Row>& rows) {
    Comparison comparison;
    comparison.header = job.factors;
    comparison.header.insert(comparison.header.end(),
                             {"runs", "P/N", "to " + job.baseline, "I effort", "I value", "gap",
                              "messages/step", "steps"});
    const auto cells = cells_of(rows);
    for (const Cell& cell : cells) {
        comparison.failed += cell.failures;
        comparison.rows.push_back(table_row(job, cells, cell));
    }
    return comparison;
}

/// Ranks that work on one run: as given, or enough for 50,000 agents on each.
int ranks_per_run(const job::Compare& job, const mpi::Communicator& comm) {
    if (job.ranks_per_run > comm.size()) {
        throw usage_error(
            fmt::format("compare.ranks_per_run is {}, but there are {} ranks; start "
                        "more ranks or ask for fewer",
                        job.ranks_per_run, comm.size()));
    }
    if (job.ranks_per_run > 0) return job.ranks_per_run;
    constexpr AgentId enough = 50000;
    AgentId largest = 1;
    for (const auto& cell : job.cells) largest = std::max(largest, cell.run.topology.agents);
    return static_cast<int>(std::clamp<AgentId>(largest / enough, 1, comm.size()));
}

/// Runs every groups-th cell on the ranks of `group`; what its rank 0 has to tell comes back.
void run_share(const job::Compare& job, const std::vector<std::string>& command,
               const mpi::Communicator& group, int index, int groups, const Console& console,
               std::vector<Outcome>& outcomes, std::vector<std::string>& failures) {
    for (std::size_t c = static_cast<std::size_t>(index); c < job.cells.size();
         c += static_cast<std::size_t>(groups)) {
        Outcome result;
        result.cell = static_cast<std::int64_t>(c);
        std::string failure;
        try {
            const auto& run_job = job.cells[c].run;
            result =
                outcome(result.cell, run(run_job, job::to_toml(run_job), command, group, console));
        } catch (const Error& error) {
            if (!error.everywhere()) throw;
            failure = error.what();
        }
        if (!group.root()) continue;
        outcomes.push_back(result);
        failures.push_back(failure);
    }
}

/// Collective. Rows of all runs in the order of the cells, on every rank.
std::vector<Row> gather_rows(const job::Compare& job, const mpi::Communicator& comm,
                             const std::vector<Outcome>& outcomes,
                             const std::vector<std::string>& failures) {
    const std::vector<std::vector<Outcome>> send(static_cast<std::size_t>(comm.size()), outcomes);
    const auto all = comm.exchange(send);
    std::string text;
    for (const auto& failure : failures) text += failure + '\0';
    std::vector<std::string> reasons;
    for (const auto& part : comm.all_gather(text)) {
        for (std::size_t at = 0; at < part.size();) {
            const std::size_t end = part.find('\0', at);
            reasons.push_back(part.substr(at, end - at));
            at = end + 1;
        }
    }
    std::vector<Row> rows(job.cells.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto c = static_cast<std::size_t>(all[i].cell);
        rows[c] = {&job.cells[c], all[i], reasons[i]};
    }
    return rows;
}

}  // namespace

Comparison compare(const job::Compare& job, const std::string& resolved_text,
                   const std::vector<std::string>& command, const mpi::Communicator& comm,
                   const Console& console) {
    const std::string directory = job.output.directory + "/" + job.name;
    record::Status status;
    status.ranks = comm.size();
    status.provenance = record::run_provenance(comm, command);
    status.provenance.emplace_back("job", resolved_text);
    const auto write_status = [&](record::State state, std::size_t done) {
        status.state = state;
        status.step = static_cast<std::int64_t>(done);
        mpi::together(comm, [&] {
            if (comm.root()) record::write_file(directory + "/status.json", to_json(status));
        });
    };
    mpi::together(comm, [&] {
        if (comm.root()) record::make_directory(directory);
    });
    const int width = ranks_per_run(job, comm);
    const int groups = comm.size() / width;
    write_status(record::State::running, 0);
    std::vector<Outcome> outcomes;
    std::vector<std::string> failures;
    {
        const int index = comm.rank() / width;
        const auto group = comm.split(index < groups ? index : -1, comm.rank());
        if (index < groups) {
            run_share(job, command, group, index, groups, console, outcomes, failures);
        }
    }
    const auto rows = gather_rows(job, comm, outcomes, failures);
    mpi::together(comm, [&] {
        if (comm.root()) record::write_file(directory + "/runs.csv", runs_csv(job, rows));
    });
    Comparison comparison = summarise(job, rows);
    comparison.directory = directory;
    if (comparison.failed > 0) {
        status.message = fmt::format("{} of {} runs failed", comparison.failed, rows.size());
    }
    write_status(comparison.failed > 0 ? record::State::failed : record::State::done, rows.size());
    return comparison;
}

}  // namespace motley::experiment
