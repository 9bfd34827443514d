// The cheapest fleet with a spare node. The programme has one copy of the allocation per type whose
// loss of a node decides: they are added as long as the fleet that is found fails after a loss.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "motley/redesign/fleet/losses.hpp"
#include "rounding.hpp"
#include "share_rows.hpp"

namespace motley::fleet {
namespace {

/// Its variables are the nodes per type, then a mark per type that is in use, then the shares of
/// the whole fleet, then those after the loss of a node of each type that was added.
class SpareProgramme {
  public:
    SpareProgramme(const Problem& problem, const SearchOptions& options)
        : problem_(problem), unit_(cheapest_fluid(problem).price), all_(options_of(problem)) {
        for (std::size_t d = 0; d < problem.types(); ++d) add_count(d, options);
        for (std::size_t d = 0; d < problem.types(); ++d) {
            programme.add(programme::ProgrammeVariable{.high = 1.0, .integer = true});
            const auto count = static_cast<int>(d);
            programme.add(programme::Row{
                .high = 0.0, .terms = {{count, 1.0}, {used(d), -programme.variables[d].high}}});
        }
        add_kept();
        add_budgets(options.budget);
        if (options.type_cost > 0.0) add_type_costs(options);
        add_state(std::nullopt);
    }

    programme::ProgrammeSolution solve(double seconds) {
        return solve_with_qualities(programme, problem_, states_, seconds);
    }

    /// Adds the allocation after the loss of a node of the type, or that of the whole fleet.
    void add_state(std::optional<std::size_t> lost) {
        std::vector<programme::Row> capacity(problem_.types());
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            capacity[d] = {.high = 0.0, .terms = {{static_cast<int>(d), -node(d)}}};
            if (d == lost) capacity[d].terms.push_back({used(d), node(d)});
        }
        states_.push_back(add_shares(programme, problem_, std::move(capacity), true));
    }

    programme::Programme programme;

  private:
    int used(std::size_t type) const { return static_cast<int>(problem_.types() + type); }
    double node(std::size_t type) const {
        return static_cast<double>(problem_.devices[type].node_size);
    }

    /// A type needs at most the nodes for the whole demand, and one spare node; or as many as are
    /// owned or kept.
    void add_count(std::size_t d, const SearchOptions& options) {
        const Device& device = problem_.devices[d];
        double needed = 0.0;
        for (const Option& option : all_) {
            if (option.type != d) continue;
            needed += problem_.tasks[option.task].demand / option.rate;
            if (option.grouped) needed += option.size;
        }
        const double least = std::max(device.keep, options.least.empty() ? 0.0 : options.least[d]);
        double most = std::ceil(std::max(needed, least) / node(d)) + 1.0;
        const double had =
            std::min(device.available, options.most.empty() ? unlimited : options.most[d]);
        if (std::isfinite(had)) most = std::min(most, std::floor(had / node(d)));
        programme.add(programme::ProgrammeVariable{.low = std::ceil(least / node(d) - 1e-9),
                                                   .high = most,
                                                   .cost = device.price * node(d) / unit_,
                                                   .integer = true,
                                                   .name = device.name});
    }

    /// A kept device saves its list price and forgoes its resale price.
    void add_kept() {
        kept_.assign(problem_.types(), -1);
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const Device& device = problem_.devices[d];
            if (device.owned <= 0.0) continue;
            kept_[d] = programme.add(programme::ProgrammeVariable{
                .high = device.owned, .cost = (device.resale - device.price) / unit_});
            programme.add(programme::Row{
                .high = 0.0, .terms = {{kept_[d], 1.0}, {static_cast<int>(d), -node(d)}}});
        }
    }

    void add_type_costs(const SearchOptions& options) {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            if (options.stocked.empty() || options.stocked[d]) continue;
            programme.variables[static_cast<std::size_t>(used(d))].cost = options.type_cost / unit_;
        }
    }

    void add_budgets(const Budget& budget) {
        const auto limit = [&](double most, double (*use_of)(const Device&)) {
            if (!std::isfinite(most)) return;
            programme::Row row{.high = 1.0};
            for (std::size_t d = 0; d < problem_.types(); ++d) {
                row.terms.push_back(
                    {static_cast<int>(d), use_of(problem_.devices[d]) * node(d) / most});
            }
            programme.add(std::move(row));
        };
        limit(budget.price, [](const Device& device) { return device.price; });
        for (std::size_t d = 0; d < problem_.types() && std::isfinite(budget.price); ++d) {
            const Device& device = problem_.devices[d];
            if (kept_[d] < 0) continue;
            programme.rows.back().terms.push_back(
                {kept_[d], (device.resale - device.price) / budget.price});
        }
        limit(budget.power, [](const Device& device) { return device.power_busy; });
        limit(budget.devices, [](const Device&) { return 1.0; });
        limit(budget.rack_units, [](const Device& device) { return device.rack_units; });
    }

    const Problem& problem_;
    double unit_;
    std::vector<Option> all_;
    std::vector<int> kept_;
    std::vector<ShareColumns> states_;
};

Fleet fleet_of(const Problem& problem, const programme::ProgrammeSolution& solution) {
    Fleet fleet;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        fleet.push_back(solution.values[d] * static_cast<double>(problem.devices[d].node_size));
    }
    return fleet;
}

/// The types of which the fleet cannot lose a node.
std::vector<std::size_t> decisive_losses(const Problem& problem, const Fleet& fleet) {
    const Throughput whole = best_throughput(problem, fleet);
    std::vector<std::size_t> types;
    for (const Loss& loss : n_minus_1(problem, fleet, whole).nodes) {
        if (loss.theta < 1.0 - rounding) types.push_back(static_cast<std::size_t>(loss.type));
    }
    return types;
}

}  // namespace

Purchase search_with_spare(const Problem& given, const SearchOptions& options) {
    using Clock = std::chrono::steady_clock;
    const Problem problem = with_demand(given, options);
    SpareProgramme model(problem, options);
    std::vector<bool> added(problem.types(), false);
    const auto start = Clock::now();
    Purchase out;
    for (;;) {
        const std::chrono::duration<double> spent = Clock::now() - start;
        const programme::ProgrammeSolution solution =
            model.solve(std::max(1e-3, options.seconds - spent.count()));
        out.status = solution.status;
        out.found = solution.found;
        if (!out.found) return out;
        out.fleet = fleet_of(problem, solution);
        out.gap = solution.gap;
        bool more = false;
        for (const std::size_t type : decisive_losses(problem, out.fleet)) {
            if (!added[type]) model.add_state(type);
            more = more || !added[type];
            added[type] = true;
        }
        if (!more) break;
    }
    out.value = price_of(problem, out.fleet) + price_of_new_types(options, out.fleet);
    out.bound = out.proved() ? out.value : out.value * (1.0 - out.gap);
    return out;
}

}  // namespace motley::fleet
