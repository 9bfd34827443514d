#include "placement_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "motley/core/expect.hpp"
#include "motley/core/random.hpp"

namespace motley::redesign {
namespace {

/// Gains below this share are rounding.
constexpr double rounding = 1e-7;

/// Nodes in the order of the hosts; each takes the next hosts.
using Order = std::vector<int>;
using Node = std::vector<Seat>;

std::vector<Node> nodes_in(const std::vector<Seat>& seats) {
    std::vector<Node> nodes;
    for (const Seat& seat : seats) {
        if (seat.node >= nodes.size()) nodes.emplace_back();
        nodes.back().push_back(seat);
    }
    return nodes;
}

/// Numbers of the nodes, the same for those that are alike.
std::vector<int> kinds_of(const std::vector<Node>& nodes, job::HandOver hand_over) {
    std::map<std::tuple<std::size_t, std::size_t, std::vector<double>>, int> known;
    std::vector<int> kinds;
    for (const Node& node : nodes) {
        std::vector<double> work;
        for (const Seat& seat : node) {
            if (hand_over != job::HandOver::even) break;
            work.insert(work.end(), seat.work.begin(), seat.work.end());
        }
        const auto key = std::tuple(node.front().type, node.size(), work);
        kinds.push_back(known.try_emplace(key, static_cast<int>(known.size())).first->second);
    }
    return kinds;
}

/// The links of the hosts of a node, as other ends and capacities.
std::vector<std::pair<int, double>> links_of(const fabric::FabricGraph& graph, std::size_t first,
                                             std::size_t count) {
    std::vector<std::pair<int, double>> links;
    for (std::size_t host = first; host < first + count; ++host) {
        for (const fabric::Channel& channel : graph.from(static_cast<int>(host))) {
            links.emplace_back(channel.target, channel.capacity);
        }
        links.emplace_back(-1, 0.0);
    }
    return links;
}

class PlacementSearch {
  public:
    PlacementSearch(std::vector<Node> nodes, std::vector<int> kinds,
                    const fabric::FabricGraph& graph, std::int64_t trials,
                    const ThetaOfSeats& theta)
        : nodes_(std::move(nodes)),
          kinds_(std::move(kinds)),
          graph_(graph),
          trials_(trials),
          theta_(theta) {}

    std::vector<Seat> seats_of(const Order& order) const {
        std::vector<Seat> seats;
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (Seat seat : nodes_[static_cast<std::size_t>(order[i])]) {
                seat.node = i;
                seats.push_back(std::move(seat));
            }
        }
        return seats;
    }

    /// Theta of an order, from memory where a like one was tried; -1 when the trials are used up.
    double measure(const Order& order) {
        std::vector<int> key;
        for (const int node : order) key.push_back(kinds_[static_cast<std::size_t>(node)]);
        const auto found = known_.find(key);
        if (found != known_.end()) return found->second;
        if (done()) return -1.0;
        const double theta = theta_(seats_of(order));
        known_.emplace(std::move(key), theta);
        if (best_.empty() || theta > best_theta_ * (1.0 + rounding)) {
            best_ = order;
            best_theta_ = theta;
        }
        return theta;
    }

    /// Swaps two nodes as long as that helps.
    void climb(Order order) {
        double theta = measure(order);
        for (bool better = true; better && !done();) {
            better = false;
            std::set<std::tuple<int, int, int, int>> tried;
            const std::vector<int> places = places_of(order);
            for (std::size_t a = 0; a < order.size(); ++a) {
                for (std::size_t b = a + 1; b < order.size() && !done(); ++b) {
                    if (!worth_a_swap(order, places, a, b, tried)) continue;
                    std::swap(order[a], order[b]);
                    const double now = measure(order);
                    if (now > theta * (1.0 + rounding)) {
                        theta = now;
                        better = true;
                        tried.clear();
                    } else {
                        std::swap(order[a], order[b]);
                    }
                }
            }
        }
    }

    /// The nodes of each size among themselves, in a random order.
    Order shuffled(Order order, std::uint64_t seed, std::uint64_t round) const {
        const Random random(seed, Stream::traffic, round);
        std::uint32_t counter = 0;
        for (std::size_t i = order.size(); i > 1; --i) {
            std::vector<std::size_t> same;
            for (std::size_t j = 0; j < i; ++j) {
                if (size_of(order[j]) == size_of(order[i - 1])) same.push_back(j);
            }
            std::swap(order[i - 1], order[same[random.below(same.size(), counter++)]]);
        }
        return order;
    }

    /// The theta at which no placement can be better.
    void stop_at(double bound) { bound_ = bound; }
    bool done() const {
        return std::ssize(known_) >= trials_ || best_theta_ >= bound_ * (1.0 - rounding);
    }
    /// Whether an order differs from another one by more than nodes that are alike.
    bool mixed() const {
        return std::ranges::any_of(kinds_, [&](int kind) { return kind != kinds_.front(); });
    }
    std::int64_t measured() const { return std::ssize(known_); }
    const Order& best() const { return best_; }
    double best_theta() const { return best_theta_; }

  private:
    std::size_t size_of(int node) const { return nodes_[static_cast<std::size_t>(node)].size(); }

    /// Numbers of the places of an order, the same where hosts have the same links.
    std::vector<int> places_of(const Order& order) const {
        std::map<std::vector<std::pair<int, double>>, int> known;
        std::vector<int> places;
        std::size_t first = 0;
        for (const int node : order) {
            const auto links = links_of(graph_, first, size_of(node));
            places.push_back(
                known.try_emplace(links, static_cast<int>(known.size())).first->second);
            first += size_of(node);
        }
        return places;
    }

    bool worth_a_swap(const Order& order, const std::vector<int>& places, std::size_t a,
                      std::size_t b, std::set<std::tuple<int, int, int, int>>& tried) const {
        const int own = kinds_[static_cast<std::size_t>(order[a])];
        const int other = kinds_[static_cast<std::size_t>(order[b])];
        if (own == other || places[a] == places[b] || size_of(order[a]) != size_of(order[b])) {
            return false;
        }
        return tried.emplace(places[a], own, places[b], other).second;
    }

    std::vector<Node> nodes_;
    std::vector<int> kinds_;
    const fabric::FabricGraph& graph_;
    std::int64_t trials_;
    double bound_ = fleet::unlimited;
    const ThetaOfSeats& theta_;
    std::map<std::vector<int>, double> known_;  ///< theta by the kinds of an order
    Order best_;
    double best_theta_ = -1.0;
};

/// How much two nodes differ in their work; infinite where they are of unlike types or sizes.
double difference(const Node& a, const Node& b) {
    if (a.size() != b.size()) return fleet::unlimited;
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].type != b[i].type) return fleet::unlimited;
        for (std::size_t k = 0; k < a[i].work.size(); ++k) {
            sum += std::abs(a[i].work[k] - b[i].work[k]);
        }
    }
    return sum;
}

/// The order of the nodes of `from` in which they are those of `to`, one by one. Work in another
/// order is the same up to rounding, so that the nearest node is taken.
Order order_of(const std::vector<Node>& from, const std::vector<Node>& to) {
    std::vector<char> used(from.size(), 0);
    Order order;
    for (const Node& node : to) {
        int nearest = -1;
        double least = fleet::unlimited;
        for (std::size_t i = 0; i < from.size(); ++i) {
            if (used[i] != 0 || !(difference(from[i], node) < least)) continue;
            nearest = static_cast<int>(i);
            least = difference(from[i], node);
        }
        MOTLEY_EXPECT(nearest >= 0, "packed and spread do not place the same nodes");
        used[static_cast<std::size_t>(nearest)] = 1;
        order.push_back(nearest);
    }
    return order;
}

}  // namespace

SearchedPlacement search_placement(const job::Redesign& job, const fleet::Fleet& fleet,
                                   const fleet::Throughput& throughput,
                                   const fabric::FabricGraph& graph, job::HandOver hand_over,
                                   std::int64_t trials, double bound, const ThetaOfSeats& theta) {
    const auto packed = nodes_in(seats_of(job, fleet, throughput, job::Placement::packed));
    const auto spread = nodes_in(seats_of(job, fleet, throughput, job::Placement::spread));
    PlacementSearch search(packed, kinds_of(packed, hand_over), graph,
                           std::max<std::int64_t>(2, trials), theta);
    Order first(packed.size());
    std::iota(first.begin(), first.end(), 0);
    Order second = order_of(packed, spread);
    SearchedPlacement out;
    out.result = {search.measure(first), search.measure(second), 0.0, bound, 0};
    if (out.result.spread > out.result.packed) std::swap(first, second);
    search.stop_at(bound);
    search.climb(first);
    search.climb(second);
    // Where few orders exist a round finds nothing new, so that rounds are counted too.
    for (std::int64_t round = 0; round < trials && search.mixed() && !search.done(); ++round) {
        search.climb(search.shuffled(first, job.seed, static_cast<std::uint64_t>(round)));
    }
    out.seats = search.seats_of(search.best());
    out.result.searched = search.best_theta();
    out.result.trials = search.measured();
    return out;
}

}  // namespace motley::redesign
