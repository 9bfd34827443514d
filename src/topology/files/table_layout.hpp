// How a table of edges is laid out: what separates its fields, and what its columns are.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "motley/core/text.hpp"
#include "topology/files/edge_table.hpp"
#include "topology/files/number_column.hpp"

namespace motley::topology {

constexpr std::size_t no_column = std::numeric_limits<std::size_t>::max();

/// The columns with a meaning. `numbers` are weight, survival and capacity; `type` says of each
/// edge whether it is directed, as Gephi writes it.
struct Columns {
    std::size_t source = 0, target = 1;
    std::array<std::size_t, 3> numbers = {2, 3, 4};
    std::size_t type = no_column;
};

/// The row that names the columns.
struct Heading {
    Where place;
    std::string source, target;  ///< what it calls the ends of edges
    bool certain = false;        ///< "source" and "target" are no vertices
    bool comment = false;        ///< it is the last comment, not a row
    std::size_t fields = 0;      ///< of it and of each row
};

struct TableLayout {
    char separator = ' ';    ///< a blank: runs of blanks and tabs
    bool bipartite = false;  ///< the file says that its columns are two kinds of vertices
    std::optional<Heading> heading;
    Columns columns;
    std::string
        remark;  ///< what the columns were taken for, where their names are not the usual ones
};

/// Judges the layout by the first lines, and by `spec.columns`. Input errors: a heading that names
/// one end of edges only, or two columns alike.
TableLayout layout_of(const Spec& spec, const TextFile& file);
/// Which of the third and the fourth column are times, where nothing says what the columns are
/// (`free`).
struct Times {
    bool third = false, fourth = false;
};
Times times_in(bool free, const NumberSummary& weight, const NumberSummary& survival);
/// Gives the columns of numbers, which are weight, survival and capacity, their meaning, and says
/// so in remarks. What is no survival or capacity was refused before.
void use_numbers(const Spec& spec, bool free, const std::array<NumberSummary, 3>& numbers,
                 EdgeTable& table);

/// The remarks on first lines that are not what they seem.
constexpr const char* first_row_counts =
    "the first line is taken for the numbers of vertices and edges, because they fit the others; "
    "write columns = [\"source\", \"target\"] if it is an edge";
constexpr const char* first_row_is_edge = "there is no header: the first line is taken for an edge";

/// The separator alone.
char separator_of(const TextFile& file);

}  // namespace motley::topology
