// Reads the graph files of the DIMACS challenges and of PACE: `c` comments, a line `p FORMAT
// vertices edges`, then edges as `e u v [w]`, arcs as `a u v w`, or, in PACE files, `u v` alone.
// The third number of an arc is a capacity in files of flows (p max), elsewhere a weight. Vertices
// are numbered from 1.
#include <fmt/format.h>

#include <array>

#include "topology/files/edge_table.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

class DimacsReader {
  public:
    DimacsReader(const Spec& spec, const TextFile& file)
        : spec_(spec), file_(file), line_(file), weights_(spec) {}

    EdgeTable read() {
        while (line_.next()) {
            const auto& words = line_.words();
            if (words.empty() || words[0].text == "c" || words[0].text.starts_with('%')) continue;
            read_line(words);
        }
        if (vertices_ < 0) {
            throw input_error("the line `p FORMAT vertices edges` is missing", {file_.path()});
        }
        const std::int64_t read = std::ssize(table_.edges);
        if (read != promised_ && counts_) {
            throw input_error(
                fmt::format("the line p promises {} arcs, the file has {}", promised_, read),
                problem_);
        }
        if (read != promised_) {
            table_.remarks.push_back(fmt::format(
                "the line p promises {} edges, the file has {}{}", promised_, read,
                promised_ == 2 * read ? ": it counts each edge at both of its ends" : ""));
        }
        table_.agents = vertices_;
        table_.undirected = !spec_.directed;
        weights_.remark(table_);
        for (std::int64_t v = 1; v <= vertices_; ++v) table_.names.push_back(std::to_string(v));
        merge_opposites(table_);
        return std::move(table_);
    }

  private:
    void read_line(const std::vector<Field>& words) {
        const std::string_view letter = words[0].text;
        if (letter == "p") return read_problem(words);
        if (vertices_ < 0) {
            throw line_.error("the line `p FORMAT vertices edges` must come before all others",
                              words[0].column);
        }
        if (letter == "e" || letter == "a") return read_edge(words, 1);
        constexpr std::array others = {"n", "d", "v", "x", "s", "t"};  // nodes, sizes, places
        for (const char* other : others) {
            if (letter == other) return;
        }
        std::int64_t number = 0;
        if (parse_number(letter, number) == NumberFault::none) return read_edge(words, 0);
        throw line_.error("lines begin with c, p, n, e or a, not with " + quote(letter),
                          words[0].column);
    }

    void read_problem(const std::vector<Field>& words) {
        if (vertices_ >= 0) throw line_.error("a second line p", words[0].column);
        if (words.size() < 4) {
            throw line_.error("too few fields: `p FORMAT vertices edges`", line_.end_column());
        }
        flow_ = words[1].text == "max";
        counts_ = flow_ || words[1].text == "sp";
        problem_ = line_.where(1);
        if (words[1].text == "min" || words[1].text == "asn" || words[1].text == "cnf") {
            throw line_.error("problems of the kind " + quote(words[1].text) +
                                  " are no graphs with weights; graphs are edge, col, sp, max, tw",
                              words[1].column);
        }
        vertices_ = line_.to_integer(words[2], "number of vertices");
        promised_ = line_.to_integer(words[3], "number of edges");
        if (vertices_ < 1 || vertices_ > most_agents) {
            throw line_.error(
                fmt::format("number of vertices must lie between 1 and {}", most_agents),
                words[2].column);
        }
        if (promised_ < 0) throw line_.error("number of edges is negative", words[3].column);
        if (vertices_ > 1'000'000 + 1000 * std::ssize(file_.text())) {
            throw line_.error("the file promises more vertices than it can have; truncated?",
                              words[2].column);
        }
    }

    std::uint32_t vertex(const Field& field) const {
        const std::int64_t number = line_.to_integer(field, "vertex");
        if (number >= 1 && number <= vertices_) return static_cast<std::uint32_t>(number - 1);
        throw line_.error(
            fmt::format("vertex {} is out of range 1 to {}", quote(field.text), vertices_),
            field.column);
    }

    /// An edge whose ends begin with field `first`.
    void read_edge(const std::vector<Field>& words, std::size_t first) {
        if (words.size() < first + 2) {
            throw line_.error("too few fields: an edge needs two vertices", line_.end_column());
        }
        const std::uint32_t source = vertex(words[first]), target = vertex(words[first + 1]);
        const bool number = words.size() > first + 2;
        double weight = 1.0;
        if (flow_) {
            if (!number) throw line_.error("the capacity is missing", line_.end_column());
            table_.capacities.push_back(read_capacity(line_, words[first + 2]));
        } else if (number) {
            weight = weights_.read(line_, words[first + 2]);
        }
        table_.edges.push_back({source, target, weight, spec_.survival});
    }

    const Spec& spec_;
    const TextFile& file_;
    LineReader line_;
    WeightReader weights_;
    bool flow_ = false;
    bool counts_ = false;  ///< the number of edges is right; in files of colourings it often is not
    Where problem_;
    std::int64_t vertices_ = -1, promised_ = 0;
    EdgeTable table_;
};

}  // namespace

EdgeTable read_dimacs(const Spec& spec, const TextFile& file) {
    return DimacsReader(spec, file).read();
}

}  // namespace motley::topology
