// GraphML as a tree of XML elements that know their places in the file.
#pragma once

#include <cstddef>
#include <pugixml.hpp>
#include <string>

#include "motley/core/text.hpp"

namespace motley::topology {

/// The text of an element, in which one blank replaces each run of white space.
std::string text_of(const pugi::xml_node& element);

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

}  // namespace motley::topology
