// Tables of a folder of results as CSV.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "motley/core/edit_distance.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/export/export.hpp"
#include "run_folder.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;
using report::GraphColumn;

std::string header_of(std::string line, const std::vector<GraphColumn>& columns) {
    for (const GraphColumn& column : columns) line += "," + csv_field(column.name);
    return line + "\n";
}

void append_row(std::string& text, const std::vector<GraphColumn>& columns, std::size_t row) {
    for (const GraphColumn& column : columns) {
        // The shortest digits from which the double is recovered.
        fmt::format_to(std::back_inserter(text), ",{}", column.numbers[row]);
    }
    text += '\n';
}

/// A row per agent.
std::string agents_table(const RunFolder& run) {
    const auto columns = run.agent_columns();
    std::string text = header_of("agent", columns);
    for (std::size_t agent = 0; agent < static_cast<std::size_t>(run.agents()); ++agent) {
        text += csv_field(run.names()[agent]);
        append_row(text, columns, agent);
    }
    return text;
}

/// A row per agent and task.
std::string state_table(const RunFolder& run, const std::string& group) {
    const auto variables = run.task_variables(group);
    std::string text = "agent,task";
    for (const auto& variable : variables) text += "," + variable.name;
    text += '\n';
    const std::int64_t tasks = variables.empty() ? 0 : variables.front().width;
    for (std::int64_t agent = 0; agent < run.agents(); ++agent) {
        const std::string name = csv_field(run.names()[static_cast<std::size_t>(agent)]);
        for (std::int64_t task = 0; task < tasks; ++task) {
            fmt::format_to(std::back_inserter(text), "{},{}", name, task);
            for (const auto& variable : variables) {
                fmt::format_to(std::back_inserter(text), ",{}",
                               variable.numbers[static_cast<std::size_t>(agent * tasks + task)]);
            }
            text += '\n';
        }
    }
    return text;
}

/// A row per arc.
std::string arcs_table(const RunFolder& run) {
    const RunArcs arcs = arcs_of(run);
    std::string text = header_of("source,target", arcs.columns);
    for (std::size_t i = 0; i < arcs.ends.size(); ++i) {
        const auto& [source, target] = arcs.ends[i];
        text += csv_field(run.names()[static_cast<std::size_t>(source)]) + "," +
                csv_field(run.names()[static_cast<std::size_t>(target)]);
        append_row(text, arcs.columns, i);
    }
    return text;
}

/// The folder of the snapshots in run.h5, and the beginning of the names of their tables.
const std::string snapshots = "snapshots";

}  // namespace

std::vector<std::string> table_names(const std::string& directory) {
    std::error_code error;
    if (!fs::is_regular_file(directory + "/status.json", error)) {
        throw usage_error(
            "no status.json: this is no folder of results; give one, as in results/NAME",
            {directory});
    }
    std::vector<std::string> names;
    for (fs::directory_iterator at(directory, error), end; !error && at != end;
         at.increment(error)) {
        if (at->path().extension() == ".csv") names.push_back(at->path().stem().string());
    }
    std::ranges::sort(names);
    if (fs::is_regular_file(directory + "/run.h5", error)) {
        names.insert(names.end(), {"agents", "final", "arcs"});
        for (const auto& step : record::ResultFile(directory + "/run.h5").names(snapshots)) {
            names.push_back(snapshots + "/" + step);
        }
    }
    if (names.empty()) {
        throw usage_error(
            "the job has written no tables so far; `motley status` says where it stands",
            {directory});
    }
    return names;
}

std::string table_text(const std::string& directory, const std::string& table) {
    const auto names = table_names(directory);
    if (std::ranges::find(names, table) == names.end()) {
        const std::string near = nearest(table, names);
        throw usage_error(fmt::format("there is no table '{}'{}; there are {}", table,
                                      near.empty() ? "" : "; did you mean '" + near + "'?",
                                      fmt::join(names, ", ")),
                          {directory});
    }
    const std::string csv = directory + "/" + table + ".csv";
    std::error_code ignored;
    if (fs::exists(csv, ignored)) return std::string(TextFile(csv).text());
    const RunFolder run(directory);
    if (table == "agents") return agents_table(run);
    return table == "arcs" ? arcs_table(run) : state_table(run, table);
}

}  // namespace motley::experiment
