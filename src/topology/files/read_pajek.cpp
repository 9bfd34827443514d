// Reads Pajek networks: W. de Nooy, A. Mrvar, V. Batagelj, "Exploratory Social Network Analysis
// with Pajek"; sections *Vertices, *Arcs, *Edges, *Arcslist, *Edgeslist and *Matrix. Other sections
// are skipped.
#include <fmt/format.h>

#include <unordered_set>

#include "topology/files/edge_table.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// The words of a line; those in quotes keep their blanks.
std::vector<Field> quoted_words(const LineReader& line) {
    const std::string_view text = line.text();
    std::vector<Field> words;
    std::size_t at = 0;
    while (at < text.size()) {
        if (is_blank(text[at])) {
            at += 1;
            continue;
        }
        const auto column = static_cast<std::int64_t>(at) + 1;
        if (text[at] == '"') {
            const std::size_t end = text.find('"', at + 1);
            if (end == npos) {
                throw line.error("the quote that opens here does not close on its line", column);
            }
            words.push_back({text.substr(at + 1, end - at - 1), column, true});
            at = end + 1;
            continue;
        }
        const std::size_t begin = at;
        while (at < text.size() && !is_blank(text[at])) at += 1;
        words.push_back({text.substr(begin, at - begin), column});
    }
    return words;
}

class PajekReader {
  public:
    PajekReader(const Spec& spec, const TextFile& file)
        : spec_(spec), file_(file), line_(file), weights_(spec) {}

    EdgeTable read() {
        while (line_.next()) {
            const std::string_view text = trim(line_.text());
            if (text.empty() || text.starts_with('%') || text.starts_with("/*")) continue;
            if (text.starts_with('*')) {
                begin_section();
            } else {
                read_line();
            }
        }
        end_section();
        if (vertices_ < 0) {
            throw input_error("the file has no section *Vertices", {file_.path()});
        }
        return finish();
    }

  private:
    enum class Section { none, vertices, arcs, edges, arcs_list, edges_list, matrix, other };

    void begin_section() {
        end_section();
        const std::vector<Field> words = quoted_words(line_);
        std::string_view name = words[0].text.substr(1);
        name = name.substr(0, name.find(':'));
        const auto is = [&](std::string_view word) { return equal_ignoring_case(name, word); };
        section_ = is("vertices")                      ? Section::vertices
                   : is("arcs")                        ? Section::arcs
                   : is("edges")                       ? Section::edges
                   : is("arcslist")                    ? Section::arcs_list
                   : is("edgeslist") || is("edgelist") ? Section::edges_list
                   : is("matrix")                      ? Section::matrix
                                                       : Section::other;
        if (section_ == Section::vertices) {
            if (!in_partition_) return begin_vertices(words);
            section_ = Section::other;  // its vertices are those of the network
        }
        if (is("network") && vertices_ >= 0) refuse_second(words[0]);
        in_partition_ = section_ == Section::other && !is("network");
        if (section_ == Section::other) return;
        if (vertices_ < 0) {
            throw line_.error("*Vertices must come before " + quote(words[0].text),
                              words[0].column);
        }
        const bool relation =
            words[0].text.find(':') != npos || (words.size() > 1 && words[1].text.starts_with(':'));
        if (relation) relations_ += 1;
    }

    [[noreturn]] void refuse_second(const Field& word) const {
        throw line_.error("a second " + quote(word.text) +
                              ": the file has several networks; put each into its own file",
                          word.column);
    }

    void begin_vertices(const std::vector<Field>& words) {
        if (vertices_ >= 0) refuse_second(words[0]);
        if (words.size() < 2) {
            throw line_.error("the number of vertices is missing", line_.end_column());
        }
        vertices_ = line_.to_integer(words[1], "number of vertices");
        if (vertices_ < 1 || vertices_ > most_agents) {
            throw line_.error(
                fmt::format("number of vertices must lie between 1 and {}", most_agents),
                words[1].column);
        }
        if (words.size() > 2) rows_ = line_.to_integer(words[2], "number of rows");
        if (rows_ < 0 || rows_ > vertices_) {
            throw line_.error("the vertices of the first kind must be a part of all",
                              words[2].column);
        }
        // Most files have a line for each vertex; a number beyond all edges is that of a broken
        // one.
        if (vertices_ > 1'000'000 + 1000 * std::ssize(file_.text())) {
            throw line_.error("the file promises more vertices than it can have; truncated?",
                              words[1].column);
        }
    }

    void end_section() {
        if (section_ != Section::matrix) return;
        const std::int64_t rows = rows_ > 0 ? rows_ : vertices_;
        if (row_ != rows) {
            throw line_.error(fmt::format("*Matrix has {} rows, {} are expected", row_, rows), 1);
        }
        row_ = 0;
        section_ = Section::none;
    }

    std::uint32_t vertex(const Field& field) const {
        const std::int64_t number = line_.to_integer(field, "vertex");
        if (number >= 1 && number <= vertices_) return static_cast<std::uint32_t>(number - 1);
        throw line_.error(
            fmt::format("vertex {} is out of range 1 to {}", quote(field.text), vertices_),
            field.column);
    }

    void read_line() {
        const std::vector<Field> words = quoted_words(line_);
        switch (section_) {
            case Section::vertices:
                return read_vertex(words);
            case Section::arcs:
            case Section::edges:
                return read_edge(words);
            case Section::arcs_list:
            case Section::edges_list:
                return read_list(words);
            case Section::matrix:
                return read_row(words);
            case Section::other:
                return;
            case Section::none:
                break;
        }
        throw line_.error("a section such as *Vertices 3 must come first", words[0].column);
    }

    void read_vertex(const std::vector<Field>& words) {
        const std::uint32_t v = vertex(words[0]);
        if (words.size() < 2) return;
        if (labels_.empty()) labels_.resize(static_cast<std::size_t>(vertices_));
        labels_[v] = words[1].text;
    }

    void add(std::uint32_t source, std::uint32_t target, double weight, bool edge) {
        if (edge && spec_.directed) both_ways_.push_back(table_.edges.size());
        (edge ? edges_ : arcs_) += 1;
        table_.edges.push_back({source, target, weight, spec_.survival});
    }

    void read_edge(const std::vector<Field>& words) {
        if (words.size() < 2) {
            throw line_.error("too few fields: a line needs two vertices", line_.end_column());
        }
        const std::uint32_t source = vertex(words[0]), target = vertex(words[1]);
        // What follows the weight are the looks of the line; some files have looks only.
        const bool weighted = words.size() > 2 && !words[2].quoted && is_number(words[2].text);
        add(source, target, weighted ? weights_.read(line_, words[2]) : 1.0,
            section_ == Section::edges);
    }

    static bool is_number(std::string_view text) {
        double value = 0.0;
        return parse_number(text, value) != NumberFault::malformed;
    }

    void read_list(const std::vector<Field>& words) {
        const std::uint32_t source = vertex(words[0]);
        for (std::size_t i = 1; i < words.size(); ++i) {
            add(source, vertex(words[i]), 1.0, section_ == Section::edges_list);
        }
    }

    /// A row of the matrix; a value of 0 is no arc. With two kinds of vertices the columns are
    /// those of the second kind.
    void read_row(const std::vector<Field>& words) {
        const std::int64_t rows = rows_ > 0 ? rows_ : vertices_;
        const std::int64_t first = rows_ > 0 ? rows_ : 0;
        const std::int64_t columns = vertices_ - first;
        if (row_ == rows) {
            throw line_.error(fmt::format("*Matrix has more than {} rows", rows), 1);
        }
        if (std::ssize(words) != columns) {
            throw line_.error(fmt::format("row {} has {} values, {} are expected", row_ + 1,
                                          words.size(), columns),
                              std::ssize(words) > columns
                                  ? words[static_cast<std::size_t>(columns)].column
                                  : line_.end_column());
        }
        for (std::int64_t c = 0; c < columns; ++c) {
            const Field& field = words[static_cast<std::size_t>(c)];
            double value = 0.0;
            if (parse_number(field.text, value) == NumberFault::none && value == 0.0) continue;
            add(static_cast<std::uint32_t>(row_), static_cast<std::uint32_t>(first + c),
                weights_.read(line_, field), false);
        }
        row_ += 1;
    }

    EdgeTable finish() {
        table_.agents = vertices_;
        table_.undirected = !spec_.directed;
        add_opposites(table_, both_ways_);
        if (edges_ == 0) merge_opposites(table_);
        weights_.remark(table_);
        if (!spec_.directed && arcs_ > 0 && edges_ > 0) {
            table_.remarks.push_back(
                fmt::format("the file has {} arcs and {} edges; directed = true keeps the "
                            "directions of the arcs",
                            arcs_, edges_));
        }
        if (relations_ > 1) {
            table_.remarks.push_back(fmt::format(
                "the lines of {} relations are read as one: parallel ones add up", relations_));
        }
        const bool complete = take_labels();
        if (!complete && !labels_.empty()) {
            table_.remarks.emplace_back(
                "labels are not used as names, because some are missing or stand there twice");
        }
        if (!complete) {
            for (std::int64_t v = 1; v <= vertices_; ++v) table_.names.push_back(std::to_string(v));
        }
        return std::move(table_);
    }

    /// False where not all vertices have labels of their own.
    bool take_labels() {
        if (labels_.empty()) return false;
        std::unordered_set<std::string_view> seen;
        for (const std::string& label : labels_) {
            if (trim(label).empty() || !seen.insert(label).second) return false;
        }
        table_.names = labels_;
        return true;
    }

    const Spec& spec_;
    const TextFile& file_;
    LineReader line_;
    WeightReader weights_;
    Section section_ = Section::none;
    bool in_partition_ = false;  ///< or in a vector, or a permutation
    std::int64_t vertices_ = -1, rows_ = 0;
    std::int64_t row_ = 0;  ///< of the matrix
    std::int64_t arcs_ = 0, edges_ = 0, relations_ = 0;
    std::vector<std::string> labels_;  ///< empty: none
    std::vector<std::size_t> both_ways_;
    EdgeTable table_;
};

}  // namespace

EdgeTable read_pajek(const Spec& spec, const TextFile& file) {
    return PajekReader(spec, file).read();
}

}  // namespace motley::topology
