// Tables per agent from CSV: `agent,<task 1>,<task 2>,...` or `agent,resource`.
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

#include "motley/core/text.hpp"
#include "motley/record/record.hpp"
#include "record/table_rows.hpp"

namespace motley::record {
namespace {

/// The columns that hold numbers, in the order of the header.
std::vector<std::size_t> value_columns(const CsvReader& table, std::size_t agent_column,
                                       std::int64_t width) {
    std::vector<std::size_t> columns;
    for (std::size_t c = 0; c < table.header().size(); ++c) {
        table.find(table.header()[c].text);  // throws where a name occurs twice
        if (c != agent_column) columns.push_back(c);
    }
    if (static_cast<std::int64_t>(columns.size()) == width) return columns;
    if (width == 1) {
        if (const auto resource = table.find("resource")) return {*resource};
    }
    throw table.line().error("wrong number of columns: " + std::to_string(columns.size()) +
                                 " beside 'agent', " + std::to_string(width) +
                                 (width == 1 ? " is" : " are") +
                                 " needed (one for each task; 'resource' alone for the resource)",
                             1);
}

void read_csv_table(const std::string& path, std::int64_t width, TableRows& rows) {
    const TextFile file(path);
    CsvReader table(file);
    const std::size_t agent_column = table.require("agent");
    const auto columns = value_columns(table, agent_column, width);
    while (table.next()) {
        const Field& name = table.field(agent_column);
        const std::int64_t line = table.line().line();
        const TablePosition place{path, line, name.column};
        rows.begin_row(rows.agent(name.text, place), place);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const Field& field = table.field(columns[c]);
            const std::string_view what = table.header()[columns[c]].text;
            rows.set(static_cast<std::int64_t>(c), table.line().to_double(field, what), what,
                     {path, line, field.column});
        }
    }
}

bool is_hdf5(const std::string& path) {
    constexpr std::array<char, 8> signature{'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    std::array<char, 8> begin{};
    std::ifstream in(path, std::ios::binary);
    in.read(begin.data(), begin.size());
    return in && begin == signature;
}

}  // namespace

TableRows::TableRows(std::int64_t width, AgentId agents, std::span<const AgentId> owned,
                     const std::vector<std::string>& names)
    : width_(width),
      agents_(agents),
      names_(names),
      seen_(static_cast<std::size_t>(agents), false),
      values_(owned.size() * static_cast<std::size_t>(width), 0.0) {
    if (!names.empty() && static_cast<AgentId>(names.size()) != agents) {
        throw internal_error("read_table: " + std::to_string(names.size()) + " names for " +
                             std::to_string(agents) + " agents");
    }
    ids_.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        ids_.emplace(names[i], static_cast<AgentId>(i));
    }
    local_.reserve(owned.size());
    for (std::size_t i = 0; i < owned.size(); ++i) {
        local_.emplace_back(owned[i], static_cast<std::int64_t>(i));
    }
    std::sort(local_.begin(), local_.end());
}

AgentId TableRows::agent(std::string_view text, const TablePosition& place) const {
    if (!names_.empty()) {
        const auto found = ids_.find(text);
        if (found != ids_.end()) return found->second;
        throw input_error("there is no agent " + quote(text) +
                              "; the graph names its agents, the first is " + quote(names_[0]),
                          place.where());
    }
    std::int64_t id = 0;
    if (parse_number(text, id) != NumberFault::none) {
        throw input_error("there is no agent " + quote(text) + "; agents are numbered from 0 to " +
                              std::to_string(agents_ - 1),
                          place.where());
    }
    return id;
}

void TableRows::begin_row(AgentId agent, const TablePosition& place) {
    if (agent < 0 || agent >= agents_) {
        throw input_error("there is no agent " + std::to_string(agent) +
                              "; agents are numbered from 0 to " + std::to_string(agents_ - 1),
                          place.where());
    }
    if (seen_[static_cast<std::size_t>(agent)]) {
        throw input_error("agent " + name_of(agent) + " has a second row; each must have one",
                          place.where());
    }
    seen_[static_cast<std::size_t>(agent)] = true;
    ++seen_count_;
    const auto found =
        std::lower_bound(local_.begin(), local_.end(), std::pair{agent, std::int64_t{0}});
    row_.reset();
    if (found != local_.end() && found->first == agent) row_ = found->second;
}

void TableRows::set(std::int64_t column, double value, std::string_view what,
                    const TablePosition& place) {
    if (!std::isfinite(value)) {
        throw input_error(std::string(what) + " " + std::to_string(value) + " is not finite",
                          place.where());
    }
    if (value < 0.0) {
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%.17g", value);
        throw input_error(
            std::string(what) + " " + text.data() + " is negative; it must be zero or more",
            place.where());
    }
    if (row_) values_[static_cast<std::size_t>(*row_ * width_ + column)] = value;
}

std::vector<double> TableRows::finish(const std::string& path) {
    if (seen_count_ == agents_) return std::move(values_);
    const auto missing =
        static_cast<AgentId>(std::find(seen_.begin(), seen_.end(), false) - seen_.begin());
    throw input_error("agent " + name_of(missing) + " has no row (" +
                          std::to_string(agents_ - seen_count_) + " of " + std::to_string(agents_) +
                          " agents have none); every agent needs one",
                      Where{path});
}

std::string TableRows::name_of(AgentId agent) const {
    if (names_.empty()) return std::to_string(agent);
    return quote(names_[static_cast<std::size_t>(agent)]);
}

std::vector<double> read_table(const std::string& path, std::int64_t width, AgentId agents,
                               std::span<const AgentId> owned,
                               const std::vector<std::string>& names) {
    TableRows rows(width, agents, owned, names);
    if (is_hdf5(path)) {
        read_hdf5_table(path, width, agents, rows);
    } else {
        read_csv_table(path, width, rows);
    }
    return rows.finish(path);
}

}  // namespace motley::record
