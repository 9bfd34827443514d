// What a job asks for: every method on all ranks, the same everywhere, failing together.
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "graphs.hpp"
#include "motley/partition/distributed.hpp"

namespace motley {
namespace {

using mpi::Communicator;
using partition::Method;
using partition::Partition;
using test::owners_of;

partition::Spec spec_of(Method method, std::uint64_t seed = 1) {
    partition::Spec spec;
    spec.method = method;
    spec.seed = seed;
    return spec;
}

std::unique_ptr<topology::Topology> generated(const std::string& generator, AgentId agents) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    return topology::make(spec);
}

std::unique_ptr<topology::Topology> nested_rings() {
    topology::Spec spec;
    spec.generator = "nested";
    spec.levels.resize(2);
    for (auto& level : spec.levels) {
        level.generator = "ring";
        level.set("degree", 2);
        level.share = 0.5;
    }
    spec.levels[0].agents = 6;
    spec.levels[1].agents = 20;
    return topology::make(spec);
}

/// The result, after a check that it is whole and the same on every rank.
Partition made(const partition::Spec& spec, const topology::Topology& topology) {
    const auto world = Communicator::world();
    Partition partition = partition::make(spec, topology, world);
    EXPECT_EQ(partition.agents(), topology.agents());
    EXPECT_EQ(partition.parts(), world.size());
    test::expect_whole(partition);
    std::string mine;
    for (const auto owner : owners_of(partition)) mine += std::to_string(owner) + " ";
    for (const auto& other : world.all_gather(mine)) EXPECT_EQ(mine, other);
    return partition;
}

TEST(Make, BlockAndRandom) {
    const auto ring = generated("ring", 101);
    const int parts = Communicator::world().size();
    EXPECT_EQ(owners_of(made(spec_of(Method::block), *ring)),
              owners_of(Partition::block(101, parts)));
    EXPECT_EQ(owners_of(made(spec_of(Method::random, 6), *ring)),
              owners_of(Partition::random(101, parts, 6)));
}

TEST(Make, LevelsOfNestedRings) {
    const auto topology = nested_rings();
    const int parts = Communicator::world().size();
    EXPECT_EQ(owners_of(made(spec_of(Method::levels), *topology)),
              owners_of(partition::by_levels(*topology, parts)));
}

TEST(Make, LevelsOfAnotherTopologyFailOnEveryRank) {
    test::expect_error(ErrorKind::usage, "\"levels\" needs a nested topology", [] {
        partition::make(spec_of(Method::levels), *generated("ring", 20), Communicator::world());
    });
}

/// Those that this build has.
std::vector<Method> partitioners() {
    std::vector<Method> all = {Method::metis};
    if (partition::has_scotch()) all.push_back(Method::scotch);
    return all;
}

TEST(Make, ScotchIsRefusedWhereItIsNotBuiltIn) {
    if (partition::has_scotch()) GTEST_SKIP() << "it is built in";
    test::expect_error(ErrorKind::usage, "was built without PT-Scotch", [] {
        partition::make(spec_of(Method::scotch), test::ListTopology(9, {{0, 1}}),
                        Communicator::world(), 2);
    });
}

TEST(Make, PartitionersCutAGridWell) {
    topology::Spec spec;
    spec.generator = "grid";
    spec.set("shape", {48, 48});
    const auto grid = topology::make(spec);
    const auto rows = test::simple_rows(48 * 48, test::grid(48, 48));
    for (const Method method : partitioners()) {
        const auto partition = made(spec_of(method), *grid);
        const auto quality = partition::quality(rows, partition, partition::name(method));
        // Straight cuts of a line of 48 between neighbouring parts; a third more is allowed.
        EXPECT_LE(quality.edge_cut, 64 * (partition.parts() - 1)) << partition::name(method);
        EXPECT_LE(quality.imbalance, 1.05);
    }
}

TEST(Make, MetisSeesTheSameGraphAsASerialCall) {
    const auto pairs = test::random_pairs(500, 1500, 3);
    const auto world = Communicator::world();
    const auto expected = partition::by_metis(test::simple_rows(500, pairs), world.size(), 8);
    EXPECT_EQ(owners_of(made(spec_of(Method::metis, 8), test::ListTopology(500, pairs))),
              owners_of(expected));
}

/// Enumerating its pairs is a mistake: partitions of a complete graph need none.
class Complete final : public topology::Topology {
  public:
    AgentId agents() const override { return 30; }
    topology::Traits traits() const override {
        topology::Traits traits;
        traits.complete = true;
        return traits;
    }
    void arcs(std::int64_t, std::int64_t, const topology::ArcSink&) const override {
        throw internal_error("all pairs were enumerated");
    }
};

TEST(Make, CompleteGraphsAreCutInBlocksWithoutEnumeration) {
    const auto block = owners_of(Partition::block(30, Communicator::world().size()));
    EXPECT_EQ(owners_of(made(spec_of(Method::metis), Complete())), block);
    if (partition::has_scotch()) {
        EXPECT_EQ(owners_of(made(spec_of(Method::scotch), Complete())), block);
    }
}

TEST(Make, FewerAgentsThanRanks) {
    std::vector<Method> methods = partitioners();
    methods.insert(methods.end(), {Method::block, Method::random});
    for (const Method method : methods) {
        made(spec_of(method), test::ListTopology(1, {}));
        made(spec_of(method), test::ListTopology(2, {{0, 1}}));
    }
}

/// Fails whenever its arcs are asked for.
class Broken final : public topology::Topology {
  public:
    AgentId agents() const override { return 100; }
    topology::Traits traits() const override { return {}; }
    void arcs(std::int64_t, std::int64_t, const topology::ArcSink&) const override {
        throw input_error("bad arc", Where{"graph.txt", 17, 2});
    }
};

TEST(Make, FailureOnTheRootReachesAll) {
    if (Communicator::world().size() == 1) GTEST_SKIP() << "one part needs no arcs";
    for (const Method method : partitioners()) {
        test::expect_error(ErrorKind::input, "graph.txt:17:2: bad arc", [&] {
            partition::make(spec_of(method), Broken(), Communicator::world());
        });
    }
}

/// A file that the root writes and only it can name; the others learn the name.
class MakeFile : public testing::Test {
  protected:
    MakeFile()
        : path_(world_.broadcast(testing::TempDir() + "motley_make_" + std::to_string(getpid()))) {}
    ~MakeFile() override {
        world_.barrier();
        if (world_.root()) std::filesystem::remove(path_);
    }
    void write(const std::string& text) {
        if (world_.root()) std::ofstream(path_) << text;
    }
    partition::Spec spec() const {
        partition::Spec spec = spec_of(Method::file);
        spec.file = path_;
        return spec;
    }

    Communicator world_ = Communicator::world();
    std::string path_;
};

TEST_F(MakeFile, OwnersComeFromTheFile) {
    std::string text;
    std::vector<std::int32_t> owners;
    for (int i = 0; i < 30; ++i) {
        owners.push_back(i * i % world_.size());
        text += std::to_string(owners.back()) + "\n";
    }
    write(text);
    EXPECT_EQ(owners_of(made(spec(), test::ListTopology(30, {}))), owners);
}

TEST_F(MakeFile, BadFileFailsOnEveryRankWithItsLine) {
    write("0\noops\n0\n");
    try {
        partition::make(spec(), test::ListTopology(3, {}), world_);
        ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input);
        EXPECT_EQ(error.where().file, path_);
        EXPECT_EQ(error.where().line, 2);
        EXPECT_EQ(error.rank(), 0);
        EXPECT_NE(std::string(error.what()).find("'oops' is not an integer"), std::string::npos);
    }
}

TEST(Make, UnknownMethodIsRefused) {
    test::expect_error(ErrorKind::internal, "unknown partition method", [] {
        partition::make(spec_of(static_cast<Method>(99)), test::ListTopology(3, {}),
                        Communicator::world());
    });
}

}  // namespace
}  // namespace motley
