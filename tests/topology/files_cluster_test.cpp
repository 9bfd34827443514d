// Topologies of clusters for ns-3: switches, rates in Gb/s, and what is refused.
#include <gtest/gtest.h>

#include "arcs.hpp"
#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "topology/files/files.hpp"

namespace motley::topology {
namespace {

using FilesCluster = GraphFiles;
using Names = std::vector<std::string>;

TEST_F(FilesCluster, SwitchesAndRates) {
    const std::string text =
        "5 2 6\n1 4\n0 1 100Gbps 1us 0\n2 1 100Gbps 1us 0\n3 4 25000Mbps 500ns 0.001\n"
        "1 4 0.4Tbps 0.002ms 0\n1 4 400Gb/s 2us 0\n0 4 1GBps 1us 0\n";
    for (const char* name : {"topology.txt", "topology", "a.topo"}) {
        for (const bool directed : {false, true}) {
            const auto graph = read_file(spec(name, text, directed));
            EXPECT_EQ(graph->agents(), 5);
            EXPECT_EQ(graph->hosts(), 3);
            EXPECT_EQ(graph->names(), (Names{"0", "2", "3", "1", "4"}));
            EXPECT_EQ(graph->link(0, 3).capacity, 100.0);
            EXPECT_EQ(graph->link(3, 0).capacity, 100.0);
            EXPECT_EQ(graph->link(2, 4).capacity, 25.0);
            EXPECT_EQ(graph->link(3, 4).capacity, 800.0);
            EXPECT_EQ(graph->link(0, 4).capacity, 8.0);
            EXPECT_TRUE(says(*graph, "rates in Gb/s; delays, 0.5 to 2 us, and rates of errors"));
        }
    }
}

TEST_F(FilesCluster, TheFormWithServers) {
    const std::string text =
        "4 2 1 1 3 H100\n2\n3\n0 2 2880Gbps 0.000025ms 0\n1 2 2880Gbps 0.000025ms 0\n"
        "2 3 400Gbps 0.0005ms 0\n";
    const auto graph = read_file(spec("a", text));
    EXPECT_EQ(graph->hosts(), 2);
    EXPECT_EQ(graph->link(1, 2).capacity, 2880.0);
    EXPECT_EQ(read_file(spec("a", "2 0 1\n\n0 1 10Gbps 1us 0\n"))->hosts(), 2);
    EXPECT_EQ(read_file(spec("a", "2 0 1\n0 1 10Gbps\n"))->link(0, 1).capacity, 10.0);
}

TEST_F(FilesCluster, WhatIsRefused) {
    const auto refused = [&](const std::string& text, const std::string& part) {
        Spec given = spec("a.txt", text);
        given.format = FileFormat::cluster;
        try {
            read_file(given);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::input);
            EXPECT_NE(std::string(error.what()).find("a.txt" + part), std::string::npos)
                << error.what();
        }
    };
    refused("# only\n", ": the file has only comments");
    refused("2 1\n", ":1:1: the first line must be `nodes switches links`");
    refused("0 0 0\n", ":1:1: switches are a part of the nodes");
    refused("2 -1 0\n", ":1:3: number of switches must lie between 0");
    refused("2000000000 0 0\n", ":1:1: the file promises more nodes");
    refused("3 2 1\n1\n", ":1:1: the first line promises 2 switches, the file lists 1");
    refused("3 2 1\n1 1\n", ":2:3: switch '1' stands there twice");
    refused("3 1 1\n1 2\n", ":2:3: more switches than the 1");
    refused("3 1 1\n3\n", ":2:1: node '3' is out of range 0 to 2");
    refused("3 1 2\n2\n0 2 1Gbps 1us 0\n", ":1:1: the first line promises 2 links, the file has 1");
    refused("3 1 1\n2\n0 2\n", ":3:4: too few fields");
    refused("3 1 1\n2\n0 2 100 1us 0\n", ":3:5: rate '100' must be greater than 0 and have a unit");
    refused("3 1 1\n2\n0 2 0Gbps 1us 0\n", ":3:5: rate '0Gbps'");
    refused("3 1 1\n2\n0 2 1Gbps 1 0\n", ":3:11: delay '1' must not be negative and have a unit");
    refused("3 1 1\n2\n0 2 1Gbps 1us 2\n", ":3:15: rate of errors '2' must lie in [0, 1]");
    refused("3 1 1\n2\n0 2 1Gbps 1us 0 7\n", ":3:17: too many fields");
    refused("3 3 0\n0 1 2\n", ": ");
}

}  // namespace
}  // namespace motley::topology
