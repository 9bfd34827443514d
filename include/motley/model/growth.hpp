// Growth of resources and the exact totals of the mean field: the parts that one rank computes.
#pragma once

#include <span>

#include "motley/core/exact_sum.hpp"
#include "motley/model/state.hpp"

namespace motley::model {

/// R <- R exp(rho (r / rbar - 1)) for owned rows; `mean(row)` is rbar of that row. Exponents are
/// clamped to [-4, 4]. Rows without resource stay so.
template <class Real>
void grow(double rho, std::span<const double> reward, std::span<const double> mean,
          State<Real>& state);

/// Adds the stocks and values of owned agents to 2 x width sums (mean field).
template <class Real>
void add_messages(const State<Real>& state, std::size_t owned, std::span<ExactSum> totals);

}  // namespace motley::model
