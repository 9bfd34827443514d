// Graph files: what each format means, real networks, and the way there and back by CSV.
#include "topology/files/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "motley/core/random.hpp"
#include "motley/topology/graph_statistics.hpp"
#include "support/shared.hpp"

namespace motley::topology {
namespace {

using Quad = std::tuple<AgentId, AgentId, double, double>;
using Quads = std::vector<Quad>;
using Names = std::vector<std::string>;

/// All arcs in order of chunks.
Quads arcs_of(const Topology& topology, std::int64_t chunks = 1) {
    Quads result;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        topology.arcs(chunk, chunks, [&](std::span<const Arc> arcs) {
            for (const Arc& a : arcs) result.emplace_back(a.source, a.target, a.weight, a.survival);
        });
    }
    return result;
}

using FilesTest = GraphFiles;

TEST_F(FilesTest, EdgeListWithIntegersNumbersAgentsByValue) {
    const auto graph = read_file(spec("a.txt",
                                      "# SNAP\n% other\n\n30 7\r\n7\t100 2.5\n  100 30 4 0.5\n"
                                      "7 7\n"));
    EXPECT_EQ(graph->names(), (Names{"7", "30", "100"}));
    EXPECT_EQ(arcs_of(*graph),
              (Quads{{0, 0, 1.0, 1.0}, {0, 2, 2.5, 1.0}, {1, 0, 1.0, 1.0}, {2, 1, 4.0, 0.5}}));
    EXPECT_EQ(graph->agents(), 3);
    EXPECT_EQ(graph->traits().expected_arcs, 4);
    EXPECT_FALSE(graph->traits().symmetric_uniform);
}

TEST_F(FilesTest, NumbersFromZeroNeedNoNames) {
    EXPECT_TRUE(read_file(spec("a.el", "2 1\n1 0\n"))->names().empty());
    EXPECT_EQ(read_file(spec("a.el", "2 1\n1 3\n"))->names(), (Names{"1", "2", "3"}));
    EXPECT_EQ(read_file(spec("a.el", "-2 1\n"))->names(), (Names{"-2", "1"}));
}

TEST_F(FilesTest, EdgeListWithNamesKeepsTheirOrder) {
    const auto graph = read_file(spec("a.edges", "b 10\n10 a\n"));
    EXPECT_EQ(graph->names(), (Names{"b", "10", "a"}));
    EXPECT_EQ(arcs_of(*graph), (Quads{{0, 1, 1.0, 1.0}, {1, 2, 1.0, 1.0}}));
    // Words in the first row only are refused as a header (files_errors_test), but not these:
    EXPECT_EQ(read_file(spec("a.txt", "hub 1\n1 2\n"))->agents(), 3);
    EXPECT_EQ(read_file(spec("a.txt", "a b\n1 b\n"))->agents(), 3);
    EXPECT_EQ(read_file(spec("a.txt", "a b\n"))->agents(), 2);
}

TEST_F(FilesTest, UndirectedPairsInEitherOrderAreOneEdge) {
    const auto graph = read_file(spec("a.txt", "0 1 2 0.5\n1 0 6 0.9\n1 2 1\n2 2 3\n", false));
    const double mixed = 0.5 + 0.4 * 6.0 / 8.0;
    EXPECT_EQ(arcs_of(*graph), (Quads{{0, 1, 8.0, mixed},
                                      {1, 0, 8.0, mixed},
                                      {1, 2, 1.0, 1.0},
                                      {2, 1, 1.0, 1.0},
                                      {2, 2, 3.0, 1.0}}));
    const auto arcs = read_file(spec("a.txt", "0 1 2 0.5\n1 0 6 0.9\n0 1 1 0.5\n", true));
    EXPECT_EQ(arcs_of(*arcs), (Quads{{0, 1, 3.0, 0.5}, {1, 0, 6.0, 0.9}}));
}

TEST_F(FilesTest, SymmetricUniformOnlyWhereRoutingIs) {
    Spec s = spec("a.txt", "0 1 2\n1 2 3\n", false);
    s.survival = 0.8;
    const auto plain = read_file(s);
    EXPECT_TRUE(plain->traits().symmetric_uniform);
    EXPECT_TRUE(plain->has_rows());
    EXPECT_FALSE(plain->traits().use_weights);
    EXPECT_EQ(plain->traits().survival, 0.8);
    EXPECT_EQ(gather_rows(*plain).weights, (std::vector<double>{2.0, 2.0, 3.0, 3.0}));
    std::vector<AgentId> row;
    plain->row(1, row);
    EXPECT_EQ(row, (std::vector<AgentId>{0, 2}));

    s.edge_weights = true;
    const auto weighted = read_file(s);
    EXPECT_FALSE(weighted->traits().symmetric_uniform);
    EXPECT_TRUE(weighted->traits().use_weights);
    EXPECT_THROW(weighted->row(0, row), Error);
    EXPECT_THROW(plain->row(3, row), Error);

    s = spec("b.txt", "0 1\n1 2\n", false);
    s.edge_weights = true;
    EXPECT_TRUE(read_file(s)->traits().symmetric_uniform) << "all weights are 1";
    EXPECT_FALSE(read_file(spec("b.txt", "0 1\n1 2\n"))->traits().symmetric_uniform);
    EXPECT_FALSE(read_file(spec("c.txt", "0 1 1 0.5\n1 2\n", false))->traits().symmetric_uniform);
    const auto constant = read_file(spec("c.txt", "0 1 1 0.5\n1 2 1 0.5\n", false));
    EXPECT_TRUE(constant->traits().symmetric_uniform);
    EXPECT_EQ(constant->traits().survival, 0.5);
}

TEST_F(FilesTest, MergingDoesNotDependOnTheOrderOfLines) {
    std::vector<std::string> lines;
    const Random random(1, Stream::test, 11);
    for (std::uint32_t i = 0; i < 200; ++i) {
        lines.push_back(std::to_string(random.below(3, 4 * i)) + " " +
                        std::to_string(random.below(3, 4 * i + 1)) + " " +
                        std::to_string(random.uniform(4 * i + 2)) + " " +
                        std::to_string(0.01 + 0.99 * random.uniform(4 * i + 3)) + "\n");
    }
    const auto read = [&](bool directed) {
        std::string text;
        for (const auto& line : lines) text += line;
        return arcs_of(*read_file(spec("a.txt", text, directed)));
    };
    const Quads directed = read(true), undirected = read(false);
    std::ranges::reverse(lines);
    EXPECT_EQ(read(true), directed);
    EXPECT_EQ(read(false), undirected);
    EXPECT_EQ(directed.size(), 9u);
}

TEST_F(FilesTest, ChunksAreSlicesOfTheSameArcs) {
    std::string text;
    const Random random(1, Stream::test, 12);
    for (std::uint32_t i = 0; i < 9000; ++i) {
        text += std::to_string(random.below(500, 2 * i)) + " " +
                std::to_string(random.below(500, 2 * i + 1)) + "\n";
    }
    const auto graph = read_file(spec("a.txt", text));
    const Quads whole = arcs_of(*graph);
    EXPECT_EQ(std::ssize(whole), graph->traits().expected_arcs);
    for (const std::int64_t chunks : {2, 3, 7, 64, 20000}) {
        EXPECT_EQ(arcs_of(*graph, chunks), whole) << chunks;
    }
}

TEST_F(FilesTest, CsvFindsItsColumnsByName) {
    const auto graph = read_file(spec("a.csv",
                                      "\xef\xbb\xbfType, TARGET ,Survival,source,Weight\r\n"
                                      "x,\"b, c\",0.5, a  ,2\r\n\r\ny,a,1,\"b, c\",1e-3\r\n"));
    EXPECT_EQ(graph->names(), (Names{"a", "b, c"}));
    EXPECT_EQ(arcs_of(*graph), (Quads{{0, 1, 2.0, 0.5}, {1, 0, 1e-3, 1.0}}));
}

TEST_F(FilesTest, GraphmlWithLabelsWeightsAndDefaults) {
    const auto graph = read_file(
        spec("a.graphml",
             graphml("<key id=\"k0\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>"
                     "<key id=\"k1\" for=\"edge\" attr.name=\"Weight\" attr.type=\"double\">"
                     "<default>4</default></key>"
                     "<key id=\"k2\" for=\"all\" attr.name=\"survival\" attr.type=\"float\"/>",
                     "<node id=\"a\"><data key=\"k0\">Ann &amp; Bob\n&quot;x&quot;</data></node>\n"
                     "<node id=\"b\"><data key=\"k0\"><![CDATA[<b>]]></data></node>\n"
                     "<edge source=\"a\" target=\"b\"><data key=\"k1\"> 2.5 </data></edge>\n"
                     "<edge source=\"b\" target=\"a\"><data key=\"k2\">0.5</data>"
                     "</edge>\n")));
    EXPECT_EQ(graph->names(), (Names{"Ann & Bob \"x\"", "<b>"}));
    EXPECT_EQ(arcs_of(*graph), (Quads{{0, 1, 2.5, 1.0}, {1, 0, 4.0, 0.5}}));
}

TEST_F(FilesTest, GraphmlFallsBackToNodeIds) {
    const std::string keys =
        "<key id=\"k\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>";
    const auto read = [&](const std::string& first, const std::string& second) {
        const std::string nodes = "<node id=\"x\"><data key=\"k\">" + first +
                                  "</data></node><node id=\"y\"><data key=\"k\">" + second +
                                  "</data></node>";
        return read_file(spec("a.xml", graphml(keys, nodes)))->names();
    };
    EXPECT_EQ(read("p", "q"), (Names{"p", "q"}));
    EXPECT_EQ(read("p", "p"), (Names{"x", "y"}));
    EXPECT_EQ(read("p", ""), (Names{"x", "y"}));
}

TEST_F(FilesTest, GraphmlTextWeightsCountOnlyIfAllAreNumbers) {
    const auto weights = [&](const std::string& first, const std::string& second) {
        const auto graph = read_file(spec(
            "a.graphml",
            graphml("<key id=\"k\" for=\"edge\" attr.name=\"weight\" attr.type=\"string\"/>",
                    "<node id=\"0\"/><node id=\"1\"/>"
                    "<edge source=\"0\" target=\"1\"><data key=\"k\">" +
                        first + "</data></edge><edge source=\"1\" target=\"0\"><data key=\"k\">" +
                        second + "</data></edge>")));
        return gather_rows(*graph).weights;
    };
    EXPECT_EQ(weights("2", "3"), (std::vector<double>{2.0, 3.0}));
    EXPECT_TRUE(weights("2", "10 Gbps").empty());
}

TEST_F(FilesTest, GraphmlAsEditorsWriteIt) {
    const auto graph = read_file(spec(
        "a.graphml",
        "<!DOCTYPE graphml [ <!ELEMENT a (b>c)> ]>\n<graphml xmlns:y=\"urn:y\">"
        "<!-- <edge source=\"x\" target=\"y\"/> -->"
        "<key for=\"port\" id=\"p\" yfiles.type=\"portgraphics\"/>"
        "<key for=\"port\" id=\"p\" yfiles.type=\"portgraphics\"/>"
        "<key for=\"node\" id=\"g\" yfiles.type=\"nodegraphics\"/>"
        "<key for=\"node\" id=\"u\" attr.name=\"flag\" attr.type=\"colour\"/>"
        "<graph id=\"G\" edgedefault=\"directed\"><data key=\"none\"/>"
        "<node id=\"n0\" yfiles.foldertype=\"group\"><data key=\"g\"><y:Group><edge/></y:Group>"
        "</data><graph edgedefault=\"undirected\" id=\"n0:\"><node id=\"n0::n0\">"
        "<data key=\"u\">red</data><port name=\"a\"/></node>"
        "<node id=\"n0::n1\"/><edge source=\"n0::n0\" target=\"n0::n1\"/></graph></node>"
        "<node id=\"n1\"/><edge id=\"e\" source=\"n0::n1\" target=\"n1\" sourceport=\"a\"/>"
        "</graph><data key=\"p\"><y:Resources/></data></graphml>",
        false));
    EXPECT_EQ(graph->names(), (Names{"n0", "n0::n0", "n0::n1", "n1"}));
    EXPECT_EQ(gather_rows(*graph).targets, (std::vector<AgentId>{2, 1, 3, 2}));
}

TEST_F(FilesTest, MetisListsEveryEdgeTwice) {
    // The graph of figure 2 of the METIS manual.
    const auto plain = read_file(spec(
        "a.graph", "% comment\n7 11\n5 3 2\n1 3 4\n5 4 2 1\n2 3 6 7\n1 3 6\n5 4 7\n6 4\n", false));
    EXPECT_EQ(plain->agents(), 7);
    EXPECT_EQ(plain->traits().expected_arcs, 22);
    EXPECT_TRUE(plain->traits().symmetric_uniform);
    EXPECT_TRUE(gather_rows(*plain).weights.empty());
}

TEST_F(FilesTest, MetisWeightsAndIsolatedVertices) {
    const auto graph = read_file(
        spec("a.metis", "4 2 111 2\n9 7 8 2 5\n9 7 8 1 5 3 2\n% c\n9 1 1 2 2\n9 3 3\n\n", true));
    EXPECT_EQ(arcs_of(*graph),
              (Quads{{0, 1, 5.0, 1.0}, {1, 0, 5.0, 1.0}, {1, 2, 2.0, 1.0}, {2, 1, 2.0, 1.0}}));
    EXPECT_EQ(graph->agents(), 4);
    const auto empty_rows = read_file(spec("b.graph", "3 1\n3\n\n1\n"));
    EXPECT_EQ(gather_rows(*empty_rows).offsets, (std::vector<std::int64_t>{0, 1, 1, 2}));
    EXPECT_TRUE(empty_rows->names().empty());
    // Editors drop the empty lines at the end.
    const auto dropped = read_file(spec("b.graph", "4 1\n2\n1"));
    EXPECT_EQ(dropped->agents(), 4);
    EXPECT_EQ(dropped->remarks().at(0), "the last 2 vertices have no line, and no edges");
}

TEST_F(FilesTest, MatrixMarket) {
    const std::string banner = "%%MatrixMarket matrix coordinate ";
    const std::string entries = "% c\n\n3 3 3\n2 1 5\n3 2 1.5e0\n3 3 2\n";
    const auto symmetric = read_file(spec("a.mtx", banner + "real symmetric\n" + entries, true));
    EXPECT_EQ(arcs_of(*symmetric), (Quads{{0, 1, 5.0, 1.0},
                                          {1, 0, 5.0, 1.0},
                                          {1, 2, 1.5, 1.0},
                                          {2, 1, 1.5, 1.0},
                                          {2, 2, 2.0, 1.0}}));
    EXPECT_TRUE(symmetric->traits().symmetric_uniform);
    const auto general = read_file(spec("a.mtx", banner + "REAL General\n" + entries, true));
    EXPECT_EQ(arcs_of(*general), (Quads{{1, 0, 5.0, 1.0}, {2, 1, 1.5, 1.0}, {2, 2, 2.0, 1.0}}));
    const auto undirected = read_file(spec("a.mtx", banner + "real general\n" + entries, false));
    EXPECT_EQ(arcs_of(*undirected), arcs_of(*symmetric));
    const auto pattern =
        read_file(spec("a.mtx", banner + "pattern general\n4 4 2\n1 4\n4 1\n", true));
    EXPECT_EQ(arcs_of(*pattern), (Quads{{0, 3, 1.0, 1.0}, {3, 0, 1.0, 1.0}}));
    EXPECT_EQ(read_file(spec("b.mtx", banner + "integer general\n5 5 0\n"))->agents(), 5);
}

TEST_F(FilesTest, FormatGoesBeforeExtension) {
    Spec s = spec("graph.data", "source,target\n0,1\n");
    s.format = FileFormat::csv;
    EXPECT_EQ(read_file(s)->agents(), 2);
    EXPECT_EQ(read_file(spec("UPPER.CSV", "source,target\n0,1\n"))->agents(), 2);
}

TEST_F(FilesTest, CsvThereAndBack) {
    const auto check = [&](const Topology& graph) {
        write_csv(graph, path("out.csv"));
        Spec back;
        back.file = path("out.csv");
        back.directed = true;
        const auto again = read_file(back);
        const auto name = [](const Topology& t, AgentId agent) {
            return t.names().empty() ? std::to_string(agent)
                                     : t.names()[static_cast<std::size_t>(agent)];
        };
        const auto named = [&](const Topology& t) {
            std::map<std::pair<std::string, std::string>, std::pair<double, double>> arcs;
            for (const auto& [s, t2, w, k] : arcs_of(t)) arcs[{name(t, s), name(t, t2)}] = {w, k};
            return arcs;
        };
        EXPECT_EQ(named(*again), named(graph));
        EXPECT_EQ(arcs_of(*again).size(), arcs_of(graph).size());
    };
    check(*read_file(spec("a.csv",
                          "source,target,weight,survival\n\"a, \"\"b\"\"\",c,0.1,0.3\n"
                          "\" c \",c,1e-300,1\nd,d,123456789.12345678,0.1\n")));
    check(*read_file(spec("a.txt", "0 1 3\n5 1 7 0.25\n1 0 1\n", false)));
    const auto files = std::filesystem::directory_iterator(folder_);
    for (const auto& entry : files) {
        EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos) << entry.path();
    }
}

TEST_F(FilesTest, WriteCsvText) {
    write_csv(*read_file(spec("a.txt", "1 0 0.5\n0 1 2 0.1\n")), path("out.csv"));
    std::ifstream in(path("out.csv"));
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(text, "source,target,weight,survival\n0,1,2,0.1\n1,0,0.5,1\n");
}

TEST_F(FilesTest, IdsAreNamesUnlessAllAreIntegersAsWritten) {
    EXPECT_EQ(read_file(spec("a.txt", "7 8\n007 8\n8 9\n"))->agents(), 4);
    EXPECT_EQ(read_file(spec("a.txt", "01001 01003\n01003 01005\n"))->names(),
              (Names{"01001", "01003", "01005"}));
    const std::string big = "99999999999999999999";
    EXPECT_EQ(read_file(spec("a.txt", big + " 1\n"))->names(), (Names{big, "1"}));
    const auto twins = read_file(spec("a.txt", "1 2\n1.0 2\n"));
    EXPECT_EQ(twins->agents(), 3);
    ASSERT_EQ(twins->remarks().size(), 1U);
    EXPECT_NE(twins->remarks()[0].find("the ids '1' and '1.0' are two vertices"),
              std::string::npos);
}

TEST_F(FilesTest, ColumnsOfEdgeListsAreJudgedByTheWholeFile) {
    // The fourth column, or the third one, is a time.
    const auto konect = read_file(spec("a.txt", "1 2 3 1082040961\n2 3 1 1082155839\n"));
    EXPECT_EQ(arcs_of(*konect), (Quads{{0, 1, 3.0, 1.0}, {1, 2, 1.0, 1.0}}));
    EXPECT_NE(konect->remarks().at(0).find("column 4 a time that is not used"), std::string::npos);
    const auto snap = read_file(spec("a.txt", "1 2 1082040961\n2 3 1082155839\n"));
    EXPECT_EQ(arcs_of(*snap), (Quads{{0, 1, 1.0, 1.0}, {1, 2, 1.0, 1.0}}));
    const auto survivals = read_file(spec("a.csv", "1,2,,0.5\n2,3,,0.25\n"));
    EXPECT_EQ(arcs_of(*survivals), (Quads{{0, 1, 1.0, 0.5}, {1, 2, 1.0, 0.25}}));
    EXPECT_EQ(survivals->remarks().at(0),
              "read as an edge list: column 3 the weight, column 4 the survival");
    // Bandwidths in bit/s are weights.
    EXPECT_EQ(arcs_of(*read_file(spec("a.txt", "1 2 1000000000\n"))), (Quads{{0, 1, 1e9, 1.0}}));
    Spec timed = spec("a.txt", "1 2 1082040961 5\n2 3 1082155839 7\n");
    timed.columns = Names{"target", "source", "time", "weight"};
    EXPECT_EQ(arcs_of(*read_file(timed)), (Quads{{1, 0, 5.0, 1.0}, {2, 1, 7.0, 1.0}}));
    Spec table = spec("a.csv", "from,to,kilometres\na,b,3\n");
    table.columns = Names{"source", "target", "weight"};
    EXPECT_EQ(arcs_of(*read_file(table)), (Quads{{0, 1, 3.0, 1.0}}));
}

TEST_F(FilesTest, ALineOfCountsIsNoEdge) {
    for (const char* text : {"3 3\n0 1\n1 2\n2 0\n", "3 3 3\n1 2\n2 3\n3 1\n"}) {
        const auto graph = read_file(spec("a.txt", text));
        EXPECT_EQ(graph->agents(), 3) << text;
        EXPECT_EQ(arcs_of(*graph).size(), 3U);
        EXPECT_NE(graph->remarks().at(0).find("the first line is taken for"), std::string::npos);
        Spec edges = spec("a.txt", text);
        edges.columns = Names{"source", "target"};
        EXPECT_EQ(arcs_of(*read_file(edges)).size(), 4U);
    }
    EXPECT_EQ(read_file(spec("a.txt", "3 4\n0 1\n1 2\n2 0\n"))->agents(), 5);  // not the counts
}

TEST_F(FilesTest, AdjacencyListsAreSeen) {
    const auto graph = read_file(spec("a.txt", "0 1 3\n1 2\n2 3\n3\n", false));
    EXPECT_EQ(graph->agents(), 4);
    EXPECT_EQ(arcs_of(*graph).size(), 8U);
    EXPECT_NE(graph->remarks().at(0).find("adjacency list"), std::string::npos);
    // Edges that both ends list are one edge each.
    Spec both = spec("a.txt", "a b c\nb a\nc a\n", false);
    both.format = FileFormat::adjacency_list;
    EXPECT_EQ(arcs_of(*read_file(both)),
              (Quads{{0, 1, 1.0, 1.0}, {0, 2, 1.0, 1.0}, {1, 0, 1.0, 1.0}, {2, 0, 1.0, 1.0}}));
    // A weight that only some edges have stays one where a vertex begins two lines.
    EXPECT_EQ(arcs_of(*read_file(spec("a.txt", "0 1\n0 2 3\n"))),
              (Quads{{0, 1, 1.0, 1.0}, {0, 2, 3.0, 1.0}}));
}

TEST_F(FilesTest, WriteCsvKeepsCapacities) {
    write_csv(*read_file(spec("a.csv", "source,target,capacity\na,b,10\nb,a,2.5\n")),
              path("out.csv"));
    Spec back;
    back.file = path("out.csv");
    back.directed = true;
    const auto again = read_file(back);
    EXPECT_EQ(again->link(0, 1).capacity, 10.0);
    EXPECT_EQ(again->link(1, 0).capacity, 2.5);
}

TEST_F(FilesTest, FacebookIsAsPublished) {
    MOTLEY_NEEDS_SHARED("data/networks/snap-facebook.txt");
    Spec s;
    s.file = test::shared("data/networks/snap-facebook.txt").string();
    const auto graph = read_file(s);
    EXPECT_TRUE(graph->traits().symmetric_uniform);
    const Statistics facts = statistics(gather_rows(*graph), 5000);
    EXPECT_EQ(facts.agents, 4039);
    EXPECT_EQ(facts.edges, 88234);
    EXPECT_EQ(facts.arcs, 2 * 88234);
    EXPECT_EQ(facts.loops, 0);
    EXPECT_EQ(facts.components, 1);
    EXPECT_EQ(facts.degree_max, 1045);
    EXPECT_NEAR(facts.clustering_average, 0.6055, 5e-5);
    EXPECT_EQ(facts.diameter_lower, 8);  // as SNAP publishes it
    EXPECT_EQ(facts.diameter_upper, 8);
}

TEST_F(FilesTest, CelegansIsAsPublished) {
    MOTLEY_NEEDS_SHARED("data/networks/celegans-herm-edges.csv");
    Spec s;
    s.file = test::shared("data/networks/celegans-herm-edges.csv").string();
    s.directed = true;
    const auto graph = read_file(s);
    EXPECT_EQ(graph->names().size(), 448u);
    EXPECT_EQ(graph->names().front(), "I1L");
    const Statistics facts = statistics(gather_rows(*graph));
    EXPECT_EQ(facts.agents, 448);
    EXPECT_EQ(facts.arcs, 6625);
    EXPECT_EQ(facts.loops, 46);
    EXPECT_EQ(facts.total_weight, 39702.0);
    EXPECT_EQ(facts.components, 1);
    EXPECT_EQ(facts.strong_components, 4);
    EXPECT_FALSE(facts.symmetric);
}

TEST_F(FilesTest, TopologyZooIsAsPublished) {
    MOTLEY_NEEDS_SHARED("data/networks/topologyzoo-Kdl.graphml");
    const auto facts = [](const std::string& name) {
        Spec s;
        s.file = test::shared("data/networks/topologyzoo-" + name + ".graphml").string();
        return statistics(gather_rows(*read_file(s)));
    };
    const Statistics kdl = facts("Kdl");
    EXPECT_EQ(kdl.agents, 754);
    EXPECT_EQ(kdl.edges + kdl.loops, 895);
    EXPECT_EQ(kdl.components, 1);
    EXPECT_EQ(kdl.total_weight, 2.0 * 899 - static_cast<double>(kdl.loops));
    const Statistics geant = facts("Geant2012");
    EXPECT_EQ(geant.agents, 40);
    EXPECT_EQ(geant.edges + geant.loops, 61);
    EXPECT_EQ(geant.components, 1);
}

}  // namespace
}  // namespace motley::topology
