// Matrix Market coordinate files: entry (i, j) is the arc i -> j with the value as its weight.
// Boisvert, Pozo, Remington, "The Matrix Market exchange formats", NISTIR 5935 (1996).
#include "topology/files/edge_table.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

struct MatrixHeader {
    bool pattern = false;
    bool symmetric = false;
    std::int64_t vertices = 0;
    std::int64_t entries = 0;
    Where size_line;
};

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
            "the first line must be `%%MatrixMarket matrix coordinate "
            "real|integer|pattern general|symmetric`",
            words.size() > 5 ? words[5].column : line.end_column());
    }
    const auto refuse = [&](std::size_t i, const char* message) {
        throw line.error(quote(words[i].text) + message, words[i].column);
    };
    if (!is_any(words[1].text, {"matrix"})) refuse(1, " is not a matrix");
    if (!is_any(words[2].text, {"coordinate"})) {
        refuse(2, " is not supported: a graph is a sparse matrix, in coordinate format");
    }
    if (!is_any(words[3].text, {"real", "integer", "pattern"})) {
        refuse(3, " values cannot be weights; real, integer or pattern can");
    }
    if (!is_any(words[4].text, {"general", "symmetric"})) {
        refuse(4, " matrices cannot be graphs with positive weights; general and symmetric can");
    }
    header.pattern = is_any(words[3].text, {"pattern"});
    header.symmetric = is_any(words[4].text, {"symmetric"});
}

bool next_row(LineReader& line) {
    while (line.next()) {
        if (!line.blank() && !line.text().starts_with('%')) return true;
    }
    return false;
}

void read_size(LineReader& line, const TextFile& file, MatrixHeader& header) {
    if (!next_row(line)) {
        throw input_error("the size line `rows columns entries` is missing", {file.path()});
    }
    const auto& words = line.words();
    if (words.size() != 3) {
        throw line.error("the size line must be `rows columns entries`",
                         words.size() > 3 ? words[3].column : line.end_column());
    }
    header.size_line = line.where(1);
    header.vertices = line.to_integer(words[0], "number of rows");
    const std::int64_t columns = line.to_integer(words[1], "number of columns");
    header.entries = line.to_integer(words[2], "number of entries");
    if (header.vertices < 1 || header.vertices > most_agents) {
        throw line.error("number of rows must lie between 1 and " + std::to_string(most_agents),
                         words[0].column);
    }
    if (columns != header.vertices) {
        throw line.error("the matrix must be square: " + std::to_string(header.vertices) +
                             " rows, " + std::to_string(columns) + " columns",
                         words[1].column);
    }
    if (header.entries < 0) throw line.error("number of entries is negative", words[2].column);
}

std::uint32_t read_index(const LineReader& line, const Field& field, const MatrixHeader& header) {
    const std::int64_t index = line.to_integer(field, "index");
    if (index < 1 || index > header.vertices) {
        throw line.error("index " + quote(field.text) + " is out of range 1 to " +
                             std::to_string(header.vertices),
                         field.column);
    }
    return static_cast<std::uint32_t>(index - 1);
}

FileEdge read_entry(LineReader& line, const MatrixHeader& header, double survival) {
    const auto& words = line.words();
    const std::size_t fields = header.pattern ? 2 : 3;
    if (words.size() < fields) {
        throw line.error(header.pattern ? "too few fields: an entry is `row column`"
                                        : "too few fields: an entry is `row column value`",
                         line.end_column());
    }
    if (words.size() > fields) throw line.error("too many fields", words[fields].column);
    FileEdge edge;
    edge.source = read_index(line, words[0], header);
    edge.target = read_index(line, words[1], header);
    if (!header.pattern) edge.weight = read_weight(line, words[2]);
    edge.survival = survival;
    if (header.symmetric && edge.source < edge.target) {
        throw line.error("entry above the diagonal: a symmetric file holds the lower triangle",
                         words[0].column);
    }
    return edge;
}

}  // namespace

EdgeTable read_matrix_market(const Spec& spec) {
    const TextFile file(spec.file);
    LineReader line(file);
    MatrixHeader header;
    read_banner(line, header);
    read_size(line, file, header);
    EdgeTable table;
    table.agents = header.vertices;
    table.undirected = header.symmetric || !spec.directed;
    while (next_row(line)) {
        if (std::ssize(table.edges) == header.entries) {
            throw line.error("more entries than the " + std::to_string(header.entries) +
                                 " that the size line promises",
                             1);
        }
        table.edges.push_back(read_entry(line, header, spec.survival));
    }
    if (std::ssize(table.edges) != header.entries) {
        throw input_error("the size line promises " + std::to_string(header.entries) +
                              " entries, the file has " + std::to_string(table.edges.size()),
                          header.size_line);
    }
    return table;
}

}  // namespace motley::topology
