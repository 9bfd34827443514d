// Edges as a CSV table with the columns source, target and, if there are any, weight, survival
// and capacity.
#include "topology/files/edge_table.hpp"

namespace motley::topology {

EdgeTable read_csv(const Spec& spec) {
    const TextFile file(spec.file);
    CsvReader rows(file);
    if (spec.columns && spec.columns->size() > rows.header().size()) {
        throw input_error("the table has " + std::to_string(rows.header().size()) +
                              " columns, fewer than 'topology.columns'",
                          {spec.file, 1, 1});
    }
    const auto find = [&](std::string_view name) {
        return spec.columns ? named_column(spec, name) : rows.find(name);
    };
    const auto require = [&](std::string_view name) {
        return spec.columns ? require_column(spec, name) : rows.require(name);
    };
    const std::size_t source = require("source");
    const std::size_t target = require("target");
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
