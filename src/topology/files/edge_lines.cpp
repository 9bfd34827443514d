#include "topology/files/edge_lines.hpp"

#include <algorithm>

namespace motley::topology {
namespace {

constexpr std::string_view no_break_space = "\xc2\xa0";

/// The value of the key 'weight' in a Python dictionary; empty: there is none.
std::string_view weight_in(std::string_view dictionary) {
    std::size_t at = dictionary.find("'weight':");
    if (at == npos) at = dictionary.find("\"weight\":");
    if (at == npos) return {};
    dictionary.remove_prefix(at + std::string_view("'weight':").size());
    return trim(dictionary.substr(0, dictionary.find_first_of(",}")));
}

void trim_no_break_spaces(Field& field) {
    if (field.quoted) return;
    while (field.text.starts_with(no_break_space)) {
        field.text.remove_prefix(no_break_space.size());
        field.column += static_cast<std::int64_t>(no_break_space.size());
    }
    while (field.text.ends_with(no_break_space)) {
        field.text.remove_suffix(no_break_space.size());
    }
}

}  // namespace

bool is_comment(std::string_view line) {
    line = trim(line);
    return line.starts_with('#') || line.starts_with('%');
}

char separator_in(std::string_view line) {
    return line.starts_with("sep=") && line.size() == 5 ? line[4] : '\0';
}

bool EdgeLines::next() {
    while (line_.next()) {
        if (line_.line() == 1 && separator_in(line_.text()) != '\0') continue;
        if (!line_.blank() && (!is_comment(line_.text()) || is_row())) return true;
    }
    return false;
}

/// Whether a line that begins as a comment is a row of the table: the name of a vertex may begin
/// with #.
bool EdgeLines::is_row() {
    return expected_ > 0 && separator_ != ' ' && fields().size() == expected_;
}

const std::vector<Field>& EdgeLines::fields() {
    if (separator_ == ' ') {
        if (line_.text().find_first_of("\"{#") == npos) return line_.words();
        cut_at_blanks();
        return own_;
    }
    const std::vector<Field>& fields = line_.csv_fields(separator_);
    if (line_.text().find(no_break_space) == npos) return fields;
    own_ = fields;
    std::ranges::for_each(own_, trim_no_break_spaces);
    return own_;
}

void EdgeLines::cut_at_blanks() {
    own_.clear();
    const std::string_view text = line_.text();
    for (const Field& word : line_.words()) {
        const auto begin = static_cast<std::size_t>(word.column) - 1;
        if (!own_.empty()) {  // inside of the quotes of the field before
            const Field& last = own_.back();
            if (begin < static_cast<std::size_t>(last.column) + last.text.size()) continue;
        }
        if (own_.size() >= 2 && word.text.starts_with('#')) return;
        if (own_.size() == 2 && word.text.starts_with('{')) {
            const std::string_view weight = weight_in(text.substr(begin));
            if (!weight.empty()) own_.push_back({weight, 1 + (weight.data() - text.data())});
            return;
        }
        own_.push_back(word);
        if (!word.text.starts_with('"')) continue;
        const std::size_t end = text.find('"', begin + 1);
        const bool closes = end != npos && (end + 1 == text.size() || is_blank(text[end + 1]));
        if (!closes) continue;
        own_.back() = {text.substr(begin + 1, end - begin - 1), word.column, true};
    }
}

}  // namespace motley::topology
