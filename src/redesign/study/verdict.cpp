// The verdict: every design is judged by its conditions and by its advantage over the baseline; the
// best one that passes is recommended.
#include <fmt/format.h>

#include <algorithm>

#include "phases.hpp"

namespace motley::redesign {
namespace {

std::string interval_text(const std::optional<Bracket>& interval) {
    if (!interval) return "no number of the job is uncertain";
    return fmt::format("interval [{:.4g}, {:.4g}]", interval->low, interval->high);
}

std::optional<Bracket> advantage_interval(const DesignResult& design) {
    if (!design.interval) return {};
    return design.interval->advantage;
}

bool is_clear(const DesignResult& design, double required) {
    constexpr double rounding = 1e-6;
    const double least = required * (1.0 + rounding);
    const auto interval = advantage_interval(design);
    return design.advantage > least && (!interval || interval->low > least);
}

/// What a design does not do, as one clause: "it serves 0.4 of the demand; it takes ...".
std::string failures_of(const DesignResult& design) {
    std::string text;
    for (const Condition& each : design.conditions) {
        if (!each.met) text += (text.empty() ? "" : "; ") + each.text;
    }
    return text;
}

/// How much larger a fleet of this mix must be, where the demand is all that it fails.
std::string scaled_up(const DesignResult& design) {
    if (!(design.theta() > 0.0) || design.theta() >= 1.0 || design.network.pipeline) return "";
    return fmt::format(" ({:.3g} times as much of it would)", 1.0 / design.theta());
}

/// Finds the verdict; the texts follow from what it chose.
class Judge {
  public:
    Judge(const job::Redesign& job, RedesignResult& result)
        : job_(job),
          result_(result),
          by_price_(surplus_of(job) == fleet::Surplus::worthless),
          baseline_(result.designs[index_of_baseline(job, result)]) {}

    void operator()() {
        Verdict& verdict = result_.verdict;
        verdict.baseline = baseline_.name;
        verdict.required = 1.0 + job_.proposal.least_gain;
        const DesignResult* best = choose();
        verdict.recommendation = best == nullptr ? "no change" : best->name;
        if (best != nullptr) {
            verdict.gain = best->advantage;
            verdict.interval = advantage_interval(*best);
        }
        verdict.because = best == nullptr ? why_none() : why(*best);
        verdict.text = baseline_text() + verdict.because + others(best);
    }

  private:
    bool is_candidate(const DesignResult& design) const {
        return &design != &baseline_ && design.passes() &&
               (!baseline_.passes() || is_clear(design, result_.verdict.required));
    }

    const DesignResult* choose() const {
        const DesignResult* best = nullptr;
        for (const DesignResult& design : result_.designs) {
            if (!is_candidate(design)) continue;
            if (best == nullptr || design.advantage > best->advantage) best = &design;
        }
        return best;
    }

    std::string baseline_text() const {
        if (baseline_.passes()) return "";
        return fmt::format("'{}' does not pass: {}. ", baseline_.name, failures_of(baseline_));
    }

    std::string ratio_text(const DesignResult& design) const {
        return fmt::format("{:.4g} times as {} as '{}', costs of the change included ({})",
                           design.advantage, by_price_ ? "cheaply" : "much", baseline_.name,
                           interval_text(advantage_interval(design)));
    }

    std::string why(const DesignResult& best) const {
        const std::string fleet = fmt::format("'{}' ({}, {:.6g} $/h)", best.name,
                                              fleet_text(job_.problem, best.fleet), best.price);
        if (!baseline_.passes()) {
            return fmt::format(
                "{} passes all conditions, and is the {} that does: it serves {:.4g} "
                "of the demand",
                fleet, by_price_ ? "cheapest" : "best", best.theta());
        }
        return fmt::format("{} serves {} {}", fleet, by_price_ ? "the demand" : "the demanded mix",
                           ratio_text(best));
    }

    std::string why_none() const {
        if (result_.designs.size() < 2) return "there is nothing to change to";
        const bool any = std::ranges::any_of(result_.designs, [&](const DesignResult& design) {
            return &design != &baseline_ && design.passes();
        });
        if (!any) return "no other design passes all conditions";
        return fmt::format("no design that passes is clear of {:.4g} times '{}'",
                           result_.verdict.required, baseline_.name);
    }

    /// Why each other design is not recommended.
    std::string others(const DesignResult* best) const {
        std::string text;
        for (const DesignResult& design : result_.designs) {
            if (&design == best || &design == &baseline_) continue;
            if (!design.passes()) {
                text += fmt::format(". '{}' does not pass: {}{}", design.name, failures_of(design),
                                    scaled_up(design));
            } else if (design.advantage > (best == nullptr ? 1.0 + 1e-6 : best->advantage)) {
                text += fmt::format(". '{}' serves it {}, which is not clear of {:.4g}",
                                    design.name, ratio_text(design), result_.verdict.required);
            }
        }
        return text;
    }

    const job::Redesign& job_;
    RedesignResult& result_;
    bool by_price_;
    const DesignResult& baseline_;
};

}  // namespace

std::size_t index_of_baseline(const job::Redesign& job, const RedesignResult& result) {
    const std::string& name = job.proposal.baseline;
    const auto found = std::ranges::find(result.designs, name, &DesignResult::name);
    if (!name.empty()) return static_cast<std::size_t>(found - result.designs.begin());
    if (!job.designs.empty()) return 0;
    return result.designs.size() - 1;  // the best homogeneous one, else the searched one
}

void add_verdict(const job::Redesign& job, RedesignResult& result) {
    Judge(job, result)();
}

}  // namespace motley::redesign
