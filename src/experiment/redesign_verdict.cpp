// "No change" unless the gain stands clear of its interval and of what a change costs.
#include <fmt/format.h>

#include "redesign_parts.hpp"

namespace motley::experiment {

void add_verdict(const job::Redesign& job, RedesignResult& result) {
    Verdict& verdict = result.verdict;
    verdict.required = 1.0 + job.proposal.least_gain;
    const std::string best = verdict.recommendation;
    if (best.empty()) {
        verdict.recommendation = "no change";
        verdict.text = "there is nothing to change to";
        return;
    }
    const std::string found = fmt::format(
        "'{}' serves the demand {:.4g} times as cheaply as '{}', interval [{:.4g}, {:.4g}], costs "
        "of the change included",
        best, verdict.gain, verdict.baseline, verdict.interval.low, verdict.interval.high);
    if (verdict.gain > verdict.required && verdict.interval.low > verdict.required) {
        verdict.text = found;
        return;
    }
    verdict.recommendation = "no change";
    verdict.text = found + fmt::format("; that is not clear of {:.4g}", verdict.required);
}

}  // namespace motley::experiment
