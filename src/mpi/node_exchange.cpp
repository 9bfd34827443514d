#include "mpi/node_exchange.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "mpi/copy_units.hpp"

namespace motley::mpi {
namespace {

/// A message that is saved pays for this many bytes that are copied and sent three times instead of
/// once: 0.8 us at 0.7 ns per byte.
constexpr std::int64_t bytes_per_message = 1024;

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

/// One of the three exchanges, while it is planned: what this rank wants from others, and what they
/// want from it, each in the order of its message. Ranks are those of the leg's communicator.
struct Leg {
    Keys wanted, given;
    std::map<int, std::uint32_t> begin;  ///< the arrived unit at which those from a rank begin

    /// Gives the wanted keys their places behind `units` arrived units; returns the units then.
    std::size_t arrive_behind(std::size_t units) {
        for (const auto& [rank, keys] : wanted) {
            begin[rank] = static_cast<std::uint32_t>(units);
            units += keys.size();
        }
        if (units > std::numeric_limits<std::uint32_t>::max()) {
            throw usage_error(
                "a rank would pass on more than 2^32 rows; use more ranks, or "
                "exchange.method = \"persistent\"");
        }
        return units;
    }
    /// The arrived unit that a key from `rank` becomes.
    std::uint32_t arrival(int rank, Key key) const {
        const auto& keys = wanted.at(rank);
        return begin.at(rank) + static_cast<std::uint32_t>(
                                    std::lower_bound(keys.begin(), keys.end(), key) - keys.begin());
    }
    /// The exchange, with `place_of(key)` the unit that is sent for a key.
    template <class PlaceOf>
    HaloPlan plan(std::size_t owned, const PlaceOf& place_of) const {
        HaloPlan plan;
        plan.first_ghost = static_cast<std::int64_t>(owned);
        plan.send_offsets = plan.receive_offsets = {0};
        for (const auto& [rank, keys] : given) {
            for (const Key key : keys) plan.send_units.push_back(place_of(key));
            plan.send_ranks.push_back(rank);
            plan.send_offsets.push_back(std::ssize(plan.send_units));
        }
        for (const auto& [rank, keys] : wanted) {
            plan.receive_ranks.push_back(rank);
            plan.receive_offsets.push_back(plan.receive_offsets.back() + std::ssize(keys));
        }
        return plan;
    }
};

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

}  // namespace

NodeExchange::NodeExchange(const Communicator& comm, const HaloPlan& plan, std::size_t unit_bytes,
                           const std::vector<std::byte*>& buffers, std::byte* ghosts,
                           int ranks_per_node)
    : node_(comm.split_by_node(ranks_per_node)), unit_bytes_(unit_bytes), ghosts_(ghosts) {
    const Nodes nodes(comm, node_);
    const int here = nodes.node(comm.rank());
    // From the end to the beginning every rank asks for what it needs, and is asked.
    Leg gather, cross, scatter;
    const std::vector<Key> keys = keys_of_ghosts(comm, plan);
    for (const Key key : keys) {
        const int owner = rank_of(key), there = nodes.node(owner);
        if (there == here) {
            gather.wanted[nodes.place(owner)].push_back(key);
        } else {
            scatter.wanted[nodes.place(nodes.carrier(here, there, owner))].push_back(key);
        }
    }
    make_sets(scatter.wanted);
    scatter.given = node_.exchange(scatter.wanted);
    const auto sender = [&](Key key) {
        return nodes.carrier(nodes.node(rank_of(key)), here, rank_of(key));
    };
    for (const auto& [rank, set] : scatter.given) {
        for (const Key key : set) cross.wanted[sender(key)].push_back(key);
    }
    make_sets(cross.wanted);
    cross.given = comm.exchange(cross.wanted);
    for (const auto& [rank, set] : cross.given) {
        for (const Key key : set) gather.wanted[nodes.place(rank_of(key))].push_back(key);
    }
    make_sets(gather.wanted);
    gather.given = node_.exchange(gather.wanted);

    std::size_t gathered = 0, crossed = 0, scattered = 0;
    together(comm, [&] {
        gathered = gather.arrive_behind(0);
        crossed = cross.arrive_behind(gathered);
        scattered = scatter.arrive_behind(crossed);
        arrived_ = Buffer<std::byte>(scattered * unit_bytes);
    });
    const auto from_gather = [&](Key key) {
        return gather.arrival(nodes.place(rank_of(key)), key);
    };
    for (const Key key : keys) {
        const int owner = rank_of(key), there = nodes.node(owner);
        of_ghosts_.push_back(
            there == here ? from_gather(key)
                          : scatter.arrival(nodes.place(nodes.carrier(here, there, owner)), key));
    }
    const auto add = [&](const Communicator& ranks, const HaloPlan& leg,
                         const std::vector<std::byte*>& from, std::size_t to) {
        legs_.push_back(make_halo_exchange(ExchangeKind::persistent, ranks, leg, unit_bytes, from,
                                           arrived_.data() + to * unit_bytes));
        bytes_sent_ += legs_.back()->bytes_sent();
        messages_sent_ += legs_.back()->messages_sent();
    };
    add(node_, gather.plan(static_cast<std::size_t>(plan.first_ghost), unit_of), buffers, 0);
    const HaloPlan across = cross.plan(gathered, from_gather);
    units_across_ = across.sent_units();
    add(comm, across, {arrived_.data()}, gathered);
    add(node_, scatter.plan(crossed, [&](Key key) { return cross.arrival(sender(key), key); }),
        {arrived_.data()}, crossed);
}

void NodeExchange::start(int buffer) {
    leg_ = 0;
    buffer_ = buffer;
    legs_[0]->start(buffer);
}

/// Ends the leg that is under way, waiting for it where it must, and starts the next one.
void NodeExchange::next() {
    legs_[leg_]->finish(leg_ == 0 ? buffer_ : 0);
    leg_ += 1;
    if (leg_ < legs_.size()) legs_[leg_]->start(0);
}

bool NodeExchange::progress(int buffer) {
    while (leg_ < legs_.size() && legs_[leg_]->progress(leg_ == 0 ? buffer : 0)) next();
    return leg_ == legs_.size();
}

void NodeExchange::finish(int) {
    while (leg_ < legs_.size()) next();
    gather_units(arrived_.data(), of_ghosts_, unit_bytes_, ghosts_);
}

ExchangeCounts count_exchange(const Communicator& comm, const HaloPlan& plan,
                              std::size_t unit_bytes, int ranks_per_node) {
    const Communicator node = comm.split_by_node(ranks_per_node);
    return {.ranks = comm.size(),
            .nodes = comm.sum(std::int64_t{node.root() ? 1 : 0}),
            .largest_node = comm.max(std::int64_t{node.size()}),
            .messages = comm.sum(std::ssize(plan.send_ranks)),
            .bytes = comm.sum(plan.sent_units()) * static_cast<std::int64_t>(unit_bytes)};
}

bool nodes_pay(const ExchangeCounts& counts) {
    if (counts.nodes < 2 || counts.largest_node < 2) return false;
    // Gather and scatter reach all of the node; at least one message crosses.
    const std::int64_t through =
        counts.ranks * (2 * counts.largest_node + (counts.nodes - 2) / counts.largest_node + 1);
    return (counts.messages - through) * bytes_per_message > counts.bytes;
}

}  // namespace motley::mpi
