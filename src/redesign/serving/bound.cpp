#include "bound.hpp"

#include <algorithm>
#include <cmath>

namespace motley::serving {
namespace {

double row_value(const programme::Row& row, const std::vector<double>& values) {
    double sum = 0.0;
    for (const auto& term : row.terms) sum += term.coefficient * values[at(term.variable)];
    return sum;
}

void fill_shares(Outcome& outcome, const System& system, const Layout& layout,
                 const Skeleton& skeleton, const std::vector<double>& values, double factor) {
    outcome.shares.assign(system.hosts.size() * system.classes(), 0.0);
    for (std::size_t j = 0; j < layout.activities.size(); ++j) {
        const Activity& activity = layout.activities[j];
        if (activity.works.size() != 1) continue;
        const auto task = at(activity.works.front().first);
        const double units = std::max(0.0, values[at(skeleton.activities[j])]) * factor;
        for (const Part& part : activity.parts) {
            const Cell& cell = layout.cells[at(part.cell)];
            for (const int host : cell.hosts) {
                outcome.shares[at(host) * system.classes() + task] +=
                    units * part.time / cell.devices();
            }
        }
    }
}

void fill_handed(Outcome& outcome, const System& system, const Layout& layout,
                 const Skeleton& skeleton, const std::vector<double>& values, double factor) {
    outcome.handed.assign(system.flows.size(), {});
    const auto value = [&](int variable) {
        return variable < 0 ? 0.0 : std::max(0.0, values[at(variable)]) * factor;
    };
    for (std::size_t i = 0; i < skeleton.ends.size(); ++i) {
        Handed& handed = outcome.handed[i / layout.cells.size()];
        handed.self += value(skeleton.ends[i].self);
        handed.node += value(skeleton.ends[i].node_out);
        handed.fabric += value(skeleton.ends[i].out);
    }
}

void fill_channels(Outcome& outcome, const Skeleton& skeleton,
                   const programme::Programme& programme,
                   const programme::ProgrammeSolution& solution, double factor) {
    outcome.loads.assign(skeleton.channel_row.size(), 0.0);
    outcome.prices.assign(skeleton.channel_row.size(), 0.0);
    double worth = 0.0, largest = 0.0;
    for (const CapacityRow& each : skeleton.capacities) {
        const double price = std::max(0.0, solution.duals[at(each.row)]) * skeleton.scale;
        const double load = row_value(programme.rows[at(each.row)], solution.values) * factor;
        worth += price * each.capacity;
        const auto alike = static_cast<double>(each.channels.size());
        for (const int channel : each.channels) {
            outcome.loads[at(channel)] = load / alike;
            outcome.prices[at(channel)] = price;
            if (price * each.capacity / alike > largest * (1.0 + 1e-9)) {
                largest = price * each.capacity / alike;
                outcome.bottleneck = channel;
            }
        }
    }
    outcome.fabric_share = outcome.high > 0.0 ? std::min(1.0, worth / outcome.high) : 0.0;
    if (outcome.fabric_share < 1e-7) outcome.bottleneck = -1;
}

}  // namespace

double dual_bound(const programme::Programme& programme, const std::vector<double>& duals) {
    double bound = 0.0;
    std::vector<double> reduced;
    reduced.reserve(programme.variables.size());
    for (const auto& variable : programme.variables) reduced.push_back(variable.cost);
    for (std::size_t r = 0; r < programme.rows.size(); ++r) {
        const programme::Row& row = programme.rows[r];
        const double limit = duals[r] > 0.0 ? row.high : row.low;
        if (duals[r] == 0.0 || std::isinf(limit)) continue;
        bound += duals[r] * limit;
        for (const auto& term : row.terms) {
            reduced[at(term.variable)] -= duals[r] * term.coefficient;
        }
    }
    for (std::size_t v = 0; v < reduced.size(); ++v) {
        const auto& variable = programme.variables[v];
        bound += std::max(reduced[v] * variable.low, reduced[v] * variable.high);
    }
    return bound;
}

double kept_theta(const Skeleton& skeleton, const programme::Programme& programme,
                  const std::vector<double>& values) {
    double theta = values[0], most = 1.0;
    for (std::size_t r = 0; r < programme.rows.size(); ++r) {
        const programme::Row& row = programme.rows[r];
        if (!std::isfinite(row.high) || row.high <= 0.0) continue;
        most = std::max(most, row_value(row, values) / row.high);
    }
    for (const int row : skeleton.class_rows) {
        theta = std::min(theta, values[0] + row_value(programme.rows[at(row)], values));
    }
    return std::max(0.0, theta / most);
}

void fill(Outcome& outcome, const System& system, const Layout& layout, const Skeleton& skeleton,
          const programme::Programme& programme, const programme::ProgrammeSolution& solution,
          double high) {
    const double theta = kept_theta(skeleton, programme, solution.values);
    const double factor = solution.values[0] > 0.0 ? theta / solution.values[0] : 0.0;
    outcome.low = theta * skeleton.scale;
    outcome.high = std::max(high * skeleton.scale, outcome.low);
    fill_shares(outcome, system, layout, skeleton, solution.values, factor);
    fill_handed(outcome, system, layout, skeleton, solution.values, factor);
    fill_channels(outcome, skeleton, programme, solution, factor);
    double sum = 0.0;
    for (std::size_t k = 0; k < system.classes(); ++k) {
        outcome.task_prices.push_back(std::max(0.0, -solution.duals[at(skeleton.class_rows[k])]));
        sum += outcome.task_prices.back();
    }
    for (double& price : outcome.task_prices) price = sum > 0.0 ? price / sum : 0.0;
}

}  // namespace motley::serving
