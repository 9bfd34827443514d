// The few options that matter where there are very many.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

#include "allocation.hpp"

namespace motley::fleet {

/// The prices of classes and types in the optimum over some options: an option is worth adding
/// where the price of its class times what all devices of its type serve is above that of its type.
struct OptionPrices {
    std::vector<double> classes;  ///< K
    std::vector<double> types;    ///< D
};
using SolveOver = std::function<OptionPrices(const std::vector<std::size_t>&)>;

/// Marks the few of `from` whose values are largest; of equal ones those of smaller number.
template <class Value>
void mark_best(std::vector<std::size_t> from, const Value& value, std::vector<bool>& marks) {
    constexpr std::size_t few = 3;
    const std::size_t count = std::min(few, from.size());
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
    std::ranges::partial_sort(from, end, [&](std::size_t a, std::size_t b) {
        return value(a) != value(b) ? value(a) > value(b) : a < b;
    });
    for (auto each = from.begin(); each != end; ++each) marks[*each] = true;
}

/// Column generation: numbers of options, in rising order, over which the optimum is that over all.
/// `served[i]` is what option i serves, in any unit of theta, with all devices of its type; `solve`
/// gives the prices of the optimum over a set of options. The set starts with the best options at
/// prices that multiplicative weights have found (S. Arora, E. Hazan and S. Kale, Theory of
/// Computing 8 (2012) 121-164).
std::vector<std::size_t> options_that_matter(const Problem& problem,
                                             const std::vector<Option>& options,
                                             std::span<const double> served,
                                             const SolveOver& solve);

}  // namespace motley::fleet
