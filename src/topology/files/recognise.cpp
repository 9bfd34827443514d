#include "topology/files/recognise.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "topology/files/edge_lines.hpp"
#include "topology/files/graph_text.hpp"
#include "topology/files/read_cluster.hpp"
#include "topology/files/read_matrix.hpp"
#include "topology/files/table_layout.hpp"

namespace motley::topology {
namespace {

struct Extension {
    std::string_view name;
    FileFormat format;
};
constexpr std::array extensions = {Extension{".txt", FileFormat::edge_list},
                                   Extension{".edges", FileFormat::edge_list},
                                   Extension{".el", FileFormat::edge_list},
                                   Extension{".wel", FileFormat::edge_list},
                                   Extension{".edgelist", FileFormat::edge_list},
                                   Extension{".edgelists", FileFormat::edge_list},
                                   Extension{".ncol", FileFormat::edge_list},
                                   Extension{".tsv", FileFormat::edge_list},
                                   Extension{".tab", FileFormat::edge_list},
                                   Extension{".csv", FileFormat::csv},
                                   Extension{".lgl", FileFormat::lgl},
                                   Extension{".adjlist", FileFormat::adjacency_list},
                                   Extension{".adj", FileFormat::adjacency_list},
                                   Extension{".graphml", FileFormat::graphml},
                                   Extension{".xml", FileFormat::graphml},
                                   Extension{".gexf", FileFormat::gexf},
                                   Extension{".gml", FileFormat::gml},
                                   Extension{".net", FileFormat::pajek},
                                   Extension{".paj", FileFormat::pajek},
                                   Extension{".col", FileFormat::dimacs},
                                   Extension{".gr", FileFormat::dimacs},
                                   Extension{".dimacs", FileFormat::dimacs},
                                   Extension{".clq", FileFormat::dimacs},
                                   Extension{".graph", FileFormat::metis},
                                   Extension{".metis", FileFormat::metis},
                                   Extension{".mtx", FileFormat::matrix_market}};

std::optional<FileFormat> by_extension(std::string_view path) {
    path = without_packing(path);
    const std::size_t dot = path.find_last_of("./");
    if (dot == npos) return std::nullopt;
    const auto found = std::ranges::find_if(extensions, [&](const Extension& extension) {
        return equal_ignoring_case(path.substr(dot), extension.name);
    });
    return found == extensions.end() ? std::nullopt : std::optional(found->format);
}

/// The name of the root element of XML, without its prefix; empty: it is no XML.
std::string_view root_name(std::string_view text) {
    std::size_t at = text.find_first_not_of(" \t\r\n");
    while (at != npos && text[at] == '<') {
        const std::string_view rest = text.substr(at);
        if (!rest.starts_with("<?") && !rest.starts_with("<!")) {
            const std::string_view name = rest.substr(1, rest.find_first_of(" \t\r\n/>") - 1);
            return name.substr(name.find(':') == npos ? 0 : name.find(':') + 1);
        }
        const std::string_view end = rest.starts_with("<!--") ? "-->" : ">";
        at = text.find(end, at);
        if (at != npos) at = text.find_first_not_of(" \t\r\n", at + end.size());
    }
    return {};
}

/// Whether the first words of a text, but for comments, are those of a GML file.
bool is_gml(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    std::size_t graph = text.find("graph");
    for (; graph != npos; graph = text.find("graph", graph + 1)) {
        const std::size_t after = text.find_first_not_of(blanks, graph + 5);
        const bool word = graph == 0 || blanks.find(text[graph - 1]) != npos;
        if (word && after != npos && text[after] == '[') break;
    }
    if (graph == npos) return false;
    std::string_view before = text.substr(0, graph);
    while (!before.empty()) {  // comments, and keys with values
        const std::size_t end = std::min(before.find('\n'), before.size());
        const std::string_view line = trim(before.substr(0, end));
        const bool key = !line.empty() && std::isalpha(static_cast<unsigned char>(line[0])) != 0;
        if (!line.empty() && line != "\r" && !line.starts_with('#') && !key) return false;
        before.remove_prefix(std::min(end + 1, before.size()));
    }
    return true;
}

/// The formats whose files begin as no others do.
std::optional<FileFormat> by_beginning(const TextFile& file) {
    constexpr std::string_view banner = "%%MatrixMarket";
    const std::string_view text = file.text();
    if (equal_ignoring_case(text.substr(0, banner.size()), banner)) {
        return FileFormat::matrix_market;
    }
    const std::string_view root = root_name(text);
    if (root == "graphml") return FileFormat::graphml;
    if (root == "gexf") return FileFormat::gexf;
    LineReader line(file);
    while (line.next()) {
        const auto& words = line.words();
        if (words.empty()) continue;
        const std::string_view word = words[0].text;
        const auto is = [&](std::string_view name) { return equal_ignoring_case(word, name); };
        if (is("*vertices") || is("*network")) return FileFormat::pajek;
        if (word == "c" || is_comment(word) || word.starts_with("/*")) continue;
        if (word == "p" && words.size() >= 4) return FileFormat::dimacs;
        break;
    }
    if (is_gml(text)) return FileFormat::gml;
    if (is_cluster(file)) return FileFormat::cluster;
    return std::nullopt;
}

/// Whether the lines after a first one `vertices edges` are as many as vertices and have as many
/// neighbours as two for each edge.
bool is_metis(const TextFile& file) {
    LineReader line(file);
    const auto next = [&] {
        while (line.next()) {
            if (!line.text().starts_with('%')) return true;
        }
        return false;
    };
    std::int64_t vertices = 0, edges = 0, rows = 0, entries = 0;
    if (!next()) return false;
    const auto header = line.words();
    if (header.size() != 2 || parse_number(header[0].text, vertices) != NumberFault::none ||
        parse_number(header[1].text, edges) != NumberFault::none) {
        return false;
    }
    while (next()) {
        rows += 1;
        for (const Field& field : line.words()) {
            std::int64_t other = 0;
            if (parse_number(field.text, other) != NumberFault::none) return false;
            if (other < 1 || other > vertices) return false;
            entries += 1;
        }
    }
    return rows == vertices && entries == 2 * edges;
}

/// Whether the first lines have two to five fields each, none of which is made of signs alone.
bool is_edge_list(const TextFile& file) {
    constexpr int enough = 20;
    EdgeLines lines(file, separator_of(file));
    int rows = 0;
    for (; rows < enough && lines.next(); ++rows) {
        const std::vector<Field>& fields = lines.fields();
        if (fields.size() < 2 || fields.size() > 5) return false;
        for (const Field& field : fields) {
            const bool signs = std::ranges::none_of(
                field.text, [](unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80; });
            if (signs && !field.text.empty()) return false;
        }
    }
    return rows > 0;
}

/// The format of a table: the extensions .txt and .csv say little.
FileFormat table_format(const TextFile& file, FileFormat format) {
    return is_matrix(file) ? FileFormat::matrix : format;
}

/// Whether the text is that of Graphviz, which is not read.
bool is_dot(std::string_view text) {
    const std::size_t brace = text.find('{');
    if (brace == npos) return false;
    const std::string_view before = text.substr(0, brace);
    return before.find("digraph") != npos || before.find("graph") != npos;
}

[[noreturn]] void refuse(const TextFile& file) {
    const std::string_view text = file.text();
    const char* what = is_dot(text)            ? "Graphviz (dot) files are not read"
                       : text.starts_with('{') ? "JSON files are not read"
                                               : "the file looks like no graph that is read";
    throw input_error(std::string(what) +
                          "; GraphML, GEXF, GML, Pajek, DIMACS, METIS, Matrix Market, LGL, tables "
                          "of edges and matrices are, known by their text or extension, or by "
                          "format = \"...\"",
                      {file.path()});
}

}  // namespace

bool is_known_by_name(const Spec& spec) {
    return spec.format != FileFormat::automatic || by_extension(spec.file).has_value();
}

bool may_be_plain(const Spec& spec) {
    const auto named =
        spec.format != FileFormat::automatic ? std::optional(spec.format) : by_extension(spec.file);
    using enum FileFormat;
    return !named || named == edge_list || named == csv || named == matrix_market;
}

FileFormat format_of(const Spec& spec, const TextFile& file) {
    if (spec.format != FileFormat::automatic) return spec.format;
    const auto extension = by_extension(spec.file);
    if (const auto format = by_beginning(file)) return *format;
    if (extension == FileFormat::edge_list || extension == FileFormat::csv) {
        return spec.columns ? *extension : table_format(file, *extension);
    }
    if (extension) return *extension;
    if (!is_dot(file.text()) && is_metis(file)) return FileFormat::metis;
    if (spec.columns || is_edge_list(file)) return table_format(file, FileFormat::edge_list);
    if (is_matrix(file)) return FileFormat::matrix;
    refuse(file);
}

}  // namespace motley::topology
