// C2: placing work on unlike devices is a linear programme, of which productivity is a power mean.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"

namespace motley::experiment {
namespace {

/// Largest theta with output Y_k >= theta D_k, by an independent solver (HiGHS).
constexpr double theta = 57.89413556162605;

/// The stream that this placement serves.
double served(const Solved& fleet) {
    double least = INFINITY;
    for (std::size_t k = 0; k < fleet.tasks; ++k) {
        double made = 0.0;
        for (std::size_t i = 0; i < fleet.agents; ++i) made += fleet.output(i, k);
        least = std::min(least, made / fleet.demand[k]);
    }
    return least;
}

/// No placement serves more than what all devices earn at prices whose mean over the stream is 1:
/// the dual of the programme.
double bound(const Solved& fleet) {
    double spent = 0.0, earned = 0.0;
    for (std::size_t k = 0; k < fleet.tasks; ++k) spent += fleet.demand[k] * fleet.value[k];
    for (std::size_t i = 0; i < fleet.agents; ++i) {
        double best = 0.0;
        for (std::size_t k = 0; k < fleet.tasks; ++k) {
            best = std::max(best, fleet.capability[fleet.at(i, k)] * fleet.value[k]);
        }
        earned += fleet.resource[i] * best;
    }
    return earned / spent;
}

/// The stream of equal devices, all of the best kind, in the same time.
double best_homogeneous(const Solved& fleet) {
    double time = 0.0, best = 0.0;
    for (const double share : fleet.resource) time += share;
    for (std::size_t i = 0; i < fleet.agents; ++i) {
        double per_unit = 0.0;
        for (std::size_t k = 0; k < fleet.tasks; ++k) {
            per_unit += fleet.demand[k] / fleet.capability[fleet.at(i, k)];
        }
        best = std::max(best, time / per_unit);
    }
    return best;
}

struct Placing {
    double elasticity, ratio, gap;
};

/// P / theta by an independent search (exponentiated gradient), and the gap to which it was made.
const std::vector<Placing> placings = {
    {0.05, 1.002936076638869, 1e-5}, {0.1, 1.005636035166099, 1e-5},
    {0.2, 1.0110765820803687, 1e-8}, {0.5, 1.027000148265157, 1e-8},
    {1.0, 1.0509783406618887, 1e-8},
};

void measure_placement(const ClassicJobs& jobs, ClassicResult& result) {
    report::ChartSeries points{"productivity / largest stream", {}},
        most{"bound by the theorem", {}};
    for (const Placing& each : placings) {
        const Solved fleet = jobs.solve(
            "c2-placement",
            {set_key("model.elasticity", each.elasticity), set_key("solve.gap", each.gap)});
        const double ratio = fleet.productivity() / theta;
        const std::string which = fmt::format("elasticity {:g}: ", each.elasticity);
        result.add(which + "P / largest stream", ratio, each.ratio, 2.0 * each.gap);
        if (each.elasticity < 1.0) {
            const double rarest =
                *std::min_element(fleet.demand.begin(),
                                  fleet.demand.begin() + static_cast<std::ptrdiff_t>(fleet.tasks));
            const double largest = std::pow(rarest, each.elasticity / (each.elasticity - 1.0));
            result.add(which + "P / largest stream by the theorem", ratio, largest, 0.0,
                       Relation::at_most);
            most.points.push_back({each.elasticity, largest});
        }
        points.points.push_back({each.elasticity, ratio});
        if (each.elasticity == 0.05) {
            result.add("stream that this placement serves", served(fleet), theta, 1e-6,
                       Relation::at_most);
            result.add("stream that this placement serves, within 2 %", served(fleet), 0.98 * theta,
                       0.0, Relation::at_least);
            result.add("stream that its prices allow at most", bound(fleet), theta, 1e-6,
                       Relation::at_least);
            result.add("stream of the best equal devices", best_homogeneous(fleet),
                       38.62918903233937, 1e-8);
            result.add("what heterogeneity is worth, %",
                       100.0 * (theta / best_homogeneous(fleet) - 1.0), 49.87, 0.01);
        }
    }
    result.figure.title = "Placement is a linear programme";
    result.figure.caption =
        "Productivity over the optimum of the linear programme; as elasticity goes to 0 both "
        "agree.";
    result.figure.x = {"elasticity", "", report::Scale::logarithmic};
    result.figure.y = {"productivity / largest stream", "", report::Scale::logarithmic};
    result.figure.series = {std::move(points), std::move(most)};
}

}  // namespace

const Classic placement = {
    .id = "C2",
    .field = "computing",
    .title = "Placement is a linear programme",
    .source = "linear programmes and their duality: Dantzig 1951; Gale, Kuhn and Tucker 1951",
    .job = "c2-placement",
    .says =
        "Unlike devices serve a stream of six workloads in fixed proportions. Below elasticity 1 "
        "productivity lies between the largest stream, the optimum of a linear programme, and a "
        "power of the rarest share times it; prices prove how good a placement is.",
    .not_reproduced =
        "jobs are divisible: whole jobs, and so Graham's bound 2 - 1/m for lists of "
        "them, are not in the model.",
    .measure = measure_placement,
};

}  // namespace motley::experiment
