// The files of a finished run, as its tables and graphs need them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "motley/record/result_file.hpp"
#include "motley/report/graph_file.hpp"

namespace motley::experiment {

/// run.h5, and the sizes that status.json has.
class RunFolder {
  public:
    /// Usage error where the folder is not that of a finished run.
    explicit RunFolder(const std::string& directory);

    /// The path of run.h5.
    const std::string& path() const { return path_; }
    const record::ResultFile& file() const { return file_; }
    /// Agents that produce; relays follow them.
    std::int64_t agents() const { return agents_; }
    /// The names of all vertices; their numbers where the graph has no names.
    const std::vector<std::string>& names() const { return names_; }

    /// Numbers of each agent: what run.h5 has, its type, the share of its type, its rank.
    std::vector<report::GraphColumn> agent_columns() const;
    /// The variables of a group (`final` or a snapshot) that have a number per agent and task.
    std::vector<record::ResultVariable> task_variables(const std::string& group) const;

  private:
    std::string path_;
    record::ResultFile file_;
    std::int64_t agents_ = 0;
    std::vector<std::string> names_;
};

/// The arcs of a run, sorted by source and target.
struct RunArcs {
    std::vector<std::pair<std::int64_t, std::int64_t>> ends;
    std::vector<report::GraphColumn> columns;
    /// Coordinates of the vertices; empty where the topology gives none.
    std::vector<std::array<double, 3>> places;
};

/// Reads the arcs from run.h5, or makes the topology again where it does not hold them.
RunArcs arcs_of(const RunFolder& run);

}  // namespace motley::experiment
