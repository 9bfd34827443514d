// One synchronous step of the production system on a range of rows, without communication.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/core/exact_sum.hpp"
#include "motley/model/local_graph.hpp"
#include "motley/model/state.hpp"

namespace motley::model {

/// Exact sums over agents of what a step did, local to this rank until merged. All refer to the
/// same step: allocations before `adapt`, flows after `receive`.
struct Tally {
    enum Scalar : int {
        productivity,     ///< sum u
        resource,         ///< sum R
        resource_log,     ///< sum R ln R
        produced,         ///< sum y
        received,         ///< sum of what arrived over edges
        consumed,         ///< sum c
        sent,             ///< sum lambda s: traffic
        value,            ///< sum q y
        effort_log,       ///< sum (R x) ln (R x)
        value_log,        ///< sum (q y) ln (q y)
        value_agent_log,  ///< sum_i v_i ln v_i, v_i = sum_k q y
        frank_wolfe,      ///< sum (max_k g - sum_k x g)
        upper,            ///< sum R |a q|, the dual bound; see docs/model.md
        capability_norm,  ///< sum R |a|: what an error of the values can add to the bound
        residual,         ///< sum q |s - s(previous)|
        capability_sum,   ///< sum a
        capability_log,   ///< sum a ln a
        capability_agent_log,
        welfare,  ///< sum ln u, where that is maximised
        agents,   ///< number of agents without relays, there too
        scalar_count
    };
    explicit Tally(int task_count)
        : tasks(task_count), sums(static_cast<std::size_t>(scalar_count + 4 * task_count)) {}

    int tasks;
    std::vector<ExactSum> sums;  ///< scalars, then effort, value, expenditure, capability by task
    double value_change_max = 0.0;  ///< largest |q - q(previous)|
    std::int64_t clamped = 0;       ///< agents whose price hit the clamp: no certificate then
    /// Where resources grow, and a caller makes room for them: for every row the most that a unit
    /// of resource can earn there at the values q, and the same with q = 1.
    std::vector<double> bounds;

    enum Row : int { effort_row, value_row, expenditure_row, capability_row };
    ExactSum& by_task(Row row, int task) {
        return sums[static_cast<std::size_t>(scalar_count + row * tasks + task)];
    }
};

template <class Real>
struct StepArguments {
    const LocalGraph<Real>* graph = nullptr;
    State<Real>* state = nullptr;
    Parameters parameters;
    int parity = 0;  ///< messages[parity] is read, messages[1 - parity] written
    /// Mean field: sums of s and q over all agents, 2 x width. Pool: of y and p.
    const double* totals = nullptr;
    double* reward = nullptr;        ///< per row: sum_k q y / R (growth), or null
    PoolPass pass = PoolPass::none;  ///< pool: which of its passes
    ExactSum* sums = nullptr;        ///< pool: width; the passes make and price add y or p to them
    double* utility = nullptr;       ///< per row: u (log welfare), or null
    /// Per out-arc j of agent i: sum_k z_ik q_jk, z what i passes on and q what a unit of it is
    /// worth to j (chosen routing); or null.
    double* arc_worth = nullptr;
    Tally* tally = nullptr;  ///< measured steps only
};

/// Advances rows [begin, end): produce, receive, consume, price, value, adapt, learn. Reads the
/// messages of neighbours, writes the rows' own messages of the other parity and x (and a).
template <class Real>
void step_rows(const StepArguments<Real>& arguments, LocalId begin, LocalId end);

/// The factor by which relays multiply the stock that they send, since receivers multiply by
/// lambda.
template <class Real>
Real relay_scale(Real openness) {
    return openness > 0 ? Real{1} / openness : Real{1};
}

/// The factor by which the stock in a message row was multiplied: survival / degree for uniform
/// coupling, else 1; for relays that times `relay_scale`.
template <class Real>
double stock_scale(const LocalGraph<Real>& graph, LocalId row, double openness);

// These functions return what one agent got in the last step. They recover it from the messages
// that the step wrote, those of `arguments.parity`.

/// Consumption c, K numbers.
template <class Real>
void read_consumption(const StepArguments<Real>& arguments, LocalId row, double* out);
/// Values q, K numbers.
template <class Real>
void read_values(const StepArguments<Real>& arguments, LocalId row, double* out);
/// Income v = sum_k q_k y_k, y = R a x^gamma as the agent stands now: after a step with rate 0 that
/// of the step. Utility; 0 for a relay.
template <class Real>
double read_income(const StepArguments<Real>& arguments, LocalId row);
/// Expenditure e = sum_k p_k c_k. Utility; 0 for a relay.
template <class Real>
double read_expenditure(const StepArguments<Real>& arguments, LocalId row);
/// Utility u; 0 for a relay.
template <class Real>
double read_utility(const StepArguments<Real>& arguments, LocalId row);

/// CES utility of one agent in plain scalar arithmetic: u = [sum D (c/D)^rho]^(1/rho),
/// rho = (sigma - 1) / sigma; sigma = 1: prod (c/D)^D.
double utility(const double* consumption, const double* demand, int tasks, double elasticity);

}  // namespace motley::model
