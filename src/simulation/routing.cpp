// Chosen routing: agents divide what they pass on among their arcs by what each is worth,
//   w_ji <- w_ji exp(rate clip(V_ji / sum_h w_hi V_hi - 1, +-4)), renormalised over the out-arcs of
//   i,
// V_ji = kappa_ji sum_k z_ik q_jk, z what i passes on.
#include <algorithm>
#include <cmath>
#include <limits>

#include "graph_rows.hpp"
#include "motley/simulation/simulation.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {
namespace {

constexpr double least_share = 1e-15;
constexpr double clamp = 4.0;

[[noreturn]] void refuse(const std::string& what) {
    Error error = usage_error("model.routing_rate has no meaning " + what);
    error.set_everywhere();
    throw error;
}

}  // namespace

template <class Real>
void Simulation<Real>::prepare_routing() {
    if (graph_.has_relays()) {
        refuse("on a topology with switches, which pass everything on: set it to 0");
    }
    if (!weights_may_change(graph_, comm_)) {
        refuse("in a pool, or where the graph was built without network::ArcStorage::weighted");
    }
    note_routing();
    arc_worth_ = Buffer<double>(routing_.size(), 0.0);
    arc_exchange_ = std::make_unique<network::ArcExchange<Real>>(graph_, comm_);
    set_weights();
}

/// w of every out-arc, from the weights of the graph.
template <class Real>
void Simulation<Real>::note_routing() {
    const auto& out = graph_.out();
    routing_ = Buffer<double>(out.weights.size());
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        double total = 0.0;
        for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
            routing_[e] =
                static_cast<double>(out.weights[e]) / static_cast<double>(out.survivals[e]);
            total += routing_[e];
        }
        for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) routing_[e] /= total;
    }
}

template <class Real>
void Simulation<Real>::choose_routing() {
    const Stopwatch watch(seconds_.compute);
    const auto& out = graph_.out();
    const double rate = spec_.routing_rate;
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        const auto begin = out.offsets[row], end = out.offsets[row + 1];
        double mean = 0.0;
        for (auto e = begin; e < end; ++e) {
            arc_worth_[e] *= static_cast<double>(out.survivals[e]);
            mean += routing_[e] * arc_worth_[e];
        }
        if (!(mean > std::numeric_limits<double>::min())) continue;
        double total = 0.0;
        for (auto e = begin; e < end; ++e) {
            const double drive = std::clamp(arc_worth_[e] / mean - 1.0, -clamp, clamp);
            routing_[e] *= std::exp(rate * drive);
            total += routing_[e];
        }
        for (auto e = begin; e < end; ++e) {
            routing_[e] = std::max(routing_[e] / total, least_share);
        }
    }
    set_weights();
}

/// The weights that a step uses, survival x routing, at both ends of every arc.
template <class Real>
void Simulation<Real>::set_weights() {
    const auto& survivals = graph_.out().survivals;
    const auto weights = graph_.out_weights();
    for (std::size_t e = 0; e < weights.size(); ++e) {
        weights[e] = static_cast<Real>(routing_[e] * static_cast<double>(survivals[e]));
    }
    arc_exchange_->send(weights, graph_.in_weights());
}

template <class Real>
std::vector<network::RoutedArc> Simulation<Real>::routing() const {
    const auto& out = graph_.out();
    std::vector<network::RoutedArc> arcs;
    arcs.reserve(routing_.size());
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
            arcs.push_back({graph_.ids()[row], graph_.agent_of(out.columns[e]), routing_[e],
                            static_cast<double>(out.survivals[e])});
        }
    }
    return arcs;
}

template <class Real>
void Simulation<Real>::restore_routing(std::span<const StateRows::RoutedArc> arcs) {
    mpi::together(comm_, [&] {
        auto given = std::vector<StateRows::RoutedArc>(arcs.begin(), arcs.end());
        const auto before = [](const auto& a, const auto& b) {
            return a.source != b.source ? a.source < b.source : a.target < b.target;
        };
        std::sort(given.begin(), given.end(), before);
        const auto& out = graph_.out();
        for (LocalId row = 0; row < graph_.owned(); ++row) {
            for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
                const StateRows::RoutedArc wanted = {graph_.ids()[row],
                                                     graph_.agent_of(out.columns[e]), 0.0};
                const auto found = std::lower_bound(given.begin(), given.end(), wanted, before);
                if (found == given.end() || before(wanted, *found)) {
                    throw input_error("the stored state lacks the arc from agent " +
                                      std::to_string(wanted.source) + " to agent " +
                                      std::to_string(wanted.target));
                }
                routing_[e] = found->weight;
            }
        }
    });
    set_weights();
}

#define MOTLEY_INSTANTIATE(Real)                                                \
    template void Simulation<Real>::prepare_routing();                          \
    template void Simulation<Real>::choose_routing();                           \
    template void Simulation<Real>::set_weights();                              \
    template void Simulation<Real>::note_routing();                             \
    template std::vector<network::RoutedArc> Simulation<Real>::routing() const; \
    template void Simulation<Real>::restore_routing(std::span<const StateRows::RoutedArc>);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
