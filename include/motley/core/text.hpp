// Text files as input: they are read whole, walked line by line and split into fields with columns,
// and their numbers are checked. Graph files and tables of a job are read this way.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "motley/core/error.hpp"

namespace motley {

/// No place in a text: what the searches of the standard library return.
inline constexpr std::size_t npos = std::string_view::npos;

/// All bytes of a file or pipe. Input errors: missing, not readable, a folder.
std::string read_bytes(const std::string& path);

/// A whole text file in memory, as UTF-8 without a byte order mark. UTF-16 and UTF-32 are
/// converted, and where carriage returns alone end lines they become line feeds. The file is read
/// and not mapped, because a file that shrinks while it is mapped kills the process.
class TextFile {
  public:
    /// Input errors: missing, not readable, a folder, empty, compressed, binary, not UTF-8, or with
    /// a carriage return inside a line.
    explicit TextFile(const std::string& path);
    /// The same checks on text that is already in memory; `name` stands for the path in messages.
    TextFile(std::string text, const std::string& name);

    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;

    const std::string& path() const { return path_; }
    std::string_view text() const { return text_; }
    /// Line and column of the byte at `offset`.
    Where where(std::size_t offset) const;

  private:
    void check() const;

    std::string path_;
    std::string buffer_;
    std::string_view text_;
};

/// A part of a line. `column` counts bytes from 1 and points at the first byte of the text.
struct Field {
    std::string_view text;
    std::int64_t column = 0;
    bool quoted = false;
};

/// The possible faults of a number.
enum class NumberFault { none, empty, malformed, out_of_range, not_finite };

/// The whole of `text` as a number, without exceptions; a leading + is allowed. `value` is set only
/// when the result is `none`.
NumberFault parse_number(std::string_view text, double& value) noexcept;
NumberFault parse_number(std::string_view text, std::int64_t& value) noexcept;
/// A sentence on the fault: "weight 'x' is not a number".
std::string describe(NumberFault fault, std::string_view what, std::string_view text);

/// `text` in single quotes for a message: cut to 40 bytes, control characters as \x1b.
std::string quote(std::string_view text);
/// True when `c` is a blank inside a line.
inline bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}
std::string_view trim(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// `text` as one CSV field, in quotes where they are needed. A line break is an internal error,
/// because no reader here accepts one inside a field.
std::string csv_field(std::string_view text);

/// Walks over the lines of a file; LF and CR LF end a line. The texts of fields stay valid as long
/// as the file and the reader.
class LineReader {
  public:
    explicit LineReader(const TextFile& file) : file_(&file), rest_(file.text()) {}
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// Goes to the next line; false at the end of the file.
    bool next();
    /// Number of the line, from 1.
    std::int64_t line() const { return line_; }
    std::string_view text() const { return text_; }
    bool blank() const { return trim(text_).empty(); }

    /// Splits the line at blanks and tabs.
    const std::vector<Field>& words();
    /// Splits the line at commas, or another separator, and trims blanks. A field in double quotes
    /// keeps its commas and blanks, "" in it is one quote, and it must end on its line.
    const std::vector<Field>& csv_fields(char separator = ',');

    Where where(std::int64_t column = 0) const { return {file_->path(), line_, column}; }
    /// Column just after the line, where a missing field would have been.
    std::int64_t end_column() const { return static_cast<std::int64_t>(text_.size()) + 1; }
    Error error(const std::string& message, std::int64_t column = 0) const {
        return input_error(message, where(column));
    }
    /// A finite number; `what` names it in the message.
    double to_double(const Field& field, std::string_view what) const;
    std::int64_t to_integer(const Field& field, std::string_view what) const;

  private:
    std::size_t take_quoted(std::size_t begin, char separator);

    const TextFile* file_;
    std::string_view rest_;
    std::string_view text_;
    std::int64_t line_ = 0;
    std::vector<Field> fields_;
    std::deque<std::string> unescaped_;
};

/// A CSV table with a header row. Blank lines do not count.
class CsvReader {
  public:
    /// Reads the header. Input error when there is none or a column has no name.
    explicit CsvReader(const TextFile& file);

    const std::vector<Field>& header() const { return header_; }
    /// Index of a column by its name in any case; input error when the name stands there twice.
    std::optional<std::size_t> find(std::string_view name) const;
    /// The same, and an input error that lists the header when there is none.
    std::size_t require(std::string_view name) const;

    /// Goes to the next row, which must have as many fields as the header; false at the end.
    bool next();
    const std::vector<Field>& fields() const { return *fields_; }
    const Field& field(std::size_t column) const { return (*fields_)[column]; }
    const LineReader& line() const { return lines_; }

  private:
    LineReader lines_;
    std::vector<Field> header_;
    std::int64_t header_line_ = 0;
    const std::vector<Field>* fields_ = nullptr;
};

}  // namespace motley
