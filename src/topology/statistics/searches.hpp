// Breadth-first searches from many sources at once, each with one bit (Then et al., "The more the
// merrier", doi:10.14778/2735496.2735507), over rows that peers have.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "topology/statistics/row_block.hpp"

namespace motley::topology {

/// Searches that run at the same time.
constexpr std::size_t lanes = 64;

/// An agent of this peer from which the search of a lane starts. A lane may start from several.
struct Start {
    std::uint32_t row = 0;
    std::size_t lane = 0;
};

/// Counts how often each bit was set in many words; most of them cost a few operations.
class BitCounts {
  public:
    void add(std::uint64_t word) {
        for (std::size_t plane = 0; word != 0; ++plane) {
            const std::uint64_t carry = planes_[plane] & word;
            planes_[plane] ^= word;
            word = carry;
        }
        if (++pending_ == most_pending) flush();
    }
    /// The counts since the last call.
    std::array<std::int64_t, lanes> take() {
        flush();
        return std::exchange(counts_, {});
    }

  private:
    static constexpr std::size_t digits = 12;
    static constexpr int most_pending = (1 << digits) - 1;

    void flush();

    std::array<std::uint64_t, digits> planes_{};  ///< binary digits of each count
    std::array<std::int64_t, lanes> counts_{};
    int pending_ = 0;
};

/// A level touches only agents that some search has just reached, so that long thin graphs cost no
/// more than separate searches.
class Searches {
  public:
    /// With `symmetric`, every arc has its opposite.
    Searches(const RowBlock& graph, bool symmetric, const Peers& peers);

    /// Collective. Searches until nothing is left. Calls `on_level(level, rows)` for each level
    /// from 1 on, on all peers, with the own rows that were reached; `reached(row)` has the bits of
    /// the searches that did.
    template <class OnLevel>
    void run(std::span<const Start> starts, OnLevel on_level) {
        begin(starts);
        for (std::int64_t level = 1; advance(); ++level) {
            on_level(level, std::span<const std::uint32_t>(front_));
        }
    }
    std::uint64_t reached(std::uint32_t row) const { return now_[row]; }
    /// Arcs that this peer has followed so far.
    std::int64_t work() const { return work_; }

  private:
    /// Bit l belongs to search l. One struct holds both words, because they are always read
    /// together. Those of a ghost say what its owner was told and what it is to be told.
    struct SearchState {
        std::uint64_t seen = 0;
        std::uint64_t next = 0;
    };

    void find_margins();
    void begin(std::span<const Start> starts);
    /// Collective. Makes a level; false where no peer reached anything.
    bool advance();
    void spread();
    bool tell();
    void hear(int peer, std::span<const std::uint64_t> words);
    void settle();

    const RowBlock& graph_;
    const Peers& peers_;
    std::vector<SearchState> states_;  ///< of the agents that this peer knows
    std::vector<std::uint64_t> now_;   ///< searches that reached each row in the last level
    std::vector<std::uint32_t> front_;
    std::vector<std::uint32_t> touched_;              ///< own agents, by local number
    std::vector<std::vector<std::uint32_t>> ghosts_;  ///< touched ghosts of each peer
    /// Levels that a search from a row makes before it can leave this peer; empty: none.
    std::vector<std::uint32_t> margins_;
    /// Levels that all peers make before they tell each other anything.
    std::uint32_t quiet_ = 0;
    std::int64_t work_ = 0;
};

}  // namespace motley::topology
