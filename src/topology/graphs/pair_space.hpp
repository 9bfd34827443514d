// Index spaces of agent pairs, and the independent trials over them from which random graphs arise.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "topology/generators.hpp"

namespace motley::topology {

/// Number of unordered pairs of `count` things.
constexpr std::int64_t pairs_of(std::int64_t count) {
    return count * (count - 1) / 2;
}

struct AgentPair {
    std::int64_t low = 0;
    std::int64_t high = 0;  ///< > low
};

/// Pair number `index`, where pairs are ordered by their higher member, then by the lower one.
inline AgentPair pair_at(std::int64_t index) {
    const double root = std::sqrt(8.0 * static_cast<double>(index) + 1.0);
    auto high = static_cast<std::int64_t>((1.0 + root) / 2.0);
    while (pairs_of(high) > index) --high;
    while (pairs_of(high + 1) <= index) ++high;
    return {index - pairs_of(high), high};
}

/// Independent trials 0, ..., size - 1 that all succeed with one probability. Geometric skipping
/// (Batagelj, Brandes 2005, doi:10.1103/PhysRevE.71.036113) runs within blocks of a fixed length,
/// each with its own random numbers: the work is proportional to the successes, and the result does
/// not depend on the cut into chunks.
class Trials {
  public:
    /// `space` (0..7) keeps the numbers of several spaces of one generator apart.
    Trials(std::int64_t size, double probability, RandomKey random, std::uint64_t space)
        : size_(size), probability_(probability), random_(random), space_(space << 60) {
        const double length = successes_per_block / std::max(probability, 1e-300);
        length_ = length < static_cast<double>(size) ? static_cast<std::int64_t>(length)
                                                     : std::max<std::int64_t>(size, 1);
    }

    double expected() const { return probability_ * static_cast<double>(size_); }

    /// Calls `visit(index)` for each success of the blocks of this chunk, ascending.
    template <class Visit>
    void visit(std::int64_t chunk, std::int64_t chunks, Visit&& visit) const {
        if (probability_ == 0.0) return;
        const ChunkRange blocks = chunk_range((size_ + length_ - 1) / length_, chunk, chunks);
        for (std::int64_t block = blocks.begin; block < blocks.end; ++block) {
            visit_block(block, visit);
        }
    }

  private:
    static constexpr double successes_per_block = 256.0;

    template <class Visit>
    void visit_block(std::int64_t block, Visit& visit) const {
        const Random random = random_.at(space_ | static_cast<std::uint64_t>(block));
        const double log_failure = std::log1p(-probability_);
        std::int64_t index = block * length_;
        const std::int64_t end = std::min(index + length_, size_);
        for (std::uint32_t draw = 0;; ++draw) {
            const double skip = std::floor(std::log(random.uniform(draw)) / log_failure);
            if (!(skip < static_cast<double>(end - index))) return;
            index += static_cast<std::int64_t>(skip);
            visit(index++);
        }
    }

    std::int64_t size_;
    double probability_;
    RandomKey random_;
    std::uint64_t space_;
    std::int64_t length_ = 1;
};

}  // namespace motley::topology
