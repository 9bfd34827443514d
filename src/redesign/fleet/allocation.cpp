#include "allocation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "motley/redesign/fleet/requests.hpp"
#include "rounding.hpp"

namespace motley::fleet {
namespace {

/// The row of a mean: sum_k count_k sum_i (q_i - Q) s_i >= 0.
QualityRow mean_row(const Problem& problem, const std::vector<Option>& options, std::size_t w) {
    const Workflow& workflow = problem.workflows[w];
    QualityRow row{.workflow = w, .terms = {}};
    for (std::size_t i = 0; i < options.size(); ++i) {
        const double count = workflow.counts[options[i].task];
        if (count <= 0.0) continue;
        row.terms.emplace_back(i, count * (options[i].quality - workflow.least_quality));
    }
    return row;
}

/// The weighted geometric mean of the qualities is concave and homogeneous, so that its tangent at
/// any qualities is an upper bound: sum_k (count_k / C) (g / q_k) sum_i q_i s_i >= Q^(1/C) sum_i
/// s_i.
QualityRow product_row(const Problem& problem, const std::vector<Option>& options, std::size_t w,
                       std::span<const double> qualities) {
    constexpr double least = 1e-6;
    const Workflow& workflow = problem.workflows[w];
    const double total = std::accumulate(workflow.counts.begin(), workflow.counts.end(), 0.0);
    double log_mean = 0.0;
    for (std::size_t k = 0; k < workflow.counts.size(); ++k) {
        if (workflow.counts[k] <= 0.0) continue;
        log_mean += workflow.counts[k] / total * std::log(std::max(least, qualities[k]));
    }
    const double mean = std::exp(log_mean), needed = std::pow(workflow.least_quality, 1.0 / total);
    QualityRow row{.workflow = w, .terms = {}};
    for (std::size_t i = 0; i < options.size(); ++i) {
        const std::size_t k = options[i].task;
        if (workflow.counts[k] <= 0.0) continue;
        const double slope = mean / std::max(least, qualities[k]);
        row.terms.emplace_back(i,
                               workflow.counts[k] / total * (options[i].quality * slope - needed));
    }
    return row;
}

/// The mean seconds of one unit of each class for shares of options; 0 where nothing serves it.
std::vector<double> class_latencies(const Problem& problem, const std::vector<Option>& options,
                                    std::span<const double> shares) {
    std::vector<double> sum(problem.classes(), 0.0), served(problem.classes(), 0.0);
    for (std::size_t i = 0; i < options.size(); ++i) {
        const double share = std::max(0.0, shares[i]);
        if (share <= 0.0) continue;
        sum[options[i].task] += share * problem.latency(options[i].type, options[i].task);
        served[options[i].task] += share;
    }
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] /= served[k] > 0.0 ? served[k] : 1.0;
    return sum;
}

/// The mean time of a request whose steps go to engines by the shares; at most, where it is not
/// exact.
double mean_time_by(const Problem& problem, const std::vector<Option>& options,
                    const Workflow& workflow, std::span<const double> shares) {
    std::vector<double> served(problem.classes(), 0.0);
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (shares[i] > 0.0) served[options[i].task] += shares[i];
    }
    std::vector<std::vector<StepTime>> times;
    for (const Step& step : workflow.steps) {
        std::vector<double> of_type(problem.types(), 0.0);
        for (std::size_t i = 0; i < options.size(); ++i) {
            const bool used = shares[i] > rounding * served[step.task];
            if (options[i].task == step.task && used) of_type[options[i].type] += shares[i];
        }
        std::vector<StepTime>& own = times.emplace_back();
        for (std::size_t d = 0; d < of_type.size(); ++d) {
            if (of_type[d] <= 0.0) continue;
            own.push_back(
                {step.rounds * problem.latency(d, step.task), of_type[d] / served[step.task]});
        }
        if (own.empty()) own.push_back({0.0, 1.0});
    }
    return mean_time(workflow.steps, times).high;
}

/// The row of the longest path where it takes too long: sum over its steps of rounds (1 / R - sum_i
/// L_i s_i / X) >= 0, with R rounds on the path, for a most latency X. Where only the mean over
/// branches takes too long, X is the length of the path times the part that is too much. No terms:
/// nothing takes too long.
QualityRow latency_row(const Problem& problem, const std::vector<Option>& options, std::size_t w,
                       std::span<const double> shares, Rows rows) {
    constexpr double tolerance = 1e-7, further = 1e-3;
    const Workflow& workflow = problem.workflows[w];
    const std::vector<double> latencies = class_latencies(problem, options, shares);
    QualityRow row{.workflow = w, .terms = {}, .latency = true};
    std::vector<double> seconds;
    for (const Step& step : workflow.steps) seconds.push_back(step.rounds * latencies[step.task]);
    const std::vector<std::size_t> path = critical_path(workflow.steps, seconds);
    std::vector<double> rounds(problem.classes(), 0.0);
    double length = 0.0, all = 0.0;
    for (const std::size_t step : path) {
        length += seconds[step];
        rounds[workflow.steps[step].task] += workflow.steps[step].rounds;
        all += workflow.steps[step].rounds;
    }
    double limit = workflow.most_latency;
    if (length <= limit * (1.0 + tolerance)) {
        if (rows == Rows::proved) return row;
        const double mean = mean_time_by(problem, options, workflow, shares);
        if (mean <= limit * (1.0 + tolerance)) return row;
        limit *= (1.0 - further) * length / mean;
    }
    for (std::size_t i = 0; i < options.size(); ++i) {
        const double own = rounds[options[i].task];
        if (own <= 0.0) continue;
        const double latency = problem.latency(options[i].type, options[i].task);
        row.terms.emplace_back(i, own / all - own * latency / limit);
    }
    return row;
}

}  // namespace

std::vector<Option> options_of(const Problem& problem) {
    std::vector<Option> out;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            const Task& task = problem.tasks[k];
            const double rate = problem.rate(d, k), quality = problem.quality(d, k);
            if (rate <= 0.0 || quality < task.least_quality) continue;
            if (task.sizes.empty()) out.push_back({d, k, 1.0, 1.0, rate, quality, false});
            for (std::size_t s = 0; s < task.sizes.size(); ++s) {
                const double efficiency = problem.efficiency(d, k, s);
                if (efficiency <= 0.0) continue;
                out.push_back(
                    {d, k, task.sizes[s].devices, efficiency, rate * efficiency, quality, true});
            }
        }
    }
    return out;
}

TimeShares time_shares(const Problem& problem, std::span<const double> fleet,
                       const std::vector<Option>& options, double scale) {
    TimeShares out{{.sense = programme::Sense::maximise}, std::vector<int>(problem.types(), -1)};
    out.programme.add(programme::ProgrammeVariable{.cost = 1.0});
    std::vector<programme::Row> classes(problem.classes(), {.low = 0.0, .terms = {{0, -1.0}}});
    std::vector<programme::Row> types(problem.types(), {.high = 1.0, .terms = {}});
    for (const Option& option : options) {
        const int share = out.programme.add(programme::ProgrammeVariable{});
        types[option.type].terms.push_back({share, 1.0});
        classes[option.task].terms.push_back(
            {share,
             fleet[option.type] * option.rate / (problem.tasks[option.task].demand * scale)});
    }
    for (programme::Row& row : classes) out.programme.add(std::move(row));
    for (std::size_t d = 0; d < types.size(); ++d) {
        if (!types[d].terms.empty()) out.type_rows[d] = out.programme.add(std::move(types[d]));
    }
    return out;
}

double groups_in(double devices, double size) {
    const double groups = devices / size;
    return std::floor(groups + rounding * std::max(1.0, groups));
}

std::vector<LimitRow> class_limits(const Problem& problem, const std::vector<Option>& options) {
    std::vector<LimitRow> out;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        const Task& task = problem.tasks[k];
        LimitRow devices{.high = task.max_devices, .terms = {}}, job{.high = 1.0, .terms = {}};
        for (std::size_t i = 0; i < options.size(); ++i) {
            if (options[i].task != k) continue;
            devices.terms.emplace_back(i, 1.0);
            job.terms.emplace_back(i, 1.0 / options[i].size);
        }
        if (std::isfinite(task.max_devices)) out.push_back(std::move(devices));
        if (task.indivisible) out.push_back(std::move(job));
    }
    return out;
}

std::vector<LimitRow> group_limits(const Problem& problem, const std::vector<Option>& options) {
    std::vector<std::set<double>> sizes(problem.types());
    for (const Option& option : options) {
        if (option.grouped && option.size > 1.0) sizes[option.type].insert(option.size);
    }
    std::vector<LimitRow> out;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        for (const double size : sizes[d]) {
            LimitRow row{.type = static_cast<int>(d), .size = size, .terms = {}};
            for (std::size_t i = 0; i < options.size(); ++i) {
                const Option& option = options[i];
                if (option.type != d || !option.grouped || option.size < size) continue;
                row.terms.emplace_back(i, std::floor(option.size / size) / option.size);
            }
            out.push_back(std::move(row));
        }
    }
    return out;
}

bool in_workflow(const Problem& problem, std::size_t task) {
    return std::ranges::any_of(problem.workflows, [=](const Workflow& workflow) {
        return workflow.conditional() && workflow.counts[task] > 0.0;
    });
}

std::vector<double> class_qualities(const Problem& problem, const std::vector<Option>& options,
                                    std::span<const double> shares) {
    std::vector<double> sum(problem.classes(), 0.0), served(problem.classes(), 0.0);
    for (std::size_t i = 0; i < options.size(); ++i) {
        const double share = std::max(0.0, shares[i]);
        sum[options[i].task] += share * options[i].quality;
        served[options[i].task] += share;
    }
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = served[k] > 0.0 ? sum[k] / served[k] : 1;
    return sum;
}

double quality_of(const Workflow& workflow, std::span<const double> qualities) {
    const bool mean = workflow.combine == Workflow::Quality::mean;
    double sum = 0.0, total = 0.0, product = 1.0;
    for (std::size_t k = 0; k < workflow.counts.size(); ++k) {
        if (workflow.counts[k] <= 0.0) continue;
        sum += workflow.counts[k] * qualities[k];
        total += workflow.counts[k];
        product *= std::pow(qualities[k], workflow.counts[k]);
    }
    return mean ? sum / total : product;
}

std::vector<QualityRow> broken_qualities(const Problem& problem, const std::vector<Option>& options,
                                         std::span<const double> shares, Rows rows) {
    std::vector<QualityRow> out;
    const std::vector<double> qualities = class_qualities(problem, options, shares);
    for (std::size_t w = 0; w < problem.workflows.size(); ++w) {
        const Workflow& workflow = problem.workflows[w];
        if (workflow.most_latency < unlimited) {
            QualityRow row = latency_row(problem, options, w, shares, rows);
            if (!row.terms.empty()) out.push_back(std::move(row));
        }
        if (workflow.least_quality <= 0.0) continue;
        if (quality_of(workflow, qualities) >= workflow.least_quality * (1.0 - rounding)) continue;
        out.push_back(workflow.combine == Workflow::Quality::mean
                          ? mean_row(problem, options, w)
                          : product_row(problem, options, w, qualities));
    }
    return out;
}

}  // namespace motley::fleet
