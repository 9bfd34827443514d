// Vertices and edges with properties, as GraphML, GEXF and GML have them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "topology/files/edge_table.hpp"

namespace motley::topology {

/// The properties that become parts of an edge table. `value` is the weight where there is no
/// `weight`.
enum class Property {
    label,
    name,
    switch_mark,
    kind,
    node_capacity,
    weight,
    value,
    survival,
    capacity
};
constexpr std::size_t properties = 9;

/// The property of a vertex or an edge that a file calls `name`, in any case.
std::optional<Property> node_property(std::string_view name);
std::optional<Property> edge_property(std::string_view name);

/// What a file says of the direction of an edge.
enum class Direction { unsaid, one_way, both_ways };

/// Collects vertices, edges and their properties, and makes the edge table of them. Edges may come
/// before their vertices. Offsets are places in the file, for messages.
class PropertyGraph {
  public:
    PropertyGraph(const Spec& spec, const TextFile& file) : spec_(spec), file_(file) {}

    /// An id that stands there twice is an input error.
    void add_node(std::string id, std::size_t offset);
    /// The texts of the ends must live until `finish`.
    void add_edge(std::string_view source, std::string_view target, Direction direction,
                  std::size_t offset);
    /// Sets a property of the node or edge that was added last; the last value counts. `typed`: the
    /// file declares it to be a number. A property that is not, and not always one, is not used.
    void set_node(Property property, std::string text);
    void set_edge(Property property, std::string_view text, bool typed);

    std::size_t nodes() const { return ids_.size(); }
    /// `ways` is what the file says of edges that say nothing themselves.
    EdgeTable finish(Direction ways);

  private:
    struct End {
        std::string_view source, target;
    };
    /// A number that some edges have.
    struct Number {
        std::uint32_t edge;
        double value;
    };
    struct Numbers {
        std::vector<Number> given;
        bool usable = true;
    };

    std::vector<std::string>& texts(Property property) {
        return texts_[static_cast<std::size_t>(property)];
    }
    const std::vector<std::string>& texts(Property property) const {
        return texts_[static_cast<std::size_t>(property)];
    }
    Where place(std::size_t offset) const { return file_.where(offset); }
    std::uint32_t vertex(std::string_view id, std::size_t edge) const;
    void set_weight(Property property, std::string_view text, bool typed);
    void apply_weights();
    void apply_survivals();
    double capacity_of(const char* element, const std::string& text, double least,
                       std::size_t offset) const;
    void apply_capacities(EdgeTable& table) const;
    void apply_marks(EdgeTable& table) const;
    void apply_directions(Direction ways, EdgeTable& table) const;

    const Spec& spec_;
    const TextFile& file_;
    std::vector<std::string> ids_;
    std::unordered_map<std::string, std::uint32_t> numbers_;  ///< vertex of each id
    std::vector<std::size_t> node_offsets_, edge_offsets_;
    std::vector<End> ends_;
    std::vector<Direction> directions_;
    std::vector<FileEdge> edges_;
    std::array<std::vector<std::string>, properties> texts_;  ///< one per node, or per edge
    Numbers weights_, values_, survivals_;
    std::int64_t bad_weights_ = 0, first_bad_ = 0;  ///< and the line of the first one
};

}  // namespace motley::topology
