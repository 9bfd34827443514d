// What is wrong with a graph file must come out as an input error with its place and a clear word.
#include <gtest/gtest.h>

#include <chrono>

#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "motley/topology/graph_statistics.hpp"
#include "topology/files/files.hpp"

namespace motley::topology {
namespace {

using FilesErrors = GraphFiles;

struct BadFile {
    std::string name;
    std::string content;
    std::int64_t line;
    std::int64_t column;
    std::string word;
    bool directed = true;
};

const std::string big = "99999999999999999999";
const std::string banner = "%%MatrixMarket matrix coordinate ";
const std::string nodes = "<node id=\"a\"/>\n<node id=\"b\"/>\n";
const std::string weight_key =
    "<key id=\"w\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n";
const std::string survival_key =
    "<key id=\"w\" for=\"edge\" attr.name=\"survival\" attr.type=\"double\"/>\n";

std::string valued_edge(const std::string& value) {
    return nodes +
           "<edge source=\"a\" target=\"b\"/>\n <edge source=\"b\" target=\"a\"><data key=\"w\">" +
           value + "</data></edge>\n";
}

std::vector<BadFile> bad_edge_lists() {
    return {
        {"a.txt", "", 0, 0, "empty"},
        {"a.txt", "# only\n% comments\n\n", 0, 0, "only comments"},
        {"a.txt", "0 1\n2\n", 2, 2, "too few fields"},
        {"a.txt", "0 1\n2,3\n", 2, 4, "too few fields: an edge needs source and target"},
        {"a.txt", "0 1 1 1 1 1\n", 1, 11, "too many fields"},
        {"a.txt", "0 1\n0 2 x\n", 2, 5, "weight 'x' is not a number"},
        {"a.txt", "0 1 1.5.2\n", 1, 5, "not a number"},
        {"a.txt", "0 1 nan\n", 1, 5, "not finite"},
        {"a.txt", "0 1\t-inf\n", 1, 5, "not finite"},
        {"a.txt", "0 1 1e400\n", 1, 5, "out of range"},
        {"a.txt", "0 1 0\n", 1, 5, "weight '0' must be greater than 0"},
        {"a.txt", "#\n0 1 -2.5\n", 2, 5, "weight '-2.5' must be greater than 0"},
        {"a.txt", "0 1 1 0\n", 1, 7, "survival '0' must lie in (0, 1]"},
        {"a.txt", "0 1 1 1.0001\n", 1, 7, "survival '1.0001' must lie in (0, 1]"},
        {"a.txt", "0 1 1 -0.5\n", 1, 7, "must lie in (0, 1]"},
        {"a.txt", "0 1 1 often\n", 1, 7, "survival 'often' is not a number"},
        {"a.txt", std::string("0 1\n\x7f\x45LF\x02\x01 3\n"), 2, 5, "not a text file"},
        {"a.txt", std::string("0 1\n2 \0 3\n", 10), 2, 3, "not a text file"},
        {"a.txt", "\x1f\x8b\x08\x08", 0, 0, "the gzip data are damaged or cut off"},
        {"a.txt", "0 1 1 1082040961\n0 2 1 2\n", 1, 7, "must lie in (0, 1]"},
        {"a.txt", "# c\nP1 P2 Score\n0 1 3\n1 2 4\n", 2, 1,
         "header row? It names no column source"},
        {"a.txt", "P1 P2 Score\na b 0.5\nb c 0.7\n", 1, 1, "header row? It names no column source"},
        {"a.txt", "0 1 1e308\n0 1 1e308\n", 0, 0, "add up to infinity"},
    };
}

std::vector<BadFile> bad_tables() {
    return {
        {"a.csv", "", 0, 0, "empty"},
        {"a.csv", "\n  \n", 0, 0, "blank"},
        {"a.csv", "source,target\n\n", 0, 0, "only a header"},
        {"a.csv", "p1,p2\nb,c\nc,d\n", 1, 1, "a header row, or an edge?"},
        {"a.csv", "from,src,to\nb,c,d\n", 1, 6, "the header has 'from' and 'src'"},
        {"a.csv", "target,weight\na,1\n", 1, 1, "no column 'source', only 'target', 'weight'"},
        {"a.csv", "source,weight\na,1\n", 1, 1, "no column 'target'"},
        {"a.csv", "source,target,Source\na,b,c\n", 1, 15, "twice"},
        {"a.csv", "source,target,weight,x,WEIGHT\n", 1, 24, "twice"},
        {"a.csv", "source,target\na\n", 2, 2, "too few fields"},
        {"a.csv", "source,target\na,b,c\n", 2, 5, "too many fields"},
        {"a.csv", "source,target\na,  \n", 2, 5, "no name"},
        {"a.csv", "source,target\n\"\",b\n", 2, 1, "no name"},
        {"a.csv", "source,target\na,\"b\nc,d\n", 2, 3, "does not close"},
        {"a.csv", "source,target\n\"a\" b,c\n", 2, 5, "after the closing quote"},
        {"a.csv", "source,target,weight\na,b,\n", 2, 5, "weight is missing"},
        {"a.csv", "source,target,weight\na,b, 1 2\n", 2, 6, "weight '1 2' is not a number"},
        {"a.csv", "source,target,weight\na,b,0.0\n", 2, 5, "greater than 0"},
        {"a.csv", "source,target,survival\na,b,2\n", 2, 5, "(0, 1]"},
    };
}

std::vector<BadFile> bad_graphml() {
    return {
        {"a.graphml", "", 0, 0, "empty"},
        {"a.graphml", "plain text\n", 1, 1, "not well-formed XML: text outside of the root"},
        {"a.graphml", "<graphml>\n<graph>\n<node id=\"a\"/>\n", 2, 1,
         "<graph> is not closed; is the file complete?"},
        {"a.graphml", "<graphml>\n<graph></node></graphml>\n", 2, 8,
         "the end of <node> does not match <graph>"},
        {"a.graphml", "<graphml/>\n</graph>\n", 2, 1, "does not match any element"},
        {"a.graphml", "<graphml>\n<graph edgedefault=\"di", 1, 1, "<graphml> is not closed"},
        {"a.graphml", "<graphml>\n<graph a=b/></graphml>\n", 2, 10,
         "error parsing element attribute"},
        {"a.graphml", "<?xml version=\"1.0\"?>\n <svg/>\n", 2, 2, "'svg', not 'graphml'"},
        {"a.graphml", "<!-- nothing -->\n", 0, 0, "no XML element"},
        {"a.graphml", "<graphml/>\n\n text", 3, 2, "text outside of the root element"},
        {"a.graphml", "<graphml>\n<!-- </graph> --><graph><node id=\"a\"/></graph>\n", 1, 1,
         "<graphml> is not closed"},
        {"a.graphml", "<graphml><graph>\n<node id=\"a\"></graph></graphml>\n", 2, 14,
         "the end of <graph> does not match <node>"},
        {"a.graphml", "<graphml></graphml>", 1, 1, "no graph element"},
        {"a.graphml", "<graphml><graph/><graph/></graphml>", 1, 18, "2 graphs"},
        {"a.graphml", graphml("", ""), 0, 0, "no nodes"},
        {"a.graphml", graphml("", "<node/>\n"), 4, 1, "node without the attribute 'id'"},
        {"a.graphml", graphml("", nodes + "<node id=\"a\"/>\n"), 6, 1, "'a' stands there twice"},
        {"a.graphml", graphml("", nodes + "<edge target=\"b\"/>\n"), 6, 1, "attribute 'source'"},
        {"a.graphml", graphml("", nodes + " <edge source=\"b\"/>\n"), 6, 2, "attribute 'target'"},
        {"a.graphml", graphml("", nodes + "<edge source=\"a\" target=\"z\"/>\n"), 6, 1,
         "a node that the file does not have"},
        {"a.graphml", graphml("", nodes + "<hyperedge/>\n"), 6, 1, "hyperedges"},
        {"a.graphml", graphml(weight_key, valued_edge("heavy")), 8, 2,
         "weight 'heavy' is not a number"},
        {"a.graphml", graphml(weight_key, valued_edge("")), 8, 2, "weight is missing"},
        {"a.graphml", graphml(weight_key, valued_edge("-1")), 8, 2, "greater than 0"},
        {"a.graphml", graphml(weight_key, valued_edge("inf")), 8, 2, "not finite"},
        {"a.graphml", graphml(survival_key, valued_edge("1.5")), 8, 2, "(0, 1]"},
        {"a.graphml",
         "<graphml>\n" + std::string(3000, 'x') +
             [] {
                 std::string deep;
                 for (int i = 0; i < 100000; ++i) deep += "<a>";
                 return deep;
             }(),
         2, 3000 + 3 * 499 + 1, "nested more than 500 deep"},
    };
}

std::vector<BadFile> bad_metis() {
    return {
        {"a.graph", "% only\n%comments\n", 0, 0, "only comments"},
        {"a.graph", "3\n", 1, 1, "header must be"},
        {"a.graph", "3 2 1 1 1\n", 1, 1, "header must be"},
        {"a.graph", "x 2\n", 1, 1, "number of vertices 'x' is not a number"},
        {"a.graph", "3 2.5\n", 1, 3, "not a whole number"},
        {"a.graph", "0 0\n", 1, 1, "between 1 and"},
        {"a.graph", "2 -1\n\n\n", 1, 3, "negative"},
        {"a.graph", "2000000000 1\n2\n1\n", 1, 1, "truncated?"},
        {"a.graph", "2 1 012\n2\n1\n", 1, 5, "fmt '012'"},
        {"a.graph", "2 1 10 0\n1 2\n1 1\n", 1, 8, "does not fit fmt"},
        {"a.graph", "3 2\n2\n1\n", 1, 1, "has lines for 2"},
        {"a.graph", "2 1\n2\n1\n\n2\n", 5, 1, "more lines"},
        {"a.graph", "2 2\n2\n1\n", 1, 1, "promises 2 edges, the file has 1"},
        {"a.graph", "2 1\n2 3\n1\n", 2, 3, "'3' is out of range"},
        {"a.graph", "2 1\n2\n0\n", 3, 1, "'0' is out of range"},
        {"a.graph", "2 1\n2 1\n1\n", 2, 3, "no loops"},
        {"a.graph", "% c\n3 2\n2\n1 3\n\n", 4, 3, "missing in the other vertex's line"},
        {"a.graph", "3 2\n\n3\n2 1\n", 4, 3, "missing in the other vertex's line"},
        {"a.graph", "2 1 1\n2 5\n1 6\n", 2, 1, "another weight"},
        {"a.graph", "2 1 1\n2 5\n1\n", 3, 2, "no weight"},
        {"a.graph", "2 1 1\n2 0\n1 0\n", 2, 3, "greater than 0"},
        {"a.graph", "2 1 10\n7 2\n\n", 3, 1, "sizes and weights"},
        {"a.graph", "2 1\n2 b\n1\n", 2, 3, "neighbour 'b' is not a number"},
    };
}

std::vector<BadFile> bad_matrices() {
    return {
        {"a.mtx", "3 3 1\n1 2 1\n", 1, 1, "%%MatrixMarket"},
        {"a.mtx", "%%MatrixMarket matrix coordinate real\n", 1, 38, "first line must be"},
        {"a.mtx", "%%MatrixMarket vector coordinate real general\n", 1, 16, "not a matrix"},
        {"a.mtx", "%%MatrixMarket matrix list real general\n", 1, 23, "neither coordinate nor"},
        {"a.mtx", "%%MatrixMarket matrix array pattern general\n", 1, 29, "all entries"},
        {"a.mtx", "%%MatrixMarket matrix array real general\n2 2\n1\n0\n1\n", 2, 1,
         "promises 4 entries, the file has 3"},
        {"a.mtx", "%%MatrixMarket matrix array real general\n1 1\n1 2\n", 3, 3, "too many fields"},
        {"a.mtx", banner + "pattern general\n2000000000 2000000000 1\n1 2\n", 2, 1,
         "is the size line right?"},
        {"a.mtx", banner + "complex general\n", 1, 34, "cannot be weights"},
        {"a.mtx", banner + "real skew-symmetric\n", 1, 39, "general and symmetric"},
        {"a.mtx", banner + "real hermitian\n", 1, 39, "general and symmetric"},
        {"a.mtx", banner + "real general\n% c\n", 0, 0, "size line"},
        {"a.mtx", banner + "real general\n3 3\n", 2, 4, "size line must be"},
        {"a.mtx", banner + "real general\n3 4 1\n1 1 1\n", 2, 3, "square"},
        {"a.mtx", banner + "real general\n0 0 0\n", 2, 1, "between 1 and"},
        {"a.mtx", banner + "real general\n3 3 -1\n", 2, 5, "negative"},
        {"a.mtx", banner + "real general\n3 3 2\n1 2 1\n", 2, 1, "promises 2 entries"},
        {"a.mtx", banner + "real general\n3 3 1\n1 2 1\n1 3 1\n", 4, 1, "more entries"},
        {"a.mtx", banner + "real general\n3 3 1\n0 2 1\n", 3, 1, "'0' is out of range 1 to 3"},
        {"a.mtx", banner + "real general\n3 3 1\n1 4 1\n", 3, 3, "'4' is out of range"},
        {"a.mtx", banner + "real general\n3 3 1\n1.5 2 1\n", 3, 1, "not a whole number"},
        {"a.mtx", banner + "real general\n3 3 1\n1 2\n", 3, 4, "too few fields"},
        {"a.mtx", banner + "pattern general\n3 3 1\n1 2 5\n", 3, 5, "too many fields"},
        {"a.mtx", banner + "real general\n3 3 1\n1 2 nan\n", 3, 5, "not finite"},
        {"a.mtx", banner + "integer general\n3 3 1\n1 2 -4\n", 3, 5, "greater than 0"},
        {"a.mtx", banner + "real symmetric\n3 3 1\n1 2 1\n", 3, 1, "lower triangle"},
    };
}

class BadFiles : public GraphFiles {
  protected:
    void check(const std::vector<BadFile>& table) const {
        for (const BadFile& bad : table) {
            SCOPED_TRACE(bad.name + ": " + bad.content.substr(0, 300));
            try {
                Spec given = spec(bad.name, bad.content, bad.directed);
                given.edge_weights = true;
                read_file(given);
                ADD_FAILURE() << "no error; expected one with '" << bad.word << "'";
            } catch (const Error& error) {
                EXPECT_EQ(error.kind(), ErrorKind::input);
                EXPECT_EQ(error.where().file, path(bad.name));
                EXPECT_EQ(error.where().line, bad.line) << error.what();
                EXPECT_EQ(error.where().column, bad.column) << error.what();
                EXPECT_NE(std::string(error.what()).find(bad.word), std::string::npos)
                    << error.what();
            }
        }
    }
};

TEST_F(BadFiles, EdgeLists) {
    check(bad_edge_lists());
}

TEST_F(BadFiles, Tables) {
    check(bad_tables());
}

TEST_F(BadFiles, Graphml) {
    check(bad_graphml());
}

TEST_F(BadFiles, Metis) {
    check(bad_metis());
}

TEST_F(BadFiles, MatrixMarket) {
    check(bad_matrices());
}

/// Kind and message of the error that `action` must throw.
template <class Action>
void expect_error(Action action, ErrorKind kind, const std::string& word) {
    try {
        action();
        ADD_FAILURE() << "no error; expected one with '" << word << "'";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind) << error.what();
        EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
}

TEST_F(FilesErrors, FilesThatAreNotThere) {
    for (const char* name : {"no.txt", "no.csv", "no.graphml", "no.metis", "no.mtx"}) {
        Spec s;
        s.file = path(name);
        expect_error([&] { read_file(s); }, ErrorKind::input,
                     std::string(name) + ": cannot be opened: No such file");
        std::filesystem::create_directories(s.file);
        expect_error([&] { read_file(s); }, ErrorKind::input, std::string(name) + ": is a folder");
    }
}

TEST_F(FilesErrors, ColumnsThatDoNotFit) {
    Spec graph = spec("a.graph", "2 1\n2\n1\n");
    graph.columns = std::vector<std::string>{"source", "target"};
    expect_error([&] { read_file(graph); }, ErrorKind::usage, "edge lists and CSV files");
    Spec list = spec("a.txt", "0 1\n");
    list.columns = std::vector<std::string>{"source", "time"};
    expect_error([&] { read_file(list); }, ErrorKind::usage, "topology.columns has no 'target'");
    Spec table = spec("a.csv", "a,b\n0,1\n");
    table.columns = std::vector<std::string>{"source", "target", "weight"};
    expect_error([&] { read_file(table); }, ErrorKind::input, "2 columns, fewer than");
}

TEST_F(FilesErrors, TextThatIsNoGraph) {
    const auto refused = [&](const std::string& content, const char* word) {
        const std::string name = "a-long-name-that-must-not-be-cut-although-it-is-long.data";
        const Spec s = spec(name, content);
        expect_error([&] { read_file(s); }, ErrorKind::input, name + ": " + word);
    };
    refused("digraph {\n  a -> b;\n}\n", "Graphviz (dot) files are not read; GraphML, GEXF");
    refused("strict graph \"x\" {\n  a -- b\n}\n", "Graphviz (dot) files are not read");
    refused("{\"nodes\": []}\n", "JSON files are not read");
    refused("This is a letter to all who read.\n", "the file looks like no graph");
    refused("one\ntwo\n", "the file looks like no graph");
    refused("a -> b\nb -> c\n", "the file looks like no graph");
}

TEST_F(FilesErrors, WordsThatDoNotFitTheFormat) {
    Spec gml = spec("a.gml", "graph [ node [ id 1 ] ]");
    gml.bipartite = true;
    expect_error([&] { read_file(gml); }, ErrorKind::usage, "topology.bipartite is for edge lists");
    Spec matrix = spec("a.mtx", banner + "real symmetric\n1 1 1\n1 1 1\n");
    matrix.bipartite = true;
    expect_error([&] { read_file(matrix); }, ErrorKind::usage, "are the same vertices");
}

TEST_F(FilesErrors, SurvivalOfTheJobFile) {
    Spec s = spec("a.txt", "0 1\n");
    s.survival = 0.0;
    expect_error([&] { read_file(s); }, ErrorKind::usage, "topology.survival: must lie in (0, 1]");
}

TEST_F(FilesErrors, GraphmlTooLarge) {
    const std::string blanks(std::size_t{64} << 20, ' ');
    for (const char* name : {"graphml", "gexf"}) {
        const Spec s = spec(std::string("a.") + name, "<" + std::string(name) + ">" + blanks);
        expect_error([&] { read_file(s); }, ErrorKind::input, "convert the graph to an edge list");
    }
}

TEST_F(FilesErrors, CsvThatCannotBeWritten) {
    const auto graph = read_file(spec("a.txt", "0 1\n"));
    expect_error([&] { write_csv(*graph, path("no/folder.csv")); }, ErrorKind::storage,
                 "cannot be created: No such file");
    std::filesystem::create_directories(path("taken.csv"));
    expect_error([&] { write_csv(*graph, path("taken.csv")); }, ErrorKind::storage,
                 "cannot be renamed");
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos) << entry.path();
    }
}

TEST_F(FilesErrors, LastOfManyLines) {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += std::to_string(i) + " " + std::to_string(i + 1) + "\n";
    Spec s = spec("a.txt", text + "1 2 three\n");
    const auto start = std::chrono::steady_clock::now();
    s.edge_weights = true;
    expect_error([&] { read_file(s); }, ErrorKind::input, "a.txt:100001:5: weight 'three'");
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    EXPECT_LT(elapsed.count(), 2.0);  // some 20 ms
}

}  // namespace
}  // namespace motley::topology
