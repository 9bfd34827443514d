// The graph as an unstructured grid of VTK.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "motley/core/error.hpp"
#include "motley/report/graph_file.hpp"
#include "report/markup.hpp"

namespace motley::report {
namespace {

constexpr int line_cell = 3;  ///< VTK_LINE

std::string array(const std::string& type, const std::string& name, int components,
                  const std::string& content) {
    return fmt::format(
        "<DataArray type=\"{}\" Name=\"{}\" NumberOfComponents=\"{}\" format=\"ascii\">{}"
        "</DataArray>\n",
        type, escape(name), components, content);
}

/// Texts as VTK writes them: the bytes as numbers, 0 at the end of each.
std::string text_array(const std::string& name, const std::vector<std::string>& texts) {
    std::string content;
    for (const std::string& text : texts) {
        for (const char c : text) content += fmt::format("{} ", static_cast<unsigned char>(c));
        content += "0 ";
    }
    return array("String", name, 1, content);
}

std::string number_array(const GraphColumn& column) {
    if (!column.integer) {
        return array("Float64", column.name, 1, fmt::format("{}", fmt::join(column.numbers, " ")));
    }
    std::vector<std::int64_t> numbers;
    for (const double number : column.numbers) {
        numbers.push_back(std::isnan(number) ? -1 : static_cast<std::int64_t>(number));
    }
    return array("Int64", column.name, 1, fmt::format("{}", fmt::join(numbers, " ")));
}

}  // namespace

std::string to_vtu(const GraphFile& graph) {
    if (graph.places.size() != graph.names.size()) {
        throw internal_error("a VTU file needs a place for every vertex");
    }
    std::string points, ends, offsets, types;
    for (const auto& place : graph.places) points += fmt::format("{} ", fmt::join(place, " "));
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        ends += fmt::format("{} {} ", graph.edges[e].first, graph.edges[e].second);
        offsets += fmt::format("{} ", 2 * (e + 1));
        types += fmt::format("{} ", line_cell);
    }
    std::string vertex_data = text_array("name", graph.names), edge_data;
    for (const GraphColumn& column : graph.vertex_columns) vertex_data += number_array(column);
    for (const GraphColumn& column : graph.edge_columns) edge_data += number_array(column);
    return fmt::format(
        "<?xml version=\"1.0\"?>\n"
        "<VTKFile type=\"UnstructuredGrid\" version=\"1.0\" byte_order=\"LittleEndian\" "
        "header_type=\"UInt64\">\n"
        "<UnstructuredGrid>\n<Piece NumberOfPoints=\"{}\" NumberOfCells=\"{}\">\n"
        "<PointData>\n{}</PointData>\n<CellData>\n{}</CellData>\n"
        "<Points>\n{}</Points>\n<Cells>\n{}{}{}</Cells>\n"
        "</Piece>\n</UnstructuredGrid>\n</VTKFile>\n",
        graph.names.size(), graph.edges.size(), vertex_data, edge_data,
        array("Float64", "Points", 3, points), array("Int64", "connectivity", 1, ends),
        array("Int64", "offsets", 1, offsets), array("UInt8", "types", 1, types));
}

}  // namespace motley::report
