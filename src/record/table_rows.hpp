// The rows of a per-agent table while it is read: the agent of each row, the agents that had one,
// and the numbers that this rank keeps.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/ids.hpp"

namespace motley::record {

/// Position in the file. It becomes a Where, which copies the path, only when something is wrong.
struct TablePosition {
    const std::string& file;
    std::int64_t line = 0;
    std::int64_t column = 0;

    Where where() const { return {file, line, column}; }
};

/// Not collective. Every agent must have one row; rows of agents of other ranks are checked and
/// dropped, so that each rank finds the same first error.
class TableRows {
  public:
    TableRows(std::int64_t width, AgentId agents, std::span<const AgentId> owned,
              const std::vector<std::string>& names);

    /// The agent that `text` names. Input error at `place` when there is none.
    AgentId agent(std::string_view text, const TablePosition& place) const;
    /// Notes the row of an agent; input errors: no such agent, its second row.
    void begin_row(AgentId agent, const TablePosition& place);
    /// Sets a number of the row begun last. `what` names the column in messages.
    void set(std::int64_t column, double value, std::string_view what, const TablePosition& place);
    /// Returns the rows of `owned`; throws an input error that names the first agent without one.
    std::vector<double> finish(const std::string& path);

    std::string name_of(AgentId agent) const;

  private:
    std::int64_t width_;
    AgentId agents_;
    const std::vector<std::string>& names_;
    std::unordered_map<std::string_view, AgentId> ids_;    ///< when agents have names
    std::vector<std::pair<AgentId, std::int64_t>> local_;  ///< owned ids, sorted, with their row
    std::vector<bool> seen_;
    AgentId seen_count_ = 0;
    std::optional<std::int64_t> row_;  ///< where the numbers go; empty: another rank's agent
    std::vector<double> values_;
};

/// Reads a table from HDF5: dataset `values`, and `agent` (ids) unless in the order of ids.
void read_hdf5_table(const std::string& path, std::int64_t width, AgentId agents, TableRows& rows);

}  // namespace motley::record
