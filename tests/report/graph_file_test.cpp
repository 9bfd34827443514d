// Graphs for other programs: names are escaped, numbers that do not exist are left out, units are
// kept.
#include "motley/report/graph_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "motley/core/error.hpp"

namespace motley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

report::GraphFile two_vertices() {
    report::GraphFile graph;
    graph.title = "run <a>";
    graph.creator = "motley";
    graph.names = {"a & \"b\"", "bell\x07"};
    graph.vertex_columns = {{"income", "utility", "what it earns", false, {0.1, none}},
                            {"type", "1", "", true, {1.0, none}}};
    graph.edges = {{0, 1}};
    graph.edge_columns = {{"weight", "1", "", false, {0.25}}};
    return graph;
}

TEST(Graphml, EscapesNamesAndLeavesOutWhatDoesNotExist) {
    const std::string text = report::to_graphml(two_vertices());
    EXPECT_THAT(text, HasSubstr("<data key=\"label\">a &amp; &quot;b&quot;</data>"
                                "<data key=\"v0\">0.1</data><data key=\"v1\">1</data></node>"));
    EXPECT_THAT(text, HasSubstr("<node id=\"n1\"><data key=\"label\">bell\uFFFD</data></node>"));
    EXPECT_THAT(text, HasSubstr("<desc>what it earns [utility]</desc>"));
    EXPECT_THAT(text, HasSubstr("<desc>type</desc>"));
    EXPECT_THAT(text, HasSubstr("<desc>run &lt;a&gt;; motley</desc>"));
    EXPECT_THAT(text, HasSubstr("edgedefault=\"directed\""));
    EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(Gexf, HasTheWeightWhereGephiLooksAndPlacesWhereThereAreSome) {
    report::GraphFile graph = two_vertices();
    graph.directed = false;
    EXPECT_THAT(report::to_gexf(graph), Not(HasSubstr("viz:position")));
    graph.places = {{0.0, 1.0, 2.0}, {0.5, 0.0, 0.0}};
    const std::string text = report::to_gexf(graph);
    EXPECT_THAT(text, HasSubstr("<viz:position x=\"0\" y=\"1\" z=\"2\"/>"));
    EXPECT_THAT(text, HasSubstr("<edge id=\"0\" source=\"0\" target=\"1\" weight=\"0.25\">"));
    EXPECT_THAT(text, HasSubstr("defaultedgetype=\"undirected\""));
    EXPECT_THAT(text, HasSubstr("<node id=\"1\" label=\"bell\uFFFD\"><attvalues></attvalues>"));
    EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(Vtu, MarksIntegersThatDoNotExistAndNeedsPlaces) {
    report::GraphFile graph = two_vertices();
    EXPECT_THROW(report::to_vtu(graph), Error);
    graph.places = {{0.0, 1.0, 2.0}, {0.5, 0.0, 0.0}};
    const std::string text = report::to_vtu(graph);
    EXPECT_THAT(text, HasSubstr("Name=\"type\" NumberOfComponents=\"1\" format=\"ascii\">1 -1<"));
    EXPECT_THAT(text, HasSubstr(">0 1 2 0.5 0 0 <"));
}

}  // namespace
}  // namespace motley::test
