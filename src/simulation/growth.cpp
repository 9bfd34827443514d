// Growth: resources follow rewards. With whom an agent is compared, what keeps the total, and the
// bound on what resources elsewhere could earn.
#include <algorithm>

#include "motley/simulation/simulation.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {

template <class Real>
void Simulation<Real>::prepare_resources() {
    using model::GrowthScope;
    const bool local = spec_.growth_scope == GrowthScope::local && !mean_field();
    if (grows() && spec_.growth_scope == GrowthScope::group && graph_.levels().empty()) {
        Error error = usage_error("model.growth.scope = \"group\" needs a nested topology");
        error.set_everywhere();
        throw error;
    }
    if (grows()) {
        const bool group = spec_.growth_scope == GrowthScope::group;
        const AgentId size = group ? graph_.levels().back().groups : graph_.agents();
        groups_.emplace(graph_.ids(), graph_.agents(), size, comm_);
    }
    if (!mean_field() && ((grows() && local) || migrates())) {
        agent_rows_ = Buffer<double>(2 * graph_.units(), 0.0);
        agent_exchange_ = mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm_,
                                                  graph_.plan(), 2 * sizeof(double),
                                                  reinterpret_cast<std::byte*>(agent_rows_.data()));
    }
    if (migrates()) prepare_migration();
}

template <class Real>
void Simulation<Real>::grow() {
    const Stopwatch watch(seconds_.reduce);
    const bool local = spec_.growth_scope == model::GrowthScope::local && !mean_field();
    std::vector<double> before;
    if (!local || spec_.growth_conserve) before = group_resources();
    const auto mean = local ? mean_reward_of_neighbours() : mean_reward_of_groups(before);
    const double rate = growth_follows_ ? parameters_.rate : spec_.growth_rate;
    model::grow(rate, reward_, mean, state_);
    if (spec_.growth_conserve) conserve(before);
}

/// R of each group, for every group of this rank.
template <class Real>
std::vector<double> Simulation<Real>::group_resources() const {
    return groups_->sums([&](LocalId row) { return static_cast<double>(state_.resource[row]); });
}

/// Rescales the resources of each group to the total `before`.
template <class Real>
void Simulation<Real>::conserve(const std::vector<double>& before) {
    const auto now = group_resources();
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        const std::size_t group = groups_->of(row);
        if (!(now[group] > 0.0)) continue;
        state_.resource[row] = static_cast<Real>(static_cast<double>(state_.resource[row]) *
                                                 (before[group] / now[group]));
    }
}

/// rbar of every row over its group, whose resources are `spent`.
template <class Real>
std::vector<double> Simulation<Real>::mean_reward_of_groups(
    const std::vector<double>& spent) const {
    const auto earned = groups_->sums(
        [&](LocalId row) { return reward_[row] * static_cast<double>(state_.resource[row]); });
    std::vector<double> mean(graph_.owned());
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        const std::size_t group = groups_->of(row);
        mean[row] = spent[group] > 0.0 ? earned[group] / spent[group] : 1.0;
    }
    return mean;
}

/// Sends the two numbers of every agent to the ranks that have neighbours of it. All units of an
/// agent hold them, so that in- and out-neighbours can read them.
template <class Real>
void Simulation<Real>::exchange_agent_rows() {
    agent_exchange_->start(0);
    agent_exchange_->finish(0);
}

/// rbar of every row over the agent itself and its in-neighbours.
template <class Real>
std::vector<double> Simulation<Real>::mean_reward_of_neighbours() {
    const std::size_t owned = graph_.owned();
    const auto per_agent = static_cast<std::size_t>(graph_.units_per_agent());
    for (std::size_t u = 0; u < owned * per_agent; ++u) {
        const auto resource = static_cast<double>(state_.resource[u / per_agent]);
        agent_rows_[2 * u] = reward_[u / per_agent] * resource;
        agent_rows_[2 * u + 1] = resource;
    }
    exchange_agent_rows();
    std::vector<double> mean(owned);
    const auto& rows = graph_.in();
    for (std::size_t i = 0; i < owned; ++i) {
        double earned = agent_rows_[2 * i * per_agent];
        double spent = agent_rows_[2 * i * per_agent + 1];
        for (auto e = rows.offsets[i]; e < rows.offsets[i + 1]; ++e) {
            if (rows.columns[e] == i * per_agent) continue;  // a loop; the agent is counted already
            earned += agent_rows_[2 * std::size_t{rows.columns[e]}];
            spent += agent_rows_[2 * std::size_t{rows.columns[e]} + 1];
        }
        mean[i] = spent > 0.0 ? earned / spent : 1.0;
    }
    return mean;
}

/// P* <= sum over groups of S max_i norm(a_i o q_i), since y = a R^(1 - gamma) (R x)^gamma is
/// concave and homogeneous; with fixed allocations max_i r_i stands for the norm. Puts this bound
/// in place of that for fixed resources. `resources` are S, as they were in the step.
template <class Real>
void Simulation<Real>::bound_growth(model::Tally& tally,
                                    const std::vector<double>& resources) const {
    const auto put = [&](model::Tally::Scalar what, std::size_t which) {
        auto most = groups_->maxima([&](LocalId row) { return tally.bounds[2 * row + which]; });
        for (std::size_t g = 0; g < most.size(); ++g) most[g] *= resources[g];
        const double total = groups_->total(most);
        ExactSum sum;
        if (comm_.root()) sum.add(total);
        tally.sums[static_cast<std::size_t>(what)] = sum;
    };
    put(model::Tally::upper, 0);
    put(model::Tally::capability_norm, 1);
}

#define MOTLEY_INSTANTIATE(Real)                                                \
    template void Simulation<Real>::prepare_resources();                        \
    template void Simulation<Real>::grow();                                     \
    template std::vector<double> Simulation<Real>::group_resources() const;     \
    template void Simulation<Real>::conserve(const std::vector<double>&);       \
    template std::vector<double> Simulation<Real>::mean_reward_of_groups(       \
        const std::vector<double>&) const;                                      \
    template void Simulation<Real>::exchange_agent_rows();                      \
    template std::vector<double> Simulation<Real>::mean_reward_of_neighbours(); \
    template void Simulation<Real>::bound_growth(model::Tally&, const std::vector<double>&) const;
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
