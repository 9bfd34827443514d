// Reads GraphML. The job file (spec.directed) says whether the graph is directed.
#include <map>

#include "topology/files/property_graph.hpp"
#include "topology/files/xml_document.hpp"

namespace motley::topology {
namespace {

/// A key that declares a property which is used.
struct Key {
    Property property;
    bool typed = false;                ///< as a number
    std::optional<std::string> value;  ///< of elements that have none
};

class GraphmlReader {
  public:
    GraphmlReader(const Spec& spec, const TextFile& file) : document_(file), graph_(spec, file) {}

    EdgeTable read();

  private:
    using Keys = std::map<std::string, Key, std::less<>>;

    void take_key(const pugi::xml_node& key);
    void collect(const pugi::xml_node& graph);
    void read_node(const pugi::xml_node& node);
    void read_edge(const pugi::xml_node& edge);
    template <class Set>
    void each_value(const pugi::xml_node& element, const Keys& keys, Set set) const;

    Document document_;
    PropertyGraph graph_;
    Keys node_keys_, edge_keys_;  ///< by id
};

void GraphmlReader::take_key(const pugi::xml_node& key) {
    const std::string_view domain = key.attribute("for").value();
    const std::string_view type = key.attribute("attr.type").value();
    const std::string_view name = key.attribute("attr.name").value();
    const auto is = [&](std::string_view word) { return equal_ignoring_case(type, word); };
    const bool typed = is("int") || is("long") || is("float") || is("double");
    std::optional<std::string> value;
    if (const auto standard = document_.child(key, "default")) value = text_of(standard);
    const auto add = [&](Keys& keys, std::string_view element, std::optional<Property> property) {
        if (!property || *property == Property::value) return;
        if (!domain.empty() && domain != "all" && domain != element) return;
        keys.insert_or_assign(key.attribute("id").value(), Key{*property, typed, value});
    };
    add(node_keys_, "node", node_property(name));
    add(edge_keys_, "edge", edge_property(name));
}

/// Calls `set(key, text)` for every value of an element, for the defaults first.
template <class Set>
void GraphmlReader::each_value(const pugi::xml_node& element, const Keys& keys, Set set) const {
    for (const auto& [id, key] : keys) {
        if (key.value) set(key, *key.value);
    }
    for (const pugi::xml_node& data : element.children()) {
        if (!document_.is(data, "data")) continue;
        const auto key = keys.find(std::string_view(data.attribute("key").value()));
        if (key != keys.end()) set(key->second, text_of(data));
    }
}

void GraphmlReader::read_node(const pugi::xml_node& node) {
    graph_.add_node(std::string(document_.required(node, "id")), Document::offset(node));
    each_value(node, node_keys_, [&](const Key& key, std::string text) {
        graph_.set_node(key.property, std::move(text));
    });
}

void GraphmlReader::read_edge(const pugi::xml_node& edge) {
    const std::string_view directed = trim(edge.attribute("directed").value());
    graph_.add_edge(document_.required(edge, "source"), document_.required(edge, "target"),
                    equal_ignoring_case(directed, "true")    ? Direction::one_way
                    : equal_ignoring_case(directed, "false") ? Direction::both_ways
                                                             : Direction::unsaid,
                    Document::offset(edge));
    each_value(edge, edge_keys_, [&](const Key& key, const std::string& text) {
        graph_.set_edge(key.property, text, key.typed);
    });
}

/// Reads nodes and edges in the order of the file, those of nested graphs (groups in yEd) included.
void GraphmlReader::collect(const pugi::xml_node& graph) {
    for (const pugi::xml_node& child : graph.children()) {
        if (document_.is(child, "hyperedge")) {
            throw input_error("hyperedges cannot be arcs of a topology", document_.place(child));
        }
        const bool node = document_.is(child, "node");
        if (!node && !document_.is(child, "edge")) continue;
        node ? read_node(child) : read_edge(child);
        for (const pugi::xml_node& inner : document_.children(child, "graph")) collect(inner);
    }
}

EdgeTable GraphmlReader::read() {
    const pugi::xml_node root = document_.root();
    if (!document_.is(root, "graphml")) {
        throw input_error("the root element is " + quote(root.name()) + ", not 'graphml'",
                          document_.place(root));
    }
    const auto graphs = document_.children(root, "graph");
    if (graphs.empty()) throw input_error("the file has no graph element", document_.place(root));
    if (graphs.size() > 1) {
        throw input_error("the file has " + std::to_string(graphs.size()) +
                              " graphs; keep one of them, or put each into its own file",
                          document_.place(graphs[1]));
    }
    for (const pugi::xml_node& key : document_.children(root, "key")) take_key(key);
    collect(graphs.front());
    const bool undirected =
        equal_ignoring_case(trim(graphs.front().attribute("edgedefault").value()), "undirected");
    return graph_.finish(undirected ? Direction::both_ways : Direction::unsaid);
}

}  // namespace

EdgeTable read_graphml(const Spec& spec, const TextFile& file) {
    expect_small(file, "GraphML");
    return GraphmlReader(spec, file).read();
}

}  // namespace motley::topology
