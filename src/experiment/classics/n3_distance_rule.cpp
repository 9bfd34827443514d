// N3: what one area makes is consumed in shares that fall exponentially with distance.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"

namespace motley::experiment {
namespace {

constexpr double rule_tolerance = 1e-12;
constexpr std::size_t farthest = 40;  // hops

/// Consumption d hops from a source of one unit on an endless ring of degree 2, where a share
/// `openness` is passed on and `survival` of it arrives.
struct Rule {
    double openness, survival = 1.0;

    double passed() const { return openness * survival; }
    double root() const { return std::sqrt(1.0 - passed() * passed()); }
    double factor() const { return (1.0 - root()) / passed(); }
    double length() const { return 1.0 / std::acosh(1.0 / passed()); }
    double share(std::size_t hops) const {
        return (1.0 - openness) / root() * std::pow(factor(), static_cast<double>(hops));
    }
    double total() const { return (1.0 - openness) / (1.0 - passed()); }
};

Solved solve_ring(const ClassicJobs& jobs, const Rule& rule) {
    return jobs.solve("n3-distance-rule", {set_key("model.openness", rule.openness),
                                           set_key("topology.survival", rule.survival)});
}

double largest_error(const Solved& ring, const Rule& rule) {
    double error = 0.0;
    for (std::size_t d = 0; d <= farthest; ++d) {
        error = std::max(error, std::abs(ring.consumption[d] - rule.share(d)));
        if (d == 0) continue;
        error = std::max(error, std::abs(ring.consumption[ring.agents - d] - rule.share(d)));
    }
    return error;
}

double length_of(const Solved& ring) {
    return 1.0 / std::log(ring.consumption[1] / ring.consumption[2]);
}

void measure_distance(const ClassicJobs& jobs, ClassicResult& result) {
    result.figure.title = "The exponential distance rule";
    result.figure.caption = "What one area makes, by the distance at which it is consumed.";
    result.figure.x = {"distance", "hops"};
    result.figure.y = {"share of the product", "", report::Scale::logarithmic};
    for (const double openness : {0.5, 0.8, 0.9, 0.97}) {
        const Rule rule{openness};
        const Solved ring = solve_ring(jobs, rule);
        result.add(fmt::format("openness {}: length of the rule, hops", openness), length_of(ring),
                   rule.length(), 1e-9);
        result.add(fmt::format("openness {}: largest error of a share", openness),
                   largest_error(ring, rule), rule_tolerance, 0.0, Relation::at_most);
        report::ChartSeries line{fmt::format("openness {}", openness), {}};
        for (std::size_t d = 0; d <= 20; ++d) {
            line.points.push_back({static_cast<double>(d), ring.consumption[d]});
        }
        result.figure.series.push_back(std::move(line));
    }
    const Rule lossy{0.9, 0.8};
    const Solved ring = solve_ring(jobs, lossy);
    double total = 0.0;
    for (const double share : ring.consumption) total += share;
    result.add("openness 0.9, wires lose a fifth: length, hops", length_of(ring), lossy.length(),
               1e-9);
    result.add("openness 0.9, wires lose a fifth: total that arrives", total, lossy.total(),
               rule_tolerance);
    const Rule measured{1.0 / std::cosh(0.19)};
    result.add("openness 1 / cosh(0.19): decay per hop",
               1.0 / length_of(solve_ring(jobs, measured)), 0.19, 1e-9);
}

}  // namespace

const Classic distance_rule = {
    .id = "N3",
    .field = "neuroscience",
    .title = "The exponential distance rule",
    .source = "Ercsey-Ravasz and others 2013",
    .job = "n3-distance-rule",
    .says =
        "What one area of a ring makes is consumed in shares that fall by the same factor with "
        "every hop; the length of the rule is 1 / arccosh(1 / (openness x survival)) hops. It "
        "is also the scale on which a ring divides its work.",
    .not_reproduced =
        "an area has no memory but the lag of its flows, so that nothing is said about the "
        "heterogeneity of time constants.",
    .measure = measure_distance,
};

}  // namespace motley::experiment
