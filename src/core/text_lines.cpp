// Lines, their fields, and CSV tables.
#include "motley/core/text.hpp"

namespace motley {
namespace {

std::int64_t column_of(std::size_t offset) {
    return static_cast<std::int64_t>(offset) + 1;
}

}  // namespace

bool LineReader::next() {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    text_ = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (text_.ends_with('\r')) text_.remove_suffix(1);
    line_ += 1;
    return true;
}

const std::vector<Field>& LineReader::words() {
    fields_.clear();
    std::size_t at = 0;
    while (at < text_.size()) {
        if (is_blank(text_[at])) {
            at += 1;
            continue;
        }
        const std::size_t begin = at;
        while (at < text_.size() && !is_blank(text_[at])) at += 1;
        fields_.push_back({text_.substr(begin, at - begin), column_of(begin)});
    }
    return fields_;
}

const std::vector<Field>& LineReader::csv_fields(char separator) {
    fields_.clear();
    std::size_t at = 0;
    for (;;) {
        while (at < text_.size() && is_blank(text_[at]) && text_[at] != separator) at += 1;
        if (at < text_.size() && text_[at] == '"') {
            at = take_quoted(at, separator);
        } else {
            const std::size_t end = std::min(text_.find(separator, at), text_.size());
            fields_.push_back({trim(text_.substr(at, end - at)), column_of(at)});
            at = end;
        }
        if (at == text_.size()) return fields_;
        at += 1;
    }
}

/// Appends the quoted field that opens at `begin`; the offset of the separator after it, or of the
/// end.
std::size_t LineReader::take_quoted(std::size_t begin, char separator) {
    std::size_t end = begin + 1;
    bool doubled = false;
    for (;; ++end) {
        end = text_.find('"', end);
        if (end == std::string_view::npos) {
            throw error("the quote that opens here does not close on its line", column_of(begin));
        }
        if (end + 1 == text_.size() || text_[end + 1] != '"') break;
        doubled = true;
        end += 1;
    }
    std::string_view inside = text_.substr(begin + 1, end - begin - 1);
    if (doubled) {
        std::string& plain = unescaped_.emplace_back();
        for (std::size_t i = 0; i < inside.size(); ++i) {
            plain += inside[i];
            if (inside[i] == '"') i += 1;
        }
        inside = plain;
    }
    fields_.push_back({inside, column_of(begin), true});
    std::size_t after = end + 1;
    const auto ends = [&](std::size_t at) {
        return at == text_.size() || text_[at] == separator || !is_blank(text_[at]);
    };
    while (!ends(after)) after += 1;
    if (after < text_.size() && text_[after] != separator) {
        throw error("text after the closing quote; a " +
                        std::string(separator == ',' ? "comma" : "separator") +
                        " must follow, and a quote inside a quoted field is written twice",
                    column_of(after));
    }
    return after;
}

double LineReader::to_double(const Field& field, std::string_view what) const {
    double value = 0.0;
    const NumberFault fault = parse_number(field.text, value);
    if (fault != NumberFault::none) throw error(describe(fault, what, field.text), field.column);
    return value;
}

std::int64_t LineReader::to_integer(const Field& field, std::string_view what) const {
    std::int64_t value = 0;
    const NumberFault fault = parse_number(field.text, value);
    if (fault == NumberFault::none) return value;
    double real = 0.0;
    if (fault == NumberFault::malformed && parse_number(field.text, real) == NumberFault::none) {
        throw error(std::string(what) + " " + quote(field.text) + " is not a whole number",
                    field.column);
    }
    throw error(describe(fault, what, field.text), field.column);
}

CsvReader::CsvReader(const TextFile& file) : lines_(file) {
    do {
        if (!lines_.next()) {
            throw input_error("the file has only blank lines; a header row must come first",
                              {file.path()});
        }
    } while (lines_.blank());
    header_ = lines_.csv_fields();
    header_line_ = lines_.line();
    for (const Field& field : header_) {
        if (field.text.empty()) {
            throw lines_.error("a column of the header has no name", field.column);
        }
    }
}

std::optional<std::size_t> CsvReader::find(std::string_view name) const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < header_.size(); ++i) {
        if (!equal_ignoring_case(header_[i].text, name)) continue;
        if (found) {
            throw input_error("the header has the column " + quote(name) + " twice",
                              {lines_.where().file, header_line_, header_[i].column});
        }
        found = i;
    }
    return found;
}

std::size_t CsvReader::require(std::string_view name) const {
    if (const auto found = find(name)) return *found;
    std::string names;
    for (const Field& field : header_) {
        if (names.size() > 200) {
            names += ", ...";
            break;
        }
        names += (names.empty() ? "" : ", ") + quote(field.text);
    }
    const bool other =
        header_.size() == 1 && header_.front().text.find_first_of(";\t") != std::string_view::npos;
    throw input_error("the header row has no column " + quote(name) + ", only " + names +
                          (other ? "; fields must be separated by commas" : ""),
                      {lines_.where().file, header_line_, 1});
}

bool CsvReader::next() {
    do {
        if (!lines_.next()) return false;
    } while (lines_.blank());
    fields_ = &lines_.csv_fields();
    if (fields_->size() < header_.size()) {
        throw lines_.error("too few fields: " + std::to_string(fields_->size()) +
                               ", the header has " + std::to_string(header_.size()),
                           lines_.end_column());
    }
    if (fields_->size() > header_.size()) {
        throw lines_.error("too many fields: " + std::to_string(fields_->size()) +
                               ", the header has " + std::to_string(header_.size()) +
                               "; put names with commas in quotes",
                           (*fields_)[header_.size()].column);
    }
    return true;
}

}  // namespace motley
