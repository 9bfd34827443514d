// Finds the tags of an XML text without parsing it: for the places in error messages, which the
// parsers of Boost do not keep, and to refuse nesting that they do not check or that would overflow
// their stack.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motley::topology {

/// Walks over start and end tags; comments, CDATA, instructions and the document type are skipped.
class XmlTags {
  public:
    explicit XmlTags(std::string_view text) : text_(text) {}

    /// Goes to the next tag; false at the end, or where the text is no XML.
    bool next();
    std::string_view name() const { return name_; }
    std::size_t offset() const { return offset_; }
    /// Start tags count themselves, an empty element opens and closes.
    bool opens() const { return opens_; }
    bool closes() const { return closes_; }

  private:
    bool skip_past(std::string_view end);
    bool skip_declaration();
    bool take_tag();

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t offset_ = 0;
    std::string_view name_;
    bool opens_ = false;
    bool closes_ = false;
};

/// Offset of element number `index` (from 0) of this name outside of <data>; npos when absent.
std::size_t offset_of_element(std::string_view text, std::string_view name, std::int64_t index);

/// What is wrong with the nesting of tags, and where.
struct XmlFault {
    std::size_t offset = 0;
    std::string message;
};

/// Elements that are not closed, or not in order, or nested deeper than `depth`.
std::optional<XmlFault> find_nesting_fault(std::string_view text, std::size_t depth);

}  // namespace motley::topology
