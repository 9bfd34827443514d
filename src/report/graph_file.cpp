// GraphML and GEXF: elements with attributes that a table declares.
#include "motley/report/graph_file.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/markup.hpp"

namespace motley::report {
namespace {

/// Appends the formatted text.
template <class... Arguments>
void put(std::string& out, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Arguments>(arguments)...);
}

std::string description_of(const GraphColumn& column) {
    const bool pure = column.unit.empty() || column.unit == "1";
    const std::string& words = column.meaning.empty() ? column.name : column.meaning;
    return escape(pure ? words : words + " [" + column.unit + "]");
}

/// The vertex columns, and x, y and z where there are places.
std::vector<GraphColumn> with_places(const GraphFile& graph) {
    std::vector<GraphColumn> columns = graph.vertex_columns;
    constexpr std::array names = {"x", "y", "z"};
    for (std::size_t axis = 0; axis < names.size() && !graph.places.empty(); ++axis) {
        GraphColumn column{names[axis], "", "coordinate of the agent", false, {}};
        for (const auto& place : graph.places) column.numbers.push_back(place[axis]);
        columns.push_back(std::move(column));
    }
    return columns;
}

void put_keys(std::string& out, const char* element, const char* prefix,
              const std::vector<GraphColumn>& columns) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
        put(out,
            "  <key id=\"{}{}\" for=\"{}\" attr.name=\"{}\" attr.type=\"{}\"><desc>{}</desc>"
            "</key>\n",
            prefix, c, element, escape(columns[c].name), columns[c].integer ? "long" : "double",
            description_of(columns[c]));
    }
}

/// Calls `put_value(column, value)` for the values of vertex or edge number `at`.
template <class Put>
void each_value(const std::vector<GraphColumn>& columns, std::size_t at, Put put_value) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (!std::isnan(columns[c].numbers[at])) put_value(c, columns[c].numbers[at]);
    }
}

void put_attributes(std::string& out, const char* element,
                    const std::vector<GraphColumn>& columns) {
    put(out, "    <attributes class=\"{}\">\n", element);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        put(out, "      <attribute id=\"{}\" title=\"{}\" type=\"{}\"/>\n", c,
            escape(columns[c].name), columns[c].integer ? "long" : "double");
    }
    out += "    </attributes>\n";
}

void put_values(std::string& out, const std::vector<GraphColumn>& columns, std::size_t at) {
    out += "<attvalues>";
    each_value(columns, at, [&](std::size_t c, double value) {
        put(out, "<attvalue for=\"{}\" value=\"{}\"/>", c, value);
    });
    out += "</attvalues>";
}

}  // namespace

std::string to_graphml(const GraphFile& graph) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
        "  <key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n";
    const std::vector<GraphColumn> columns = with_places(graph);
    put_keys(out, "node", "v", columns);
    put_keys(out, "edge", "e", graph.edge_columns);
    put(out, "  <graph edgedefault=\"{}\">\n    <desc>{}; {}</desc>\n",
        graph.directed ? "directed" : "undirected", escape(graph.title), escape(graph.creator));
    for (std::size_t v = 0; v < graph.names.size(); ++v) {
        put(out, "    <node id=\"n{}\"><data key=\"label\">{}</data>", v, escape(graph.names[v]));
        each_value(columns, v, [&](std::size_t c, double value) {
            put(out, "<data key=\"v{}\">{}</data>", c, value);
        });
        out += "</node>\n";
    }
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        put(out, "    <edge source=\"n{}\" target=\"n{}\">", graph.edges[e].first,
            graph.edges[e].second);
        each_value(graph.edge_columns, e, [&](std::size_t c, double value) {
            put(out, "<data key=\"e{}\">{}</data>", c, value);
        });
        out += "</edge>\n";
    }
    return out + "  </graph>\n</graphml>\n";
}

std::string to_gexf(const GraphFile& graph) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<gexf xmlns=\"http://www.gexf.net/1.2draft\" "
        "xmlns:viz=\"http://www.gexf.net/1.2draft/viz\" version=\"1.2\">\n";
    put(out, "  <meta><creator>{}</creator><description>{}</description></meta>\n",
        escape(graph.creator), escape(graph.title));
    put(out, "  <graph mode=\"static\" defaultedgetype=\"{}\">\n",
        graph.directed ? "directed" : "undirected");
    put_attributes(out, "node", graph.vertex_columns);
    put_attributes(out, "edge", graph.edge_columns);
    out += "    <nodes>\n";
    for (std::size_t v = 0; v < graph.names.size(); ++v) {
        put(out, "      <node id=\"{}\" label=\"{}\">", v, escape(graph.names[v]));
        put_values(out, graph.vertex_columns, v);
        if (!graph.places.empty()) {
            const auto& [x, y, z] = graph.places[v];
            put(out, "<viz:position x=\"{}\" y=\"{}\" z=\"{}\"/>", x, y, z);
        }
        out += "</node>\n";
    }
    out += "    </nodes>\n    <edges>\n";
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        put(out, "      <edge id=\"{}\" source=\"{}\" target=\"{}\"", e, graph.edges[e].first,
            graph.edges[e].second);
        each_value(graph.edge_columns, e, [&](std::size_t c, double value) {
            if (graph.edge_columns[c].name == "weight") put(out, " weight=\"{}\"", value);
        });
        out += ">";
        put_values(out, graph.edge_columns, e);
        out += "</edge>\n";
    }
    return out + "    </edges>\n  </graph>\n</gexf>\n";
}

}  // namespace motley::report
