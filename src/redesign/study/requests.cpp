// How long the requests of workflows take on the engines of an allocation, and what they cost.
#include "motley/redesign/fleet/requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "phases.hpp"

namespace motley::redesign {
namespace {

/// The share of the units of each class that each type does, D x K; 0 where nothing is done.
std::vector<double> shares_of(const fleet::Problem& problem, const fleet::Throughput& throughput) {
    const std::size_t classes = problem.classes();
    std::vector<double> units(problem.types() * classes, 0.0), sum(classes, 0.0);
    if (throughput.groups.empty()) {
        for (std::size_t d = 0; d < problem.types(); ++d) {
            for (std::size_t k = 0; k < classes; ++k) {
                units[d * classes + k] = throughput.allocated(d, k, classes) * problem.rate(d, k);
            }
        }
    }
    for (const fleet::GroupedDevices& each : throughput.groups) {
        units[each.type * classes + each.task] += each.devices * each.rate;
    }
    // What rounding leaves of an engine that is not in use is nothing.
    constexpr double rounding = 1e-9;
    for (std::size_t i = 0; i < units.size(); ++i) sum[i % classes] += std::max(0.0, units[i]);
    for (std::size_t i = 0; i < units.size(); ++i) {
        const double all = sum[i % classes];
        units[i] = all > 0.0 && units[i] > rounding * all ? units[i] / all : 0.0;
    }
    return units;
}

/// Times of steps, and the shares of the engines that do them.
class Requests {
  public:
    Requests(const job::Redesign& job, const DesignResult& design)
        : job_(job), design_(design), shares_(shares_of(job.problem, design.throughput)) {
        for (std::size_t k = 0; k < job.problem.classes(); ++k) {
            waits_.push_back(fleet::wait(queue_of(job, design, k)));
        }
    }

    RequestResult of(const fleet::Workflow& workflow) const {
        RequestResult out;
        out.name = workflow.name;
        out.quality = quality_of(workflow);
        if (workflow.most_latency < fleet::unlimited) out.limit = workflow.most_latency;
        out.latency = mean_of(workflow, false);
        out.with_waits = mean_of(workflow, true);
        out.p95 = bound_of(workflow, 0.95);
        out.price_per_thousand = 1000.0 * price_of(workflow);
        return out;
    }

  private:
    double share(std::size_t type, std::size_t task) const {
        return shares_[type * job_.problem.classes() + task];
    }

    double quality_of(const fleet::Workflow& workflow) const {
        std::vector<double> qualities(job_.problem.classes(), 0.0);
        for (std::size_t k = 0; k < qualities.size(); ++k) {
            for (std::size_t d = 0; d < job_.problem.types(); ++d) {
                qualities[k] += share(d, k) * job_.problem.quality(d, k);
            }
        }
        return fleet::quality_of(workflow, qualities);
    }

    Bracket mean_of(const fleet::Workflow& workflow, bool with_waits) const {
        std::vector<std::vector<fleet::StepTime>> times;
        for (const fleet::Step& step : workflow.steps) {
            const double wait = with_waits ? waits_[step.task].mean_of_longest(step.at_once) : 0.0;
            if (std::isinf(wait)) return {wait, wait};
            std::vector<fleet::StepTime>& own = times.emplace_back();
            for (std::size_t d = 0; d < job_.problem.types(); ++d) {
                if (share(d, step.task) <= 0.0) continue;
                const double seconds = wait + job_.problem.latency(d, step.task);
                if (std::isnan(seconds)) return {fleet::unknown, fleet::unknown};
                own.push_back({step.rounds * seconds, share(d, step.task)});
            }
        }
        const fleet::MeanTime mean = fleet::mean_time(workflow.steps, times);
        return {mean.low, mean.high};
    }

    /// A time that a share q of the requests does not exceed: of n units each waits longer than its
    /// 1 - (1 - q) / n quantile with a probability of (1 - q) / n, so that all wait less with a
    /// probability of at least q.
    double bound_of(const fleet::Workflow& workflow, double q) const {
        double units = 0.0;
        for (const fleet::Step& step : workflow.steps) units += step.rounds * step.at_once;
        std::vector<double> seconds;
        for (const fleet::Step& step : workflow.steps) {
            double slowest = 0.0;
            for (std::size_t d = 0; d < job_.problem.types(); ++d) {
                if (share(d, step.task) <= 0.0) continue;
                const double own = job_.problem.latency(d, step.task);
                if (std::isnan(own)) return fleet::unknown;
                slowest = std::max(slowest, own);
            }
            const double wait = waits_[step.task].quantile(1.0 - (1.0 - q) / units);
            seconds.push_back(step.rounds * (wait + slowest));
        }
        return fleet::time_of_request(workflow.steps, seconds);
    }

    /// The price of a request: the price of the design is shared out by the prices of the classes.
    double price_of(const fleet::Workflow& workflow) const {
        constexpr double hour = 3600.0;
        double sum = 0.0;
        for (std::size_t k = 0; k < job_.problem.classes(); ++k) {
            const double served =
                std::min(1.0, design_.theta()) * job_.problem.tasks[k].demand * hour;
            sum += workflow.counts[k] * design_.throughput.task_prices[k] / served;
        }
        return design_.price * sum;
    }

    const job::Redesign& job_;
    const DesignResult& design_;
    std::vector<double> shares_;
    std::vector<fleet::Wait> waits_;
};

}  // namespace

void add_requests(const job::Redesign& job, DesignResult& design) {
    design.requests.clear();
    if (!(design.theta() > 0.0)) return;
    const Requests requests(job, design);
    for (const fleet::Workflow& workflow : job.problem.workflows) {
        design.requests.push_back(requests.of(workflow));
    }
}

void note_latencies(const job::Redesign& job, RedesignResult& result) {
    const fleet::Problem& problem = job.problem;
    std::string missing;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            const bool needed = std::ranges::any_of(
                problem.workflows, [&](const auto& each) { return each.counts[k] > 0.0; });
            if (!needed || problem.best_rate(d, k) <= 0.0) continue;
            if (!std::isnan(problem.latency(d, k))) continue;
            missing += fmt::format("{}{}/{}", missing.empty() ? "" : ", ", problem.devices[d].name,
                                   problem.tasks[k].name);
        }
    }
    if (missing.empty()) return;
    result.notes.push_back(
        "the time of a request is not known where these do a step, because the job gives them no "
        "latency_s: " +
        missing);
}

}  // namespace motley::redesign
