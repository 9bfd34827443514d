// Traffic matrices: sums, checks, patterns and flows between pools of hosts.
#include "motley/redesign/fabric/traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "motley/core/error.hpp"
#include "motley/core/exact_sum.hpp"
#include "motley/core/random.hpp"

namespace motley::fabric {

Traffic::Traffic(std::vector<Demand> demands) : demands_(std::move(demands)) {
    for (const Demand& demand : demands_) {
        if (!(demand.amount >= 0.0) || !std::isfinite(demand.amount)) {
            throw usage_error(
                fmt::format("traffic: {} from {} to {}: an amount must be a number, "
                            "zero or more",
                            demand.amount, demand.source, demand.target));
        }
    }
    std::erase_if(demands_, [](const Demand& demand) {
        return demand.source == demand.target || demand.amount == 0.0;
    });
    std::stable_sort(demands_.begin(), demands_.end(), [](const Demand& a, const Demand& b) {
        return std::pair(a.source, a.target) < std::pair(b.source, b.target);
    });
    std::size_t kept = 0;
    for (const Demand demand : demands_) {
        if (kept > 0 && demands_[kept - 1].source == demand.source &&
            demands_[kept - 1].target == demand.target) {
            demands_[kept - 1].amount += demand.amount;
        } else {
            demands_[kept++] = demand;
        }
    }
    demands_.resize(kept);
}

double Traffic::total() const {
    ExactSum sum;
    for (const Demand& demand : demands_) sum.add(demand.amount);
    return sum.value();
}

Traffic Traffic::operator+(const Traffic& other) const {
    std::vector<Demand> both = demands_;
    both.insert(both.end(), other.demands_.begin(), other.demands_.end());
    return Traffic(std::move(both));
}

Traffic Traffic::operator*(double factor) const {
    std::vector<Demand> scaled = demands_;
    for (Demand& demand : scaled) demand.amount *= factor;
    return Traffic(std::move(scaled));
}

Traffic Traffic::between_alive(const FabricGraph& graph) const {
    std::vector<Demand> left = demands_;
    std::erase_if(left, [&](const Demand& demand) {
        return !graph.alive(demand.source) || !graph.alive(demand.target);
    });
    return Traffic(std::move(left));
}

void check(const FabricGraph& graph, const Traffic& traffic) {
    for (const Demand& demand : traffic.demands()) {
        for (const int end : {demand.source, demand.target}) {
            if (end < 0 || end >= graph.hosts()) {
                throw usage_error(
                    fmt::format("traffic: demand from {} to {}: {} is {}; demands are between "
                                "hosts, 0 to {}",
                                demand.source, demand.target, end,
                                end >= 0 && end < graph.vertices() ? "a switch" : "not there",
                                graph.hosts() - 1));
            }
            if (!graph.alive(end)) {
                throw usage_error(
                    fmt::format("traffic: demand from {} to {}: host {} is out of "
                                "service; leave its demands out",
                                demand.source, demand.target, end));
            }
        }
    }
}

std::vector<int> alive_hosts(const FabricGraph& graph) {
    std::vector<int> hosts;
    for (int host = 0; host < graph.hosts(); ++host) {
        if (graph.alive(host)) hosts.push_back(host);
    }
    return hosts;
}

Traffic permutation(const std::vector<int>& hosts, std::uint64_t seed, std::uint64_t number,
                    double amount) {
    const std::size_t size = hosts.size();
    if (size < 2) throw usage_error("traffic: a permutation needs at least two hosts");
    const Random random(seed, Stream::traffic, number);
    std::uint32_t counter = 0;
    std::vector<int> targets;
    bool fixed = true;
    while (fixed) {  // about e rounds on average
        targets = hosts;
        for (std::size_t left = size; left > 1; --left) {
            std::swap(targets[left - 1], targets[random.below(left, counter++)]);
        }
        fixed = false;
        for (std::size_t i = 0; i < size; ++i) fixed = fixed || targets[i] == hosts[i];
    }
    std::vector<Demand> demands;
    for (std::size_t i = 0; i < size; ++i) demands.push_back({hosts[i], targets[i], amount});
    return Traffic(std::move(demands));
}

Traffic all_to_all(const std::vector<int>& hosts, double amount) {
    if (hosts.size() < 2) throw usage_error("traffic: all-to-all needs at least two hosts");
    std::vector<Demand> demands;
    demands.reserve(hosts.size() * (hosts.size() - 1));
    const double each = amount / static_cast<double>(hosts.size() - 1);
    for (const int source : hosts) {
        for (const int target : hosts) {
            if (source != target) demands.push_back({source, target, each});
        }
    }
    return Traffic(std::move(demands));
}

std::vector<Pool> place(const FabricGraph& graph,
                        const std::vector<std::pair<std::string, int>>& sizes) {
    const auto free = alive_hosts(graph);
    std::int64_t needed = 0;
    for (const auto& [name, size] : sizes) {
        if (size < 1) {
            throw usage_error(
                fmt::format("placement: class '{}' has {} hosts; it needs at least "
                            "one",
                            name, size));
        }
        needed += size;
    }
    if (needed > static_cast<std::int64_t>(free.size())) {
        throw usage_error(
            fmt::format("placement: the fleet needs {} hosts, the topology has {}; "
                        "take a larger topology or fewer devices",
                        needed, free.size()));
    }
    std::vector<Pool> pools;
    auto next = free.begin();
    for (const auto& [name, size] : sizes) {
        pools.push_back({name, {next, next + size}});
        next += size;
    }
    return pools;
}

Traffic between_pools(const std::vector<Pool>& pools, const std::vector<ClassFlow>& flows) {
    std::vector<Demand> demands;
    const auto pool = [&](int index) -> const Pool& {
        if (index < 0 || index >= static_cast<int>(pools.size())) {
            throw usage_error(
                fmt::format("traffic: a flow names class {}; there are {}", index, pools.size()));
        }
        return pools[static_cast<std::size_t>(index)];
    };
    for (const ClassFlow& flow : flows) {
        const auto& sources = pool(flow.source).hosts;
        const auto& targets = pool(flow.target).hosts;
        const double pairs = static_cast<double>(sources.size() * targets.size());
        for (const int source : sources) {
            for (const int target : targets) {
                demands.push_back({source, target, flow.amount / pairs});
            }
        }
    }
    return Traffic(std::move(demands));
}

}  // namespace motley::fabric
