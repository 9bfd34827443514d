// The network under a swarm against distances and loads that are known.
#include "swarm/study/host_network.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "motley/job/job.hpp"

namespace motley::swarm {
namespace {

std::unique_ptr<topology::Topology> made(const std::string& keys) {
    const job::Job job =
        job::parse("kind = \"swarm\"\n[place]\ntopology = " + keys + "\n", "job.toml", {});
    return topology::make(job.swarm.place->topology);
}

TEST(HostNetwork, DistancesOfARingAreThoseAroundIt) {
    const HostNetwork ring(*made("{ generator = \"ring\", agents = 9, degree = 2 }"));
    for (std::size_t a = 0; a < 9; ++a) {
        for (std::size_t b = 0; b < 9; ++b) {
            const auto apart = static_cast<int>(a > b ? a - b : b - a);
            EXPECT_EQ(ring.links(a, b), std::min(apart, 9 - apart));
        }
    }
    // All to all, a byte each: 9 x (1 + 2 + 3 + 4) x 2 links over 18 arcs, evenly.
    EXPECT_EQ(ring.busiest(std::vector<std::int64_t>(81, 1)), 10);
}

TEST(HostNetwork, SwitchesPassOn) {
    const HostNetwork tree(*made("{ generator = \"fat-tree\", arity = 4 }"));
    EXPECT_EQ(tree.hosts(), 16U);
    EXPECT_EQ(tree.links(0, 1), 2);
    EXPECT_EQ(tree.links(0, 15), 6);
    std::vector<std::int64_t> to_first(256);
    for (std::size_t from = 1; from < 16; ++from) to_first[from * 16] = 7;
    EXPECT_EQ(tree.busiest(to_first), 15 * 7);
}

TEST(HostNetwork, TrafficOfMessagesAndLookups) {
    const auto comm = mpi::Communicator::self();
    const HostNetwork ring(*made("{ generator = \"ring\", agents = 8, degree = 2 }"));
    HostTraffic traffic(ring, job::SwarmPlacement::packed, 16, 1);
    traffic.message(0, 1, 100);  // one host
    traffic.message(0, 2, 100);  // one link
    traffic.message(0, 9, 100);  // four links
    const std::vector<Site> path = {4, 2};
    traffic.lookup(0, path);  // two links and one back, instead of one
    const PlaceLoad load = traffic.load(comm);
    EXPECT_DOUBLE_EQ(load.hops, 5.0 / 3.0);
    EXPECT_DOUBLE_EQ(load.stretch, 3.0);
    EXPECT_DOUBLE_EQ(load.total, 500.0);
    EXPECT_TRUE(load.busiest == 200.0 || load.busiest == 100.0);
}

TEST(HostNetwork, HierarchyPassesFewerLinksThanAnOverlayWhereNeighboursAreTogether) {
    const auto comm = mpi::Communicator::world();
    const HostNetwork torus(*made("{ generator = \"torus\", shape = [8, 8] }"));
    const auto total = [&](Policy policy) {
        Spec spec;
        spec.policy = policy;
        spec.sites = 1024;
        spec.overlay.groups = {16, 8};
        HostTraffic traffic(torus, job::SwarmPlacement::packed, 1024, 1);
        Swarm swarm(spec, comm, nullptr, &traffic);
        swarm.step();
        return traffic.load(comm).total;
    };
    EXPECT_LT(total(Policy::hierarchical), 0.5 * total(Policy::central));
    EXPECT_LT(total(Policy::central), total(Policy::aggregate));
}

TEST(HostNetwork, ANetworkInPiecesIsRefused) {
    EXPECT_THROW(HostNetwork(*made("{ generator = \"isolated\", agents = 4 }")), Error);
}

}  // namespace
}  // namespace motley::swarm
