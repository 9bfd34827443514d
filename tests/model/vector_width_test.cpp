// The bits of a step do not depend on the width of the vectors that a kernel computes with.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/kernel.hpp"
#include "motley/core/random.hpp"
#include "motley/model/state.hpp"
#include "support/local_graph.hpp"

namespace motley {
namespace {

/// Sums of rows as docs/decisions/0023 states them: 64 bytes of tasks with the next 64, then the
/// lower half of these with the upper half, until one number is left.
template <class Real, class Combine>
Real by_the_rule(const Real* row, int tasks, Combine combine) {
    const int lanes = std::min(tasks, 64 / static_cast<int>(sizeof(Real)));
    std::vector<Real> part(row, row + lanes);
    for (int k = lanes; k < tasks; ++k) {
        Real& into = part[static_cast<std::size_t>(k % lanes)];
        into = combine(into, row[k]);
    }
    for (std::size_t half = part.size() / 2; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) part[i] = combine(part[i], part[i + half]);
    }
    return part[0];
}

template <class Real, int W, int Chunks>
void expect_sums_by_the_rule(int tasks) {
    using B = model::Block<Real, W, Chunks>;
    using V = typename B::V;
    B block(tasks);
    for (int i = 0; i < model::block_agents * tasks; ++i) {
        const Random random(7, Stream::test, static_cast<std::uint64_t>(i));
        // Of both signs and many sizes, so that another order has other bits.
        block.stock[i] =
            static_cast<Real>((random.uniform(0) - 0.5) * std::exp(20.0 * random.uniform(1)));
    }
    const auto entry = [&](int b, int k) { return V::load(block.stock + b * tasks + k); };
    const auto sums = block.sums(entry);
    const auto largests = block.largests(entry), smallests = block.smallests(entry);
    for (int b = 0; b < model::block_agents; ++b) {
        const Real* row = block.stock + b * tasks;
        EXPECT_EQ(sums[b], by_the_rule(row, tasks, [](Real p, Real q) { return p + q; }))
            << tasks << " tasks in vectors of " << W << ", agent " << b;
        EXPECT_EQ(largests[b], *std::max_element(row, row + tasks));
        EXPECT_EQ(smallests[b], *std::min_element(row, row + tasks));
    }
}

TEST(VectorWidth, SumsOverTasksFollowOneTree) {
    expect_sums_by_the_rule<double, 2, 1>(2);
    expect_sums_by_the_rule<double, 2, 2>(4);
    expect_sums_by_the_rule<double, 4, 1>(4);
    expect_sums_by_the_rule<double, 2, 4>(8);
    expect_sums_by_the_rule<double, 4, 2>(8);
    expect_sums_by_the_rule<double, 8, 1>(8);
    expect_sums_by_the_rule<double, 2, 8>(16);
    expect_sums_by_the_rule<double, 4, 4>(16);
    expect_sums_by_the_rule<double, 8, 2>(16);
    expect_sums_by_the_rule<double, 2, 0>(40);
    expect_sums_by_the_rule<double, 4, 0>(40);
    expect_sums_by_the_rule<double, 8, 0>(40);
    expect_sums_by_the_rule<float, 4, 2>(8);
    expect_sums_by_the_rule<float, 8, 1>(8);
    expect_sums_by_the_rule<float, 4, 4>(16);
    expect_sums_by_the_rule<float, 8, 2>(16);
    expect_sums_by_the_rule<float, 16, 1>(16);
    expect_sums_by_the_rule<float, 4, 0>(48);
    expect_sums_by_the_rule<float, 8, 0>(48);
    expect_sums_by_the_rule<float, 16, 0>(48);
}

/// Steps of a ring of 37 agents with chords; returns what the agents sent and how they allocate.
template <int W, int Chunks>
std::vector<double> after_steps(double elasticity) {
    constexpr AgentId agents = 37;
    constexpr int tasks = 8;
    test::SmallGraph shape{agents, {}, {.symmetric_uniform = true}};
    for (AgentId i = 0; i < agents; ++i) {
        for (const AgentId d : {AgentId{1}, AgentId{5}}) {
            shape.arcs.push_back({i, (i + d) % agents});
            shape.arcs.push_back({(i + d) % agents, i});
        }
    }
    const auto graph = test::local_graph<double>(shape);
    model::State<double> state;
    state.tasks = state.width = tasks;
    const std::size_t size = graph.owned() * std::size_t{tasks};
    const model::Spec spec;
    const AgentId first = 0;
    model::RowRequest request{.ids = graph.ids(), .agents = agents, .tasks = tasks, .width = tasks};
    state.capability = Buffer<double>(size);
    state.allocation = Buffer<double>(size);
    model::fill_rows<double>(spec.capability, request, state.capability.data());
    request.ids = {&first, 1};
    request.shares = true;
    state.demand = Buffer<double>(tasks);
    model::fill_rows<double>(spec.demand, request, state.demand.data());
    model::initial_allocation<double>({.noise = 0.3, .ids = graph.ids()}, state);
    for (auto& messages : state.messages) messages = Buffer<double>(2 * size, 0.0);
    model::StepArguments<double> arguments;
    arguments.graph = &graph;
    arguments.state = &state;
    arguments.parameters.elasticity = elasticity;
    for (int i = 0; i < 20; ++i) {
        model::Kernel<double, W, Chunks>(arguments).run(0, graph.owned());
        arguments.parity = 1 - arguments.parity;
    }
    std::vector<double> numbers(state.allocation.begin(), state.allocation.end());
    for (const auto& messages : state.messages) {
        numbers.insert(numbers.end(), messages.begin(), messages.end());
    }
    return numbers;
}

TEST(VectorWidth, StepsHaveTheSameBits) {
    for (const double elasticity : {0.7, 1.0, 1.05}) {
        const auto narrow = after_steps<2, 4>(elasticity);
        EXPECT_EQ(narrow, (after_steps<4, 2>(elasticity))) << "sigma " << elasticity;
        EXPECT_EQ(narrow, (after_steps<vector_bytes / 8, 64 / vector_bytes>(elasticity)));
        for (const double number : narrow) ASSERT_TRUE(std::isfinite(number));
    }
}

}  // namespace
}  // namespace motley
