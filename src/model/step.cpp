// Which kernel runs a step, and what a state says about a single agent.
#include "motley/model/step.hpp"

#include <cmath>
#include <memory>

#include "kernel.hpp"

namespace motley::model {
namespace {

using network::Coupling;
using network::Network;

template <class Real, int W, int Chunks>
void run_kernel(const StepArguments<Real>& arguments, LocalId begin, LocalId end) {
    Kernel<Real, W, Chunks>(arguments).run(begin, end);
}

}  // namespace

template <class Real>
int padded_tasks(std::int64_t tasks) {
    constexpr int full = 64 / static_cast<int>(sizeof(Real));
    if (tasks <= 2) return 2;
    if (tasks <= 4) return 4;
    if (tasks <= 8) return 8;
    return static_cast<int>((tasks + full - 1) / full * full);
}

template <class Real>
void step_rows(const StepArguments<Real>& arguments, LocalId begin, LocalId end) {
    if (begin >= end) return;
    constexpr int full = 64 / static_cast<int>(sizeof(Real));
    switch (arguments.state->width) {
        case 2:
            return run_kernel<Real, 2, 1>(arguments, begin, end);
        case 4:
            return run_kernel<Real, 4, 1>(arguments, begin, end);
        case 8:
            return run_kernel<Real, 8, 1>(arguments, begin, end);
        case 16:
            return run_kernel<Real, full, 16 / full>(arguments, begin, end);
        default:
            return run_kernel<Real, full, 0>(arguments, begin, end);
    }
}

template <class Real>
double stock_scale(const Network<Real>& network, LocalId row, double openness) {
    Real scale = 1;
    if (network.coupling() == Coupling::uniform) {
        const auto& offsets = network.in().offsets;
        const std::uint64_t degree = offsets[row + 1] - offsets[row];
        if (degree > 0) scale = static_cast<Real>(network.survival()) / static_cast<Real>(degree);
    }
    if (network.is_relay(row)) scale *= relay_scale(static_cast<Real>(openness));
    return scale;
}

double utility(const double* consumption, const double* demand, int tasks, double elasticity) {
    const double rho = (elasticity - 1.0) / elasticity;
    constexpr double least = std::numeric_limits<double>::min();
    double log_sum = 0.0, top = -INFINITY;
    for (int k = 0; k < tasks; ++k) {
        if (demand[k] <= 0.0) continue;
        const double relative = std::log(std::max(consumption[k] / demand[k], least));
        log_sum += demand[k] * relative;
        top = std::max(top, rho * relative);
    }
    if (elasticity == 1.0) return std::exp(log_sum);
    double total = 0.0;
    for (int k = 0; k < tasks; ++k) {
        if (demand[k] <= 0.0) continue;
        const double relative = std::log(std::max(consumption[k] / demand[k], least));
        total += demand[k] * std::expm1(rho * relative - top);
    }
    return std::exp((top + std::log1p(std::max(total, -1.0 + 1e-16))) / rho);
}

template <class Real>
void read_agent(const StepArguments<Real>& arguments, LocalId row, double* consumption,
                double* value, double* utility_out) {
    const auto& state = *arguments.state;
    const auto& network = *arguments.network;
    const auto width = static_cast<std::size_t>(state.width);
    const int buffer = network.coupling() == Coupling::mean_field ? 0 : arguments.parity;
    const Real* message = state.messages[static_cast<std::size_t>(buffer)].data() + row * 2 * width;
    const bool relay = network.is_relay(row);
    const double open = network.has_outgoing(row) ? arguments.parameters.openness : 0.0;
    const double kept = relay ? 0.0 : 1.0 - open;
    const double scale = stock_scale(network, row, arguments.parameters.openness);
    std::vector<double> consumed(width), demand(width);
    for (std::size_t k = 0; k < width; ++k) {
        consumed[k] = relay ? 0.0 : kept * (static_cast<double>(message[k]) / scale);
        demand[k] = static_cast<double>(state.demand_of(row)[k]);
        if (consumption != nullptr && k < static_cast<std::size_t>(state.tasks)) {
            consumption[k] = consumed[k];
        }
        if (value != nullptr && k < static_cast<std::size_t>(state.tasks)) {
            value[k] = static_cast<double>(message[width + k]);
        }
        // The floor of c / D in the step, so that utilities add up to its productivity.
        constexpr double least = std::numeric_limits<Real>::min();
        consumed[k] = std::max(consumed[k], least * demand[k]);
    }
    if (utility_out != nullptr) {
        *utility_out = relay ? 0.0
                             : utility(consumed.data(), demand.data(), state.tasks,
                                       arguments.parameters.elasticity);
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                 \
    template int padded_tasks<Real>(std::int64_t);                               \
    template void step_rows<Real>(const StepArguments<Real>&, LocalId, LocalId); \
    template double stock_scale<Real>(const Network<Real>&, LocalId, double);    \
    template void read_agent<Real>(const StepArguments<Real>&, LocalId, double*, double*, double*);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model
