// Fabrics and traffic of the tests.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"
#include "motley/fabric/fabric.hpp"
#include "motley/topology/topology.hpp"

namespace motley::test {

inline fabric::Graph fabric_of(const topology::Spec& spec) {
    return fabric::Graph(*topology::make(spec));
}

inline fabric::Graph fat_tree(std::int64_t ports) {
    topology::Spec spec;
    spec.generator = "fat-tree";
    spec.arity = ports;
    return fabric_of(spec);
}

/// Links of capacity 1 in both directions.
inline fabric::Graph linked(int hosts, int vertices,
                            const std::vector<std::pair<int, int>>& links) {
    std::vector<fabric::Channel> channels;
    for (const auto& [a, b] : links) {
        channels.push_back({a, b, 1.0});
        channels.push_back({b, a, 1.0});
    }
    return {hosts, vertices, std::move(channels)};
}

/// Jellyfish of `switches` with `ports` for any number of servers (Singla et al. 2012, section 3):
/// servers spread evenly; free ports linked at random until none can be, and a switch with two
/// free ports cuts into a random link.
inline fabric::Graph jellyfish(int switches, int ports, int servers, std::uint64_t seed) {
    std::vector<int> free(static_cast<std::size_t>(switches), ports);
    std::vector<std::pair<int, int>> links, access;
    for (int h = 0; h < servers; ++h) {
        const int at = static_cast<int>(static_cast<std::int64_t>(h) * switches / servers);
        free[static_cast<std::size_t>(at)] -= 1;
        access.emplace_back(h, servers + at);
    }
    const Random random(seed, Stream::test, static_cast<std::uint64_t>(servers));
    std::uint32_t counter = 0;
    const auto has = [&](int a, int b) {
        return std::find(links.begin(), links.end(), std::minmax({a, b})) != links.end();
    };
    for (;;) {
        std::vector<std::pair<int, int>> open;
        int two = -1;
        for (int a = 0; a < switches; ++a) {
            if (free[static_cast<std::size_t>(a)] >= 2) two = a;
            for (int b = a + 1; b < switches; ++b) {
                if (free[static_cast<std::size_t>(a)] > 0 &&
                    free[static_cast<std::size_t>(b)] > 0 && !has(a, b)) {
                    open.emplace_back(a, b);
                }
            }
        }
        if (!open.empty()) {
            const auto link = open[random.below(open.size(), counter++)];
            links.push_back(link);
            free[static_cast<std::size_t>(link.first)] -= 1;
            free[static_cast<std::size_t>(link.second)] -= 1;
        } else if (two >= 0) {
            const auto at = random.below(links.size(), counter++);
            const auto [a, b] = links[at];
            if (a == two || b == two || has(a, two) || has(b, two)) continue;
            links[at] = std::minmax({a, two});
            links.push_back(std::minmax({b, two}));
            free[static_cast<std::size_t>(two)] -= 2;
        } else {
            break;
        }
    }
    for (const auto& [a, b] : links) access.emplace_back(servers + a, servers + b);
    return linked(servers, servers + switches, access);
}

/// The message of the motley error that `call` throws; "" where it throws none.
template <typename Call>
std::string refusal(Call&& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace motley::test
