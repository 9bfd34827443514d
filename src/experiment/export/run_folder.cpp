#include "run_folder.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "motley/core/text.hpp"
#include "motley/record/status_file.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;
using record::ResultVariable;
using report::GraphColumn;

/// The variables of `final` and of snapshots with a number per task; with one task their shape does
/// not tell them from those with a number per agent.
constexpr std::array per_task = {"allocation", "capability", "consumption", "value"};

bool is_per_task(const std::string& name) {
    return std::ranges::find(per_task, name) != per_task.end();
}

/// Returns the path of run.h5.
std::string run_file_in(const std::string& directory) {
    const std::string path = directory + "/run.h5";
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored)) return path;
    throw usage_error(
        "no run.h5: this is not the folder of a finished run; give one, as in results/NAME, or, of "
        "a comparison, results/NAME/RUN with a name from column `run` of runs.csv",
        {directory});
}

GraphColumn column_of(const ResultVariable& variable, std::int64_t agents) {
    GraphColumn column{variable.name, variable.unit, variable.long_name, variable.integer, {}};
    column.numbers.assign(variable.numbers.begin(), variable.numbers.begin() + agents);
    return column;
}

}  // namespace

RunFolder::RunFolder(const std::string& directory) : path_(run_file_in(directory)), file_(path_) {
    const std::string status = directory + "/status.json";
    agents_ = record::status_from_json(std::string(TextFile(status).text()), status).agents;
    if (file_.has("final/agent_name")) names_ = file_.read("final/agent_name").texts;
    const std::int64_t vertices = file_.read("final/agent").rows;
    if (agents_ < 0 || agents_ > vertices) {
        throw input_error("has another number of agents than run.h5; run the job again", {status});
    }
    for (std::int64_t v = std::ssize(names_); v < vertices; ++v) {
        names_.push_back(std::to_string(v));
    }
}

std::vector<ResultVariable> RunFolder::task_variables(const std::string& group) const {
    std::vector<ResultVariable> variables;
    for (const std::string& name : file_.names(group)) {
        if (is_per_task(name)) variables.push_back(file_.read(group + "/" + name));
    }
    return variables;
}

std::vector<GraphColumn> RunFolder::agent_columns() const {
    std::vector<GraphColumn> columns;
    for (const std::string& name : file_.names("final")) {
        if (is_per_task(name) || name == "agent" || name == "agent_name" || name == "task")
            continue;
        columns.push_back(column_of(file_.read("final/" + name), agents_));
    }
    GraphColumn type{"type", "1", "task to which the agent gives most of its effort", true, {}};
    GraphColumn share{"share", "1", "share of the effort that this task gets", false, {}};
    const ResultVariable allocation = file_.read("final/allocation");
    for (std::int64_t agent = 0; agent < agents_; ++agent) {
        const auto row = allocation.numbers.begin() + agent * allocation.width;
        const auto most = std::max_element(row, row + allocation.width);
        type.numbers.push_back(static_cast<double>(most - row));
        share.numbers.push_back(*most);
    }
    columns.push_back(std::move(type));
    columns.push_back(std::move(share));
    if (file_.has("partition/rank")) {
        columns.push_back(column_of(file_.read("partition/rank"), agents_));
        columns.back().integer = true;
    }
    return columns;
}

}  // namespace motley::experiment
