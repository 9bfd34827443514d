#include "motley/model/growth.hpp"

#include <algorithm>
#include <cmath>

namespace motley::model {

template <class Real>
void grow(double rho, std::span<const double> reward, std::span<const double> mean,
          State<Real>& state) {
    for (std::size_t i = 0; i < reward.size(); ++i) {
        if (!(mean[i] > 0.0)) continue;
        const double drive = std::clamp(rho * (reward[i] / mean[i] - 1.0), -4.0, 4.0);
        const double grown = static_cast<double>(state.resource[i]) * std::exp(drive);
        // A resource of zero could never grow again, and the next reward would be 0 / 0.
        constexpr double least = std::numeric_limits<Real>::min() * 1e6;
        state.resource[i] = static_cast<Real>(std::max(grown, least));
    }
}

template <class Real>
void add_messages(const State<Real>& state, std::size_t owned, std::span<ExactSum> totals) {
    const std::size_t stride = totals.size();
    for (std::size_t i = 0; i < owned; ++i) {
        const Real* row = state.messages[0].data() + i * stride;
        for (std::size_t k = 0; k < stride; ++k) totals[k].add(static_cast<double>(row[k]));
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                       \
    template void grow<Real>(double, std::span<const double>, std::span<const double>, \
                             State<Real>&);                                            \
    template void add_messages<Real>(const State<Real>&, std::size_t, std::span<ExactSum>);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model
