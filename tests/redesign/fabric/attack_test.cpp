// Attack curves of fabrics whose answer is known.
#include "motley/redesign/fabric/attack.hpp"

#include <gtest/gtest.h>

namespace motley::fabric {
namespace {

/// `leaves` switches with `each` hosts, all linked to one spine.
FabricGraph star_of_racks(int leaves, int each) {
    const int hosts = leaves * each;
    std::vector<Channel> channels;
    const auto link = [&](int a, int b, double capacity) {
        channels.push_back({a, b, capacity});
        channels.push_back({b, a, capacity});
    };
    for (int h = 0; h < hosts; ++h) link(h, hosts + h / each, 1.0);
    for (int l = 0; l < leaves; ++l) link(hosts + l, hosts + leaves, each);
    return {hosts, hosts + leaves + 1, channels};
}

/// Without leaf j its hosts are cut off: of R racks R - j are left, each with all of its links, so
/// that what is carried falls with the pairs that are left.
TEST(FabricAttack, RacksOfAStarAreServedByPairs) {
    const FabricGraph graph = star_of_racks(5, 4);
    const Traffic traffic = all_to_all(alive_hosts(graph));
    auto parts = every(graph, FabricPart::switches);
    parts.pop_back();  // the spine
    const AttackCurve curve = attack(graph, traffic, parts, AttackOrder::degree,
                                     {.points = 5, .replicates = 1, .seed = 1});
    ASSERT_EQ(curve.points.size(), 5U);
    double r_index = 0.0;
    for (int j = 1; j <= 5; ++j) {
        const AttackPoint& point = curve.points[static_cast<std::size_t>(j - 1)];
        const double left = 4.0 * (5 - j), pairs = left * (left - 1.0) / (20.0 * 19.0);
        const double expected = left > 0.0 ? pairs : 0.0;
        EXPECT_EQ(point.taken, j);
        EXPECT_NEAR(point.left, expected, 1e-12) << j;
        EXPECT_NEAR(point.giant, j < 5 ? left / 20.0 : 1.0 / 20.0, 1e-12) << j;
        r_index += expected / 5.0;
    }
    EXPECT_NEAR(curve.r_index, r_index, 1e-12);
}

/// The spine carries all traffic between racks and has most channels, so that both orders take it
/// first; then only the traffic inside racks is left.
TEST(FabricAttack, LoadAndDegreeFindTheSpine) {
    const FabricGraph graph = star_of_racks(6, 3);
    const Traffic traffic = all_to_all(alive_hosts(graph));
    const auto parts = every(graph, FabricPart::switches);
    for (const AttackOrder order : {AttackOrder::degree, AttackOrder::load}) {
        const AttackCurve curve =
            attack(graph, traffic, parts, order, {.points = 7, .replicates = 1, .seed = 1});
        EXPECT_NEAR(curve.points.front().giant, 3.0 / 18.0, 1e-12) << name_of(order);
        EXPECT_NEAR(curve.threshold, 1.0 / 7.0, 1e-12) << name_of(order);
    }
    const AttackCurve drawn = attack(graph, traffic, parts, AttackOrder::random,
                                     {.points = 7, .replicates = 20, .seed = 1});
    EXPECT_GT(drawn.points.front().giant, 0.5) << "a drawn order mostly begins with a leaf";
    EXPECT_NEAR(drawn.points.back().left, 0.0, 1e-12);
}

TEST(FabricAttack, LinksAreTakenFromBothDirections) {
    const FabricGraph graph = star_of_racks(3, 2);
    const Traffic traffic = all_to_all(alive_hosts(graph));
    const auto parts = every(graph, FabricPart::link);
    const AttackCurve curve =
        attack(graph, traffic, parts, AttackOrder::load, {.points = 9, .replicates = 1, .seed = 1});
    // The three links to the spine carry most; without them racks of two are left.
    EXPECT_NEAR(curve.points[2].giant, 2.0 / 6.0, 1e-12);
    EXPECT_EQ(curve.points.back().left, 0.0);
}

}  // namespace
}  // namespace motley::fabric
