// Fabrics and systems of the tests.
#pragma once

#include <string>
#include <vector>

#include "motley/core/random.hpp"
#include "motley/redesign/serving/serving.hpp"
#include "motley/topology/topology.hpp"

namespace motley::serving::test {

inline fabric::FabricGraph made(const std::string& generator,
                                const std::vector<std::pair<std::string, double>>& keys) {
    topology::Spec spec;
    spec.generator = generator;
    for (const auto& [key, value] : keys) {
        if (key == "uplink_capacity" || key == "node_capacity") {
            spec.set(key, value);
        } else {
            spec.set(key, static_cast<std::int64_t>(value));
        }
    }
    return fabric::FabricGraph(*topology::make(spec));
}

/// Random numbers in the order of the calls.
class Draws {
  public:
    explicit Draws(std::uint64_t id) : random_(23, Stream::test, id) {}
    int below(int bound) {
        return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound), counter_++));
    }
    double between(double low, double high) {
        return low + (high - low) * random_.uniform(counter_++);
    }
    bool chance(double share) { return random_.uniform(counter_++) < share; }

  private:
    Random random_;
    std::uint32_t counter_ = 0;
};

/// Two or three switches in a ring with one to three hosts each; some hosts have a second link.
inline fabric::FabricGraph tiny_fabric(Draws& draws, bool alike) {
    const int switches = 2 + draws.below(3);
    const int hosts = 4 + draws.below(3);
    std::vector<fabric::Channel> channels;
    const auto link = [&](int a, int b, double least) {
        channels.push_back({a, b, alike ? least : draws.between(least, 2.0 * least)});
        channels.push_back({b, a, alike ? least : draws.between(least, 2.0 * least)});
    };
    for (int s = 0; s + 1 < switches; ++s) link(hosts + s, hosts + s + 1, 0.5);
    if (switches > 2) link(hosts, hosts + switches - 1, 0.5);
    for (int h = 0; h < hosts; ++h) {
        const int leaf = h * switches / hosts;
        link(h, hosts + leaf, 1.0);
        if (!alike && draws.chance(0.2)) link(h, hosts + (leaf + 1) % switches, 1.0);
    }
    return {hosts, hosts + switches, std::move(channels)};
}

/// Two types, three classes in a chain of flows; groups, limits and nodes at random.
inline System tiny_system(Draws& draws, const fabric::FabricGraph& graph, bool groups) {
    System system;
    for (int type = 0; type < 2; ++type) {
        system.types.push_back({{draws.between(1, 4), draws.between(1, 4), draws.between(1, 4)},
                                draws.chance(0.5) ? draws.between(0.3, 2.0) : 0.0});
    }
    if (draws.chance(0.4)) system.types[0].rates[1] = 0.0;
    for (int h = 0; h < graph.hosts(); ++h) {
        const int type = draws.chance(0.1) ? -1 : draws.below(2);
        system.hosts.push_back({type, h / 2});
    }
    system.hosts[0].type = 0;
    system.hosts[1].type = 1;
    system.demands = {draws.between(1, 3), draws.between(1, 3), draws.between(1, 3)};
    system.flows = {{0, 1, draws.between(0.2, 1.5)}, {1, 2, draws.between(0.2, 1.5)}};
    if (draws.chance(0.3))
        system.limits.push_back({1, draws.below(3) - 1, draws.between(0.5, 2.0)});
    if (!groups) return system;
    Collective collective{2, {}};
    std::vector<int> members;
    for (int h = 0; h < graph.hosts(); ++h) {
        if (system.hosts[static_cast<std::size_t>(h)].type >= 0) members.push_back(h);
    }
    const std::size_t half = members.size() / 2;
    for (const bool first : {true, false}) {
        Group group;
        group.hosts.assign(first ? members.begin() : members.begin() + static_cast<long>(half),
                           first ? members.begin() + static_cast<long>(half) : members.end());
        for (std::size_t i = 0; i < group.hosts.size() && group.hosts.size() > 1; ++i) {
            group.demands.push_back({group.hosts[i], group.hosts[(i + 1) % group.hosts.size()],
                                     draws.chance(0.5) ? 0.2 : draws.between(0.0, 0.5)});
        }
        collective.groups.push_back(group);
    }
    system.collectives.push_back(collective);
    return system;
}

}  // namespace motley::serving::test
