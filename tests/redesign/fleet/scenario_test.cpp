// Draws against their distributions.
#include "motley/redesign/fleet/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "motley/core/quantile.hpp"
#include "motley/core/random.hpp"

namespace motley::fleet {
namespace {

TEST(Draws, HaveTheirDistributions) {
    const Uncertain uniform{5.0, 2.0, 8.0, Uncertain::Shape::uniform};
    const Uncertain triangular{3.0, 2.0, 8.0, Uncertain::Shape::triangular};
    const Uncertain lognormal{4.0, 2.0, 8.0, Uncertain::Shape::lognormal};
    const Random random(3, Stream::test, 0);
    std::vector<double> u, t, l;
    constexpr std::uint32_t count = 40000;
    for (std::uint32_t i = 0; i < count; ++i) {
        u.push_back(uniform.draw(random.uniform(i), 0.0));
        t.push_back(triangular.draw(random.uniform(i), 0.0));
        l.push_back(lognormal.draw(0.5, random.normal(i)));
    }
    for (auto* values : {&u, &t, &l}) std::ranges::sort(*values);
    EXPECT_NEAR(quantile(u, 0.25), 3.5, 0.05);
    EXPECT_NEAR(quantile(t, 1.0 / 6.0), 3.0, 0.03);  // (mode - low) / (high - low)
    double mean = 0.0;
    for (const double value : t) mean += value / count;
    EXPECT_NEAR(mean, 13.0 / 3.0, 0.03);
    EXPECT_NEAR(quantile(l, 0.5), 4.0, 0.05);
    EXPECT_NEAR(quantile(l, 0.025), 2.0, 0.05);
    EXPECT_NEAR(quantile(l, 0.975), 8.0, 0.2);
}

}  // namespace
}  // namespace motley::fleet
