// Edge lists as SNAP publishes them: `u v [weight [survival [capacity]]]` per line, comments
// with # or %.
#include "topology/files/edge_table.hpp"

namespace motley::topology {
namespace {

bool is_comment(std::string_view line) {
    line = trim(line);
    return line.empty() || line.starts_with('#') || line.starts_with('%');
}

FileEdge read_edge(LineReader& line, VertexNames& vertices, double survival) {
    const auto& words = line.words();
    if (words.size() < 2) {
        const bool commas = words.front().text.find(',') != std::string_view::npos;
        throw line.error(std::string("too few fields: an edge needs source and target") +
                             (commas ? "; read a file with commas with format = \"csv\"" : ""),
                         line.end_column());
    }
    if (words.size() > 5) {
        throw line.error("too many fields: at most source, target, weight, survival and capacity",
                         words[5].column);
    }
    FileEdge edge;
    edge.source = vertices.add(words[0], line);
    edge.target = vertices.add(words[1], line);
    if (words.size() > 2) edge.weight = read_weight(line, words[2]);
    edge.survival = words.size() > 3 ? read_survival(line, words[3]) : survival;
    return edge;
}

/// Keeps the capacity of an edge; either all edges have one or none has.
void keep_capacity(LineReader& line, EdgeTable& table) {
    const auto& words = line.words();
    const bool given = words.size() > 4;
    const bool first = table.edges.size() == 1;
    if (!first && given == table.capacities.empty()) {
        throw line.error(given ? "this edge has a capacity, those before it have none"
                               : "this edge has no capacity, those before it have one",
                         given ? words[4].column : line.end_column());
    }
    if (given) table.capacities.push_back(read_capacity(line, words[4]));
}

/// Refuses a header row that was taken for an edge: words in the first row, integers in all others.
class HeaderGuard {
  public:
    void see(const FileEdge& edge, const VertexNames& vertices, const LineReader& line) {
        const bool source = vertices.is_integer(edge.source);
        const bool target = vertices.is_integer(edge.target);
        if (rows_ == 0 && !source && !target) header_ = line.where(1);
        if (rows_ > 0 && (!source || !target)) header_.line = 0;
        rows_ += 1;
    }
    void check() const {
        if (rows_ < 2 || header_.line == 0) return;
        throw input_error("a header row? All other rows are integers; begin this line with #",
                          header_);
    }

  private:
    std::int64_t rows_ = 0;
    Where header_;
};

}  // namespace

EdgeTable read_edge_list(const Spec& spec) {
    const TextFile file(spec.file);
    LineReader line(file);
    VertexNames vertices;
    HeaderGuard guard;
    EdgeTable table;
    table.undirected = !spec.directed;
    while (line.next()) {
        if (is_comment(line.text())) continue;
        table.edges.push_back(read_edge(line, vertices, spec.survival));
        keep_capacity(line, table);
        guard.see(table.edges.back(), vertices, line);
    }
    guard.check();
    if (table.edges.empty()) {
        throw input_error("the file has no edges, only comments or blank lines", {spec.file});
    }
    vertices.finish(table);
    return table;
}

}  // namespace motley::topology
