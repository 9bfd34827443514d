// What a proposal must do: serve the demand, keep the budgets, survive failures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "design_fabric.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// Relative differences up to this one are rounding: programmes of networks end within 1e-8.
constexpr double rounding = 1e-6;

bool reaches(double value, double limit) {
    return value >= limit * (1.0 - rounding);
}

Condition at_least(std::string name, double value, double limit, std::string text) {
    return {std::move(name), value, limit, reaches(value, limit), std::move(text)};
}

void add_budget(const char* name, double used, double limit, const char* unit,
                std::vector<Condition>& out) {
    if (!std::isfinite(limit)) return;
    out.push_back(
        {name, used, limit, used <= limit * (1.0 + rounding),
         fmt::format("it takes {:.6g} {}, the budget is {:.6g} {}", used, unit, limit, unit)});
}

void add_budgets(const fleet::Budget& budget, const DesignResult& design,
                 std::vector<Condition>& out) {
    double devices = 0.0;
    for (const double count : design.fleet) devices += count;
    add_budget("price", design.price, budget.price, "$/h", out);
    add_budget("power", design.power_peak, budget.power, "W", out);
    add_budget("devices", devices, budget.devices, "devices", out);
    add_budget("rack units", design.rack_units, budget.rack_units, "rack units", out);
}

Condition after_loss(const std::string& part, double theta) {
    return at_least(
        part, theta, 1.0,
        fmt::format("after the loss of {} it serves {:.3g} of the demand", part, theta));
}

Condition after_loss_of_fabric(const std::string& part, const DesignResult& design) {
    const auto& losses = design.network.losses;
    const auto found = std::ranges::find(losses, part, &FabricLoss::part);
    if (found != losses.end() && found->tried > 0) {
        Condition out = after_loss("a " + part, found->theta);
        if (found->tried < found->possible) {
            out.text += fmt::format(" ({} of {} were tried)", found->tried, found->possible);
        }
        return out;
    }
    return {"a " + part, 0.0, 1.0, false,
            fmt::format("it has no {} whose loss could be tried: give it a topology", part)};
}

Condition survived(const job::Redesign& job, const job::Survival& survival,
                   const DesignResult& design) {
    using Part = job::Survival::Part;
    switch (survival.part) {
        case Part::device:
            return after_loss("a device", design.losses.device.theta);
        case Part::node:
            return after_loss("a node", design.losses.node.theta);
        case Part::link:
            return after_loss_of_fabric("link", design);
        case Part::switches:
            return after_loss_of_fabric("switch", design);
        case Part::rack:
            return after_loss_of_fabric("rack", design);
        case Part::share:
            break;
    }
    const fleet::ShareLoss worst =
        fleet::worst_share(job.problem, design.fleet, design.throughput, survival.share);
    return after_loss(fmt::format("the worst {:.3g} % of the devices", 100.0 * survival.share),
                      std::min(worst.theta, design.theta()));
}

}  // namespace

std::vector<Condition> conditions_of(const job::Redesign& job, const DesignResult& design) {
    std::vector<Condition> out;
    if (surplus_of(job) == fleet::Surplus::worthless) {
        std::string text = fmt::format("it serves {:.3g} of the demand", design.theta());
        const bool conditional =
            std::ranges::any_of(job.problem.workflows, &fleet::Workflow::conditional);
        if (conditional && !(design.theta() > 0.0)) {
            text +=
                ", because no use of its devices was found that meets the conditions of the "
                "workflows";
        }
        out.push_back(at_least("demand", design.theta(), 1.0, std::move(text)));
        if (design.interval && job.proposal.serve > 0.0) {
            const double chance = design.interval->chance;
            out.push_back(at_least(
                "chance", chance, job.proposal.serve,
                fmt::format("it serves the demand in {:.3g} of the scenarios, wanted are {:.3g}",
                            chance, job.proposal.serve)));
        }
    }
    if (has_traffic(job) && !design.network.given) {
        out.push_back(
            {"fabric", 0.0, 1.0, false, "it has no fabric, so that its traffic is not charged"});
    }
    for (std::size_t k = 0; k < design.waits.size(); ++k) {
        const ClassWait& wait = design.waits[k];
        if (!wait.limit) continue;
        const std::string& name = job.problem.tasks[k].name;
        out.push_back({"wait of " + name, wait.p95, *wait.limit, wait.p95 <= *wait.limit,
                       fmt::format("5 % of '{}' wait longer than {:.3g} s, the limit is {:.3g} s",
                                   name, wait.p95, *wait.limit)});
    }
    for (const RequestResult& request : design.requests) {
        if (!request.limit) continue;
        const double seconds = request.latency.high;
        out.push_back({"latency of " + request.name, seconds, *request.limit,
                       seconds <= *request.limit * (1.0 + rounding),
                       fmt::format("a request of '{}' takes {:.4g} s without waits, the limit is "
                                   "{:.4g} s",
                                   request.name, seconds, *request.limit)});
    }
    add_budgets(job.limits, design, out);
    for (const job::Survival& each : job.proposal.survive) {
        out.push_back(survived(job, each, design));
    }
    return out;
}

void add_conditions(const job::Redesign& job, RedesignResult& result) {
    for (DesignResult& design : result.designs) design.conditions = conditions_of(job, design);
}

}  // namespace motley::redesign
