// Moves flow between paths until all paths in use have the same length.
#include "path_flows.hpp"

#include <algorithm>
#include <cmath>

#include "motley/core/index.hpp"

namespace motley::fabric {
namespace {

/// Largest exponent of a price, so that prices stay within the range of a double.
constexpr double largest_exponent = 600.0;
/// Number of passes over the known paths per search for new ones.
constexpr int passes = 2;
/// Share of the older prices in the mean that bounds the throughput.
constexpr double memory = 0.8;

}  // namespace

PathFlows::PathFlows(const FlowNetwork& network)
    : network_(network),
      paths_(network),
      loads_(network.arcs(), 0.0),
      prices_(network.arcs(), 1.0),
      lengths_(network.arcs()),
      mean_prices_(network.arcs(), 0.0),
      mean_lengths_(network.arcs(), 0.0),
      mark_(network.arcs(), 0) {
    for (std::size_t a = 0; a < network.arcs(); ++a) lengths_[a] = 1.0 / network.capacity[a];
    for (const Commodity& commodity : network.commodities) {
        paths_.search(commodity, lengths_);
        auto& bundles = bundles_.emplace_back();
        for (const Sink& sink : commodity.sinks) {
            bundles.push_back({sink.vertex, {}});
            add_shortest(commodity, bundles.back(), sink.amount);
        }
    }
    refresh();
}

void PathFlows::set_steepness(double steepness) {
    steepness_ = steepness;
    refresh();
}

void PathFlows::sweep() {
    for (std::size_t s = 0; s < bundles_.size(); ++s) {
        paths_.search(network_.commodities[s], lengths_);
        for (Bundle& bundle : bundles_[s]) add_shortest(network_.commodities[s], bundle, 0.0);
        for (Bundle& bundle : bundles_[s]) settle(bundle);
    }
    for (int pass = 1; pass < passes; ++pass) {
        for (auto& bundles : bundles_) {
            for (Bundle& bundle : bundles) settle(bundle);
        }
    }
    refresh();
}

Dual PathFlows::dual() {
    double sum = 0.0;
    for (const double price : prices_) sum += price;
    for (std::size_t a = 0; a < prices_.size(); ++a) {
        mean_prices_[a] = memory * mean_prices_[a] + (1.0 - memory) * (prices_[a] / sum);
        mean_lengths_[a] = mean_prices_[a] / network_.capacity[a];
    }
    double capacity = 0.0, cost = 0.0;
    for (const double price : mean_prices_) capacity += price;
    for (const Commodity& commodity : network_.commodities) {
        paths_.search(commodity, mean_lengths_);
        for (const Sink& sink : commodity.sinks) cost += sink.amount * paths_.distance(sink.vertex);
    }
    const auto most = std::max_element(mean_prices_.begin(), mean_prices_.end());
    return {capacity / cost, static_cast<std::size_t>(most - mean_prices_.begin()),
            *most / capacity};
}

void PathFlows::add_shortest(const Commodity& commodity, Bundle& bundle, double flow) {
    std::vector<int> arcs;
    for (int v = bundle.target; v != commodity.source; v = network_.tails[at(arcs.back())]) {
        arcs.push_back(paths_.parent(v));
    }
    const auto same = [&](const Path& path) { return path.arcs == arcs; };
    if (std::none_of(bundle.paths.begin(), bundle.paths.end(), same)) {
        bundle.paths.push_back({std::move(arcs), flow});
    }
}

double PathFlows::length(const Path& path) const {
    double sum = 0.0;
    for (const int arc : path.arcs) sum += lengths_[at(arc)];
    return sum;
}

void PathFlows::settle(Bundle& bundle) {
    if (bundle.paths.size() < 2) return;
    std::size_t best = 0;
    double shortest = length(bundle.paths[0]);
    for (std::size_t p = 1; p < bundle.paths.size(); ++p) {
        const double sum = length(bundle.paths[p]);
        if (sum < shortest) {
            shortest = sum;
            best = p;
        }
    }
    std::swap(bundle.paths[0], bundle.paths[best]);
    for (std::size_t p = 1; p < bundle.paths.size(); ++p) {
        shift(bundle.paths[p], bundle.paths[0]);
    }
    std::erase_if(bundle.paths, [](const Path& path) { return path.flow <= 0.0; });
}

/// Makes one Newton step towards equal lengths, which changes no price by more than a factor e.
void PathFlows::shift(Path& from, Path& to) {
    for (const int arc : from.arcs) mark_[at(arc)] += 1;
    for (const int arc : to.arcs) mark_[at(arc)] -= 1;
    double difference = 0.0, curvature = 0.0, narrowest = from.flow * steepness_;
    for (const auto* path : {&from, &to}) {
        for (const int arc : path->arcs) {
            if (mark_[at(arc)] == 0) continue;
            difference += mark_[at(arc)] * lengths_[at(arc)];
            curvature += steepness_ * lengths_[at(arc)] / network_.capacity[at(arc)];
            narrowest = std::min(narrowest, network_.capacity[at(arc)]);
        }
    }
    if (difference > 0.0) {
        double amount = std::min(difference / curvature, narrowest / steepness_);
        if (amount >= from.flow * (1.0 - 1e-9)) amount = from.flow;
        from.flow -= amount;
        to.flow += amount;
        for (const auto* path : {&from, &to}) {
            for (const int arc : path->arcs) {
                if (mark_[at(arc)] != 0) add_load(arc, path == &from ? -amount : amount);
            }
        }
    }
    for (const auto* path : {&from, &to}) {
        for (const int arc : path->arcs) mark_[at(arc)] = 0;
    }
}

void PathFlows::add_load(int arc, double amount) {
    double& load = loads_[at(arc)];
    load = std::max(load + amount, 0.0);
    const double above = load / network_.capacity[at(arc)] - congestion_;
    prices_[at(arc)] =
        std::exp(std::clamp(steepness_ * above, -largest_exponent, largest_exponent));
    lengths_[at(arc)] = prices_[at(arc)] / network_.capacity[at(arc)];
}

/// Computes the loads from the flows again, so that rounding does not add up, and then the prices.
void PathFlows::refresh() {
    std::fill(loads_.begin(), loads_.end(), 0.0);
    for (const auto& bundles : bundles_) {
        for (const Bundle& bundle : bundles) {
            for (const Path& path : bundle.paths) {
                for (const int arc : path.arcs) loads_[at(arc)] += path.flow;
            }
        }
    }
    congestion_ = 0.0;
    for (std::size_t a = 0; a < loads_.size(); ++a) {
        congestion_ = std::max(congestion_, loads_[a] / network_.capacity[a]);
    }
    for (std::size_t a = 0; a < loads_.size(); ++a) add_load(static_cast<int>(a), 0.0);
}

}  // namespace motley::fabric
