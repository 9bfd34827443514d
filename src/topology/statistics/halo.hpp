// The agents that a peer knows: its own and those that its arcs lead to.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "topology/statistics/blocks.hpp"

namespace motley::topology {

/// Agents known to a peer have local numbers in the order of their ids: first ghosts of the peers
/// before it, then its own agents, then ghosts of the peers after it.
class Halo {
  public:
    /// Collective. `targets` are ids of agents that the arcs of this peer lead to.
    Halo(const Blocks& blocks, std::span<const std::uint32_t> targets, const Peers& peers);

    /// How many agents this peer knows.
    std::size_t size() const { return owned_ + ghosts_.size(); }
    std::size_t owned() const { return owned_; }
    /// The local number of the first agent of this peer.
    std::uint32_t first_own() const { return first_own_; }
    bool is_own(std::uint32_t local) const { return local - first_own_ < owned_; }
    AgentId id(std::uint32_t local) const {
        if (is_own(local)) return first_id_ + (local - first_own_);
        return ghosts_[ghost_of(local)];
    }
    /// The local number of an agent, where this peer knows it.
    std::optional<std::uint32_t> find(AgentId agent) const {
        const auto word = static_cast<std::size_t>(agent) / 64;
        const std::uint64_t bit = std::uint64_t{1} << (static_cast<std::size_t>(agent) % 64);
        if ((known_[word] & bit) == 0) return std::nullopt;
        return before_[word] + static_cast<std::uint32_t>(std::popcount(known_[word] & (bit - 1)));
    }

    /// Collective. Sets the values of all ghosts to those that their owners have; `known` has a
    /// value for each agent that this peer knows.
    template <class Values>
    void refresh(Values& known, const Peers& peers) const {
        using T = std::remove_cvref_t<decltype(known[0])>;
        if (peers.count() == 1) return;
        Letters letters(peers);
        for (int peer = 0; peer < peers.count(); ++peer) {
            Peers::Words& letter = letters.to(peer);
            letter.reserve(shown_to(peer).size());
            for (const std::uint32_t row : shown_to(peer)) {
                letter.push_back(to_word(known[first_own_ + row]));
            }
        }
        letters.deliver([&](int peer, std::span<const std::uint64_t> words) {
            std::uint32_t local = first_ghost_of(peer);
            for (const std::uint64_t word : words) known[local++] = from_word<T>(word);
        });
    }
    /// Collective. Adds the values of ghosts to those of the agents at their owners.
    void add_back(std::vector<std::int64_t>& known, const Peers& peers) const;

    /// Rows of this peer that are ghosts of another, ascending.
    std::span<const std::uint32_t> shown_to(int peer) const {
        return shown_[static_cast<std::size_t>(peer)];
    }
    /// The local number of the first ghost that a peer owns; the others follow it.
    std::uint32_t first_ghost_of(int peer) const {
        const std::uint32_t ghost = ghost_begin_[static_cast<std::size_t>(peer)];
        return ghost < first_own_ ? ghost : ghost + static_cast<std::uint32_t>(owned_);
    }
    std::size_t ghosts_of(int peer) const {
        const auto p = static_cast<std::size_t>(peer);
        return ghost_begin_[p + 1] - ghost_begin_[p];
    }
    /// The place of a local number among the ghosts of all peers; it must not be that of an own
    /// agent.
    std::size_t ghost_of(std::uint32_t local) const {
        return local < first_own_ ? local : local - owned_;
    }
    /// The owner of a ghost, and the place of the ghost among those of that owner.
    std::pair<int, std::uint32_t> owner_of_ghost(std::uint32_t local) const {
        const auto ghost = static_cast<std::uint32_t>(ghost_of(local));
        const auto after = std::upper_bound(ghost_begin_.begin(), ghost_begin_.end(), ghost);
        return {static_cast<int>(after - ghost_begin_.begin()) - 1, ghost - *(after - 1)};
    }

    friend bool operator==(const Halo& a, const Halo& b) { return a.ghosts_ == b.ghosts_; }

  private:
    std::size_t owned_;
    AgentId first_id_;
    std::uint32_t first_own_ = 0;
    std::vector<std::uint64_t> known_;        ///< a bit for each agent
    std::vector<std::uint32_t> before_;       ///< known agents before each word of `known_`
    std::vector<std::uint32_t> ghosts_;       ///< their ids, ascending
    std::vector<std::uint32_t> ghost_begin_;  ///< the first ghost of each peer
    std::vector<std::vector<std::uint32_t>> shown_;
};

}  // namespace motley::topology
