// Where things are put: charts without overlap, networks by their distances.
#include <gtest/gtest.h>

#include <cmath>

#include "gallery.hpp"
#include "report/chart_layout.hpp"
#include "report/markup.hpp"
#include "report/network_picture.hpp"

namespace motley::report::test {
namespace {

std::vector<Chart> charts() {
    std::vector<Chart> out;
    for (const auto& section : gallery().sections) {
        for (const auto& item : section.items) {
            if (const auto* chart = std::get_if<Chart>(&item)) out.push_back(*chart);
        }
    }
    return out;
}

struct Span {
    double begin, end, y;
};

void expect_apart(const std::vector<Span>& texts, double width) {
    for (std::size_t a = 0; a < texts.size(); ++a) {
        EXPECT_GE(texts[a].begin, 0.0);
        EXPECT_LE(texts[a].end, width);
        for (std::size_t b = 0; b < a; ++b) {
            const bool beside = texts[a].begin >= texts[b].end || texts[b].begin >= texts[a].end;
            EXPECT_TRUE(beside || std::abs(texts[a].y - texts[b].y) >= tick_size);
        }
    }
}

TEST(ChartLayout, KeepsLegendMarksAndTickLabelsApartAndInside) {
    for (const auto& chart : charts()) {
        SCOPED_TRACE(chart.title);
        const ChartLayout layout = lay_out(chart, true);
        std::vector<Span> above, below;
        for (const auto& entry : layout.legend) {
            above.push_back(
                {entry.x, entry.x + key_width + text_width(entry.text, tick_size), entry.y});
            EXPECT_LT(entry.y, layout.plot.top);
        }
        for (const auto& mark : layout.marks) {
            if (mark.text.empty()) continue;
            above.push_back({mark.x, mark.x + text_width(mark.text, tick_size), mark.y});
            EXPECT_LT(mark.y, layout.plot.top);
        }
        expect_apart(above, layout.width);
        for (const auto& tick : layout.x_ticks.major) {
            const double half =
                0.5 * (text_width(tick.base, tick_size) + text_width(tick.power, 9.0));
            below.push_back({layout.x(tick.value) - half, layout.x(tick.value) + half, 0.0});
        }
        expect_apart(below, layout.width);
        EXPECT_LT(layout.plot.bottom, layout.height);
        EXPECT_GT(layout.plot.width(), 0.6 * layout.width);
    }
}

/// Rotated labels are parallel: they are apart when their distance across the slope is a line.
TEST(ChartLayout, RotatesOrLeavesOutLabelsOfManyCategories) {
    for (const int count : {3, 12, 30, 200}) {
        Chart chart;
        chart.kind = ChartKind::bars;
        chart.series = {{"s", {}}};
        for (int c = 0; c < count; ++c) {
            chart.x.categories.push_back("category number " + std::to_string(c));
            chart.series[0].points.push_back({static_cast<double>(c), 1.0});
        }
        const ChartLayout layout = lay_out(chart, false);
        ASSERT_GE(layout.categories.size(), 2u);
        const double slot = layout.categories[1].x - layout.categories[0].x;
        if (layout.rotated) {
            EXPECT_GE(slot * std::sin(label_slope * 3.14159265 / 180.0), tick_size) << count;
        } else {
            EXPECT_GE(slot, text_width(layout.categories.back().text, tick_size)) << count;
        }
    }
}

TEST(GraphLayout, IsTheSameEveryTime) {
    const std::vector<std::pair<std::int64_t, std::int64_t>> edges = {{0, 1}, {1, 2}, {3, 4}};
    EXPECT_EQ(layout(6, edges), layout(6, edges));
}

double distance(const Position& a, const Position& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1]);
}

TEST(GraphLayout, GivesAPathItsDistances) {
    std::vector<std::pair<std::int64_t, std::int64_t>> edges;
    for (std::int64_t i = 0; i + 1 < 12; ++i) edges.emplace_back(i, i + 1);
    const auto places = layout(12, edges);
    for (std::size_t a = 0; a < 12; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            EXPECT_NEAR(distance(places[a], places[b]) / static_cast<double>(a - b), 1.0, 0.25);
        }
    }
}

TEST(GraphLayout, KeepsVerticesApartWithoutEdges) {
    const auto places = layout(30, {});
    for (std::size_t a = 0; a < places.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) EXPECT_GT(distance(places[a], places[b]), 0.1);
    }
}

TEST(DensityTest, CountsTheLinkedPairsOfEveryCell) {
    constexpr std::int64_t nodes = 300;  // cells of two and of three vertices
    Density density(nodes);
    for (std::int64_t a = 0; a < nodes; ++a) {
        for (std::int64_t b = 0; b < nodes; ++b) {
            if (a != b) density.add(a, b);
        }
    }
    for (const double share : density.shares()) EXPECT_DOUBLE_EQ(share, 1.0);
}

}  // namespace
}  // namespace motley::report::test
