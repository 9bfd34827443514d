// The results that follow from the nominal numbers of every design.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "design_pipeline.hpp"
#include "motley/core/expect.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

using fleet::Objective;

/// The factor of the comparative advantage that comes from calibrated or measured rates; 1 where
/// not all rooflines are known.
double calibration_of(const job::Redesign& job) {
    fleet::Problem plain = job.problem;
    for (std::size_t i = 0; i < plain.rates.size(); ++i) {
        if (plain.rates[i] > 0.0 && job.roofline[i] <= 0.0) return 1.0;
        if (plain.rates[i] > 0.0) plain.rates[i] = job.roofline[i];
    }
    const double factor =
        fleet::fluid_prices(job.problem).gain() / fleet::fluid_prices(plain).gain();
    return std::isfinite(factor) ? factor : 1.0;
}

}  // namespace

void complete(const job::Redesign& job, DesignResult& design) {
    const fleet::Problem& problem = job.problem;
    const bool by_cost = options_of(job).objective == Objective::cost;
    design.throughput = fleet::best_throughput(problem, design.fleet);
    design.price = design.fabric_price + fleet::price_of(problem, design.fleet);
    design.power = fleet::power_at_load(problem, design.fleet, design.throughput);
    design.power_peak = fleet::peak_power(problem, design.fleet);
    design.rack_units = fleet::rack_units(problem, design.fleet);
    design.price_to_serve = fleet::price_to_serve(
        problem, {design.name, design.fleet, false, design.fabric_price}, surplus_of(job));
    if (!(design.searched && by_cost) && !design.homogeneous && !is_pipeline(job)) {
        design.gain = fleet::gain_at_equal_price(problem, design.fleet, design.throughput.theta,
                                                 options_of(job));
    }
    if (design.searched) {  // the search rounds the mix, so that its loss is granularity
        design.gain.granularity *= design.gain.mix;
        design.gain.mix = 1.0;
    }
    const double calibration = calibration_of(job);
    if (!design.homogeneous && calibration != 1.0) {
        design.gain.comparative_advantage /= calibration;
        design.gain.calibration = calibration;
    }
    MOTLEY_EXPECT(design.gain.consistent(), "the factors of a gain do not multiply to the total");
    design.losses = fleet::n_minus_1(problem, design.fleet, design.throughput);
}

void judge_alone(const job::Redesign& job, DesignResult& design) {
    complete(job, design);
    add_network_alone(job, nullptr, design);
    add_waits(job, design);
    add_requests(job, design);
    if (const auto chance = chance_alone(job, design)) {
        design.interval.emplace().chance = *chance;
    }
    design.conditions = conditions_of(job, design);
}

namespace {

void add_spare(const job::Redesign& job, RedesignResult& result) {
    result.spare_price = std::nan("");
    if (!job.search.spare || !job.search.integer) return;
    fleet::SearchOptions options = options_of(job);
    options.objective = Objective::cost;
    const fleet::Purchase bought = fleet::search_with_spare(job.problem, options);
    if (!bought.found) {
        result.notes.push_back(
            "no fleet within the limits serves the demand after the loss of a "
            "node");
        return;
    }
    result.spare_price = bought.value;
    result.spare_fleet = bought.fleet;
    if (!bought.proved()) {
        result.notes.push_back(fmt::format(
            "the fleet with a node to spare is not proved the cheapest: gap {:.2g}", bought.gap));
    }
}

/// Adds notes on rates without a source, rates from a roofline, and unused rows of the table.
void add_notes(const job::Redesign& job, RedesignResult& result) {
    std::string silent, guessed;
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        for (std::size_t k = 0; k < job.problem.classes(); ++k) {
            if (job.problem.rate(d, k) <= 0.0) continue;
            const job::RateOrigin& origin = job.origins[d * job.problem.classes() + k];
            const std::string pair = job.problem.devices[d].name + "/" + job.problem.tasks[k].name;
            if (!origin.measured) guessed += (guessed.empty() ? "" : ", ") + pair;
            if (origin.source.empty()) silent += (silent.empty() ? "" : ", ") + pair;
        }
    }
    if (!silent.empty()) result.notes.push_back("rates without a source: " + silent);
    if (!guessed.empty()) {
        result.notes.push_back("rates from a roofline, not measured: " + guessed);
    }
    result.notes.insert(result.notes.end(), job.suspicions.begin(), job.suspicions.end());
    for (const std::string& what : job.left_out) {
        result.notes.push_back("the table of rates has a " + what +
                               " that the job does not name: left out");
    }
}

}  // namespace

fleet::SearchOptions options_of(const job::Redesign& job) {
    fleet::SearchOptions options;
    options.budget = job.limits;
    options.objective = job.search.objective;
    options.integer = job.search.integer;
    options.seconds = job.search.seconds;
    return options;
}

fleet::Surplus surplus_of(const job::Redesign& job) {
    return job.search.objective == Objective::cost ? fleet::Surplus::worthless
                                                   : fleet::Surplus::useful;
}

double served_of(const job::Redesign& job, double theta) {
    return surplus_of(job) == fleet::Surplus::worthless ? std::min(theta, 1.0) : theta;
}

void judge(const job::Redesign& job, RedesignResult& result, const Progress& progress) {
    const auto say = [&](const std::string& text) {
        if (progress) progress(text);
    };
    for (std::size_t i = 0; i < job.designs.size(); ++i) {
        DesignResult design{.name = job.designs[i].name};
        design.fleet = job.fleets[i];
        design.fabric_price = job.designs[i].fabric_price;
        complete(job, design);
        result.designs.push_back(std::move(design));
    }
    say(fmt::format("{} given designs are judged", result.designs.size()));
    if (is_pipeline(job)) {  // nothing but the given stages can be judged
        add_notes(job, result);
        result.fluid_price = result.fluid_homogeneous_price = fleet::unknown;
        result.fluid_gain = result.spare_price = fleet::unknown;
        return;
    }
    if (job.search.given) add_search(job, result, progress);
    add_homogeneous(job, result, progress);
    const fleet::FluidPrices fluid = fleet::fluid_prices(job.problem);
    result.fluid_price = fluid.mixed;
    result.fluid_homogeneous_price = fluid.homogeneous;
    result.fluid_gain = fluid.gain();
    add_specialisation(job, result);
    if (job.search.spare) say("a fleet with a node to spare is searched");
    add_spare(job, result);
    add_notes(job, result);
    note_latencies(job, result);
}

}  // namespace motley::redesign
