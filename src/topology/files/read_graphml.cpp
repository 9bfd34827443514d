// Reads GraphML with pugixml into the table of edges. The job file (spec.directed) says whether the
// graph is directed; the file's own edgedefault is ignored, because editors write "directed" in any
// case.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <unordered_map>
#include <unordered_set>

#include "topology/files/edge_table.hpp"

namespace motley::topology {
namespace {

constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20;
constexpr int deepest = 500;  ///< nested elements; no real file comes near this depth
constexpr auto npos = std::string_view::npos;

/// Overwrites the document type with blanks, because neither it nor its entities are needed.
void blank_document_type(std::string& text) {
    std::size_t at = 0;
    const auto past = [&](const char* end) { return std::min(text.find(end, at), text.size()); };
    for (at = text.find('<'); at < text.size(); at = text.find('<', at + 1)) {
        if (text.compare(at, 2, "<?") == 0) {
            at = past("?>");
        } else if (text.compare(at, 4, "<!--") == 0) {
            at = past("-->");
        } else if (text.compare(at, 9, "<!DOCTYPE") == 0) {
            std::size_t end = text.find_first_of("[>", at);
            if (end != npos && text[end] == '[') end = text.find('>', text.find(']', end));
            if (end != npos) std::fill(text.data() + at, text.data() + end + 1, ' ');
            return;
        } else {
            return;
        }
    }
}

/// The text of an element, in which one blank replaces each run of white space.
std::string text_of(const pugi::xml_node& element) {
    std::string text;
    for (const pugi::xml_node& child : element.children()) text += child.value();
    std::string out;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    if (out.ends_with(' ')) out.pop_back();
    return out;
}

/// An XML document that knows the place of its elements in the file.
class Document {
  public:
    /// Text that is no XML and elements nested too deep are input errors.
    explicit Document(const TextFile& file);

    pugi::xml_node root() const { return tree_.first_child(); }
    Where place(const pugi::xml_node& element) const {
        return file_.where(static_cast<std::size_t>(begin(element)));
    }

  private:
    static std::ptrdiff_t begin(const pugi::xml_node& element) {
        return element.offset_debug() - (element.type() == pugi::node_element ? 1 : 0);
    }
    void check_depth() const;
    void check_prolog() const;
    [[noreturn]] void refuse(const pugi::xml_parse_result& result) const;
    pugi::xml_node innermost_open(std::size_t end) const;

    const TextFile& file_;
    std::string buffer_;  ///< parsed in place; the names of elements stay where they were
    pugi::xml_document tree_;
};

Error malformed(const std::string& message, const Where& where) {
    return input_error("not well-formed XML: " + message, where);
}

Document::Document(const TextFile& file) : file_(file), buffer_(file.text()) {
    blank_document_type(buffer_);
    constexpr unsigned options = pugi::parse_default | pugi::parse_fragment;
    const pugi::xml_parse_result result =
        tree_.load_buffer_inplace(buffer_.data(), buffer_.size(), options, pugi::encoding_utf8);
    if (result.status == pugi::status_out_of_memory) throw std::bad_alloc();
    check_depth();
    if (!result) refuse(result);
    check_prolog();
}

void Document::check_depth() const {
    struct Walker : pugi::xml_tree_walker {
        bool for_each(pugi::xml_node& node) override {
            if (depth() < deepest || node.type() != pugi::node_element) return true;
            found = node;
            return false;
        }
        pugi::xml_node found;
    } walker;
    pugi::xml_node top = tree_;
    if (top.traverse(walker)) return;
    throw malformed("elements are nested more than " + std::to_string(deepest) + " deep",
                    place(walker.found));
}

/// Refuses text outside of the root element.
void Document::check_prolog() const {
    for (const pugi::xml_node& child : tree_.children()) {
        if (child.type() == pugi::node_element) continue;
        const auto text = static_cast<std::size_t>(begin(child));
        throw malformed("text outside of the root element",
                        file_.where(file_.text().find_first_not_of(" \t\r\n", text)));
    }
    if (!root()) throw input_error("the file has no XML element", {file_.path()});
}

/// The innermost element that is open at the offset `end`, where parsing stopped. After the start
/// tag of the last element there are only end tags, which close it and the elements around it.
pugi::xml_node Document::innermost_open(std::size_t end) const {
    pugi::xml_node node = tree_;
    while (node.last_child()) node = node.last_child();
    while (node && node.type() != pugi::node_element) {
        node = node.previous_sibling() ? node.previous_sibling() : node.parent();
    }
    if (!node) return node;
    const std::string_view text = file_.text().substr(0, end);
    const std::size_t start_tag = text.find('>', static_cast<std::size_t>(begin(node)));
    if (start_tag == npos) return node.parent();
    if (text[start_tag - 1] == '/') node = node.parent();
    for (std::size_t at = text.find("</", start_tag); at != npos; at = text.find("</", at + 2)) {
        node = node.parent();
    }
    return node;
}

void Document::refuse(const pugi::xml_parse_result& result) const {
    const std::string_view text = file_.text();
    const auto at = std::min(static_cast<std::size_t>(result.offset), text.size());
    const std::size_t tag = text.rfind('<', at);
    const auto shown = [](const std::string& name) { return "<" + name + ">"; };
    const bool inside_tag = tag != npos && text.substr(tag, at - tag).find('>') == npos;
    const pugi::xml_node open = innermost_open(inside_tag ? tag : at);
    const bool element = open.type() == pugi::node_element;
    if (inside_tag && text.substr(tag).starts_with("</") &&
        result.status == pugi::status_end_element_mismatch) {
        const std::size_t end = std::min(text.find_first_of(" \t\r\n>", tag), text.size());
        throw malformed("the end of " + shown(std::string(text.substr(tag + 2, end - tag - 2))) +
                            " does not match " + (element ? shown(open.name()) : "any element"),
                        file_.where(tag));
    }
    const bool cut_off = at >= text.size() || text.find('>', inside_tag ? tag : at) == npos;
    if (cut_off && element) {
        throw malformed(shown(open.name()) + " is not closed; is the file complete?", place(open));
    }
    std::string what = result.description();
    if (!what.empty()) what[0] = static_cast<char>(std::tolower(what[0]));
    throw malformed(what, file_.where(at));
}

/// A property that the reader uses; the file's keys declare it.
struct Property {
    std::string_view element;
    std::string_view name;
    bool numeric = false;                      ///< declared as a number
    std::optional<std::string> standard = {};  ///< for elements without a value

    // The values of the elements; where an element has several, the last one counts.
    std::vector<std::string> texts = {};                         ///< one per node
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
    void set_number(Property& property, std::uint32_t edge, const std::string& text);
    void apply(const Property& property, double FileEdge::*member, double most, const char* what);
    std::string required(const pugi::xml_node& element, const char* name) const;
    std::uint32_t vertex(const pugi::xml_node& edge, const char* end) const;
    template <class Set>
    void each_value(const pugi::xml_node& element, Set set);

    const Spec& spec_;
    Document document_;
    Property label_{"node", "label"}, name_{"node", "name"};
    Property weight_{"edge", "weight"}, survival_{"edge", "survival"};
    std::map<std::string, Property*> node_keys_, edge_keys_;  ///< by the key's id
    std::vector<pugi::xml_node> node_elements_, edge_elements_;
    std::unordered_map<std::string, std::uint32_t> numbers_;  ///< vertex of each node's id
    std::vector<std::string> ids_;
    std::vector<FileEdge> edges_;
};

void GraphmlReader::take_key(const pugi::xml_node& key) {
    const std::string domain = key.attribute("for").value();
    const std::string type = key.attribute("attr.type").value();
    for (Property* property : {&label_, &name_, &weight_, &survival_}) {
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
    for (Property* property : {&label_, &name_, &weight_, &survival_}) {
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
    label_.texts.emplace_back();
    name_.texts.emplace_back();
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
    each_value(edge, [&](Property& property, const std::string& text) {
        set_number(property, number, text);
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
