// Shares of a comparison's runs, and what its cells say together.
#include <gtest/gtest.h>

#include <cmath>

#include "motley/experiment/compare/compare.hpp"

namespace motley::test {
namespace {

TEST(ComparisonShare, IsReadFromTheSecondOfEight) {
    const auto share = experiment::parse_share("2/8");
    ASSERT_TRUE(share);
    EXPECT_FALSE(share->whole());
    EXPECT_TRUE(share->has(1));
    EXPECT_TRUE(share->has(9));
    EXPECT_FALSE(share->has(2));
}

TEST(ComparisonShare, OfAnythingElseIsNothing) {
    for (const char* text : {"", "1", "0/3", "4/3", "x/2", "1/x", "1/2/3"}) {
        EXPECT_FALSE(experiment::parse_share(text)) << text;
    }
}

experiment::PropertyCorrelation correlation(const std::string& scope, const std::string& property,
                                            double rho, std::int64_t runs) {
    experiment::PropertyCorrelation one{scope, property, {}};
    one.correlation.rho = rho;
    one.correlation.count = runs;
    return one;
}

TEST(ClosestProperties, AreTheStrongestOfEachScopeThatEnoughRunsHave) {
    experiment::Comparison comparison;
    comparison.correlations = {
        correlation("all", "degree", 0.5, 10), correlation("all", "clustering", -0.8, 10),
        correlation("all", "assortativity", 1.0, 4), correlation("a = 1", "degree", 0.1, 5),
        correlation("a = 2", "degree", std::nan(""), 5)};
    const auto closest = experiment::closest_properties(comparison);
    ASSERT_EQ(closest.size(), 2U);
    EXPECT_EQ(closest[0].property, "clustering");
    EXPECT_EQ(closest[1].scope, "a = 1");
}

TEST(WorstGap, IsTheLargestAndUnknownWhereOneIsUnknown) {
    experiment::Comparison comparison;
    const std::size_t gap = experiment::measure_index("gap");
    for (const double value : {1e-3, 5e-3, std::nan("")}) {
        auto& run = comparison.runs.emplace_back();
        run.measures.resize(experiment::measure_columns().size());
        run.measures[gap] = value;
    }
    experiment::ComparedCell cell;
    cell.runs = {0, 1};
    EXPECT_EQ(experiment::worst_gap(comparison, cell), 5e-3);
    cell.runs = {0, 2};
    EXPECT_TRUE(std::isnan(experiment::worst_gap(comparison, cell)));
}

}  // namespace
}  // namespace motley::test
