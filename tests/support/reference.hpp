// A slow reference implementation of the step: dense matrices in long double, written from the
// definition in docs/model.md, one loop per formula. It uses nothing from src/model.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "motley/core/ids.hpp"

namespace motley::test {

using Wide = long double;
using Matrix = std::vector<std::vector<Wide>>;

inline Matrix zeros(std::size_t rows, std::size_t columns) {
    return Matrix(rows, std::vector<Wide>(columns, 0));
}

/// transfer[i][j] = kappa_ij w_ij: the amount that reaches i of one unit that j passes on. `Traits`
/// decides the coupling, as topology::Traits does.
template <class Arc, class Traits>
Matrix transfer_of(AgentId agents, const std::vector<Arc>& arcs, const Traits& traits) {
    const auto n = static_cast<std::size_t>(agents);
    Matrix transfer = zeros(n, n);
    if (traits.complete) {
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                if (i != j) transfer[i][j] = Wide(traits.survival) / Wide(n - 1);
            }
        }
        return transfer;
    }
    // Weight and weight x survival of every distinct arc, summed over parallel ones.
    std::map<std::pair<AgentId, AgentId>, std::pair<Wide, Wide>> merged;
    for (const auto& arc : arcs) {
        auto& [weight, survived] = merged[{arc.source, arc.target}];
        weight += arc.weight;
        survived += Wide(arc.weight) * Wide(arc.survival);
    }
    if (traits.symmetric_uniform || !traits.use_weights) {
        for (auto& [pair, entry] : merged) {
            const Wide kept =
                traits.symmetric_uniform ? Wide(traits.survival) : entry.second / entry.first;
            entry = {1, kept};
        }
    }
    std::vector<Wide> total(n, 0);
    for (const auto& [pair, entry] : merged) {
        total[static_cast<std::size_t>(pair.first)] += entry.first;
    }
    for (const auto& [pair, entry] : merged) {
        const auto source = static_cast<std::size_t>(pair.first);
        transfer[static_cast<std::size_t>(pair.second)][source] = entry.second / total[source];
    }
    return transfer;
}

/// One production system. Fill the description and the state, then call `step`.
class Reference {
  public:
    Reference(std::size_t agent_count, std::size_t task_count, Matrix routes)
        : agents(agent_count), tasks(task_count), transfer(std::move(routes)) {
        for (Matrix* m : {&allocation, &capability, &demand, &stock, &value, &output, &consumption,
                          &price, &gain}) {
            *m = zeros(agents, tasks);
        }
        resource.assign(agents, 1);
        utility.assign(agents, 0);
        open.assign(agents, 0);
        lost.assign(agents, 0);
    }

    // Description.
    std::size_t agents, tasks;
    Matrix transfer;
    std::vector<Wide> lost;  ///< share of what an agent passes on that arrives nowhere
    Wide openness = 0.9L, elasticity = 1, returns = 1;
    Wide learning_exponent = 1;
    bool growth_local = false;
    bool adapts = true, marginal = false;
    Wide learning_floor = 0, mutation = 0, migration = 0;
    /// Growth compares the agents of a group of this size and keeps its total; 0: all agents, and
    /// the total may change.
    std::size_t growth_group = 0;
    /// migration_routes[i][j]: share of what j sends that goes to i; columns sum to 1 or 0.
    Matrix migration_routes;
    /// Limits that keep the step finite: smallest c / D, largest |ln p|, largest drive, floor of x.
    Wide least_ratio = 0x1p-1022L, price_limit = 230, drive_limit = 4, floor = 1e-15L;

    /// Acceleration: by how many times the change since `span` steps ago stocks and values look
    /// ahead (0: not at all), and whether allocations have momentum.
    Wide ahead = 0;
    std::size_t span = 2;
    bool momentum = false;

    // State.
    Matrix allocation, capability, demand;
    std::vector<Wide> resource;
    Matrix stock, value;

    // Results of the last step.
    Matrix output, consumption, price, gain;
    std::vector<Wide> utility;
    std::vector<Wide> open;  ///< lambda_i: 0 where an agent has no outgoing edge

    void step(Wide rate, Wide learning = 0, Wide growth = 0) {
        const Matrix old_stock = stock, old_value = value;
        const std::vector<Wide> old_resource = resource;
        begin_history();
        for (std::size_t i = 0; i < agents; ++i) {
            open[i] = lost[i] > 0 ? openness : 0;
            for (std::size_t j = 0; j < agents; ++j) {
                if (transfer[j][i] > 0) open[i] = openness;
            }
        }
        for (std::size_t i = 0; i < agents; ++i) {
            for (std::size_t k = 0; k < tasks; ++k) {
                const Wide x = allocation[i][k], ra = resource[i] * capability[i][k];
                output[i][k] = ra * std::pow(x, returns);
                gain[i][k] = ra > 0 ? ra * returns * std::pow(x, returns - 1) : 0;
                stock[i][k] = output[i][k];
                for (std::size_t j = 0; j < agents; ++j) {
                    stock[i][k] += transfer[i][j] * open[j] * old_stock[j][k];
                }
                consumption[i][k] = (1 - open[i]) * stock[i][k];
            }
            price_of(i);
            const bool looks = ahead > 0 && rate > 0 && open[i] > 0;
            if (looks) price_ahead(i);
            for (std::size_t k = 0; k < tasks; ++k) {
                value[i][k] = (1 - open[i]) * price[i][k];
                for (std::size_t j = 0; j < agents; ++j) {
                    value[i][k] += open[i] * transfer[j][i] * old_value[j][k];
                }
                gain[i][k] *= value[i][k];
                if (looks && value[i][k] > 0)
                    gain[i][k] *= foreseen(value[i][k], past_values[0][i][k]) / value[i][k];
            }
        }
        for (std::size_t i = 0; i < agents; ++i) {
            if (rate > 0 && adapts) momentum ? move(i, rate) : adapt(i, rate);
            if (learning > 0) learn(i, learning);
        }
        if (growth > 0) grow(growth, old_resource);
        if (growth_group > 0) conserve(old_resource);
        if (migration > 0 && rate > 0) migrate();
    }

    Wide productivity() const {
        Wide total = 0;
        for (const Wide u : utility) total += u;
        return total;
    }
    /// sum_k q_ik y_ik.
    Wide earned(std::size_t i) const {
        Wide total = 0;
        for (std::size_t k = 0; k < tasks; ++k) total += value[i][k] * output[i][k];
        return total;
    }

  private:
    Wide limited(Wide v, Wide limit) const { return std::clamp(v, -limit, limit); }

    void price_of(std::size_t i) {
        Wide need = 0;
        for (std::size_t k = 0; k < tasks; ++k) need += demand[i][k];
        std::vector<Wide> share(tasks, 0), ratio(tasks, 1);
        Wide least = INFINITY;
        for (std::size_t k = 0; k < tasks; ++k) {
            if (demand[i][k] <= 0) continue;
            share[k] = demand[i][k] / need;
            ratio[k] = std::max(consumption[i][k] / demand[i][k], least_ratio);
            least = std::min(least, ratio[k]);
        }
        // u / least, then the logarithm, so that powers of tiny ratios stay in range.
        Wide log_utility = 0;
        if (elasticity == 1) {
            for (std::size_t k = 0; k < tasks; ++k) log_utility += share[k] * std::log(ratio[k]);
        } else {
            const Wide rho = (elasticity - 1) / elasticity;
            Wide sum = 0;
            for (std::size_t k = 0; k < tasks; ++k) {
                if (share[k] > 0) sum += share[k] * std::pow(ratio[k] / least, rho);
            }
            log_utility = std::log(least) + std::log(sum) / rho;
        }
        utility[i] = std::exp(log_utility);
        for (std::size_t k = 0; k < tasks; ++k) {
            const Wide exponent = (log_utility - std::log(ratio[k])) / elasticity;
            price[i][k] = share[k] > 0 ? std::exp(limited(exponent, price_limit)) : 0;
        }
    }

    /// The last `span` stocks and values, the earliest first; all are 0 before the first step.
    std::vector<Matrix> past_stocks, past_values;
    Matrix velocity;
    std::vector<Wide> moves;

    void begin_history() {
        if (past_stocks.empty()) {
            past_stocks.assign(span, zeros(agents, tasks));
            past_values = past_stocks;
            velocity = zeros(agents, tasks);
            moves.assign(agents, 0);
            return;
        }
        past_stocks.erase(past_stocks.begin());
        past_values.erase(past_values.begin());
        past_stocks.push_back(stock);
        past_values.push_back(value);
    }

    Wide foreseen(Wide now, Wide earlier) const {
        return std::clamp(now + ahead * (now - earlier), now / 2, 2 * now);
    }

    /// Prices at the consumption to come; the utility stays that of what is consumed now.
    void price_ahead(std::size_t i) {
        const std::vector<Wide> consumed = consumption[i];
        const Wide now = utility[i];
        for (std::size_t k = 0; k < tasks; ++k) {
            consumption[i][k] = (1 - open[i]) * foreseen(stock[i][k], past_stocks[0][i][k]);
        }
        price_of(i);
        consumption[i] = consumed;
        utility[i] = now;
    }

    /// Momentum in ln x, which starts anew where the last move went against the gain.
    void move(std::size_t i, Wide rate) {
        Wide mean = 0, total = 0, agreement = 0;
        for (std::size_t k = 0; k < tasks; ++k) mean += allocation[i][k] * gain[i][k];
        std::vector<Wide> drive(tasks, 0);
        for (std::size_t k = 0; k < tasks; ++k) {
            drive[k] = mean > 0 ? rate * (gain[i][k] / mean - 1) : 0;
            agreement += allocation[i][k] * velocity[i][k] * drive[k];
        }
        if (agreement < 0) moves[i] = 0;
        const Wide kept = mean > 0 ? moves[i] / (moves[i] + 6) : 0;
        moves[i] += 1;
        for (std::size_t k = 0; k < tasks; ++k) {
            const Wide before = allocation[i][k] > floor ? velocity[i][k] : 0;
            velocity[i][k] = limited(kept * before + drive[k], drive_limit);
            allocation[i][k] *= std::exp(velocity[i][k]);
            total += allocation[i][k];
        }
        for (std::size_t k = 0; k < tasks; ++k) {
            allocation[i][k] /= total;
            if (capability[i][k] > 0) allocation[i][k] = std::max(allocation[i][k], floor);
        }
    }

    void adapt(std::size_t i, Wide rate) {
        Wide mean = 0, total = 0;
        for (std::size_t k = 0; k < tasks; ++k) mean += allocation[i][k] * gain[i][k];
        for (std::size_t k = 0; k < tasks; ++k) {
            const Wide drive = mean > 0 ? rate * (gain[i][k] / mean - 1) : 0;
            allocation[i][k] *= std::exp(limited(drive, drive_limit));
            total += allocation[i][k];
        }
        for (std::size_t k = 0; k < tasks; ++k) {
            allocation[i][k] /= total;
            if (capability[i][k] > 0) allocation[i][k] = std::max(allocation[i][k], floor);
        }
        if (!(mutation > 0)) return;
        Wide able = 0;
        for (std::size_t k = 0; k < tasks; ++k) able += capability[i][k] > 0 ? 1 : 0;
        for (std::size_t k = 0; k < tasks; ++k) {
            const Wide share = capability[i][k] > 0 ? mutation / able : 0;
            allocation[i][k] = (1 - mutation) * allocation[i][k] + share;
        }
    }

    /// What learning follows, per unit of A.
    Wide drive_of(std::size_t i, std::size_t k, Wide power) const {
        const Wide earned_here = value[i][k] * output[i][k];
        if (!marginal) return earned_here;
        return power > 0 ? earned_here / power : 0;
    }

    void learn(std::size_t i, Wide rate) {
        const Wide p = learning_exponent;
        std::vector<Wide> power(tasks, 0);
        Wide budget = 0, mean = 0, total = 0;
        for (std::size_t k = 0; k < tasks; ++k) {
            if (capability[i][k] > 0) power[k] = std::pow(capability[i][k], p);
            budget += power[k];
            mean += power[k] * drive_of(i, k, power[k]);
        }
        mean /= budget;
        if (!(mean > 0)) return;
        for (std::size_t k = 0; k < tasks; ++k) {
            const Wide drive = rate * (drive_of(i, k, power[k]) / mean - 1);
            power[k] *= std::exp(limited(drive, drive_limit));
            total += power[k];
        }
        for (std::size_t k = 0; k < tasks; ++k) power[k] *= budget / total;
        if (learning_floor > 0) {
            total = 0;
            for (std::size_t k = 0; k < tasks; ++k) {
                const Wide least = learning_floor * budget / static_cast<Wide>(tasks);
                if (capability[i][k] > 0) power[k] = std::max(power[k], least);
                total += power[k];
            }
            for (std::size_t k = 0; k < tasks; ++k) power[k] *= budget / total;
        }
        for (std::size_t k = 0; k < tasks; ++k) {
            if (capability[i][k] > 0) capability[i][k] = std::pow(power[k], 1 / p);
        }
    }

    void conserve(const std::vector<Wide>& before) {
        for (std::size_t first = 0; first < agents; first += growth_group) {
            Wide old_total = 0, new_total = 0;
            for (std::size_t i = first; i < first + growth_group; ++i) {
                old_total += before[i];
                new_total += resource[i];
            }
            for (std::size_t i = first; i < first + growth_group; ++i) {
                resource[i] *= old_total / new_total;
            }
        }
    }

    void migrate() {
        const std::vector<Wide> old = resource;
        for (std::size_t i = 0; i < agents; ++i) {
            Wide arrived = 0, sends = 0;
            for (std::size_t j = 0; j < agents; ++j) {
                arrived += migration_routes[i][j] * old[j];
                sends += migration_routes[j][i];
            }
            resource[i] = (sends > 0 ? 1 - migration : 1) * old[i] + migration * arrived;
        }
    }

    void grow(Wide rate, const std::vector<Wide>& before) {
        for (std::size_t i = 0; i < agents; ++i) {
            Wide earnings = 0, spent = 0;
            for (std::size_t j = 0; j < agents; ++j) {
                // The neighbourhood: the agent and those that send to it.
                const bool group = growth_group == 0 || i / growth_group == j / growth_group;
                const bool counted = group && (!growth_local || j == i || transfer[i][j] > 0);
                earnings += counted ? earned(j) : 0;
                spent += counted ? before[j] : 0;
            }
            const Wide drive = rate * (earned(i) / before[i] * spent / earnings - 1);
            if (earnings > 0) resource[i] *= std::exp(limited(drive, drive_limit));
        }
    }

  public:
    /// Entropies of the joint distribution p(i, k) ~ weight: mutual information by its definition.
    static Wide mutual_information(const Matrix& weight) {
        Wide total = 0;
        std::vector<Wide> by_task(weight.empty() ? 0 : weight[0].size(), 0), by_agent;
        for (const auto& row : weight) {
            by_agent.push_back(0);
            for (std::size_t k = 0; k < row.size(); ++k) {
                by_agent.back() += row[k];
                by_task[k] += row[k];
                total += row[k];
            }
        }
        Wide information = 0;
        for (std::size_t i = 0; i < weight.size(); ++i) {
            for (std::size_t k = 0; k < by_task.size(); ++k) {
                const Wide p = weight[i][k] / total;
                if (p > 0)
                    information += p * std::log(p * total * total / by_agent[i] / by_task[k]);
            }
        }
        return information;
    }
};

}  // namespace motley::test
