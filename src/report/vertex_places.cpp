#include <algorithm>
#include <cmath>
#include <numbers>

#include "motley/core/random.hpp"
#include "network_picture.hpp"

namespace motley::report {
namespace {

using Edges = std::vector<std::pair<std::int64_t, std::int64_t>>;
using Rows = std::vector<std::vector<std::size_t>>;

constexpr int rounds = 60;
constexpr double last_rate = 0.01;  ///< step of the last round, relative to a pair's weight

struct Pair {
    std::size_t a = 0, b = 0;
    double distance = 0.0;
};

Rows rows_of(std::int64_t nodes, const Edges& edges) {
    Rows rows(static_cast<std::size_t>(nodes));
    for (const auto& [a, b] : edges) {
        rows[static_cast<std::size_t>(a)].push_back(static_cast<std::size_t>(b));
        rows[static_cast<std::size_t>(b)].push_back(static_cast<std::size_t>(a));
    }
    return rows;
}

/// Hops from `source`; -1 where it does not reach.
std::vector<int> hops(const Rows& rows, std::size_t source) {
    std::vector<int> distance(rows.size(), -1);
    std::vector<std::size_t> queue = {source};
    distance[source] = 0;
    for (std::size_t at = 0; at < queue.size(); ++at) {
        for (const std::size_t next : rows[queue[at]]) {
            if (distance[next] >= 0) continue;
            distance[next] = distance[queue[at]] + 1;
            queue.push_back(next);
        }
    }
    return distance;
}

/// All pairs with the distance that they should have; pairs of different components are kept as
/// far apart as the components are large, so that these do not overlap.
std::vector<Pair> pairs_of(const Rows& rows) {
    std::vector<Pair> pairs;
    int largest = 0;
    for (std::size_t a = 0; a < rows.size(); ++a) {
        const auto distance = hops(rows, a);
        for (std::size_t b = 0; b < a; ++b) {
            largest = std::max(largest, distance[b]);
            pairs.push_back({a, b, static_cast<double>(distance[b])});
        }
    }
    for (auto& pair : pairs) {
        if (pair.distance < 0.0) pair.distance = largest + 1.5;
    }
    return pairs;
}

void relax(std::vector<Position>& places, const Pair& pair, double rate) {
    Position& a = places[pair.a];
    Position& b = places[pair.b];
    const double dx = a[0] - b[0], dy = a[1] - b[1];
    const double length = std::max(1e-9, std::sqrt(dx * dx + dy * dy));
    const double share = std::min(1.0, rate / (pair.distance * pair.distance));
    const double move = 0.5 * share * (length - pair.distance) / length;
    a = {a[0] - move * dx, a[1] - move * dy};
    b = {b[0] + move * dx, b[1] + move * dy};
}

}  // namespace

std::vector<Position> layout(std::int64_t nodes, const Edges& edges) {
    const auto size = static_cast<std::uint64_t>(nodes);
    std::vector<Position> places(size);
    for (std::uint64_t i = 0; i < size; ++i) {
        const Random random(size, Stream::statistics, i);
        places[i] = {random.uniform(0), random.uniform(1)};
    }
    const auto pairs = pairs_of(rows_of(nodes, edges));
    double longest = 1.0;
    for (const auto& pair : pairs) longest = std::max(longest, pair.distance);
    const double decay = std::log(longest * longest / last_rate) / (rounds - 1);
    for (int round = 0; round < rounds && !pairs.empty(); ++round) {
        const double rate = longest * longest * std::exp(-decay * round);
        const Permutation order(pairs.size(), size, Stream::statistics,
                                static_cast<std::uint64_t>(round));
        for (std::uint64_t p = 0; p < pairs.size(); ++p) relax(places, pairs[order(p)], rate);
    }
    return places;
}

}  // namespace motley::report
