// What a device can do for a class, and the rows that limit an allocation beside those of classes
// and types.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

/// A type that works on a class in groups of one size.
struct Option {
    std::size_t type = 0, task = 0;
    double size = 1.0;        ///< devices of a group
    double efficiency = 1.0;  ///< of a device in the group
    double rate = 0.0;        ///< units per second of one device in the group
    double quality = 1.0;
    bool grouped = false;  ///< only whole groups run
};
/// All options of positive rate and sufficient quality, by type, class and size.
std::vector<Option> options_of(const Problem& problem);

/// max theta over the shares x of the time of each type: sum_i served_i x_i >= theta for each
/// class, sum_i x_i <= 1 for each type that has an option, where served_i = n_d rate_i / D_k.
struct TimeShares {
    /// Variable 0 is theta / scale, variable i + 1 the share of option i, so that all numbers are
    /// near 1 whatever the units. The rows are the classes, then the types.
    programme::Programme programme;
    std::vector<int> type_rows;  ///< D; -1: no option
};
TimeShares time_shares(const Problem& problem, std::span<const double> fleet,
                       const std::vector<Option>& options, double scale);

/// Whole groups of `size` that `devices` form.
double groups_in(double devices, double size);

/// A row sum_i coefficient_i y_i <= high over the devices y_i of options.
struct LimitRow {
    double high = 0.0;
    int type = -1;      ///< type of which the groups are counted; -1: a limit of a class
    double size = 0.0;  ///< their size
    std::vector<std::pair<std::size_t, double>> terms;  ///< number of the option, coefficient
};
/// The rows of `max_devices` and of indivisible jobs.
std::vector<LimitRow> class_limits(const Problem& problem, const std::vector<Option>& options);
/// For each type and each size of its groups above 1 the row of whole groups. `high` is 0.
std::vector<LimitRow> group_limits(const Problem& problem, const std::vector<Option>& options);

/// A row sum_i coefficient_i s_i >= 0 over the shares s_i of the demand of its class that an option
/// serves. It is valid where the shares of each class of the workflow sum to the same number.
struct QualityRow {
    std::size_t workflow = 0;
    std::vector<std::pair<std::size_t, double>> terms;
    bool latency = false;  ///< the row of a path of steps, not of a quality

    /// "quality 0" or "latency 0", with the number of the workflow.
    std::string name() const {
        return (latency ? "latency " : "quality ") + std::to_string(workflow);
    }
};
/// Whether a workflow that has a condition contains the class.
bool in_workflow(const Problem& problem, std::size_t task);
/// The mean quality of each class for shares of options; 1 where nothing serves it.
std::vector<double> class_qualities(const Problem& problem, const std::vector<Option>& options,
                                    std::span<const double> shares);
/// Which rows are looked for. A row is proved where every allocation that meets the condition meets
/// the row. Branches of a request wait for each other, so that its mean time is above that of its
/// longest path where engines are mixed; the rows that tighten a path until the mean is low enough
/// may cut off a better allocation.
enum class Rows { proved, all };
/// The rows of conditions that the shares break by more than a relative 1e-9 (a latency: 1e-7): the
/// row of a mean, the tangent of a product at the qualities of the shares, the row of the longest
/// path of steps.
std::vector<QualityRow> broken_qualities(const Problem& problem, const std::vector<Option>& options,
                                         std::span<const double> shares, Rows rows = Rows::all);

}  // namespace motley::fleet
