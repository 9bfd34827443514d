// Both ends list the arcs between two ranks by (source, target), so that no arc is named in a
// message. Columns of a row ascend by id, so that walking the sources by ascending id lists the
// arcs out of a rank in this order; the arcs into it are listed by walking the targets by ascending
// id, and then counted into places by source.
#include "motley/network/arc_exchange.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace motley::network {
namespace {

/// The rows of a rank by ascending id of their agents.
template <class Real>
std::vector<LocalId> rows_by_id(const DistributedGraph<Real>& graph) {
    std::vector<LocalId> rows(graph.owned());
    std::iota(rows.begin(), rows.end(), LocalId{0});
    std::ranges::sort(rows, {}, [&](LocalId row) { return graph.ids()[row]; });
    return rows;
}

/// The rank that owns each ghost, as its place among the ranks of the plan that are received from.
std::vector<std::uint32_t> owners_of_ghosts(const mpi::HaloPlan& plan) {
    std::vector<std::uint32_t> owners;
    owners.reserve(static_cast<std::size_t>(plan.received_units()));
    for (std::size_t i = 0; i < plan.receive_ranks.size(); ++i) {
        owners.resize(static_cast<std::size_t>(plan.receive_offsets[i + 1]),
                      static_cast<std::uint32_t>(i));
    }
    return owners;
}

/// Arcs whose other end is on another rank: their places in the rows, by the place of that rank in
/// the plan.
using CrossArcs = std::vector<std::vector<std::uint32_t>>;

/// Arcs out of this rank, by source and target.
template <class Real>
CrossArcs leaving(const DistributedGraph<Real>& graph, std::span<const LocalId> rows,
                  std::span<const std::uint32_t> owners) {
    CrossArcs arcs(graph.plan().receive_ranks.size());
    const auto& out = graph.out();
    for (const LocalId row : rows) {
        if (row < graph.interior()) continue;  // has no ghosts
        for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
            if (out.columns[e] < graph.first_ghost()) continue;
            const auto ghost = static_cast<std::size_t>(out.columns[e] - graph.first_ghost());
            arcs[owners[ghost]].push_back(static_cast<std::uint32_t>(e));
        }
    }
    return arcs;
}

/// Arcs into this rank, by source and target: a counting sort of those by target.
template <class Real>
CrossArcs arriving(const DistributedGraph<Real>& graph, std::span<const LocalId> rows,
                   std::span<const std::uint32_t> owners) {
    const auto& in = graph.in();
    const auto ghosts = owners.size();
    std::vector<std::uint32_t> counts(ghosts, 0);
    const auto each_arc = [&](auto action) {
        for (const LocalId row : rows) {
            if (row < graph.interior()) continue;
            for (auto e = in.offsets[row]; e < in.offsets[row + 1]; ++e) {
                if (in.columns[e] < graph.first_ghost()) continue;
                action(static_cast<std::size_t>(in.columns[e] - graph.first_ghost()),
                       static_cast<std::uint32_t>(e));
            }
        }
    };
    each_arc([&](std::size_t ghost, std::uint32_t) { counts[ghost] += 1; });
    CrossArcs arcs(graph.plan().receive_ranks.size());
    // Ghosts of a rank lie in the order of its rows; here they are wanted by id.
    std::vector<std::uint32_t> by_id(ghosts), begins(ghosts, 0);
    std::iota(by_id.begin(), by_id.end(), 0U);
    const auto id_of = [&](std::uint32_t ghost) {
        return graph.agent_of(static_cast<std::uint32_t>(graph.first_ghost()) + ghost);
    };
    const auto& offsets = graph.plan().receive_offsets;
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
        std::sort(by_id.begin() + offsets[i], by_id.begin() + offsets[i + 1],
                  [&](std::uint32_t a, std::uint32_t b) { return id_of(a) < id_of(b); });
        std::uint32_t count = 0;
        for (auto g = offsets[i]; g < offsets[i + 1]; ++g) {
            const std::uint32_t ghost = by_id[static_cast<std::size_t>(g)];
            begins[ghost] = count;
            count += counts[ghost];
        }
        arcs[i].resize(count);
    }
    each_arc([&](std::size_t ghost, std::uint32_t e) { arcs[owners[ghost]][begins[ghost]++] = e; });
    return arcs;
}

/// For every in-arc from an agent of this rank, its place among the out-arcs: sources in the order
/// of their ids meet the arcs of every row in turn.
template <class Real>
void match_own(const DistributedGraph<Real>& graph, std::span<const LocalId> rows,
               Buffer<std::uint32_t>& places) {
    const auto &in = graph.in(), &out = graph.out();
    std::vector<std::uint64_t> next(in.offsets.begin(), in.offsets.begin() + graph.owned());
    const auto units = static_cast<std::uint32_t>(graph.units_per_agent());
    for (const LocalId row : rows) {
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
        const std::uint64_t into = graph.in().offsets[graph.owned()];
        expect_few_enough(arcs + into);
        plan.first_ghost = static_cast<std::int64_t>(arcs);
        places_ = Buffer<std::uint32_t>(into);
        const auto rows = rows_by_id(graph);
        match_own(graph, rows, places_);
        const auto owners = owners_of_ghosts(graph.plan());
        const CrossArcs out = leaving(graph, rows, owners), in = arriving(graph, rows, owners);
        for (std::size_t i = 0; i < out.size(); ++i) {
            const int rank = graph.plan().receive_ranks[i];
            if (!out[i].empty()) {
                plan.send_ranks.push_back(rank);
                plan.send_units.insert(plan.send_units.end(), out[i].begin(), out[i].end());
                plan.send_offsets.push_back(std::ssize(plan.send_units));
            }
            if (in[i].empty()) continue;
            std::int64_t place = plan.receive_offsets.back();
            for (const std::uint32_t at : in[i]) {
                places_[at] = static_cast<std::uint32_t>(static_cast<std::int64_t>(arcs) + place++);
            }
            plan.receive_ranks.push_back(rank);
            plan.receive_offsets.push_back(place);
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
