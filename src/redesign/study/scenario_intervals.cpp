// Intervals of the results when prices, rates, demands and working devices vary: scenarios, spread
// over the ranks.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "fleet_messages.hpp"
#include "motley/core/expect.hpp"
#include "motley/core/quantile_sketch.hpp"
#include "motley/redesign/fleet/losses.hpp"
#include "motley/redesign/fleet/scenario.hpp"
#include "motley/redesign/fleet/theta_solver.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// A theta this little below 1 serves the demand.
constexpr double served_rounding = 1e-6;

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
        for (std::size_t d = 0; d < fleet_.size(); ++d) {
            out.price += fleet::cost_of(job_.problem.devices[d], fleet_[d], world.prices[d]);
        }
        const double served = served_of(job_, out.theta);
        out.price_to_serve = out.price / served;
        out.devices_to_serve = (out.price - fabric_price_) / served;
        return out;
    }

    /// Whether the demand is served. The old allocation bounds theta from below, the old prices of
    /// the classes from above; only between the two is a programme solved.
    bool serves(const fleet::Scenario& world, std::uint64_t id) {
        constexpr double least = 1.0 - served_rounding;
        if (only_prices_) return std::min(whole_.theta, network_) >= least;
        if (network_ / growth(world) < least) return false;
        working_.draw(job_.seed, id, left_);
        if (!job_.problem.has_limits()) {
            if (fixed(world) >= least) return true;
            if (priced(world) < least) return false;
        }
        return solver_.theta(world.rates, world.demands, left_) >= least;
    }

  private:
    /// The bound of the dual programme: the worth of all working devices at the old prices.
    double priced(const fleet::Scenario& world) const {
        const std::size_t classes = job_.problem.classes();
        double worth = 0.0;
        for (std::size_t d = 0; d < fleet_.size(); ++d) {
            double best = 0.0;
            for (std::size_t k = 0; k < classes; ++k) {
                best = std::max(
                    best, whole_.task_prices[k] * world.rates[d * classes + k] / world.demands[k]);
            }
            worth += left_[d] * best;
        }
        return worth;
    }

    double fixed(const fleet::Scenario& world) const {
        if (!whole_.groups.empty()) {
            return fleet::theta_of_groups(job_.problem, fleet_, whole_, left_, world.rates,
                                          world.demands);
        }
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

/// The ratio of two prices; 0 where the own one is infinite, because the demand is not served.
double ratio(double other, double own) {
    if (!std::isfinite(own)) return 0.0;
    return other == own ? 1.0 : other / own;
}

ScenarioOutcome nominal(const DesignResult& design) {
    const double devices =
        design.price > 0.0 ? (design.price - design.fabric_price) / design.price : 0.0;
    return {design.theta(), design.theta(), design.price, design.price_to_serve,
            devices * design.price_to_serve};
}

/// The advantage of a design over the baseline, with the price of the change per hour included: in
/// the price to serve the demand, or in throughput where that is the objective.
double advantage(const job::Redesign& job, const ScenarioOutcome& own, const ScenarioOutcome& other,
                 double extra) {
    const double raise = own.price > 0.0 ? 1.0 + extra / own.price : 1.0;
    if (job.search.objective == fleet::Objective::throughput) {
        return ratio(own.theta, other.theta * raise);
    }
    return ratio(other.price_to_serve, own.price_to_serve * raise);
}

/// The price per hour of replacing the fleet `from` by the fleet `to`.
double cost_of_change(const job::Redesign& job, const fleet::Fleet& to, const fleet::Fleet& from) {
    double further = 0.0;
    for (std::size_t d = 0; d < to.size(); ++d)
        further += to[d] > 0.0 && from[d] <= 0.0 ? 1.0 : 0.0;
    return job.proposal.migration_cost / job.proposal.horizon + job.proposal.type_cost * further;
}

/// What all ranks know of the designs.
struct Contest {
    std::vector<fleet::Fleet> fleets;
    std::vector<double> limits;         ///< largest theta that the fabric of each design carries
    std::vector<double> fabric_prices;  ///< per hour
    std::size_t baseline = 0;
    bool homogeneous = false;  ///< the last design is the best homogeneous fleet

    double extra(const job::Redesign& job, std::size_t design) const {
        return design == baseline ? 0.0 : cost_of_change(job, fleets[design], fleets[baseline]);
    }
};

Contest contest_of(const job::Redesign& job, const mpi::Communicator& comm,
                   const std::vector<double>& limits, const RedesignResult& result) {
    Contest all;
    all.fleets = broadcast_fleets(comm, result, job.problem.types());
    all.limits = limits;
    std::vector<double> own;
    if (comm.root()) {
        for (const DesignResult& design : result.designs) own.push_back(design.fabric_price);
        own.push_back(static_cast<double>(index_of_baseline(job, result)));
        own.push_back(result.designs.back().homogeneous ? 1.0 : 0.0);
    }
    own = comm.broadcast(own);
    all.homogeneous = own.back() > 0.0;
    own.pop_back();
    all.baseline = static_cast<std::size_t>(own.back());
    own.pop_back();
    all.fabric_prices = own;
    return all;
}

/// Order statistics of one design over the scenarios, in memory that does not grow with them.
struct DesignSamples {
    QuantileSketch theta, theta_fixed, price, price_to_serve, gain, advantage;
    std::int64_t served = 0;  ///< scenarios in which the demand is served

    auto sketches() {
        return std::array{&theta, &theta_fixed, &price, &price_to_serve, &gain, &advantage};
    }
};

/// The samples of the scenarios first, ..., last - 1.
std::vector<DesignSamples> samples_of(const job::Redesign& job, const Contest& contest,
                                      std::int64_t first, std::int64_t last) {
    const std::size_t designs = contest.fleets.size();
    std::vector<Trial> trials;
    for (std::size_t i = 0; i < designs && first < last; ++i) {
        trials.emplace_back(job, contest.fleets[i], contest.limits[i], contest.fabric_prices[i]);
    }
    std::vector<DesignSamples> samples(designs);
    std::vector<ScenarioOutcome> outcomes(designs);
    fleet::Scenario world;
    for (std::int64_t s = first; s < last; ++s) {
        const auto id = static_cast<std::uint64_t>(s);
        fleet::draw(job.uncertain, job.seed, id, world);
        for (std::size_t i = 0; i < designs; ++i) outcomes[i] = trials[i](world, id);
        for (std::size_t i = 0; i < designs; ++i) {
            const ScenarioOutcome& own = outcomes[i];
            DesignSamples& to = samples[i];
            to.theta.add(own.theta);
            to.theta_fixed.add(own.theta_fixed);
            to.price.add(own.price);
            to.price_to_serve.add(own.price_to_serve);
            if (contest.homogeneous) {
                to.gain.add(ratio(outcomes.back().devices_to_serve, own.devices_to_serve));
            }
            to.advantage.add(
                advantage(job, own, outcomes[contest.baseline], contest.extra(job, i)));
            if (own.theta >= 1.0 - served_rounding) ++to.served;
        }
    }
    return samples;
}

/// Collective: the samples of all ranks together, on rank 0.
std::vector<DesignSamples> gathered(const mpi::Communicator& comm, std::vector<DesignSamples> own) {
    std::vector<double> packed;
    for (DesignSamples& design : own) {
        packed.push_back(static_cast<double>(design.served));
        for (const QuantileSketch* sketch : design.sketches()) {
            const std::vector<double> words = sketch->packed();
            packed.push_back(static_cast<double>(words.size()));
            packed.insert(packed.end(), words.begin(), words.end());
        }
    }
    const std::vector<double> all = comm.gather(packed);
    std::vector<DesignSamples> out(own.size());
    auto at = all.begin();
    while (at != all.end()) {
        for (DesignSamples& design : out) {
            design.served += static_cast<std::int64_t>(*at++);
            for (QuantileSketch* sketch : design.sketches()) {
                const auto size = static_cast<std::ptrdiff_t>(*at++);
                sketch->merge(QuantileSketch::unpack({at, at + size}));
                at += size;
            }
        }
    }
    return out;
}

DesignIntervals intervals_of(const DesignSamples& samples, double confidence, std::int64_t count,
                             bool homogeneous) {
    const double tail = 0.5 * (1.0 - confidence);
    const auto bracket = [&](const QuantileSketch& sketch) {
        const Bracket ends = {sketch.quantile(tail), sketch.quantile(1.0 - tail)};
        MOTLEY_EXPECT(!(ends.low > ends.high), "an interval ends below its start");
        return ends;
    };
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    DesignIntervals out;
    out.theta = bracket(samples.theta);
    out.theta_fixed = bracket(samples.theta_fixed);
    out.price = bracket(samples.price);
    out.price_to_serve = bracket(samples.price_to_serve);
    out.gain = homogeneous ? bracket(samples.gain) : Bracket{none, none};
    out.advantage = bracket(samples.advantage);
    out.chance = static_cast<double>(samples.served) / static_cast<double>(count);
    return out;
}

}  // namespace

std::optional<double> chance_alone(const job::Redesign& job, const DesignResult& design) {
    constexpr std::int64_t most = 10'000;
    const std::int64_t count = std::min(most, job.uncertainty.scenarios);
    if (!anything_uncertain(job) || count == 0 || !(job.proposal.serve > 0.0)) return {};
    Trial trial(job, design.fleet, design.network.bound.low, design.fabric_price);
    fleet::Scenario world;
    std::int64_t served = 0;
    for (std::int64_t s = 0; s < count; ++s) {
        const auto id = static_cast<std::uint64_t>(s);
        fleet::draw(job.uncertain, job.seed, id, world);
        if (trial.serves(world, id)) ++served;
    }
    const double chance = static_cast<double>(served) / static_cast<double>(count);
    if (count == job.uncertainty.scenarios) return chance;
    // Three standard errors less, so that all scenarios together do not give a lower share.
    return chance - 3.0 * std::sqrt(chance * (1.0 - chance) / static_cast<double>(count));
}

void add_intervals(const job::Redesign& job, const mpi::Communicator& comm,
                   const std::vector<double>& limits, RedesignResult& result) {
    const Contest contest = contest_of(job, comm, limits, result);
    const std::int64_t count = anything_uncertain(job) ? job.uncertainty.scenarios : 0;
    result.scenarios = count;
    const std::int64_t first = count * comm.rank() / comm.size();
    const std::int64_t last = count * (comm.rank() + 1) / comm.size();
    std::vector<DesignSamples> own;
    mpi::together(comm, [&] { own = samples_of(job, contest, first, last); });
    const std::vector<DesignSamples> all = gathered(comm, std::move(own));
    if (!comm.root()) return;
    for (std::size_t i = 0; i < result.designs.size(); ++i) {
        DesignResult& design = result.designs[i];
        design.advantage = advantage(
            job, nominal(design), nominal(result.designs[contest.baseline]), contest.extra(job, i));
        if (count == 0) continue;
        design.interval =
            intervals_of(all[i], job.uncertainty.confidence, count, contest.homogeneous);
    }
    for (DesignResult& design : result.designs) {
        add_waits(job, design);
        add_requests(job, design);
    }
    add_conditions(job, result);
    add_verdict(job, result);
}

}  // namespace motley::redesign
