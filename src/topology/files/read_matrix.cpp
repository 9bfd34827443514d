// Dense adjacency matrices as tables, as connectomes are published: a row per vertex, with or
// without names above the columns and before the rows. An entry that is neither 0 nor empty is an
// arc from its row to its column.
#include "topology/files/read_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "topology/files/edge_lines.hpp"
#include "topology/files/edge_table.hpp"
#include "topology/files/number_column.hpp"
#include "topology/files/table_layout.hpp"

namespace motley::topology {
namespace {

bool is_number_or_empty(std::string_view text) {
    double value = 0.0;
    return parse_decimal(text, true, value) != NumberFault::malformed;
}

class DenseMatrixReader {
  public:
    DenseMatrixReader(const Spec& spec, const TextFile& file)
        : spec_(spec), separator_(separator_of(file)), lines_(file, separator_), weights_(spec) {}

    EdgeTable read() {
        while (lines_.next()) {
            std::vector<Field> fields = lines_.fields();
            // A separator at the end of each line makes no column.
            const bool longer = columns_ > 0 && fields.size() > columns_ + names_before();
            if (longer && fields.back().text.empty()) fields.pop_back();
            if (columns_ == 0) {
                begin(fields);
            } else {
                read_row(fields);
            }
        }
        const auto rows = static_cast<std::size_t>(row_);
        if (rows != columns_) {
            throw lines_.line().error(
                fmt::format("the matrix must be square: it has {} rows and {} columns", rows,
                            columns_),
                1);
        }
        table_.agents = row_;
        table_.names = std::move(names_);
        table_.undirected = !spec_.directed;
        table_.remarks.push_back(
            fmt::format("read as a matrix of {} rows: an entry that is not 0 is the weight of the "
                        "arc from its row to its column",
                        rows));
        weights_.remark(table_);
        merge_opposites(table_);
        return std::move(table_);
    }

    /// Whether rows have names, which are those of the columns.
    bool has_row_names() const { return names_before_rows_; }

  private:
    std::size_t names_before() const { return names_before_rows_ ? 1 : 0; }

    /// The first line has the names of the columns, or is the first row.
    void begin(std::vector<Field> fields) {
        const bool corner = fields.front().text.empty() || !is_number_or_empty(fields.front().text);
        const bool names = std::ranges::any_of(
            fields, [](const Field& field) { return !is_number_or_empty(field.text); });
        heading_ = fields.front().text.empty() || names;
        if (!heading_) {
            columns_ = fields.size();
            read_row(fields);
            return;
        }
        while (fields.size() > 1 && fields.back().text.empty()) fields.pop_back();
        for (const Field& field : fields) names_.emplace_back(field.text);
        has_corner_ = corner;
        columns_ = fields.size();  // until the first row says whether it has a name, too
    }

    /// The first row after a heading has one more field than that, or as many as it.
    void settle_heading(const std::vector<Field>& fields) {
        const std::size_t names = names_.size();
        if (fields.size() == names + 1) {
            names_before_rows_ = true;
        } else if (has_corner_ && fields.size() == names && names > 1 &&
                   fields.front().text == names_[1]) {
            names_before_rows_ = true;
            names_.erase(names_.begin());
        }
        columns_ = names_.size();
        std::unordered_set<std::string_view> seen;
        for (const std::string& name : names_) {
            if (!name.empty() && seen.insert(name).second) continue;
            throw lines_.line().error(
                "the columns of the matrix must have names, each its own; the name " + quote(name) +
                " is empty or stands there twice");
        }
    }

    void read_row(const std::vector<Field>& fields) {
        if (row_ == 0 && heading_) settle_heading(fields);
        const LineReader& line = lines_.line();
        const std::size_t before = names_before();
        if (fields.size() != columns_ + before) {
            throw line.error(
                fmt::format("row {} of the matrix has {} entries, {} are expected", row_ + 1,
                            fields.size() - std::min(before, fields.size()), columns_),
                fields.size() > columns_ + before ? fields[columns_ + before].column
                                                  : line.end_column());
        }
        const auto row = static_cast<std::size_t>(row_);
        if (row == columns_) throw line.error("the matrix has more rows than columns", 1);
        if (before == 1 && fields[0].text != names_[row]) {
            throw line.error(
                fmt::format("row {} is called {}, column {} is called {}; rows and "
                            "columns must have the same names in the same order",
                            row_ + 1, quote(fields[0].text), row_ + 1, quote(names_[row])),
                fields[0].column);
        }
        for (std::size_t c = 0; c < columns_; ++c) read_entry(fields[before + c], c);
        row_ += 1;
    }

    void read_entry(const Field& field, std::size_t column) {
        double value = 0.0;
        const NumberFault fault = parse_decimal(field.text, separator_ == ';', value);
        const bool is_nan = field.text.size() == 3 && equal_ignoring_case(field.text, "nan");
        if (fault == NumberFault::empty || is_nan) return;
        if (fault == NumberFault::malformed) {
            throw lines_.line().error(describe(fault, "entry", field.text), field.column);
        }
        if (fault == NumberFault::none && value == 0.0) return;
        const double weight = weights_.judge(fault, value, field.text,
                                             [&] { return lines_.line().where(field.column); });
        table_.edges.push_back({static_cast<std::uint32_t>(row_),
                                static_cast<std::uint32_t>(column), weight, spec_.survival});
    }

    const Spec& spec_;
    char separator_;
    EdgeLines lines_;
    WeightReader weights_;
    bool heading_ = false, has_corner_ = false, names_before_rows_ = false;
    std::vector<std::string> names_;
    std::size_t columns_ = 0;
    AgentId row_ = 0;
    EdgeTable table_;
};

/// Whether the lines of a small file of numbers are edges: two vertices, then perhaps a weight, a
/// survival and a capacity.
bool are_edges(const TextFile& file) {
    EdgeLines lines(file, separator_of(file));
    while (lines.next()) {
        const std::vector<Field>& fields = lines.fields();
        for (std::size_t i = 0; i < fields.size(); ++i) {
            std::int64_t id = 0;
            double value = 0.0;
            if (i < 2 && parse_number(fields[i].text, id) != NumberFault::none) return false;
            if (i < 2) continue;
            if (parse_number(fields[i].text, value) != NumberFault::none) return false;
            if (!(value > 0.0) || (i == 3 && value > 1.0)) return false;
        }
    }
    return true;
}

/// Whether the file has about as many rows as its first row has fields.
bool is_about_square(const TextFile& file) {
    EdgeLines lines(file, separator_of(file));
    if (!lines.next()) return false;
    const std::size_t fields = lines.fields().size();
    std::size_t rows = 1;
    while (rows <= fields + 1 && lines.next()) rows += 1;
    return fields >= 3 && rows + 1 >= fields && rows <= fields + 1;
}

}  // namespace

bool is_matrix(const TextFile& file) {
    if (!is_about_square(file)) return false;
    Spec plain;
    plain.directed = true;
    EdgeTable table;
    try {
        if (layout_of(plain, file).heading) return false;
        DenseMatrixReader reader(plain, file);
        table = reader.read();
        if (reader.has_row_names()) return true;
    } catch (const Error&) {
        return false;
    }
    constexpr AgentId most_fields_of_edges = 5;
    const bool loops = std::ranges::any_of(
        table.edges, [](const FileEdge& edge) { return edge.source == edge.target; });
    const auto arcs = std::ssize(table.edges);
    EdgeTable halves = table;
    halves.undirected = true;
    merge_opposites(halves);
    const bool symmetric = std::ssize(halves.edges) < arcs;
    const bool like_one = symmetric || (!loops && arcs < table.agents * table.agents);
    if (!table.names.empty()) return like_one;
    if (table.agents > most_fields_of_edges) return true;
    return like_one && table.agents > 2 && !are_edges(file);
}

EdgeTable read_matrix(const Spec& spec, const TextFile& file) {
    return DenseMatrixReader(spec, file).read();
}

}  // namespace motley::topology
