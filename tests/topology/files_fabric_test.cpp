// Graph files that describe fabrics: capacities of links, switches, and what vertices can serve.
#include <gtest/gtest.h>

#include <limits>

#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "topology/files/files.hpp"

namespace motley::topology {
namespace {

using Names = std::vector<std::string>;
using FabricFiles = GraphFiles;
constexpr double unlimited = std::numeric_limits<double>::infinity();

double capacity(const Topology& graph, AgentId a, AgentId b) {
    return graph.link(a, b).capacity;
}

TEST_F(FabricFiles, DirectedLinksHaveUnlikeCapacities) {
    const auto csv = read_file(spec("a.csv", "source,target,capacity\n0,1,10\n1,0,2.5\n1,2,4\n"));
    const auto list = read_file(spec("a.txt", "0 1 1 1 10\n1 0 1 1 2.5\n1 2 1 1 4\n"));
    for (const auto* graph : {csv.get(), list.get()}) {
        EXPECT_EQ(capacity(*graph, 0, 1), 10.0);
        EXPECT_EQ(capacity(*graph, 1, 0), 2.5);
        EXPECT_EQ(capacity(*graph, 1, 2), 4.0);
        EXPECT_THROW(graph->link(2, 1), Error);
        EXPECT_EQ(graph->hosts(), 3);
        EXPECT_EQ(graph->vertex_capacity(0), unlimited);
    }
}

TEST_F(FabricFiles, UndirectedLinksHaveTheSumOfTheirParallelCapacitiesBothWays) {
    const auto graph =
        read_file(spec("a.csv", "source,target,capacity\nb,a,1\na,b,2\nb,c,1\n", false));
    EXPECT_EQ(graph->names(), (Names{"b", "a", "c"}));
    EXPECT_EQ(capacity(*graph, 0, 1), 3.0);
    EXPECT_EQ(capacity(*graph, 1, 0), 3.0);
    EXPECT_EQ(capacity(*graph, 2, 0), 1.0);
}

TEST_F(FabricFiles, WeightsAreCapacitiesOnlyWhereRoutingFollowsThemAndNoneAreGiven) {
    Spec weighted = spec("a.txt", "0 1 10\n1 2 5\n", false);
    EXPECT_EQ(capacity(*read_file(weighted), 0, 1), 1.0);
    weighted.edge_weights = true;
    EXPECT_EQ(capacity(*read_file(weighted), 0, 1), 10.0);
    EXPECT_EQ(capacity(*read_file(weighted), 2, 1), 5.0);
    Spec both = spec("a.csv", "source,target,weight,capacity\n0,1,10,3\n", false);
    both.edge_weights = true;
    EXPECT_EQ(capacity(*read_file(both), 0, 1), 3.0);
}

TEST_F(FabricFiles, CapacitiesDoNotChangeTheArcs) {
    const auto arcs = [](const Topology& graph) {
        std::vector<std::array<double, 4>> all;
        graph.arcs(0, 1, [&](std::span<const Arc> batch) {
            for (const Arc& a : batch) {
                all.push_back({static_cast<double>(a.source), static_cast<double>(a.target),
                               a.weight, a.survival});
            }
        });
        return all;
    };
    const auto plain = read_file(spec("a.csv", "source,target\n0,1\n1,2\n", false));
    const auto wide = read_file(spec("b.csv", "source,target,capacity\n0,1,7\n1,2,3\n", false));
    EXPECT_EQ(arcs(*plain), arcs(*wide));
    EXPECT_TRUE(wide->traits().symmetric_uniform);
}

TEST_F(FabricFiles, NodeFileMarksSwitchesWhichAreNumberedLast) {
    Spec star = spec("a.csv", "source,target,capacity\ns,a,2\ns,b,3\nb,t,4\n", false);
    star.node_file = write("nodes.csv", "node,switch,capacity\nt,yes,\ns,TRUE,9\na,0,0.5\nb,,\n");
    const auto graph = read_file(star);
    EXPECT_EQ(graph->names(), (Names{"a", "b", "s", "t"}));
    EXPECT_EQ(graph->hosts(), 2);
    EXPECT_EQ(graph->agents(), 4);
    EXPECT_EQ(capacity(*graph, 0, 2), 2.0);
    EXPECT_EQ(capacity(*graph, 2, 1), 3.0);
    EXPECT_EQ(capacity(*graph, 1, 3), 4.0);
    EXPECT_EQ(graph->vertex_capacity(0), 0.5);
    EXPECT_EQ(graph->vertex_capacity(1), unlimited);
    EXPECT_EQ(graph->vertex_capacity(2), 9.0);
}

TEST_F(FabricFiles, NumberedVerticesKeepTheirNumbersAsNames) {
    Spec star = spec("a.txt", "0 1\n0 2\n", false);
    star.node_file = write("nodes.csv", "node,switch\n00,true\n");
    EXPECT_EQ(read_file(star)->names(), (Names{"1", "2", "0"}));
    star.node_file = write("nodes.csv", "node,switch\n2,true\n");
    EXPECT_TRUE(read_file(star)->names().empty());
    EXPECT_EQ(read_file(star)->hosts(), 2);
}

const std::string keys =
    "<key id=\"s\" for=\"node\" attr.name=\"switch\" attr.type=\"boolean\"/>\n"
    "<key id=\"k\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n"
    "<key id=\"v\" for=\"node\" attr.name=\"capacity\" attr.type=\"double\"/>\n"
    "<key id=\"c\" for=\"edge\" attr.name=\"capacity\" attr.type=\"double\">"
    "<default>1</default></key>\n";

std::string vertex(const std::string& id, const std::string& data = "") {
    return "<node id=\"" + id + "\">" + data + "</node>\n";
}

std::string datum(const std::string& key, const std::string& value) {
    return "<data key=\"" + key + "\">" + value + "</data>";
}

std::string edge(const std::string& from, const std::string& to, const std::string& data = "") {
    return "<edge source=\"" + from + "\" target=\"" + to + "\">" + data + "</edge>\n";
}

TEST_F(FabricFiles, GraphmlMarksSwitchesAndGivesCapacities) {
    Spec given = spec(
        "a.graphml",
        graphml(keys, vertex("s", datum("s", "true")) + vertex("a", datum("v", "2.5")) +
                          vertex("t", datum("k", "Switch")) + vertex("b", datum("k", "server")) +
                          edge("a", "s", datum("c", "4")) + edge("t", "b")),
        false);
    const auto graph = read_file(given);
    EXPECT_EQ(graph->names(), (Names{"a", "b", "s", "t"}));
    EXPECT_EQ(graph->hosts(), 2);
    EXPECT_EQ(capacity(*graph, 2, 0), 4.0);
    EXPECT_EQ(capacity(*graph, 1, 3), 1.0);
    EXPECT_EQ(graph->vertex_capacity(0), 2.5);
    EXPECT_EQ(graph->vertex_capacity(3), unlimited);
    given.node_file = write("nodes.csv", "node,switch,capacity\nt,false,7\n");
    const auto changed = read_file(given);
    EXPECT_EQ(changed->names(), (Names{"a", "t", "b", "s"}));
    EXPECT_EQ(changed->vertex_capacity(1), 7.0);
    EXPECT_EQ(changed->vertex_capacity(0), 2.5);
}

/// Line and column, and a part of the message, of the error that a file raises.
void expect_refused(const Spec& bad, std::int64_t line, std::int64_t column,
                    const std::string& part) {
    try {
        read_file(bad);
        ADD_FAILURE() << "accepted, not refused: " << part;
    } catch (const Error& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find(part), std::string::npos) << message;
        if (line > 0) {
            const auto place = ":" + std::to_string(line) + ":" + std::to_string(column);
            EXPECT_NE(message.find(place), std::string::npos) << message;
        }
    }
}

TEST_F(FabricFiles, BadCapacitiesAreRefused) {
    const std::string header = "source,target,capacity\n";
    expect_refused(spec("a.csv", header + "0,1,0\n"), 2, 5, "greater than 0");
    expect_refused(spec("a.csv", header + "0,1,-3\n"), 2, 5, "greater than 0");
    expect_refused(spec("a.csv", header + "0,1,wide\n"), 2, 5, "'wide' is not a number");
    expect_refused(spec("a.csv", header + "0,1,\n"), 2, 5, "capacity is missing");
    expect_refused(spec("a.csv", header + "0,1,1e308\n0,1,1e308\n"), 0, 0, "add up to infinity");
    expect_refused(spec("a.txt", "0 1 1 1 0\n"), 1, 9, "greater than 0");
    expect_refused(spec("a.txt", "0 1 1 1 2\n1 2\n"), 2, 4, "has no capacity");
    expect_refused(spec("a.txt", "0 1\n1 2 1 1 3\n"), 2, 9, "those before it have none");
    const std::string nodes = vertex("a") + vertex("b");
    const auto file = [&](const std::string& text) {
        return spec("a.graphml", graphml(keys, text));
    };
    expect_refused(file(nodes + edge("a", "b", datum("c", "0"))), 10, 1, "greater than 0");
    expect_refused(file(nodes + edge("a", "b", datum("c", "x"))), 10, 1, "'x' is not a number");
    expect_refused(file(vertex("a", datum("v", "-1")) + vertex("b")), 8, 1, "is negative");
    expect_refused(file(vertex("a", datum("s", "maybe"))), 8, 1, "true or false");
    expect_refused(file(vertex("a", datum("s", "1"))), 0, 0, "at least one must be a host");
}

TEST_F(FabricFiles, BadNodeFilesAreRefused) {
    Spec graph = spec("a.csv", "source,target\na,b\n");
    const auto refused = [&](const std::string& text, std::int64_t line, std::int64_t column,
                             const std::string& part) {
        graph.node_file = write("nodes.csv", text);
        expect_refused(graph, line, column, part);
    };
    refused("name,switch\na,1\n", 1, 1, "no column 'node'");
    refused("node,colour\na,1\n", 1, 1, "neither the column 'switch' nor 'capacity'");
    refused("node,switch\na,1\nz,1\n", 3, 1, "no vertex 'z'");
    refused("node,switch\na,1\na,0\n", 3, 1, "'a' stands there twice");
    refused("node,switch\na,perhaps\n", 2, 3, "true or false");
    refused("node,capacity\na,-2\n", 2, 3, "is negative");
    refused("node,capacity\na,much\n", 2, 3, "'much' is not a number");
    refused("node,switch\na,1\nb,1\n", 0, 0, "at least one must be a host");
    graph.node_file = path("nowhere.csv");
    expect_refused(graph, 0, 0, "nowhere.csv");
}

}  // namespace
}  // namespace motley::topology
