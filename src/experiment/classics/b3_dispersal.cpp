// B3: diversity within a patch is greatest at an intermediate dispersal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"
#include "theory.hpp"

namespace motley::experiment {
namespace {

constexpr std::size_t patches = 20;

/// Diversities as effective numbers of species.
struct Diversity {
    double local = 0.0;     ///< exp of the mean entropy of a patch
    double regional = 0.0;  ///< exp of the entropy of the mean over patches
    double fitness = 0.0;   ///< mean over all biomass
};

Diversity diversity(const Solved& region, std::size_t places) {
    const std::size_t species = region.agents / places;
    std::vector<double> mean(species, 0.0);
    Diversity found;
    double all = 0.0;
    for (std::size_t l = 0; l < places; ++l) {
        std::vector<double> patch;
        double total = 0.0;
        for (std::size_t i = 0; i < species; ++i) {
            const std::size_t agent = l * species + i;
            patch.push_back(region.resource[agent]);
            total += region.resource[agent];
            found.fitness += region.resource[agent] * region.capability[agent];
        }
        for (std::size_t i = 0; i < species; ++i) mean[i] += patch[i] / total;
        found.local += entropy(patch) / static_cast<double>(places);
        all += total;
    }
    found.local = std::exp(found.local);
    found.regional = std::exp(entropy(mean));
    found.fitness /= all;
    return found;
}

struct Known {
    double migration, local, regional;
};

/// Fixed points of an independent computation of the same equations, to 1e-13.
const std::vector<Known> fixed_points = {
    {0, 1.0000000001497376, 19.99999999999999},     {0.01, 2.300215604219348, 19.99999999606899},
    {0.02, 3.9803236811644362, 19.999999770218825}, {0.05, 10.166428125965908, 19.999575786253082},
    {0.1, 15.964435305081414, 19.907288784506154},
};

/// So many that the state no longer moves up to 0.1; above it moves for long.
int steps_of(double dispersal) {
    return dispersal < 0.1 ? 4000 : dispersal < 0.15 ? 20000 : 30000;
}

void add_hump(const ClassicJobs& jobs, ClassicResult& result) {
    report::ChartSeries local{"in a patch", {}}, regional{"in the region", {}};
    double last = INFINITY, highest = 0.0, peak = 0.0, rise = 0.0;
    for (const double d : {0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5}) {
        const Solved region =
            jobs.solve("b3-dispersal",
                       {set_key("model.migration", d), fmt::format("solve.steps={}", steps_of(d))});
        const Diversity now = diversity(region, patches);
        for (const Known& known : fixed_points) {
            if (known.migration != d) continue;
            result.add(fmt::format("dispersal {:g}: species in a patch", d), now.local, known.local,
                       1e-3);
            result.add(fmt::format("dispersal {:g}: species in the region", d), now.regional,
                       known.regional, 1e-3);
        }
        local.points.push_back({d, now.local});
        regional.points.push_back({d, now.regional});
        if (now.local > highest) peak = d;
        highest = std::max(highest, now.local);
        rise = std::max(rise, now.regional - last);
        last = now.regional;
    }
    result.add("species in a patch at the peak", highest, 17.1087, 1e-2);
    result.add("dispersal at the peak of a patch's diversity: above", peak, 0.0, -0.01,
               Relation::at_least);
    result.add("dispersal at the peak of a patch's diversity: below", peak, 0.5, -0.01,
               Relation::at_most);
    result.add("largest rise of the region's diversity with dispersal", rise, 1e-9, 0.0,
               Relation::at_most);
    result.figure.title = "The dispersal hump";
    result.figure.caption =
        "Effective numbers of species, exp(H), of twenty; every point is a run of up to 30,000 "
        "steps.";
    result.figure.x = {"share that moves per step"};
    result.figure.y = {"species"};
    result.figure.y.from_zero = true;
    result.figure.series = {std::move(local), std::move(regional)};
}

/// A rare species persists where the largest eigenvalue of ((1 - d) I + d W) diag(exp(rho (f2/f1 -
/// 1))) is above 1; of two patches, W swaps them.
double growth_when_rare(double d) {
    constexpr double rho = 0.5;
    const double here = std::exp(rho * (0.9 / 1.5 - 1.0)),
                 there = std::exp(rho * (1.3 / 1.0 - 1.0));
    const double trace = (1.0 - d) * (here + there);
    const double determinant = (1.0 - 2.0 * d) * here * there;
    return trace / 2.0 + std::sqrt(trace * trace / 4.0 - determinant);
}

double critical_migration() {
    double low = 0.1, high = 0.5;
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2.0;
        (growth_when_rare(middle) > 1.0 ? low : high) = middle;
    }
    return low;
}

void add_two_patches(const ClassicJobs& jobs, ClassicResult& result) {
    const double critical = critical_migration();
    result.add("two patches: critical dispersal of the closed form", critical, 0.37558594944968265,
               1e-9);
    const auto regional = [&](double d) {
        const Solved region = jobs.solve(
            "b3-dispersal",
            {set_key("model.migration", d), "model.capability.file=\"b3-two-patches.csv\"",
             "topology={generator = \"nested\", level = [{generator = \"complete\", agents = 2, "
             "share = 1.0}, {generator = \"isolated\", agents = 2, share = 0.0}]}",
             "solve.steps=30000"});
        return diversity(region, 2).regional;
    };
    result.add("two patches, 2 % below it: species in the region", regional(0.98 * critical), 1.044,
               1e-3);
    result.add("two patches, 2 % above it: species in the region", regional(1.02 * critical), 1.0,
               1e-6);
}

void measure_dispersal(const ClassicJobs& jobs, ClassicResult& result) {
    add_hump(jobs, result);
    add_two_patches(jobs, result);
}

}  // namespace

const Classic dispersal = {
    .id = "B3",
    .field = "ecology",
    .title = "The dispersal hump",
    .source = "Mouquet and Loreau 2003",
    .job = "b3-dispersal",
    .says =
        "Twenty species, each best in one of twenty patches, compete within patches, and a share "
        "of each moves in every step. Diversity within a patch is greatest at an intermediate "
        "dispersal, that of the region only falls. A rare species persists up to a dispersal "
        "that a closed form gives.",
    .not_reproduced =
        "species compete for one function by their growth alone: there are no seeds, no mortality "
        "and no colonisation of empty places. From 0.15 on the states still move after 30,000 "
        "steps.",
    .measure = measure_dispersal,
};

}  // namespace motley::experiment
