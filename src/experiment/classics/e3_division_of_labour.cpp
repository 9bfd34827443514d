// E3: the division of labour is limited by the extent of the market.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"

namespace motley::experiment {
namespace {

constexpr double all_goods = 12.0;
constexpr int draws = 4;

/// Settled shares of a complete graph: what a person consumes of its own product and of that of
/// each other person.
struct Shares {
    double own, other;
};

Shares shares_of_complete(double people, double openness) {
    const double own =
        1.0 / people + (1.0 - 1.0 / people) * (1.0 - openness) / (1.0 + openness / (people - 1.0));
    return {own, (1.0 - own) / (people - 1.0)};
}

/// Theorem, elasticity at most 1: u_i <= (sum_j sqrt(M_ij))^2, M the shares of what i consumes: the
/// extent of its market, a Hill number of order 1/2. And u_i <= K.
double extent(const Shares& shares, double people) {
    const double roots = std::sqrt(shares.own) + (people - 1.0) * std::sqrt(shares.other);
    return std::min(all_goods, roots * roots);
}

/// Each makes 12/n goods, n a divisor of 12: utility is a product of shares.
double even_split(const Shares& shares, double people) {
    return people * people * std::pow(shares.own, 1.0 / people) *
           std::pow(shares.other, 1.0 - 1.0 / people);
}

struct Outcomes {
    double best = 0.0, worst = INFINITY;
};

Outcomes outcomes(const ClassicJobs& jobs, int people, const std::vector<std::string>& more) {
    Outcomes found;
    for (int seed = 1; seed <= draws; ++seed) {
        std::vector<std::string> set = {fmt::format("topology.agents={}", people),
                                        fmt::format("seed={}", seed)};
        set.insert(set.end(), more.begin(), more.end());
        const Solved market = jobs.solve("e3-division-of-labour", set);
        const double each = market.productivity() / people;
        found.best = std::max(found.best, each);
        found.worst = std::min(found.worst, each);
    }
    return found;
}

void add_pools(const ClassicJobs& jobs, ClassicResult& result) {
    report::ChartSeries best{"best of 4 draws", {}}, worst{"worst of 4 draws", {}},
        bound{"bound: people, at most 12", {}}, doing{"learning by doing, best of 4", {}};
    for (const int people : {2, 3, 4, 6, 12, 24}) {
        const Outcomes found = outcomes(jobs, people, {});
        const double most = std::min(static_cast<double>(people), all_goods);
        const std::string which = fmt::format("pool of {}, income per person: ", people);
        if (people <= 12) {
            result.add(which + "best of 4 draws", found.best, most, 1e-3);
        }
        result.add(which + "any draw", found.best, most, 1e-9, Relation::at_most);
        best.points.push_back({static_cast<double>(people), found.best});
        worst.points.push_back({static_cast<double>(people), found.worst});
        bound.points.push_back({static_cast<double>(people), most});
        if (people > 12) continue;
        doing.points.push_back({static_cast<double>(people),
                                outcomes(jobs, people, {"model.learning.rule=\"doing\""}).best});
    }
    result.figure.title = "The division of labour and the extent of the market";
    result.figure.caption = "Identical people, twelve goods, a pool.";
    result.figure.x = {"people in the market", "", report::Scale::logarithmic};
    result.figure.y = {"income per person", "", report::Scale::logarithmic};
    result.figure.series = {std::move(bound), std::move(best), std::move(worst), std::move(doing)};
}

/// Flows lag here, so that many people must adapt slowly against them, or two crowd into one good.
void add_complete_markets(const ClassicJobs& jobs, ClassicResult& result) {
    constexpr double openness = 0.9;
    for (const int people : {2, 3, 4, 6, 12}) {
        std::vector<std::string> set = {
            fmt::format("topology={{generator = \"complete\", agents = {}}}", people),
            set_key("model.openness", openness)};
        if (people == 12) set.insert(set.end(), {"solve.rate=0.003", "solve.steps=60000"});
        const Outcomes found = outcomes(jobs, people, set);
        const Shares shares = shares_of_complete(people, openness);
        const std::string which = fmt::format("complete graph of {}, openness 0.9: ", people);
        result.add(which + "best of 4 draws", found.best, even_split(shares, people), 1e-3);
        result.add(which + "any draw", found.best, extent(shares, people), 1e-9, Relation::at_most);
    }
}

/// The extent of a market on a ring of degree 2, measured from where one unit goes.
void add_extent(const ClassicJobs& jobs, ClassicResult& result) {
    for (const double openness : {0.2, 0.9}) {
        const Solved ring = jobs.solve("n3-distance-rule", {set_key("model.openness", openness)});
        double roots = 0.0;
        for (const double share : ring.consumption) roots += std::sqrt(share);
        const double root = std::sqrt(1.0 - openness * openness);
        const double factor = (1.0 - root) / openness;
        const double reach = (1.0 + std::sqrt(factor)) / (1.0 - std::sqrt(factor));
        result.add(
            fmt::format("ring of degree 2, openness {:g}: extent of the market, people", openness),
            roots * roots, (1.0 - openness) / root * reach * reach, 1e-6);
    }
}

void measure_division(const ClassicJobs& jobs, ClassicResult& result) {
    add_pools(jobs, result);
    add_complete_markets(jobs, result);
    add_extent(jobs, result);
}

}  // namespace

const Classic division_of_labour = {
    .id = "E3",
    .field = "economics",
    .title = "The division of labour is limited by the extent of the market",
    .source = "Smith 1776",
    .job = "e3-division-of-labour",
    .says =
        "Identical people learn what they do. Nobody can have more than the extent of the market "
        "times what she has alone, the Hill number of order 1/2 of where her consumption comes "
        "from; a market of n that divides twelve goods evenly reaches n.",
    .not_reproduced =
        "a single course often stops at an uneven division, as the figure shows. Learning by "
        "doing, "
        "which follows earnings and not gains, reaches less. Where flows lag (complete graph of "
        "12), "
        "people must adapt slowly (rate 0.003), or two of them crowd into one good for good.",
    .measure = measure_division,
};

}  // namespace motley::experiment
