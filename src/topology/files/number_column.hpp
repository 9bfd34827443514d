// A column of numbers whose meaning is decided when all of it was seen.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "motley/core/text.hpp"

namespace motley::topology {

/// `parse_number`; with `comma`, 0,5 is a number too.
NumberFault parse_decimal(std::string_view text, bool comma, double& value);

/// What is known of the numbers of a column. It is plain data, so that parts of a file can be told
/// of to others.
struct NumberSummary {
    bool whole = true, round = true;  ///< all are whole numbers; all are multiples of 1000
    double least = std::numeric_limits<double>::infinity(), most = -least;
    std::int64_t seen = 0;
    std::int64_t no_weights = 0;       ///< how many are no numbers > 0
    std::int64_t first_no_weight = 0;  ///< the line of the first of them

    /// `value` is nan where there is no number.
    void add(double value, std::int64_t line);
    /// Adds the numbers of a part that begins after so many lines.
    void append(const NumberSummary& part, std::int64_t lines_before);
    bool given() const { return seen > 0; }
    /// Whole numbers of the size of seconds from 1980 to 2100 since 1970, not all of them round.
    bool is_time() const;
};

class NumberColumn {
  public:
    /// `what` names the column in messages; `comma` as above.
    NumberColumn(const char* what, bool comma) : what_(what), comma_(comma) {}

    /// The number in the field; nan where there is none that is finite.
    double see(const LineReader& line, const Field& field);

    const NumberSummary& summary() const { return summary_; }
    /// Throws the first fault where the column is to be positive, or a share in (0, 1].
    void require_positive() const;
    void require_share() const;
    /// Whether the first number, alone of all, is a word: that of a header.
    bool has_word_above() const { return summary_.seen > 1 && words_ == 1 && word_first_; }

  private:
    const char* what_;
    bool comma_;
    NumberSummary summary_;
    bool word_first_ = false;
    std::int64_t words_ = 0;
    std::optional<Error> no_weight_, no_share_;
};

}  // namespace motley::topology
