// Fabrics and traffic of the tests.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"
#include "motley/redesign/fabric/assessment.hpp"
#include "motley/topology/topology.hpp"

namespace motley::test {

inline fabric::FabricGraph fabric_of(const topology::Spec& spec) {
    return fabric::FabricGraph(*topology::make(spec));
}

inline fabric::FabricGraph fat_tree(std::int64_t ports) {
    topology::Spec spec;
    spec.generator = "fat-tree";
    spec.set("arity", ports);
    return fabric_of(spec);
}

/// Links of capacity 1 in both directions.
inline fabric::FabricGraph linked(int hosts, int vertices,
                                  const std::vector<std::pair<int, int>>& links) {
    std::vector<fabric::Channel> channels;
    for (const auto& [a, b] : links) {
        channels.push_back({a, b, 1.0});
        channels.push_back({b, a, 1.0});
    }
    return {hosts, vertices, std::move(channels)};
}

/// Jellyfish of any number of servers (Singla et al. 2012, section 3): servers spread evenly, free
/// ports linked at random until none can be; a switch left with two cuts into a random link.
class JellyfishBuilder {
  public:
    using Link = std::pair<int, int>;

    JellyfishBuilder(int switches, int ports, int servers, std::uint64_t seed)
        : servers_(servers),
          free_(static_cast<std::size_t>(switches), ports),
          random_(seed, Stream::test, static_cast<std::uint64_t>(servers)) {
        for (int h = 0; h < servers; ++h) {
            const auto at = static_cast<int>(std::int64_t{h} * switches / servers);
            take(at, 1);
            access_.emplace_back(h, servers + at);
        }
        while (link_or_cut()) {
        }
    }

    fabric::FabricGraph graph() const {
        auto all = access_;
        for (const auto& [a, b] : links_) all.emplace_back(servers_ + a, servers_ + b);
        return linked(servers_, servers_ + switches(), all);
    }

  private:
    int switches() const { return static_cast<int>(free_.size()); }
    int& free(int number) { return free_[static_cast<std::size_t>(number)]; }
    void take(int number, int ports) { free(number) -= ports; }
    bool has(int a, int b) const {
        return std::find(links_.begin(), links_.end(), Link(std::minmax({a, b}))) != links_.end();
    }

    std::vector<Link> open_links() {
        std::vector<Link> open;
        for (int a = 0; a < switches(); ++a) {
            for (int b = a + 1; b < switches() && free(a) > 0; ++b) {
                if (free(b) > 0 && !has(a, b)) open.emplace_back(a, b);
            }
        }
        return open;
    }

    /// False when nothing more can be linked.
    bool link_or_cut() {
        const auto open = open_links();
        if (!open.empty()) {
            const auto link = open[random_.below(open.size(), counter_++)];
            links_.push_back(link);
            take(link.first, 1);
            take(link.second, 1);
            return true;
        }
        int two = switches() - 1;
        while (two >= 0 && free(two) < 2) --two;
        if (two >= 0) cut(two);
        return two >= 0;
    }

    /// Tries one random link a - b: a - two - b instead.
    void cut(int two) {
        const auto at = random_.below(links_.size(), counter_++);
        const auto [a, b] = links_[at];
        if (a == two || b == two || has(a, two) || has(b, two)) return;
        links_[at] = std::minmax({a, two});
        links_.push_back(std::minmax({b, two}));
        take(two, 2);
    }

    int servers_;
    std::vector<int> free_;
    Random random_;
    std::uint32_t counter_ = 0;
    std::vector<Link> links_, access_;
};

inline fabric::FabricGraph jellyfish(int switches, int ports, int servers, std::uint64_t seed) {
    return JellyfishBuilder(switches, ports, servers, seed).graph();
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
