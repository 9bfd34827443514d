// Adjacency lists: a vertex and all of its neighbours per line.
#include <algorithm>

#include "topology/files/edge_lines.hpp"
#include "topology/files/edge_table.hpp"
#include "topology/files/table_layout.hpp"

namespace motley::topology {
namespace {

/// Keeps one of the edges that an undirected list names at both of its ends.
void keep_one(std::vector<FileEdge>& edges) {
    for (FileEdge& edge : edges) {
        if (edge.source > edge.target) std::swap(edge.source, edge.target);
    }
    const auto ends = [](const FileEdge& edge) { return std::pair(edge.source, edge.target); };
    std::ranges::sort(edges, {}, ends);
    const auto rest = std::ranges::unique(edges, {}, ends);
    edges.erase(rest.begin(), rest.end());
}

}  // namespace

EdgeTable read_adjacency_list(const Spec& spec, const TextFile& file) {
    EdgeLines lines(file, separator_of(file));
    VertexNames vertices;
    EdgeTable table;
    table.undirected = !spec.directed;
    while (lines.next()) {
        const std::vector<Field>& fields = lines.fields();
        const std::uint32_t source = vertices.add(fields[0], lines.line());
        for (std::size_t i = 1; i < fields.size(); ++i) {
            if (fields[i].text.empty()) continue;  // after the last separator
            table.edges.push_back(
                {source, vertices.add(fields[i], lines.line()), 1.0, spec.survival});
        }
    }
    if (table.edges.empty()) {
        throw input_error("the file has no edges, only comments or lonely vertices", {spec.file});
    }
    if (table.undirected) keep_one(table.edges);
    table.remarks.emplace_back("read as an adjacency list: a vertex and its neighbours per line");
    vertices.finish(table);
    return table;
}

}  // namespace motley::topology
