// Losses: resources that fail and come back, arcs that close, open or are replaced.
#include <algorithm>
#include <utility>

#include "graph_rows.hpp"
#include "motley/simulation/simulation.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {
namespace {

/// Puts row from[i] of `rows`, `width` numbers each, in place i.
template <class Rows>
void move_rows_of(Rows& rows, std::span<const LocalId> from, std::size_t width) {
    if (rows.empty()) return;
    const Rows before = std::exchange(rows, Rows(from.size() * width));
    for (std::size_t row = 0; row < from.size(); ++row) {
        std::copy_n(before.data() + from[row] * width, width, rows.data() + row * width);
    }
}

}  // namespace

template <class Real>
void Simulation<Real>::prepare_losses() {
    if (spec_.fallible) {
        own_resource_.assign(state_.resource.begin(), state_.resource.end());
        factor_.assign(graph_.owned(), 1.0);
    }
    if (!spec_.arcs_change) return;
    if (!weights_may_change(graph_, comm_)) {
        Error error = usage_error(
            "arcs of this graph cannot change: it was built without "
            "network::ArcStorage::weighted");
        error.set_everywhere();
        throw error;
    }
    note_routing();
    arc_exchange_ = std::make_unique<network::ArcExchange<Real>>(graph_, comm_);
    set_open_weights({});
}

template <class Real>
void Simulation<Real>::scale_resources(std::span<const double> factors) {
    for (std::size_t row = 0; row < factors.size(); ++row) {
        if (factors[row] == factor_[row]) continue;
        Real& resource = state_.resource[row];
        if (resources_change() && factor_[row] > 0.0) {
            own_resource_[row] = static_cast<double>(resource) / factor_[row];
        }
        factor_[row] = factors[row];
        resource = static_cast<Real>(own_resource_[row] * factor_[row]);
    }
}

template <class Real>
void Simulation<Real>::clear_messages(std::span<const LocalId> rows) {
    const auto width = 2 * static_cast<std::size_t>(state_.width);
    Buffer<Real>& messages = state_.messages[static_cast<std::size_t>(mean_field() ? 0 : parity_)];
    for (const LocalId row : rows) std::fill_n(messages.data() + row * width, width, Real{0});
}

template <class Real>
void Simulation<Real>::set_passages(std::span<const Passage> passages) {
    const Stopwatch watch(seconds_.compute);
    set_open_weights(passages);
    if (migrates()) share_migration();
}

/// The weights that a step uses, survival x share, at both ends of every arc. No passages: all arcs
/// are open.
template <class Real>
void Simulation<Real>::set_open_weights(std::span<const Passage> passages) {
    const auto& out = graph_.out();
    const auto weights = graph_.out_weights();
    Buffer<std::uint8_t> closed(graph_.owned(), 0);
    const auto passage = [&](std::uint64_t e) {
        return passages.empty() ? Passage::open : passages[e];
    };
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        const auto begin = out.offsets[row], end = out.offsets[row + 1];
        double kept = 0.0;
        bool whole = true;
        for (auto e = begin; e < end; ++e) {
            if (passage(e) == Passage::rerouted) {
                whole = false;
            } else {
                kept += routing_[e];
            }
        }
        closed[row] = !whole && !(kept > 0.0) ? 1 : 0;
        for (auto e = begin; e < end; ++e) {
            const double share = whole ? routing_[e] : routing_[e] / kept;
            const double passed = passage(e) == Passage::open ? share : 0.0;
            weights[e] = static_cast<Real>(passed * static_cast<double>(out.survivals[e]));
        }
    }
    graph_.set_closed(std::move(closed));
    arc_exchange_->send(weights, graph_.in_weights());
}

template <class Real>
void Simulation<Real>::take_graph(network::DistributedGraph<Real> graph) {
    std::vector<LocalId> from;
    mpi::together(comm_, [&] { from = rows_of(graph_.ids(), graph.ids()); });
    arc_exchange_.reset();
    exchange_.reset();
    graph_ = std::move(graph);
    move_rows(from);
    make_exchange();
    note_routing();
    arc_exchange_ = std::make_unique<network::ArcExchange<Real>>(graph_, comm_);
    set_open_weights({});
    if (resources_change()) prepare_resources();
}

/// Row from[i] becomes row i of the new graph.
template <class Real>
void Simulation<Real>::move_rows(std::span<const LocalId> from) {
    const auto width = static_cast<std::size_t>(state_.width);
    for (Buffer<Real>* rows : {&state_.allocation, &state_.capability}) {
        move_rows_of(*rows, from, width);
    }
    if (state_.demand_per_agent) move_rows_of(state_.demand, from, width);
    for (Buffer<Real>* rows : {&state_.resource, &state_.openness}) move_rows_of(*rows, from, 1);
    move_rows_of(state_.received, from, 2 * width);
    for (auto* rows : {&own_resource_, &factor_, &utility_}) move_rows_of(*rows, from, 1);
    Buffer<Real> sent = std::move(state_.messages[static_cast<std::size_t>(parity_)]);
    move_rows_of(sent, from, 2 * width);
    allocate_messages();
    state_.messages[0] = std::move(sent);
    parity_ = 0;
}

template <class Real>
void Simulation<Real>::restore_losses(const StateRows& rows) {
    if (fallible()) {
        factor_ = rows.factor;
        if (resources_change()) own_resource_ = rows.own_resource;
        for (std::size_t row = 0; !resources_change() && row < factor_.size(); ++row) {
            state_.resource[row] = static_cast<Real>(own_resource_[row] * factor_[row]);
        }
    }
    if (rows.rewired) restore_routing(rows.routing);
}

template <class Real>
void Simulation<Real>::set_demand(std::span<const double> shares) {
    const auto width = static_cast<std::size_t>(state_.width);
    state_.demand_per_agent = false;
    state_.demand = Buffer<Real>(width, Real{0});
    for (std::size_t k = 0; k < shares.size(); ++k) {
        state_.demand[k] = static_cast<Real>(shares[k]);
    }
    demand_entropy_ = measure::entropy({shares.begin(), shares.end()});
}

template <class Real>
std::vector<double> Simulation<Real>::common_demand() const {
    if (state_.demand_per_agent) throw internal_error("agents have demands of their own");
    return {state_.demand.begin(), state_.demand.begin() + state_.tasks};
}

#define MOTLEY_INSTANTIATE(Real)                                                 \
    template void Simulation<Real>::prepare_losses();                            \
    template void Simulation<Real>::scale_resources(std::span<const double>);    \
    template void Simulation<Real>::clear_messages(std::span<const LocalId>);    \
    template void Simulation<Real>::set_passages(std::span<const Passage>);      \
    template void Simulation<Real>::set_open_weights(std::span<const Passage>);  \
    template void Simulation<Real>::take_graph(network::DistributedGraph<Real>); \
    template void Simulation<Real>::move_rows(std::span<const LocalId>);         \
    template void Simulation<Real>::restore_losses(const StateRows&);            \
    template void Simulation<Real>::set_demand(std::span<const double>);         \
    template std::vector<double> Simulation<Real>::common_demand() const;
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
