// Pictures of fabrics. MOTLEY_WRITE_FABRICS=FILE writes a page of them for a look at it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <regex>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"
#include "motley/report/document.hpp"
#include "report/fabric_layout.hpp"

namespace motley::report::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    return static_cast<std::size_t>(
        std::distance(std::sregex_iterator(text.begin(), text.end(), regex), {}));
}

/// A picture with `hosts` hosts and then `switches` switches, without links.
FabricPicture vertices(const std::string& title, int hosts, int switches) {
    FabricPicture fabric{.title = title, .unit = "GB/s"};
    for (int h = 0; h < hosts; ++h) fabric.vertices.push_back({"host " + std::to_string(h), true});
    for (int s = 0; s < switches; ++s) {
        fabric.vertices.push_back({"switch " + std::to_string(s), false});
    }
    return fabric;
}

void link(FabricPicture& fabric, int a, int b, double there, double back, double capacity = 50.0) {
    fabric.channels.push_back({a, b, there * capacity, capacity});
    fabric.channels.push_back({b, a, back * capacity, capacity});
}

/// Loads between 0 and 1.1, larger for later links.
double some_load(std::size_t number) {
    const Random random(2, Stream::test, 0);
    const double u = random.uniform(static_cast<std::uint32_t>(number));
    return u < 0.1 ? 0.0 : 1.1 * u;
}

FabricPicture leaf_spine(int leaves, int spines, int hosts) {
    auto fabric = vertices("Leaf-spine", leaves * hosts, leaves + spines);
    const int first = leaves * hosts;
    for (int h = 0; h < first; ++h) {
        link(fabric, h, first + h / hosts, 0.3 + 0.1 * (h / hosts % 5), 0.2);
    }
    for (int l = 0; l < leaves; ++l) {
        for (int s = 0; s < spines; ++s) {
            link(fabric, first + l, first + leaves + s, some_load(fabric.channels.size()), 0.1);
        }
    }
    return fabric;
}

FabricPicture jellyfish(int switches, int hosts, int ports) {
    auto fabric = vertices("Jellyfish", switches * hosts, switches);
    const int first = switches * hosts;
    const Random random(1, Stream::test, 0);
    for (int h = 0; h < first; ++h) link(fabric, h, first + h / hosts, 0.4, 0.6);
    for (int s = 0; s < switches; ++s) {
        for (int p = 0; p < ports; ++p) {
            const auto draw = random.uniform(static_cast<std::uint32_t>(s * ports + p));
            const int other = static_cast<int>(draw * switches);
            if (other == s) continue;
            link(fabric, first + s, first + other, some_load(fabric.channels.size()), 0.1);
        }
    }
    return fabric;
}

FabricPicture fat_tree(int k) {
    const int half = k / 2, edges = k * half, hosts = edges * half;
    auto fabric =
        vertices("Fat tree of " + std::to_string(k) + " ports", hosts, 2 * edges + half * half);
    for (int h = 0; h < hosts; ++h) link(fabric, h, hosts + h / half, 1.0, 1.0);
    for (int e = 0; e < edges; ++e) {
        for (int i = 0; i < half; ++i) {
            const int above = hosts + edges + e / half * half + i;
            link(fabric, hosts + e, above, 0.6, 0.7);
            link(fabric, hosts + edges + e, hosts + 2 * edges + e % half * half + i, 0.2, 0.4);
        }
    }
    return fabric;
}

/// Nodes with a switch in each, and a rail for every device of a node.
FabricPicture rails(int nodes, int devices) {
    const int hosts = nodes * devices;
    auto fabric = vertices("Rails", hosts, nodes + devices);
    for (int h = 0; h < hosts; ++h) {
        link(fabric, h, hosts + h / devices, 0.1, 0.1, 450.0);
        link(fabric, h, hosts + nodes + h % devices, 0.8, 0.9);
    }
    return fabric;
}

FabricPicture host_ring(int hosts) {
    auto fabric = vertices("Hosts on a ring", hosts, 0);
    for (int h = 0; h < hosts; ++h) link(fabric, h, (h + 1) % hosts, h % 5 * 0.25, 0.0);
    return fabric;
}

TEST(FabricPicture, IsWrittenTheSameEveryTime) {
    Document page{.title = "Fabrics"};
    page.sections.push_back(
        {.heading = "Pictures",
         .items = {leaf_spine(8, 4, 16), jellyfish(20, 4, 4), leaf_spine(32, 8, 32),
                   jellyfish(64, 2, 3), jellyfish(80, 2, 3), host_ring(16), fat_tree(4),
                   fat_tree(6), fat_tree(8), rails(16, 8), leaf_spine(2, 1, 1)}});
    const std::string html = to_html(page);
    EXPECT_EQ(html, to_html(page));
    EXPECT_EQ(count(html, "<figure "), 11u);
    EXPECT_EQ(count(html, "<details><summary>Data</summary>"), 11u);
    EXPECT_EQ(count(html, "<svg [^>]*role=\"img\" aria-label=\"[^\"]+\""), 11u);
    if (const char* path = std::getenv("MOTLEY_WRITE_FABRICS")) std::ofstream(path) << html;
}

TEST(FabricPicture, HostsOfASwitchAreOneBoxBelowIt) {
    const FabricDrawing drawing = draw(leaf_spine(8, 4, 16));
    EXPECT_FALSE(drawing.ring);
    ASSERT_EQ(drawing.boxes.size(), 8u + 8u + 4u);
    EXPECT_EQ(drawing.lines.size(), 8u + 8u * 4u);
    for (std::size_t l = 0; l < 8; ++l) {
        const FabricBox& hosts = drawing.boxes[l];
        const FabricBox& leaf = drawing.boxes[8 + l];
        EXPECT_EQ(hosts.hosts, 16);
        EXPECT_EQ(hosts.layer, 0);
        EXPECT_EQ(leaf.layer, 1);
        EXPECT_EQ(hosts.x, leaf.x);
        EXPECT_GT(hosts.y, leaf.y);
    }
    EXPECT_EQ(drawing.boxes[16].layer, 2);
    EXPECT_EQ(drawing.lines.front().channels, 32);
}

TEST(FabricPicture, LayersFollowTheDistanceToTheHosts) {
    const FabricDrawing drawing = draw(fat_tree(6));
    std::vector<int> boxes(4, 0);
    for (const FabricBox& box : drawing.boxes) boxes.at(static_cast<std::size_t>(box.layer)) += 1;
    EXPECT_THAT(boxes, testing::ElementsAre(18, 18, 18, 9));
    const FabricDrawing two = draw(rails(16, 8));
    EXPECT_FALSE(two.ring);
    EXPECT_EQ(two.boxes.back().layer, 2);  // a rail has hosts, but they belong to their node
}

TEST(FabricPicture, BoxesOfALayerDoNotOverlapAndStayInside) {
    for (const auto& fabric :
         {leaf_spine(8, 4, 16), leaf_spine(32, 8, 32), fat_tree(8), rails(16, 8)}) {
        const FabricDrawing drawing = draw(fabric);
        for (const FabricBox& a : drawing.boxes) {
            EXPECT_GE(a.x - 0.5 * a.width, 0.0);
            EXPECT_LE(a.x + 0.5 * a.width, drawing.width);
            EXPECT_LE(a.y + 0.5 * a.height, drawing.height);
            for (const FabricBox& b : drawing.boxes) {
                if (&a == &b) continue;
                const bool apart = std::abs(a.x - b.x) >= 0.5 * (a.width + b.width) - 1e-9 ||
                                   std::abs(a.y - b.y) >= 0.5 * (a.height + b.height);
                EXPECT_TRUE(apart) << fabric.title << ": " << a.name << ", " << b.name;
            }
        }
    }
}

TEST(FabricPicture, TheBusierDirectionDecides) {
    FabricPicture fabric = vertices("Two directions", 1, 1);
    fabric.channels = {{0, 1, 10.0, 100.0}, {1, 0, 3.0, 4.0}};
    const FabricDrawing drawing = draw(fabric);
    ASSERT_EQ(drawing.lines.size(), 1u);
    EXPECT_EQ(drawing.lines[0].load, 3.0);
    EXPECT_EQ(drawing.lines[0].capacity, 4.0);
    EXPECT_THAT(to_svg(fabric), HasSubstr("3 GB/s of 4 GB/s (75 %)"));
}

TEST(FabricPicture, FlatFabricsStandOnARing) {
    EXPECT_TRUE(draw(jellyfish(20, 4, 4)).ring);
    const FabricDrawing ring = draw(host_ring(16));
    EXPECT_TRUE(ring.ring);
    EXPECT_EQ(ring.boxes.size(), 16u);
    EXPECT_EQ(ring.lines.size(), 16u);
}

TEST(FabricPicture, OfManySwitchesTheBusiestAreDrawnAndTheCaptionSaysSo) {
    auto fabric = jellyfish(80, 2, 3);
    for (auto& channel : fabric.channels) channel.load = 0.0;
    link(fabric, 160 + 79, 160 + 78, 0.9, 0.9);
    const FabricDrawing drawing = draw(fabric);
    EXPECT_EQ(drawing.vertices, 80u);
    EXPECT_EQ(drawing.drawn, 64u);
    EXPECT_EQ(drawing.boxes.size(), 128u);
    EXPECT_EQ(drawing.boxes.back().name, "switch 79");
    const std::string html =
        to_html({.title = "", .sections = {{.heading = "", .items = {fabric}}}});
    EXPECT_THAT(html, HasSubstr("Of 80 switches the 64 with the busiest links are drawn."));
    const std::string small =
        to_html({.title = "", .sections = {{.heading = "", .items = {fat_tree(4)}}}});
    EXPECT_THAT(small, Not(HasSubstr("are drawn.")));
}

TEST(FabricPicture, AFullLinkIsNotOverloaded) {
    auto fabric = vertices("Full", 1, 1);
    fabric.channels = {{0, 1, 1.0 + 1e-12, 1.0}};
    const auto lines = [](const std::string& svg) { return svg.substr(0, svg.find("</g>")); };
    EXPECT_THAT(lines(to_svg(fabric)), HasSubstr("#E69F00"));
    fabric.channels[0].load = 1.01;
    EXPECT_THAT(lines(to_svg(fabric)), Not(HasSubstr("#E69F00")));
}

TEST(FabricPicture, NamesAreEscapedAndBadChannelsRefused) {
    auto fabric = vertices("Bad", 1, 1);
    fabric.vertices[1].name = "<s&1>";
    fabric.channels = {{0, 1, 1.0, 1.0}};
    EXPECT_THAT(to_svg(fabric), HasSubstr("&lt;s&amp;1&gt;"));
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (const FabricPicture::Channel& bad :
         {FabricPicture::Channel{0, 2, 1.0, 1.0}, FabricPicture::Channel{-1, 0, 1.0, 1.0},
          FabricPicture::Channel{0, 1, -1.0, 1.0}, FabricPicture::Channel{0, 1, nan, 1.0},
          FabricPicture::Channel{0, 1, 1.0, 0.0}}) {
        fabric.channels = {bad};
        EXPECT_THROW(draw(fabric), Error);
    }
    EXPECT_NO_THROW(to_svg(FabricPicture{.title = "Empty"}));
}

}  // namespace
}  // namespace motley::report::test
