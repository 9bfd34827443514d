// Reads LGL (Large Graph Layout): a line `# vertex`, then a line `neighbour [weight]` for each of
// its edges.
#include <optional>

#include "topology/files/edge_table.hpp"

namespace motley::topology {

EdgeTable read_lgl(const Spec& spec, const TextFile& file) {
    LineReader line(file);
    WeightReader weights(spec);
    VertexNames vertices;
    EdgeTable table;
    table.undirected = !spec.directed;
    std::optional<std::uint32_t> source;
    while (line.next()) {
        const auto& words = line.words();
        if (words.empty()) continue;
        if (words[0].text.starts_with('#')) {
            Field name = words[0];
            name.text.remove_prefix(1);
            name.column += 1;
            if (name.text.empty() && words.size() > 1) name = words[1];
            source = vertices.add(name, line);
            continue;
        }
        if (!source) {
            throw line.error("a line `# vertex` must come before its neighbours", words[0].column);
        }
        if (words.size() > 2) {
            throw line.error("too many fields: a line is `neighbour [weight]`", words[2].column);
        }
        const std::uint32_t target = vertices.add(words[0], line);
        const double weight = words.size() > 1 ? weights.read(line, words[1]) : 1.0;
        table.edges.push_back({*source, target, weight, spec.survival});
    }
    if (vertices.size() == 0) throw input_error("the file has only blank lines", {spec.file});
    weights.remark(table);
    vertices.finish(table);
    merge_opposites(table);
    return table;
}

}  // namespace motley::topology
