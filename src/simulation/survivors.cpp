// A simulation of what is left of another one.
#include <algorithm>
#include <utility>
#include <vector>

#include "graph_rows.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::simulation {
namespace {

/// Copies row `from` of one buffer to row `to` of another.
template <class Real>
void copy_row(const Buffer<Real>& source, std::size_t from, Buffer<Real>& target, std::size_t to,
              std::size_t width) {
    std::copy_n(source.data() + from * width, width, target.data() + to * width);
}

}  // namespace

template <class Real>
Simulation<Real>::Simulation(const Simulation& whole, const model::Spec& spec,
                             network::DistributedGraph<Real> graph, const Survivors& survivors)
    : spec_(spec),
      seed_(whole.seed_),
      graph_(std::move(graph)),
      comm_(whole.comm_),
      options_(whole.options_),
      read_table_(whole.read_table_) {
    parameters_ = whole.parameters_;
    parameters_.acceleration = {};
    set_flow_rules();
    set_change_rules();
    parameters_.flows.mean_utility = whole.parameters_.flows.mean_utility;
    growth_follows_ = whole.growth_follows_;
    demand_entropy_ = whole.demand_entropy_;
    mpi::together(comm_, [&] {
        const std::vector<LocalId> rows = rows_in(whole, survivors);
        copy_survivors(whole, survivors, rows);
        allocate_messages();
        allocate_for_flow_rules();
        copy_messages(whole, rows);
    });
    if (!mean_field()) make_exchange();
    if (resources_change()) prepare_resources();
    if (mean_field() && !pool()) totals();
}

/// The row of the whole for each row.
template <class Real>
std::vector<LocalId> Simulation<Real>::rows_in(const Simulation& whole,
                                               const Survivors& survivors) const {
    std::vector<AgentId> wanted;
    for (const AgentId id : graph_.ids()) wanted.push_back(survivors.in_whole(id));
    return rows_of(whole.graph_.ids(), wanted);
}

template <class Real>
void Simulation<Real>::copy_survivors(const Simulation& whole, const Survivors& survivors,
                                      std::span<const LocalId> rows) {
    const model::State<Real>& from = whole.state_;
    state_.tasks = from.tasks;
    state_.width = from.width;
    state_.resource_value = from.resource_value;
    state_.demand_per_agent = from.demand_per_agent;
    const auto width = static_cast<std::size_t>(state_.width);
    const std::size_t owned = graph_.owned();
    state_.allocation = Buffer<Real>(owned * width);
    state_.capability = Buffer<Real>(owned * width);
    state_.resource = Buffer<Real>(owned);
    state_.demand = Buffer<Real>((state_.demand_per_agent ? owned : std::size_t{1}) * width);
    if (!state_.demand_per_agent) copy_row(from.demand, 0, state_.demand, 0, width);
    for (std::size_t row = 0; row < owned; ++row) {
        copy_row(from.allocation, rows[row], state_.allocation, row, width);
        copy_row(from.capability, rows[row], state_.capability, row, width);
        if (state_.demand_per_agent) copy_row(from.demand, rows[row], state_.demand, row, width);
        state_.resource[row] = static_cast<Real>(from.resource_of(rows[row]));
        const bool makes = !graph_.is_relay(static_cast<LocalId>(row)) &&
                           survivors.makes(survivors.in_whole(graph_.ids()[row]));
        if (!makes) state_.resource[row] = 0;
    }
    silence_relays();
}

/// Messages of the common step go on from those of the whole; with own rules of flows, which scale
/// them by openness, they start from nothing.
template <class Real>
void Simulation<Real>::copy_messages(const Simulation& whole, std::span<const LocalId> rows) {
    const auto width = static_cast<std::size_t>(state_.width);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (opens()) state_.openness[row] = whole.state_.openness[rows[row]];
        if (log_welfare()) utility_[row] = whole.utility_[rows[row]];
        if (parameters_.flows.on || graph_.is_relay(static_cast<LocalId>(row))) continue;
        const Real* message = whole.messages(rows[row]);
        const double rescaled =
            model::stock_scale(graph_, static_cast<LocalId>(row), parameters_.openness) /
            model::stock_scale(whole.graph_, rows[row], parameters_.openness);
        Real* to = state_.messages[0].data() + 2 * row * width;
        for (std::size_t k = 0; k < width; ++k) {
            to[k] = static_cast<Real>(static_cast<double>(message[k]) * rescaled);
            to[width + k] = message[width + k];
        }
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                                 \
    template Simulation<Real>::Simulation(const Simulation&, const model::Spec&,                 \
                                          network::DistributedGraph<Real>, const Survivors&);    \
    template std::vector<LocalId> Simulation<Real>::rows_in(const Simulation&, const Survivors&) \
        const;                                                                                   \
    template void Simulation<Real>::copy_survivors(const Simulation&, const Survivors&,          \
                                                   std::span<const LocalId>);                    \
    template void Simulation<Real>::copy_messages(const Simulation&, std::span<const LocalId>);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
