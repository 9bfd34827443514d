// Those who work on one graph together, each on a part of it.
#pragma once

#include <cstdint>
#include <vector>

namespace motley::topology {

/// Several processes that read a file or examine a graph together, and what they tell each other.
/// All must call each function in the same order.
class Peers {
  public:
    using Words = std::vector<std::uint64_t>;

    virtual ~Peers() = default;
    virtual int count() const = 0;
    virtual int place() const = 0;  ///< of this one, from 0
    /// What all of them say, in the order of their places.
    virtual Words gather(const Words& own) const = 0;
    /// send[p] goes to peer p. Returns what the peers sent to this one, in the order of their
    /// places; counts[p] is how many words are from peer p.
    virtual Words exchange(const std::vector<Words>& send,
                           std::vector<std::int64_t>& counts) const = 0;
    Words exchange(const std::vector<Words>& send) const {
        std::vector<std::int64_t> counts;
        return exchange(send, counts);
    }
};

/// One who works alone.
class Alone final : public Peers {
  public:
    using Peers::exchange;
    int count() const override { return 1; }
    int place() const override { return 0; }
    Words gather(const Words& own) const override { return own; }
    Words exchange(const std::vector<Words>& send,
                   std::vector<std::int64_t>& counts) const override {
        counts.assign(1, static_cast<std::int64_t>(send.front().size()));
        return send.front();
    }
};

}  // namespace motley::topology
