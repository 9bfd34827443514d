// E2: countries that choose how much they trade, and with whom.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"

namespace motley::experiment {
namespace {

/// A symmetric world of `countries` that make one good each: `survival` of what
/// travels arrives.
struct World {
    int countries;
    double elasticity, survival;

    /// Share of a country's product that it consumes itself: 1 - openness
    /// (Arkolakis, Costinot and Rodriguez-Clare, American Economic Review 102,
    /// 2012).
    double domestic() const {
        return 1.0 / (1.0 + (countries - 1) * std::pow(survival, elasticity - 1.0));
    }
    double gain() const { return std::pow(domestic(), -1.0 / (elasticity - 1.0)); }
};

/// Consumption over what a country has that only consumes its own good.
double gain_of(const Solved& world, std::size_t country, double elasticity) {
    const double own = world.resource[country] * world.capability[world.at(country, country)];
    const double weight = world.demand[world.at(country, country)];
    return world.utility[country] / (std::pow(weight, 1.0 / (elasticity - 1.0)) * own);
}

void add_complete_worlds(const ClassicJobs& jobs, ClassicResult& result) {
    for (const World& each :
         {World{8, 5.0, 0.8}, World{8, 5.0, 0.6}, World{8, 3.0, 0.8}, World{20, 5.0, 0.8}}) {
        const Solved world = jobs.solve(
            "e2-gravity",
            {fmt::format("topology={{generator = \"complete\", agents = {}, "
                         "survival = {}}}",
                         each.countries, each.survival),
             fmt::format("model.tasks={}", each.countries),
             set_key("model.elasticity", each.elasticity),
             fmt::format("model.capability.file=\"e2-one-good-each-{}.csv\"", each.countries)});
        const std::string which =
            fmt::format("{} countries, elasticity {:g}, {:g} arrives: ", each.countries,
                        each.elasticity, each.survival);
        result.add(which + "domestic share", 1.0 - world.openness[0], each.domestic(),
                   solved_tolerance);
        result.add(which + "gain from trade", gain_of(world, 0, each.elasticity), each.gain(),
                   solved_tolerance);
        result.add(which + "imports of a good / of the own one",
                   world.consumption[world.at(0, 1)] / world.consumption[world.at(0, 0)],
                   std::pow(each.survival, each.elasticity), solved_tolerance);
    }
}

/// Sixteen countries on a circle, of which d^-0.3 arrives after d steps.
void add_circle(const ClassicJobs& jobs, ClassicResult& result) {
    constexpr double elasticity = 5.0, friction = 0.3;
    constexpr std::size_t countries = 16;
    const Solved world = jobs.solve("e2-gravity");
    double all = 0.0;  // sum of survival^(elasticity - 1) over partners
    const auto steps_to = [](std::size_t other) {
        return static_cast<double>(std::min(other, countries - other));
    };
    for (std::size_t j = 1; j < countries; ++j) {
        all += std::pow(steps_to(j), -friction * (elasticity - 1.0));
    }
    result.add("circle of 16: openness", world.openness[0], all / (1.0 + all), solved_tolerance);
    const auto [least, most] = std::ranges::minmax_element(world.openness);
    result.add("circle of 16: largest difference of openness", *most - *least, solved_tolerance,
               0.0, Relation::at_most);
    result.add("circle of 16: gain from trade", gain_of(world, 0, elasticity),
               std::pow(1.0 + all, 1.0 / (elasticity - 1.0)), solved_tolerance);
    report::ChartSeries shipments{"shipments of country 0", {}},
        law{"distance to the power -1.2", {}};
    double mean_x = 0.0, mean_y = 0.0, over = 0.0, under = 0.0;
    std::vector<std::pair<double, double>> points;
    for (std::size_t j = 1; j < countries; ++j) {
        // What arrives of good 0 in j, before the losses on the way.
        const double sent = world.consumption[world.at(j, 0)] / std::pow(steps_to(j), -friction);
        points.emplace_back(std::log(steps_to(j)), std::log(sent));
        if (j <= countries / 2) {
            shipments.points.push_back({steps_to(j), sent});
            law.points.push_back(
                {steps_to(j), std::exp(points.front().second) * std::pow(steps_to(j), -1.2)});
        }
    }
    for (const auto& [x, y] : points) {
        mean_x += x / static_cast<double>(points.size());
        mean_y += y / static_cast<double>(points.size());
    }
    for (const auto& [x, y] : points) {
        over += (x - mean_x) * (y - mean_y);
        under += (x - mean_x) * (x - mean_x);
    }
    result.add("circle of 16: distance elasticity of shipments", over / under,
               -friction * (elasticity - 1.0), solved_tolerance);
    result.figure.title = "Gravity: shipments and distance";
    result.figure.caption = "Sixteen countries on a circle choose with whom they trade.";
    result.figure.x = {"distance", "steps", report::Scale::logarithmic};
    result.figure.y = {"shipped", "output", report::Scale::logarithmic};
    shipments.look = report::Look::points;
    law.look = report::Look::line;
    result.figure.series = {std::move(shipments), std::move(law)};
}

void measure_gravity(const ClassicJobs& jobs, ClassicResult& result) {
    add_complete_worlds(jobs, result);
    add_circle(jobs, result);
}

}  // namespace

const Classic gravity = {
    .id = "E2",
    .field = "economics",
    .title = "Gravity and the gains from trade",
    .source = "Armington 1969; Arkolakis, Costinot and Rodriguez-Clare 2012",
    .job = "e2-gravity",
    .says =
        "Countries that make one good each choose how much they trade, and "
        "with whom. What they "
        "keep is the domestic share pi of the formula, the gain from trade is "
        "pi^(-1/(sigma-1)), and shipments are a power of distance.",
    .not_reproduced =
        "where goods are passed on, losses compound and the "
        "formula fails (8 countries, elasticity "
        "5, 0.8 arrives: the best common openness gains 1.248, "
        "the formula at its domestic share "
        "says 1.145). With fixed routing shipments fall "
        "exponentially with distance (N3). Worlds of "
        "unlike countries with balanced trade need weights of "
        "their budgets, which are not here.",
    .measure = measure_gravity,
};

}  // namespace motley::experiment
