// The measures of a step: productivity, heterogeneity, traffic and the optimality certificate. They
// come from exact global sums, so that every number is the same on any number of ranks.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/model/step_rows.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/topology/topology.hpp"

namespace motley::measure {

/// Symbols and definitions: docs/model.md. Entropies and heterogeneity in nats.
struct Measures {
    double productivity = 0.0;  ///< P = sum u
    /// W = sum ln u where that is maximised, else nan.
    double welfare = std::numeric_limits<double>::quiet_NaN();
    double resource = 0.0;                  ///< sum R
    double produced = 0.0;                  ///< sum y
    double consumed = 0.0;                  ///< sum c
    double traffic = 0.0;                   ///< sum lambda s: stock sent over edges in this step
    double received = 0.0;                  ///< stock that arrived over edges in this step
    double value = 0.0;                     ///< sum q y; equals P at a stationary state (Euler)
    double heterogeneity_effort = 0.0;      ///< I with p(i, k) ~ R x
    double heterogeneity_value = 0.0;       ///< I with p(i, k) ~ q y
    double heterogeneity_capability = 0.0;  ///< I with p(i, k) ~ a
    double task_entropy = 0.0;              ///< H(task), effort weighted
    double value_entropy = 0.0;             ///< H(task), value weighted
    double expenditure_entropy = 0.0;       ///< H of the shares sum_i p c by task
    double demand_entropy = 0.0;   ///< H of the mean demand; the caller of `reduce` sets it
    double frank_wolfe_gap = 0.0;  ///< sum (max g - x g), absolute
    double gap = 0.0;              ///< P* <= P (1 + gap), or W* <= W + N gap; nan: not certified
    double flow_residual =
        0.0;  ///< bound on what flows that have not settled change, share of P; part of `gap`
    bool certifiable = false;  ///< gamma <= 1, fixed a and R, no clamped price
    std::vector<double> effort_by_task, value_by_task, expenditure_by_task;
};

/// Collective. Merges the tallies of all ranks. `certificate` is true when the dynamics do not
/// change capabilities and resources, because the gap is a bound only then.
Measures reduce(model::Tally& tally, const mpi::Communicator& comm,
                const model::Parameters& parameters, bool certificate);

/// v ln v, and 0 when v is 0.
double entropy_term(double v);

/// Entropy of shares proportional to `weights`, nats.
double entropy(const std::vector<double>& weights);

/// Mutual information of a joint distribution p(i, k) ~ v_ik from its sums: total = sum v, joint =
/// sum v ln v, agents = sum_i v_i ln v_i, tasks = v_k for every task. Never negative.
double mutual_information(double total, double joint, double agents,
                          const std::vector<double>& tasks);

/// One level of a nested topology: I(level | outer levels), nats.
struct LevelHeterogeneity {
    std::string name;
    double effort = 0.0;
};

/// Collective. Chain rule over the levels (outermost first; the last is the agents themselves):
/// the entries sum to I_effort. `efforts(row, out)` writes R x of an owned row (K numbers).
std::vector<LevelHeterogeneity> by_level(const std::vector<topology::Level>& levels,
                                         std::span<const AgentId> ids, int tasks,
                                         const std::function<void(std::size_t, double*)>& efforts,
                                         double total_heterogeneity, const mpi::Communicator& comm);

}  // namespace motley::measure
