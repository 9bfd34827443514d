// Intervals of the results when prices, rates, demands and working devices vary: scenarios, spread
// over the ranks.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "fleet_messages.hpp"
#include "motley/core/expect.hpp"
#include "motley/core/quantile.hpp"
#include "motley/redesign/fleet/scenario.hpp"
#include "motley/redesign/fleet/theta_solver.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// The results of one design in one scenario.
struct ScenarioOutcome {
    double theta, theta_fixed, price, price_to_serve;
    double devices_to_serve;  ///< without the fabric, which the best homogeneous fleet lacks
};

/// Computes the results of one design, one scenario after the other.
class Trial {
  public:
    Trial(const job::Redesign& job, const fleet::Fleet& fleet, double network, double fabric_price)
        : job_(job),
          network_(network),
          fabric_price_(fabric_price),
          fleet_(fleet),
          whole_(fleet::best_throughput(job.problem, fleet)),
          solver_(job.problem, fleet),
          working_(job.problem, fleet, job.uncertain),
          only_prices_(job.uncertain.rates_known() && job.uncertain.demands_known() &&
                       job.uncertain.all_devices_work()) {}

    ScenarioOutcome operator()(const fleet::Scenario& world, std::uint64_t id) {
        ScenarioOutcome out{whole_.theta, whole_.theta, 0.0, 0.0, 0.0};
        double most = network_;
        if (!only_prices_) {
            working_.draw(job_.seed, id, left_);
            out.theta = solver_.theta(world.rates, world.demands, left_);
            out.theta_fixed = fixed(world);
            most /= growth(world);
        }
        out.theta = std::min(out.theta, most);
        out.theta_fixed = std::min(out.theta_fixed, most);
        out.price = fabric_price_;
        for (std::size_t d = 0; d < fleet_.size(); ++d) out.price += fleet_[d] * world.prices[d];
        const double served = served_of(job_, out.theta);
        out.price_to_serve = out.price / served;
        out.devices_to_serve = (out.price - fabric_price_) / served;
        return out;
    }

  private:
    double fixed(const fleet::Scenario& world) const {
        const std::size_t classes = job_.problem.classes();
        double theta = fleet::unlimited;
        for (std::size_t k = 0; k < classes; ++k) {
            double served = 0.0;
            for (std::size_t d = 0; d < fleet_.size(); ++d) {
                if (fleet_[d] <= 0.0) continue;
                served += world.rates[d * classes + k] * whole_.allocated(d, k, classes) *
                          left_[d] / fleet_[d];
            }
            theta = std::min(theta, served / world.demands[k]);
        }
        return theta;
    }

    /// The growth of the demand that has grown most, which bounds the growth of the traffic.
    double growth(const fleet::Scenario& world) const {
        double most = 0.0;
        for (std::size_t k = 0; k < job_.problem.classes(); ++k) {
            most = std::max(most, world.demands[k] / job_.problem.tasks[k].demand);
        }
        return most;
    }

    const job::Redesign& job_;
    double network_, fabric_price_;
    fleet::Fleet fleet_;
    fleet::Throughput whole_;
    fleet::ThetaSolver solver_;
    fleet::WorkingDevices working_;
    bool only_prices_;
    std::vector<double> left_;
};

bool anything_uncertain(const job::Redesign& job) {
    const fleet::Uncertainty& all = job.uncertain;
    return !std::ranges::all_of(all.prices, &fleet::Uncertain::known) || !all.rates_known() ||
           !all.demands_known() || !all.all_devices_work();
}

/// The outcomes of all designs, scenario by scenario.
std::vector<ScenarioOutcome> outcomes_of(const job::Redesign& job,
                                         const std::vector<fleet::Fleet>& fleets,
                                         const std::vector<double>& limits, std::int64_t first,
                                         std::int64_t last) {
    std::vector<Trial> trials;
    for (std::size_t i = 0; i < fleets.size(); ++i) {
        const double fabric = i < job.designs.size() ? job.designs[i].fabric_price : 0.0;
        trials.emplace_back(job, fleets[i], limits[i], fabric);
    }
    std::vector<ScenarioOutcome> out;
    out.reserve(static_cast<std::size_t>(last - first) * fleets.size());
    fleet::Scenario world;
    for (std::int64_t s = first; s < last; ++s) {
        const auto id = static_cast<std::uint64_t>(s);
        fleet::draw(job.uncertain, job.seed, id, world);
        for (Trial& trial : trials) out.push_back(trial(world, id));
    }
    return out;
}

class ScenarioSummary {
  public:
    ScenarioSummary(const job::Redesign& job, const std::vector<ScenarioOutcome>& outcomes,
                    std::size_t designs)
        : outcomes_(outcomes), designs_(designs), tail_(0.5 * (1.0 - job.uncertainty.confidence)) {}

    bool empty() const { return outcomes_.empty(); }

    template <class Value>
    Bracket bracket(std::size_t design, Value value) const {
        std::vector<double> values;
        for (std::size_t at = 0; at < outcomes_.size(); at += designs_) {
            values.push_back(value(&outcomes_[at], outcomes_[at + design]));
        }
        std::ranges::sort(values);
        const Bracket ends = {quantile(values, tail_), quantile(values, 1.0 - tail_)};
        MOTLEY_EXPECT(!(ends.low > ends.high), "an interval ends below its start");
        return ends;
    }

  private:
    const std::vector<ScenarioOutcome>& outcomes_;
    std::size_t designs_;
    double tail_;
};

/// The ratio of two prices; 0 where the own one is infinite, because the demand is not served.
double ratio(double other, double own) {
    return std::isfinite(own) ? other / own : 0.0;
}

ScenarioOutcome nominal(const DesignResult& design) {
    const double devices = (design.price - design.fabric_price) / design.price;
    return {design.theta(), design.theta(), design.price, design.price_to_serve,
            devices * design.price_to_serve};
}

/// The advantage of a design over the baseline, with the price of the change per hour included: in
/// the price to serve the demand, or in throughput where that is the objective.
double advantage(const job::Redesign& job, const ScenarioOutcome& own, const ScenarioOutcome& other,
                 double extra) {
    const double raise = 1.0 + extra / own.price;
    if (job.search.objective == fleet::Objective::throughput) {
        return ratio(own.theta, other.theta * raise);
    }
    return ratio(other.price_to_serve, own.price_to_serve * raise);
}

/// The price per hour of replacing the baseline by a design.
double cost_of_change(const job::Redesign& job, const DesignResult& design,
                      const DesignResult& baseline) {
    if (&design == &baseline) return 0.0;
    const auto more = fleet::types_in(design.fleet) - fleet::types_in(baseline.fleet);
    return job.proposal.migration_cost / job.proposal.horizon +
           job.proposal.type_cost * static_cast<double>(std::max<std::int64_t>(more, 0));
}

std::size_t index_of_baseline(const job::Redesign& job, const RedesignResult& result) {
    const std::string& name = job.proposal.baseline;
    const auto found = std::ranges::find(result.designs, name, &DesignResult::name);
    if (!name.empty()) return static_cast<std::size_t>(found - result.designs.begin());
    if (!job.designs.empty()) return 0;
    return result.designs.size() - 1;  // the best homogeneous one, else the searched one
}

void nominal_intervals(RedesignResult& result) {
    const DesignResult& one = result.designs.back();
    for (DesignResult& design : result.designs) {
        const double theta = design.theta();
        const double gain =
            one.homogeneous ? ratio(nominal(one).devices_to_serve, nominal(design).devices_to_serve)
                            : std::numeric_limits<double>::quiet_NaN();
        design.interval = {{theta, theta},
                           {theta, theta},
                           {design.price, design.price},
                           {design.price_to_serve, design.price_to_serve},
                           {gain, gain}};
    }
}

void take_interval(const ScenarioSummary& summary, std::size_t i, RedesignResult& result) {
    const std::size_t one = result.designs.size() - 1;
    DesignIntervals& interval = result.designs[i].interval;
    interval.theta = summary.bracket(i, [](auto, auto& o) { return o.theta; });
    interval.theta_fixed = summary.bracket(i, [](auto, auto& o) { return o.theta_fixed; });
    interval.price = summary.bracket(i, [](auto, auto& o) { return o.price; });
    interval.price_to_serve = summary.bracket(i, [](auto, auto& o) { return o.price_to_serve; });
    if (!result.designs[one].homogeneous) return;
    interval.gain = summary.bracket(
        i, [=](auto all, auto& o) { return ratio(all[one].devices_to_serve, o.devices_to_serve); });
}

/// Chooses the design of the largest advantage over the baseline, and finds its interval.
void choose(const job::Redesign& job, const ScenarioSummary& summary, RedesignResult& result) {
    const std::size_t base = index_of_baseline(job, result);
    const DesignResult& baseline = result.designs[base];
    Verdict& verdict = result.verdict;
    verdict.baseline = baseline.name;
    double best = 0.0;
    for (std::size_t i = 0; i < result.designs.size(); ++i) {
        const DesignResult& design = result.designs[i];
        const double extra = cost_of_change(job, design, baseline);
        const double gain = advantage(job, nominal(design), nominal(baseline), extra);
        const bool charged = design.network.given || !baseline.network.given;
        if (i == base || !charged || !(gain > best)) continue;
        best = gain;
        verdict.recommendation = design.name;
        verdict.gain = gain;
        verdict.interval = {gain, gain};
        if (summary.empty()) continue;
        verdict.interval = summary.bracket(
            i, [&](auto all, auto& o) { return advantage(job, o, all[base], extra); });
    }
}

}  // namespace

void add_intervals(const job::Redesign& job, const mpi::Communicator& comm,
                   const std::vector<double>& limits, RedesignResult& result) {
    const auto fleets = broadcast_fleets(comm, result, job.problem.types());
    const std::int64_t count = anything_uncertain(job) ? job.uncertainty.scenarios : 0;
    result.scenarios = count;
    const std::int64_t first = count * comm.rank() / comm.size();
    const std::int64_t last = count * (comm.rank() + 1) / comm.size();
    std::vector<ScenarioOutcome> own;
    mpi::together(comm, [&] { own = outcomes_of(job, fleets, limits, first, last); });
    const std::vector<ScenarioOutcome> outcomes = comm.gather(own);
    if (!comm.root()) return;
    nominal_intervals(result);
    const ScenarioSummary summary(job, outcomes, fleets.size());
    if (!outcomes.empty()) {
        for (std::size_t i = 0; i < fleets.size(); ++i) take_interval(summary, i, result);
    }
    choose(job, summary, result);
    add_verdict(job, result);
}

}  // namespace motley::redesign
