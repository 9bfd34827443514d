// Tables of edges as spreadsheets, pandas, R, networkx and collections of networks write them.
#include <gtest/gtest.h>

#include "arcs.hpp"
#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "topology/files/files.hpp"

namespace motley::topology {
namespace {

using FilesTables = GraphFiles;
using Names = std::vector<std::string>;

const NamedArcs triangle = {{{"1", "2"}, 5.0}, {{"2", "3"}, 7.0}, {{"3", "1"}, 9.0}};
const NamedArcs plain_triangle = {{{"1", "2"}, 1.0}, {{"2", "3"}, 1.0}, {{"3", "1"}, 1.0}};

TEST_F(FilesTables, SeparatorsAndHeadersAreSeen) {
    for (const char* text : {
             "source,target,weight\n1,2,5\n2,3,7\n3,1,9\n",
             "source;target;weight\n1;2;5\n2;3;7\n3;1;9\n",
             "source\ttarget\tweight\n1\t2\t5\n2\t3\t7\n3\t1\t9\n",
             "source target weight\n1 2 5\n2 3 7\n3 1 9\n",
             "sep=;\nsource;target;weight\n1;2;5\n2;3;7\n3;1;9\n",
             "Source;Target;Weight\n\"1\";\"2\";5,0\n\"2\";\"3\";7\n\"3\";\"1\";9,00\n",
             "from,to,weight\n1,2,5\n2,3,7\n3,1,9\n",
             "SRC,DST,w\n1,2,5\n2,3,7\n3,1,9\n",
             "u,v,weight\n1,2,5\n2,3,7\n3,1,9\n",
             "node1,node2,weights\n1,2,5\n2,3,7\n3,1,9\n",
             "Node_1;Node_2;Edge Weight\n1;2;5\n2;3;7\n3;1;9\n",
             "Id,Source,Destination,Type,Weight\n0,1,2,Directed,5\n1,2,3,Directed,7\n2,3,1,,9\n",
             "weight,target,source\n5,2,1\n7,3,2\n9,1,3\n",
             ",source,target,weight\n0,1,2,5\n1,2,3,7\n2,3,1,9\n",
             "\"\",\"from\",\"to\",\"weight\"\n\"1\",1,2,5\n\"2\",2,3,7\n\"3\",3,1,9\n",
             "\"from\" \"to\" \"weight\"\n\"1\" 1 2 5\n\"2\" 2 3 7\n\"3\" 3 1 9\n",
             "# made by a program\nsource,target,weight\n1,2,5\n# between\n2,3,7\n3,1,9\n",
             "# target,source,weight\n2,1,5\n3,2,7\n1,3,9\n",
             "1,2,5\n2,3,7\n3,1,9\n",
             "1;2;5\n2;3;7\n3;1;9\n",
             "1, 2, 5\n2, 3, 7\n3, 1, 9\n",
             "1\t2\t5\n2\t3\t7\n3\t1\t9\n",
             "% asym positive\n% 3 3 3\n1 2 5\n2 3 7\n3 1 9\n",
             "1 2 {'weight': 5}\n2 3 {'colour': 'x y', 'weight': 7.0}\n3 1 {\"weight\": 9}\n",
             "1 2 5 # first\n2 3 7\n3 1 9\n",
             "source,target,weight,\n1,2,5,\n2,3,7,\n3,1,9,\n",
             "source,target,weight\n1,2,5,\n2,3,7,,\n3,1,9,\n",
         }) {
        for (const char* name :
             {"a.csv", "a.txt", "a.edgelist", "a.tsv", "out.demo", "noextension"}) {
            EXPECT_EQ(named_arcs(*read_file(spec(name, text))), triangle) << name << "\n" << text;
        }
    }
    for (const char* text :
         {"src,dst\n1,2\n2,3\n3,1\n", "1,2\n2,3\n3,1\n", "1 2 {}\n2 3 {}\n3 1 {}\n",
          "1,2,\n2,3,\n3,1,\n", "\"1\",\"2\"\n\"2\",\"3\"\n\"3\",\"1\"\n",
          "Person 1,Person 2\n1,2\n2,3\n3,1\n", "a b\n1 2\n2 3\n3 1\n"}) {
        EXPECT_EQ(named_arcs(*read_file(spec("a.csv", text))), plain_triangle) << text;
    }
}

TEST_F(FilesTables, UnusualNamesAreSaid) {
    const auto graph = read_file(spec("a.csv", "Origin,Destination,w\n1,2,5\n"));
    EXPECT_TRUE(says(*graph, "source is 'Origin', target is 'Destination', weight is 'w'"));
    EXPECT_TRUE(read_file(spec("a.csv", "SOURCE,target\n1,2\n"))->remarks().empty());
    EXPECT_TRUE(
        says(*read_file(spec("a.csv", "p,q\n1,2\n2,3\n")), "the first line is taken for a header"));
}

TEST_F(FilesTables, WhatLooksLikeAHeaderMayBeAnEdge) {
    const NamedArcs arcs = {{{"u", "v"}, 1.0}, {{"v", "w"}, 1.0}};
    EXPECT_EQ(named_arcs(*read_file(spec("a.txt", "u v\nv w\n"))), arcs);
    const auto table = read_file(spec("a.csv", "u,v\nv,w\n"));
    EXPECT_EQ(named_arcs(*table), arcs);
    EXPECT_TRUE(says(*table, "the first line is taken for an edge"));
    EXPECT_EQ(read_file(spec("a.csv", "root,a\nroot,b\nb,c\n"))->agents(), 4);
    // Columns of the job file name those of a table; here the table has no header.
    Spec named = spec("a.csv", "1,2,9\n2,3,9\n");
    named.columns = Names{"source", "target", "time"};
    EXPECT_EQ(read_file(named)->agents(), 3);
    EXPECT_EQ(named_arcs(*read_file(named)).size(), 2U);
    named = spec("a.csv", "a,b,9\nb,c,9\n");
    named.columns = Names{"source", "target", "time"};
    EXPECT_EQ(named_arcs(*read_file(named)).size(), 2U);
    named = spec("a.csv", "p1,p2,9\na,b,9\nb,c,9\n");
    named.columns = Names{"source", "target", "time"};
    EXPECT_EQ(named_arcs(*read_file(named)).size(), 2U);
}

TEST_F(FilesTables, NamesKeepTheirBlanks) {
    EXPECT_EQ(read_file(spec("a.tsv", "New York\tBoston\nBoston\tLos Angeles\n"))->names(),
              (Names{"New York", "Boston", "Los Angeles"}));
    EXPECT_EQ(read_file(spec("a.txt", "\"New York\" Boston\nBoston \"Los Angeles\"\n"))->names(),
              (Names{"New York", "Boston", "Los Angeles"}));
    EXPECT_EQ(read_file(spec("a.csv", "source,target\nNew York,\"Portland, Maine\"\n"))->names(),
              (Names{"New York", "Portland, Maine"}));
    EXPECT_EQ(read_file(spec("a.csv", "source,target\na\u00a0,b\nb,\u00a0a\n"))->names(),
              (Names{"a", "b"}));
    EXPECT_EQ(read_file(spec("a.csv", "source,target\n#one,#two\n#two,#three\n"))->names(),
              (Names{"#one", "#two", "#three"}));
}

TEST_F(FilesTables, WeightsThatAreNotUsedStopNoFile) {
    struct Case {
        const char* name;
        std::string text;
        int bad, all, line;
    };
    const std::string banner = "%%MatrixMarket matrix coordinate real general\n";
    for (const Case& each : std::vector<Case>{
             {"a.csv", "source,target,weight\na,b,\nb,c,2\nc,a,\n", 2, 3, 2},
             {"a.csv", "source,target,weight\na,b,2\nb,c,nan\nc,a,1\n", 1, 3, 3},
             {"a.csv", "source,target,weight\na,b,0\nb,c,-2\nc,a,1\n", 2, 3, 2},
             {"a.csv", "source,target,weight\na,b,NA\nb,c,1\nc,a,heavy\n", 2, 3, 2},
             {"a.txt", "a b 1\nb c -1\nc a 1\n", 1, 3, 2},
             {"a.txt", "a b friend\nb c friend\nc a friend\n", 3, 3, 1},
             {"a.mtx", banner + "3 3 3\n1 2 -1\n2 3 1\n3 1 nan\n", 2, 3, 3},
             {"a.graph", "3 3 1\n2 0 3 9\n1 0 3 7\n1 9 2 7\n", 2, 6, 2},
             {"a.net", "*Vertices 3\n*Arcs\n1 2 -3\n2 3 1\n3 1 1\n", 1, 3, 3},
             {"a.gr", "p sp 3 3\na 1 2 0\na 2 3 1\na 3 1 1\n", 1, 3, 2},
             {"a.gml",
              "graph [\nnode [ id 1 ]\nnode [ id 2 ]\nnode [ id 3 ]\nedge [ source 1 target 2 "
              "weight 0 ]\nedge [ source 2 target 3 weight 1 ]\nedge [ source 3 target 1 ]\n]\n",
              1, 3, 5},
             {"a.graphml",
              graphml("<key id=\"w\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n",
                      "<node id=\"a\"/><node id=\"b\"/><node id=\"c\"/>\n"
                      "<edge source=\"a\" target=\"b\"><data key=\"w\">NaN</data></edge>\n"
                      "<edge source=\"b\" target=\"c\"><data key=\"w\">0</data></edge>\n"
                      "<edge source=\"c\" target=\"a\"/>\n"),
              2, 3, 6},
         }) {
        const auto graph = read_file(spec(each.name, each.text));
        const NamedArcs arcs = named_arcs(*graph);
        EXPECT_GE(arcs.size(), 3U) << each.text;
        for (const auto& [ends, weight] : arcs) EXPECT_GT(weight, 0.0) << each.text;
        const std::string remark =
            std::to_string(each.bad) + " of " + std::to_string(each.all) +
            " weights are no numbers greater than 0, the first one in line " +
            std::to_string(each.line);
        EXPECT_TRUE(says(*graph, remark)) << each.text;
        Spec used = spec(each.name, each.text);
        used.edge_weights = true;
        EXPECT_THROW(read_file(used), Error) << each.text;
    }
}

TEST_F(FilesTables, EdgesInBothDirectionsCountOnce) {
    for (const char* text :
         {"0 1 5\n1 0 5\n1 2 7\n2 1 7\n", "source,target,weight\n0,1,5\n1,0,5\n1,2,7\n2,1,7\n"}) {
        const auto graph = read_file(spec("a.csv", text, false));
        EXPECT_EQ(named_arcs(*graph),
                  (NamedArcs{
                      {{"0", "1"}, 5.0}, {{"1", "0"}, 5.0}, {{"1", "2"}, 7.0}, {{"2", "1"}, 7.0}}));
        EXPECT_TRUE(says(*graph, "both directions, and counts once"));
        EXPECT_EQ(named_arcs(*read_file(spec("a.csv", text, true))).size(), 4U);
    }
    // Where one opposite is missing, or is unlike, parallel edges add up.
    EXPECT_EQ(named_arcs(*read_file(spec("a.txt", "0 1 5\n1 0 6\n", false))).at({"0", "1"}), 11.0);
    EXPECT_EQ(named_arcs(*read_file(spec("a.txt", "0 1\n1 0\n1 2\n", false))).at({"0", "1"}), 2.0);
    const auto wide =
        read_file(spec("a.csv", "source,target,capacity\n0,1,4\n1,0,4\n1,1,9\n", false));
    EXPECT_EQ(wide->link(0, 1).capacity, 4.0);
    const std::string banner = "%%MatrixMarket matrix coordinate real general\n";
    const auto matrix = read_file(
        spec("a.mtx", banner + "3 3 6\n1 2 1\n2 1 1\n2 3 2\n3 2 2\n1 3 3\n3 1 3\n", false));
    EXPECT_EQ(named_arcs(*matrix).at({"0", "2"}), 3.0);
}

TEST_F(FilesTables, UndirectedRowsOfGephiGoBothWays) {
    const std::string text = "Source,Target,Type\na,b,Directed\nb,c,Undirected\nc,c,Undirected\n";
    EXPECT_EQ(
        named_arcs(*read_file(spec("a.csv", text))),
        (NamedArcs{{{"a", "b"}, 1.0}, {{"b", "c"}, 1.0}, {{"c", "b"}, 1.0}, {{"c", "c"}, 1.0}}));
}

TEST_F(FilesTables, TwoKindsOfVerticesAreSaidAndOffered) {
    const std::string text = "1 1\n1 2\n2 2\n2 3\n1 3\n";
    const auto merged = read_file(spec("a.txt", text, false));
    EXPECT_EQ(merged->agents(), 3);
    EXPECT_TRUE(says(*merged, "the first column has the ids 1 to 2, the second one 1 to 3"));
    EXPECT_TRUE(says(*merged, "bipartite = true"));
    Spec apart = spec("a.txt", text, false);
    apart.bipartite = true;
    const auto graph = read_file(apart);
    EXPECT_EQ(graph->names(), (Names{"1:1", "1:2", "2:1", "2:2", "2:3"}));
    EXPECT_EQ(named_arcs(*graph).size(), 10U);
    EXPECT_EQ(named_arcs(*graph).at({"2:1", "1:1"}), 1.0);
    EXPECT_TRUE(says(*graph, "two kinds: 2 in the first column, 3 in the second"));
    // KONECT says it in its first line.
    EXPECT_EQ(read_file(spec("out.demo", "% bip unweighted\n% 5 2 3\n" + text))->agents(), 5);
    // Names that are not shared stay as they are.
    apart = spec("a.csv", "source,target\nann,sugar\nbob,tea\nbob,sugar\n");
    apart.bipartite = true;
    EXPECT_EQ(read_file(apart)->names(), (Names{"ann", "bob", "sugar", "tea"}));
    apart = spec("a.mtx", "%%MatrixMarket matrix coordinate pattern general\n2 3 2\n1 1\n2 3\n");
    apart.bipartite = true;
    EXPECT_EQ(named_arcs(*read_file(apart)),
              (NamedArcs{{{"1:1", "2:1"}, 1.0}, {{"1:2", "2:3"}, 1.0}}));
    EXPECT_EQ(read_file(apart)->agents(), 5);
    // A graph whose columns have the same ids says nothing.
    EXPECT_TRUE(read_file(spec("a.txt", "1 2\n2 3\n3 1\n"))->remarks().empty());
}

TEST_F(FilesTables, AdjacencyListsOfNames) {
    const auto graph = read_file(spec("a.txt", "a b c\nb c\nc\n", false));
    EXPECT_EQ(graph->agents(), 3);
    EXPECT_EQ(named_arcs(*graph).size(), 6U);
    EXPECT_TRUE(says(*graph, "adjacency list"));
    EXPECT_EQ(read_file(spec("a.adjlist", "# networkx\n0 1 2\n1 2\n2\n", false))->agents(), 3);
    Spec commas = spec("a.csv", "a,b,c\nb,c\nc\n", false);
    commas.format = FileFormat::adjacency_list;
    EXPECT_EQ(named_arcs(*read_file(commas)).size(), 6U);
}

TEST_F(FilesTables, Matrices) {
    const NamedArcs arcs = {{{"A", "B"}, 5.0}, {{"B", "C"}, 2.0}, {{"C", "A"}, 1.0}};
    for (const char* text :
         {",A,B,C\nA,0,5,0\nB,0,0,2\nC,1,0,0\n",
          "\"\";\"A\";\"B\";\"C\"\n\"A\";0;5,0;0\n\"B\";0;0;2\n\"C\";1;0;0\n",
          "A\tB\tC\nA\t0\t5\t0\nB\t0\t0\t2\nC\t1\t0\t0\n", "A B C\nA 0 5 0\nB 0 0 2\nC 1 0 0\n",
          "A,B,C\n0,5,0\n0,0,2\n1,0,0\n", "id,A,B,C\nA,,5,\nB,,,2\nC,1,,NaN\n",
          ",A,B,C,\nA,0,5,0,\nB,0,0,2,\nC,1,0,0,\n"}) {
        const auto graph = read_file(spec("a.csv", text));
        EXPECT_EQ(named_arcs(*graph), arcs) << text;
        EXPECT_TRUE(says(*graph, "read as a matrix of 3 rows"));
    }
    const NamedArcs numbered = {{{"0", "1"}, 5.0}, {{"1", "2"}, 2.0}, {{"2", "0"}, 1.0}};
    for (const char* text :
         {"0,5,0\n0,0,2\n1,0,0\n", "0 5 0\n0 0 2\n1 0 0\n", "0;5;0\n0;0;2\n1;0;0\n",
          "  0.0 5e0\t0\n 0 0 2.0\n1 0 0\n", ",0,1,2\n0,0,5,0\n1,0,0,2\n2,1,0,0\n"}) {
        EXPECT_EQ(named_arcs(*read_file(spec("a.txt", text))), numbered) << text;
    }
    // Names of rows and columns make it one, whatever its entries are.
    EXPECT_EQ(named_arcs(*read_file(spec("a.csv", ",A,B\nA,1,2\nB,3,4\n"))).size(), 4U);
    // A symmetric one is a graph whose edges have its entries as weights.
    const auto symmetric = read_file(spec("a.csv", "1,0.5,0.2\n0.5,1,0\n0.2,0,1\n", false));
    EXPECT_EQ(named_arcs(*symmetric).at({"0", "1"}), 0.5);
    EXPECT_EQ(named_arcs(*symmetric).size(), 7U);
    std::string large;
    for (int i = 0; i < 7; ++i) {
        for (int j = 0; j < 7; ++j) large += (j == 0 ? "" : ",") + std::to_string(1 + i + j);
        large += "\n";
    }
    EXPECT_EQ(named_arcs(*read_file(spec("a.csv", large))).size(), 49U);
    // Three edges with weights are no matrix.
    EXPECT_EQ(named_arcs(*read_file(spec("a.csv", "1,2,5\n2,3,7\n3,1,9\n"))), triangle);
    Spec forced = spec("a.csv", "1,2,5\n2,3,7\n3,1,9\n");
    forced.format = FileFormat::matrix;
    EXPECT_EQ(named_arcs(*read_file(forced)).size(), 9U);
}

TEST_F(FilesTables, BadMatricesAreRefusedWithTheirPlace) {
    const auto refused = [&](const std::string& text, const std::string& part) {
        Spec given = spec("a.csv", text);
        given.format = FileFormat::matrix;
        given.edge_weights = true;
        try {
            read_file(given);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const Error& error) {
            EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
        }
    };
    refused("0,1\n1,0\n1,1\n", "a.csv:3:1: the matrix has more rows than columns");
    refused("0,1\n", "a.csv:1:1: the matrix must be square: it has 1 rows and 2 columns");
    refused("0,1,1\n0,1\n", "a.csv:2:4: row 2 of the matrix has 2 entries, 3 are expected");
    refused("0,1\n0,x\n", "a.csv:2:3: entry 'x' is not a number");
    refused("0,1\n-2,0\n", "a.csv:2:1: weight '-2' must be greater than 0");
    refused(",A,B\nA,0,1\nC,1,0\n", "a.csv:3:1: row 2 is called 'C', column 2 is called 'B'");
    refused(",A,A\nA,0,1\nA,1,0\n", "the name 'A' is empty or stands there twice");
}

}  // namespace
}  // namespace motley::topology
