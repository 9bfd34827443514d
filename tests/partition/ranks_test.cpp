// Ranks that examine one graph together, also one that they read in shares.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "motley/core/random.hpp"
#include "motley/partition/shared_topology.hpp"
#include "motley/topology/shared_statistics.hpp"

namespace motley::partition {
namespace {

void expect_same(const topology::Statistics& a, const topology::Statistics& b) {
    EXPECT_EQ(a.arcs, b.arcs);
    EXPECT_EQ(a.edges, b.edges);
    EXPECT_EQ(a.symmetric, b.symmetric);
    EXPECT_EQ(a.total_weight, b.total_weight);
    EXPECT_EQ(a.degree_skewness, b.degree_skewness);
    EXPECT_TRUE(a.assortativity == b.assortativity ||
                (std::isnan(a.assortativity) && std::isnan(b.assortativity)));
    EXPECT_EQ(a.components, b.components);
    EXPECT_EQ(a.strong_components, b.strong_components);
    EXPECT_EQ(a.clustering_average, b.clustering_average);
    EXPECT_EQ(a.transitivity, b.transitivity);
    EXPECT_EQ(a.path_length_mean, b.path_length_mean);
    EXPECT_EQ(a.directed_path_length_mean, b.directed_path_length_mean);
    EXPECT_EQ(a.diameter_lower, b.diameter_lower);
    EXPECT_EQ(a.diameter_upper, b.diameter_upper);
    EXPECT_EQ(a.spectral_gap, b.spectral_gap);
}

TEST(RanksTest, StatisticsAreThoseOfOneRank) {
    const auto world = mpi::Communicator::world();
    for (const char* generator : {"watts-strogatz", "barabasi-albert", "ring"}) {
        topology::Spec spec;
        spec.generator = generator;
        spec.agents = 1000;
        spec.set("degree", 6);
        const auto graph = topology::make(spec);
        expect_same(topology::statistics(*graph, Ranks(world), 128),
                    topology::statistics(*graph, topology::Alone(), 128));
    }
}

TEST(RanksTest, StatisticsOfAFileThatIsReadInShares) {
    const auto world = mpi::Communicator::world();
    const std::filesystem::path path =
        world.broadcast(testing::TempDir() + "motley_ranks_" + std::to_string(getpid()) + ".csv");
    constexpr std::uint64_t agents = 3000;
    if (world.root()) {
        std::ofstream file(path);
        for (std::uint64_t e = 0; e < 120'000; ++e) {
            const Random random(1, Stream::test, e);
            file << random.below(agents, 0) << ',' << random.below(agents, 1) << '\n';
        }
    }
    world.barrier();
    topology::Spec spec;
    spec.file = path.string();
    spec.directed = true;
    const auto share = make_topology(spec, world);
    const auto whole = topology::make(spec);
    world.barrier();
    if (world.root()) std::filesystem::remove(path);
    expect_same(topology::statistics(*share, Ranks(world), 64),
                topology::statistics(*whole, topology::Alone(), 64));
    const topology::Csr rows = topology::undirected_simple(*share, Ranks(world));
    if (!world.root()) return;
    const topology::Csr expected = topology::undirected_simple(topology::gather_rows(*whole));
    EXPECT_EQ(rows.offsets, expected.offsets);
    EXPECT_EQ(rows.targets, expected.targets);
}

}  // namespace
}  // namespace motley::partition
