#include "motley/experiment/compare.hpp"

#include <fmt/format.h>

#include <cmath>

#include "motley/record/status.hpp"

namespace motley::experiment {
namespace {

/// What the table shows of one run.
struct Row {
    const job::CompareCell* cell;
    RunResult result;
    std::string failure;  ///< empty when the run is done
};

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
        const auto& m = row.result.solution.measures;
        text += quoted(row.cell->run.name);
        for (const auto& level : row.cell->levels) text += "," + quoted(level);
        text += fmt::format(",{},{}", row.cell->replicate, row.cell->run.seed);
        if (!row.failure.empty()) {
            text += ",failed,,,,,,,,,,,,,," + quoted(row.failure) + "\n";
            continue;
        }
        text += fmt::format(
            ",done,{},{},{},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{},"
            "{:.17g},{:016x},\n",
            row.result.agents, row.result.arcs, row.result.solution.steps, m.productivity,
            m.productivity / static_cast<double>(row.result.agents), m.heterogeneity_effort,
            m.heterogeneity_value, m.task_entropy, m.expenditure_entropy, m.gap,
            row.result.solution.certified ? 1 : 0, m.traffic, row.result.state_hash);
    }
    return text;
}

double mean_of(const std::vector<const Row*>& rows, double (*value)(const RunResult&)) {
    double total = 0.0;
    for (const auto* row : rows) total += value(row->result);
    return total / static_cast<double>(rows.size());
}

double worst_gap(const std::vector<const Row*>& rows) {
    double worst = 0.0;
    for (const auto* row : rows) {
        const double gap = row->result.solution.measures.gap;
        if (std::isnan(gap)) return gap;
        worst = std::max(worst, gap);
    }
    return worst;
}

std::vector<std::string> table_row(const std::vector<const Row*>& rows, std::size_t failures) {
    std::vector<std::string> cells =
        rows.empty() ? std::vector<std::string>{} : rows[0]->cell->levels;
    cells.push_back(std::to_string(rows.size()) +
                    (failures > 0 ? fmt::format(" ({} failed)", failures) : ""));
    cells.push_back(fmt::format("{:.6f}", mean_of(rows, [](const RunResult& r) {
                                    return r.solution.measures.productivity /
                                           static_cast<double>(r.agents);
                                })));
    cells.push_back(fmt::format("{:.4f}", mean_of(rows, [](const RunResult& r) {
                                    return r.solution.measures.heterogeneity_effort;
                                })));
    cells.push_back(fmt::format("{:.4f}", mean_of(rows, [](const RunResult& r) {
                                    return r.solution.measures.heterogeneity_value;
                                })));
    const double gap = worst_gap(rows);
    cells.push_back(std::isnan(gap) ? "none" : fmt::format("{:.1e}", gap));
    cells.push_back(fmt::format(
        "{:.0f}", mean_of(rows, [](const RunResult& r) { return static_cast<double>(r.arcs); })));
    cells.push_back(fmt::format("{:.0f}", mean_of(rows, [](const RunResult& r) {
                                    return static_cast<double>(r.solution.steps);
                                })));
    return cells;
}

Comparison summarise(const job::Compare& job, const std::vector<Row>& rows) {
    Comparison comparison;
    comparison.header = job.factors;
    for (const char* name :
         {"runs", "P/N", "I effort", "I value", "gap", "messages/step", "steps"}) {
        comparison.header.emplace_back(name);
    }
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
        std::vector<const Row*> done;
        for (end = begin; end < rows.size() && rows[end].cell->levels == rows[begin].cell->levels;
             ++end) {
            if (rows[end].failure.empty()) done.push_back(&rows[end]);
        }
        const std::size_t failures = end - begin - done.size();
        comparison.failed += static_cast<int>(failures);
        if (!done.empty()) {
            comparison.rows.push_back(table_row(done, failures));
            continue;
        }
        auto cells = rows[begin].cell->levels;
        cells.push_back(fmt::format("0 ({} failed)", failures));
        cells.push_back(rows[begin].failure);
        comparison.rows.push_back(std::move(cells));
    }
    return comparison;
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
    std::vector<Row> rows;
    for (const auto& cell : job.cells) {
        write_status(record::State::running, rows.size());
        Row row{&cell, {}, {}};
        try {
            row.result = run(cell.run, job::to_toml(cell.run), command, comm, console);
        } catch (const Error& error) {
            if (!error.everywhere()) throw;
            row.failure = error.what();
        }
        rows.push_back(std::move(row));
        mpi::together(comm, [&] {
            if (comm.root()) record::write_file(directory + "/runs.csv", runs_csv(job, rows));
        });
    }
    Comparison comparison = summarise(job, rows);
    comparison.directory = directory;
    status.message = fmt::format("{} of {} runs failed", comparison.failed, rows.size());
    write_status(comparison.failed > 0 ? record::State::failed : record::State::done, rows.size());
    return comparison;
}

}  // namespace motley::experiment
