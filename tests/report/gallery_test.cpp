// The whole document. MOTLEY_WRITE_GALLERY=FILE writes the gallery for a look at it.
#include "gallery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>

#include "motley/core/error.hpp"

namespace motley::report::test {
namespace {

TEST(Gallery, IsWrittenTheSameEveryTime) {
    const std::string html = to_html(gallery());
    EXPECT_EQ(html, to_html(gallery()));
    if (const char* path = std::getenv("MOTLEY_WRITE_GALLERY")) std::ofstream(path) << html;
}

std::size_t count(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    return static_cast<std::size_t>(
        std::distance(std::sregex_iterator(text.begin(), text.end(), regex), {}));
}

TEST(Gallery, HasAllItsFiguresWithTheirData) {
    const std::string html = to_html(gallery());
    EXPECT_EQ(count(html, "<figure "), 11u);
    EXPECT_EQ(count(html, "<figcaption><b>Figure "), 11u);
    EXPECT_EQ(count(html, "<svg [^>]*role=\"img\" aria-label=\"[^\"]+\""), 11u);
    EXPECT_EQ(count(html, "<details><summary>Data</summary>"), 11u);
    EXPECT_EQ(count(html, "<b>Table 1\\."), 1u);
}

TEST(Gallery, NeedsNothingFromOutside) {
    const std::string html = to_html(gallery());
    EXPECT_EQ(count(html, "https?://(?!www\\.w3\\.org)"), 0u);
    EXPECT_EQ(count(html, "<link|<img|src=|@import|url\\((?!#)"), 0u);
}

TEST(Gallery, EscapesText) {
    EXPECT_THAT(to_html(gallery()),
                testing::HasSubstr("&lt;b&gt;not bold&lt;/b&gt; &amp; &quot;quoted&quot;"));
}

TEST(Charts, NeverDrawWhatIsNotFinite) {
    for (const auto& section : gallery().sections) {
        for (const auto& item : section.items) {
            const auto* chart = std::get_if<Chart>(&item);
            if (chart == nullptr) continue;
            const std::string svg = std::regex_replace(to_svg(*chart), std::regex(">[^<]*<"), "><");
            EXPECT_EQ(count(svg, "(d|x|y|width|height|transform|data-values)=\"[^\"]*(nan|inf)"),
                      0u)
                << chart->title;
        }
    }
}

TEST(Charts, LeaveGapsAndCountTheirPoints) {
    Chart chart;
    chart.title = "t";
    chart.series = {
        {"s", {{0.0, 1.0}, {1.0, 2.0}, {2.0, missing}, {3.0, 1.0}, {4.0, 2.0}, {5.0, 1.5}}}};
    const std::string svg = to_svg(chart);
    std::smatch line;
    ASSERT_TRUE(std::regex_search(svg, line, std::regex("class=\"line\"[^>]* d=\"([^\"]*)\"")));
    EXPECT_EQ(count(line[1], "M"), 2u);
    EXPECT_EQ(count(line[1], "L"), 3u);
    EXPECT_THAT(svg, testing::HasSubstr("data-points=\"5\""));
}

TEST(Graphs, RefuseWhatTheyDoNotHave) {
    const NetworkPicture graph{"g", "", 3, 3, 1, {{0, 3}}};
    EXPECT_THROW(to_svg(graph), Error);
}

TEST(Tables, RefuseRowsOfAnotherLength) {
    Document document;
    document.sections = {{"s", {}, {PageTable{"t", "", {{"a"}, {"b"}}, {{1.0}}}}}};
    EXPECT_THROW(to_html(document), Error);
}

}  // namespace
}  // namespace motley::report::test
