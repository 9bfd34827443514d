#include "topology/files/number_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace motley::topology {

namespace {

/// Whether the text is what programs write in place of a number that is not there.
bool stands_for_none(std::string_view text) {
    constexpr std::array words = {"NA", "N/A", "null", "None", "NaN", "-", "?", "."};
    return std::ranges::any_of(words,
                               [&](const char* word) { return equal_ignoring_case(text, word); });
}

}  // namespace

NumberFault parse_decimal(std::string_view text, bool comma, double& value) {
    const NumberFault fault = parse_number(text, value);
    if (fault != NumberFault::malformed || !comma) return fault;
    std::string point(text);
    std::ranges::replace(point, ',', '.');
    return parse_number(point, value);
}

double NumberColumn::see(const LineReader& line, const Field& field) {
    double value = std::numeric_limits<double>::quiet_NaN();
    const NumberFault fault = parse_decimal(field.text, comma_, value);
    if (fault == NumberFault::malformed && !stands_for_none(field.text)) {
        words_ += 1;
        word_first_ = word_first_ || summary_.seen == 0;
    }
    summary_.add(value, line.line());
    const bool number = fault == NumberFault::none;
    const auto error = [&](const char* demand) {
        return line.error(number ? fmt::format("{} {} {}", what_, quote(field.text), demand)
                                 : describe(fault, what_, field.text),
                          field.column);
    };
    if (!(value > 0.0) && !no_weight_) no_weight_ = error("must be greater than 0");
    if (!(value > 0.0 && value <= 1.0) && !no_share_) no_share_ = error("must lie in (0, 1]");
    return value;
}

void NumberSummary::add(double value, std::int64_t line) {
    seen += 1;
    whole = whole && value == std::floor(value);
    round = round && std::fmod(value, 1000.0) == 0.0;
    least = std::min(least, value);
    most = std::max(most, value);
    if (value > 0.0) return;
    no_weights += 1;
    if (no_weights == 1) first_no_weight = line;
}

void NumberSummary::append(const NumberSummary& part, std::int64_t lines_before) {
    if (no_weights == 0 && part.no_weights > 0) {
        first_no_weight = lines_before + part.first_no_weight;
    }
    whole = whole && part.whole;
    round = round && part.round;
    least = std::min(least, part.least);
    most = std::max(most, part.most);
    seen += part.seen;
    no_weights += part.no_weights;
}

bool NumberSummary::is_time() const {
    constexpr double first = 3.1e8, last = 4.1e9;
    return given() && whole && !round && least >= first && most <= last;
}

void NumberColumn::require_positive() const {
    if (no_weight_) throw Error(*no_weight_);
}

void NumberColumn::require_share() const {
    if (no_share_) throw Error(*no_share_);
}

}  // namespace motley::topology
