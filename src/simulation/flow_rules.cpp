// What a simulation with own rules of flows has beyond the common step: the buffers of its state,
// the mean utility, and how fast its flows settle.
#include <algorithm>
#include <cmath>

#include "contraction.hpp"
#include "motley/simulation/simulation.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {

template <class Real>
void Simulation<Real>::set_flow_rules() {
    model::FlowRules& rules = parameters_.flows;
    rules.relay = spec_.relay;
    rules.log_welfare = log_welfare();
    rules.on = !spec_.relay || log_welfare() || opens() || routes();
    // Flows of a pool have no lag; without relay they are settled after one step.
    parameters_.contraction =
        pool() || !spec_.relay ? 0.0 : contraction_of_flows(graph_, spec_.openness, comm_);
    if (!spec_.relay && graph_.has_relays()) {
        Error error = usage_error(
            "model.relay = false has no meaning on a topology with switches, which only pass on "
            "what they receive: leave it out, or choose a topology without switches");
        error.set_everywhere();
        throw error;
    }
}

template <class Real>
void Simulation<Real>::allocate_for_flow_rules() {
    const std::size_t owned = graph_.owned();
    if (log_welfare()) utility_.assign(owned, 0.0);
    if (parameters_.flows.on && !pool()) {
        state_.received = Buffer<Real>(2 * owned * static_cast<std::size_t>(state_.width), Real{0});
    }
    if (!opens()) return;
    using Bounds = model::OpennessBounds<Real>;
    const Real first = std::clamp(static_cast<Real>(spec_.openness), Bounds::least, Bounds::most);
    state_.openness = Buffer<Real>(owned, first);
}

/// ubar of the next step. Relays have no utility.
template <class Real>
void Simulation<Real>::average_utility() {
    const Stopwatch watch(seconds_.reduce);
    std::vector<ExactSum> sum(1);
    for (const double utility : utility_) sum[0].add(utility);
    comm_.sum(std::span<ExactSum>(sum));
    const double mean = sum[0].value() / static_cast<double>(graph_.hosts());
    parameters_.flows.mean_utility = std::max(mean, std::numeric_limits<double>::min());
}

/// Where complements are missing ln u is minus infinity. Two steps with frozen allocations show who
/// lacks which task; then everything is as before.
template <class Real>
void Simulation<Real>::expect_utility() {
    if (spec_.elasticity <= 1.0) {
        for (int i = 0; i < 2; ++i) step(0.0, nullptr);
        mpi::together(comm_, [&] {
            std::vector<double> consumed(static_cast<std::size_t>(state_.tasks));
            for (LocalId row = 0; row < graph_.owned(); ++row) {
                if (graph_.is_relay(row)) continue;
                read_consumption(row, consumed.data());
                for (int k = 0; k < state_.tasks; ++k) {
                    if (consumed[static_cast<std::size_t>(k)] > 0.0) continue;
                    if (!(state_.demand_of(row)[k] > 0)) continue;
                    throw usage_error(
                        "welfare = \"log\": agent " + std::to_string(graph_.ids()[row]) +
                        " gets nothing of task " + std::to_string(k) +
                        " after one step, so that ln u has no value; give the initial allocation "
                        "noise, an elasticity above 1, or take another topology");
                }
            }
        });
    }
    for (auto& messages : state_.messages) std::fill(messages.begin(), messages.end(), Real{0});
    std::fill(state_.ghosts.begin(), state_.ghosts.end(), Real{0});
    std::fill(totals_.begin(), totals_.end(), 0.0);
    parity_ = 0;
    steps_ = 0;
    seconds_ = {.exchange_alone = seconds_.exchange_alone};
    std::fill(utility_.begin(), utility_.end(), 1.0);
    parameters_.flows.mean_utility = 1.0;
}

template <class Real>
void Simulation<Real>::restore_flow_rules(const StateRows& rows) {
    for (std::size_t i = 0; i < rows.openness.size(); ++i) {
        state_.openness[i] = static_cast<Real>(rows.openness[i]);
    }
    if (routes()) restore_routing(rows.routing);
    if (!log_welfare()) return;
    utility_ = rows.utility;
    average_utility();
}

#define MOTLEY_INSTANTIATE(Real)                               \
    template void Simulation<Real>::set_flow_rules();          \
    template void Simulation<Real>::allocate_for_flow_rules(); \
    template void Simulation<Real>::average_utility();         \
    template void Simulation<Real>::expect_utility();          \
    template void Simulation<Real>::restore_flow_rules(const StateRows&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
