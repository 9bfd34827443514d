// Capacity graphs made from topologies, whole and after failures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "graphs.hpp"

namespace motley::fabric {
namespace {

using testing::HasSubstr;

topology::Spec rails() {
    topology::Spec spec;
    spec.generator = "rail-only";
    spec.set("nodes", 3);
    spec.set("devices", 4);
    return spec;
}

TEST(FabricGraph, HasBothDirectionsOfEveryLinkWithItsCapacity) {
    const FabricGraph graph = test::fabric_of(rails());
    EXPECT_EQ(graph.hosts(), 12);
    EXPECT_EQ(graph.vertices(), 12 + 3 + 4);
    EXPECT_EQ(graph.links().size(), 24U);
    EXPECT_EQ(graph.channels().size(), 48U);
    const auto capacity = [&](int a, int b) {
        return graph.channels()[static_cast<std::size_t>(graph.find(a, b))].capacity;
    };
    EXPECT_EQ(capacity(0, 12), 9.0);
    EXPECT_EQ(capacity(12, 0), 9.0);
    EXPECT_EQ(capacity(0, 15), 1.0);
    EXPECT_EQ(graph.find(0, 16), -1);
    EXPECT_EQ(graph.name(0), "host 0");
    EXPECT_EQ(graph.name(12), "switch 0");
    EXPECT_EQ(leaf_of(graph, 5), 13);
    EXPECT_THAT(nodes_of(graph)[1], testing::ElementsAre(4, 5, 6, 7));
}

/// Writes a text into a file for as long as the object lives.
class ShortFile {
  public:
    ShortFile(const std::string& name, const std::string& text)
        : path_(std::filesystem::temp_directory_path() /
                ("motley_fabric_" + std::to_string(::getpid()) + name)) {
        std::ofstream(path_) << text;
    }
    ~ShortFile() { std::filesystem::remove(path_); }
    ShortFile(const ShortFile&) = delete;
    ShortFile& operator=(const ShortFile&) = delete;
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

TEST(FabricGraph, OfAFileEqualsTheOneMadeByHand) {
    const ShortFile links("links.csv", "source,target,capacity\ns1,a,2\na,s1,1\nb,s1,3\ns1,b,4\n");
    const ShortFile nodes("nodes.csv", "node,switch\ns1,true\n");
    topology::Spec spec;
    spec.file = links.path();
    spec.node_file = nodes.path();
    spec.directed = true;
    const FabricGraph read = test::fabric_of(spec);
    const FabricGraph made(2, 3, {{0, 2, 1.0}, {2, 0, 2.0}, {1, 2, 3.0}, {2, 1, 4.0}});
    EXPECT_EQ(read.hosts(), made.hosts());
    ASSERT_EQ(read.channels().size(), made.channels().size());
    for (std::size_t c = 0; c < made.channels().size(); ++c) {
        EXPECT_EQ(read.channels()[c].source, made.channels()[c].source);
        EXPECT_EQ(read.channels()[c].target, made.channels()[c].target);
        EXPECT_EQ(read.channels()[c].capacity, made.channels()[c].capacity);
    }
    EXPECT_EQ(read.name(0), "host a");
    EXPECT_EQ(read.name(read.channels()[3]), "switch s1 -> host b");
    EXPECT_EQ(read.without({.vertices = {0}}).name(2), "switch s1");
    EXPECT_THAT(test::refusal([&] {
                    require_connected(read.without({.links = {{1, 2}}}));
                }),
                HasSubstr("host a cannot reach host b"));
}

TEST(FabricGraph, OfAWeightedFileHasTheWeightsAsCapacities) {
    const ShortFile links("cap.txt", "0 2 10\n2 3 5\n3 1 10\n");
    topology::Spec spec;
    spec.file = links.path();
    spec.edge_weights = true;
    const FabricGraph graph = test::fabric_of(spec);
    // The narrowest link of the path carries the flow from 0 to 1.
    const Traffic flow({{0, 1, 1.0}});
    EXPECT_NEAR(assess(graph, flow).optimum.low, 5.0, 1e-9);
}

TEST(FabricGraph, LosesWhatFailed) {
    const FabricGraph graph = test::linked(3, 4, {{0, 3}, {1, 3}, {2, 3}});
    EXPECT_EQ(graph.without({.links = {{3, 0}}}).channels().size(), 4U);
    const FabricGraph rest = graph.without({.vertices = {1}});
    EXPECT_EQ(rest.channels().size(), 4U);
    EXPECT_FALSE(rest.alive(1));
    EXPECT_THAT(alive_hosts(rest), testing::ElementsAre(0, 2));
    EXPECT_NO_THROW(require_connected(rest));
    EXPECT_THAT(test::refusal([&] { graph.without({.vertices = {4}}); }), HasSubstr("vertex 4"));
    EXPECT_THAT(test::refusal([&] { graph.without({.links = {{0, 1}}}); }), HasSubstr("not there"));
}

TEST(FabricGraph, NamesTwoHostsThatAreNotConnected) {
    const FabricGraph graph =
        test::linked(3, 4, {{0, 3}, {1, 3}, {2, 3}}).without({.links = {{2, 3}}});
    EXPECT_THAT(test::refusal([&] { require_connected(graph); }),
                HasSubstr("host 0 cannot reach host 2"));
    const FabricGraph one_way(2, 2, {{1, 0, 1.0}});
    EXPECT_THAT(test::refusal([&] { require_connected(one_way); }),
                HasSubstr("host 0 cannot reach host 1"));
    const FabricGraph other_way(2, 2, {{0, 1, 1.0}});
    EXPECT_THAT(test::refusal([&] { require_connected(other_way); }),
                HasSubstr("host 1 cannot reach host 0"));
}

TEST(FabricGraph, ParallelChannelsAddUpAndBadOnesAreRefused) {
    const FabricGraph graph(2, 2, {{0, 1, 1.0}, {0, 1, 2.5}});
    EXPECT_EQ(graph.channels()[0].capacity, 3.5);
    for (const Channel& bad : {Channel{0, 2, 1.0}, Channel{1, 1, 1.0}, Channel{0, 1, 0.0}}) {
        EXPECT_THAT(test::refusal([&] { FabricGraph(2, 2, {bad}); }), HasSubstr("fabric: channel"));
    }
    EXPECT_THAT(test::refusal([] { FabricGraph(0, 2, {}); }), HasSubstr("at least one host"));
}

}  // namespace
}  // namespace motley::fabric
