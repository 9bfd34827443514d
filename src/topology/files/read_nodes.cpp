// The file of vertices beside a graph: which of them are switches, and what they can serve.
#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "topology/files/edge_table.hpp"
#include "topology/files/graph_text.hpp"

namespace motley::topology {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Finds the vertices of a graph by their names; 7 and 007 are the same where both are numbers.
class VertexIndex {
  public:
    explicit VertexIndex(const EdgeTable& table) {
        for (AgentId v = 0; v < table.agents; ++v) {
            const std::string name =
                table.names.empty() ? std::to_string(v) : table.names[static_cast<std::size_t>(v)];
            numbers_.emplace(name, static_cast<std::size_t>(v));
        }
    }

    std::size_t find(const LineReader& line, const Field& field) const {
        auto found = numbers_.find(std::string(field.text));
        std::int64_t number = 0;
        if (found == numbers_.end() && parse_number(field.text, number) == NumberFault::none) {
            found = numbers_.find(std::to_string(number));
        }
        if (found != numbers_.end()) return found->second;
        throw line.error("the graph has no vertex " + quote(field.text), field.column);
    }

  private:
    std::unordered_map<std::string, std::size_t> numbers_;
};

double read_vertex_capacity(const LineReader& line, const Field& field) {
    const double capacity = line.to_double(field, "capacity");
    if (capacity >= 0.0) return capacity;
    throw line.error("capacity " + quote(field.text) + " of a vertex is negative", field.column);
}

char read_switch(const LineReader& line, const Field& field) {
    const auto mark = read_mark(field.text);
    if (mark) return *mark ? 1 : 0;
    throw line.error("switch " + quote(field.text) + " must be true or false", field.column);
}

}  // namespace

void read_nodes(const Spec& spec, EdgeTable& table) {
    const TextFile file(graph_text(spec.node_file), spec.node_file);
    CsvReader rows(file);
    const std::size_t node = rows.require("node");
    const auto mark = rows.find("switch");
    const auto capacity = rows.find("capacity");
    if (!mark && !capacity) {
        throw input_error("the header has neither the column 'switch' nor 'capacity'",
                          {spec.node_file, 1, 1});
    }
    const auto vertices = static_cast<std::size_t>(table.agents);
    if (mark && table.switches.empty()) table.switches.assign(vertices, 0);
    if (capacity && table.vertex_capacities.empty())
        table.vertex_capacities.assign(vertices, unlimited);
    const VertexIndex index(table);
    std::vector<char> seen(vertices, 0);
    while (rows.next()) {
        const Field& name = rows.field(node);
        const std::size_t v = index.find(rows.line(), name);
        if (seen[v] != 0) {
            throw rows.line().error("vertex " + quote(name.text) + " stands there twice",
                                    name.column);
        }
        seen[v] = 1;
        if (mark && !rows.field(*mark).text.empty()) {
            table.switches[v] = read_switch(rows.line(), rows.field(*mark));
        }
        if (capacity && !rows.field(*capacity).text.empty()) {
            table.vertex_capacities[v] = read_vertex_capacity(rows.line(), rows.field(*capacity));
        }
    }
}

void number_hosts_first(const Spec& spec, EdgeTable& table) {
    const auto is_host = [](char mark) { return mark == 0; };
    if (std::ranges::all_of(table.switches, is_host)) return;
    if (std::ranges::none_of(table.switches, is_host)) {
        throw input_error("all vertices are marked as switches; at least one must be a host",
                          {spec.node_file.empty() ? spec.file : spec.node_file});
    }
    std::vector<std::uint32_t> order;  // the old number of each vertex
    for (const char wanted : {0, 1}) {
        for (std::size_t v = 0; v < table.switches.size(); ++v) {
            if ((table.switches[v] != 0) == (wanted != 0)) {
                order.push_back(static_cast<std::uint32_t>(v));
            }
        }
    }
    const bool named = !std::ranges::is_sorted(order) || !table.names.empty();
    const auto old_names = std::exchange(table.names, {});
    const auto old_switches = std::exchange(table.switches, {});
    const auto old_capacities = std::exchange(table.vertex_capacities, {});
    std::vector<std::uint32_t> number(order.size());
    for (const std::uint32_t v : order) {
        number[v] = static_cast<std::uint32_t>(table.switches.size());
        table.switches.push_back(old_switches[v]);
        if (named) table.names.push_back(old_names.empty() ? std::to_string(v) : old_names[v]);
        if (!old_capacities.empty()) {
            table.vertex_capacities.push_back(old_capacities[v]);
        }
    }
    for (FileEdge& edge : table.edges) {
        edge.source = number[edge.source];
        edge.target = number[edge.target];
    }
}

}  // namespace motley::topology
