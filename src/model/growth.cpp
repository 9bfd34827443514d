#include "motley/model/growth.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "motley/core/exact_lanes.hpp"

namespace motley::model {

template <class Real>
void grow(double rho, std::span<const double> reward, std::span<const double> mean,
          State<Real>& state) {
    for (std::size_t i = 0; i < reward.size(); ++i) {
        if (!(mean[i] > 0.0) || !(state.resource[i] > 0)) continue;
        const double drive = std::clamp(rho * (reward[i] / mean[i] - 1.0), -4.0, 4.0);
        const double grown = static_cast<double>(state.resource[i]) * std::exp(drive);
        // A resource of zero never grows again, and is that of agents that have lost it.
        constexpr double least = std::numeric_limits<Real>::min() * 1e6;
        state.resource[i] = static_cast<Real>(std::max(grown, least));
    }
}

namespace {

/// W columns at a time.
template <int W, class Real>
void add_columns(const State<Real>& state, std::size_t owned, std::span<ExactSum> totals) {
    using From = typename Simd<Real, W>::Vec;
    using To = typename Simd<double, W>::Vec;
    std::vector<ExactLanes<W>> lanes(totals.size() / W);
    const Real* row = state.messages[0].data();
    for (std::size_t i = 0; i < owned; ++i, row += totals.size()) {
        for (std::size_t c = 0; c < lanes.size(); ++c) {
            From from;
            std::memcpy(&from, row + c * W, sizeof(from));
            lanes[c].add(__builtin_convertvector(from, To), totals.subspan(c * W, W));
        }
    }
    for (std::size_t c = 0; c < lanes.size(); ++c) lanes[c].flush(totals.subspan(c * W, W));
}

}  // namespace

template <class Real>
void add_messages(const State<Real>& state, std::size_t owned, std::span<ExactSum> totals) {
    constexpr int lanes = vector_bytes / 8;
    if (totals.size() % lanes == 0) return add_columns<lanes>(state, owned, totals);
    add_columns<4>(state, owned, totals);
}

#define MOTLEY_INSTANTIATE(Real)                                                       \
    template void grow<Real>(double, std::span<const double>, std::span<const double>, \
                             State<Real>&);                                            \
    template void add_messages<Real>(const State<Real>&, std::size_t, std::span<ExactSum>);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model
