// Reads GraphML with pugixml into the table of edges. The job file (spec.directed) says whether the
// graph is directed; the file's own edgedefault is ignored, because editors write "directed" in any
// case.
#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "topology/files/edge_table.hpp"
#include "topology/files/graphml_document.hpp"

namespace motley::topology {
namespace {

constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20;

/// A property that the reader uses; the file's keys declare it.
struct Property {
    std::string_view element;
    std::string_view name;
    bool numeric = false;                      ///< declared as a number
    std::optional<std::string> standard = {};  ///< for elements without a value

    // The values of the elements; where an element has several, the last one counts.
    std::vector<std::string> texts = {};                         ///< one per element
    std::vector<std::pair<std::uint32_t, double>> numbers = {};  ///< pairs (edge, value)
    bool usable = true;  ///< false: values are not declared numeric, and not all are numbers
};

class GraphmlReader {
  public:
    GraphmlReader(const Spec& spec, const TextFile& file) : spec_(spec), document_(file) {}

    EdgeTable read();

  private:
    void take_key(const pugi::xml_node& key);
    void collect(const pugi::xml_node& graph);
    void read_node(const pugi::xml_node& node);
    void read_edge(const pugi::xml_node& edge);
    void apply_capacities(EdgeTable& table) const;
    void apply_marks(EdgeTable& table) const;
    double capacity_of(const pugi::xml_node& element, const std::string& text, double least) const;
    void set_number(Property& property, std::uint32_t edge, const std::string& text);
    void apply(const Property& property, double FileEdge::*member, double most, const char* what);
    std::string required(const pugi::xml_node& element, const char* name) const;
    std::uint32_t vertex(const pugi::xml_node& edge, const char* end) const;
    template <class Set>
    void each_value(const pugi::xml_node& element, Set set);

    const Spec& spec_;
    Document document_;
    Property label_{"node", "label"}, name_{"node", "name"};
    Property switch_{"node", "switch"}, kind_{"node", "kind"}, host_capacity_{"node", "capacity"};
    Property weight_{"edge", "weight"}, survival_{"edge", "survival"};
    Property capacity_{"edge", "capacity"};
    const std::array<Property*, 8> properties_{&label_,         &name_,   &switch_,   &kind_,
                                               &host_capacity_, &weight_, &survival_, &capacity_};
    std::map<std::string, Property*> node_keys_, edge_keys_;  ///< by the key's id
    std::vector<pugi::xml_node> node_elements_, edge_elements_;
    std::unordered_map<std::string, std::uint32_t> numbers_;  ///< vertex of each node's id
    std::vector<std::string> ids_;
    std::vector<FileEdge> edges_;
};

void GraphmlReader::take_key(const pugi::xml_node& key) {
    const std::string domain = key.attribute("for").value();
    const std::string type = key.attribute("attr.type").value();
    for (Property* property : properties_) {
        if (!domain.empty() && domain != "all" && domain != property->element) continue;
        if (!equal_ignoring_case(key.attribute("attr.name").value(), property->name)) continue;
        auto& keys = property->element == "node" ? node_keys_ : edge_keys_;
        keys[key.attribute("id").value()] = property;
        property->numeric = type == "int" || type == "long" || type == "float" || type == "double";
        if (const auto standard = key.child("default")) property->standard = text_of(standard);
    }
}

/// Reads nodes and edges in the order of the file, those of nested graphs (groups in yEd) included.
void GraphmlReader::collect(const pugi::xml_node& graph) {
    for (const pugi::xml_node& child : graph.children()) {
        const std::string_view name = child.name();
        if (name == "hyperedge") {
            throw input_error("hyperedges cannot be arcs of a topology", document_.place(child));
        }
        if (name != "node" && name != "edge") continue;
        (name == "node" ? node_elements_ : edge_elements_).push_back(child);
        for (const pugi::xml_node& inner : child.children("graph")) collect(inner);
    }
}

std::string GraphmlReader::required(const pugi::xml_node& element, const char* name) const {
    std::string value = element.attribute(name).value();
    if (!value.empty()) return value;
    throw input_error(std::string(element.name()) + " without the attribute '" + name + "'",
                      document_.place(element));
}

/// Calls `set(property, text)` for every value of an element, for the defaults first.
template <class Set>
void GraphmlReader::each_value(const pugi::xml_node& element, Set set) {
    const bool node = std::string_view(element.name()) == "node";
    for (Property* property : properties_) {
        if (property->element == element.name() && property->standard) {
            set(*property, *property->standard);
        }
    }
    const auto& keys = node ? node_keys_ : edge_keys_;
    for (const pugi::xml_node& data : element.children("data")) {
        const auto key = keys.find(data.attribute("key").value());
        if (key != keys.end()) set(*key->second, text_of(data));
    }
}

void GraphmlReader::read_node(const pugi::xml_node& node) {
    const std::string id = required(node, "id");
    if (!numbers_.emplace(id, static_cast<std::uint32_t>(ids_.size())).second) {
        throw input_error("node id " + quote(id) + " stands there twice", document_.place(node));
    }
    ids_.push_back(id);
    for (Property* property : properties_) {
        if (property->element == "node") property->texts.emplace_back();
    }
    each_value(node, [](Property& property, std::string text) {
        property.texts.back() = std::move(text);
    });
}

std::uint32_t GraphmlReader::vertex(const pugi::xml_node& edge, const char* end) const {
    const std::string id = required(edge, end);
    const auto found = numbers_.find(id);
    if (found != numbers_.end()) return found->second;
    throw input_error("the edge names a node that the file does not have: " + quote(id),
                      document_.place(edge));
}

void GraphmlReader::read_edge(const pugi::xml_node& edge) {
    const auto number = static_cast<std::uint32_t>(edges_.size());
    edges_.push_back({vertex(edge, "source"), vertex(edge, "target"), 1.0, spec_.survival});
    capacity_.texts.emplace_back();
    each_value(edge, [&](Property& property, const std::string& text) {
        if (&property == &capacity_) {
            property.texts.back() = text;
        } else {
            set_number(property, number, text);
        }
    });
}

void GraphmlReader::set_number(Property& property, std::uint32_t edge, const std::string& text) {
    double number = 0.0;
    const NumberFault fault = parse_number(text, number);
    if (fault == NumberFault::none) {
        property.numbers.emplace_back(edge, number);
    } else if (property.numeric) {
        throw input_error(describe(fault, property.name, text),
                          document_.place(edge_elements_[edge]));
    } else {
        property.usable = false;
    }
}

void GraphmlReader::apply(const Property& property, double FileEdge::*member, double most,
                          const char* what) {
    if (!property.usable) return;
    for (const auto& [edge, value] : property.numbers) edges_[edge].*member = value;
    for (std::size_t e = 0; e < edges_.size(); ++e) {
        const double value = edges_[e].*member;
        if (value > 0.0 && value <= most) continue;
        throw input_error(what, document_.place(edge_elements_[e]));
    }
}

double GraphmlReader::capacity_of(const pugi::xml_node& element, const std::string& text,
                                  double least) const {
    double capacity = 0.0;
    const NumberFault fault = parse_number(text, capacity);
    if (fault != NumberFault::none) {
        throw input_error(describe(fault, "capacity", text), document_.place(element));
    }
    if (capacity >= least) return capacity;
    throw input_error("capacity of the " + std::string(element.name()) + ", " + quote(text) +
                          (least > 0.0 ? ", must be greater than 0" : ", is negative"),
                      document_.place(element));
}

/// Takes the capacities of links, which all of them have or none, and those of vertices.
void GraphmlReader::apply_capacities(EdgeTable& table) const {
    const auto given = [](const std::string& text) { return !text.empty(); };
    const auto first = std::ranges::find_if(capacity_.texts, given);
    for (std::size_t e = 0; first != capacity_.texts.end() && e < edges_.size(); ++e) {
        constexpr double least = std::numeric_limits<double>::denorm_min();
        if (capacity_.texts[e].empty()) {
            throw input_error("the edge has no capacity, others have one; give the key a default",
                              document_.place(edge_elements_[e]));
        }
        table.capacities.push_back(capacity_of(edge_elements_[e], capacity_.texts[e], least));
    }
    if (std::ranges::none_of(host_capacity_.texts, given)) return;
    for (std::size_t v = 0; v < ids_.size(); ++v) {
        const std::string& text = host_capacity_.texts[v];
        table.vertex_capacities.push_back(text.empty() ? std::numeric_limits<double>::infinity()
                                                       : capacity_of(node_elements_[v], text, 0.0));
    }
}

void GraphmlReader::apply_marks(EdgeTable& table) const {
    for (std::size_t v = 0; v < ids_.size(); ++v) {
        const std::string& text = switch_.texts[v];
        const auto mark = text.empty() ? false : read_mark(text);
        if (!mark) {
            throw input_error("switch " + quote(text) + " must be true or false",
                              document_.place(node_elements_[v]));
        }
        table.switches.push_back(*mark || equal_ignoring_case(kind_.texts[v], "switch") ? 1 : 0);
    }
}

/// Control characters become blanks, because names are written into CSV files.
void put_on_one_line(std::string& text) {
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < 32; }, ' ');
}

bool are_names(const std::vector<std::string>& texts) {
    std::unordered_set<std::string_view> seen;
    return std::ranges::all_of(texts, [&](const std::string& text) {
        return !trim(text).empty() && seen.insert(text).second;
    });
}

EdgeTable GraphmlReader::read() {
    const pugi::xml_node root = document_.root();
    if (std::string_view(root.name()) != "graphml") {
        throw input_error("the root element is " + quote(root.name()) + ", not 'graphml'",
                          document_.place(root));
    }
    const auto graphs = std::ranges::distance(root.children("graph"));
    if (graphs == 0) throw input_error("the file has no graph element", document_.place(root));
    if (graphs > 1) {
        throw input_error("the file has " + std::to_string(graphs) +
                              " graphs; keep one of them, or put each into its own file",
                          {spec_.file});
    }
    for (const pugi::xml_node& key : root.children("key")) take_key(key);
    collect(root.child("graph"));
    if (node_elements_.empty()) throw input_error("the graph has no nodes", {spec_.file});
    for (const pugi::xml_node& node : node_elements_) read_node(node);
    for (const pugi::xml_node& edge : edge_elements_) read_edge(edge);
    apply(weight_, &FileEdge::weight, std::numeric_limits<double>::max(),
          "weight of the edge must be greater than 0");
    apply(survival_, &FileEdge::survival, 1.0, "survival of the edge must lie in (0, 1]");
    for (auto* column : {&label_.texts, &name_.texts, &ids_}) {
        std::ranges::for_each(*column, put_on_one_line);
    }
    EdgeTable table;
    table.agents = std::ssize(ids_);
    table.undirected = !spec_.directed;
    apply_capacities(table);
    apply_marks(table);
    table.edges = std::move(edges_);
    table.names = std::move(are_names(label_.texts)  ? label_.texts
                            : are_names(name_.texts) ? name_.texts
                                                     : ids_);
    return table;
}

}  // namespace

EdgeTable read_graphml(const Spec& spec) {
    std::error_code no_size;
    const std::uintmax_t bytes = std::filesystem::file_size(spec.file, no_size);
    if (!no_size && bytes > most_bytes) {
        throw input_error(
            "GraphML files of more than 64 MB take too much memory to parse; convert "
            "the graph to an edge list or to CSV",
            {spec.file});
    }
    const TextFile file(spec.file);
    return GraphmlReader(spec, file).read();
}

}  // namespace motley::topology
