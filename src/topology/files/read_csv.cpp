// Edges as a CSV table with the columns source, target and, if there are any, weight, survival
// and capacity.
#include "topology/files/edge_table.hpp"

namespace motley::topology {

EdgeTable read_csv(const Spec& spec) {
    const TextFile file(spec.file);
    CsvReader rows(file);
    const std::size_t source = rows.require("source");
    const std::size_t target = rows.require("target");
    const auto weight = rows.find("weight");
    const auto survival = rows.find("survival");
    const auto capacity = rows.find("capacity");
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
