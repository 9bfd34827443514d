// Finds the tags of an XML text without parsing it.
#include "topology/files/xml_tags.hpp"

#include <vector>

namespace motley::topology {

constexpr auto npos = std::string_view::npos;

bool XmlTags::skip_past(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    at_ = found == npos ? text_.size() : found + end.size();
    return found != npos;
}

/// `<!DOCTYPE ... [ ... ]>`: declarations inside the brackets have their own `>`.
bool XmlTags::skip_declaration() {
    const std::size_t close = text_.find_first_of("[>", at_);
    if (close == npos) return false;
    at_ = close;
    if (text_[close] == '[' && !skip_past("]")) return false;
    return skip_past(">");
}

bool XmlTags::take_tag() {
    offset_ = at_ - 1;
    const bool end_tag = at_ < text_.size() && text_[at_] == '/';
    if (end_tag) at_ += 1;
    const std::size_t stop = text_.find_first_of(" \t\r\n/>", at_);
    if (stop == npos) return false;
    name_ = text_.substr(at_, stop - at_);
    for (at_ = stop; at_ < text_.size() && text_[at_] != '>'; ++at_) {
        if (text_[at_] != '"' && text_[at_] != '\'') continue;
        at_ = text_.find(text_[at_], at_ + 1);
        if (at_ == npos) return false;
    }
    if (at_ == text_.size()) return false;
    const bool empty = text_[at_ - 1] == '/';
    at_ += 1;
    opens_ = !end_tag;
    closes_ = end_tag || empty;
    return true;
}

bool XmlTags::next() {
    for (;;) {
        const std::size_t found = text_.find('<', at_);
        if (found == npos) return false;
        at_ = found + 1;
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("!--")) {
            if (!skip_past("-->")) return false;
        } else if (rest.starts_with("![CDATA[")) {
            if (!skip_past("]]>")) return false;
        } else if (rest.starts_with("?")) {
            if (!skip_past("?>")) return false;
        } else if (rest.starts_with("!")) {
            if (!skip_declaration()) return false;
        } else {
            return take_tag();
        }
    }
}

std::size_t offset_of_element(std::string_view text, std::string_view name, std::int64_t index) {
    XmlTags tags(text);
    std::int64_t inside_data = 0;
    while (tags.next()) {
        if (tags.name() == "data") {
            inside_data += (tags.opens() ? 1 : 0) - (tags.closes() ? 1 : 0);
        } else if (inside_data == 0 && tags.opens() && tags.name() == name && index-- == 0) {
            return tags.offset();
        }
    }
    return npos;
}

std::optional<XmlFault> find_nesting_fault(std::string_view text, std::size_t depth) {
    struct Open {
        std::string_view name;
        std::size_t offset;
    };
    XmlTags tags(text);
    std::vector<Open> open;
    const auto tag = [](std::string_view name) { return "<" + std::string(name) + ">"; };
    while (tags.next()) {
        if (tags.opens()) {
            if (open.size() == depth) {
                return XmlFault{tags.offset(),
                                "elements are nested more than " + std::to_string(depth) + " deep"};
            }
            open.push_back({tags.name(), tags.offset()});
        }
        if (!tags.closes()) continue;
        if (open.empty() || open.back().name != tags.name()) {
            return XmlFault{tags.offset(),
                            "the end of " + tag(tags.name()) + " does not match " +
                                (open.empty() ? "any element" : tag(open.back().name))};
        }
        open.pop_back();
    }
    if (open.empty()) return std::nullopt;
    return XmlFault{open.back().offset,
                    tag(open.back().name) + " is not closed; is the file complete?"};
}

}  // namespace motley::topology
