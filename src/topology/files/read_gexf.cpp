// Reads GEXF, the format of Gephi (gexf.net, versions 1.1 to 1.3). Times and positions are ignored.
#include <map>

#include "topology/files/property_graph.hpp"
#include "topology/files/xml_document.hpp"

namespace motley::topology {
namespace {

struct Attribute {
    Property property;
    bool typed = false;
    std::optional<std::string> value;  ///< of elements that have none
};

class GexfReader {
  public:
    GexfReader(const Spec& spec, const TextFile& file) : document_(file), graph_(spec, file) {}

    EdgeTable read() {
        const pugi::xml_node root = document_.root();
        if (!document_.is(root, "gexf")) {
            throw input_error("the root element is " + quote(root.name()) + ", not 'gexf'",
                              document_.place(root));
        }
        const pugi::xml_node graph = document_.child(root, "graph");
        if (!graph) throw input_error("the file has no graph element", document_.place(root));
        for (const auto& list : document_.children(graph, "attributes")) take_attributes(list);
        read_nodes(graph);
        for (const auto& list : document_.children(graph, "edges")) {
            for (const auto& edge : document_.children(list, "edge")) read_edge(edge);
        }
        const std::string_view type = graph.attribute("defaultedgetype").value();
        EdgeTable table =
            graph_.finish(type == "directed" ? Direction::unsaid : Direction::both_ways);
        if (std::string_view(graph.attribute("mode").value()) == "dynamic") {
            table.remarks.emplace_back(
                "times are ignored: the graph has the nodes and edges of all times");
        }
        return table;
    }

  private:
    using Attributes = std::map<std::string, Attribute, std::less<>>;

    void take_attributes(const pugi::xml_node& list) {
        const bool node = std::string_view(list.attribute("class").value()) == "node";
        for (const pugi::xml_node& each : document_.children(list, "attribute")) {
            const std::string_view title = each.attribute("title").value();
            const auto property = node ? node_property(title) : edge_property(title);
            if (!property || *property == Property::value) continue;
            const std::string_view type = each.attribute("type").value();
            const bool typed =
                type == "integer" || type == "long" || type == "float" || type == "double";
            std::optional<std::string> value;
            if (const auto standard = document_.child(each, "default")) value = text_of(standard);
            (node ? node_attributes_ : edge_attributes_)
                .insert_or_assign(each.attribute("id").value(), Attribute{*property, typed, value});
        }
    }

    template <class Set>
    void each_value(const pugi::xml_node& element, const Attributes& attributes, Set set) const {
        for (const auto& [id, attribute] : attributes) {
            if (attribute.value) set(attribute, std::string_view(*attribute.value));
        }
        const pugi::xml_node values = document_.child(element, "attvalues");
        for (const pugi::xml_node& value : values.children()) {
            const pugi::xml_attribute name =
                value.attribute("for") ? value.attribute("for") : value.attribute("id");
            const auto found = attributes.find(std::string_view(name.value()));
            if (found == attributes.end()) continue;
            set(found->second, std::string_view(value.attribute("value").value()));
        }
    }

    /// Reads the nodes of a graph, or those inside of another node.
    void read_nodes(const pugi::xml_node& owner) {
        for (const pugi::xml_node& list : document_.children(owner, "nodes")) {
            for (const pugi::xml_node& node : document_.children(list, "node")) read_node(node);
        }
    }

    void read_node(const pugi::xml_node& node) {
        graph_.add_node(std::string(document_.required(node, "id")), Document::offset(node));
        graph_.set_node(Property::label, node.attribute("label").value());
        each_value(node, node_attributes_, [&](const Attribute& attribute, std::string_view text) {
            graph_.set_node(attribute.property, std::string(text));
        });
        read_nodes(node);
    }

    void read_edge(const pugi::xml_node& edge) {
        const std::string_view type = edge.attribute("type").value();
        graph_.add_edge(document_.required(edge, "source"), document_.required(edge, "target"),
                        type == "directed"                         ? Direction::one_way
                        : type == "undirected" || type == "mutual" ? Direction::both_ways
                                                                   : Direction::unsaid,
                        Document::offset(edge));
        each_value(edge, edge_attributes_, [&](const Attribute& attribute, std::string_view text) {
            graph_.set_edge(attribute.property, text, attribute.typed);
        });
        if (const auto weight = edge.attribute("weight")) {
            graph_.set_edge(Property::weight, weight.value(), true);
        }
    }

    Document document_;
    PropertyGraph graph_;
    Attributes node_attributes_, edge_attributes_;  ///< by id
};

}  // namespace

EdgeTable read_gexf(const Spec& spec, const TextFile& file) {
    expect_small(file, "GEXF");
    return GexfReader(spec, file).read();
}

}  // namespace motley::topology
