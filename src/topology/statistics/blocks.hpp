// Who has which agents when several peers examine a graph together, and letters to their owners.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "motley/core/exact_sum.hpp"
#include "motley/core/ids.hpp"
#include "motley/topology/peers.hpp"
#include "motley/topology/topology.hpp"

namespace motley::topology {

/// Contiguous blocks of agents, one for each peer, as chunk_range cuts them.
class Blocks {
  public:
    Blocks(AgentId agents, int peers)
        : agents_(agents), peers_(peers), length_(agents / peers), longer_(agents % peers) {}

    AgentId agents() const { return agents_; }
    int peers() const { return peers_; }
    /// The first agent of a peer; `agents()` for the peer after the last.
    AgentId first(int peer) const { return peer * length_ + std::min<AgentId>(peer, longer_); }
    std::size_t size(int peer) const {
        return static_cast<std::size_t>(first(peer + 1) - first(peer));
    }
    int owner(AgentId agent) const {
        const AgentId in_longer = longer_ * (length_ + 1);
        return static_cast<int>(agent < in_longer ? agent / (length_ + 1)
                                                  : longer_ + (agent - in_longer) / length_);
    }

  private:
    AgentId agents_;
    int peers_;
    AgentId length_;  ///< of the shorter blocks
    AgentId longer_;  ///< so many blocks at the front have one agent more
};

/// One letter of words to each peer.
class Letters {
  public:
    explicit Letters(const Peers& peers)
        : peers_(peers), send_(static_cast<std::size_t>(peers.count())) {}

    Peers::Words& to(int peer) { return send_[static_cast<std::size_t>(peer)]; }
    /// Words that wait.
    std::size_t size() const {
        std::size_t words = 0;
        for (const auto& letter : send_) words += letter.size();
        return words;
    }
    /// Collective. Calls `read(peer, words)` for what each peer sent to this one, in the order of
    /// their places; the letters are empty afterwards.
    template <class Read>
    void deliver(Read read) {
        std::vector<std::int64_t> counts;
        const Peers::Words received = peers_.exchange(send_, counts);
        for (auto& letter : send_) letter.clear();
        std::size_t begin = 0;
        for (int peer = 0; peer < peers_.count(); ++peer) {
            const auto count = static_cast<std::size_t>(counts[static_cast<std::size_t>(peer)]);
            read(peer, std::span(received).subspan(begin, count));
            begin += count;
        }
    }

  private:
    const Peers& peers_;
    std::vector<Peers::Words> send_;
};

/// A value that fits a word, as one.
template <class T>
std::uint64_t to_word(const T& value) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t));
    std::uint64_t word = 0;
    std::memcpy(&word, &value, sizeof(T));
    return word;
}
template <class T>
T from_word(std::uint64_t word) {
    T value;
    std::memcpy(&value, &word, sizeof(T));
    return value;
}

/// Collective. Replaces each value by what `merge(a, b)` makes of those of all peers; every peer
/// gives equally many. `merge` must not depend on the order.
template <class T, class Merge>
void merge_all(const Peers& peers, std::span<T> values, Merge merge) {
    if (peers.count() == 1 || values.empty()) return;
    Peers::Words own;
    for (const T& value : values) own.push_back(to_word(value));
    const Peers::Words all = peers.gather(own);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = from_word<T>(all[i]);
        for (std::size_t at = i + own.size(); at < all.size(); at += own.size()) {
            values[i] = merge(values[i], from_word<T>(all[at]));
        }
    }
}
inline std::int64_t sum_of(const Peers& peers, std::int64_t value) {
    merge_all(peers, std::span(&value, 1), [](auto a, auto b) { return a + b; });
    return value;
}
inline std::int64_t most_of(const Peers& peers, std::int64_t value) {
    merge_all(peers, std::span(&value, 1), [](auto a, auto b) { return std::max(a, b); });
    return value;
}

/// Collective. The sum of all that the peers have added up.
inline double total_of(const Peers& peers, const ExactSum& own) {
    if (peers.count() == 1) return own.value();
    auto chunks = own.export_chunks();
    merge_all(peers, std::span<std::int64_t>(chunks), [](auto a, auto b) { return a + b; });
    return ExactSum::import_chunks(chunks.data()).value();
}

/// Collective. Asks the owner of each id for `answer(row)`, a word about its row; returns the
/// answers in the order of the ids.
template <class Answer>
Peers::Words ask_owners(const Blocks& blocks, const Peers& peers, std::span<const AgentId> ids,
                        Answer answer) {
    const AgentId first = blocks.first(peers.place());
    Letters questions(peers), replies(peers);
    for (const AgentId id : ids) {
        questions.to(blocks.owner(id)).push_back(static_cast<std::uint64_t>(id));
    }
    questions.deliver([&](int peer, std::span<const std::uint64_t> asked) {
        for (const std::uint64_t id : asked) {
            replies.to(peer).push_back(
                answer(static_cast<std::size_t>(static_cast<AgentId>(id) - first)));
        }
    });
    std::vector<Peers::Words> by_peer;
    replies.deliver([&](int, std::span<const std::uint64_t> words) {
        by_peer.emplace_back(words.begin(), words.end());
    });
    std::vector<std::size_t> next(by_peer.size(), 0);
    Peers::Words answers;
    answers.reserve(ids.size());
    for (const AgentId id : ids) {
        const auto owner = static_cast<std::size_t>(blocks.owner(id));
        answers.push_back(by_peer[owner][next[owner]++]);
    }
    return answers;
}

}  // namespace motley::topology
