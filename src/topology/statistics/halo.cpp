#include "topology/statistics/halo.hpp"

namespace motley::topology {

Halo::Halo(const Blocks& blocks, std::span<const std::uint32_t> targets, const Peers& peers)
    : owned_(blocks.size(peers.place())),
      first_id_(blocks.first(peers.place())),
      known_(static_cast<std::size_t>(blocks.agents()) / 64 + 1, 0),
      shown_(static_cast<std::size_t>(peers.count())) {
    const auto own_begin = static_cast<std::size_t>(first_id_);
    const auto mark = [&](std::size_t id) { known_[id / 64] |= std::uint64_t{1} << (id % 64); };
    for (const std::uint32_t target : targets) mark(target);
    for (std::size_t id = own_begin; id < own_begin + owned_; ++id) mark(id);
    before_.reserve(known_.size());
    std::uint32_t before = 0;
    for (std::size_t w = 0; w < known_.size(); ++w) {
        before_.push_back(before);
        before += static_cast<std::uint32_t>(std::popcount(known_[w]));
        for (std::uint64_t rest = known_[w]; rest != 0; rest &= rest - 1) {
            const std::size_t id = 64 * w + static_cast<std::size_t>(std::countr_zero(rest));
            if (id < own_begin) ++first_own_;
            if (id - own_begin >= owned_) ghosts_.push_back(static_cast<std::uint32_t>(id));
        }
    }
    Letters letters(peers);
    for (int peer = 0; peer <= peers.count(); ++peer) {
        const auto begin = std::ranges::lower_bound(ghosts_, blocks.first(peer));
        ghost_begin_.push_back(static_cast<std::uint32_t>(begin - ghosts_.begin()));
    }
    for (int peer = 0; peer < peers.count(); ++peer) {
        for (std::size_t g = 0; g < ghosts_of(peer); ++g) {
            letters.to(peer).push_back(ghosts_[ghost_begin_[static_cast<std::size_t>(peer)] + g]);
        }
    }
    letters.deliver([&](int peer, std::span<const std::uint64_t> ids) {
        auto& shown = shown_[static_cast<std::size_t>(peer)];
        shown.reserve(ids.size());
        for (const std::uint64_t id : ids) {
            shown.push_back(static_cast<std::uint32_t>(id - own_begin));
        }
    });
}

void Halo::add_back(std::vector<std::int64_t>& known, const Peers& peers) const {
    if (peers.count() == 1) return;
    Letters letters(peers);
    for (int peer = 0; peer < peers.count(); ++peer) {
        const std::uint32_t first = first_ghost_of(peer);
        for (std::uint32_t g = 0; g < ghosts_of(peer); ++g) {
            letters.to(peer).push_back(to_word(known[first + g]));
        }
    }
    letters.deliver([&](int peer, std::span<const std::uint64_t> words) {
        const auto shown = shown_to(peer);
        for (std::size_t i = 0; i < words.size(); ++i) {
            known[first_own_ + shown[i]] += from_word<std::int64_t>(words[i]);
        }
    });
}

}  // namespace motley::topology
