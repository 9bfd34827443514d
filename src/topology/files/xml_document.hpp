// GraphML and GEXF as trees of XML elements that know their places in the file.
#pragma once

#include <cstddef>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "motley/core/text.hpp"

namespace motley::topology {

/// The text of an element, in which one blank replaces each run of white space.
std::string text_of(const pugi::xml_node& element);

/// Input error: the file, in the format of this name, is so large that its tree would not fit in
/// memory.
void expect_small(const TextFile& file, std::string_view format);

/// An XML document that knows the place of its elements in the file.
class Document {
  public:
    /// Text that is no XML and elements nested too deep are input errors.
    explicit Document(const TextFile& file);

    pugi::xml_node root() const { return tree_.first_child(); }
    Where place(const pugi::xml_node& element) const { return file_.where(offset(element)); }
    static std::size_t offset(const pugi::xml_node& element) {
        return static_cast<std::size_t>(begin(element));
    }
    /// Whether an element is called `name` and has the namespace prefix of the root element.
    bool is(const pugi::xml_node& element, std::string_view name) const;
    /// The children that are; the first of them.
    std::vector<pugi::xml_node> children(const pugi::xml_node& element,
                                         std::string_view name) const;
    pugi::xml_node child(const pugi::xml_node& element, std::string_view name) const;
    /// The value of an attribute, without which there is an input error; it may be empty.
    std::string_view required(const pugi::xml_node& element, const char* attribute) const;

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
    std::string prefix_;  ///< of the root element, with its colon
};

}  // namespace motley::topology
