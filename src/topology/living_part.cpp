#include "motley/topology/living_part.hpp"

#include <algorithm>

namespace motley::topology {

LivingPart::LivingPart(const Topology& whole, std::vector<AgentId> gone, Senders senders)
    : whole_(whole), gone_(std::move(gone)), senders_(senders) {}

bool LivingPart::has_sinks() const {
    const Traits traits = whole_.traits();
    return senders_ == Senders::lose && !traits.complete && !traits.pool && !gone_.empty();
}

AgentId LivingPart::agents() const {
    return has_sinks() ? whole_.agents() : whole_.agents() - count();
}

Traits LivingPart::traits() const {
    Traits traits = whole_.traits();
    traits.expected_arcs = -1;
    if (has_sinks()) traits.symmetric_uniform = false;
    if (senders_ == Senders::lose && traits.complete && hosts() > 1) {
        traits.survival *=
            static_cast<double>(hosts() - 1) / static_cast<double>(whole_.hosts() - 1);
    }
    // Weights of a graph with equal weights are 1, so that routing by weight is uniform as well.
    return traits;
}

AgentId LivingPart::here(AgentId in_whole) const {
    const auto at = std::lower_bound(gone_.begin(), gone_.end(), in_whole);
    const auto before = static_cast<AgentId>(at - gone_.begin());
    const bool gone = at != gone_.end() && *at == in_whole;
    return gone ? whole_.agents() - count() + before : in_whole - before;
}

bool LivingPart::is_gone(AgentId in_whole) const {
    return std::binary_search(gone_.begin(), gone_.end(), in_whole);
}

AgentId LivingPart::in_whole(AgentId id) const {
    const AgentId living = whole_.agents() - count();
    if (id >= living) return gone_[static_cast<std::size_t>(id - living)];
    // Vertex gone_[i] has gone_[i] - i living ones before it.
    AgentId low = 0, high = count();
    while (low < high) {
        const AgentId middle = (low + high) / 2;
        if (gone_[static_cast<std::size_t>(middle)] - middle <= id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return id + low;
}

void LivingPart::arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const {
    const bool sinks = has_sinks();
    std::vector<Arc> living;
    whole_.arcs(chunk, chunks, [&](std::span<const Arc> arcs) {
        living.clear();
        for (const Arc& arc : arcs) {
            if (is_gone(arc.source) || (!sinks && is_gone(arc.target))) continue;
            living.push_back({here(arc.source), here(arc.target), arc.weight, arc.survival});
        }
        if (!living.empty()) sink(living);
    });
}

}  // namespace motley::topology
