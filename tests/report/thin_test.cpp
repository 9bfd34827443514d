// Thinned lines cover the same pixels as whole ones, by brute force.
#include "report/thin.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "motley/core/random.hpp"

namespace motley::report::test {
namespace {

struct Extent {
    double low = 1e300, high = -1e300;
    void add(double y) {
        low = std::min(low, y);
        high = std::max(high, y);
    }
};

/// The heights that a line covers in every pixel column: each segment is cut at the borders of
/// the columns that it crosses.
std::map<long, Extent> covered(const std::vector<double>& x, const std::vector<double>& y) {
    std::map<long, Extent> columns;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        const bool forward = x[i] <= x[i + 1];
        const std::size_t a = forward ? i : i + 1, b = forward ? i + 1 : i;
        const long first = std::lround(std::floor(x[a])), last = std::lround(std::floor(x[b]));
        for (long c = first; c <= last; ++c) {
            for (const double border : {std::max(x[a], static_cast<double>(c)),
                                        std::min(x[b], static_cast<double>(c + 1))}) {
                const double share = x[b] > x[a] ? (border - x[a]) / (x[b] - x[a]) : 0.0;
                columns[c].add(y[a] + share * (y[b] - y[a]));
            }
            if (c == first) columns[c].add(y[a]);
            if (c == last) columns[c].add(y[b]);
        }
    }
    return columns;
}

std::vector<double> pick(const std::vector<double>& values, const std::vector<std::size_t>& kept) {
    std::vector<double> out;
    for (const auto i : kept) out.push_back(values[i]);
    return out;
}

void expect_same_picture(const std::vector<double>& x, const std::vector<double>& y) {
    const auto kept = thin_line(x, y, 1.0);
    ASSERT_TRUE(std::is_sorted(kept.begin(), kept.end()));
    EXPECT_EQ(kept.front(), 0u);
    EXPECT_EQ(kept.back(), x.size() - 1);
    const auto whole = covered(x, y);
    const auto thinned = covered(pick(x, kept), pick(y, kept));
    ASSERT_EQ(whole.size(), thinned.size());
    for (const auto& [column, extent] : whole) {
        EXPECT_NEAR(extent.low, thinned.at(column).low, 1e-9) << "column " << column;
        EXPECT_NEAR(extent.high, thinned.at(column).high, 1e-9) << "column " << column;
    }
}

TEST(ThinLine, CoversTheSameHeightsInEveryPixelColumn) {
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
        const Random random(1, Stream::test, trial);
        std::vector<double> x, y;
        double height = 0.0;
        for (std::uint32_t i = 0; i < 5000; ++i) {
            x.push_back(trial % 2 == 0 ? 300.0 * std::log1p(i) / std::log(5000.0) : 0.06 * i);
            height += random.normal(i);
            y.push_back(height);
        }
        expect_same_picture(x, y);
        EXPECT_LE(thin_line(x, y, 1.0).size(), 4u * 301u);
    }
}

TEST(ThinLine, HoldsForPathsThatTurnBack) {
    std::vector<double> x, y;
    const Random random(2, Stream::test, 0);
    double at = 50.0;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        at = std::abs(at + random.normal(2 * i));
        x.push_back(at);
        y.push_back(random.normal(2 * i + 1));
    }
    expect_same_picture(x, y);
}

TEST(ThinLine, KeepsShortLines) {
    EXPECT_EQ(thin_line(std::vector{5.0}, std::vector{1.0}, 1.0).size(), 1u);
    EXPECT_TRUE(thin_line({}, {}, 1.0).empty());
}

TEST(ThinCloud, KeepsOnePointOfEverySquare) {
    std::vector<double> x, y;
    const Random random(3, Stream::test, 0);
    std::set<std::pair<long, long>> squares;
    for (std::uint32_t i = 0; i < 3000; ++i) {
        x.push_back(20.0 * random.uniform(2 * i));
        y.push_back(20.0 * random.uniform(2 * i + 1));
        squares.emplace(std::lround(std::floor(x[i])), std::lround(std::floor(y[i])));
    }
    const auto kept = thin_cloud(x, y, 1.0);
    EXPECT_EQ(kept.size(), squares.size());
    for (const auto i : kept) {
        squares.erase({std::lround(std::floor(x[i])), std::lround(std::floor(y[i]))});
    }
    EXPECT_TRUE(squares.empty());
}

}  // namespace
}  // namespace motley::report::test
