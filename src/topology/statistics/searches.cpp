#include "topology/statistics/searches.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace motley::topology {
namespace {

// The first word of a letter says whether its writer reached anything, whether it tells a peer
// something, what follows, and in its upper half the margin of its writer.
constexpr std::uint64_t reached_some = 1, tells_some = 2, has_all_ghosts = 4;

/// The margin of a part of the graph that lies on one peer.
constexpr std::uint32_t endless = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void BitCounts::flush() {
    const auto used = static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(pending_)));
    for (std::size_t plane = 0; plane < used; ++plane) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::uint64_t digit = planes_[plane] >> lane & 1;
            counts_[lane] += static_cast<std::int64_t>(digit << plane);
        }
    }
    planes_ = {};
    pending_ = 0;
}

Searches::Searches(const RowBlock& graph, bool symmetric, const Peers& peers)
    : graph_(graph),
      peers_(peers),
      states_(graph.halo.size()),
      now_(graph.rows()),
      ghosts_(static_cast<std::size_t>(peers.count())) {
    if (symmetric && peers.count() > 1) find_margins();
}

/// Searches from all rows that have ghosts beside them, along arcs of this peer.
void Searches::find_margins() {
    const Halo& halo = graph_.halo;
    std::vector<std::uint32_t> reached;
    margins_.assign(graph_.rows(), endless);
    for (std::uint32_t row = 0; row < graph_.rows(); ++row) {
        const auto targets = graph_.row(row);
        if (std::ranges::all_of(targets, [&](auto target) { return halo.is_own(target); }))
            continue;
        margins_[row] = 0;
        reached.push_back(row);
    }
    for (std::size_t i = 0; i < reached.size(); ++i) {
        for (const std::uint32_t target : graph_.row(reached[i])) {
            if (!halo.is_own(target)) continue;
            std::uint32_t& margin = margins_[target - halo.first_own()];
            if (margin != endless) continue;
            margin = margins_[reached[i]] + 1;
            reached.push_back(target - halo.first_own());
        }
    }
}

void Searches::begin(std::span<const Start> starts) {
    std::ranges::fill(states_, SearchState{});
    front_.clear();
    quiet_ = 0;
    for (const Start& start : starts) {
        const std::uint64_t bit = std::uint64_t{1} << start.lane;
        if (now_[start.row] == 0) front_.push_back(start.row);
        now_[start.row] |= bit;
        states_[graph_.local(start.row)].seen |= bit;
    }
}

bool Searches::advance() {
    spread();
    bool goes_on = true;
    if (peers_.count() == 1) {
        goes_on = !touched_.empty();
    } else if (quiet_ == 0 || (quiet_ == endless && touched_.empty())) {
        goes_on = tell();
    } else if (quiet_ != endless) {
        --quiet_;
    }
    settle();
    return goes_on;
}

/// Marks the agents that the agents of the front reach; `now_` is all 0 afterwards.
void Searches::spread() {
    touched_.clear();
    const Halo& halo = graph_.halo;
    for (const std::uint32_t row : front_) {
        const std::uint64_t bits = std::exchange(now_[row], 0);
        const auto targets = graph_.row(row);
        work_ += std::ssize(targets);
        for (const std::uint32_t target : targets) {
            SearchState& other = states_[target];
            const std::uint64_t fresh = bits & ~other.seen;
            if (fresh == 0) continue;
            if (other.next == 0) {
                if (halo.is_own(target)) {
                    touched_.push_back(target);
                } else {
                    ghosts_[static_cast<std::size_t>(halo.owner_of_ghost(target).first)].push_back(
                        target);
                }
            }
            other.next |= fresh;
        }
    }
}

/// Collective. Tells the owners of ghosts what was reached, and hears what others reached here.
bool Searches::tell() {
    std::uint64_t first_word = touched_.empty() ? 0 : reached_some;
    for (const auto& ghosts : ghosts_) {
        if (!ghosts.empty()) first_word |= reached_some | tells_some;
    }
    // What a peer hears lies beside its ghosts, so that only what it touched itself has a margin.
    std::uint32_t margin = margins_.empty() ? 0 : endless;
    for (std::size_t i = 0; i < touched_.size() && margin > 0; ++i) {
        margin = std::min(margin, margins_[touched_[i] - graph_.halo.first_own()]);
    }
    first_word |= static_cast<std::uint64_t>(margin) << 32;
    Letters letters(peers_);
    for (int peer = 0; peer < peers_.count(); ++peer) {
        auto& ghosts = ghosts_[static_cast<std::size_t>(peer)];
        const std::uint32_t first = graph_.halo.first_ghost_of(peer);
        const std::size_t all = graph_.halo.ghosts_of(peer);
        const bool dense = 2 * ghosts.size() >= all && all > 0;
        Peers::Words& letter = letters.to(peer);
        letter.push_back(first_word | (dense ? has_all_ghosts : 0));
        const auto told = [&](std::uint32_t ghost) {
            SearchState& state = states_[ghost];
            state.seen |= state.next;
            return std::exchange(state.next, 0);
        };
        if (dense) {
            for (std::uint32_t g = 0; g < all; ++g) letter.push_back(told(first + g));
        } else {
            for (const std::uint32_t ghost : ghosts) {
                letter.push_back(ghost - first);
                letter.push_back(told(ghost));
            }
        }
        ghosts.clear();
    }
    bool any = false;
    quiet_ = endless;
    letters.deliver([&](int peer, std::span<const std::uint64_t> words) {
        any = any || (words[0] & reached_some) != 0;
        quiet_ = std::min(
            quiet_, (words[0] & tells_some) != 0 ? 0U : static_cast<std::uint32_t>(words[0] >> 32));
        hear(peer, words);
    });
    return any;
}

void Searches::hear(int peer, std::span<const std::uint64_t> words) {
    const auto shown = graph_.halo.shown_to(peer);
    const auto mark = [&](std::size_t place, std::uint64_t bits) {
        const std::uint32_t local = graph_.local(shown[place]);
        SearchState& state = states_[local];
        const std::uint64_t fresh = bits & ~state.seen;
        if (fresh == 0) return;
        if (state.next == 0) touched_.push_back(local);
        state.next |= fresh;
    };
    if ((words[0] & has_all_ghosts) != 0) {
        for (std::size_t i = 1; i < words.size(); ++i) mark(i - 1, words[i]);
    } else {
        for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
            mark(static_cast<std::size_t>(words[i]), words[i + 1]);
        }
    }
}

/// The touched agents are reached at this level and become the front.
void Searches::settle() {
    const std::uint32_t first = graph_.halo.first_own();
    // For a wide front, walking the agents in the order of memory is faster.
    front_.clear();
    const auto reach = [&](std::uint32_t row) {
        SearchState& state = states_[first + row];
        now_[row] = std::exchange(state.next, 0);
        state.seen |= now_[row];
        front_.push_back(row);
    };
    if (8 * touched_.size() < graph_.rows()) {
        for (const std::uint32_t local : touched_) reach(local - first);
        return;
    }
    for (std::uint32_t row = 0; row < graph_.rows(); ++row) {
        if (states_[first + row].next != 0) reach(row);
    }
}

}  // namespace motley::topology
