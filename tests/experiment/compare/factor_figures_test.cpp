// A factorial experiment as figures: which factor is the axis, which the lines, what is a chart of
// its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiment/compare/compare_report.hpp"

namespace motley::test {
namespace {

using experiment::ComparedCell;
using experiment::Comparison;
using experiment::MeasureFigure;
using testing::ElementsAre;

const MeasureFigure figure = {"productivity_per_agent", "Productivity", "P/N", "utility"};

/// Every combination of the levels; the mean of cell i is i, its interval i - 1 to i + 2.
Comparison made_up(const std::vector<std::vector<std::string>>& levels) {
    Comparison comparison;
    comparison.compared = 0;
    std::vector<std::vector<std::string>> combinations = {{}};
    for (std::size_t f = 0; f < levels.size(); ++f) {
        comparison.factors.push_back("factor" + std::to_string(f));
        std::vector<std::vector<std::string>> longer;
        for (const auto& begin : combinations) {
            for (const auto& level : levels[f]) {
                longer.push_back(begin);
                longer.back().push_back(level);
            }
        }
        combinations = longer;
    }
    for (const auto& combination : combinations) {
        ComparedCell cell;
        cell.levels = combination;
        cell.runs = {0};
        cell.measures.resize(experiment::measure_columns().size());
        auto& estimate = cell.measures[experiment::measure_index(figure.measure)];
        const auto i = static_cast<double>(comparison.cells.size());
        estimate.mean = i;
        estimate.interval = {i - 1.0, i + 2.0};
        comparison.cells.push_back(cell);
    }
    return comparison;
}

TEST(FactorFigures, TheAxisIsTheNumericFactorWithMostLevels) {
    EXPECT_EQ(numeric_factor(made_up({{"ring", "torus"}, {"1", "2"}, {"0.5", "1", "2"}})), 2u);
    EXPECT_EQ(numeric_factor(made_up({{"ring", "torus"}, {"1", "two"}})), std::nullopt);
    EXPECT_EQ(numeric_factor(made_up({{"ring", "torus"}, {"1"}})), std::nullopt);
}

TEST(FactorFigures, HaveALinePerLevelAndAChartPerCombinationOfTheRest) {
    // Levels of the numeric factor in a falling order: the line is drawn from left to right.
    const Comparison comparison =
        made_up({{"ring", "torus", "star"}, {"0.9", "0.3"}, {"1", "2", "3", "4"}});
    const auto charts = lines_over(comparison, 1, figure);
    ASSERT_EQ(charts.size(), 4u);
    for (std::size_t c = 0; c < charts.size(); ++c) {
        EXPECT_EQ(charts[c].title, "Productivity, factor2 = " + std::to_string(c + 1));
        EXPECT_EQ(charts[c].kind, report::ChartKind::line);
        EXPECT_EQ(charts[c].y.low, charts[0].y.low);
        EXPECT_EQ(charts[c].y.high, charts[0].y.high);
        ASSERT_EQ(charts[c].series.size(), 3u);
        for (std::size_t s = 0; s < 3; ++s) {
            const auto& points = charts[c].series[s].points;
            ASSERT_EQ(points.size(), 2u);
            EXPECT_EQ(points[0].x, 0.3);
            EXPECT_EQ(points[1].x, 0.9);
            EXPECT_EQ(points[0].y, 8.0 * static_cast<double>(s) + 4.0 + static_cast<double>(c));
            EXPECT_EQ(points[1].y, points[0].y - 4.0);
            EXPECT_EQ(points[0].low, points[0].y - 1.0);
            EXPECT_EQ(points[0].high, points[0].y + 2.0);
        }
    }
    EXPECT_EQ(charts[0].series[2].name, "star");
}

TEST(FactorFigures, ALevelKeepsItsStyleWhereOthersHaveNoValue) {
    Comparison comparison = made_up({{"ring", "torus", "star"}, {"1", "2"}});
    const std::size_t measured = experiment::measure_index(figure.measure);
    for (std::size_t i = 0; i < 4; ++i) {
        comparison.cells[i].measures[measured].mean = report::missing;
    }
    const auto charts = lines_over(comparison, 1, figure);
    ASSERT_EQ(charts.size(), 1u);
    ASSERT_EQ(charts[0].series.size(), 1u);
    EXPECT_EQ(charts[0].series[0].name, "star");
    EXPECT_EQ(charts[0].series[0].style, 2);
}

TEST(FactorFigures, SpeakOfIntervalsOnlyWhereRunsAreRepeated) {
    Comparison comparison = made_up({{"ring", "torus"}, {"0.3", "0.9"}});
    EXPECT_THAT(lines_over(comparison, 1, figure).front().caption,
                testing::StartsWith("One run of each combination, without an interval"));
    comparison.cells.front().runs = {0, 1};
    EXPECT_THAT(lines_over(comparison, 1, figure).front().caption,
                testing::StartsWith("Mean and 95 % interval over replicates"));
}

TEST(FactorFigures, AreBarsWhereNoFactorIsNumeric) {
    const Comparison comparison = made_up({{"ring", "torus"}, {"slow", "fast"}});
    const auto chart = bars_of(comparison, scopes_of(comparison), figure);
    EXPECT_EQ(chart.kind, report::ChartKind::bars);
    EXPECT_THAT(chart.x.categories, ElementsAre("ring", "torus"));
    ASSERT_EQ(chart.series.size(), 2u);
    EXPECT_EQ(chart.series[1].points[1].y, 3.0);
}

}  // namespace
}  // namespace motley::test
