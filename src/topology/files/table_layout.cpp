#include "topology/files/table_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <span>

#include "motley/core/error.hpp"
#include "topology/files/edge_lines.hpp"
#include "topology/files/edge_table.hpp"

namespace motley::topology {
namespace {

/// The first lines of a file.
struct Sample {
    std::string first_comment, last_comment;  ///< those before the first row
    std::vector<std::string_view> rows;
};

Sample sample_of(const TextFile& file) {
    constexpr std::size_t enough = 50;
    Sample sample;
    LineReader line(file);
    while (sample.rows.size() < enough && line.next()) {
        if (line.blank()) continue;
        if (!is_comment(line.text())) {
            sample.rows.push_back(line.text());
        } else if (sample.rows.empty()) {
            sample.last_comment = line.text();
            if (sample.first_comment.empty()) sample.first_comment = line.text();
        }
    }
    return sample;
}

/// The number of places where `separator` stands outside of quotes.
std::size_t count(std::string_view text, char separator) {
    std::size_t found = 0;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (!quoted && c == separator) found += 1;
    }
    return found;
}

bool same_count(std::span<const std::string_view> rows, char separator) {
    return std::ranges::all_of(rows, [&](std::string_view row) {
        return count(row, separator) == count(rows.front(), separator);
    });
}

/// Whether the blanks inside of the fields between tabs belong to names, not between numbers.
bool is_number(std::string_view text) {
    double value = 0.0;
    const NumberFault fault = parse_number(text, value);
    return fault != NumberFault::malformed && fault != NumberFault::empty;
}

/// Whether tabs separate the fields, and blanks are parts of names.
bool is_tabbed(std::span<const std::string_view> rows) {
    for (std::string_view row : rows) {
        row = trim(row);
        if (count(row, '\t') == 0) return false;
        std::size_t at = 0;
        while (at <= row.size()) {
            const std::size_t end = std::min(row.find('\t', at), row.size());
            const std::string_view field = trim(row.substr(at, end - at));
            const std::size_t blank = field.find(' ');
            if (blank != npos && is_number(field.substr(0, blank))) return false;
            at = end + 1;
        }
    }
    return true;
}

char separator_of(const Sample& sample) {
    if (sample.rows.empty()) return ' ';
    const std::string_view first = sample.rows.front();
    if (separator_in(first) != '\0') return separator_in(first);
    if (first.find('{') != npos) return ' ';
    if (is_tabbed(sample.rows)) return '\t';
    const bool commas = count(first, ',') > 0, semicolons = count(first, ';') > 0;
    if (semicolons && (!commas || same_count(sample.rows, ';'))) return ';';
    return commas ? ',' : ' ';
}

/// Letters in lower case and digits.
std::string key_of(std::string_view name) {
    std::string key;
    for (const unsigned char c : name) {
        if (std::isalnum(c) != 0 || c >= 0x80) key += static_cast<char>(std::tolower(c));
    }
    return key;
}

/// The names of a column, the usual one first.
using Pieces = std::vector<std::string_view>;
const Pieces source_words = {"source",   "src",        "from",        "u",          "node1",
                             "id1",      "nodea",      "vertex1",     "v1",         "start",
                             "origin",   "fromnode",   "fromid",      "fromnodeid", "sourceid",
                             "nodefrom", "sourcenode", "sourcelabel", "i",          "pre"};
const Pieces target_words = {
    "target",      "dst",  "dest",          "destination", "to",     "v",
    "node2",       "id2",  "nodeb",         "vertex2",     "v2",     "end",
    "tonode",      "toid", "tonodeid",      "targetid",    "nodeto", "targetnode",
    "targetlabel", "j",    "destinationid", "post"};
const std::array<Pieces, 3> number_words = {Pieces{"weight", "weights", "w", "edgeweight"},
                                            Pieces{"survival"}, Pieces{"capacity"}};

/// Finds the columns that a heading names.
class HeadingReader {
  public:
    HeadingReader(const std::vector<Field>& names, Where place)
        : names_(names), place_(std::move(place)) {}

    /// The column that has one of the words as its name, the usual one before all others.
    std::optional<std::size_t> find(const Pieces& words) const {
        std::optional<std::size_t> found = find_by(
            [&](std::string_view name) { return equal_ignoring_case(name, words.front()); });
        if (found) return found;
        return find_by([&](std::string_view name) {
            return std::ranges::find(words, key_of(name)) != words.end();
        });
    }

  private:
    template <class Test>
    std::optional<std::size_t> find_by(Test test) const {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (!test(names_[i].text)) continue;
            if (found) {
                throw input_error(
                    equal_ignoring_case(names_[i].text, names_[*found].text)
                        ? "the header has the column " + quote(names_[*found].text) + " twice"
                        : "the header has " + quote(names_[*found].text) + " and " +
                              quote(names_[i].text) +
                              ": say which one it is with columns = [...], a word for each column",
                    {place_.file, place_.line, names_[i].column});
            }
            found = i;
        }
        return found;
    }

    const std::vector<Field>& names_;
    Where place_;
};

std::string list_of(const std::vector<Field>& names) {
    std::string list;
    for (const Field& field : names) {
        if (list.size() > 200) return list + ", ...";
        list += (list.empty() ? "" : ", ") + quote(field.text);
    }
    return list;
}

/// What unusual names stand for.
std::string remark_on(const std::vector<Field>& names, const Columns& columns) {
    constexpr std::array words = {"source", "target", "weight", "survival", "capacity"};
    const std::array at = {columns.source, columns.target, columns.numbers[0], columns.numbers[1],
                           columns.numbers[2]};
    bool usual = true;
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (at[i] == no_column) continue;
        usual = usual && equal_ignoring_case(names[at[i]].text, words[i]);
        text +=
            fmt::format("{}{} is {}", text.empty() ? "" : ", ", words[i], quote(names[at[i]].text));
    }
    return usual ? "" : "read as a table of edges: " + text;
}

/// Makes the layout that the names of a heading give; false where they name no edges.
bool take_names(const std::vector<Field>& names, const Where& place, TableLayout& layout) {
    const HeadingReader reader(names, place);
    const auto source = reader.find(source_words), target = reader.find(target_words);
    if (!source || !target) {
        const auto found = source ? source : target;
        const bool usual = found && (equal_ignoring_case(names[*found].text, "source") ||
                                     equal_ignoring_case(names[*found].text, "target"));
        if (!usual || layout.separator == ' ') return false;
        throw input_error(std::string("the header row has no column '") +
                              (source ? "target" : "source") + "', only " + list_of(names),
                          {place.file, place.line, 1});
    }
    Columns& columns = layout.columns;
    columns.source = *source;
    columns.target = *target;
    for (std::size_t n = 0; n < number_words.size(); ++n) {
        columns.numbers[n] = reader.find(number_words[n]).value_or(no_column);
    }
    columns.type = reader.find({"type"}).value_or(no_column);
    Heading& heading = layout.heading.emplace();
    heading.place = place;
    heading.source = names[*source].text;
    heading.target = names[*target].text;
    heading.certain = equal_ignoring_case(heading.source, "source") &&
                      equal_ignoring_case(heading.target, "target");
    heading.fields = names.size();
    layout.remark = remark_on(names, columns);
    return true;
}

/// Reads the names from the last comment, where it has as many words as a row has fields.
void take_comment(const TextFile& file, const Sample& sample, std::size_t fields,
                  TableLayout& layout) {
    const std::size_t begin = sample.last_comment.find_first_not_of("#% \t");
    if (begin == npos) return;
    const TextFile text(sample.last_comment.substr(begin), file.path());
    LineReader line(text);
    line.next();
    const std::vector<Field> names =
        layout.separator == ' ' ? line.words() : line.csv_fields(layout.separator);
    if (names.size() != fields || !take_names(names, {file.path()}, layout)) return;
    layout.heading->comment = true;
}

/// Columns that follow one without a name in the heading, as R writes the numbers of rows.
void shift(Columns& columns) {
    for (std::size_t* column : {&columns.source, &columns.target, &columns.numbers[0],
                                &columns.numbers[1], &columns.numbers[2], &columns.type}) {
        if (*column != no_column) *column += 1;
    }
}

void take_spec(const Spec& spec, const EdgeLines& lines, const std::vector<Field>& names,
               TableLayout& layout) {
    Columns& columns = layout.columns;
    columns.source = require_column(spec, "source");
    columns.target = require_column(spec, "target");
    constexpr std::array words = {"weight", "survival", "capacity"};
    for (std::size_t n = 0; n < words.size(); ++n) {
        columns.numbers[n] = named_column(spec, words[n]).value_or(no_column);
    }
    if (layout.separator == ' ') return;
    if (spec.columns->size() > names.size()) {
        throw input_error("the table has " + std::to_string(names.size()) +
                              " columns, fewer than 'topology.columns'",
                          lines.line().where(1));
    }
    Heading& heading = layout.heading.emplace();
    heading.place = lines.line().where(1);
    heading.source = names[columns.source].text;
    heading.target = names[columns.target].text;
    heading.certain = equal_ignoring_case(heading.source, "source") &&
                      equal_ignoring_case(heading.target, "target");
    heading.fields = names.size();
}

}  // namespace

Times times_in(bool free, const NumberSummary& weight, const NumberSummary& survival) {
    return {free && weight.is_time() && !survival.given(), free && survival.is_time()};
}

void use_numbers(const Spec& spec, bool free, const std::array<NumberSummary, 3>& numbers,
                 EdgeTable& table) {
    const auto& [weight, survival, capacity] = numbers;
    const auto [times, late] = times_in(free, weight, survival);
    for (FileEdge& edge : table.edges) {
        if (!(edge.weight > 0.0) || times) edge.weight = 1.0;
        if (std::isnan(edge.survival) || late) edge.survival = spec.survival;
    }
    std::vector<const char*> columns;
    if (weight.given()) {
        columns.push_back(times ? "column 3 a time that is not used" : "column 3 the weight");
    }
    if (survival.given()) {
        columns.push_back(late ? "column 4 a time that is not used" : "column 4 the survival");
    }
    if (capacity.given()) columns.push_back("column 5 the capacity");
    if (free && !columns.empty()) {
        table.remarks.push_back(fmt::format("read as an edge list: {}", fmt::join(columns, ", ")));
    }
    if (weight.no_weights > 0 && !times) {
        table.remarks.push_back(
            unused_weights(weight.no_weights, weight.seen, weight.first_no_weight));
    }
}

char separator_of(const TextFile& file) {
    return separator_of(sample_of(file));
}

TableLayout layout_of(const Spec& spec, const TextFile& file) {
    const Sample sample = sample_of(file);
    TableLayout layout;
    layout.separator = separator_of(sample);
    const std::string& comment = sample.first_comment;
    layout.bipartite = comment.starts_with('%') && comment.find(" bip") != npos;  // KONECT
    EdgeLines lines(file, layout.separator);
    if (!lines.next()) return layout;
    const std::vector<Field> names = lines.fields();
    if (spec.columns) {
        take_spec(spec, lines, names, layout);
        return layout;
    }
    if (!take_names(names, lines.line().where(1), layout)) {
        take_comment(file, sample, names.size(), layout);
        return layout;
    }
    if (!lines.next()) return layout;
    const std::vector<Field>& row = lines.fields();
    const bool is_index = row[0].quoted || row[0].text == "1" || row[0].text == "0";
    if (row.size() == names.size() + 1 && !row.back().text.empty() && is_index) {
        shift(layout.columns);
        layout.heading->fields += 1;
    }
    return layout;
}

}  // namespace motley::topology
