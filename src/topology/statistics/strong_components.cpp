// Strong components: by Boost.Graph where one peer has all rows; several peers colour them along
// the arcs and take them apart against the arcs. Source: S. Orzan, On Distributed Verification and
// Verified Distribution, thesis, Vrije Universiteit Amsterdam, 2004.
#include <algorithm>
#include <boost/graph/strong_components.hpp>

#include "topology/statistics/csr_graph.hpp"
#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

/// A property map over agents that writes into a vector.
template <class T>
auto map_over(std::vector<T>& values) {
    return boost::make_iterator_property_map(values.begin(),
                                             boost::typed_identity_property_map<AgentId>());
}

std::int64_t count_alone(const Csr& rows) {
    const CsrGraph<boost::directed_tag> graph{&rows};
    const auto agents = static_cast<std::size_t>(rows.agents);
    std::vector<std::int32_t> component(agents), discovered(agents);
    std::vector<AgentId> roots(agents);
    std::vector<boost::default_color_type> colours(agents);
    return boost::strong_components(graph, map_over(component),
                                    boost::root_map(map_over(roots))
                                        .discover_time_map(map_over(discovered))
                                        .color_map(map_over(colours)));
}

/// The colour that an agent starts with: another one for each, > 0, in an order that has nothing to
/// do with the graph. Source: S. Vigna, splitmix64.
std::uint64_t own_colour(AgentId agent) {
    std::uint64_t x = static_cast<std::uint64_t>(agent) + 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/// In each round every agent that is left takes the highest colour of all that reach it. The agent
/// that a colour comes from and those of the colour that reach it are a component, which leaves.
class ColouredAgents {
  public:
    ColouredAgents(const RowBlock& along, const RowBlock& against, const Peers& peers)
        : along_(along),
          against_(against),
          peers_(peers),
          left_(along.rows(), true),
          colours_(along.rows()),
          told_(along.halo.size() - along.halo.owned()),
          asked_(against.halo.size() - against.halo.owned()) {}

    /// Collective. How many components there are.
    std::int64_t count() {
        for (std::int64_t open = 1; open > 0;) {
            colour();
            take_components();
            open = most_of(peers_, std::ranges::count(left_, true));
        }
        return sum_of(peers_, count_);
    }

  private:
    /// A colour that reaches a row of this peer.
    struct Reached {
        std::uint64_t colour;
        std::uint32_t row;
    };

    /// Collective.
    void colour() {
        std::ranges::fill(colours_, 0);
        std::ranges::fill(told_, 0);
        std::vector<Reached> reached;
        for (std::uint32_t r = 0; r < left_.size(); ++r) {
            if (left_[r]) reached.push_back({own_colour(along_.id(r)), r});
        }
        Letters letters(peers_);
        for (std::int64_t open = 1; open > 0;) {
            // The highest first: it is the last for all that it reaches here.
            std::ranges::sort(reached, std::ranges::greater{}, &Reached::colour);
            for (const Reached& each : reached) spread(each);
            for (const std::uint32_t to : changed_) {
                const std::size_t ghost = along_.halo.ghost_of(to);
                const auto [owner, place] = along_.halo.owner_of_ghost(to);
                letters.to(owner).insert(letters.to(owner).end(), {place, told_[ghost]});
                is_changed_[ghost] = false;
            }
            changed_.clear();
            reached.clear();
            letters.deliver([&](int peer, std::span<const std::uint64_t> words) {
                const auto shown = along_.halo.shown_to(peer);
                for (std::size_t i = 0; i < words.size(); i += 2) {
                    reached.push_back({words[i + 1], shown[words[i]]});
                }
            });
            open = most_of(peers_, std::ssize(reached));
        }
    }

    /// Along the arcs of this peer, over agents that are left and have a lower colour.
    void spread(const Reached& from) {
        if (!take_colour(from.row, from.colour)) return;
        for (std::size_t at = 0; at < queue_.size(); ++at) {
            for (const std::uint32_t to : along_.row(queue_[at])) {
                if (along_.halo.is_own(to)) {
                    take_colour(to - along_.halo.first_own(), from.colour);
                    continue;
                }
                const std::size_t ghost = along_.halo.ghost_of(to);
                if (told_[ghost] >= from.colour) continue;
                told_[ghost] = from.colour;
                if (!is_changed_[ghost]) changed_.push_back(to);
                is_changed_[ghost] = true;
            }
        }
        queue_.clear();
    }
    bool take_colour(std::uint32_t row, std::uint64_t colour) {
        if (!left_[row] || colours_[row] >= colour) return false;
        colours_[row] = colour;
        queue_.push_back(row);
        return true;
    }

    /// Collective. Against the arcs from the agents that have the colour that they started with.
    void take_components() {
        std::ranges::fill(asked_, 0);
        for (std::uint32_t r = 0; r < left_.size(); ++r) {
            if (left_[r] && colours_[r] == own_colour(along_.id(r))) {
                count_ += 1;
                leave(r, colours_[r]);
            }
        }
        Letters letters(peers_);
        for (std::int64_t open = 1; open > 0;) {
            for (std::size_t at = 0; at < queue_.size(); ++at) {
                const std::uint64_t colour = colours_[queue_[at]];
                for (const std::uint32_t from : against_.row(queue_[at])) {
                    if (against_.halo.is_own(from)) {
                        leave(from - against_.halo.first_own(), colour);
                        continue;
                    }
                    const std::size_t ghost = against_.halo.ghost_of(from);
                    if (asked_[ghost] == colour) continue;
                    asked_[ghost] = colour;
                    const auto [owner, place] = against_.halo.owner_of_ghost(from);
                    letters.to(owner).insert(letters.to(owner).end(), {place, colour});
                }
            }
            queue_.clear();
            letters.deliver([&](int peer, std::span<const std::uint64_t> words) {
                const auto shown = against_.halo.shown_to(peer);
                for (std::size_t i = 0; i < words.size(); i += 2) {
                    leave(shown[words[i]], words[i + 1]);
                }
            });
            open = most_of(peers_, std::ssize(queue_));
        }
    }
    void leave(std::uint32_t row, std::uint64_t colour) {
        if (!left_[row] || colours_[row] != colour) return;
        left_[row] = false;
        queue_.push_back(row);
    }

    const RowBlock& along_;
    const RowBlock& against_;
    const Peers& peers_;
    std::vector<bool> left_;              ///< of each row
    std::vector<std::uint64_t> colours_;  ///< of each row, in this round; 0: none yet
    std::vector<std::uint64_t> told_;     ///< highest colour of each ghost that was passed on
    std::vector<std::uint64_t> asked_;    ///< last colour of each ghost that was asked for
    std::vector<std::uint32_t> changed_;  ///< local numbers of ghosts whose colour waits
    std::vector<bool> is_changed_ = std::vector<bool>(told_.size(), false);  ///< of each ghost
    std::vector<std::uint32_t> queue_;                                       ///< rows
    std::int64_t count_ = 0;
};

}  // namespace

std::int64_t count_strong_components(const RowBlock& block, const Peers& peers) {
    if (peers.count() == 1) return count_alone(collect_rows(block, peers));
    const RowBlock against = turn(block, peers);
    return ColouredAgents(block, against, peers).count();
}

}  // namespace motley::topology
