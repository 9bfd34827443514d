// GML, GEXF, Pajek, DIMACS, LGL, arrays of Matrix Market, and GraphML beyond the plain case: small
// files whose graphs are known.
#include <gtest/gtest.h>

#include "arcs.hpp"
#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "topology/files/files.hpp"

namespace motley::topology {
namespace {

using FilesFormats = GraphFiles;
using Names = std::vector<std::string>;

/// A file that is refused, and line, column and words of the message.
struct Refused {
    const char* name;
    std::string text;
    std::int64_t line, column;
    const char* part;
};

class RefusedFormats : public GraphFiles {
  protected:
    void check(const std::vector<Refused>& files) const {
        for (const Refused& each : files) {
            try {
                Spec given = spec(each.name, each.text);
                given.edge_weights = true;
                read_file(given);
                ADD_FAILURE() << "accepted: " << each.text;
            } catch (const Error& error) {
                EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
                EXPECT_EQ(error.where().line, each.line) << error.what() << "\n" << each.text;
                EXPECT_EQ(error.where().column, each.column) << error.what() << "\n" << each.text;
                EXPECT_NE(std::string(error.what()).find(each.part), std::string::npos)
                    << error.what();
            }
        }
    }
};

TEST_F(FilesFormats, Gml) {
    const std::string text =
        "Creator \"igraph version 0.10 \"\nVersion 1\n# comment ]\ngraph\n[\n  directed 1\n"
        "  comment \"two\nlines\"\n  node\n  [\n    id 7\n    label \"A &quot;1&quot;\"\n"
        "    graphics [ x 1.0 y -2.5E-3 Line [ point [ x 1 ] ] ]\n  ]\n"
        "  node [ id 9 label \"Z&#252;rich\" ]\n  node [ id 8 label \"C\" ]\n"
        "  edge [ source 7 target 9 weight 2.5 ]\n  edge\n  [ source 9 target 8 value 9 ]\n"
        "  edge [ source 8 target 8 weight 4 ]\n]\n";
    for (const char* name : {"a.gml", "a.txt", "a"}) {
        const auto graph = read_file(spec(name, text));
        EXPECT_EQ(graph->names(), (Names{"A \"1\"", "Z\u00fcrich", "C"}));
        EXPECT_EQ(named_arcs(*graph), (NamedArcs{{{"A \"1\"", "Z\u00fcrich"}, 2.5},
                                                 {{"Z\u00fcrich", "C"}, 1.0},
                                                 {{"C", "C"}, 4.0}}));
    }
    EXPECT_EQ(named_arcs(*read_file(spec("a.gml", text, false))).size(), 5U);
    // Newman's files have values, and labels may be missing.
    const auto plain = read_file(spec(
        "a.gml", "graph [ node [ id 1 ] node [ id 0 ] edge [ source 1 target 0 value 3 ] ]\n"));
    EXPECT_EQ(named_arcs(*plain), (NamedArcs{{{"1", "0"}, 3.0}}));
    const auto fabric = read_file(
        spec("a.gml",
             "graph [ node [ id 0 switch 1 ] node [ id 1 kind \"host\" capacity 2 ] node [ id 2 ]\n"
             "edge [ source 0 target 1 capacity 4 ] edge [ source 0 target 2 capacity 8 ] ]\n",
             false));
    EXPECT_EQ(fabric->hosts(), 2);
    EXPECT_EQ(fabric->link(1, 2).capacity, 8.0);
    EXPECT_EQ(fabric->vertex_capacity(0), 2.0);
}

TEST_F(RefusedFormats, Gml) {
    check({
        {"a.gml", "graph [\n node [ id 1 ]\n", 1, 1, "the list is not closed"},
        {"a.gml", "graph [\n node [ id 1\n", 2, 2, "the list is not closed"},
        {"a.gml", "graph [ node [ id 1 ] ] ]\n", 1, 25, "a bracket closes, but none is open"},
        {"a.gml", "graph [ node [ label \"a ] ]\n", 1, 22, "quote that opens here does not close"},
        {"a.gml", "graph [ node [ label \"a\" ] ]\n", 1, 9, "node without an id"},
        {"a.gml", "graph [ node [ id 1 ] node [ id 1 ] ]\n", 1, 23, "'1' stands there twice"},
        {"a.gml", "graph [ node [ id 1 ]\nedge [ source 1 ] ]\n", 2, 1, "edge without a target"},
        {"a.gml", "graph [ node [ id 1 ]\nedge [ source 1 target 2 ] ]\n", 2, 1,
         "does not have: '2'"},
        {"a.gml", "graph [ node [ id 1 ]\nedge [ source 1 target 1 weight -1 ] ]\n", 2, 1,
         "greater than 0"},
        {"a.gml", "graph [ node [ id 1 ]\nedge [ source 1 target 1 weight x ] ]\n", 2, 1,
         "'x' is not a number"},
        {"a.gml", "graph [ 5 node ]\n", 1, 9, "a key is expected before '5'"},
        {"a.gml", "graph [ directed ]\n", 1, 9, "the key 'directed' has no value"},
        {"a.gml", "graph [ node { id 1 } ]\n", 1, 14, "neither a key nor a value: '{'"},
        {"a.gml", "graph [ node [ id 1 ] ]\ngraph [ node [ id 1 ] ]\n", 2, 1, "several graphs"},
        {"a.gml", "Version 1\n", 0, 0, "no list `graph [ ... ]`"},
        {"a.gml", "graph [ ]\n", 0, 0, "no nodes"},
        {"a.gml", "graph [ a " + std::string(600, '[') + "\n", 1, 511, "nested more than 500 deep"},
    });
}

std::string gexf(const std::string& graph) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\">\n" +
           graph + "</gexf>\n";
}

TEST_F(FilesFormats, Gexf) {
    const std::string text = gexf(
        "<meta><creator>x</creator></meta><graph defaultedgetype=\"directed\" mode=\"dynamic\">\n"
        "<attributes class=\"edge\"><attribute id=\"k\" title=\"Survival\" type=\"double\">"
        "<default>0.5</default></attribute></attributes>\n"
        "<attributes class=\"node\"><attribute id=\"s\" title=\"switch\" type=\"boolean\"/>"
        "</attributes>\n"
        "<nodes><node id=\"0\" label=\"A\"><viz:node/><nodes><node id=\"1\" "
        "label=\"B\"/></nodes></node>"
        "<node id=\"2\" label=\"C\"><attvalues><attvalue for=\"s\" "
        "value=\"true\"/></attvalues></node>"
        "</nodes>\n<edges><edge id=\"0\" source=\"0\" target=\"1\" weight=\"2\"/>"
        "<edge source=\"1\" target=\"2\" type=\"undirected\"><attvalues>"
        "<attvalue for=\"k\" value=\"0.25\"/></attvalues></edge></edges></graph>\n");
    for (const char* name : {"a.gexf", "a.xml", "a"}) {
        const auto graph = read_file(spec(name, text));
        EXPECT_EQ(named_arcs(*graph),
                  (NamedArcs{{{"A", "B"}, 2.0}, {{"B", "C"}, 1.0}, {{"C", "B"}, 1.0}}));
        EXPECT_EQ(graph->hosts(), 2);
        EXPECT_TRUE(says(*graph, "times are ignored"));
        graph->arcs(0, 1, [](std::span<const Arc> arcs) {
            for (const Arc& arc : arcs) EXPECT_EQ(arc.survival, arc.source == 0 ? 0.5 : 0.25);
        });
    }
    EXPECT_EQ(named_arcs(*read_file(spec("a.gexf", text, false))).size(), 4U);
}

TEST_F(RefusedFormats, Gexf) {
    const std::string nodes = "<graph><nodes><node id=\"a\"/><node id=\"b\"/></nodes>\n<edges>\n";
    const std::string end = "</edges></graph>\n";
    check({
        {"a.gexf", "<graphs/>\n", 1, 1, "'graphs', not 'gexf'"},
        {"a.gexf", "<gexf/>\n", 1, 1, "no graph element"},
        {"a.gexf", gexf("<graph><nodes/></graph>"), 0, 0, "no nodes"},
        {"a.gexf", gexf("<graph><nodes><node/></nodes></graph>"), 3, 15,
         "node without the attribute 'id'"},
        {"a.gexf", gexf(nodes + "<edge source=\"a\"/>" + end), 5, 1, "attribute 'target'"},
        {"a.gexf", gexf(nodes + "<edge source=\"a\" target=\"z\"/>" + end), 5, 1,
         "does not have: 'z'"},
        {"a.gexf", gexf(nodes + "<edge source=\"a\" target=\"b\" weight=\"0\"/>" + end), 5, 1,
         "greater than 0"},
        {"a.gexf", gexf(nodes), 5, 1, "the end of <gexf> does not match <edges>"},
    });
}

TEST_F(FilesFormats, Pajek) {
    const std::string text =
        "/* made by hand */\n*Network two words\n*Vertices 4\n% comment\n 1 \"A b\" 0.1 0.2 "
        "ellipse\n"
        "2 B\n3 \"C\"\n4 \"D\"\n*Arcs :1 \"likes\"\n1 2 3\n2 3 1 w 2 c Blue\n*Edges\n3 1 2 l "
        "\"x\"\n3 3\n"
        "*Arcslist\n4 1 2\n*Edgeslist\n4 3\n*Partition x\n*Vertices 4\n1\n1\n2\n2\n";
    const NamedArcs arcs = {{{"A b", "B"}, 3.0}, {{"B", "C"}, 1.0}, {{"C", "A b"}, 2.0},
                            {{"A b", "C"}, 2.0}, {{"C", "C"}, 1.0}, {{"D", "A b"}, 1.0},
                            {{"D", "B"}, 1.0},   {{"D", "C"}, 1.0}, {{"C", "D"}, 1.0}};
    for (const char* name : {"a.net", "a.paj", "a.txt", "a"}) {
        EXPECT_EQ(named_arcs(*read_file(spec(name, text))), arcs) << name;
    }
    const auto undirected = read_file(spec("a.net", text, false));
    EXPECT_EQ(named_arcs(*undirected).at({"A b", "C"}), 2.0);
    EXPECT_TRUE(says(*undirected, "4 arcs and 3 edges"));
    EXPECT_EQ(read_file(spec("a.net", "*vertices 3\n*edges\n1 2\n"))->names(),
              (Names{"1", "2", "3"}));
    const auto twice = read_file(spec("a.net", "*vertices 2\n1 \"x\"\n2 \"x\"\n*edges\n1 2\n"));
    EXPECT_EQ(twice->names(), (Names{"1", "2"}));
    EXPECT_TRUE(says(*twice, "labels are not used"));
    const auto matrix = read_file(spec("a.net", "*Vertices 3\n*Matrix\n0 5 0\n0 0 2\n1 0 0\n"));
    EXPECT_EQ(named_arcs(*matrix),
              (NamedArcs{{{"1", "2"}, 5.0}, {{"2", "3"}, 2.0}, {{"3", "1"}, 1.0}}));
    const auto kinds = read_file(spec("a.net", "*Vertices 3 1\n*Matrix\n4 0\n"));
    EXPECT_EQ(named_arcs(*kinds), (NamedArcs{{{"1", "2"}, 4.0}}));
    EXPECT_TRUE(says(*read_file(spec("a.net", "*Vertices 2\n*Arcs :1\n1 2\n*Arcs :2\n1 2\n")),
                     "2 relations are read as one"));
}

TEST_F(RefusedFormats, Pajek) {
    check({
        {"a.net", "1 2\n", 1, 1, "a section such as *Vertices 3 must come first"},
        {"a.net", "*Arcs\n1 2\n", 1, 1, "*Vertices must come before '*Arcs'"},
        {"a.net", "*Vertices\n", 1, 10, "number of vertices is missing"},
        {"a.net", "*Vertices 0\n", 1, 11, "between 1 and"},
        {"a.net", "*Vertices 2000000000\n", 1, 11, "truncated?"},
        {"a.net", "*Vertices 2 3\n", 1, 13, "a part of all"},
        {"a.net", "*Vertices 2\n3 \"x\"\n", 2, 1, "'3' is out of range 1 to 2"},
        {"a.net", "*Vertices 2\n1 \"x\n", 2, 3, "does not close on its line"},
        {"a.net", "*Vertices 2\n*Arcs\n1\n", 3, 2, "too few fields"},
        {"a.net", "*Vertices 2\n*Arcs\n1 0\n", 3, 3, "'0' is out of range"},
        {"a.net", "*Vertices 2\n*Arcs\n1 2 -1\n", 3, 5, "weight '-1' must be greater than 0"},
        {"a.net", "*Vertices 2\n*Arcslist\n1 2 3\n", 3, 5, "'3' is out of range"},
        {"a.net", "*Vertices 2\n*Matrix\n0 1\n", 3, 1, "*Matrix has 1 rows, 2 are expected"},
        {"a.net", "*Vertices 2\n*Matrix\n0 1 1\n", 3, 5, "row 1 has 3 values, 2 are expected"},
        {"a.net", "*Vertices 2\n*Matrix\n0\n", 3, 2, "row 1 has 1 values"},
        {"a.net", "*Vertices 1\n*Matrix\n0\n0\n", 4, 1, "more than 1 rows"},
        {"a.net", "*Vertices 1\n*Vertices 1\n", 2, 1, "several networks"},
        {"a.net", "% only\n", 0, 0, "no section *Vertices"},
    });
}

TEST_F(FilesFormats, Dimacs) {
    const NamedArcs triangle = {{{"1", "2"}, 1.0}, {{"2", "3"}, 1.0}, {{"1", "3"}, 1.0}};
    for (const char* text :
         {"c demo\np edge 3 3\ne 1 2\ne 2 3\ne 1 3\n", "p col 3 3\nn 1 5\ne 1 2\ne 2 3\ne 1 3\n",
          "c x\n\np tw 3 3\n1 2\n2 3\nc y\n1 3\n"}) {
        for (const char* name : {"a.col", "a.gr", "a.txt", "a"}) {
            EXPECT_EQ(named_arcs(*read_file(spec(name, text))), triangle) << name << text;
        }
    }
    const std::string roads = "c demo\np sp 4 3\na 1 2 5\na 2 3 7\na 3 1 9\n";
    const auto graph = read_file(spec("a.gr", roads));
    EXPECT_EQ(graph->agents(), 4);
    EXPECT_EQ(named_arcs(*graph),
              (NamedArcs{{{"1", "2"}, 5.0}, {{"2", "3"}, 7.0}, {{"3", "1"}, 9.0}}));
    const auto flow = read_file(spec("a.dimacs", "p max 3 2\nn 1 s\nn 3 t\na 1 2 10\na 2 3 4\n"));
    EXPECT_EQ(flow->link(0, 1).capacity, 10.0);
    EXPECT_EQ(named_arcs(*flow).at({"2", "3"}), 1.0);
    // Roads list both directions; colourings often count wrong.
    const std::string both = "p sp 2 2\na 1 2 5\na 2 1 5\n";
    EXPECT_EQ(named_arcs(*read_file(spec("a.gr", both, false))).at({"1", "2"}), 5.0);
    EXPECT_TRUE(says(*read_file(spec("a.col", "p edge 2 2\ne 1 2\n")),
                     "counts each edge at both of its ends"));
}

TEST_F(RefusedFormats, Dimacs) {
    check({
        {"a.col", "c only\n", 0, 0, "`p FORMAT vertices edges` is missing"},
        {"a.col", "e 1 2\n", 1, 1, "must come before all others"},
        {"a.col", "p edge 3\n", 1, 9, "too few fields"},
        {"a.col", "p edge x 3\n", 1, 8, "number of vertices 'x' is not a number"},
        {"a.col", "p edge 0 0\n", 1, 8, "between 1 and"},
        {"a.col", "p edge 2 -1\n", 1, 10, "negative"},
        {"a.col", "p edge 2 1\np edge 2 1\n", 2, 1, "a second line p"},
        {"a.col", "p edge 2 1\ne 1\n", 2, 4, "too few fields"},
        {"a.col", "p edge 2 1\ne 1 3\n", 2, 5, "'3' is out of range 1 to 2"},
        {"a.col", "p edge 2 1\nq 1 2\n", 2, 1, "not with 'q'"},
        {"a.gr", "p sp 2 2\na 1 2 3\n", 1, 1, "promises 2 arcs, the file has 1"},
        {"a.gr", "p sp 2 1\na 1 2 -3\n", 2, 7, "weight '-3' must be greater than 0"},
        {"a.gr", "p max 2 1\na 1 2\n", 2, 6, "the capacity is missing"},
        {"a.gr", "p max 2 1\na 1 2 0\n", 2, 7, "capacity '0' must be greater than 0"},
        {"a.gr", "p min 2 1\na 1 2 0 4 1\n", 1, 3, "'min' are no graphs"},
    });
}

TEST_F(FilesFormats, Lgl) {
    const auto graph = read_file(spec("a.lgl", "# a\nb 2\nc\n# c\na 3\n#d\n"));
    EXPECT_EQ(graph->names(), (Names{"a", "b", "c", "d"}));
    EXPECT_EQ(named_arcs(*graph),
              (NamedArcs{{{"a", "b"}, 2.0}, {{"a", "c"}, 1.0}, {{"c", "a"}, 3.0}}));
    EXPECT_EQ(named_arcs(*read_file(spec("a.ncol", "a b 2\na c\nc a 3\n"))), named_arcs(*graph));
}

TEST_F(RefusedFormats, Lgl) {
    check({
        {"a.lgl", "a 1\n", 1, 1, "a line `# vertex` must come before"},
        {"a.lgl", "# a\nb 1 2\n", 2, 5, "too many fields"},
        {"a.lgl", "# a\nb 0\n", 2, 3, "greater than 0"},
        {"a.lgl", "#\n", 1, 2, "a vertex has no name"},
        {"a.lgl", "\n \n", 0, 0, "only blank lines"},
    });
}

TEST_F(FilesFormats, ArraysOfMatrixMarket) {
    const std::string banner = "%%MatrixMarket matrix array ";
    const auto general =
        read_file(spec("a.mtx", banner + "real general\n% c\n3 3\n0\n0\n1\n5\n0\n0\n0\n2\n0\n"));
    EXPECT_EQ(named_arcs(*general),
              (NamedArcs{{{"0", "1"}, 5.0}, {{"1", "2"}, 2.0}, {{"2", "0"}, 1.0}}));
    const auto symmetric =
        read_file(spec("a.mtx", banner + "integer symmetric\n3 3\n9\n4\n0\n0\n6\n0\n"));
    EXPECT_EQ(named_arcs(*symmetric), (NamedArcs{{{"0", "0"}, 9.0},
                                                 {{"0", "1"}, 4.0},
                                                 {{"1", "0"}, 4.0},
                                                 {{"1", "2"}, 6.0},
                                                 {{"2", "1"}, 6.0}}));
    const auto zeros = read_file(spec(
        "a.mtx",
        "%%MatrixMarket matrix coordinate real symmetric\n3 3 4\n1 1 0\n2 1 1\n3 2 2\n3 1 0.0\n"));
    EXPECT_EQ(named_arcs(*zeros).size(), 4U);
    EXPECT_TRUE(says(*zeros, "2 entries are 0, and no arcs"));
}

const std::string three = "<node id=\"a\"/><node id=\"b\"/><node id=\"c\"/>";

TEST_F(FilesFormats, GraphmlEdgesWithDirections) {
    const std::string mixed = three +
                              "<edge source=\"a\" target=\"b\" directed=\"true\"/>"
                              "<edge source=\"b\" target=\"c\"/>"
                              "<edge source=\"c\" target=\"c\" directed=\"false\"/>";
    const auto directed = read_file(spec("a.graphml", graphml("", mixed)));
    EXPECT_EQ(
        named_arcs(*directed),
        (NamedArcs{{{"a", "b"}, 1.0}, {{"b", "c"}, 1.0}, {{"c", "b"}, 1.0}, {{"c", "c"}, 1.0}}));
    const auto undirected = read_file(spec("a.graphml", graphml("", mixed), false));
    EXPECT_EQ(named_arcs(*undirected).size(), 5U);
    EXPECT_TRUE(says(*undirected, "1 of 3 edges are marked as directed"));
    // What an editor says of all edges is no mark of one.
    const std::string plain = three + "<edge source=\"a\" target=\"b\"/>";
    EXPECT_EQ(named_arcs(*read_file(spec("a.graphml", graphml("", plain)))).size(), 1U);
    const std::string both = three + "<edge source=\"a\" target=\"b\" directed=\"false\"/>";
    EXPECT_EQ(named_arcs(*read_file(spec("a.graphml", graphml("", both)))).size(), 2U);
}

TEST_F(FilesFormats, GraphmlEdgesBeforeNodesPrefixesAndEmptyIds) {
    const auto early =
        read_file(spec("a.graphml", graphml("", "<edge source=\"a\" target=\"b\"/>" + three)));
    EXPECT_EQ(named_arcs(*early), (NamedArcs{{{"a", "b"}, 1.0}}));
    const std::string prefixed =
        "<g:graphml xmlns:g=\"http://graphml.graphdrawing.org/xmlns\" xmlns:y=\"urn:y\">"
        "<g:key id=\"w\" for=\"edge\" attr.name=\"weight\" "
        "attr.type=\"INT\"><g:default>4</g:default></g:key>"
        "<g:graph edgedefault=\"directed\"><g:node id=\"a\"/><g:node id=\"b\"/><y:node id=\"c\"/>"
        "<g:edge source=\"a\" target=\"b\"><g:data key=\"w\">7</g:data></g:edge>"
        "<g:edge source=\"b\" target=\"a\"/></g:graph></g:graphml>\n";
    for (const char* name : {"a.graphml", "a.xml", "a"}) {
        EXPECT_EQ(named_arcs(*read_file(spec(name, prefixed))),
                  (NamedArcs{{{"a", "b"}, 7.0}, {{"b", "a"}, 4.0}}));
    }
    const auto empty = read_file(
        spec("a.graphml",
             graphml("", "<node id=\"\"/><node id=\"b\"/><edge source=\"\" target=\"b\"/>")));
    EXPECT_EQ(named_arcs(*empty), (NamedArcs{{{"", "b"}, 1.0}}));
}

TEST_F(FilesFormats, EncodingsThatXmlDeclares) {
    const auto names = [&](const std::string& encoding, const std::string& letter) {
        return read_file(spec("a.graphml", "<?xml version=\"1.0\" encoding='" + encoding +
                                               "'?>\n<graphml><graph><node id=\"K" + letter +
                                               "ln\"/></graph></graphml>"))
            ->names();
    };
    EXPECT_EQ(names("ISO-8859-1", "\xf6"), (Names{"K\u00f6ln"}));
    EXPECT_EQ(names("windows-1252", "\x80"), (Names{"K\u20acln"}));
    EXPECT_EQ(names("utf-8", "\u00f6"), (Names{"K\u00f6ln"}));
    EXPECT_THROW(names("utf-8", "\xf6"), Error);
    EXPECT_THROW(names("klingon", "o"), Error);
    std::string wide = "\xff\xfe";
    for (const char c : std::string("<?xml version=\"1.0\" encoding=\"UTF-16\"?><graphml><graph>"
                                    "<node id=\"a\"/></graph></graphml>")) {
        wide += c;
        wide += '\0';
    }
    EXPECT_EQ(read_file(spec("a.graphml", wide))->names(), (Names{"a"}));
    std::string table = "\xff\xfe";
    for (const char c : std::string("source\ttarget\r\na\tb\r\n")) {
        table += c;
        table += '\0';
    }
    EXPECT_EQ(read_file(spec("a.csv", table))->names(), (Names{"a", "b"}));
}

}  // namespace
}  // namespace motley::topology
