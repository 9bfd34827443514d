// Parses GraphML and GEXF with pugixml, and says where a file that is no XML goes wrong.
#include "topology/files/xml_document.hpp"

#include <algorithm>
#include <cctype>
#include <new>
#include <string_view>

namespace motley::topology {
namespace {

constexpr int deepest_element = 500;  ///< nested elements; no real file comes near this depth

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

Error malformed(const std::string& message, const Where& where) {
    return input_error("not well-formed XML: " + message, where);
}

}  // namespace

void expect_small(const TextFile& file, std::string_view format) {
    constexpr std::size_t most_bytes = std::size_t{64} << 20;
    if (file.text().size() <= most_bytes) return;
    throw input_error(std::string(format) +
                          " files of more than 64 MB take too much memory to parse; convert the "
                          "graph to an edge list or to CSV",
                      {file.path()});
}

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

Document::Document(const TextFile& file) : file_(file), buffer_(file.text()) {
    blank_document_type(buffer_);
    constexpr unsigned options = pugi::parse_default | pugi::parse_fragment;
    const pugi::xml_parse_result result =
        tree_.load_buffer_inplace(buffer_.data(), buffer_.size(), options, pugi::encoding_utf8);
    if (result.status == pugi::status_out_of_memory) throw std::bad_alloc();
    check_depth();
    if (!result) refuse(result);
    check_prolog();
    const std::string_view name = root().name();
    const std::size_t colon = name.find(':');
    if (colon != npos) prefix_ = name.substr(0, colon + 1);
}

bool Document::is(const pugi::xml_node& element, std::string_view name) const {
    const std::string_view full = element.name();
    return full.size() == prefix_.size() + name.size() && full.starts_with(prefix_) &&
           full.ends_with(name);
}

std::vector<pugi::xml_node> Document::children(const pugi::xml_node& element,
                                               std::string_view name) const {
    std::vector<pugi::xml_node> found;
    for (const pugi::xml_node& child : element.children()) {
        if (is(child, name)) found.push_back(child);
    }
    return found;
}

pugi::xml_node Document::child(const pugi::xml_node& element, std::string_view name) const {
    return element.find_child([&](const pugi::xml_node& child) { return is(child, name); });
}

std::string_view Document::required(const pugi::xml_node& element, const char* attribute) const {
    const pugi::xml_attribute found = element.attribute(attribute);
    if (found) return found.value();
    throw input_error(std::string(element.name()) + " without the attribute '" + attribute + "'",
                      place(element));
}

void Document::check_depth() const {
    struct Walker : pugi::xml_tree_walker {
        bool for_each(pugi::xml_node& node) override {
            if (depth() < deepest_element || node.type() != pugi::node_element) return true;
            found = node;
            return false;
        }
        pugi::xml_node found;
    } walker;
    pugi::xml_node top = tree_;
    if (top.traverse(walker)) return;
    throw malformed("elements are nested more than " + std::to_string(deepest_element) + " deep",
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

}  // namespace motley::topology
