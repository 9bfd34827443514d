// Weak components by union-find on each peer and Boruvka's rounds between them.
#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

constexpr AgentId no_agent = std::numeric_limits<AgentId>::max();

/// Rows of this peer, joined by its arcs.
class JoinedRows {
  public:
    explicit JoinedRows(const RowBlock& block) : parent_(block.rows()) {
        std::iota(parent_.begin(), parent_.end(), 0U);
        for (std::size_t r = 0; r < block.rows(); ++r) {
            for (const std::uint32_t other : block.row(r)) {
                if (block.halo.is_own(other)) {
                    join(static_cast<std::uint32_t>(r), other - block.halo.first_own());
                }
            }
        }
    }
    /// The least row that is joined with this one.
    std::uint32_t root(std::uint32_t row) {
        while (parent_[row] != row) row = parent_[row] = parent_[parent_[row]];
        return row;
    }

  private:
    void join(std::uint32_t a, std::uint32_t b) {
        a = root(a);
        b = root(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

    std::vector<std::uint32_t> parent_;
};

/// Parts that lie on one peer are united over the peers. The label of a part is the id of an agent
/// of it, whose owner knows where it goes. In each round every part with neighbours chooses the one
/// of least label; choices form trees whose roots are two parts that chose each other, and all of
/// a tree take the label of one of these. So the parts that can still grow are at least halved.
class UnitedParts {
  public:
    UnitedParts(const RowBlock& block, const Peers& peers)
        : block_(block), peers_(peers), of_(block.rows()), part_at_(block.rows(), no_part) {
        JoinedRows joined(block);
        for (std::uint32_t r = 0; r < block.rows(); ++r) {
            const std::uint32_t root = joined.root(r);
            if (root == r) {
                part_at_[r] = static_cast<std::uint32_t>(labels_.size());
                labels_.push_back(block.id(r));
            }
            of_[r] = part_at_[root];
        }
    }

    /// Collective.
    void unite() {
        while (choose()) {
            settle();
            labels_ = ask(labels_);
        }
    }

    /// Collective. Parts that have the same label become one.
    Components components() {
        Components result;
        std::unordered_map<AgentId, std::uint32_t> numbers;
        std::vector<std::uint32_t> number_of(labels_.size());
        for (std::size_t part = 0; part < labels_.size(); ++part) {
            const auto [at, fresh] = numbers.try_emplace(
                labels_[part], static_cast<std::uint32_t>(result.labels.size()));
            if (fresh) result.labels.push_back(labels_[part]);
            number_of[part] = at->second;
        }
        std::vector<std::int64_t> sizes(result.labels.size(), 0);
        for (const std::uint32_t part : of_) sizes[number_of[part]] += 1;
        for (std::uint32_t& part : of_) part = number_of[part];
        result.of = std::move(of_);
        Letters letters(peers_);
        for (std::size_t c = 0; c < sizes.size(); ++c) {
            letters.to(block_.blocks.owner(result.labels[c]))
                .insert(letters.to(block_.blocks.owner(result.labels[c])).end(),
                        {static_cast<std::uint64_t>(result.labels[c]), to_word(sizes[c])});
        }
        std::unordered_map<std::uint64_t, std::int64_t> whole;
        letters.deliver([&](int, std::span<const std::uint64_t> words) {
            for (std::size_t i = 0; i < words.size(); i += 2) {
                whole[words[i]] += from_word<std::int64_t>(words[i + 1]);
            }
        });
        for (const auto& [label, size] : whole) result.largest = std::max(result.largest, size);
        result.largest = most_of(peers_, result.largest);
        result.count = sum_of(peers_, std::ssize(whole));
        return result;
    }

  private:
    static constexpr std::uint32_t no_part = std::numeric_limits<std::uint32_t>::max();

    std::size_t row_of(AgentId label) const {
        return static_cast<std::size_t>(label - block_.blocks.first(peers_.place()));
    }

    /// Collective. Sets `next_` of labels of this peer to the least label beside them, or to
    /// themselves; false where no part has a neighbour.
    bool choose() {
        if (peers_.count() == 1) return false;
        std::vector<AgentId> labels(block_.halo.size());
        for (std::size_t r = 0; r < of_.size(); ++r) labels[block_.local(r)] = labels_[of_[r]];
        block_.halo.refresh(labels, peers_);
        std::vector<AgentId> least(labels_.size(), no_agent);
        for (std::size_t r = 0; r < of_.size(); ++r) {
            const AgentId own = labels_[of_[r]];
            AgentId& best = least[of_[r]];
            for (const std::uint32_t other : block_.row(r)) {
                if (labels[other] != own) best = std::min(best, labels[other]);
            }
        }
        Letters letters(peers_);
        std::int64_t chosen = 0;
        for (std::size_t part = 0; part < least.size(); ++part) {
            if (least[part] == no_agent) continue;
            chosen = 1;
            auto& letter = letters.to(block_.blocks.owner(labels_[part]));
            letter.push_back(static_cast<std::uint64_t>(labels_[part]));
            letter.push_back(static_cast<std::uint64_t>(least[part]));
        }
        next_.assign(of_.size(), no_agent);
        letters.deliver([&](int, std::span<const std::uint64_t> words) {
            for (std::size_t i = 0; i < words.size(); i += 2) {
                AgentId& next = next_[row_of(static_cast<AgentId>(words[i]))];
                next = std::min(next, static_cast<AgentId>(words[i + 1]));
            }
        });
        return most_of(peers_, chosen) > 0;
    }

    /// Collective. Where the agents that are labels go: to the roots of their trees.
    void settle() {
        const AgentId first = block_.blocks.first(peers_.place());
        std::vector<std::size_t> moving;
        std::vector<AgentId> targets;
        for (std::size_t r = 0; r < next_.size(); ++r) {
            if (next_[r] != no_agent) moving.push_back(r);
        }
        const auto look = [&] {
            targets.clear();
            for (const std::size_t r : moving) targets.push_back(next_[r]);
            return ask(targets);
        };
        // Two that chose each other: the one of less label stays.
        const std::vector<AgentId> back = look();
        for (std::size_t i = 0; i < moving.size(); ++i) {
            const AgentId own = first + static_cast<AgentId>(moving[i]);
            if (back[i] == own && own < next_[moving[i]]) next_[moving[i]] = own;
        }
        for (std::int64_t moved = 1; moved > 0;) {
            const std::vector<AgentId> beyond = look();
            moved = 0;
            for (std::size_t i = 0; i < moving.size(); ++i) {
                moved += beyond[i] != next_[moving[i]] ? 1 : 0;
                next_[moving[i]] = beyond[i];
            }
            moved = most_of(peers_, moved);
        }
    }

    /// Collective. Where the labels go; those that chose nothing stay.
    std::vector<AgentId> ask(const std::vector<AgentId>& labels) {
        const AgentId first = block_.blocks.first(peers_.place());
        const Peers::Words answers = ask_owners(block_.blocks, peers_, labels, [&](std::size_t r) {
            return to_word(next_[r] == no_agent ? first + static_cast<AgentId>(r) : next_[r]);
        });
        std::vector<AgentId> next;
        next.reserve(answers.size());
        for (const std::uint64_t word : answers) next.push_back(from_word<AgentId>(word));
        return next;
    }

    const RowBlock& block_;
    const Peers& peers_;
    std::vector<std::uint32_t> of_;       ///< part of each row
    std::vector<std::uint32_t> part_at_;  ///< of the least row of each part
    std::vector<AgentId> labels_;         ///< of each part
    std::vector<AgentId> next_;           ///< of each own agent that is a label
};

}  // namespace

Components connected_components(const RowBlock& block, const Peers& peers) {
    UnitedParts parts(block, peers);
    parts.unite();
    return parts.components();
}

}  // namespace motley::topology
