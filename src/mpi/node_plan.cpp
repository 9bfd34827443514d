#include "mpi/node_plan.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace motley::mpi {
namespace {

/// A message that is saved pays for this many bytes that are copied once more: 0.8 us at 0.2 ns.
constexpr std::int64_t bytes_per_message = 4096;

/// A unit of any rank.
using Key = std::uint64_t;
Key key_of(int rank, std::uint32_t unit) {
    return (static_cast<Key>(rank) << 32U) | unit;
}
int rank_of(Key key) {
    return static_cast<int>(key >> 32U);
}
std::uint32_t unit_of(Key key) {
    return static_cast<std::uint32_t>(key);
}

/// Keys by the rank that gives or wants them.
using Keys = std::map<int, std::vector<Key>>;

/// Which ranks form which node. Nodes are numbered by their lowest ranks.
class Nodes {
  public:
    Nodes(const Communicator& comm, const Communicator& node) {
        std::map<int, int> numbers;
        for (const int lowest : comm.all_gather(node.broadcast(comm.rank()))) {
            const auto [at, is_new] = numbers.emplace(lowest, static_cast<int>(numbers.size()));
            if (is_new) members_.emplace_back();
            auto& members = members_[static_cast<std::size_t>(at->second)];
            node_.push_back(at->second);
            place_.push_back(static_cast<int>(members.size()));
            members.push_back(static_cast<int>(node_.size()) - 1);
        }
        std::size_t smallest = node_.size();
        for (const auto& members : members_) smallest = std::min(smallest, members.size());
        lanes_ = std::max(1, static_cast<int>(smallest) / std::max(1, count() - 1));
    }

    int count() const { return static_cast<int>(members_.size()); }
    int node(int rank) const { return node_[static_cast<std::size_t>(rank)]; }
    /// The place of a rank among those of its node.
    int place(int rank) const { return place_[static_cast<std::size_t>(rank)]; }
    int size(int node) const { return static_cast<int>(of(node).size()); }
    int lanes() const { return lanes_; }

    /// The rank of `node` through which go rows that `source` sends from or to node `other`.
    int carrier(int node, int other, int source) const {
        const int distance = (other - node + count()) % count() - 1;
        const int lane = place(source) % lanes_;
        return of(node)[static_cast<std::size_t>((distance * lanes_ + lane) % size(node))];
    }

  private:
    const std::vector<int>& of(int node) const { return members_[static_cast<std::size_t>(node)]; }

    std::vector<int> node_, place_;          ///< of each rank
    std::vector<std::vector<int>> members_;  ///< ascending, of each node
    int lanes_ = 1;
};

void make_sets(Keys& keys) {
    for (auto& [rank, set] : keys) {
        std::sort(set.begin(), set.end());
        set.erase(std::unique(set.begin(), set.end()), set.end());
    }
}

std::size_t count_of(const Keys& keys) {
    std::size_t count = 0;
    for (const auto& [rank, set] : keys) count += set.size();
    return count;
}

/// The owner and its unit of every ghost: the owners send the numbers of their units.
std::vector<Key> keys_of_ghosts(const Communicator& comm, const HaloPlan& plan) {
    std::map<int, std::vector<std::uint32_t>> sent;
    for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
        sent[plan.send_ranks[i]].assign(plan.send_units.begin() + plan.send_offsets[i],
                                        plan.send_units.begin() + plan.send_offsets[i + 1]);
    }
    std::vector<Key> keys;
    keys.reserve(static_cast<std::size_t>(plan.received_units()));
    for (const auto& [rank, units] : comm.exchange(sent)) {
        for (const std::uint32_t unit : units) keys.push_back(key_of(rank, unit));
    }
    return keys;
}

/// An owned unit of a rank and the published unit that it becomes.
struct Publication {
    std::uint32_t unit, published;
};

/// Where keys lie: sorted sets, one behind the other in the order of their ranks.
class Places {
  public:
    Places(const Keys& keys, std::uint32_t begin) : keys_(keys) {
        for (const auto& [rank, set] : keys) {
            begins_[rank] = begin;
            begin += static_cast<std::uint32_t>(set.size());
        }
    }
    std::uint32_t of(int rank, Key key) const {
        const auto& set = keys_.at(rank);
        const auto at = std::lower_bound(set.begin(), set.end(), key);
        return begins_.at(rank) + static_cast<std::uint32_t>(at - set.begin());
    }

  private:
    const Keys& keys_;
    std::map<int, std::uint32_t> begins_;
};

/// What the ranks of a node agree upon before the first exchange. Those who read ask, from the end
/// to the beginning: readers ask the rank that holds a row in their node, carriers the carriers of
/// other nodes, and whoever sends or shows rows tells their owners where to publish them.
class Planning {
  public:
    Planning(const Communicator& comm, const Communicator& node, const HaloPlan& plan)
        : comm_(comm),
          node_(node),
          nodes_(comm, node),
          here_(nodes_.node(comm.rank())),
          ghosts_(keys_of_ghosts(comm, plan)) {
        ask();
        lay_out();
        publish();
        answer();
        cross();
    }
    NodePlan take() { return std::move(plan_); }

  private:
    bool is_here(Key key) const { return nodes_.node(rank_of(key)) == here_; }
    /// The place of the rank of this node that holds a key for its node mates: the owner, or the
    /// carrier that receives it.
    int holder(Key key) const {
        const int owner = rank_of(key);
        return nodes_.place(is_here(key) ? owner
                                         : nodes_.carrier(here_, nodes_.node(owner), owner));
    }
    /// The rank of another node that sends a key to this one.
    int sender(Key key) const {
        return nodes_.carrier(nodes_.node(rank_of(key)), here_, rank_of(key));
    }

    void ask() {
        Keys wanted;
        for (const Key key : ghosts_) wanted[holder(key)].push_back(key);
        asked_ = node_.exchange(wanted);
        for (const auto& [reader, keys] : asked_) {
            for (const Key key : keys) {
                if (is_here(key)) {
                    shown_[comm_.rank()].push_back(key);
                } else {
                    received_[sender(key)].push_back(key);
                }
            }
        }
        make_sets(shown_);
        make_sets(received_);
        sent_ = comm_.exchange(received_);
    }

    /// Ranks of the node lie one behind the other, first with what arrives, then with what they
    /// publish: what they show to node mates, then what they send.
    void lay_out() {
        struct Counts {
            std::uint64_t arrived, published;
        };
        const auto all =
            node_.all_gather(Counts{count_of(received_), count_of(shown_) + count_of(sent_)});
        std::uint64_t arrived = 0, published = 0, first_arrived = 0, first_published = 0;
        for (std::size_t place = 0; place < all.size(); ++place) {
            if (place == static_cast<std::size_t>(node_.rank())) {
                first_arrived = arrived;
                first_published = published;
            }
            arrived += all[place].arrived;
            published += all[place].published;
        }
        together(comm_, [&] {
            if (arrived + published > std::numeric_limits<std::uint32_t>::max()) {
                throw usage_error(
                    "the ranks of a node would share more than 2^32 rows; use more nodes, or "
                    "exchange.method = \"persistent\"");
            }
        });
        plan_.arrived = arrived;
        plan_.published = published;
        first_arrived_ = static_cast<std::uint32_t>(first_arrived);
        first_published_ = static_cast<std::uint32_t>(first_published);
    }

    /// Owners learn what to publish where, and keep it as runs.
    void publish() {
        std::map<int, std::vector<Publication>> told;
        std::uint32_t published = first_published_;
        for (const Keys* keys : {&shown_, &sent_}) {
            for (const auto& [rank, set] : *keys) {
                for (const Key key : set) {
                    told[nodes_.place(rank_of(key))].push_back({unit_of(key), published++});
                }
            }
        }
        auto& runs = plan_.published_runs;
        auto& units = plan_.published_units;
        for (const auto& [from, publications] : node_.exchange(told)) {
            for (const auto [unit, to] : publications) {
                if (runs.empty() || runs.back().to + (units.size() - runs.back().begin) != to) {
                    runs.push_back({units.size(), units.size(), to});
                }
                units.push_back(unit);
                runs.back().end = units.size();
            }
        }
    }

    /// Readers learn where what they asked for will lie.
    void answer() {
        const Places shown(shown_, static_cast<std::uint32_t>(plan_.arrived) + first_published_);
        const Places received(received_, first_arrived_);
        std::map<int, std::vector<std::uint32_t>> answers;
        for (const auto& [reader, keys] : asked_) {
            for (const Key key : keys) {
                answers[reader].push_back(is_here(key) ? shown.of(comm_.rank(), key)
                                                       : received.of(sender(key), key));
            }
        }
        const auto answered = node_.exchange(answers);
        std::map<int, std::size_t> next;
        for (const Key key : ghosts_) {
            const int from = holder(key);
            const std::size_t ghost = plan_.of_ghosts.size();
            auto& runs = plan_.ghost_runs;
            if (runs.empty() || runs.back().here != is_here(key)) {
                runs.push_back({ghost, ghost, is_here(key)});
            }
            plan_.of_ghosts.push_back(answered.at(from)[next[from]++]);
            runs.back().end = ghost + 1;
        }
    }

    /// The messages of carriers.
    void cross() {
        plan_.one_node = nodes_.count() == 1;
        plan_.for_mates = static_cast<std::int64_t>(count_of(shown_));
        plan_.first_arrived = first_arrived_;
        HaloPlan& across = plan_.across;
        across.first_ghost = static_cast<std::int64_t>(plan_.published);
        across.send_offsets = across.receive_offsets = {0};
        std::uint32_t unit = first_published_ + static_cast<std::uint32_t>(plan_.for_mates);
        for (const auto& [rank, set] : sent_) {
            for (std::size_t i = 0; i < set.size(); ++i) across.send_units.push_back(unit++);
            across.send_ranks.push_back(rank);
            across.send_offsets.push_back(std::ssize(across.send_units));
        }
        for (const auto& [rank, set] : received_) {
            across.receive_ranks.push_back(rank);
            across.receive_offsets.push_back(across.receive_offsets.back() + std::ssize(set));
        }
    }

    const Communicator& comm_;
    const Communicator& node_;
    const Nodes nodes_;
    const int here_;
    const std::vector<Key> ghosts_;

    Keys asked_;     ///< by place: what node mates want of this rank
    Keys shown_;     ///< under this rank: what it publishes for node mates
    Keys received_;  ///< by rank: what carriers of other nodes send to this one
    Keys sent_;      ///< by rank: what they want of it
    std::uint32_t first_arrived_ = 0, first_published_ = 0;  ///< units of this rank in its node
    NodePlan plan_;
};

}  // namespace

NodePlan plan_through_nodes(const Communicator& comm, const Communicator& node,
                            const HaloPlan& plan) {
    return Planning(comm, node, plan).take();
}

ExchangeCounts count_exchange(const Communicator& comm, const HaloPlan& plan,
                              std::size_t unit_bytes, int ranks_per_node) {
    const NodeCounts nodes = comm.count_nodes(comm.split_by_node(ranks_per_node));
    return {.ranks = comm.size(),
            .nodes = nodes.count,
            .largest_node = nodes.largest,
            .messages = comm.sum(std::ssize(plan.send_ranks)),
            .bytes = comm.sum(plan.sent_units()) * static_cast<std::int64_t>(unit_bytes)};
}

std::int64_t units_leaving_node(const Communicator& comm, const Communicator& node,
                                const HaloPlan& plan) {
    const Nodes nodes(comm, node);
    std::int64_t units = 0;
    for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
        if (nodes.node(plan.send_ranks[i]) == nodes.node(comm.rank())) continue;
        units += plan.send_offsets[i + 1] - plan.send_offsets[i];
    }
    return node.sum(units);
}

bool nodes_pay(const ExchangeCounts& counts) {
    if (counts.largest_node < 2) return false;
    // Two barriers within the node, and at least one message crosses if there is another node.
    std::int64_t rounds = 0;
    while ((std::int64_t{1} << rounds) < counts.largest_node) ++rounds;
    const std::int64_t crossing =
        counts.nodes < 2 ? 0 : rounds + (counts.nodes - 2) / counts.largest_node + 1;
    return (counts.messages - counts.ranks * (rounds + crossing)) * bytes_per_message >
           counts.bytes;
}

}  // namespace motley::mpi
