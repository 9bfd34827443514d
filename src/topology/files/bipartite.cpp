// Tables whose two columns are two kinds of vertices.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "topology/files/edge_table.hpp"
#include "topology/generators.hpp"

namespace motley::topology {

void finish_bipartite(const VertexNames& sources, const VertexNames& targets, EdgeTable& table) {
    const std::vector<std::uint32_t> low = sources.numbers(), high = targets.numbers();
    for (FileEdge& edge : table.edges) {
        edge.source = low[edge.source];
        edge.target = sources.size() + high[edge.target];
    }
    table.agents = static_cast<AgentId>(sources.size()) + targets.size();
    const bool shared = std::ranges::any_of(
        sources.names(), [&](std::string_view name) { return targets.find(name).has_value(); });
    table.names.assign(static_cast<std::size_t>(table.agents), shared ? "1:" : "");
    for (std::uint32_t v = 0; v < sources.size(); ++v) table.names[low[v]] += sources.names()[v];
    for (std::uint32_t v = 0; v < targets.size(); ++v) {
        std::string& name = table.names[sources.size() + high[v]];
        if (shared) name = "2:";
        name += targets.names()[v];
    }
    table.remarks.push_back("the vertices are of two kinds: " + std::to_string(sources.size()) +
                            " in the first column, " + std::to_string(targets.size()) +
                            " in the second" +
                            (shared ? ", whose names begin with 1: and 2:" : ""));
}

void number_two_kinds(std::int64_t rows, std::int64_t columns, EdgeTable& table) {
    if (rows + columns > most_agents) {
        throw input_error(fmt::format("{} rows and {} columns are more than {} vertices", rows,
                                      columns, most_agents));
    }
    for (FileEdge& edge : table.edges) edge.target += static_cast<std::uint32_t>(rows);
    table.agents = rows + columns;
    table.names.clear();
    for (std::int64_t i = 1; i <= rows; ++i) table.names.push_back(fmt::format("1:{}", i));
    for (std::int64_t i = 1; i <= columns; ++i) table.names.push_back(fmt::format("2:{}", i));
    table.remarks.push_back(
        fmt::format("the vertices are of two kinds: {} rows, whose names begin with 1:, and {} "
                    "columns, whose names begin with 2:",
                    rows, columns));
}

void remark_two_id_spaces(const VertexNames& vertices, EdgeTable& table) {
    if (!vertices.all_integers()) return;
    constexpr std::array<unsigned char, 2> bits = {1, 2};
    std::vector<unsigned char> seen(vertices.size(), 0);
    for (const FileEdge& edge : table.edges) {
        seen[edge.source] = static_cast<unsigned char>(seen[edge.source] | bits[0]);
        seen[edge.target] = static_cast<unsigned char>(seen[edge.target] | bits[1]);
    }
    std::array<ColumnIds, 2> columns{};
    for (std::uint32_t v = 0; v < vertices.size(); ++v) {
        const std::int64_t id = vertices.value(v);
        for (const std::size_t c : {0, 1}) {
            if ((seen[v] & bits[c]) == 0) continue;
            ColumnIds& ids = columns[c];
            ids.low = ids.count == 0 ? id : std::min(ids.low, id);
            ids.high = ids.count == 0 ? id : std::max(ids.high, id);
            ids.count += 1;
        }
    }
    remark_two_id_spaces(columns[0], columns[1], table);
}

void remark_two_id_spaces(const ColumnIds& first, const ColumnIds& second, EdgeTable& table) {
    const auto from_start = [](const ColumnIds& ids) {
        return (ids.low == 0 || ids.low == 1) && ids.count >= 2 &&
               ids.high == ids.low + ids.count - 1;
    };
    if (!from_start(first) || !from_start(second)) return;
    if (first.low != second.low || first.count == second.count) return;
    table.remarks.push_back(fmt::format(
        "the first column has the ids {0} to {1}, the second one {0} to {2}: if they are two kinds "
        "of vertices, as users and things are, say bipartite = true; without it the same id is the "
        "same vertex",
        first.low, first.high, second.high));
}

}  // namespace motley::topology
