// A production system on one rank without MPI: rows made by hand and the step, side by side with
// the dense reference in the same state.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "model/graphs.hpp"
#include "motley/core/random.hpp"
#include "motley/model/growth.hpp"
#include "motley/model/step_rows.hpp"
#include "support/reference.hpp"

namespace motley::test {

/// What a random system looks like beyond its graph.
struct SystemOptions {
    int tasks = 4;
    double openness = 0.8;
    double elasticity = 1.0;
    double returns = 1.0;
    double learning_rate = 0.0, learning_exponent = 1.0;
    bool own_demand = true;    ///< per agent, with zeros; else one common row
    bool own_resource = true;  ///< per agent; else 1.5 for all
    bool gaps = true;          ///< zero capabilities, agents without any, a task nobody can do
    std::uint64_t seed = 1;
};

template <class Real>
class LocalSystem {
  public:
    LocalSystem(const SmallGraph& graph, const SystemOptions& options)
        : options_(options), graph_(local_graph<Real>(graph)) {
        state_.tasks = options.tasks;
        state_.width = model::padded_tasks<Real>(options.tasks);
        fill();
        const std::size_t size = 2 * agents() * width();
        state_.messages[0] = Buffer<Real>(size, Real{0});
        if (mean_field()) {
            totals_.assign(2 * width(), 0.0);
        } else {
            state_.messages[1] = Buffer<Real>(size, Real{0});
        }
    }

    bool mean_field() const { return graph_.coupling() == model::Coupling::mean_field; }
    std::size_t agents() const { return graph_.owned(); }
    std::size_t width() const { return static_cast<std::size_t>(state_.width); }
    model::State<Real>& state() { return state_; }

    void step(double rate, model::Tally* tally = nullptr, double* reward = nullptr) {
        auto arguments = arguments_at(parity_);
        arguments.parameters.rate = rate;
        arguments.parameters.learning_rate = rate > 0.0 ? options_.learning_rate : 0.0;
        arguments.tally = tally;
        arguments.reward = reward;
        // In two pieces, as interior and boundary rows are.
        const auto owned = static_cast<LocalId>(agents());
        model::step_rows(arguments, 0, owned / 3);
        model::step_rows(arguments, owned / 3, owned);
        if (!mean_field()) {
            parity_ = 1 - parity_;
            return;
        }
        std::vector<ExactSum> sums(totals_.size());
        model::add_messages(state_, agents(), std::span<ExactSum>(sums));
        for (std::size_t k = 0; k < sums.size(); ++k) totals_[k] = sums[k].value();
    }

    /// The local row of agent i.
    std::size_t row_of(std::size_t i) const {
        const auto ids = graph_.ids();
        return static_cast<std::size_t>(std::find(ids.begin(), ids.end(), static_cast<AgentId>(i)) -
                                        ids.begin());
    }
    double allocation(std::size_t i, std::size_t k) const {
        return static_cast<double>(state_.allocation[row_of(i) * width() + k]);
    }
    double capability(std::size_t i, std::size_t k) const {
        return static_cast<double>(state_.capability[row_of(i) * width() + k]);
    }
    struct Agent {
        std::vector<double> consumption, value;
        double utility = 0.0;
    };
    Agent agent(std::size_t i) const {
        Agent result;
        result.consumption.resize(static_cast<std::size_t>(options_.tasks));
        result.value.resize(static_cast<std::size_t>(options_.tasks));
        const auto arguments = const_cast<LocalSystem*>(this)->arguments_at(parity_);
        const auto row = static_cast<LocalId>(row_of(i));
        model::read_consumption(arguments, row, result.consumption.data());
        model::read_values(arguments, row, result.value.data());
        result.utility = model::read_utility(arguments, row);
        return result;
    }

    /// The reference in the state of this system.
    Reference reference(const SmallGraph& graph) const {
        const auto tasks = static_cast<std::size_t>(options_.tasks);
        Reference reference(agents(), tasks, transfer_of(graph.agents, graph.arcs, graph.routing));
        reference.openness = options_.openness;
        reference.elasticity = options_.elasticity;
        reference.returns = options_.returns;
        reference.learning_exponent = options_.learning_exponent;
        if (std::is_same_v<Real, float>) {
            reference.least_ratio = 0x1p-126L;
            reference.price_limit = 60;
        }
        for (std::size_t i = 0; i < agents(); ++i) {
            for (std::size_t k = 0; k < tasks; ++k) {
                reference.allocation[i][k] = allocation(i, k);
                reference.capability[i][k] = capability(i, k);
                reference.demand[i][k] = static_cast<double>(state_.demand_of(row_of(i))[k]);
            }
            reference.resource[i] = state_.resource_of(row_of(i));
        }
        return reference;
    }

  private:
    model::StepArguments<Real> arguments_at(int parity) {
        model::StepArguments<Real> arguments;
        arguments.graph = &graph_;
        arguments.state = &state_;
        arguments.parameters.openness = options_.openness;
        arguments.parameters.elasticity = options_.elasticity;
        arguments.parameters.returns = options_.returns;
        arguments.parameters.learning_exponent = options_.learning_exponent;
        arguments.parity = parity;
        arguments.totals = mean_field() ? totals_.data() : nullptr;
        return arguments;
    }

    void fill() {
        const auto n = agents(), tasks = static_cast<std::size_t>(options_.tasks);
        state_.capability = Buffer<Real>(n * width(), Real{0});
        state_.allocation = Buffer<Real>(n * width(), Real{0});
        for (std::size_t i = 0; i < n; ++i) {
            const Random random(options_.seed, Stream::test, 1000 + i);
            for (std::size_t k = 0; k < tasks; ++k) {
                const auto counter = static_cast<std::uint32_t>(k);
                const bool able = !options_.gaps || (i % 6 != 4 && (k != 1 || tasks < 3) &&
                                                     random.below(5, 100 + counter) != 0);
                state_.capability[i * width() + k] =
                    able ? static_cast<Real>(std::exp(0.5 * random.normal(counter))) : Real{0};
            }
        }
        model::initial_allocation({.noise = 0.3, .seed = options_.seed, .ids = graph_.ids()},
                                  state_);
        state_.resource_value = 1.5;
        if (options_.own_resource) {
            state_.resource = Buffer<Real>(n);
            for (std::size_t i = 0; i < n; ++i) {
                const Random random(options_.seed, Stream::test, 2000 + i);
                state_.resource[i] = static_cast<Real>(0.5 + random.uniform(0));
            }
        }
        fill_demand(options_.own_demand ? n : 1, tasks);
    }

    void fill_demand(std::size_t rows, std::size_t tasks) {
        state_.demand_per_agent = options_.own_demand;
        state_.demand = Buffer<Real>(rows * width(), Real{0});
        for (std::size_t i = 0; i < rows; ++i) {
            const Random random(options_.seed, Stream::test, 3000 + i);
            std::vector<double> row(tasks);
            double total = 0.0;
            for (std::size_t k = 0; k < tasks; ++k) {
                const auto counter = static_cast<std::uint32_t>(k);
                const bool needed =
                    !options_.gaps || k == i % tasks || random.below(4, counter) != 0;
                row[k] = needed ? 0.1 + random.uniform(100 + counter) : 0.0;
                total += row[k];
            }
            for (std::size_t k = 0; k < tasks; ++k) {
                state_.demand[i * width() + k] = static_cast<Real>(row[k] / total);
            }
        }
    }

    SystemOptions options_;
    model::LocalGraph<Real> graph_;
    model::State<Real> state_;
    std::vector<double> totals_;
    int parity_ = 0;
};

/// Relative difference, with an absolute floor for what lies at the edge of the number range.
template <class Real>
double difference(double found, Wide expected) {
    const Wide tiny = std::is_same_v<Real, double> ? 1e-280L : 1e-30L;
    return static_cast<double>(std::abs(Wide(found) - expected) / (std::abs(expected) + tiny));
}

}  // namespace motley::test
