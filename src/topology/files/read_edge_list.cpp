// Tables of edges, as SNAP, KONECT, spreadsheets and others write them: an edge per line. What a
// column beyond the second one means is decided when the whole file was seen, unless a heading or
// `Spec::columns` says it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "motley/core/nan.hpp"
#include "topology/files/edge_lines.hpp"
#include "topology/files/edge_table.hpp"
#include "topology/files/number_column.hpp"
#include "topology/files/table_layout.hpp"

namespace motley::topology {
namespace {

constexpr std::size_t most_fields = 5;

/// What the whole file says of its first line and of its form.
enum class Verdict { table, adjacency_list, counts, heading, no_heading };

/// How the first line was read before the whole file was seen.
enum class FirstLine { as_it_looks, skipped, edge };

class EdgeListReader {
  public:
    EdgeListReader(const Spec& spec, const TextFile& file, TableLayout layout, FirstLine first)
        : spec_(spec),
          file_(file),
          layout_(std::move(layout)),
          first_(first),
          lines_(file, layout_.separator),
          numbers_{NumberColumn("weight", layout_.separator == ';'),
                   NumberColumn("survival", layout_.separator == ';'),
                   NumberColumn("capacity", layout_.separator == ';')} {
        if (first == FirstLine::edge) forget_heading();
        if (has_row_of_names()) lines_.expect_fields(layout_.heading->fields);
        two_kinds_ = spec.bipartite || layout_.bipartite;
    }

    Verdict read();
    EdgeTable take();

  private:
    bool is_free() const { return !spec_.columns && !layout_.heading; }
    bool has_row_of_names() const { return layout_.heading && !layout_.heading->comment; }
    VertexNames& targets() { return two_kinds_ ? others_ : vertices_; }
    const VertexNames& targets() const { return two_kinds_ ? others_ : vertices_; }
    void forget_heading();
    void read_line();
    bool check_length(const std::vector<Field>& fields);
    void read_numbers(const std::vector<Field>& fields);
    void note_first_line(const std::vector<Field>& fields);
    void note_ids();
    Verdict judge_heading() const;
    std::optional<Verdict> judge_first_line() const;
    bool is_adjacency_list();
    bool is_count_of_edges() const;
    void use_columns();
    /// Keeps the first fault until the form of the file is known.
    void keep(Error error) {
        if (!fault_) fault_ = std::move(error);
    }

    const Spec& spec_;
    const TextFile& file_;
    TableLayout layout_;
    FirstLine first_;
    EdgeLines lines_;
    VertexNames vertices_, others_;  ///< others: the targets, where vertices are of two kinds
    bool two_kinds_ = false;
    std::array<NumberColumn, 3> numbers_;  ///< weight, survival, capacity
    EdgeTable table_;
    std::vector<std::size_t> both_ways_;
    std::vector<std::uint32_t> lonely_;
    std::vector<double> first_numbers_;  ///< of the first line; empty: not all are whole numbers
    Where first_place_;
    bool words_first_ = false;    ///< no vertex of the first line is an integer
    bool integers_later_ = true;  ///< all vertices of all other lines are
    std::size_t fields_least_ = no_column, fields_most_ = 0;
    bool capacities_ = false;
    std::optional<Error> fault_;
};

/// The first line is an edge: columns are as in a file without a heading, or as the job file says.
void EdgeListReader::forget_heading() {
    layout_.heading.reset();
    if (!spec_.columns) layout_.columns = {};
    layout_.remark.clear();
}

Verdict EdgeListReader::read() {
    table_.undirected = !spec_.directed;
    bool skip = first_ == FirstLine::skipped || has_row_of_names();
    while (lines_.next()) {
        if (!skip) read_line();
        skip = false;
    }
    if (is_free() && is_adjacency_list()) return Verdict::adjacency_list;
    if (fault_) throw Error(*fault_);
    if (table_.edges.empty()) {
        throw input_error(has_row_of_names()
                              ? "the file has no edges, only a header row"
                              : "the file has no edges, only comments or blank lines",
                          {file_.path()});
    }
    if (first_ != FirstLine::as_it_looks) return Verdict::table;
    if (layout_.heading) return judge_heading();
    if (const auto verdict = judge_first_line()) return *verdict;
    return is_free() && is_count_of_edges() ? Verdict::counts : Verdict::table;
}

/// Adds a line to the table.
void EdgeListReader::read_line() {
    const std::vector<Field>* fields = &lines_.fields();
    std::vector<Field> shorter;
    if (is_free() && layout_.separator != ' ' && fields->back().text.empty()) {
        shorter = *fields;
        while (!shorter.empty() && shorter.back().text.empty()) shorter.pop_back();
        fields = &shorter;
    }
    fields_least_ = std::min(fields_least_, fields->size());
    fields_most_ = std::max(fields_most_, fields->size());
    if (!check_length(*fields)) return;
    const Columns& columns = layout_.columns;
    FileEdge edge;
    edge.source = vertices_.add((*fields)[columns.source], lines_.line());
    edge.target = targets().add((*fields)[columns.target], lines_.line());
    table_.edges.push_back(edge);
    note_ids();
    if (table_.edges.size() == 1) note_first_line(*fields);
    read_numbers(*fields);
    if (!spec_.directed || columns.type >= fields->size()) return;
    if (equal_ignoring_case((*fields)[columns.type].text, "undirected")) {
        both_ways_.push_back(table_.edges.size() - 1);
    }
}

/// False where the line has too few fields for an edge.
bool EdgeListReader::check_length(const std::vector<Field>& fields) {
    const LineReader& line = lines_.line();
    if (layout_.heading) {
        const std::size_t promised = layout_.heading->fields;
        const std::string counts =
            std::to_string(fields.size()) + ", the header has " + std::to_string(promised);
        if (fields.size() < promised) {
            keep(line.error("too few fields: " + counts, line.end_column()));
            return false;
        }
        for (std::size_t i = promised; i < fields.size(); ++i) {
            if (fields[i].text.empty()) continue;
            keep(line.error("too many fields: " + counts + "; put names with commas in quotes",
                            fields[i].column));
            break;
        }
        return true;
    }
    const std::size_t needed = std::max(layout_.columns.source, layout_.columns.target) + 1;
    if (fields.size() < std::max<std::size_t>(2, needed)) {
        keep(line.error("too few fields: an edge needs source and target" +
                            std::string(layout_.separator == ' ' ? "" : "; separated by ") +
                            (layout_.separator == '\t'  ? "tabs"
                             : layout_.separator == ' ' ? ""
                                                        : quote({&layout_.separator, 1})),
                        line.end_column()));
        if (is_free() && !fields.empty()) lonely_.push_back(vertices_.add(fields[0], line));
        return false;
    }
    if (is_free() && fields.size() > most_fields) {
        keep(
            line.error("too many fields: at most source, target, weight, survival and capacity; "
                       "name them with columns = [...], or read an adjacency list with format = "
                       "\"adjacency-list\", a matrix with format = \"matrix\"",
                       fields[most_fields].column));
    }
    return true;
}

void EdgeListReader::read_numbers(const std::vector<Field>& fields) {
    const auto value = [&](std::size_t n) {
        const std::size_t column = layout_.columns.numbers[n];
        return column < fields.size() ? numbers_[n].see(lines_.line(), fields[column]) : nan;
    };
    table_.edges.back().weight = value(0);
    table_.edges.back().survival = value(1);
    const std::size_t column = layout_.columns.numbers[2];
    const bool capacity = column < fields.size();
    if (capacity) table_.capacities.push_back(value(2));
    if (table_.edges.size() == 1) capacities_ = capacity;
    if (capacity == capacities_ || fault_) return;
    keep(lines_.line().error(capacity ? "this edge has a capacity, those before it have none"
                                      : "this edge has no capacity, those before it have one",
                             capacity ? fields[column].column : lines_.line().end_column()));
}

void EdgeListReader::note_first_line(const std::vector<Field>& fields) {
    first_place_ = lines_.line().where(1);
    for (const Field& field : fields) {
        std::int64_t value = 0;
        if (parse_number(field.text, value) != NumberFault::none) {
            first_numbers_.clear();
            return;
        }
        first_numbers_.push_back(static_cast<double>(value));
    }
}

void EdgeListReader::note_ids() {
    const FileEdge& edge = table_.edges.back();
    const bool source = vertices_.is_integer(edge.source);
    const bool target = targets().is_integer(edge.target);
    if (table_.edges.size() == 1) {
        words_first_ = !source && !target;
    } else {
        integers_later_ = integers_later_ && source && target;
    }
}

/// Whether the heading is one. Where a name in it is that of a vertex, too, it is an edge.
Verdict EdgeListReader::judge_heading() const {
    const Heading& heading = *layout_.heading;
    if (heading.certain || heading.comment) return Verdict::table;
    if (vertices_.find(heading.source) || targets().find(heading.target)) {
        return Verdict::no_heading;
    }
    std::int64_t value = 0;
    const auto is_integer = [&](const std::string& text) {
        return parse_number(text, value) == NumberFault::none;
    };
    const bool numbers = is_integer(heading.source) && is_integer(heading.target);
    return numbers && vertices_.all_integers() ? Verdict::no_heading : Verdict::table;
}

/// Whether the first line, which was read as an edge, is a heading with unknown names.
std::optional<Verdict> EdgeListReader::judge_first_line() const {
    if (table_.edges.size() < 2) return std::nullopt;
    const bool words = words_first_ && integers_later_;
    const bool above = std::ranges::any_of(
        numbers_, [](const NumberColumn& column) { return column.has_word_above(); });
    if (words && fields_most_ == 2 && is_free()) return Verdict::heading;
    if (words || above) {
        throw input_error(
            "a header row? It names no column source or target: put such names there, or say what "
            "the columns are, as columns = [\"source\", \"target\", \"weight\"]" +
                std::string(layout_.separator == ' ' ? ", and begin this line with #" : ""),
            first_place_);
    }
    if (!words_first_ || !is_free() || layout_.separator == ' ') return std::nullopt;
    const FileEdge& first = table_.edges.front();
    const bool again = std::any_of(table_.edges.begin() + 1, table_.edges.end(), [&](auto& edge) {
        const auto is = [&](std::uint32_t v) { return edge.source == v || edge.target == v; };
        return is(first.source) || (!two_kinds_ && is(first.target)) || edge.target == first.target;
    });
    if (again) return std::nullopt;
    throw input_error(
        "a header row, or an edge? No other line names its vertices. If it is a header, say "
        "columns = [\"source\", \"target\"]; if it is an edge, put a line `source" +
            std::string(1, layout_.separator) + "target` before it",
        first_place_);
}

/// A line "n m" or "n n m" before m edges between at most n vertices, numbered from 0 or 1.
bool EdgeListReader::is_count_of_edges() const {
    const auto& numbers = first_numbers_;
    if (numbers.size() < 2 || numbers.size() > 3 || two_kinds_) return false;
    const double vertices = numbers.front(), edges = numbers.back();
    if (numbers.size() == 3 && numbers[1] != vertices) return false;
    if (static_cast<double>(table_.edges.size()) - 1.0 != edges) return false;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t e = 1; e < table_.edges.size(); ++e) {
        for (const std::uint32_t v : {table_.edges[e].source, table_.edges[e].target}) {
            if (!vertices_.is_integer(v)) return false;
            const auto id = static_cast<double>(vertices_.value(v));
            low = std::min(low, id);
            high = std::max(high, id);
        }
    }
    return low >= 0.0 && high <= (low == 0.0 ? vertices - 1.0 : vertices);
}

/// Lines of unlike lengths, each of another vertex, whose further fields are vertices too.
bool EdgeListReader::is_adjacency_list() {
    constexpr std::size_t enough = 4;  // as many as stand before a capacity
    if (two_kinds_ || fields_least_ == fields_most_ || fields_most_ < 3 ||
        fields_least_ >= enough) {
        return false;
    }
    if (fields_most_ == most_fields && lonely_.empty()) return false;  // some have capacities
    std::vector<bool> first(vertices_.size(), false);
    const auto again = [&](std::uint32_t vertex) {
        const bool before = first[vertex];
        first[vertex] = true;
        return before;
    };
    for (const FileEdge& edge : table_.edges) {
        if (again(edge.source)) return false;
    }
    if (std::ranges::any_of(lonely_, again)) return false;
    EdgeLines lines(file_, layout_.separator);
    while (lines.next()) {
        const std::vector<Field>& fields = lines.fields();
        for (std::size_t i = 2; i < fields.size(); ++i) {
            if (!vertices_.find(fields[i].text)) return false;
        }
    }
    return true;
}

/// Gives the columns their meaning.
void EdgeListReader::use_columns() {
    const auto& [weight, survival, capacity] = numbers_;
    const auto [times, late] = times_in(is_free(), weight.summary(), survival.summary());
    if (times && spec_.edge_weights) {
        throw input_error(
            "column 3 looks like a time, and weights = \"edge\" asks for a weight: "
            "say what it is with columns = [\"source\", \"target\", \"weight\"]",
            {file_.path()});
    }
    if (weight.summary().given() && !times && spec_.edge_weights) weight.require_positive();
    if (!late) survival.require_share();
    capacity.require_positive();
    use_numbers(spec_, is_free(), {weight.summary(), survival.summary(), capacity.summary()},
                table_);
}

EdgeTable EdgeListReader::take() {
    if (!layout_.remark.empty()) table_.remarks.push_back(layout_.remark);
    use_columns();
    if (!two_kinds_) remark_two_id_spaces(vertices_, table_);
    add_opposites(table_, both_ways_);
    if (two_kinds_) {
        finish_bipartite(vertices_, others_, table_);
        return std::move(table_);
    }
    vertices_.finish(table_);
    merge_opposites(table_);
    return std::move(table_);
}

}  // namespace

EdgeTable read_edge_list(const Spec& spec, const TextFile& file) {
    const TableLayout layout = layout_of(spec, file);
    const auto again = [&](FirstLine first, const char* remark) {
        EdgeListReader reader(spec, file, layout, first);
        reader.read();
        EdgeTable table = reader.take();
        table.remarks.insert(table.remarks.begin(), remark);
        return table;
    };
    EdgeListReader reader(spec, file, layout, FirstLine::as_it_looks);
    switch (reader.read()) {
        case Verdict::table:
            return reader.take();
        case Verdict::adjacency_list:
            return read_adjacency_list(spec, file);
        case Verdict::counts:
            return again(FirstLine::skipped, first_row_counts);
        case Verdict::heading:
            return again(FirstLine::skipped,
                         "the first line is taken for a header, because all others are integers");
        case Verdict::no_heading:
            return again(FirstLine::edge, first_row_is_edge);
    }
    throw internal_error("read_edge_list: unknown verdict");
}

}  // namespace motley::topology
