// B1: competitive exclusion, and the trade-off that lifts it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"

namespace motley::experiment {
namespace {

constexpr double least_biomass = 1e-3;

std::vector<std::size_t> survivors(const Solved& community) {
    std::vector<std::size_t> alive;
    for (std::size_t i = 0; i < community.agents; ++i) {
        if (community.resource[i] > least_biomass) alive.push_back(i);
    }
    return alive;
}

double count(const std::vector<std::size_t>& species) {
    return static_cast<double>(species.size());
}

/// The instance whose optimum an independent solver (projected SLSQP on the survivors) found.
void add_exclusion(const ClassicJobs& jobs, ClassicResult& result) {
    const Solved community = jobs.solve("b1-exclusion");
    const std::vector<std::size_t> known = {11, 30, 34, 38};
    const std::vector<double> biomass = {4.070319078479681, 15.04957927955181, 13.857304003590958,
                                         7.022797627889298};
    const auto alive = survivors(community);
    result.add("40 species, 4 resources: survivors", count(alive), 4.0, 0.0);
    result.add("advantage of the best invader", community.solution.measures.gap, 1e-9, 0.0,
               Relation::at_most);
    result.add("productivity P", community.productivity(), 68.99769959440992, 1e-6);
    for (std::size_t s = 0; s < known.size(); ++s) {
        // The optimum is flat: biomass is known to about the root of the gap.
        result.add(fmt::format("biomass of species {}", known[s]), community.resource[known[s]],
                   biomass[s], 1e-2);
    }
}

/// The same species on a ring: space lifts exclusion.
void add_ring(const ClassicJobs& jobs, ClassicResult& result) {
    const Solved community =
        jobs.solve("b1-exclusion", {"topology={generator = \"ring\", agents = 40, degree = 4}",
                                    "model.openness=0.9", "solve.gap=1e-7"});
    result.add("on a ring of degree 4 instead of a pool: survivors", count(survivors(community)),
               5.0, 0.0, Relation::at_least);
}

void add_draws(const ClassicJobs& jobs, ClassicResult& result) {
    double most = 0.0, least = INFINITY, gap = 0.0;
    for (int draw = 0; draw < 12; ++draw) {
        const double elasticity = std::vector{0.5, 1.0, 2.0}[static_cast<std::size_t>(draw % 3)];
        // A job without a table of diets: they are even shares with noise.
        const Solved community = jobs.solve(
            "b2-biodiversity",
            {fmt::format("seed={}", draw + 1), set_key("model.elasticity", elasticity),
             "topology.agents=40", "model.tasks=4",
             "model.capability={distribution = \"lognormal\", sigma = 0.5}", "model.noise=1.0",
             "model.adapt=false", "model.growth={rate = 0.1, conserve = true}", "solve.gap=1e-9"});
        const double alive = count(survivors(community));
        most = std::max(most, alive);
        least = std::min(least, alive);
        gap = std::max(gap, community.solution.measures.gap);
    }
    result.add("12 drawn communities: most survivors", most, 4.0, 0.0, Relation::at_most);
    result.add("12 drawn communities: fewest survivors", least, 1.0, 0.0, Relation::at_least);
    result.add("12 drawn communities: best invader", gap, 1e-9, 0.0, Relation::at_most);
}

void add_trade_off(const ClassicJobs& jobs, ClassicResult& result) {
    const Solved inside = jobs.solve("b1-trade-off");
    result.add("trade-off, supply inside the hull: survivors", count(survivors(inside)), 12.0, 0.0);
    double off = 0.0;
    for (const double value : inside.value) off = std::max(off, std::abs(value - 1.0));
    result.add("inside: largest deviation of a price from 1", off, 1e-8, 0.0, Relation::at_most);
    result.add("inside: productivity per species", inside.productivity() / 12.0, 1.0, 1e-8);
    const Solved outside =
        jobs.solve("b1-trade-off", {"model.demand.weights=[0.6, 0.2, 0.2]", "solve.steps=400000"});
    result.add("outside: survivors", count(survivors(outside)), 2.0, 0.0);
    result.add("outside: productivity per species", outside.productivity() / 12.0,
               0.9929356792313312, 1e-8);
    result.add("outside: biomass of the first", outside.resource[0], 9.622334905279109, 1e-5);
}

/// Biomass over time, one line per species.
void draw_exclusion(const ClassicJobs& jobs, ClassicResult& result) {
    report::Chart& figure = result.figure;
    figure.title = "Competitive exclusion: forty species on four resources";
    figure.caption = "The eight species that are most abundant at some time; four are left.";
    figure.x = {"step (counted from 1)", "", report::Scale::logarithmic};
    figure.y = {"biomass"};
    figure.y.from_zero = true;
    std::vector<report::ChartSeries> lines(40);
    std::vector<std::pair<double, std::size_t>> peaks(40);
    const Watch watch{
        50, [&](std::int64_t step, const Solved& now) {
            for (std::size_t i = 0; i < now.agents; ++i) {
                lines[i].name = fmt::format("species {}", i);
                lines[i].points.push_back({static_cast<double>(step + 1), now.resource[i]});
                peaks[i] = {std::max(peaks[i].first, now.resource[i]), i};
            }
        }};
    jobs.solve("b1-exclusion", {"solve.mode=dynamics", "solve.steps=5000"}, watch);
    std::ranges::sort(peaks, std::greater<>());
    for (std::size_t s = 0; s < 8; ++s) figure.series.push_back(lines[peaks[s].second]);
}

void measure_exclusion(const ClassicJobs& jobs, ClassicResult& result) {
    add_exclusion(jobs, result);
    add_draws(jobs, result);
    add_trade_off(jobs, result);
    add_ring(jobs, result);
    draw_exclusion(jobs, result);
}

}  // namespace

const Classic exclusion = {
    .id = "B1",
    .field = "ecology",
    .title = "Competitive exclusion, and the trade-off that lifts it",
    .source = "MacArthur 1969; Posfai, Taillefumier and Wingreen 2017",
    .job = "b1-exclusion",
    .says =
        "Species with fixed diets in one pool: at most as many survive as there are resources, "
        "and the optimum is the state that no species can invade. Where all have the same total "
        "uptake and the supply lies inside the hull of their strategies, all live together.",
    .not_reproduced =
        "space lifts exclusion too, as the last line shows: a result, not an error. There is no "
        "mortality and no stock of a resource; "
        "what "
        "a unit of it is worth plays the part of R*.",
    .measure = measure_exclusion,
};

}  // namespace motley::experiment
