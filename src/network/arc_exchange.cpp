// Both ends list the arcs between two ranks by (source, target), so that no arc is named in a
// message.
#include "motley/network/arc_exchange.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>

namespace motley::network {
namespace {

/// An arc of the rows, and its place there.
struct Place {
    int rank;  ///< owner of the other end
    AgentId source, target;
    std::uint32_t at;
    bool operator<(const Place& other) const {
        return std::tie(rank, source, target) < std::tie(other.rank, other.source, other.target);
    }
};

/// The rank that owns a ghost, by the order of ghosts in the plan.
int owner_of_ghost(const mpi::HaloPlan& plan, std::int64_t ghost) {
    const auto after =
        std::upper_bound(plan.receive_offsets.begin(), plan.receive_offsets.end(), ghost);
    return plan.receive_ranks[static_cast<std::size_t>(after - plan.receive_offsets.begin() - 1)];
}

enum class Direction { in, out };

/// The arcs of the rows, by owner of the other end, source and target.
template <class Real>
std::vector<Place> places_of(const DistributedGraph<Real>& graph, Direction direction, int self) {
    const model::Rows<Real>& rows = direction == Direction::in ? graph.in() : graph.out();
    std::vector<Place> places;
    places.reserve(rows.offsets[graph.owned()]);
    for (LocalId row = 0; row < graph.owned(); ++row) {
        for (auto e = rows.offsets[row]; e < rows.offsets[row + 1]; ++e) {
            const std::uint32_t column = rows.columns[e];
            const AgentId own = graph.ids()[row], other = graph.agent_of(column);
            const int rank = column < graph.first_ghost()
                                 ? self
                                 : owner_of_ghost(graph.plan(), column - graph.first_ghost());
            const bool in = direction == Direction::in;
            places.push_back(
                {rank, in ? other : own, in ? own : other, static_cast<std::uint32_t>(e)});
        }
    }
    std::sort(places.begin(), places.end());
    return places;
}

void expect_few_enough(std::uint64_t arcs) {
    if (arcs <= std::numeric_limits<std::uint32_t>::max() / 2) return;
    throw usage_error("a rank has " + std::to_string(arcs) +
                      " arcs whose weights change; at most 2147483647 are possible: use more "
                      "ranks");
}

}  // namespace

template <class Real>
ArcExchange<Real>::ArcExchange(const DistributedGraph<Real>& graph, const mpi::Communicator& comm) {
    mpi::HaloPlan plan;
    plan.send_offsets = plan.receive_offsets = {0};
    mpi::together(comm, [&] {
        const std::uint64_t arcs = graph.out().offsets[graph.owned()];
        const std::uint64_t arriving = graph.in().offsets[graph.owned()];
        expect_few_enough(arcs + arriving);
        const auto out = places_of(graph, Direction::out, comm.rank());
        const auto in = places_of(graph, Direction::in, comm.rank());
        plan.first_ghost = static_cast<std::int64_t>(arcs);
        places_ = Buffer<std::uint32_t>(arriving);
        std::vector<std::uint32_t> own;
        for (const Place& place : out) {
            if (place.rank == comm.rank()) {
                own.push_back(place.at);
                continue;
            }
            if (plan.send_ranks.empty() || plan.send_ranks.back() != place.rank) {
                plan.send_ranks.push_back(place.rank);
                plan.send_offsets.push_back(plan.send_offsets.back());
            }
            plan.send_units.push_back(place.at);
            plan.send_offsets.back() += 1;
        }
        auto next_own = own.begin();
        for (const Place& place : in) {
            if (place.rank == comm.rank()) {
                places_[place.at] = *next_own++;
                continue;
            }
            if (plan.receive_ranks.empty() || plan.receive_ranks.back() != place.rank) {
                plan.receive_ranks.push_back(place.rank);
                plan.receive_offsets.push_back(plan.receive_offsets.back());
            }
            places_[place.at] = static_cast<std::uint32_t>(static_cast<std::int64_t>(arcs) +
                                                           plan.receive_offsets.back());
            plan.receive_offsets.back() += 1;
        }
        numbers_ = Buffer<Real>(arcs + static_cast<std::size_t>(plan.received_units()), Real{0});
    });
    exchange_ = mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm, plan, sizeof(Real),
                                        reinterpret_cast<std::byte*>(numbers_.data()));
}

template <class Real>
void ArcExchange<Real>::send(std::span<const Real> of_out_arcs, std::span<Real> to_in_arcs) {
    std::copy(of_out_arcs.begin(), of_out_arcs.end(), numbers_.begin());
    exchange_->start(0);
    exchange_->finish(0);
    for (std::size_t e = 0; e < to_in_arcs.size(); ++e) to_in_arcs[e] = numbers_[places_[e]];
}

template class ArcExchange<double>;
template class ArcExchange<float>;

}  // namespace motley::network
