// The joint programme against one written host by host and path by path, cuts and differences.
#include "motley/redesign/serving/serving.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "brute.hpp"
#include "systems.hpp"

namespace motley::serving {
namespace {

using test::Draws;

struct Case {
    HandOver hand_over;
    Routing routing;
    bool groups;
};

class Joint : public testing::TestWithParam<Case> {};

TEST_P(Joint, AgreesWithTheProgrammeOfAllHostsAndPaths) {
    const auto [hand_over, routing, groups] = GetParam();
    const Options options{.hand_over = hand_over, .routing = routing};
    for (std::uint64_t id = 0; id < 60; ++id) {
        Draws draws(id);
        const auto graph = test::tiny_fabric(draws, id % 2 == 0);
        const System system = test::tiny_system(draws, graph, groups);
        const double theta = test::Brute(graph, system, options).theta();
        const Outcome outcome = serve(graph, system, options);
        EXPECT_NEAR(outcome.low, theta, 1e-7 * (1.0 + theta)) << id;
        EXPECT_NEAR(outcome.high, theta, 1e-7 * (1.0 + theta)) << id;
        Options columns = options;
        columns.largest = 0;
        const Outcome generated = serve(graph, system, columns);
        EXPECT_LE(generated.low, theta * (1.0 + 1e-7) + 1e-9) << id;
        EXPECT_GE(generated.high, theta * (1.0 - 1e-7) - 1e-9) << id;
        EXPECT_LE(generated.gap(), 2e-6) << id << " after " << generated.rounds;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Joint,
                         testing::Values(Case{HandOver::free, Routing::best, false},
                                         Case{HandOver::free, Routing::ecmp, false},
                                         Case{HandOver::free, Routing::adaptive, false},
                                         Case{HandOver::rack, Routing::best, false},
                                         Case{HandOver::free, Routing::best, true},
                                         Case{HandOver::free, Routing::ecmp, true},
                                         Case{HandOver::free, Routing::adaptive, true},
                                         Case{HandOver::rack, Routing::ecmp, true}));

}  // namespace
}  // namespace motley::serving
