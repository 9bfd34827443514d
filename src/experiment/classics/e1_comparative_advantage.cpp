// E1: comparative advantage and the gains from trade.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"
#include "theory.hpp"

namespace motley::experiment {
namespace {

constexpr std::size_t goods = 16;

double home_productivity(std::size_t good) {
    return std::exp(1.0 - 2.0 * (static_cast<double>(good) + 0.5) / goods);
}

/// The equilibrium of Dornbusch, Fischer and Samuelson (American Economic Review 67, 1977) with
/// finitely many goods: home makes the goods in which it is best relative to the wage, so that it
/// earns what the world spends on them.
struct Equilibrium {
    std::size_t cut_off = 0;  ///< goods that home alone makes
    double wage = 0.0;        ///< of home, relative to abroad
    double home_share = 0.0;  ///< of the world's spending on the good at the cut-off
    double gain_home = 0.0, gain_abroad = 0.0;  ///< income over income without trade
};

Equilibrium equilibrium(double home, double abroad) {
    Equilibrium found;
    for (std::size_t m = 0; m <= goods; ++m) {
        // Home makes m goods alone; or also a part of good m, and then its wage is that good's.
        const double first = static_cast<double>(m) / goods;
        const double alone = first / (1.0 - first) * abroad / home;
        const double above = m == 0 ? INFINITY : home_productivity(m - 1);
        const double below = m == goods ? 0.0 : home_productivity(m);
        const double share = below * home / (below * home + abroad);
        const bool shared = m < goods && share >= first && share <= first + 1.0 / goods;
        if (!shared && !(alone <= above && alone >= below)) continue;
        found.cut_off = m;
        found.wage = shared ? below : alone;
        found.home_share = shared ? share - first : 0.0;
        break;
    }
    double index = 0.0;  // mean logarithm of the prices, in wages of abroad
    double autarky = 0.0;
    for (std::size_t k = 0; k < goods; ++k) {
        index += std::log(std::min(found.wage / home_productivity(k), 1.0)) / goods;
        autarky += std::log(home_productivity(k)) / goods;
    }
    found.gain_home = found.wage / std::exp(index) / std::exp(autarky);
    found.gain_abroad = 1.0 / std::exp(index);
    return found;
}

report::ChartSeries world_shares(const Solved& world, const std::string& name, std::size_t agent) {
    report::ChartSeries series{name, {}};
    for (std::size_t k = 0; k < goods; ++k) {
        double all = 0.0;
        for (std::size_t i = 0; i < world.agents; ++i) all += world.output(i, k);
        series.points.push_back({static_cast<double>(k + 1), world.output(agent, k) / all});
    }
    return series;
}

void add_world(const ClassicJobs& jobs, const std::string& labour, double home, double abroad,
               ClassicResult& result) {
    const Solved world = jobs.solve("e1-comparative-advantage", {"model.resource=" + labour});
    const Equilibrium theory = equilibrium(home, abroad);
    const std::string where = fmt::format("labour ({:g}, {:g}): ", home, abroad);
    const double wage = world.income(0) / home / (world.income(1) / abroad);
    result.add(where + "wage at home / abroad", wage, theory.wage, solved_tolerance);
    result.add(where + "gain from trade at home", world.income(0) / alone(world, 0, 1.0),
               theory.gain_home, solved_tolerance);
    result.add(where + "gain from trade abroad", world.income(1) / alone(world, 1, 1.0),
               theory.gain_abroad, solved_tolerance);
    if (home != 1.0 || abroad != 2.0) return;
    std::size_t alone = 0;
    for (std::size_t k = 0; k < goods; ++k) alone += world.output(1, k) < 1e-6 ? 1 : 0;
    result.add(where + "goods that home alone makes", static_cast<double>(alone),
               static_cast<double>(theory.cut_off), 0.0);
    // Of the world's spending 1/16 goes to each good.
    const double part = world.output(0, theory.cut_off) /
                        (world.output(0, theory.cut_off) + world.output(1, theory.cut_off));
    result.add(where + "home's share of the next good", part, theory.home_share * goods,
               solved_tolerance);
    result.add(where + "productivity P", world.productivity(), 3.777862486378023, solved_tolerance);
    result.figure.kind = report::ChartKind::bars;
    result.figure.title = "Comparative advantage: who makes which good";
    result.figure.caption =
        "Goods in the order of home's advantage; the world's output of each, divided.";
    result.figure.x.label = "good";
    result.figure.y.label = "share of the world's output";
    for (std::size_t k = 0; k < goods; ++k) {
        result.figure.x.categories.push_back(std::to_string(k + 1));
    }
    result.figure.series = {world_shares(world, "home", 0), world_shares(world, "abroad", 1)};
    for (auto& series : result.figure.series) {
        for (auto& point : series.points) point.x -= 1.0;
    }
}

/// Ricardo's case of a country that is better at everything. Prices are those of its own costs.
void add_ricardo(const ClassicJobs& jobs, ClassicResult& result) {
    const Solved world = jobs.solve("e1-comparative-advantage",
                                    {"model.tasks=2", "model.capability.file=\"e1-ricardo.csv\"",
                                     "model.resource={value = 1.0}"});
    const double large = std::sqrt(6.0 * 3.0), small = 1.8 * large / 3.0;
    result.add("Ricardo, (6, 3) and (2, 1.8): income of the able country", world.income(0), large,
               solved_tolerance);
    result.add("Ricardo: income of the other", world.income(1), small, solved_tolerance);
    result.add("Ricardo: gain of the able country", world.income(0) / alone(world, 0, 1.0), 1.0,
               solved_tolerance);
    result.add("Ricardo: gain of the other", world.income(1) / alone(world, 1, 1.0),
               small / std::sqrt(2.0 * 1.8), solved_tolerance);
}

/// The theorem of the gains from trade: at world prices an income buys what autarky gives.
void add_random_worlds(const ClassicJobs& jobs, ClassicResult& result) {
    constexpr double gap = 1e-7;
    double least = INFINITY;
    for (int world_number = 0; world_number < 12; ++world_number) {
        const double sigma = std::vector{0.5, 1.0, 3.0}[static_cast<std::size_t>(world_number % 3)];
        const int countries = 2 + world_number;
        const Solved world = jobs.solve(
            "e1-comparative-advantage",
            {fmt::format("seed={}", world_number + 1), fmt::format("topology.agents={}", countries),
             "model.tasks=6", set_key("model.elasticity", sigma),
             "model.capability={distribution = \"lognormal\", sigma = 0.8}",
             "model.resource={distribution = \"lognormal\", sigma = 0.5}",
             "model.demand={distribution = \"zipf\", exponent = 0.7}", "solve.gap=1e-7"});
        for (std::size_t i = 0; i < world.agents; ++i) {
            least = std::min(least, world.income(i) / alone(world, i, sigma));
        }
    }
    result.add("12 drawn worlds: least income / autarky of any country", least, 1.0, gap,
               Relation::at_least);
}

void measure_trade(const ClassicJobs& jobs, ClassicResult& result) {
    add_world(jobs, "{file = \"e1-labour.csv\"}", 1.0, 2.0, result);
    add_world(jobs, "{value = 1.0}", 1.0, 1.0, result);
    add_world(jobs, "{file = \"e1-labour-large-home.csv\"}", 3.0, 1.0, result);
    add_ricardo(jobs, result);
    add_random_worlds(jobs, result);
}

}  // namespace

const Classic comparative_advantage = {
    .id = "E1",
    .field = "economics",
    .title = "Comparative advantage and the gains from trade",
    .source = "Ricardo 1817; Dornbusch, Fischer and Samuelson 1977",
    .job = "e1-comparative-advantage",
    .says =
        "Two countries divide sixteen goods in a world market. Each makes those in which its "
        "advantage is greatest, wages balance what the world spends, and each earns at least "
        "what it has alone. Income is what a country's output is worth at world prices.",
    .not_reproduced =
        "consumption is given, not bought. What a country earns (final/income) is not what it "
        "consumes (final/utility): in a pool all consume the same, so that an able country can "
        "consume less than it would alone.",
    .measure = measure_trade,
};

}  // namespace motley::experiment
