// The whole document. MOTLEY_WRITE_GALLERY=FILE writes the gallery for a look at it.
#include "gallery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include "motley/core/error.hpp"

namespace motley::report::test {
namespace {

TEST(Gallery, IsWrittenTheSameEveryTime) {
    const std::string html = to_html(gallery());
    EXPECT_EQ(html, to_html(gallery()));
    if (const char* path = std::getenv("MOTLEY_WRITE_GALLERY")) std::ofstream(path) << html;
}

std::size_t count_of(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    return static_cast<std::size_t>(
        std::distance(std::sregex_iterator(text.begin(), text.end(), regex), {}));
}

TEST(Gallery, HasAllItsFiguresWithTheirData) {
    const std::string html = to_html(gallery());
    EXPECT_EQ(count_of(html, "<figure "), 11u);
    EXPECT_EQ(count_of(html, "<figcaption><b>Figure "), 11u);
    EXPECT_EQ(count_of(html, "<svg [^>]*role=\"img\" aria-label=\"[^\"]+\""), 11u);
    EXPECT_EQ(count_of(html, "<details><summary>Data</summary>"), 11u);
    EXPECT_EQ(count_of(html, "<b>Table 1\\."), 1u);
}

TEST(Gallery, NeedsNothingFromOutside) {
    const std::string html = to_html(gallery());
    EXPECT_EQ(count_of(html, "https?://(?!www\\.w3\\.org)"), 0u);
    EXPECT_EQ(count_of(html, "<link|<img|src=|@import|url\\((?!#)"), 0u);
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
            EXPECT_EQ(count_of(svg, "(d|x|y|width|height|transform|data-values)=\"[^\"]*(nan|inf)"),
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
    EXPECT_EQ(count_of(line[1], "M"), 2u);
    EXPECT_EQ(count_of(line[1], "L"), 3u);
    EXPECT_THAT(svg, testing::HasSubstr("data-points=\"5\""));
}

/// All values of an attribute, in the order of the text.
std::vector<std::string> values(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    std::vector<std::string> out;
    for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
        out.push_back((*it)[1]);
    }
    return out;
}

TEST(Charts, DrawNoTwoSeriesAlike) {
    for (const ChartKind kind : {ChartKind::line, ChartKind::scatter, ChartKind::bars}) {
        Chart chart;
        chart.kind = kind;
        for (int s = 0; s < 24; ++s) {
            chart.series.push_back({std::to_string(s), {{0.0, 1.0 + s}, {1.0, 2.0 + s}}});
        }
        if (kind == ChartKind::bars) chart.x.categories = {"a", "b"};
        const char* drawn = kind == ChartKind::line ? "class=\"line\"[^>]*stroke=\"(#[^\"]*)\""
                                                    : "<g fill=\"(#[^\"]*)\"";
        const auto colours = values(to_svg(chart), drawn);
        ASSERT_EQ(colours.size(), 24u);
        EXPECT_EQ(std::set<std::string>(colours.begin(), colours.end()).size(), 24u);
        const auto keys =
            values(to_svg(chart), kind == ChartKind::line
                                      ? "h24\" stroke=\"(#[^\"]*)\""
                                      : "<(?:path transform=[^>]*|rect[^>]*height=\"10\"[^>]*) "
                                        "fill=\"(#[^\"]*)\"(?! fill=)");
        EXPECT_THAT(keys, testing::IsSupersetOf(colours));
    }
}

TEST(Charts, SetSeriesApartSideways) {
    Chart chart;
    for (int s = 0; s < 3; ++s) {
        chart.series.push_back({std::to_string(s), {{0.0, 1.0, 0.5, 1.5}, {1.0, 2.0, 1.5, 2.5}}});
    }
    const auto first_x = [&] {
        const auto all = values(to_svg(chart), "class=\"line\"[^>]* d=\"M([0-9.]+) ");
        return std::set<std::string>(all.begin(), all.end()).size();
    };
    EXPECT_EQ(first_x(), 1u);
    chart.apart = true;
    EXPECT_EQ(first_x(), 3u);
    EXPECT_EQ(count_of(to_svg(chart), "data-values=\"0 1 0.5 1.5;1 2 1.5 2.5\""), 3u);
}

TEST(Charts, SayTheNumbersOfEveryPointWithoutScript) {
    Chart chart;
    chart.x = {"openness"};
    chart.y = {"P/N", "utility"};
    chart.series = {{"ring", {{0.3, 1.5, 1.25, 1.75}}}, {"torus", {{0.3, 2.5}}}};
    const std::string svg = to_svg(chart);
    EXPECT_THAT(svg, testing::HasSubstr("<title>ring\nopenness: 0.3\nP/N (utility): 1.5 (1.25 to "
                                        "1.75)</title>"));
    EXPECT_THAT(svg, testing::HasSubstr("<title>torus\nopenness: 0.3\nP/N (utility): 2.5</title>"));
}

std::string page_of(PageTable table) {
    Document document;
    document.sections = {{"s", {}, {std::move(table)}}};
    const std::string html = to_html(document);
    return html.substr(html.find("<body"), html.find("<script") - html.find("<body"));
}

TEST(Tables, LeaveRepeatedCellsAtTheBeginningOfARowBlank) {
    const std::string html = page_of(
        {"t",
         "",
         {{"topology"}, {"openness", "", true}, {"P/N", "", true}},
         {{"ring", 0.3, 1.0}, {"ring", 0.3, 1.0}, {"ring", 0.6, 1.0}, {"torus", 0.6, 1.0}}});
    const auto same = values(html, "<td class=\"(?:number )?same\"[^>]*>([^<]*)<");
    EXPECT_THAT(same, testing::ElementsAre("ring", "0.3", "ring"));
    EXPECT_EQ(count_of(html, "<td"), 12u);
}

TEST(Tables, SayThatTheyAreWiderThanThePage) {
    PageTable table{"t", "", {{"name"}}, {{"row"}}};
    EXPECT_EQ(count_of(page_of(table), "class=\"hint\" hidden"), 1u);
    for (int c = 0; c < 20; ++c) {
        table.columns.push_back({"measure", "", true});
        table.rows[0].emplace_back(1.0 / 3.0);
    }
    EXPECT_EQ(count_of(page_of(table), "class=\"hint\">[^<]*all 21 columns"), 1u);
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
