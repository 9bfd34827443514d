#include "motley/measure/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace motley::measure {
namespace {

/// Output is a concave function of what may change: of efforts, or of resources alone.
bool concave(const model::Parameters& parameters) {
    return parameters.returns <= 1.0 || !parameters.adapts;
}

/// The gap of W = sum ln u, per agent: W* - W <= sum_i R_i |a_i o q_i| / ubar - N, since ln u is
/// concave and the prices are ubar / u_i times those of u_i. ubar is the one of the step.
void certify_log(Measures& m, const std::vector<double>& scalar,
                 const model::Parameters& parameters, double unsettled, std::int64_t clamped) {
    const double agents = scalar[model::Tally::agents];
    m.welfare = scalar[model::Tally::welfare];
    const double all = agents * parameters.flows.mean_utility;
    m.flow_residual = unsettled / all;
    m.certifiable = concave(parameters) && clamped == 0 && m.productivity > 0.0;
    const double excess = std::max(scalar[model::Tally::upper] - all, 0.0);
    m.gap =
        m.certifiable ? excess / all + m.flow_residual : std::numeric_limits<double>::quiet_NaN();
}

/// Relative gap from the dual bound. Values q that have not settled are off by at most
/// lambda / (1 - lambda) times their last change, which is added to the bound. Stocks that have not
/// settled change P by sum q |ds| to first order, which is added twice because of the curvature.
void certify(Measures& m, const std::vector<double>& scalar, const model::Parameters& parameters,
             double value_change, std::int64_t clamped) {
    // Without relay values are made of the prices that arrived, which are one step old.
    const double reach = parameters.flows.relay
                             ? parameters.contraction / (1.0 - parameters.contraction)
                             : parameters.openness;
    const double unsettled = reach * value_change * scalar[model::Tally::capability_norm] +
                             2.0 * scalar[model::Tally::residual];
    if (parameters.flows.log_welfare) return certify_log(m, scalar, parameters, unsettled, clamped);
    m.flow_residual = m.productivity > 0.0 ? unsettled / m.productivity : 0.0;
    m.certifiable = concave(parameters) && clamped == 0 && m.productivity > 0.0;
    const double excess = std::max(scalar[model::Tally::upper] - m.productivity, 0.0);
    m.gap = m.certifiable ? excess / m.productivity + m.flow_residual
                          : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double entropy_term(double v) {
    return v > 0.0 ? v * std::log(v) : 0.0;
}

double entropy(const std::vector<double>& weights) {
    double total = 0.0, sum = 0.0;
    for (const double w : weights) {
        total += w;
        sum += entropy_term(w);
    }
    if (!(total > 0.0)) return 0.0;
    return std::max(std::log(total) - sum / total, 0.0);
}

double mutual_information(double total, double joint, double agents,
                          const std::vector<double>& tasks) {
    if (!(total > 0.0)) return 0.0;
    double by_task = 0.0;
    for (const double v : tasks) by_task += entropy_term(v);
    return std::max((joint - agents - by_task) / total + std::log(total), 0.0);
}

Measures reduce(model::Tally& tally, const mpi::Communicator& comm,
                const model::Parameters& parameters, bool certificate) {
    using T = model::Tally;
    comm.sum(std::span<ExactSum>(tally.sums));
    const double value_change = comm.max(tally.value_change_max);
    const std::int64_t clamped = comm.sum(tally.clamped);

    std::vector<double> scalar(T::scalar_count);
    for (int i = 0; i < T::scalar_count; ++i) {
        scalar[static_cast<std::size_t>(i)] = tally.sums[static_cast<std::size_t>(i)].value();
    }
    const auto by_task = [&](T::Row row) {
        std::vector<double> values;
        for (int k = 0; k < tally.tasks; ++k) values.push_back(tally.by_task(row, k).value());
        return values;
    };
    Measures m;
    m.productivity = scalar[T::productivity];
    m.resource = scalar[T::resource];
    m.produced = scalar[T::produced];
    m.consumed = scalar[T::consumed];
    m.traffic = scalar[T::sent];
    m.received = scalar[T::received];
    m.value = scalar[T::value];
    m.frank_wolfe_gap = scalar[T::frank_wolfe];
    m.effort_by_task = by_task(T::effort_row);
    m.value_by_task = by_task(T::value_row);
    m.expenditure_by_task = by_task(T::expenditure_row);
    m.heterogeneity_effort = mutual_information(m.resource, scalar[T::effort_log],
                                                scalar[T::resource_log], m.effort_by_task);
    m.heterogeneity_value = mutual_information(m.value, scalar[T::value_log],
                                               scalar[T::value_agent_log], m.value_by_task);
    m.heterogeneity_capability =
        mutual_information(scalar[T::capability_sum], scalar[T::capability_log],
                           scalar[T::capability_agent_log], by_task(T::capability_row));
    m.task_entropy = entropy(m.effort_by_task);
    m.value_entropy = entropy(m.value_by_task);
    m.expenditure_entropy = entropy(m.expenditure_by_task);
    // How far flows are from settled is known without a certificate as well.
    certify(m, scalar, parameters, value_change, clamped);
    if (!certificate) {
        m.certifiable = false;
        m.gap = std::numeric_limits<double>::quiet_NaN();
    }
    return m;
}

}  // namespace motley::measure
