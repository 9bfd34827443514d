// Both ends list the arcs between two ranks by (source, target), so that no arc is named in a
// message. Arcs within a rank are found by walking the sources in the order of the columns.
#include "motley/network/arc_exchange.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

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

/// The arcs of the rows whose other end is on another rank, by its owner, source and target.
template <class Real>
std::vector<Place> places_of(const DistributedGraph<Real>& graph, Direction direction) {
    const model::Rows<Real>& rows = direction == Direction::in ? graph.in() : graph.out();
    std::vector<Place> places;
    // Interior rows come first and have no ghosts.
    for (LocalId row = graph.interior(); row < graph.owned(); ++row) {
        for (auto e = rows.offsets[row]; e < rows.offsets[row + 1]; ++e) {
            const std::uint32_t column = rows.columns[e];
            if (column < graph.first_ghost()) continue;
            const AgentId own = graph.ids()[row], other = graph.agent_of(column);
            const int rank = owner_of_ghost(graph.plan(), column - graph.first_ghost());
            const bool in = direction == Direction::in;
            places.push_back(
                {rank, in ? other : own, in ? own : other, static_cast<std::uint32_t>(e)});
        }
    }
    std::sort(places.begin(), places.end());
    return places;
}

/// For every in-arc from an agent of this rank, its place among the out-arcs. Columns of a row
/// ascend by id, so that sources in the order of their ids meet the arcs of every row in turn.
template <class Real>
void match_own(const DistributedGraph<Real>& graph, Buffer<std::uint32_t>& places) {
    std::vector<std::pair<AgentId, LocalId>> sources;
    for (LocalId row = 0; row < graph.owned(); ++row) sources.emplace_back(graph.ids()[row], row);
    std::sort(sources.begin(), sources.end());
    const auto &in = graph.in(), &out = graph.out();
    std::vector<std::uint64_t> next(in.offsets.begin(), in.offsets.begin() + graph.owned());
    const auto units = static_cast<std::uint32_t>(graph.units_per_agent());
    for (const auto& [id, row] : sources) {
        for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
            const std::uint32_t column = out.columns[e];
            if (column >= graph.first_ghost()) continue;
            std::uint64_t& at = next[column / units];
            while (in.columns[at] >= graph.first_ghost()) ++at;
            places[at++] = static_cast<std::uint32_t>(e);
        }
    }
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
        const auto out = places_of(graph, Direction::out);
        const auto in = places_of(graph, Direction::in);
        plan.first_ghost = static_cast<std::int64_t>(arcs);
        places_ = Buffer<std::uint32_t>(arriving);
        match_own(graph, places_);
        for (const Place& place : out) {
            if (plan.send_ranks.empty() || plan.send_ranks.back() != place.rank) {
                plan.send_ranks.push_back(place.rank);
                plan.send_offsets.push_back(plan.send_offsets.back());
            }
            plan.send_units.push_back(place.at);
            plan.send_offsets.back() += 1;
        }
        for (const Place& place : in) {
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
