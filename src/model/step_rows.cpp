// Chooses the kernel that runs a step, and reads the values of a single agent from a state.
#include "motley/model/step_rows.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "kernel.hpp"
#include "motley/model/expectations.hpp"

namespace motley::model {
namespace {

template <class Real, int W, int Chunks>
void run_kernel(const StepArguments<Real>& arguments, LocalId begin, LocalId end) {
    Kernel<Real, W, Chunks>(arguments).run(begin, end);
}

/// Rows of `Tasks` numbers, in vectors that the processor has.
template <class Real, int Tasks>
void run_width(const StepArguments<Real>& arguments, LocalId begin, LocalId end) {
    constexpr int W = std::min(Tasks, vector_bytes / static_cast<int>(sizeof(Real)));
    run_kernel<Real, W, Tasks / W>(arguments, begin, end);
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
    expect_arguments(arguments, begin, end);
    if (begin >= end) return;
    switch (arguments.state->width) {
        case 2:
            return run_width<Real, 2>(arguments, begin, end);
        case 4:
            return run_width<Real, 4>(arguments, begin, end);
        case 8:
            return run_width<Real, 8>(arguments, begin, end);
        case 16:
            return run_width<Real, 16>(arguments, begin, end);
        default:
            return run_kernel<Real, vector_bytes / static_cast<int>(sizeof(Real)), 0>(arguments,
                                                                                      begin, end);
    }
}

template <class Real>
double stock_scale(const LocalGraph<Real>& graph, LocalId row, double openness) {
    Real scale = 1;
    if (graph.coupling() == Coupling::uniform) {
        const auto& offsets = graph.in().offsets;
        const std::uint64_t degree = offsets[row + 1] - offsets[row];
        if (degree > 0) scale = static_cast<Real>(graph.survival()) / static_cast<Real>(degree);
    }
    if (graph.is_relay(row)) scale *= relay_scale(static_cast<Real>(openness));
    return scale;
}

double exponent_of(double elasticity) {
    return std::isinf(elasticity) ? 1.0 : (elasticity - 1.0) / elasticity;
}

double utility(const double* consumption, const double* demand, int tasks, double elasticity) {
    const double rho = exponent_of(elasticity);
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

namespace {

/// The message row (stock | value) that the agent sent in the last step.
template <class Real>
const Real* message_of(const StepArguments<Real>& arguments, LocalId row) {
    const auto& state = *arguments.state;
    const auto parity =
        static_cast<std::size_t>(arguments.graph->has_arcs() ? arguments.parity : 0);
    return state.messages[parity].data() + 2 * std::size_t{row} * std::size_t(state.width);
}

/// What the last step gave to the agent, from number `first` of its row on; null where it is not
/// kept because messages say it.
template <class Real>
const Real* received(const StepArguments<Real>& arguments, LocalId row, int first) {
    const auto& state = *arguments.state;
    if (state.received.empty()) return nullptr;
    return state.received.data() + 2 * std::size_t{row} * std::size_t(state.width) + first;
}

/// The mean over all agents that everyone in a pool gets.
template <class Real>
void read_mean(const StepArguments<Real>& arguments, int first, double* out) {
    const auto agents = static_cast<double>(arguments.graph->agents());
    for (int k = 0; k < arguments.state->tasks; ++k) out[k] = arguments.totals[first + k] / agents;
}

}  // namespace

template <class Real>
void read_consumption(const StepArguments<Real>& arguments, LocalId row, double* out) {
    const auto& graph = *arguments.graph;
    if (const Real* got = received(arguments, row, 0)) {
        std::copy_n(got, arguments.state->tasks, out);
        return;
    }
    if (graph.coupling() == Coupling::pool) return read_mean(arguments, 0, out);
    const Real* stock = message_of(arguments, row);
    const double openness = arguments.parameters.openness;
    const double kept = 1.0 - (graph.has_outgoing(row) ? openness : 0.0);
    const double scale = stock_scale(graph, row, openness);
    for (int k = 0; k < arguments.state->tasks; ++k) {
        out[k] = graph.is_relay(row) ? 0.0 : kept * (static_cast<double>(stock[k]) / scale);
    }
}

template <class Real>
void read_values(const StepArguments<Real>& arguments, LocalId row, double* out) {
    if (const Real* got = received(arguments, row, arguments.state->width)) {
        std::copy_n(got, arguments.state->tasks, out);
        return;
    }
    if (arguments.graph->coupling() == Coupling::pool) {
        return read_mean(arguments, arguments.state->width, out);
    }
    const Real* value = message_of(arguments, row) + arguments.state->width;
    std::copy_n(value, arguments.state->tasks, out);
}

template <class Real>
double read_utility(const StepArguments<Real>& arguments, LocalId row) {
    if (arguments.graph->is_relay(row)) return 0.0;
    const auto tasks = static_cast<std::size_t>(arguments.state->tasks);
    std::vector<double> consumed(tasks), demand(tasks);
    read_consumption(arguments, row, consumed.data());
    std::copy_n(arguments.state->demand_of(row), tasks, demand.begin());
    // The same floor of c / D as in the step, so that utilities add up to its productivity.
    constexpr double least = std::numeric_limits<Real>::min();
    for (std::size_t k = 0; k < tasks; ++k) consumed[k] = std::max(consumed[k], least * demand[k]);
    return utility(consumed.data(), demand.data(), arguments.state->tasks,
                   arguments.parameters.elasticity);
}

#define MOTLEY_INSTANTIATE(Real)                                                        \
    template int padded_tasks<Real>(std::int64_t);                                      \
    template void step_rows<Real>(const StepArguments<Real>&, LocalId, LocalId);        \
    template double stock_scale<Real>(const LocalGraph<Real>&, LocalId, double);        \
    template void read_consumption<Real>(const StepArguments<Real>&, LocalId, double*); \
    template void read_values<Real>(const StepArguments<Real>&, LocalId, double*);      \
    template double read_utility<Real>(const StepArguments<Real>&, LocalId);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model
