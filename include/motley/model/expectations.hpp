// Checks of what the kernel assumes of the graph, the arguments of a step and the state. They run
// in builds that ask for them (core/expect.hpp).
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "motley/core/expect.hpp"
#include "motley/model/step_rows.hpp"

namespace motley::model {

/// Checks rows of `graph`: offsets ascend, columns are units, interior rows have no ghosts and
/// weights are shares.
template <class Real>
void expect_rows(const LocalGraph<Real>& graph, const Rows<Real>& rows) {
    if constexpr (MOTLEY_ASSERTIONS < 1) return;
    const std::size_t owned = graph.owned();
    MOTLEY_EXPECT(rows.offsets.size() == owned + 1, "rows have one offset more than agents");
    MOTLEY_EXPECT(rows.offsets[0] == 0, "the first row begins at 0");
    for (std::size_t row = 0; row < owned; ++row) {
        MOTLEY_EXPECT(rows.offsets[row] <= rows.offsets[row + 1], "offsets of rows ascend");
    }
    const std::uint64_t arcs = rows.offsets[owned];
    MOTLEY_EXPECT(rows.columns.size() == arcs + Rows<Real>::padding, "columns are padded");
    for (const std::uint32_t column : rows.columns) {
        MOTLEY_EXPECT(column < graph.units() || arcs == 0,
                      "column " + std::to_string(column) + " is one of " +
                          std::to_string(graph.units()) + " units");
    }
    for (std::uint64_t e = 0; e < rows.offsets[graph.interior()]; ++e) {
        MOTLEY_EXPECT(rows.columns[e] < graph.first_ghost(), "interior rows need no ghosts");
    }
    const bool weighted = graph.coupling() == Coupling::weighted;
    MOTLEY_EXPECT(rows.weights.size() == (weighted ? arcs : 0), "each weighted arc has a weight");
    for (const Real weight : rows.weights) {
        MOTLEY_EXPECT(weight >= 0 && weight <= 1, "weights of arcs are shares that survive");
    }
}

/// Checks that ids are ids of agents, interior rows are owned, and the rows fit the coupling.
template <class Real>
void expect_local_graph(const LocalGraph<Real>& graph) {
    if constexpr (MOTLEY_ASSERTIONS < 1) return;
    MOTLEY_EXPECT(graph.hosts() <= graph.agents(), "hosts are agents");
    MOTLEY_EXPECT(graph.interior() <= graph.owned(), "interior rows are owned");
    for (const AgentId id : graph.ids()) {
        MOTLEY_EXPECT(id >= 0 && id < graph.agents(), "owned ids are ids of agents");
    }
    if (!graph.has_arcs()) {
        MOTLEY_EXPECT(graph.interior() == graph.owned(), "a mean field has no boundary");
        MOTLEY_EXPECT(graph.ghosts() == 0, "a mean field has no ghosts");
        return;
    }
    expect_rows(graph, graph.in());
    if (graph.coupling() == Coupling::weighted) expect_rows(graph, graph.out());
}

/// Checks that the buffers of the state are as large as the graph needs, and that the parity is
/// that of one of them.
template <class Real>
void expect_arguments(const StepArguments<Real>& arguments, LocalId begin, LocalId end) {
    if constexpr (MOTLEY_ASSERTIONS < 1) return;
    const LocalGraph<Real>& graph = *arguments.graph;
    const State<Real>& state = *arguments.state;
    const std::size_t row = static_cast<std::size_t>(state.width), owned = graph.owned();
    MOTLEY_EXPECT(begin <= end && end <= owned, "rows of a step are owned");
    MOTLEY_EXPECT(arguments.parity == 0 || arguments.parity == 1, "parity is 0 or 1");
    MOTLEY_EXPECT(state.allocation.size() == owned * row, "each agent has an allocation");
    MOTLEY_EXPECT(state.capability.size() == owned * row, "each agent has capabilities");
    MOTLEY_EXPECT(state.resource.empty() || state.resource.size() == owned,
                  "each agent has a resource");
    MOTLEY_EXPECT(state.demand.size() == (state.demand_per_agent ? owned : 1) * row,
                  "each agent has a demand");
    MOTLEY_EXPECT(state.messages[0].size() == 2 * owned * row, "each agent has a message");
    if (!graph.has_arcs()) {
        MOTLEY_EXPECT(arguments.totals != nullptr, "a mean field has totals");
        return;
    }
    MOTLEY_EXPECT(state.messages[1].size() == 2 * owned * row, "each parity has messages");
    MOTLEY_EXPECT(state.ghosts.size() == graph.ghost_halves() * row, "each ghost has a place");
}

/// Checks after a step that allocations are shares that sum to 1 and that stocks, values and
/// resources are not negative. It does not check that they are finite, because that depends on the
/// input; a measured step reports an agent for which they are not.
template <class Real>
void expect_state(const LocalGraph<Real>& graph, const State<Real>& state, int parity) {
    if constexpr (MOTLEY_ASSERTIONS < 2) return;
    const auto width = static_cast<std::size_t>(state.width);
    const double rounding = (8 + state.tasks) * (1e-15 + std::numeric_limits<Real>::epsilon());
    for (LocalId row = 0; row < graph.owned(); ++row) {
        const auto agent = [&] { return " of agent " + std::to_string(graph.ids()[row]); };
        const Real* shares = state.allocation.data() + row * width;
        double total = 0.0;
        for (std::size_t k = 0; k < width; ++k) {
            MOTLEY_EXPECT_STEP(!(shares[k] < 0), "no allocation is negative: that" + agent());
            total += static_cast<double>(shares[k]);
        }
        MOTLEY_EXPECT_STEP(
            !(std::abs(total - 1.0) > rounding),
            "allocations sum to 1, not to " + std::to_string(total) + ": those" + agent());
        const Real* message =
            state.messages[static_cast<std::size_t>(parity)].data() + 2 * row * width;
        MOTLEY_EXPECT_STEP(std::none_of(message, message + 2 * width, [](Real v) { return v < 0; }),
                           "no stock or value is negative: that" + agent());
        MOTLEY_EXPECT_STEP(state.resource.empty() || !(state.resource[row] < 0),
                           "no resource is negative: that" + agent());
    }
}

}  // namespace motley::model
