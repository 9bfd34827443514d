#include "theory.hpp"

#include <algorithm>
#include <cmath>

namespace motley::experiment {

double alone(const Solved& system, std::size_t agent, double elasticity) {
    double sum = 0.0;
    for (std::size_t k = 0; k < system.tasks; ++k) {
        const double a = system.capability[system.at(agent, k)];
        const double d = system.demand[system.at(agent, k)];
        sum += elasticity == 1.0 ? d * std::log(a) : d * std::pow(a, elasticity - 1.0);
    }
    const double one = elasticity == 1.0 ? std::exp(sum) : std::pow(sum, 1.0 / (elasticity - 1.0));
    return system.resource[agent] * one;
}

std::size_t tasks_done(const Solved& system, std::size_t agent) {
    std::size_t done = 0;
    for (std::size_t k = 0; k < system.tasks; ++k) {
        done += system.allocation[system.at(agent, k)] > least_share ? 1 : 0;
    }
    return done;
}

std::size_t main_task(const Solved& system, std::size_t agent) {
    const auto first = system.allocation.begin() + static_cast<std::ptrdiff_t>(system.at(agent, 0));
    const auto last = first + static_cast<std::ptrdiff_t>(system.tasks);
    return static_cast<std::size_t>(std::max_element(first, last) - first);
}

double entropy(const std::vector<double>& amounts) {
    double total = 0.0, sum = 0.0;
    for (const double amount : amounts) total += amount;
    for (const double amount : amounts) {
        if (amount > 0.0) sum -= amount / total * std::log(amount / total);
    }
    return sum;
}

}  // namespace motley::experiment
