// Triangles and clustering. Every triangle is found once, at the two of its agents that come first
// by degree, so that hubs cost little (Latapy, doi:10.1016/j.tcs.2008.07.017). Where the second
// belongs to another peer, that peer gets the row of the first.
#include <algorithm>

#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

/// Arcs from each agent of this peer to its neighbours of higher rank; agents are ranked by degree,
/// then by id.
class Ranked {
  public:
    Ranked(const RowBlock& simple, const Peers& peers) {
        std::vector<std::uint32_t> degrees(simple.halo.size());
        for (std::size_t r = 0; r < simple.rows(); ++r) {
            degrees[simple.local(r)] = static_cast<std::uint32_t>(simple.degree(r));
        }
        simple.halo.refresh(degrees, peers);
        offsets_.reserve(simple.rows() + 1);
        offsets_.push_back(0);
        targets_.reserve(simple.targets.size() / 2);
        for (std::size_t r = 0; r < simple.rows(); ++r) {
            const std::uint32_t own = simple.local(r);
            for (const std::uint32_t other : simple.row(r)) {
                const bool higher =
                    degrees[other] != degrees[own] ? degrees[other] > degrees[own] : other > own;
                if (higher) targets_.push_back(other);
            }
            offsets_.push_back(std::ssize(targets_));
        }
    }
    /// Local numbers, ascending.
    std::span<const std::uint32_t> row(std::size_t r) const {
        return {targets_.data() + offsets_[r],
                static_cast<std::size_t>(offsets_[r + 1] - offsets_[r])};
    }

  private:
    std::vector<std::int64_t> offsets_;
    std::vector<std::uint32_t> targets_;
};

class Triangles {
  public:
    Triangles(const RowBlock& simple, const Peers& peers)
        : simple_(simple), peers_(peers), ranked_(simple, peers), through_(simple.halo.size(), 0) {}

    /// Collective. Triangles through each agent, by local number; right for those of this peer.
    const std::vector<std::int64_t>& count() {
        constexpr std::size_t most_words = std::size_t{1} << 17;
        Letters letters(peers_);
        std::int64_t waiting = 1;
        for (std::size_t r = 0; waiting > 0;) {
            for (std::size_t words = 0; r < simple_.rows() && words < most_words; ++r) {
                words += find_from(r, letters);
            }
            if (peers_.count() > 1) {
                letters.deliver(
                    [&](int, std::span<const std::uint64_t> words) { find_from(words); });
            }
            waiting = sum_of(peers_, static_cast<std::int64_t>(simple_.rows() - r));
        }
        simple_.halo.add_back(through_, peers_);
        return through_;
    }

  private:
    /// Counts the triangles of `first` with the rows of its higher neighbours on this peer.
    void find(std::uint32_t first, std::span<const std::uint32_t> higher) {
        const Halo& halo = simple_.halo;
        const auto begin = std::ranges::lower_bound(higher, halo.first_own());
        for (auto second = begin; second != higher.end() && halo.is_own(*second); ++second) {
            const auto other = ranked_.row(*second - halo.first_own());
            auto a = higher.begin();
            auto b = other.begin();
            while (a != higher.end() && b != other.end()) {
                if (*a < *b) {
                    ++a;
                } else if (*b < *a) {
                    ++b;
                } else {
                    through_[first] += 1;
                    through_[*second] += 1;
                    through_[*a] += 1;
                    ++a;
                    ++b;
                }
            }
        }
    }

    /// Does so for a row of this peer, and writes it to those that own others of its agents;
    /// returns how many words that took.
    std::size_t find_from(std::size_t r, Letters& letters) {
        const auto higher = ranked_.row(r);
        if (higher.size() < 2) return 0;
        find(simple_.local(r), higher);
        std::size_t words = 0;
        for (std::size_t i = 0; i < higher.size();) {
            if (simple_.halo.is_own(higher[i])) {
                ++i;
                continue;
            }
            const int owner = simple_.halo.owner_of_ghost(higher[i]).first;
            const std::size_t end =
                simple_.halo.first_ghost_of(owner) + simple_.halo.ghosts_of(owner);
            while (i < higher.size() && higher[i] < end) ++i;
            Peers::Words& letter = letters.to(owner);
            letter.push_back(static_cast<std::uint64_t>(simple_.id(r)) << 32 | higher.size());
            for (std::size_t h = 0; h < higher.size(); h += 2) {
                const auto id = [&](std::size_t at) {
                    return static_cast<std::uint64_t>(simple_.halo.id(higher[at]));
                };
                letter.push_back(id(h) | (h + 1 < higher.size() ? id(h + 1) << 32 : 0));
            }
            words += higher.size() / 2 + 2;
        }
        return words;
    }

    /// Does so for the rows of another peer. Of their agents only those matter that this one knows.
    void find_from(std::span<const std::uint64_t> words) {
        std::vector<std::uint32_t> higher;
        for (std::size_t at = 0; at < words.size();) {
            const auto first = static_cast<AgentId>(words[at] >> 32);
            const auto size = static_cast<std::uint32_t>(words[at++]);
            higher.clear();
            for (std::uint32_t i = 0; i < size; ++i) {
                const auto id = static_cast<std::uint32_t>(words[at + i / 2] >> (32 * (i % 2)));
                if (const auto local = simple_.halo.find(id)) higher.push_back(*local);
            }
            at += (size + 1) / 2;
            find(*simple_.halo.find(first), higher);
        }
    }

    const RowBlock& simple_;
    const Peers& peers_;
    Ranked ranked_;
    std::vector<std::int64_t> through_;
};

}  // namespace

Clustering clustering(const RowBlock& simple, const Peers& peers) {
    Triangles triangles(simple, peers);
    const std::vector<std::int64_t>& through = triangles.count();
    ExactSum local, triples;
    std::int64_t closed = 0;
    for (std::size_t r = 0; r < simple.rows(); ++r) {
        const auto degree = static_cast<double>(simple.degree(r));
        const double pairs = degree * (degree - 1.0) / 2.0;
        const std::int64_t here = through[simple.local(r)];
        if (pairs > 0.0) local.add(static_cast<double>(here) / pairs);
        closed += here;
        triples.add(pairs);
    }
    Clustering result;
    const auto agents = static_cast<double>(simple.blocks.agents());
    const double all_local = total_of(peers, local), all_triples = total_of(peers, triples);
    const auto all_closed = static_cast<double>(sum_of(peers, closed));
    if (agents > 0.0) result.average = all_local / agents;
    if (all_triples > 0.0) result.transitivity = all_closed / all_triples;
    return result;
}

}  // namespace motley::topology
