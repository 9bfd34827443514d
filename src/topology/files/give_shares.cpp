// One reader has a topology, and tells the others.
#include <type_traits>

#include "topology/files/held_share.hpp"
#include "topology/files/words.hpp"

namespace motley::topology {
namespace {

Words description_of(const Topology& whole) {
    Words words;
    words.push_back(static_cast<std::uint64_t>(whole.agents()));
    words.push_back(static_cast<std::uint64_t>(whole.hosts()));
    const Traits traits = whole.traits();
    put_bytes(&traits, sizeof(traits), words);
    put_texts(whole.names(), words);
    put_texts(whole.remarks(), words);
    return words;
}

Description read_description(const Words& words) {
    static_assert(std::is_trivially_copyable_v<Traits>);
    WordTaker taker(words);
    Description description;
    description.agents = static_cast<AgentId>(taker.word());
    description.hosts = static_cast<AgentId>(taker.word());
    taker.bytes(&description.traits, sizeof(Traits));
    taker.texts(description.names);
    taker.texts(description.remarks);
    return description;
}

/// The arcs of one of `count` shares. Numbers that are the same for all of them do not travel.
Words pack_arcs(const Topology& whole, int place, int count) {
    const double survival = whole.traits().survival;
    Words ends;
    std::vector<double> weights, survivals;
    bool any_weight = false, any_survival = false;
    whole.arcs(place, count, [&](std::span<const Arc> arcs) {
        for (const Arc& arc : arcs) {
            ends.push_back(static_cast<std::uint64_t>(arc.source) << 32 |
                           static_cast<std::uint64_t>(arc.target));
            weights.push_back(arc.weight);
            survivals.push_back(arc.survival);
            any_weight = any_weight || arc.weight != 1.0;
            any_survival = any_survival || arc.survival != survival;
        }
    });
    if (!any_weight) weights = {};
    if (!any_survival) survivals = {};
    Words words;
    words.reserve(3 + ends.size() + weights.size() + survivals.size());
    words.push_back(ends.size());
    words.insert(words.end(), ends.begin(), ends.end());
    for (const std::vector<double>* numbers : {&weights, &survivals}) {
        words.push_back(numbers->size());
        put_bytes(numbers->data(), numbers->size() * sizeof(double), words);
    }
    return words;
}

HeldArcs read_arcs(const Words& words) {
    WordTaker taker(words);
    HeldArcs arcs;
    arcs.ends.resize(taker.word());
    for (HeldArcs::Ends& ends : arcs.ends) {
        const std::uint64_t word = taker.word();
        ends = {static_cast<std::uint32_t>(word >> 32), static_cast<std::uint32_t>(word)};
    }
    arcs.weights = taker.numbers();
    arcs.survivals = taker.numbers();
    return arcs;
}

}  // namespace

std::unique_ptr<Share> give_shares(const Topology* whole, const Peers& readers) {
    const Words description = readers.gather(whole != nullptr ? description_of(*whole) : Words{});
    std::vector<Words> send(static_cast<std::size_t>(readers.count()));
    for (int place = 0; whole != nullptr && place < readers.count(); ++place) {
        send[static_cast<std::size_t>(place)] = pack_arcs(*whole, place, readers.count());
    }
    const Words arcs = readers.exchange(send);
    return make_held_share(read_description(description), read_arcs(arcs), readers);
}

}  // namespace motley::topology
