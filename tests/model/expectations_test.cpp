// Promises about graphs, steps and states, broken one by one. Both levels of expectations are on in
// this file, whatever the build says. Its numbers are long double, a type that the library has no
// code for, so that no function here is one of the library's with another level.
#undef MOTLEY_ASSERTIONS
#define MOTLEY_ASSERTIONS 2
#include "motley/model/expectations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "model/graphs.hpp"

namespace motley::test {
namespace {

using Real = long double;
using Graph = model::LocalGraph<Real>;
using Parts = Graph::Parts;

std::string broken(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::internal);
        return error.what();
    }
    return "kept";
}

/// Three agents in a ring, linked both ways, on one rank.
Parts ring() {
    Parts parts;
    parts.agents = parts.hosts = 3;
    parts.interior = 3;
    parts.ids = Buffer<AgentId>(3);
    parts.in.offsets = Buffer<std::uint64_t>(4);
    parts.in.columns = Buffer<std::uint32_t>(6 + model::Rows<Real>::padding, 0U);
    for (std::uint32_t i = 0; i < 3; ++i) {
        parts.ids[i] = i;
        parts.in.offsets[i] = 2 * i;
        parts.in.columns[2 * i] = (i + 1) % 3;
        parts.in.columns[2 * i + 1] = (i + 2) % 3;
    }
    parts.in.offsets[3] = 6;
    return parts;
}

std::string broken_graph(const std::function<void(Parts&)>& damage) {
    Parts parts = ring();
    damage(parts);
    const Graph graph(std::move(parts));
    return broken([&] { model::expect_local_graph(graph); });
}

TEST(ExpectationsTest, AGraphOfWhichOnePromiseIsBroken) {
    using testing::HasSubstr;
    EXPECT_EQ(broken_graph([](Parts&) {}), "kept");
    EXPECT_THAT(broken_graph([](Parts& p) { p.in.columns[3] = 3; }),
                HasSubstr("column 3 is one of 3 units"));
    EXPECT_THAT(broken_graph([](Parts& p) { p.in.offsets[2] = 1; }), HasSubstr("offsets of rows"));
    EXPECT_THAT(broken_graph([](Parts& p) { p.interior = 4; }), HasSubstr("interior rows are"));
    EXPECT_THAT(broken_graph([](Parts& p) { p.ids[1] = 3; }), HasSubstr("ids of agents"));
    EXPECT_THAT(broken_graph([](Parts& p) {
                    p.ghosts = 1;
                    p.in.columns[0] = 3;
                }),
                HasSubstr("interior rows need no ghosts"));
}

TEST(ExpectationsTest, GraphsMadeByHandKeepAllPromises) {
    for (const auto& graph : {weighted_graph(13, 30, 3), uniform_graph(13, 24, 4),
                              isolated_graph(5), complete_graph(7)}) {
        EXPECT_EQ(broken([&] { model::expect_local_graph(local_graph<Real>(graph)); }), "kept");
    }
}

class BrokenStateTest : public testing::Test {
  protected:
    BrokenStateTest() {
        state.tasks = state.width = 2;
        state.allocation = Buffer<Real>(6, Real(0.5));
        state.capability = Buffer<Real>(6, Real(1));
        state.demand = Buffer<Real>(2, Real(0.5));
        for (auto& messages : state.messages) messages = Buffer<Real>(12, Real(1));
        arguments.graph = &graph;
        arguments.state = &state;
    }
    std::string broken_step() {
        return broken([&] { model::expect_arguments(arguments, 0, 3); });
    }
    std::string broken_state() {
        return broken([&] { model::expect_state(graph, state, 1); });
    }

    const Graph graph{ring()};
    model::State<Real> state;
    model::StepArguments<Real> arguments;
};

TEST_F(BrokenStateTest, AStepThatCannotBeMade) {
    EXPECT_EQ(broken_step(), "kept");
    arguments.parity = 2;
    EXPECT_THAT(broken_step(), testing::HasSubstr("broken promise: parity is 0 or 1"));
    arguments.parity = 0;
    state.messages[1] = {};
    EXPECT_THAT(broken_step(), testing::HasSubstr("each parity has messages"));
}

TEST_F(BrokenStateTest, AStateThatNoStepLeaves) {
    EXPECT_EQ(broken_state(), "kept");
    state.allocation[3] = Real(0.25);
    EXPECT_THAT(broken_state(), testing::HasSubstr("sum to 1, not to 0.750000: those of agent 1"));
    state.allocation[3] = Real(0.5);
    state.messages[1][9] = Real(-1);
    EXPECT_THAT(broken_state(),
                testing::HasSubstr("no stock or value is negative: that of agent 2"));
}

}  // namespace
}  // namespace motley::test
