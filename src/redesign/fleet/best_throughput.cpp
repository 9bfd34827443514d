// The throughput of a given fleet by a linear programme. Limits and qualities enter only where the
// optimum without them breaks one.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "allocation.hpp"
#include "motley/core/expect.hpp"
#include "motley/redesign/fleet/fleet.hpp"
#include "priced_options.hpp"
#include "rounding.hpp"

namespace motley::fleet {
namespace {

/// The first class that no device of the fleet can do; -1: there is none.
int unserved(const Problem& problem, std::span<const double> fleet) {
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        bool served = false;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            served = served || (fleet[d] > 0.0 && problem.best_rate(d, k) > 0.0);
        }
        if (!served) return static_cast<int>(k);
    }
    return -1;
}

/// The programme has the shares x = y / n_d as variables, so that all numbers are near 1 whatever
/// the units. Its rows are the classes, the types of the fleet, then limits and qualities.
class ShareProgramme {
  public:
    ShareProgramme(const Problem& problem, std::span<const double> fleet)
        : problem_(problem), fleet_(fleet), options_(options_of(problem)) {
        std::erase_if(options_, [&](const Option& option) { return fleet[option.type] <= 0.0; });
        set_scale();
        if (options_.size() > many && !problem.has_limits()) keep_options_that_matter();
        build();
    }

    /// Solves, and solves again with the limits while the optimum breaks one.
    programme::ProgrammeSolution solve() {
        programme::ProgrammeSolution solution = programme::solve(programme);
        if (!problem_.has_limits() || !solution.optimal()) return solution;
        if (!meets_limits(solution)) {
            for (const LimitRow& row : limits_) add(row);
            solution = programme::solve(programme);
        }
        constexpr int most_tangents = 200;
        for (int i = 0; i < most_tangents && solution.optimal(); ++i) {
            const auto broken = broken_qualities(problem_, options_, served(solution));
            if (broken.empty()) break;
            if (i == 0) serve_exactly();
            for (const QualityRow& row : broken) add(row);
            solution = programme::solve(programme);
        }
        return solution;
    }

    const std::vector<Option>& options() const { return options_; }
    double devices(const programme::ProgrammeSolution& solution, std::size_t option) const {
        return solution.values[option + 1] * fleet_[options_[option].type];
    }
    /// The share of theta that one more unit of demand of each class costs, times the demand.
    std::vector<double> task_prices(const programme::ProgrammeSolution& solution) const;
    /// Theta that one more device adds: what the rows beside that of its type leave of the worth of
    /// its best option.
    std::vector<double> device_worth(const programme::ProgrammeSolution& solution,
                                     std::span<const double> task_prices) const;

    programme::Programme programme;
    double scale = 1.0;

  private:
    /// Options from which on the programme is solved over those that matter.
    static constexpr std::size_t many = 20'000;

    void build() { programme = time_shares(problem_, fleet_, options_, scale).programme; }

    void keep_options_that_matter() {
        const std::vector<Option> all = options_;
        std::vector<double> served;
        for (std::size_t i = 0; i < all.size(); ++i) served.push_back(served_by(i));
        const auto keep = [&](const std::vector<std::size_t>& numbers) {
            options_.clear();
            for (const std::size_t number : numbers) options_.push_back(all[number]);
        };
        keep(options_that_matter(problem_, all, served, [&](const auto& numbers) {
            keep(numbers);
            build();
            return prices_of(programme::solve(programme));
        }));
    }

    OptionPrices prices_of(const programme::ProgrammeSolution& solution) const {
        if (!solution.optimal()) return {};
        OptionPrices out;
        for (std::size_t k = 0; k < problem_.classes(); ++k) {
            out.classes.push_back(std::max(0.0, -solution.duals[k]));
        }
        std::size_t row = problem_.classes();
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const bool there = std::ranges::binary_search(options_, d, {}, &Option::type);
            out.types.push_back(there ? solution.duals[row++] : 0.0);
        }
        return out;
    }

    /// The scaled share of the demand that an option serves with all devices of its type.
    double served_by(std::size_t option) const {
        const Option& each = options_[option];
        return fleet_[each.type] * each.rate / (problem_.tasks[each.task].demand * scale);
    }

    void set_scale() {
        double fastest = 0.0;
        for (std::size_t k = 0; k < problem_.classes(); ++k) {
            double sum = 0.0;
            for (std::size_t d = 0; d < problem_.types(); ++d) {
                sum += fleet_[d] * problem_.best_rate(d, k);
            }
            fastest = std::max(fastest, sum / problem_.tasks[k].demand);
        }
        scale = fastest;
    }

    std::vector<double> served(const programme::ProgrammeSolution& solution) const {
        std::vector<double> out;
        for (std::size_t i = 0; i < options_.size(); ++i) {
            out.push_back(solution.values[i + 1] * served_by(i));
        }
        return out;
    }

    bool meets_limits(const programme::ProgrammeSolution& solution) {
        limits_ = class_limits(problem_, options_);
        for (LimitRow& row : group_limits(problem_, options_)) {
            row.high = groups_in(fleet_[static_cast<std::size_t>(row.type)], row.size);
            limits_.push_back(std::move(row));
        }
        return std::ranges::all_of(limits_, [&](const LimitRow& row) {
            double sum = 0.0;
            for (const auto& [option, coefficient] : row.terms) {
                sum += coefficient * devices(solution, option);
            }
            return sum <= row.high * (1.0 + rounding);
        });
    }

    void add(const LimitRow& row) {
        const double unit = std::max(1.0, row.high);
        programme::Row out{.high = row.high / unit};
        for (const auto& [option, coefficient] : row.terms) {
            const double all = fleet_[options_[option].type];
            out.terms.push_back({static_cast<int>(option) + 1, coefficient * all / unit});
        }
        programme.add(std::move(out));
    }

    void add(const QualityRow& row) {
        programme::Row out{.low = 0.0};
        for (const auto& [option, coefficient] : row.terms) {
            const double each = coefficient * served_by(option);
            if (each != 0.0) out.terms.push_back({static_cast<int>(option) + 1, each});
        }
        programme.add(std::move(out));
    }

    /// Qualities are those of a mix that serves each class exactly.
    void serve_exactly() {
        for (std::size_t k = 0; k < problem_.classes(); ++k) {
            if (in_workflow(problem_, k)) programme.rows[k].high = 0.0;
        }
        exact_ = true;
    }

    const Problem& problem_;
    std::span<const double> fleet_;
    std::vector<Option> options_;
    std::vector<LimitRow> limits_;
    bool exact_ = false;
};

std::vector<double> ShareProgramme::task_prices(
    const programme::ProgrammeSolution& solution) const {
    std::vector<double> out(problem_.classes(), 0.0);
    if (!exact_) {
        for (std::size_t k = 0; k < out.size(); ++k) out[k] = std::max(0.0, -solution.duals[k]);
        return out;
    }
    // A demand stands in the rows of qualities too. In shares of the demand it only stands in the
    // rows of types and limits, whose prices times what the class takes of them are its price.
    double total = 0.0;
    for (std::size_t r = problem_.classes(); r < programme.rows.size(); ++r) {
        if (programme.rows[r].low == 0.0) continue;
        for (const programme::Term& term : programme.rows[r].terms) {
            const auto variable = static_cast<std::size_t>(term.variable);
            const double taken = solution.duals[r] * term.coefficient * solution.values[variable];
            out[options_[variable - 1].task] += taken;
            total += taken;
        }
    }
    for (double& price : out) price = std::max(0.0, price / total);
    return out;
}

std::vector<double> ShareProgramme::device_worth(const programme::ProgrammeSolution& solution,
                                                 std::span<const double> task_prices) const {
    std::vector<double> out(problem_.types(), 0.0);
    if (programme.rows.size() > problem_.classes() + static_cast<std::size_t>(types_in(fleet_))) {
        std::size_t row = problem_.classes();
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const bool there = std::ranges::binary_search(options_, d, {}, &Option::type);
            if (there) out[d] = std::max(0.0, solution.duals[row++] * scale / fleet_[d]);
        }
        return out;
    }
    for (std::size_t d = 0; d < problem_.types(); ++d) {
        for (std::size_t k = 0; k < problem_.classes(); ++k) {
            const double worth =
                task_prices[k] * problem_.best_rate(d, k) / problem_.tasks[k].demand;
            out[d] = std::max(out[d], worth);
        }
    }
    return out;
}

Throughput nothing(const Problem& problem, int bottleneck) {
    Throughput out;
    out.allocation.assign(problem.types() * problem.classes(), 0.0);
    out.task_prices.assign(problem.classes(), 0.0);
    out.task_prices[static_cast<std::size_t>(bottleneck)] = 1.0;
    out.device_worth.assign(problem.types(), 0.0);
    out.bottleneck = bottleneck;
    return out;
}

/// Whether no type works on the classes for more than all of its time.
bool fits(const Problem& problem, std::span<const double> fleet, const Throughput& throughput) {
    constexpr double most_rounding = 1e-6;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        double busy = 0.0;
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            busy += throughput.allocated(d, k, problem.classes());
        }
        if (busy > fleet[d] * (1.0 + most_rounding)) return false;
    }
    return true;
}

bool sum_to_one(std::span<const double> shares) {
    return std::abs(std::accumulate(shares.begin(), shares.end(), -1.0)) < 1e-6;
}

/// The class that has no group of devices that fits; the first class where each one has.
int without_group(const Problem& problem, std::span<const double> fleet) {
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        const auto options = options_of(problem);
        const bool formed = std::ranges::any_of(options, [&](const Option& option) {
            return option.task == k && groups_in(fleet[option.type], option.size) >= 1.0;
        });
        if (!problem.tasks[k].sizes.empty() && !formed) return static_cast<int>(k);
    }
    return 0;
}

}  // namespace

Throughput best_throughput(const Problem& problem, std::span<const double> fleet) {
    const int none = unserved(problem, fleet);
    if (none >= 0) return nothing(problem, none);
    ShareProgramme shares(problem, fleet);
    const programme::ProgrammeSolution solution = shares.solve();
    if (!solution.optimal()) return nothing(problem, 0);
    if (problem.has_limits() && solution.values[0] <= 0.0) {
        return nothing(problem, without_group(problem, fleet));
    }
    Throughput out = nothing(problem, 0);
    out.theta = solution.values[0] * shares.scale;
    const auto sized = [](const Task& task) { return !task.sizes.empty(); };
    const bool grouped = std::ranges::any_of(problem.tasks, sized);
    for (std::size_t i = 0; i < shares.options().size(); ++i) {
        const Option& option = shares.options()[i];
        const double devices = shares.devices(solution, i);
        out.allocation[option.type * problem.classes() + option.task] += devices;
        if (!grouped || devices <= 0.0) continue;
        out.groups.push_back({option.type, option.task, option.size, option.rate, devices});
    }
    out.task_prices = shares.task_prices(solution);
    out.device_worth = shares.device_worth(solution, out.task_prices);
    MOTLEY_EXPECT(fits(problem, fleet, out), "devices work for more than all of their time");
    MOTLEY_EXPECT(sum_to_one(out.task_prices), "the prices of the classes do not sum to 1");
    const auto dearest = std::ranges::max_element(out.task_prices);
    out.bottleneck = static_cast<int>(dearest - out.task_prices.begin());
    return out;
}

}  // namespace motley::fleet
