// Matrix Market files: entry (i, j) is the arc i -> j with the value as its weight; a value of 0
// is no arc. Coordinate files list entries, array files have all of them, column by column.
// Boisvert, Pozo, Remington, "The Matrix Market exchange formats", NISTIR 5935 (1996).
#include <fmt/format.h>

#include "topology/files/edge_table.hpp"
#include "topology/files/read_matrix.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

bool is_any(std::string_view word, std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        if (equal_ignoring_case(word, name)) return true;
    }
    return false;
}

/// `%%MatrixMarket matrix coordinate real general` and its variants.
void read_banner(LineReader& line, MatrixHeader& header) {
    line.next();
    const auto& words = line.words();
    if (words.empty() || !equal_ignoring_case(words[0].text, "%%MatrixMarket")) {
        throw line.error("the first line must begin with %%MatrixMarket", 1);
    }
    if (words.size() != 5) {
        throw line.error(
            "the first line must be `%%MatrixMarket matrix coordinate|array "
            "real|integer|pattern general|symmetric`",
            words.size() > 5 ? words[5].column : line.end_column());
    }
    const auto refuse = [&](std::size_t i, const char* message) {
        throw line.error(quote(words[i].text) + message, words[i].column);
    };
    if (!is_any(words[1].text, {"matrix"})) refuse(1, " is not a matrix");
    if (!is_any(words[2].text, {"coordinate", "array"})) {
        refuse(2, " is neither coordinate nor array");
    }
    if (!is_any(words[3].text, {"real", "double", "integer", "unsigned-integer", "pattern"})) {
        refuse(3, " values cannot be weights; real, integer or pattern can");
    }
    header.array = is_any(words[2].text, {"array"});
    if (header.array && is_any(words[3].text, {"pattern"})) {
        refuse(3, ": an array has the values of all entries");
    }
    if (!is_any(words[4].text, {"general", "symmetric"})) {
        refuse(4, " matrices cannot be graphs with positive weights; general and symmetric can");
    }
    header.pattern = is_any(words[3].text, {"pattern"});
    header.symmetric = is_any(words[4].text, {"symmetric"});
}

bool next_entry_row(LineReader& line) {
    while (line.next()) {
        if (!line.blank() && !line.text().starts_with('%')) return true;
    }
    return false;
}

std::int64_t read_count(const LineReader& line, const Field& field, const char* what) {
    const std::int64_t count = line.to_integer(field, fmt::format("number of {}", what));
    if (count >= 1 && count <= most_agents) return count;
    throw line.error(fmt::format("number of {} must lie between 1 and {}", what, most_agents),
                     field.column);
}

void read_size(LineReader& line, const TextFile& file, bool bipartite, MatrixHeader& header) {
    const char* form = header.array ? "`rows columns`" : "`rows columns entries`";
    if (!next_entry_row(line)) {
        throw input_error(fmt::format("the size line {} is missing", form), {file.path()});
    }
    const auto& words = line.words();
    const std::size_t fields = header.array ? 2 : 3;
    if (words.size() != fields) {
        throw line.error(fmt::format("the size line must be {}", form),
                         words.size() > fields ? words[fields].column : line.end_column());
    }
    header.size_line = line.where(1);
    header.rows = read_count(line, words[0], "rows");
    header.columns = read_count(line, words[1], "columns");
    if (header.columns != header.rows && !bipartite) {
        throw line.error(fmt::format("the matrix must be square: {} rows, {} columns; if rows and "
                                     "columns are two kinds of vertices, say bipartite = true",
                                     header.rows, header.columns),
                         words[1].column);
    }
    if (header.array) {
        if (header.rows > std::ssize(file.text()) / header.columns + 1) {
            throw line.error("the file has fewer bytes than the matrix has entries; truncated?", 1);
        }
        header.entries =
            header.symmetric ? header.rows * (header.rows + 1) / 2 : header.rows * header.columns;
        return;
    }
    header.entries = line.to_integer(words[2], "number of entries");
    if (header.entries < 0) throw line.error("number of entries is negative", words[2].column);
    constexpr std::int64_t enough = 1'000'000, most_empty = 1000;
    if (header.rows > enough && (header.rows - enough) / most_empty > header.entries) {
        throw line.error(fmt::format("{} rows for {} entries: nearly all vertices would have no "
                                     "arcs; is the size line right?",
                                     header.rows, header.entries),
                         words[0].column);
    }
}

std::uint32_t read_index(const LineReader& line, const Field& field, std::int64_t most) {
    const std::int64_t index = line.to_integer(field, "index");
    if (index < 1 || index > most) {
        throw line.error(
            "index " + quote(field.text) + " is out of range 1 to " + std::to_string(most),
            field.column);
    }
    return static_cast<std::uint32_t>(index - 1);
}

/// The entries of a matrix as edges.
class MatrixReader {
  public:
    MatrixReader(const Spec& spec, LineReader& line, const MatrixHeader& header)
        : line_(line), header_(header), survival_(spec.survival), weights_(spec) {}

    void read(EdgeTable& table) {
        std::int64_t entry = 0;
        for (; next_entry_row(line_); ++entry) {
            if (entry == header_.entries) {
                throw line_.error("more entries than the " + std::to_string(header_.entries) +
                                      " that the size line promises",
                                  1);
            }
            header_.array ? read_value(table) : read_entry(table);
        }
        if (entry != header_.entries) {
            throw input_error("the size line promises " + std::to_string(header_.entries) +
                                  " entries, the file has " + std::to_string(entry),
                              header_.size_line);
        }
        weights_.remark(table);
        if (zeros_ > 0 && !header_.array) {
            table.remarks.push_back(fmt::format("{} entries are 0, and no arcs", zeros_));
        }
    }

  private:
    void require_fields(const std::vector<Field>& words, std::size_t fields, const char* form) {
        if (words.size() < fields) {
            throw line_.error(fmt::format("too few fields: an entry is {}", form),
                              line_.end_column());
        }
        if (words.size() > fields) throw line_.error("too many fields", words[fields].column);
    }

    void read_entry(EdgeTable& table) {
        const auto& words = line_.words();
        if (header_.pattern) {
            require_fields(words, 2, "`row column`");
        } else {
            require_fields(words, 3, "`row column value`");
        }
        const std::uint32_t row = read_index(line_, words[0], header_.rows);
        const std::uint32_t column = read_index(line_, words[1], header_.columns);
        if (header_.symmetric && row < column) {
            throw line_.error("entry above the diagonal: a symmetric file holds the lower triangle",
                              words[0].column);
        }
        add(table, row, column, header_.pattern ? nullptr : &words[2]);
    }

    /// A line of an array file; rows of a column follow each other.
    void read_value(EdgeTable& table) {
        const auto& words = line_.words();
        require_fields(words, 1, "its value, alone on a line");
        add(table, row_, column_, words.data());
        row_ += 1;
        if (row_ < header_.rows) return;
        column_ += 1;
        row_ = header_.symmetric ? column_ : 0;
    }

    void add(EdgeTable& table, std::uint32_t row, std::uint32_t column, const Field* value) {
        double weight = 1.0;
        if (value != nullptr) {
            if (parse_number(value->text, weight) == NumberFault::none && weight == 0.0) {
                zeros_ += 1;
                return;
            }
            weight = weights_.read(line_, *value);
        }
        table.edges.push_back({row, column, weight, survival_});
    }

    LineReader& line_;
    const MatrixHeader& header_;
    double survival_;
    WeightReader weights_;
    std::uint32_t row_ = 0, column_ = 0;
    std::int64_t zeros_ = 0;
};

}  // namespace

MatrixHeader read_matrix_header(const Spec& spec, LineReader& line, const TextFile& file) {
    MatrixHeader header;
    read_banner(line, header);
    if (spec.bipartite && header.symmetric) {
        throw usage_error(
            "topology.bipartite: rows and columns of a symmetric matrix are the same vertices",
            {spec.file});
    }
    read_size(line, file, spec.bipartite, header);
    return header;
}

EdgeTable read_matrix_market(const Spec& spec, const TextFile& file) {
    LineReader line(file);
    const MatrixHeader header = read_matrix_header(spec, line, file);
    EdgeTable table;
    table.agents = header.rows;
    table.undirected = header.symmetric || !spec.directed;
    MatrixReader(spec, line, header).read(table);
    if (spec.bipartite) {
        number_two_kinds(header.rows, header.columns, table);
    } else if (!header.symmetric) {
        merge_opposites(table);
    }
    return table;
}

}  // namespace motley::topology
