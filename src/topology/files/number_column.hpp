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

class NumberColumn {
  public:
    /// `what` names the column in messages; `comma` as above.
    NumberColumn(const char* what, bool comma) : what_(what), comma_(comma) {}

    /// The number in the field; nan where there is none that is finite.
    double see(const LineReader& line, const Field& field);

    bool given() const { return seen_ > 0; }
    /// Whole numbers of the size of seconds from 1980 to 2100 since 1970, not all of them round.
    bool is_time() const;
    /// How many are no numbers > 0, and of how many.
    std::int64_t no_weights() const { return no_weights_; }
    std::int64_t seen() const { return seen_; }
    std::int64_t first_no_weight() const { return no_weight_->where().line; }
    /// Throws the first fault where the column is to be positive, or a share in (0, 1].
    void require_positive() const;
    void require_share() const;
    /// Whether the first number, alone of all, is a word: that of a header.
    bool has_word_above() const { return seen_ > 1 && words_ == 1 && word_first_; }

  private:
    const char* what_;
    bool comma_;
    bool whole_ = true, round_ = true, word_first_ = false;
    double least_ = std::numeric_limits<double>::infinity(), most_ = -least_;
    std::int64_t seen_ = 0, no_weights_ = 0, words_ = 0;
    std::optional<Error> no_weight_, no_share_;
};

}  // namespace motley::topology
