// METIS graph files: header `n m [fmt [ncon]]`, then one line of neighbours per vertex (from 1).
// The METIS 5.1 manual, section 4.1.1, describes the format. The lines of both ends list an edge;
// it is kept once.
#include <algorithm>
#include <array>

#include "topology/files/edge_table.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

struct MetisHeader {
    std::int64_t vertices = 0;
    std::int64_t edges = 0;
    bool edge_weights = false;
    std::int64_t skipped = 0;  ///< vertex size and weights before the neighbours of each line
};

/// A neighbour in the line of a vertex, and its position in the line, which messages give.
struct Entry {
    std::uint32_t low = 0, high = 0;
    double weight = 1.0;
    std::int64_t line = 0;
    std::int64_t column = 0;
};

bool next_line(LineReader& line) {
    while (line.next()) {
        if (!line.text().starts_with('%')) return true;
    }
    return false;
}

/// Reads the digits of fmt, which say whether there are vertex sizes, vertex weights, edge weights.
std::array<bool, 3> read_format(const LineReader& line, const Field& field) {
    std::string digits(field.text);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    const bool legal = digits.size() == 3 && digits.find_first_not_of("01") == std::string::npos;
    if (!legal) {
        throw line.error("fmt " + quote(field.text) + " must be three digits 0 or 1", field.column);
    }
    return {digits[0] == '1', digits[1] == '1', digits[2] == '1'};
}

MetisHeader read_header(LineReader& line, const TextFile& file) {
    do {
        if (!next_line(line)) throw input_error("the file has only comments", {file.path()});
    } while (line.blank());
    const auto& words = line.words();
    if (words.size() < 2 || words.size() > 4) {
        throw line.error("the header must be `vertices edges [fmt [ncon]]`", words.front().column);
    }
    MetisHeader header;
    header.vertices = line.to_integer(words[0], "number of vertices");
    header.edges = line.to_integer(words[1], "number of edges");
    if (header.vertices < 1 || header.vertices > most_agents) {
        throw line.error("number of vertices must lie between 1 and " + std::to_string(most_agents),
                         words[0].column);
    }
    if (header.edges < 0) throw line.error("number of edges is negative", words[1].column);
    if (header.vertices > std::ssize(file.text())) {
        throw line.error("the header promises more vertices than the file has bytes; truncated?",
                         words[0].column);
    }
    std::array<bool, 3> format{};
    if (words.size() > 2) format = read_format(line, words[2]);
    std::int64_t weights = format[1] ? 1 : 0;
    if (words.size() > 3) {
        weights = line.to_integer(words[3], "ncon");
        if (weights < (format[1] ? 1 : 0) || weights > 1000) {
            throw line.error("ncon " + quote(words[3].text) + " does not fit fmt", words[3].column);
        }
        if (!format[1]) weights = 0;
    }
    header.skipped = (format[0] ? 1 : 0) + weights;
    header.edge_weights = format[2];
    return header;
}

/// Whether a later line has a neighbour 0.
bool has_zero(LineReader& line, const MetisHeader& header) {
    const std::size_t step = header.edge_weights ? 2 : 1;
    while (next_line(line)) {
        const auto& words = line.words();
        for (auto i = static_cast<std::size_t>(header.skipped); i < words.size(); i += step) {
            if (words[i].text == "0") return true;
        }
    }
    return false;
}

void read_row(LineReader& line, const MetisHeader& header, std::int64_t vertex,
              WeightReader& weights, std::vector<Entry>& entries) {
    const auto& words = line.words();
    const auto skipped = static_cast<std::size_t>(header.skipped);
    if (words.size() < skipped) {
        throw line.error("too few fields: the vertex has " + std::to_string(words.size()) + " of " +
                             std::to_string(skipped) + " sizes and weights",
                         line.end_column());
    }
    for (std::size_t i = 0; i < skipped; ++i) line.to_double(words[i], "vertex weight");
    for (std::size_t i = skipped; i < words.size(); ++i) {
        const std::int64_t other = line.to_integer(words[i], "neighbour") - 1;
        const std::int64_t column = words[i].column;
        if (other == -1) {
            throw line.error("neighbour '0' is out of range 1 to " +
                                 std::to_string(header.vertices) +
                                 ": METIS files number vertices from 1; add 1 to all of them",
                             column);
        }
        if (other < 0 || other >= header.vertices) {
            throw line.error("neighbour " + quote(words[i].text) + " is out of range 1 to " +
                                 std::to_string(header.vertices),
                             column);
        }
        if (other == vertex) {
            const Where place = line.where(column);
            const std::string zero =
                has_zero(line, header)
                    ? ", and a neighbour 0 further down says that this file counts from 0: add 1 "
                      "to all vertices"
                    : "";
            throw input_error("vertex " + std::to_string(vertex + 1) +
                                  " is its own neighbour; METIS graphs have no loops" + zero,
                              place);
        }
        double weight = 1.0;
        if (header.edge_weights) {
            if (++i == words.size()) {
                throw line.error("too few fields: the last neighbour has no weight",
                                 line.end_column());
            }
            weight = weights.read(line, words[i]);
        }
        entries.push_back({static_cast<std::uint32_t>(std::min(vertex, other)),
                           static_cast<std::uint32_t>(std::max(vertex, other)), weight, line.line(),
                           column});
    }
}

/// Refuses a neighbour that a vertex lists twice.
void check_twice(const std::vector<Entry>& sorted, const Spec& spec) {
    const auto twin = std::ranges::adjacent_find(sorted, [](const Entry& a, const Entry& b) {
        return a.low == b.low && a.high == b.high && a.line == b.line;
    });
    if (twin == sorted.end()) return;
    const Entry& second = *(twin + 1);
    throw input_error("the vertex lists a neighbour twice, that of the edge between " +
                          std::to_string(second.low + 1) + " and " +
                          std::to_string(second.high + 1) + "; METIS graphs have no parallel edges",
                      {spec.file, second.line, std::max(twin->column, second.column)});
}

/// Checks that the entries of the two directions pair up, and keeps one edge of each pair.
void pair_up(std::vector<Entry>& up, std::vector<Entry>& down, const Spec& spec, EdgeTable& table) {
    const auto key = [](const Entry& e) { return std::tuple(e.low, e.high, e.weight); };
    std::ranges::sort(up, {}, key);
    std::ranges::sort(down, {}, key);
    check_twice(up, spec);
    check_twice(down, spec);
    for (std::size_t i = 0; i < std::max(up.size(), down.size()); ++i) {
        const bool no_up = i >= up.size() || (i < down.size() && key(down[i]) < key(up[i]));
        const bool no_down = i >= down.size() || (i < up.size() && key(up[i]) < key(down[i]));
        if (!no_up && !no_down) {
            table.edges.push_back({up[i].low, up[i].high, up[i].weight, spec.survival});
            continue;
        }
        const Entry& alone = no_down ? up[i] : down[i];
        throw input_error("the edge between vertices " + std::to_string(alone.low + 1) + " and " +
                              std::to_string(alone.high + 1) +
                              " is missing in the other vertex's line, or has another weight there",
                          {spec.file, alone.line, alone.column});
    }
}

}  // namespace

EdgeTable read_metis(const Spec& spec, const TextFile& file) {
    LineReader line(file);
    const MetisHeader header = read_header(line, file);
    const Where header_place = line.where(1);
    std::vector<Entry> up, down, row;
    WeightReader weights(spec);
    std::int64_t lines = 0;
    for (; lines < header.vertices && next_line(line); ++lines) {
        const std::int64_t vertex = lines;
        row.clear();
        read_row(line, header, vertex, weights, row);
        for (const Entry& entry : row) {
            (entry.low == vertex ? up : down).push_back(entry);
        }
    }
    while (next_line(line)) {
        if (!line.blank()) {
            throw line.error("more lines than the " + std::to_string(header.vertices) +
                                 " vertices that the header promises",
                             1);
        }
    }
    EdgeTable table;
    table.agents = header.vertices;
    table.undirected = true;
    pair_up(up, down, spec, table);
    weights.remark(table);
    const bool complete = std::ssize(table.edges) == header.edges;
    if (lines < header.vertices && !complete) {
        throw input_error("the header promises " + std::to_string(header.vertices) +
                              " vertices, the file has lines for " + std::to_string(lines),
                          header_place);
    }
    if (lines < header.vertices) {
        table.remarks.push_back("the last " + std::to_string(header.vertices - lines) +
                                " vertices have no line, and no edges");
    }
    if (!complete) {
        const bool arcs = header.edges == 2 * std::ssize(table.edges);
        throw input_error("the header promises " + std::to_string(header.edges) +
                              " edges, the file has " + std::to_string(table.edges.size()) +
                              (arcs ? ": it counts each edge at both of its ends; write half" : ""),
                          header_place);
    }
    return table;
}

}  // namespace motley::topology
