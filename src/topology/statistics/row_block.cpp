// What can be said of blocks of rows at once, and other rows made of them.
#include "topology/statistics/row_block.hpp"

#include <algorithm>

namespace motley::topology {
namespace {

/// Arcs that are sent at a time.
constexpr std::size_t arcs_at_a_time = std::size_t{1} << 17;

/// Finds opposites of arcs in a block.
class Opposites {
  public:
    explicit Opposites(const RowBlock& block) : block_(block) {}

    bool has(std::size_t row, std::uint32_t target, double weight, double survival) const {
        const auto targets = block_.row(row);
        const auto at = std::ranges::lower_bound(targets, target);
        if (at == targets.end() || *at != target) return false;
        const auto arc = static_cast<std::size_t>(block_.offsets[row] + (at - targets.begin()));
        return block_.weight(arc) == weight && block_.survival_of(arc) == survival;
    }

  private:
    const RowBlock& block_;
};

}  // namespace

bool is_symmetric(const RowBlock& block, const Peers& peers) {
    // Arcs to higher ids have opposites and are as many as the others: then those have theirs too.
    const Opposites opposites(block);
    std::int64_t wrong = 0, surplus = 0;
    Letters letters(peers);
    const auto deliver = [&] {
        letters.deliver([&](int, std::span<const std::uint64_t> words) {
            for (std::size_t at = 0; at + 4 <= words.size(); at += 4) {
                const auto target = block.halo.find(static_cast<AgentId>(words[at + 1]));
                if (!target || !opposites.has(static_cast<std::size_t>(words[at]), *target,
                                              from_word<double>(words[at + 2]),
                                              from_word<double>(words[at + 3]))) {
                    wrong += 1;
                }
            }
        });
    };
    std::int64_t waiting = 1;
    for (std::size_t r = 0; waiting > 0;) {
        for (; r < block.rows() && letters.size() < 4 * arcs_at_a_time; ++r) {
            const std::uint32_t own = block.local(r);
            for (auto arc = static_cast<std::size_t>(block.offsets[r]);
                 arc < static_cast<std::size_t>(block.offsets[r + 1]); ++arc) {
                const std::uint32_t other = block.targets[arc];
                if (other == own) continue;
                surplus += other > own ? 1 : -1;
                if (other < own) continue;
                const double weight = block.weight(arc), survival = block.survival_of(arc);
                if (block.halo.is_own(other)) {
                    const std::size_t row = other - block.halo.first_own();
                    wrong += opposites.has(row, own, weight, survival) ? 0 : 1;
                    continue;
                }
                const auto [owner, place] = block.halo.owner_of_ghost(other);
                const AgentId row = block.halo.id(other) - block.blocks.first(owner);
                auto& letter = letters.to(owner);
                letter.insert(letter.end(), {static_cast<std::uint64_t>(row),
                                             static_cast<std::uint64_t>(block.id(r)),
                                             to_word(weight), to_word(survival)});
            }
        }
        deliver();
        waiting = sum_of(peers, static_cast<std::int64_t>(block.rows() - r));
    }
    const std::int64_t all_wrong = sum_of(peers, wrong), all_surplus = sum_of(peers, surplus);
    return all_wrong == 0 && all_surplus == 0;
}

std::int64_t count_loops(const RowBlock& block, const Peers& peers) {
    std::int64_t loops = 0;
    for (std::size_t r = 0; r < block.rows(); ++r) {
        loops += std::ranges::binary_search(block.row(r), block.local(r)) ? 1 : 0;
    }
    return sum_of(peers, loops);
}

namespace {

/// Collective. The rows of what `add(builder, source, target)` makes of each arc, without weights.
template <class Add>
RowBlock rebuilt(const RowBlock& block, const Peers& peers, Add add) {
    BlockBuilder builder(block.blocks.agents(), 1.0, peers);
    std::int64_t waiting = 1;
    for (std::size_t r = 0; waiting > 0;) {
        for (std::size_t arcs = 0; r < block.rows() && arcs < arcs_at_a_time; ++r) {
            for (const std::uint32_t to : block.row(r))
                add(builder, block.id(r), block.halo.id(to));
            arcs += block.row(r).size();
        }
        builder.pass_on();
        waiting = sum_of(peers, static_cast<std::int64_t>(block.rows() - r));
    }
    return builder.finish(false);
}

}  // namespace

RowBlock make_simple(RowBlock block, bool symmetric, std::int64_t loops, const Peers& peers) {
    block.weights = {};
    block.survivals = {};
    if (symmetric && loops == 0) return block;
    return rebuilt(block, peers, [&](BlockBuilder& builder, AgentId source, AgentId target) {
        if (source == target) return;
        builder.add({source, target});
        if (!symmetric) builder.add({target, source});
    });
}

RowBlock turn(const RowBlock& block, const Peers& peers) {
    return rebuilt(block, peers, [](BlockBuilder& builder, AgentId source, AgentId target) {
        builder.add({target, source});
    });
}

Csr collect_rows(const RowBlock& block, const Peers& peers) {
    Csr rows;
    const auto agents = static_cast<std::size_t>(block.blocks.agents());
    const std::int64_t arcs = sum_of(peers, block.offsets.back());
    if (peers.place() == 0) {
        rows.agents = block.blocks.agents();
        rows.offsets.reserve(agents + 1);
        rows.offsets.push_back(0);
        rows.targets.reserve(static_cast<std::size_t>(arcs));
    }
    // One peer after the other, so that the first one has few words more than it keeps.
    Letters letters(peers);
    for (int peer = 0; peer < peers.count(); ++peer) {
        const auto count = static_cast<std::size_t>(block.blocks.size(peer));
        std::int64_t waiting = static_cast<std::int64_t>(count);
        for (std::size_t r = 0; waiting > 0;) {
            if (peer == peers.place()) {
                auto& letter = letters.to(0);
                for (; r < count && letter.size() < arcs_at_a_time; ++r) {
                    letter.push_back(static_cast<std::uint64_t>(block.degree(r)));
                    for (const std::uint32_t target : block.row(r)) {
                        letter.push_back(static_cast<std::uint64_t>(block.halo.id(target)));
                    }
                }
            }
            letters.deliver([&](int, std::span<const std::uint64_t> words) {
                for (std::size_t at = 0; at < words.size();) {
                    const auto degree = static_cast<std::size_t>(words[at++]);
                    for (const std::uint64_t target : words.subspan(at, degree)) {
                        rows.targets.push_back(static_cast<AgentId>(target));
                    }
                    at += degree;
                    rows.offsets.push_back(std::ssize(rows.targets));
                }
            });
            waiting = sum_of(peers, peer == peers.place() ? static_cast<std::int64_t>(count - r)
                                                          : std::int64_t{0});
        }
    }
    return rows;
}

}  // namespace motley::topology
