// The rows of tables whose ids are all whole numbers or all words, read without looking back. This
// is what large files hold. It is a short cut: what is unusual is left to the readers of the
// formats, which say what is wrong with it.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topology/files/plain_names.hpp"
#include "topology/files/table_layout.hpp"

namespace motley::topology {

/// What the beginning of a file says of its rows.
struct PlainForm {
    /// What only a Matrix Market file has.
    struct Matrix {
        std::int64_t rows = 0, entries = 0;
        bool symmetric = false;
    };

    char separator = ' ';
    std::size_t fields = 0;  ///< of each row
    Columns columns;
    bool free = false;                  ///< nothing says what the columns are
    bool has_names = false;             ///< the first row names the columns
    bool words = false;                 ///< ids are names that begin with a letter
    std::vector<std::string> doubtful;  ///< names of columns that may be those of vertices
    bool known_name = true;             ///< the name of the file says its format, or the job does
    std::string remark;
    std::optional<Matrix> matrix;
    std::size_t body = 0;          ///< offset of the first row
    std::int64_t lines_above = 0;  ///< before `body`
};

/// Nothing where the rows are not plain. `head` is the file, or its first lines.
std::optional<PlainForm> plain_form(const Spec& spec, const TextFile& head, FileFormat format);

/// What a slice of the rows is. It is plain data, so that it can be told to others.
struct PlainSummary {
    bool plain = true;
    std::int64_t lines = 0, edges = 0;
    std::int64_t zeros = 0;  ///< entries of a matrix that are no arcs
    /// Ids, but for those of the first row of the file.
    std::uint32_t least = std::numeric_limits<std::uint32_t>::max(), most = 0;
    std::uint32_t first_source = 0, first_target = 0;  ///< in the first slice
    double first_weight = 0.0;
    std::array<NumberSummary, 3> numbers;  ///< weight, survival, capacity

    void append(const PlainSummary& next);
};

/// Reads a slice of rows. Ends of edges are ids as they are written, or places in `names`.
class PlainRows {
  public:
    PlainRows(const PlainForm& form, bool first_slice);

    /// Says how many bytes will come, so that there is room for their edges.
    void expect_bytes(std::int64_t bytes) { expected_ = bytes; }
    /// Says that the slice cannot be read.
    void refuse() { summary_.plain = false; }
    /// Takes whole lines. False where one of them is not plain; nothing is of use then.
    bool take(std::string_view lines);
    const PlainSummary& summary() const { return summary_; }
    EdgeTable& table() { return table_; }
    const NameSet& names() const { return names_; }

  private:
    struct Row {
        std::uint32_t source = 0, target = 0;
        std::array<std::string_view, 2> names;  ///< of both, where ids are words
        std::array<double, 3> numbers;
    };

    void make_room(std::string_view sample);
    bool take_line(std::string_view line);
    std::size_t take_pair(std::string_view lines);
    bool cut_at_blanks(std::string_view line, Row& row);
    bool cut_at_separators(std::string_view line, Row& row);
    void number_words();
    bool take_field(std::size_t column, std::string_view text, Row& row);
    bool add(const Row& row);
    bool add_entry(const Row& row);

    const PlainForm& form_;
    bool awaits_names_, awaits_first_;
    bool pairs_ = false;             ///< rows are two whole numbers
    std::array<int, 16> meaning_{};  ///< of each column
    std::int64_t expected_ = 0;
    PlainSummary summary_;
    EdgeTable table_;
    NameSet names_;
    std::vector<std::string_view> words_;  ///< of the last edges, which await their numbers
    std::vector<std::uint32_t> places_;
};

}  // namespace motley::topology
