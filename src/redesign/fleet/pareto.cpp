#include "motley/redesign/fleet/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "motley/redesign/fleet/theta_solver.hpp"
#include "rounding.hpp"

namespace motley::fleet {
namespace {

double node_of(const Problem& problem, std::size_t type) {
    return static_cast<double>(problem.devices[type].node_size);
}

/// Calls `visit` with every fleet of whole nodes within the budget, until it says false. All that a
/// budget limits grows with each node, so that a type ends where the others are at their least.
class EveryFleet {
  public:
    EveryFleet(const Problem& problem, const Budget& budget) : problem_(problem), budget_(budget) {
        for (std::size_t d = 0; d < problem.types(); ++d) {
            const double least = problem.devices[d].keep / node_of(problem, d);
            fleet_.push_back(std::ceil(least - rounding) * node_of(problem, d));
        }
    }

    template <typename Visit>
    void visit(const Visit& visitor) {
        if (within(problem_, fleet_, budget_)) go_on(0, visitor);
    }

  private:
    template <typename Visit>
    bool go_on(std::size_t d, const Visit& visitor) {
        if (d == problem_.types()) return types_in(fleet_) == 0 || visitor(fleet_);
        const double least = fleet_[d], node = node_of(problem_, d);
        const double most = problem_.devices[d].available * (1.0 + rounding);
        bool more = true;
        for (double nodes = 0.0; more; ++nodes) {
            fleet_[d] = least + nodes * node;
            if (fleet_[d] > most || !within(problem_, fleet_, budget_)) break;
            more = go_on(d + 1, visitor);
        }
        fleet_[d] = least;
        return more;
    }

    const Problem& problem_;
    const Budget& budget_;
    Fleet fleet_;
};

/// theta of many fleets, each solved once. What is found for a fleet depends on it alone.
class Thetas {
  public:
    explicit Thetas(const Problem& problem)
        : problem_(problem), solver_(problem, Fleet(problem.types(), 1.0)) {
        for (const Task& task : problem.tasks) demands_.push_back(task.demand);
    }

    double operator()(const Fleet& fleet) {
        const auto known = known_.find(fleet);
        if (known != known_.end()) return known->second;
        return known_[fleet] = solved(fleet);
    }

  private:
    double solved(const Fleet& fleet) {
        if (problem_.has_limits()) return best_throughput(problem_, fleet).theta;
        if (problem_.classes() > 1) return solver_.theta(problem_.rates, demands_, fleet);
        double served = 0.0;
        for (std::size_t d = 0; d < fleet.size(); ++d)
            served += fleet[d] * problem_.best_rate(d, 0);
        return served / problem_.tasks[0].demand;
    }

    const Problem& problem_;
    ThetaSolver solver_;
    std::vector<double> demands_;
    std::map<Fleet, double> known_;
};

double worst_node(const Problem& problem, const Fleet& fleet, Thetas& theta) {
    double worst = unlimited;
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        if (fleet[d] <= 0.0) continue;
        Fleet left = fleet;
        left[d] = std::max(0.0, left[d] - node_of(problem, d));
        worst = std::min(worst, theta(left));
    }
    return worst;
}

/// True where `a` is not worse than `b` in any measure and better in one.
bool dominates(const ParetoPoint& a, const ParetoPoint& b) {
    const auto not_worse = [](double x, double y) { return x <= y + rounding * std::abs(y); };
    const auto better = [](double x, double y) { return x < y - rounding * std::abs(y); };
    return not_worse(a.price, b.price) && not_worse(a.power, b.power) &&
           not_worse(-a.theta, -b.theta) && not_worse(-a.n_minus_1, -b.n_minus_1) &&
           (better(a.price, b.price) || better(a.power, b.power) || better(-a.theta, -b.theta) ||
            better(-a.n_minus_1, -b.n_minus_1));
}

}  // namespace

std::optional<std::int64_t> count_fleets(const Problem& problem, const Budget& budget,
                                         std::int64_t most) {
    std::int64_t count = 0;
    EveryFleet(problem, budget).visit([&](const Fleet&) { return ++count <= most; });
    if (count > most) return std::nullopt;
    return count;
}

std::vector<ParetoPoint> measured_fleets(const Problem& problem, const Budget& budget,
                                         std::int64_t first, std::int64_t last,
                                         bool with_n_minus_1) {
    std::vector<ParetoPoint> out;
    Thetas theta(problem);
    std::int64_t number = 0;
    EveryFleet(problem, budget).visit([&](const Fleet& fleet) {
        if (number >= last) return false;
        if (number++ < first) return true;
        out.push_back({fleet, price_of(problem, fleet), peak_power(problem, fleet), theta(fleet),
                       with_n_minus_1 ? worst_node(problem, fleet, theta) : 0.0});
        return true;
    });
    return out;
}

std::vector<ParetoPoint> non_dominated(const std::vector<ParetoPoint>& points) {
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // A point that dominates another stands before it, up to rounding, so that most points meet
    // one that dominates them soon.
    std::ranges::sort(order, {}, [&](std::size_t i) {
        const ParetoPoint& p = points[i];
        return std::tuple(p.price, p.power, -p.theta, -p.n_minus_1, i);
    });
    std::vector<std::size_t> front;
    for (const std::size_t i : order) {
        const auto beats = [&](std::size_t other) { return dominates(points[other], points[i]); };
        if (std::ranges::any_of(front, beats)) continue;
        std::erase_if(front,
                      [&](std::size_t other) { return dominates(points[i], points[other]); });
        front.push_back(i);
    }
    std::ranges::sort(front);
    std::vector<ParetoPoint> out;
    for (const std::size_t i : front) out.push_back(points[i]);
    return out;
}

}  // namespace motley::fleet
