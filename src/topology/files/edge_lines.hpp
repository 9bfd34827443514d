// The lines of a table of edges, cut into fields.
#pragma once

#include <vector>

#include "motley/core/text.hpp"

namespace motley::topology {

/// Lines that begin with # or % are comments.
bool is_comment(std::string_view line);

/// The separator that a line `sep=;` names, which spreadsheets write and read; 0: it is none.
char separator_in(std::string_view line);

/// Walks over the lines of a table that are neither blank nor comments.
class EdgeLines {
  public:
    /// `separator` is the character between fields; a blank stands for any run of blanks and tabs.
    EdgeLines(const TextFile& file, char separator) : line_(file), separator_(separator) {}

    /// After this, lines of so many fields are no comments, whatever they begin with.
    void expect_fields(std::size_t fields) { expected_ = fields; }
    bool next();
    /// The fields of the line. Between blanks, a word that begins with # ends the edge before it,
    /// and of a Python dictionary that follows two vertices, as networkx writes them, the weight
    /// is a field.
    const std::vector<Field>& fields();
    const LineReader& line() const { return line_; }

  private:
    void cut_at_blanks();
    bool is_row();

    LineReader line_;
    char separator_;
    std::size_t expected_ = 0;
    std::vector<Field> own_;
};

}  // namespace motley::topology
