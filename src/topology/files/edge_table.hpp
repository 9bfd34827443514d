// The result of every reader of a graph format: a list of edges, and the numbering of vertices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "motley/core/text.hpp"
#include "motley/topology/topology.hpp"

namespace motley::topology {

/// An edge as the file lists it; parallel ones are not merged yet.
struct FileEdge {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    double weight = 1.0;
    double survival = 1.0;
};

struct EdgeTable {
    AgentId agents = 0;
    /// Edges are undirected and listed once each.
    bool undirected = false;
    std::vector<FileEdge> edges;
    std::vector<double> capacities;  ///< one per edge; empty: the file has none
    std::vector<std::string> names;  ///< empty: agents are numbered only
    std::vector<char> switches;      ///< one per vertex, not 0: a switch; empty: all are hosts
    std::vector<double> vertex_capacities;  ///< one per vertex, infinite: none; empty: all are
    std::vector<std::string> remarks;       ///< what the file was taken for, as sentences
};

/// Numbers the vertices of files that name them. Where all names are integers as they are written
/// ("7", not "007") the agents are numbered by ascending value, else in order of first appearance.
class VertexNames {
  public:
    /// Returns the provisional number of the vertex. The text of `field` must outlive this object.
    /// An empty name is an input error. An integer that does not fit 64 bits is a name.
    std::uint32_t add(const Field& field, const LineReader& line);
    bool is_integer(std::uint32_t vertex) const { return integer_[vertex]; }
    std::int64_t value(std::uint32_t vertex) const { return values_[vertex]; }
    /// Whether a vertex has this number as its name.
    bool has_value(double value) const;
    std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

    /// Replaces the provisional numbers in `table.edges` and sets its agents and names. Names stay
    /// empty where every agent's name is its own number.
    void finish(EdgeTable& table) const;

  private:
    void grow();
    void number_by_value(EdgeTable& table) const;

    std::vector<std::string_view> names_;
    std::vector<bool> integer_;
    std::vector<std::int64_t> values_;  ///< values of the names that are integers
    std::vector<std::uint32_t> slots_;  ///< open addressing: vertex + 1, 0 is free
    bool all_integers_ = true;
};

/// Reads a weight > 0 or a capacity > 0 or a survival in (0, 1]; anything else is an input error.
double read_weight(const LineReader& line, const Field& field);
double read_capacity(const LineReader& line, const Field& field);
double read_survival(const LineReader& line, const Field& field);
/// True or false; nothing where `text` is neither true, yes, 1 nor false, no, 0.
std::optional<bool> read_mark(std::string_view text);

/// The place of a column in `Spec::columns`, which is given; nothing where it does not stand there.
std::optional<std::size_t> named_column(const Spec& spec, std::string_view name);
/// The same, and a usage error where there is none.
std::size_t require_column(const Spec& spec, std::string_view name);

/// The readers. Where the format leaves it open, `spec.directed` decides whether an edge is
/// directed.
EdgeTable read_edge_list(const Spec& spec);
EdgeTable read_adjacency_list(const Spec& spec);
EdgeTable read_csv(const Spec& spec);
EdgeTable read_graphml(const Spec& spec);
EdgeTable read_metis(const Spec& spec);
EdgeTable read_matrix_market(const Spec& spec);

/// Reads the file of vertices, `node[,switch][,capacity]`, over what the graph says of them. Input
/// errors carry file, line and column.
void read_nodes(const Spec& spec, EdgeTable& table);

/// Renumbers the vertices so that hosts come first, in the order that they had, and then switches.
/// Input error where all vertices are switches.
void number_hosts_first(const Spec& spec, EdgeTable& table);

}  // namespace motley::topology
