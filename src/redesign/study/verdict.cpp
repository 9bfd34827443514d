// The verdict: "no change" unless the gain and the lower end of its interval exceed the required
// values.
#include <fmt/format.h>

#include <algorithm>

#include "phases.hpp"

namespace motley::redesign {

void add_verdict(const job::Redesign& job, RedesignResult& result) {
    Verdict& verdict = result.verdict;
    verdict.required = 1.0 + job.proposal.least_gain;
    const std::string best = verdict.recommendation;
    if (best.empty()) {
        verdict.recommendation = "no change";
        verdict.text = "there is nothing to change to";
        return;
    }
    const auto node_theta = [&](const std::string& name) {
        return std::ranges::find(result.designs, name, &DesignResult::name)->losses.node.theta;
    };
    const bool by_price = surplus_of(job) == fleet::Surplus::worthless;
    const std::string found = fmt::format(
        "'{}' serves {} {:.4g} times as {} as '{}', interval [{:.4g}, {:.4g}], costs "
        "of the change included; after the worst loss of a node {:.3g} of the demand is served, by "
        "'{}' {:.3g}",
        best, by_price ? "the demand" : "the demanded mix", verdict.gain,
        by_price ? "cheaply" : "much", verdict.baseline, verdict.interval.low,
        verdict.interval.high, node_theta(best), verdict.baseline, node_theta(verdict.baseline));
    if (verdict.gain > verdict.required && verdict.interval.low > verdict.required) {
        verdict.text = found;
        return;
    }
    verdict.recommendation = "no change";
    verdict.text = found + fmt::format("; that is not clear of {:.4g}", verdict.required);
}

}  // namespace motley::redesign
