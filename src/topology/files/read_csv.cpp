// Edges as a CSV table with the columns source, target and, if there are any, weight, survival
// and capacity.
#include <algorithm>
#include <optional>

#include "topology/files/edge_table.hpp"

namespace motley::topology {

EdgeTable read_csv(const Spec& spec) {
    const TextFile file(spec.file);
    CsvReader rows(file);
    const auto find = [&](std::string_view name) -> std::optional<std::size_t> {
        if (spec.columns.empty()) return rows.find(name);
        const auto found = std::ranges::find(spec.columns, name);
        if (found == spec.columns.end()) return std::nullopt;
        const auto at = static_cast<std::size_t>(found - spec.columns.begin());
        if (at < rows.header().size()) return at;
        throw input_error("the table has " + std::to_string(rows.header().size()) +
                              " columns, fewer than 'topology.columns'",
                          {spec.file, 1, 1});
    };
    const bool named = !spec.columns.empty();
    const std::size_t source = named ? *find("source") : rows.require("source");
    const std::size_t target = named ? *find("target") : rows.require("target");
    const auto weight = find("weight");
    const auto survival = find("survival");
    const auto capacity = find("capacity");
    VertexNames vertices;
    EdgeTable table;
    table.undirected = !spec.directed;
    while (rows.next()) {
        FileEdge& edge = table.edges.emplace_back();
        edge.source = vertices.add(rows.field(source), rows.line());
        edge.target = vertices.add(rows.field(target), rows.line());
        if (weight) edge.weight = read_weight(rows.line(), rows.field(*weight));
        edge.survival =
            survival ? read_survival(rows.line(), rows.field(*survival)) : spec.survival;
        if (capacity) {
            table.capacities.push_back(read_capacity(rows.line(), rows.field(*capacity)));
        }
    }
    if (table.edges.empty()) {
        throw input_error("the file has no edges, only a header row", {spec.file});
    }
    vertices.finish(table);
    return table;
}

}  // namespace motley::topology
