// The acceleration of a search for the optimum: what the state has beyond that of the common step.
// The arithmetic is in model/acceleration_stages.hpp, the rate in solve.cpp.
#include <algorithm>

#include "motley/simulation/simulation.hpp"

namespace motley::simulation {
namespace {

/// Steps by which prices and values look ahead at most.
constexpr double farthest = 1000.0;

}  // namespace

/// Stocks follow allocations, and values follow prices, by lambda / (1 - lambda) steps later: the
/// change of that many steps is added to each. The step overwrites the messages of two steps ago,
/// or of one where sums over all agents replace arcs, and compares with these.
template <class Real>
void Simulation<Real>::accelerate() {
    if (accelerates()) return;
    const std::size_t owned = graph_.owned();
    state_.velocity = Buffer<Real>(owned * static_cast<std::size_t>(state_.width), Real{0});
    state_.moves = Buffer<Real>(owned, Real{0});
    const double lag = parameters_.contraction / (1.0 - parameters_.contraction);
    parameters_.acceleration = {true, std::min(lag, farthest) / (mean_field() ? 1.0 : 2.0)};
}

template <class Real>
void Simulation<Real>::stop_accelerating() {
    parameters_.acceleration = {};
    state_.velocity = {};
    state_.moves = {};
}

template <class Real>
const Real* Simulation<Real>::earlier_messages(LocalId row) const {
    return state_.messages[static_cast<std::size_t>(1 - parity_)].data() +
           2 * std::size_t{row} * static_cast<std::size_t>(state_.width);
}

/// Messages that were restored have parity 0, so that earlier ones have parity 1.
template <class Real>
void Simulation<Real>::restore_acceleration(const StateRows& rows) {
    accelerate();
    const auto width = static_cast<std::size_t>(state_.width);
    const auto tasks = static_cast<std::size_t>(state_.tasks);
    for (std::size_t i = 0; i < graph_.owned(); ++i) {
        state_.moves[i] = static_cast<Real>(rows.moves[i]);
        for (std::size_t k = 0; k < tasks; ++k) {
            const std::size_t from = i * tasks + k;
            state_.velocity[i * width + k] = static_cast<Real>(rows.velocity[from]);
            if (mean_field()) continue;
            Real* message = state_.messages[1].data() + 2 * i * width;
            message[k] = static_cast<Real>(rows.earlier_stock[from]);
            message[width + k] = static_cast<Real>(rows.earlier_value[from]);
        }
    }
}

#define MOTLEY_INSTANTIATE(Real)                                            \
    template void Simulation<Real>::accelerate();                           \
    template void Simulation<Real>::stop_accelerating();                    \
    template const Real* Simulation<Real>::earlier_messages(LocalId) const; \
    template void Simulation<Real>::restore_acceleration(const StateRows&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
