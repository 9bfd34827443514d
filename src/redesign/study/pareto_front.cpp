// The Pareto front: a search for the largest throughput under each pair of limits on price and
// power, spread over the ranks.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "fleet_messages.hpp"
#include "motley/redesign/fleet/pareto.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// True where `a` is not worse than `b` in any measure and better in one.
bool dominates(const ParetoFleet& a, const ParetoFleet& b) {
    constexpr double same = 1e-9;
    const auto not_worse = [](double x, double y) { return x <= y + same * std::abs(y); };
    const auto better = [](double x, double y) { return x < y - same * std::abs(y); };
    return not_worse(a.price, b.price) && not_worse(a.power, b.power) &&
           not_worse(-a.theta, -b.theta) && not_worse(-a.n_minus_1, -b.n_minus_1) &&
           (better(a.price, b.price) || better(a.power, b.power) || better(-a.theta, -b.theta) ||
            better(-a.n_minus_1, -b.n_minus_1));
}

/// The limits of one search of the front.
struct FrontLimits {
    double price, power;
};

std::vector<FrontLimits> front_limits(const job::Redesign& job) {
    const fleet::Problem& problem = job.problem;
    fleet::SearchOptions most = options_of(job);
    double price = most.budget.price, power = most.budget.power;
    if (!std::isfinite(price)) price = 2.0 * fleet::cheapest_fluid(problem).price;
    double dearest = 0.0;
    for (const fleet::Device& device : problem.devices) {
        dearest = std::max(dearest, device.power_busy * price / device.price);
    }
    power = std::min(power, dearest);
    std::vector<FrontLimits> steps;
    const auto count = job.search.pareto;
    const std::int64_t powers = power > 0.0 ? std::min<std::int64_t>(count, 6) : 1;
    for (std::int64_t i = 1; i <= count; ++i) {
        for (std::int64_t j = 1; j <= powers; ++j) {
            steps.push_back({price * static_cast<double>(i) / static_cast<double>(count),
                             power > 0.0
                                 ? power * static_cast<double>(j) / static_cast<double>(powers)
                                 : fleet::unlimited});
        }
    }
    return steps;
}

ParetoFleet pareto_fleet(const fleet::Problem& problem, const fleet::Fleet& fleet) {
    const fleet::Throughput whole = fleet::best_throughput(problem, fleet);
    ParetoFleet out{fleet, fleet::price_of(problem, fleet), fleet::peak_power(problem, fleet),
                    whole.theta, 0.0};
    if (whole.theta > 0.0) out.n_minus_1 = fleet::n_minus_1(problem, fleet, whole).node.theta;
    return out;
}

/// Adds a fleet, and those with one node more or less of a type, which are often better in N-1.
void add_neighbourhood(const job::Redesign& job, const fleet::Fleet& fleet,
                       std::vector<ParetoFleet>& front) {
    const auto add = [&](const fleet::Fleet& candidate) {
        if (!fleet::within(job.problem, candidate, job.limits)) return;
        if (fleet::types_in(candidate) > 0) {
            front.push_back(pareto_fleet(job.problem, candidate));
        }
    };
    add(fleet);
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        const fleet::Device& device = job.problem.devices[d];
        for (const double step : {-1.0, 1.0}) {
            fleet::Fleet moved = fleet;
            moved[d] += step * static_cast<double>(device.node_size);
            if (moved[d] >= 0.0 && moved[d] <= device.available) add(moved);
        }
    }
}

void keep_front(std::vector<ParetoFleet>& all) {
    std::vector<ParetoFleet> front;
    std::ranges::sort(all, {}, [](const ParetoFleet& f) {
        return std::tuple(f.price, f.power, -f.theta, -f.n_minus_1, f.fleet);
    });
    for (const ParetoFleet& each : all) {
        const bool twice = std::ranges::any_of(
            front, [&](const ParetoFleet& other) { return other.fleet == each.fleet; });
        const bool beaten = std::ranges::any_of(
            all, [&](const ParetoFleet& other) { return dominates(other, each); });
        if (!twice && !beaten && each.theta > 0.0) front.push_back(each);
    }
    all = std::move(front);
}

}  // namespace

namespace {

/// The budget within which every fleet is listed: that of the job, or twice the cheapest price.
fleet::Budget listed_budget(const job::Redesign& job) {
    fleet::Budget budget = job.limits;
    if (!std::isfinite(budget.price) && !std::isfinite(budget.devices)) {
        budget.price = 2.0 * fleet::cheapest_fluid(job.problem).price;
    }
    return budget;
}

/// Collective: the front of all fleets of whole nodes, `count` of them, measured by all ranks.
void add_exact_front(const job::Redesign& job, const mpi::Communicator& comm, std::int64_t count,
                     RedesignResult& result) {
    const fleet::Budget budget = listed_budget(job);
    const std::size_t types = job.problem.types();
    std::vector<double> mine;
    mpi::together(comm, [&] {
        const std::int64_t first = count * comm.rank() / comm.size();
        const std::int64_t last = count * (comm.rank() + 1) / comm.size();
        auto points = fleet::measured_fleets(job.problem, budget, first, last);
        std::erase_if(points, [](const fleet::ParetoPoint& point) { return point.theta <= 0.0; });
        for (const fleet::ParetoPoint& point : fleet::non_dominated(points)) {
            mine.insert(mine.end(), point.fleet.begin(), point.fleet.end());
            mine.insert(mine.end(), {point.price, point.power, point.theta, point.n_minus_1});
        }
    });
    const std::vector<double> all = comm.gather(mine);
    if (!comm.root()) return;
    std::vector<fleet::ParetoPoint> points;
    for (auto at = all.begin(); at != all.end();) {
        fleet::ParetoPoint point;
        point.fleet.assign(at, at + static_cast<std::ptrdiff_t>(types));
        at += static_cast<std::ptrdiff_t>(types);
        for (double* each : {&point.price, &point.power, &point.theta, &point.n_minus_1}) {
            *each = *at++;
        }
        points.push_back(std::move(point));
    }
    for (const fleet::ParetoPoint& point : fleet::non_dominated(points)) {
        result.front.push_back(
            {point.fleet, point.price, point.power, point.theta, point.n_minus_1});
    }
    std::ranges::sort(result.front, {}, [](const ParetoFleet& f) {
        return std::tuple(f.price, f.power, -f.theta, -f.n_minus_1, f.fleet);
    });
    result.front_complete = true;
}

}  // namespace

void add_front(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result) {
    if (job.search.pareto == 0) return;
    if (const auto count = fleet::count_fleets(job.problem, listed_budget(job))) {
        if (job.search.integer) return add_exact_front(job, comm, *count, result);
    }
    const std::vector<FrontLimits> steps = front_limits(job);
    const std::size_t types = job.problem.types();
    std::vector<double> mine;
    mpi::together(comm, [&] {
        for (std::size_t s = 0; s < steps.size(); ++s) {
            if (static_cast<int>(s) % comm.size() != comm.rank()) continue;
            fleet::SearchOptions options = options_of(job);
            options.objective = fleet::Objective::throughput;
            options.budget.price = steps[s].price;
            options.budget.power = steps[s].power;
            const fleet::Purchase bought = fleet::search(job.problem, options);
            if (bought.found) append_fleet(bought.fleet, types, mine);
        }
    });
    const std::vector<double> all = comm.gather(mine);
    std::vector<fleet::Fleet> fleets;
    for (auto at = all.begin(); at != all.end();) fleets.push_back(take_fleet(at, types));
    std::ranges::sort(fleets);
    fleets.erase(std::unique(fleets.begin(), fleets.end()), fleets.end());
    for (const fleet::Fleet& fleet : fleets) add_neighbourhood(job, fleet, result.front);
    keep_front(result.front);
    if (comm.root()) {
        result.notes.push_back(
            "the Pareto front is that of the searched fleets and their neighbours, "
            "not proved complete: there are more than 200,000 fleets");
    }
}

}  // namespace motley::redesign
