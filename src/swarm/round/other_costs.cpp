// Messages and bytes of policies that have no overlay.
#include <algorithm>

#include "motley/core/random.hpp"
#include "swarm_impl.hpp"

namespace motley::swarm {
namespace {

/// Exchanges between random pairs until what one site says is known to all (R. Karp et al., FOCS
/// 2000): in each, every site calls another one, and both know what one of them knew.
std::int64_t gossip_steps(std::int64_t sites, std::uint64_t seed, std::int64_t round) {
    if (sites < 2) return 0;
    std::vector<std::uint8_t> knows(static_cast<std::size_t>(sites)), next;
    knows[0] = 1;
    std::int64_t steps = 0;
    constexpr std::int64_t most_steps = 1000;
    while (std::ranges::find(knows, std::uint8_t{0}) != knows.end() && steps < most_steps) {
        next = knows;
        for (std::size_t i = 0; i < knows.size(); ++i) {
            const Random random(seed, Stream::retrieval, (std::uint64_t{1} << 40) + i);
            const auto draw = static_cast<std::uint32_t>(round * most_steps + steps);
            std::size_t other = random.below(knows.size() - 1, draw);
            if (other >= i) ++other;
            if (knows[i] != 0) next[other] = 1;
            if (knows[other] != 0) next[i] = 1;
        }
        knows.swap(next);
        ++steps;
    }
    return steps;
}

}  // namespace

void Swarm::Impl::spread_gossip() {
    steps = gossip_steps(spec.sites, spec.seed, round);
}

void Swarm::Impl::climb_groups() {
    // All packets of a key are on one rank, so that groups with a packet of it can be told there.
    std::vector<Site> groups;
    for_each_key([&](std::span<const DepositRecord> stored, std::span<const QuestionRecord>) {
        groups.clear();
        for (const DepositRecord& deposit : stored) groups.push_back(deposit.site);
        std::int64_t size = 1;
        const auto climb = [&](std::int64_t members) {
            // Each packet goes to the head of the group above and a sum comes back.
            size = members == 0 ? spec.sites : size * members;
            for (Site& group : groups) {
                const std::int64_t head = group / size * size;
                loads.push_back({static_cast<Site>(head), 1, packet_bytes});
                if (watch != nullptr) watch_exchange(group, static_cast<Site>(head));
                group = static_cast<Site>(head);
            }
            const auto packets = std::ssize(groups);
            counts.messages += 2 * packets;
            counts.bytes += 2 * packets * packet_bytes;
            const auto repeated = std::ranges::unique(groups);
            groups.erase(repeated.begin(), repeated.end());
        };
        for (const std::int64_t members : spec.overlay.groups) {
            if (size * members < spec.sites) climb(members);
        }
        climb(0);
    });
}

void Swarm::Impl::add_costs() {
    const auto sites = std::ssize(part.own());
    const std::int64_t others = spec.sites - 1;
    if (spec.policy == Policy::greedy) {
        for (std::size_t i = 0; i < walk_hops.size(); ++i) {
            if (walk_hops[i] < 0) continue;
            // There and back to publish, there and back to ask; a packet and a sum.
            charge(i, 4 * walk_hops[i] + 2, 4 * walk_hops[i] * header_bytes + 2 * packet_bytes);
        }
        return;
    }
    loads.clear();
    if (spec.policy == Policy::hierarchical) {
        climb_groups();
        for (std::size_t i = 0; i < caused.size(); ++i) caused[i] += 2 * packet_bytes;
        return;
    }
    if (spec.policy == Policy::central) {
        for (std::size_t i = 0; i < caused.size(); ++i) {
            charge(i, 2, 2 * packet_bytes);
            if (watch != nullptr) watch_exchange(part.own()[i], 0);
        }
        if (comm.root()) {
            loads.push_back(
                {0, static_cast<std::uint32_t>(spec.sites), 2 * packet_bytes * spec.sites});
        }
        return;
    }
    if (spec.policy == Policy::gossip) spread_gossip();
    const bool talks = spec.policy == Policy::gossip;
    counts.delivered = sites * others;
    for (std::size_t i = 0; i < caused.size(); ++i) {
        charge(i, talks ? 2 * steps : others,
               others * packet_bytes + (talks ? 2 * steps * header_bytes : 0));
        loads.push_back({part.own()[i], static_cast<std::uint32_t>(others), others * packet_bytes});
        for (Site site = 0; watch != nullptr && !talks && site < overlay.sites(); ++site) {
            if (site != part.own()[i]) watch->message(part.own()[i], site, packet_bytes);
        }
    }
}

}  // namespace motley::swarm
