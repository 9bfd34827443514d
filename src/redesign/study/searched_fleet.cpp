// The searched fleets: the cheapest one, bought for the least multiple of the demand at which it
// meets every condition of a proposal.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "phases.hpp"

namespace motley::redesign {
namespace {

/// Multiples of the demand that are tried until one passes.
constexpr std::array multiples = {1.0, 1.05, 1.1, 1.2, 1.4, 1.7, 2.0, 3.0, 4.0, 8.0};
/// Halvings of the distance between a multiple that fails and one that passes.
constexpr int halvings = 7;

/// Conditions that more devices do not help to meet.
bool is_budget(const Condition& condition) {
    const std::array budgets = {"price", "power", "devices", "rack units"};
    if (condition.name.starts_with("latency of ")) return true;
    return std::ranges::find(budgets, condition.name) != budgets.end();
}

/// What no fabric takes.
constexpr fleet::Budget nothing_taken = {0.0, 0.0, 0.0, 0.0};

bool same(const fleet::Budget& a, const fleet::Budget& b) {
    return a.price == b.price && a.power == b.power && a.rack_units == b.rack_units;
}

bool a_budget_fails(const DesignResult& design) {
    return std::ranges::any_of(design.conditions,
                               [](const Condition& each) { return !each.met && is_budget(each); });
}

bool only_budgets_fail(const DesignResult& design) {
    return std::ranges::all_of(design.conditions,
                               [](const Condition& each) { return each.met || is_budget(each); });
}

/// A fleet for one multiple of the demand, judged at the demand itself.
struct SizedFleet {
    double multiple = 1.0;
    bool found = false;
    DesignResult bought;  ///< the fleet, with nothing judged
    DesignResult design;  ///< judged on one rank

    bool passes() const { return found && design.passes(); }
};

/// Buys a fleet for a multiple of the demand, within the budget less what its fabric takes of it;
/// nothing where none can be had.
using Buy = std::function<std::optional<DesignResult>(double, const fleet::Budget& fabric)>;

/// Price, power and rack units of the fabric of a judged design.
fleet::Budget taken_by_fabric(const job::Redesign& job, const DesignResult& design) {
    fleet::Budget out = nothing_taken;
    out.price = design.fabric_price;
    out.power = design.power_peak - fleet::peak_power(job.problem, design.fleet);
    out.rack_units = design.rack_units - fleet::rack_units(job.problem, design.fleet);
    return out;
}

class Sizing {
  public:
    Sizing(const job::Redesign& job, Buy buy, const Progress& progress)
        : job_(job), buy_(std::move(buy)), progress_(progress) {}

    /// The fleet of the least multiple that passes, or that of the multiple 1.
    SizedFleet operator()() {
        const SizedFleet first = at(1.0);
        if (!first.found || first.passes() || only_budgets_fail(first.design)) return first;
        SizedFleet failing = first;
        for (const double multiple : multiples) {
            if (multiple <= 1.0) continue;
            SizedFleet next = at(multiple);
            if (!next.found) return first;
            if (next.passes()) return between(failing, std::move(next));
            failing = std::move(next);
        }
        return first;
    }

  private:
    /// Where the fabric breaks a budget that the devices keep, a fleet is bought with what the
    /// fabric leaves of it, until both keep it together; then with what the smaller fabric leaves,
    /// as long as both keep it.
    SizedFleet at(double multiple) const {
        constexpr int most_purchases = 12;
        fleet::Budget fabric = nothing_taken;
        SizedFleet last = with(multiple, fabric), kept = last;
        bool fits = false;
        for (int i = 0; i < most_purchases && last.found; ++i) {
            const fleet::Budget now = taken_by_fabric(job_, last.design);
            const bool larger = now.price > fabric.price || now.power > fabric.power ||
                                now.rack_units > fabric.rack_units;
            if (!a_budget_fails(last.design)) {
                fits = true;
                kept = last;
                if (same(now, fabric) || i == 0) break;
                fabric = now;
            } else if (larger && !fits) {
                kept = last;
                fabric = {std::max(now.price, fabric.price), std::max(now.power, fabric.power), 0.0,
                          std::max(now.rack_units, fabric.rack_units)};
            } else {
                break;
            }
            last = with(multiple, fabric);
        }
        return kept;
    }

    SizedFleet with(double multiple, const fleet::Budget& fabric) const {
        SizedFleet out{multiple, false, {}, {}};
        auto bought = buy_(multiple, fabric);
        if (!bought) return out;
        out.found = true;
        out.bought = *bought;
        out.design = std::move(*bought);
        judge_alone(job_, out.design);
        if (progress_) {
            progress_(fmt::format("'{}' for {:.4g} times the demand: {:.6g} $/h, {}",
                                  out.design.name, multiple, out.design.price,
                                  out.design.passes() ? "it passes" : "it does not pass yet"));
        }
        return out;
    }

    SizedFleet between(SizedFleet failing, SizedFleet passing) const {
        for (int i = 0; i < halvings && failing.design.fleet != passing.design.fleet; ++i) {
            SizedFleet middle = at(std::sqrt(failing.multiple * passing.multiple));
            if (!middle.found) break;
            (middle.passes() ? passing : failing) = std::move(middle);
        }
        return passing;
    }

    const job::Redesign& job_;
    Buy buy_;
    const Progress& progress_;
};

/// What the cheapest fleet without budgets needs; empty where there is none either.
std::string without_budget(const job::Redesign& job) {
    fleet::SearchOptions options = options_of(job);
    options.budget = {};
    options.objective = fleet::Objective::cost;
    const fleet::Purchase bought = fleet::search(job.problem, options);
    if (!bought.found) return "";
    return fmt::format("; without the budget the cheapest fleet is {} for {:.6g} $/h and {:.6g} W",
                       fleet_text(job.problem, bought.fleet),
                       fleet::price_of(job.problem, bought.fleet),
                       fleet::peak_power(job.problem, bought.fleet));
}

std::string because(const job::Redesign& job, const fleet::Purchase& bought) {
    std::string text;
    for (const std::string& cause : bought.causes) text += (text.empty() ? "" : "; ") + cause;
    return text.empty() ? "[search] found no fleet within its time limit: give it more"
                        : "no fleet meets all of these together: " + text + without_budget(job) +
                              "; raise the budget, lower the demand, or add devices";
}

/// Types of the baseline, which need no further stock.
std::vector<bool> stocked(const job::Redesign& job) {
    std::vector<bool> out(job.problem.types(), false);
    if (job.fleets.empty()) return {};
    const auto named =
        std::ranges::find(job.designs, job.proposal.baseline, &job::DesignSpec::name);
    const std::size_t at =
        named == job.designs.end() ? 0 : static_cast<std::size_t>(named - job.designs.begin());
    for (std::size_t d = 0; d < out.size(); ++d) out[d] = job.fleets[at][d] > 0.0;
    return out;
}

fleet::SearchOptions options_at(const job::Redesign& job, double multiple,
                                const fleet::Budget& fabric) {
    fleet::SearchOptions options = options_of(job);
    options.budget.price -= fabric.price;
    options.budget.power -= fabric.power;
    options.budget.rack_units -= fabric.rack_units;
    if (multiple != 1.0) options.demand_factor.assign(job.problem.classes(), multiple);
    return options;
}

/// `last` receives the purchase, for its causes.
std::optional<DesignResult> buy_mixed(const job::Redesign& job, double multiple,
                                      const fleet::Budget& fabric, fleet::Purchase& last) {
    fleet::SearchOptions options = options_at(job, multiple, fabric);
    options.stocked = stocked(job);
    options.type_cost = options.stocked.empty() ? 0.0 : job.proposal.type_cost;
    const fleet::Purchase bought = fleet::search(job.problem, options);
    last = bought;
    const bool nothing = options.objective == fleet::Objective::throughput && bought.value <= 0.0;
    if (!bought.found || nothing) return {};
    DesignResult design{.name = "search", .searched = true};
    design.fleet = bought.fleet;
    design.proved = bought.proved();
    design.gap = bought.gap;
    if (options.objective == fleet::Objective::cost) {
        design.gain = gain_at_equal_demand(job.problem, bought, options);
    }
    return design;
}

std::optional<DesignResult> buy_homogeneous(const job::Redesign& job, double multiple,
                                            const fleet::Budget& fabric) {
    const fleet::Homogeneous one =
        fleet::search_homogeneous(job.problem, options_at(job, multiple, fabric));
    if (one.type < 0) return {};
    DesignResult design{.name = "best homogeneous", .homogeneous = true};
    design.fleet.assign(job.problem.types(), 0.0);
    design.fleet[static_cast<std::size_t>(one.type)] = one.devices;
    return design;
}

void note_multiple(const SizedFleet& sized, double least_price, RedesignResult& result) {
    if (sized.multiple == 1.0) return;
    result.notes.push_back(fmt::format(
        "'{}' is bought for {:.6g} times the demand, so that it meets all conditions; a "
        "fleet for the demand alone costs {:.6g} $/h",
        sized.bought.name, sized.multiple, least_price));
}

}  // namespace

void add_search(const job::Redesign& job, RedesignResult& result, const Progress& progress) {
    fleet::Purchase last;
    std::optional<double> least;
    const Buy buy = [&](double multiple, const fleet::Budget& fabric) {
        auto design = buy_mixed(job, multiple, fabric, last);
        if (design && !least) least = fleet::price_of(job.problem, design->fleet);
        return design;
    };
    SizedFleet found = Sizing(job, buy, progress)();
    if (!found.found) throw usage_error(because(job, last), job.search_place);
    DesignResult& design = found.bought;
    if (found.multiple > 1.0) {
        design.proved = false;
        design.gap = std::max(0.0, 1.0 - *least / fleet::price_of(job.problem, design.fleet));
    }
    while (std::ranges::find(result.designs, design.name, &DesignResult::name) !=
           result.designs.end()) {
        design.name += "-found";
    }
    note_multiple(found, *least, result);
    complete(job, design);
    result.designs.push_back(std::move(design));
}

void add_homogeneous(const job::Redesign& job, RedesignResult& result, const Progress& progress) {
    const Buy buy = [&](double multiple, const fleet::Budget& fabric) {
        return buy_homogeneous(job, multiple, fabric);
    };
    SizedFleet found = Sizing(job, buy, progress)();
    if (!found.found) {
        result.notes.push_back(
            "no fleet of one device type can do all task classes within the limits: a mixed fleet "
            "has no homogeneous one to be compared with");
        return;
    }
    complete(job, found.bought);
    result.designs.push_back(std::move(found.bought));
}

}  // namespace motley::redesign
