// B2: what a mixture of species yields above monocultures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"
#include "theory.hpp"

namespace motley::experiment {
namespace {

/// The additive partition of Loreau and Hector (Nature 412, 2001).
struct Partition {
    double net = 0.0, complementarity = 0.0, selection = 0.0;
};

Partition partition(const std::vector<double>& mixture, const std::vector<double>& monoculture) {
    const auto species = static_cast<double>(mixture.size());
    double yield = 0.0, mean_yield = 0.0, mean_change = 0.0, product = 0.0;
    for (std::size_t i = 0; i < mixture.size(); ++i) {
        const double change = mixture[i] / monoculture[i] - 1.0 / species;
        yield += mixture[i];
        mean_yield += monoculture[i] / species;
        mean_change += change / species;
        product += change * monoculture[i] / species;
    }
    return {yield - mean_yield, species * mean_change * mean_yield,
            species * (product - mean_change * mean_yield)};
}

void add_mixture(const ClassicJobs& jobs, ClassicResult& result) {
    const Solved mixture = jobs.solve("b2-biodiversity");
    // The same species apart, each with the whole biomass.
    const Solved apart = jobs.solve(
        "b2-biodiversity",
        {"topology={generator = \"isolated\", agents = 8}", set_key("model.resource.value", 8.0)});
    std::vector<double> yields;
    for (std::size_t i = 0; i < mixture.agents; ++i) yields.push_back(mixture.income(i));
    const Partition effect = partition(yields, apart.utility);
    result.add("net effect of biodiversity", effect.net, 5.518816640248486, solved_tolerance);
    result.add("complementarity", effect.complementarity, 4.938591426250422, solved_tolerance);
    result.add("selection", effect.selection, 0.5802252139980654, solved_tolerance);
    result.add("net - complementarity - selection",
               std::abs(effect.net - effect.complementarity - effect.selection), 1e-12, 0.0,
               Relation::at_most);
    double wrong = 0.0;
    for (std::size_t i = 0; i < apart.agents; ++i) {
        wrong = std::max(wrong, std::abs(apart.utility[i] / alone(apart, i, 0.7) - 1.0));
    }
    result.add("monocultures: largest relative error against the closed form", wrong, 1e-8, 0.0,
               Relation::at_most);
    result.add("productivity of the mixture", mixture.productivity(), 10.827178753097499,
               solved_tolerance);
    const double best = *std::ranges::max_element(apart.utility);
    result.add("mixture / best monoculture", mixture.productivity() / best,
               10.827178753097499 / 7.446798833380263, solved_tolerance);

    result.figure.kind = report::ChartKind::bars;
    result.figure.title = "Biodiversity: yields in mixture and alone";
    result.figure.caption = "Alone every species has an eighth of the biomass here.";
    result.figure.x.label = "species";
    result.figure.y.label = "yield";
    report::ChartSeries together{"in the mixture", {}}, single{"alone, a share of 1/8", {}};
    for (std::size_t i = 0; i < mixture.agents; ++i) {
        const auto place = static_cast<double>(i);
        result.figure.x.categories.push_back(std::to_string(i));
        together.points.push_back({place, yields[i]});
        single.points.push_back({place, apart.utility[i] / 8.0});
    }
    result.figure.series = {std::move(together), std::move(single)};
}

/// One function per species: with n of K functions at the same biomass P goes with
/// n^(1/(sigma-1)), the formula of Dixit and Stiglitz (1977) for varieties of goods.
void add_richness(const ClassicJobs& jobs, ClassicResult& result) {
    for (const double elasticity : {2.0, 3.0, 4.85}) {
        const auto productivity = [&](int present) {
            std::vector<double> uptake(8, 0.0);
            std::fill_n(uptake.begin(), present, 1.0);
            return jobs
                .solve("b2-biodiversity",
                       {"topology={generator = \"isolated\", agents = 1}", "model.tasks=8",
                        set_key("model.elasticity", elasticity),
                        "model.capability={" +
                            fmt::format("weights=[{}]", fmt::join(uptake, ", ")) + "}",
                        "model.demand={distribution = \"uniform\"}"})
                .productivity();
        };
        result.add(fmt::format("elasticity {:g}: slope of ln P on ln (number of species), 2 to 8",
                               elasticity),
                   std::log(productivity(8) / productivity(2)) / std::log(4.0),
                   1.0 / (elasticity - 1.0), solved_tolerance);
    }
}

/// ln P of the communities of 1, 2, 4, 8 and 16 species of one draw, at equal total biomass; the
/// smaller ones are part of the larger ones.
double slope_of_draw(const ClassicJobs& jobs, double elasticity, int draw) {
    constexpr int doublings = 4;
    double sum = 0.0;
    for (int d = 0; d <= doublings; ++d) {
        const int species = 1 << d;
        const Solved community =
            jobs.solve("b2-biodiversity",
                       {fmt::format("topology={{generator = \"pool\", agents = {}}}", species),
                        fmt::format("seed={}", draw), "solve.gap=1e-6",
                        set_key("model.elasticity", elasticity),
                        "model.capability={distribution = \"lognormal\", sigma = 0.7}",
                        set_key("model.resource.value", 1.0 / species)});
        sum += (d - doublings / 2) * std::log(community.productivity());
    }
    // Least squares on ln n: the sum of the squares of -2 ... 2 is 10.
    return sum / (10.0 * std::log(2.0));
}

/// Species drawn like those of the mixture, whose logarithms scatter by 0.71. The references are an
/// independent computation (exponentiated gradients, to a gap of 3e-6) with the same drawn species.
void add_drawn_communities(const ClassicJobs& jobs, ClassicResult& result) {
    constexpr int draws = 12;
    constexpr double elasticities[] = {0.7, 2.0, 5.0};
    constexpr double references[] = {0.288305626, 0.229706867, 0.129251326};
    constexpr double close = 1e-5;
    double slopes[3][draws];
    for (std::size_t e = 0; e < 3; ++e) {
        double mean = 0.0;
        for (int draw = 0; draw < draws; ++draw) {
            slopes[e][draw] = slope_of_draw(jobs, elasticities[e], draw + 1);
            mean += slopes[e][draw] / draws;
        }
        result.add(fmt::format("elasticity {:g}: slope of ln P on ln (number of species), 1 to 16, "
                               "mean of {} drawn communities",
                               elasticities[e], draws),
                   mean, references[e], close);
    }
    int ordered = 0;
    for (int draw = 0; draw < draws; ++draw) {
        ordered += slopes[0][draw] > slopes[1][draw] && slopes[1][draw] > slopes[2][draw] ? 1 : 0;
    }
    result.add("draws in which the slope falls from elasticity 0.7 to 2 to 5", ordered, draws, 0.0,
               Relation::at_least);
}

void measure_biodiversity(const ClassicJobs& jobs, ClassicResult& result) {
    add_mixture(jobs, result);
    add_richness(jobs, result);
    add_drawn_communities(jobs, result);
}

}  // namespace

const Classic biodiversity = {
    .id = "B2",
    .field = "ecology",
    .title = "Biodiversity and productivity",
    .source = "Loreau and Hector 2001; O'Connor and others 2017",
    .job = "b2-biodiversity",
    .says =
        "The yield of a species in a mixture is what its output is worth. What the mixture "
        "yields above the mean monoculture is divided exactly into complementarity and "
        "selection, and the mixture is better than the best monoculture. With one function per "
        "species productivity is a power of their number; the exponent 0.26 that O'Connor and "
        "others found in 374 experiments is that of elasticity 4.85.",
    .not_reproduced =
        "where functions do not replace each other (elasticity at most 1) a missing one stops "
        "everything, so that there is no saturating curve. Yields are values at the prices of the "
        "mixture, not weights.",
    .measure = measure_biodiversity,
};

}  // namespace motley::experiment
