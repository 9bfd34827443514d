#include "thin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace motley::report {

std::vector<std::size_t> thin_line(std::span<const double> x, std::span<const double> y,
                                   double column) {
    std::vector<std::size_t> kept;
    for (std::size_t begin = 0; begin < x.size();) {
        const double here = std::floor(x[begin] / column);
        std::size_t end = begin, lowest = begin, highest = begin;
        for (; end < x.size() && std::floor(x[end] / column) == here; ++end) {
            if (y[end] < y[lowest]) lowest = end;
            if (y[end] > y[highest]) highest = end;
        }
        std::array<std::size_t, 4> corners = {begin, lowest, highest, end - 1};
        std::sort(corners.begin(), corners.end());
        kept.insert(kept.end(), corners.begin(), std::unique(corners.begin(), corners.end()));
        begin = end;
    }
    return kept;
}

std::vector<std::size_t> thin_cloud(std::span<const double> x, std::span<const double> y,
                                    double cell) {
    std::vector<std::size_t> kept;
    std::set<std::pair<double, double>> taken;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (taken.emplace(std::floor(x[i] / cell), std::floor(y[i] / cell)).second) {
            kept.push_back(i);
        }
    }
    return kept;
}

}  // namespace motley::report
