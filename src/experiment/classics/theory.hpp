// Formulas that several classical results are held against.
#pragma once

#include <cstddef>
#include <vector>

#include "classic_jobs.hpp"

namespace motley::experiment {

/// What an agent makes alone, R (sum_k D_k a_k^(sigma-1))^(1/(sigma-1)), and R times the product of
/// the a_k^D_k for sigma = 1: the first-order condition at constant returns.
double alone(const Solved& system, std::size_t agent, double elasticity);

/// A share of at least 1e-4 of an agent's effort; below it a task is not done.
inline constexpr double least_share = 1e-4;
/// Tasks of an agent that it does.
std::size_t tasks_done(const Solved& system, std::size_t agent);
/// The task with the largest share, the first of equal ones.
std::size_t main_task(const Solved& system, std::size_t agent);

/// Entropy of amounts, in nats, and its exponential: how many equal ones are as diverse.
double entropy(const std::vector<double>& amounts);

}  // namespace motley::experiment
