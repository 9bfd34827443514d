#include "topology/files/plain_rows.hpp"

#include <algorithm>
#include <cstring>

#include "motley/core/nan.hpp"
#include "topology/files/edge_lines.hpp"
#include "topology/files/read_matrix.hpp"

namespace motley::topology {
namespace {

constexpr std::size_t most_columns = 16;
constexpr std::size_t words_at_once = 512;
constexpr std::size_t enough_rows = 50;  // no matrix has so many of so few columns

enum Meaning { unused, source, target, number };

/// A whole number as it is written, less than 2^32 - 1.
bool read_id(std::string_view text, std::uint32_t& id) {
    if (text.empty() || text.size() > 10 || (text.size() > 1 && text[0] == '0')) return false;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        value = 10 * value + static_cast<std::uint64_t>(c - '0');
    }
    id = static_cast<std::uint32_t>(value);
    return value < std::numeric_limits<std::uint32_t>::max();
}

/// Whether the text has no letter that would make other readers look twice.
bool is_dull(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= ' ' && c < '\x7f' && c != '"' && c != '{' && c != '#') || c == '\t';
    });
}

/// A name that nothing else begins like.
bool is_word(std::string_view text) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && is_letter(text[0]) && is_dull(text);
}

bool is_dull_comment(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' || c == '\t'; });
}

std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

bool is_integer(std::string_view text) {
    std::int64_t value = 0;
    return parse_number(text, value) == NumberFault::none;
}

/// Settles what the names above the columns are; false where the whole file must decide.
bool settle_heading(const Spec& spec, const Heading& heading, PlainForm& form) {
    form.has_names = !heading.comment;
    if (heading.certain || heading.comment) return true;
    if (form.words) {
        form.doubtful = {heading.source, heading.target};
        return true;
    }
    const bool numbers = is_integer(heading.source), others = is_integer(heading.target);
    if (!numbers && !others) return true;
    if (!numbers || !others || !spec.columns) return false;
    form.has_names = false;
    form.remark = first_row_is_edge;
    return true;
}

std::optional<PlainForm> table_form(const Spec& spec, const TextFile& head) {
    const TableLayout layout = layout_of(spec, head);
    if (spec.bipartite || layout.bipartite) return std::nullopt;
    if (spec.directed && layout.columns.type != no_column) return std::nullopt;
    if (head.text().starts_with("sep=")) return std::nullopt;
    PlainForm form;
    form.separator = layout.separator;
    form.columns = layout.columns;
    form.free = !spec.columns && !layout.heading;
    form.remark = layout.remark;
    EdgeLines lines(head, form.separator);
    std::size_t rows = 0;
    while (rows < enough_rows && lines.next()) {
        rows += 1;
        if (rows != 2) continue;
        form.fields = lines.fields().size();
        const std::size_t source = form.columns.source;
        form.words = source < form.fields && is_word(lines.fields()[source].text);
    }
    if (rows < enough_rows || form.fields > most_columns || (form.free && form.fields > 5)) {
        return std::nullopt;
    }
    const auto last = std::max(form.columns.source, form.columns.target);
    if (last >= form.fields || form.columns.source == form.columns.target) return std::nullopt;
    if (layout.heading && layout.heading->fields != form.fields) return std::nullopt;
    if (layout.heading && !settle_heading(spec, *layout.heading, form)) return std::nullopt;
    return form;
}

std::optional<PlainForm> matrix_form(const Spec& spec, const TextFile& head) {
    LineReader line(head);
    const MatrixHeader header = read_matrix_header(spec, line, head);
    if (header.array || spec.bipartite) return std::nullopt;
    PlainForm form;
    form.fields = header.pattern ? 2 : 3;
    form.columns.numbers = {header.pattern ? no_column : 2, no_column, no_column};
    form.matrix = {header.rows, header.entries, header.symmetric};
    form.lines_above = line.line();
    const char* end = line.text().data() + line.text().size();
    form.body = head.text().find('\n', static_cast<std::size_t>(end - head.text().data()));
    if (form.body == std::string_view::npos) return std::nullopt;
    form.body += 1;
    return form;
}

}  // namespace

std::optional<PlainForm> plain_form(const Spec& spec, const TextFile& head, FileFormat format) {
    switch (format) {
        case FileFormat::edge_list:
        case FileFormat::csv:
            return table_form(spec, head);
        case FileFormat::matrix_market:
            return matrix_form(spec, head);
        default:
            return std::nullopt;
    }
}

void PlainSummary::append(const PlainSummary& next) {
    for (std::size_t n = 0; n < numbers.size(); ++n) numbers[n].append(next.numbers[n], lines);
    plain = plain && next.plain;
    lines += next.lines;
    edges += next.edges;
    zeros += next.zeros;
    least = std::min(least, next.least);
    most = std::max(most, next.most);
}

PlainRows::PlainRows(const PlainForm& form, bool first_slice)
    : form_(form),
      awaits_names_(first_slice && form.has_names),
      awaits_first_(first_slice && !form.matrix) {
    const Columns& columns = form.columns;
    meaning_[columns.source] = source;
    meaning_[columns.target] = target;
    for (int n = 0; n < 3; ++n) {
        const std::size_t column = columns.numbers[static_cast<std::size_t>(n)];
        if (column < form.fields) meaning_[column] = number + n;
    }
    pairs_ = form.fields == 2 && columns.source == 0 && columns.target == 1 && !form.words;
}

void PlainRows::make_room(std::string_view sample) {
    constexpr std::size_t enough = std::size_t{1} << 20;
    sample = sample.substr(0, enough);
    const auto lines = static_cast<double>(1 + std::ranges::count(sample, '\n'));
    const double edges =
        static_cast<double>(expected_) / static_cast<double>(sample.size()) * lines;
    const auto room = static_cast<std::size_t>(1.02 * edges) + 16;
    table_.edges.reserve(room);
    if (form_.columns.numbers[2] < form_.fields) table_.capacities.reserve(room);
    expected_ = 0;
}

bool PlainRows::take(std::string_view lines) {
    if (expected_ > 0 && !lines.empty()) make_room(lines);
    while (!lines.empty() && summary_.plain) {
        if (const std::size_t taken = take_pair(lines); taken > 0) {
            lines.remove_prefix(taken);
            continue;
        }
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        summary_.lines += 1;
        summary_.plain = take_line(without_return(lines.substr(0, end)));
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (words_.size() >= words_at_once) number_words();
    }
    if (summary_.plain) number_words();  // they stand in `lines`
    return summary_.plain;
}

/// Takes the first line if it is two whole numbers and nothing else, as most lines of large files
/// are. Returns its length, or 0 where it must be read with more care.
std::size_t PlainRows::take_pair(std::string_view lines) {
    if (!pairs_ || awaits_names_) return 0;
    const char* at = lines.data();
    const char* const end = at + lines.size();
    const auto take = [&](std::uint32_t& id) {
        constexpr std::ptrdiff_t most_digits = 9;  // these fit
        const char* const begin = at;
        std::uint32_t value = 0;
        for (; at < end && *at >= '0' && *at <= '9'; ++at) {
            value = 10 * value + static_cast<std::uint32_t>(*at - '0');
        }
        id = value;
        return at > begin && at - begin <= most_digits && (*begin != '0' || at - begin == 1);
    };
    Row row;
    if (!take(row.source) || at == end) return 0;
    if (*at != form_.separator && !(form_.separator == ' ' && *at == '\t')) return 0;
    ++at;
    if (!take(row.target)) return 0;
    if (at < end && *at == '\r') ++at;
    if (at == end || *at != '\n') return 0;
    row.numbers = {form_.matrix ? 1.0 : nan, nan, nan};
    summary_.lines += 1;
    summary_.plain = form_.matrix ? add_entry(row) : add(row);
    return static_cast<std::size_t>(at + 1 - lines.data());
}

bool PlainRows::take_line(std::string_view line) {
    std::size_t begin = 0;
    while (begin < line.size() && is_blank(line[begin])) begin += 1;
    if (begin == line.size()) return true;
    const bool comment = form_.matrix ? line[0] == '%' : line[begin] == '#' || line[begin] == '%';
    if (comment) {
        // In a table whose first row has names a row may begin with #.
        const bool row = form_.has_names && form_.separator != ' ' &&
                         line.find(form_.separator) != std::string_view::npos;
        return !row && is_dull_comment(line);
    }
    if (awaits_names_) {
        awaits_names_ = false;
        return is_dull_comment(line);
    }
    Row row;
    row.numbers = {form_.matrix ? 1.0 : nan, nan, nan};
    const bool whole =
        form_.separator == ' ' ? cut_at_blanks(line, row) : cut_at_separators(line, row);
    if (!whole) return false;
    return form_.matrix ? add_entry(row) : add(row);
}

bool PlainRows::cut_at_blanks(std::string_view line, Row& row) {
    std::size_t column = 0, at = 0;
    for (;;) {
        while (at < line.size() && is_blank(line[at])) at += 1;
        if (at == line.size()) return column == form_.fields;
        const std::size_t begin = at;
        while (at < line.size() && !is_blank(line[at])) at += 1;
        if (!take_field(column++, line.substr(begin, at - begin), row)) return false;
    }
}

bool PlainRows::cut_at_separators(std::string_view line, Row& row) {
    std::size_t column = 0, at = 0;
    for (;;) {
        const std::size_t end = std::min(line.find(form_.separator, at), line.size());
        if (!take_field(column++, trim(line.substr(at, end - at)), row)) return false;
        if (end == line.size()) return column == form_.fields;
        at = end + 1;
    }
}

void PlainRows::number_words() {
    places_.resize(words_.size());
    names_.add(words_, places_);
    const auto first = table_.edges.end() - std::ssize(words_) / 2;
    for (std::size_t i = 0; i < words_.size(); i += 2) {
        FileEdge& edge = first[static_cast<std::ptrdiff_t>(i / 2)];
        edge.source = places_[i];
        edge.target = places_[i + 1];
    }
    words_.clear();
}

bool PlainRows::take_field(std::size_t column, std::string_view text, Row& row) {
    if (column >= form_.fields) return false;
    const int meaning = meaning_[column];
    if (meaning == source || meaning == target) {
        if (!form_.words) return read_id(text, meaning == source ? row.source : row.target);
        row.names[meaning == source ? 0 : 1] = text;
        return is_word(text);
    }
    if (meaning == unused) return is_dull(text);
    double& value = row.numbers[static_cast<std::size_t>(meaning - number)];
    return parse_decimal(text, form_.separator == ';', value) == NumberFault::none;
}

bool PlainRows::add(const Row& row) {
    for (std::size_t n = 0; n < 3; ++n) {
        if (form_.columns.numbers[n] < form_.fields) {
            summary_.numbers[n].add(row.numbers[n], summary_.lines);
        }
    }
    table_.edges.push_back({row.source, row.target, row.numbers[0], row.numbers[1]});
    if (form_.columns.numbers[2] < form_.fields) table_.capacities.push_back(row.numbers[2]);
    if (form_.words) words_.insert(words_.end(), row.names.begin(), row.names.end());
    summary_.edges += 1;
    if (awaits_first_) {
        awaits_first_ = false;
        summary_.first_source = row.source;
        summary_.first_target = row.target;
        summary_.first_weight = row.numbers[0];
        return true;
    }
    summary_.least = std::min({summary_.least, row.source, row.target});
    summary_.most = std::max({summary_.most, row.source, row.target});
    return true;
}

/// An entry of a Matrix Market file, whose rows count from 1.
bool PlainRows::add_entry(const Row& row) {
    if (row.source < 1 || row.target < 1 || row.source > form_.matrix->rows ||
        row.target > form_.matrix->rows || (form_.matrix->symmetric && row.source < row.target)) {
        return false;
    }
    double weight = row.numbers[0];
    if (weight == 0.0) {
        summary_.zeros += 1;
        return true;
    }
    if (form_.fields > 2) summary_.numbers[0].add(weight, summary_.lines);
    if (!(weight > 0.0)) weight = 1.0;
    table_.edges.push_back({row.source - 1, row.target - 1, weight, nan});
    summary_.edges += 1;
    return true;
}

}  // namespace motley::topology
