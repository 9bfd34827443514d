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
    /// The provisional number of a vertex; nothing where there is none of this name.
    std::optional<std::uint32_t> find(std::string_view name) const;
    bool is_integer(std::uint32_t vertex) const { return integer_[vertex]; }
    std::int64_t value(std::uint32_t vertex) const { return values_[vertex]; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
    const std::vector<std::string_view>& names() const { return names_; }
    bool all_integers() const { return all_integers_; }

    /// The number of the agent of each vertex.
    std::vector<std::uint32_t> numbers() const;
    /// Replaces the provisional numbers in `table.edges` and sets its agents and names. Names stay
    /// empty where every agent's name is its own number.
    void finish(EdgeTable& table) const;

  private:
    std::uint32_t append(const Field& field, const LineReader& line);
    /// Makes room in `direct_` for a small integer, where there are enough vertices to fill it.
    void widen(std::size_t value);
    void grow();

    std::vector<std::string_view> names_;
    std::vector<bool> integer_;
    std::vector<std::int64_t> values_;  ///< values of the names that are integers
    // Small integers are found by their value, all other names in a table.
    std::vector<std::uint32_t> direct_;  ///< by value: vertex + 1, 0 is none
    std::vector<std::uint32_t> slots_;   ///< open addressing: vertex + 1, 0 is free
    std::size_t hashed_ = 0;             ///< names in `slots_`
    bool all_integers_ = true;
};

/// The same for two kinds of vertices, the sources and the targets of the edges. Where both have
/// a name, "1:" and "2:" stand before all names.
void finish_bipartite(const VertexNames& sources, const VertexNames& targets, EdgeTable& table);

/// Numbers the rows of a matrix and after them its columns, all of which are vertices.
void number_two_kinds(std::int64_t rows, std::int64_t columns, EdgeTable& table);

/// The distinct ids of a column of integers.
struct ColumnIds {
    std::int64_t count = 0, low = 0, high = 0;
};
/// Adds a remark where each column has all integers from 0 or 1 on, but not both as many.
void remark_two_id_spaces(const ColumnIds& first, const ColumnIds& second, EdgeTable& table);
/// The same; the numbers of the table's vertices are still provisional.
void remark_two_id_spaces(const VertexNames& vertices, EdgeTable& table);

/// Reads weights. What is no number > 0 is an input error where routing follows weights; elsewhere
/// it counts as 1, and one remark says how many there were.
class WeightReader {
  public:
    explicit WeightReader(const Spec& spec) : used_(spec.edge_weights) {}

    double read(const LineReader& line, const Field& field) {
        return read(field.text, [&] { return line.where(field.column); });
    }
    /// `place()` is where the weight stands.
    template <class Place>
    double read(std::string_view text, Place place) {
        double value = 0.0;
        const NumberFault fault = parse_number(text, value);
        return judge(fault, value, text, place);
    }
    /// The same for a text that was parsed already.
    template <class Place>
    double judge(NumberFault fault, double value, std::string_view text, Place place) {
        read_ += 1;
        if (fault == NumberFault::none && value > 0.0) return value;
        if (used_ || bad_ == 0) refuse(fault, text, place());
        bad_ += 1;
        return 1.0;
    }
    void remark(EdgeTable& table) const;

  private:
    void refuse(NumberFault fault, std::string_view text, Where place);

    bool used_;
    std::int64_t read_ = 0, bad_ = 0;
    Where first_;
};

/// What `WeightReader` says of `bad` of `all` weights, the first of which stands in `line`.
std::string unused_weights(std::int64_t bad, std::int64_t all, std::int64_t line);

/// Reads a capacity > 0 or a survival in (0, 1]; anything else is an input error.
double read_capacity(const LineReader& line, const Field& field);
double read_survival(const LineReader& line, const Field& field);
/// True or false; nothing where `text` is neither true, yes, 1 nor false, no, 0.
std::optional<bool> read_mark(std::string_view text);

/// Adds the opposite of each edge whose number `both` lists, but for loops.
void add_opposites(EdgeTable& table, const std::vector<std::size_t>& both);

/// Finds out whether every edge has its opposite, with the same weight, survival and capacity. It
/// is plain data, so that what parts of a table say can be added up.
struct Opposites {
    std::uint64_t as_listed = 0, reversed = 0;  ///< sums of fingerprints of edges
    std::int64_t up = 0, down = 0;

    void add(const EdgeTable& table);
    void add(const Opposites& part);
    bool all_paired() const { return up > 0 && up == down && as_listed == reversed; }
};
/// Keeps one of each pair of opposite edges, and says so in a remark.
void keep_one_of_each(EdgeTable& table);
/// Does so in an undirected table in which every edge has its opposite.
void merge_opposites(EdgeTable& table);

/// The place of a column in `Spec::columns`, which is given; nothing where it does not stand there.
std::optional<std::size_t> named_column(const Spec& spec, std::string_view name);
/// The same, and a usage error where there is none.
std::size_t require_column(const Spec& spec, std::string_view name);

/// The readers. `file` must live as long as the call. Where the format leaves it open,
/// `spec.directed` decides whether an edge is directed.
EdgeTable read_edge_list(const Spec& spec, const TextFile& file);
EdgeTable read_adjacency_list(const Spec& spec, const TextFile& file);
EdgeTable read_matrix(const Spec& spec, const TextFile& file);
EdgeTable read_graphml(const Spec& spec, const TextFile& file);
EdgeTable read_gexf(const Spec& spec, const TextFile& file);
EdgeTable read_gml(const Spec& spec, const TextFile& file);
EdgeTable read_pajek(const Spec& spec, const TextFile& file);
EdgeTable read_dimacs(const Spec& spec, const TextFile& file);
EdgeTable read_lgl(const Spec& spec, const TextFile& file);
EdgeTable read_metis(const Spec& spec, const TextFile& file);
EdgeTable read_matrix_market(const Spec& spec, const TextFile& file);
EdgeTable read_cluster(const Spec& spec, const TextFile& file);

/// Reads the file of vertices, `node[,switch][,capacity]`, over what the graph says of them. Input
/// errors carry file, line and column.
void read_nodes(const Spec& spec, EdgeTable& table);

/// Renumbers the vertices so that hosts come first, in the order that they had, and then switches.
/// Input error where all vertices are switches.
void number_hosts_first(const Spec& spec, EdgeTable& table);

}  // namespace motley::topology
