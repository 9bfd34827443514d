// Mid-ranks and Spearman's correlation.
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "motley/core/error.hpp"
#include "motley/core/nan.hpp"
#include "motley/measure/replicate_statistics.hpp"

namespace motley::measure {
namespace {

constexpr std::size_t most_permuted = 8;  // 8 values have 40,320 permutations

/// Twice the ranks, as whole numbers, less their mean n + 1, so that sums of products are exact.
std::vector<std::int64_t> centred(std::span<const double> values) {
    std::vector<std::int64_t> out;
    for (const double rank : rank_values(values)) {
        out.push_back(std::llround(2.0 * rank) - static_cast<std::int64_t>(values.size()) - 1);
    }
    return out;
}

double product(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i] * b[i]);
    return sum;
}

/// Share of the permutations whose sum of products is at least as far from 0 as that of the data.
double permuted_p(const std::vector<std::int64_t>& x, const std::vector<std::int64_t>& y) {
    const double seen = std::abs(product(x, y));
    std::vector<std::size_t> order(y.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::int64_t all = 0, far = 0;
    do {
        double sum = 0.0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i] * y[order[i]]);
        all += 1;
        if (std::abs(sum) >= seen) far += 1;
    } while (std::ranges::next_permutation(order).found);
    return static_cast<double>(far) / static_cast<double>(all);
}

double student_p(double rho, std::size_t count) {
    const auto freedom = static_cast<double>(count - 2);
    if (std::abs(rho) >= 1.0) return 0.0;
    const double t = rho * std::sqrt(freedom / ((1.0 - rho) * (1.0 + rho)));
    const boost::math::students_t student(freedom);
    return 2.0 * boost::math::cdf(boost::math::complement(student, std::abs(t)));
}

}  // namespace

std::vector<double> rank_values(std::span<const double> values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isnan(values[i])) order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size(), nan);
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
        for (std::size_t k = first; k < last; ++k) {
            ranks[order[k]] = 0.5 * static_cast<double>(first + 1 + last);
        }
        first = last;
    }
    return ranks;
}

Correlation correlate_ranks(std::span<const double> x, std::span<const double> y) {
    if (x.size() != y.size()) throw internal_error("correlated values differ in number");
    std::vector<double> left, right;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (std::isnan(x[i]) || std::isnan(y[i])) continue;
        left.push_back(x[i]);
        right.push_back(y[i]);
    }
    Correlation result{std::ssize(left), nan, nan};
    if (left.size() < 3) return result;
    const auto a = centred(left), b = centred(right);
    const double spread = product(a, a) * product(b, b);
    if (spread == 0.0) return result;
    result.rho = std::clamp(product(a, b) / std::sqrt(spread), -1.0, 1.0);
    result.p = left.size() <= most_permuted ? permuted_p(a, b) : student_p(result.rho, left.size());
    return result;
}

}  // namespace motley::measure
