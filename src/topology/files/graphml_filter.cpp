// GraphML cut down to what a topology needs, in the form that boost::read_graphml takes.
#include "topology/files/graphml_filter.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <map>
#include <sstream>

#include "topology/files/xml_tags.hpp"

namespace motley::topology {
namespace {

namespace pt = boost::property_tree;

/// Deeper than any real file; the parser recurses once per level.
constexpr std::size_t deepest = 500;

/// Attribute names have dots in them, so the separator of paths must be another character.
pt::ptree::path_type attribute_path(const std::string& name) {
    return {"<xmlattr>/" + name, '/'};
}

std::string attribute(const pt::ptree& element, const std::string& name) {
    return element.get(attribute_path(name), std::string());
}

pt::ptree parse_xml(const TextFile& file) {
    if (const auto fault = find_nesting_fault(file.text(), deepest)) {
        throw input_error("not well-formed XML: " + fault->message, file.where(fault->offset));
    }
    std::istringstream in{std::string(file.text())};
    pt::ptree tree;
    try {
        pt::read_xml(in, tree, pt::xml_parser::no_comments | pt::xml_parser::trim_whitespace);
    } catch (const pt::xml_parser_error& error) {
        throw input_error("not well-formed XML: " + error.message(),
                          {file.path(), static_cast<std::int64_t>(error.line())});
    }
    return tree;
}

class Filter {
  public:
    explicit Filter(const TextFile& file) : file_(file) {}

    FilteredGraphml run();

  private:
    const pt::ptree& root_of(const pt::ptree& document) const;
    const pt::ptree& only_graph(const pt::ptree& root) const;
    void take_key(const pt::ptree& key);
    void take_graph(const pt::ptree& graph);
    void take_node(const pt::ptree& node);
    void take_edge(const pt::ptree& edge);
    void take_data(const pt::ptree& from, const std::map<std::string, std::string>& keys,
                   pt::ptree& to) const;
    void declare(const char* domain, const std::string& name, const pt::ptree& key);
    std::string required(const pt::ptree& element, const char* tag, std::int64_t index,
                         const char* name) const;

    const TextFile& file_;
    pt::ptree result_;
    pt::ptree graph_;
    std::map<std::string, std::string> node_keys_;  ///< id in the file -> our name
    std::map<std::string, std::string> edge_keys_;
    std::int64_t nodes_ = 0;
    std::int64_t edges_ = 0;
};

const pt::ptree& Filter::root_of(const pt::ptree& document) const {
    if (document.empty()) throw input_error("the file has no XML element", {file_.path()});
    const auto& [name, root] = document.front();
    if (name != "graphml") {
        throw input_error("the root element is " + quote(name) + ", not 'graphml'",
                          place_of_element(file_, name, 0));
    }
    return root;
}

const pt::ptree& Filter::only_graph(const pt::ptree& root) const {
    const std::size_t graphs = root.count("graph");
    if (graphs == 0) throw input_error("the file has no graph element", file_.where(0));
    if (graphs > 1) {
        throw input_error("the file has " + std::to_string(graphs) +
                              " graphs; keep one of them, or put each into its own file",
                          {file_.path()});
    }
    return root.find("graph")->second;
}

void Filter::declare(const char* domain, const std::string& name, const pt::ptree& key) {
    pt::ptree& ours = result_.add("graphml.key", "");
    ours.put(attribute_path("id"), std::string(domain) + "-" + name);
    ours.put(attribute_path("for"), domain);
    ours.put(attribute_path("attr.name"), name);
    ours.put(attribute_path("attr.type"), attribute(key, "attr.type"));
    if (const auto standard = key.get_child_optional("default")) {
        ours.put("default", standard->data());
    }
}

void Filter::take_key(const pt::ptree& key) {
    const std::string domain = attribute(key, "for");
    const std::string name = attribute(key, "attr.name");
    const std::string id = attribute(key, "id");
    const bool all = domain == "all" || domain.empty();
    const auto take = [&](const char* element, std::string_view ours, auto& keys) {
        if ((!all && domain != element) || !equal_ignoring_case(name, ours)) return;
        keys[id] = std::string(element) + "-" + std::string(ours);
        declare(element, std::string(ours), key);
    };
    take("node", graphml::label, node_keys_);
    take("node", graphml::name, node_keys_);
    take("edge", graphml::weight, edge_keys_);
    take("edge", graphml::survival, edge_keys_);
}

std::string Filter::required(const pt::ptree& element, const char* tag, std::int64_t index,
                             const char* name) const {
    std::string value = attribute(element, name);
    if (!value.empty()) return value;
    throw input_error(std::string(tag) + " without the attribute '" + name + "'",
                      place_of_element(file_, tag, index));
}

void Filter::take_data(const pt::ptree& from, const std::map<std::string, std::string>& keys,
                       pt::ptree& to) const {
    for (const auto& [name, child] : from) {
        if (name != "data") continue;
        const auto key = keys.find(attribute(child, "key"));
        if (key == keys.end()) continue;
        pt::ptree data(child.data());
        data.put(attribute_path("key"), key->second);
        to.add_child("data", data);
    }
}

void Filter::take_node(const pt::ptree& node) {
    const std::string id = required(node, "node", nodes_++, "id");
    pt::ptree ours;
    ours.put(attribute_path("id"), id);
    pt::ptree data(id);
    data.put(attribute_path("key"), "node-id");
    ours.add_child("data", data);
    take_data(node, node_keys_, ours);
    graph_.push_back({"node", std::move(ours)});
}

void Filter::take_edge(const pt::ptree& edge) {
    const std::int64_t index = edges_++;
    pt::ptree ours;
    ours.put(attribute_path("source"), required(edge, "edge", index, "source"));
    ours.put(attribute_path("target"), required(edge, "edge", index, "target"));
    take_data(edge, edge_keys_, ours);
    graph_.push_back({"edge", std::move(ours)});
}

/// Nodes and edges in the order of the file, those of nested graphs (groups in yEd) included.
void Filter::take_graph(const pt::ptree& graph) {
    for (const auto& [name, child] : graph) {
        if (name == "node") take_node(child);
        if (name == "edge") take_edge(child);
        if (name == "hyperedge") {
            throw input_error("hyperedges cannot be arcs of a topology",
                              place_of_element(file_, "hyperedge", 0));
        }
        if (name != "node" && name != "edge") continue;
        for (const auto& [inner_name, inner] : child) {
            if (inner_name == "graph") take_graph(inner);
        }
    }
}

FilteredGraphml Filter::run() {
    {
        const pt::ptree document = parse_xml(file_);
        const pt::ptree& root = root_of(document);
        pt::ptree id;
        id.put(attribute_path("attr.type"), "string");
        declare("node", std::string(graphml::id), id);
        for (const auto& [name, child] : root) {
            if (name == "key") take_key(child);
        }
        graph_.put(attribute_path("edgedefault"), "directed");
        take_graph(only_graph(root));
    }
    if (nodes_ == 0) throw input_error("the graph has no nodes", {file_.path()});
    result_.get_child("graphml").push_back({"graph", std::move(graph_)});
    std::ostringstream out;
    pt::write_xml(out, result_);
    return {std::move(out).str(), nodes_};
}

}  // namespace

FilteredGraphml filter_graphml(const TextFile& file) {
    return Filter(file).run();
}

Where place_of_element(const TextFile& file, std::string_view name, std::int64_t index) {
    const std::size_t offset = offset_of_element(file.text(), name, index);
    if (offset == std::string_view::npos) return {file.path()};
    return file.where(offset);
}

}  // namespace motley::topology
