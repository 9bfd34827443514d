// The cheapest fleet with a spare node. The programme has one copy of the allocation per type that
// may lose a node.
#include <algorithm>
#include <cmath>

#include "motley/redesign/fleet/losses.hpp"
#include "share_rows.hpp"

namespace motley::fleet {
namespace {

/// Its variables are the nodes per type, then a mark per type that is in use, then the shares after
/// the loss of a node of each type.
class SpareProgramme {
  public:
    SpareProgramme(const Problem& problem, const SearchOptions& options)
        : problem_(problem), unit_(cheapest_fluid(problem).price) {
        for (std::size_t d = 0; d < problem.types(); ++d) add_count(d, options);
        for (std::size_t d = 0; d < problem.types(); ++d) {
            programme.add(programme::ProgrammeVariable{.high = 1.0, .integer = true});
            const auto count = static_cast<int>(d);
            programme.add(programme::Row{
                .high = 0.0, .terms = {{count, 1.0}, {used(d), -programme.variables[d].high}}});
        }
        add_budgets(options.budget);
        for (std::size_t lost = 0; lost < problem.types(); ++lost) add_state(lost);
    }

    programme::Programme programme;

  private:
    int used(std::size_t type) const { return static_cast<int>(problem_.types() + type); }
    double node(std::size_t type) const {
        return static_cast<double>(problem_.devices[type].node_size);
    }

    /// A type needs at most the nodes for the whole demand, and one spare node.
    void add_count(std::size_t d, const SearchOptions& options) {
        double needed = 0.0;
        for (std::size_t k = 0; k < problem_.classes(); ++k) {
            const double rate = problem_.rate(d, k);
            if (rate > 0.0) needed += problem_.tasks[k].demand / rate;
        }
        double most = std::ceil(needed / node(d)) + 1.0;
        const double had = std::min(problem_.devices[d].available,
                                    options.most.empty() ? unlimited : options.most[d]);
        if (std::isfinite(had)) most = std::min(most, std::floor(had / node(d)));
        programme.add(
            programme::ProgrammeVariable{.high = most,
                                         .cost = problem_.devices[d].price * node(d) / unit_,
                                         .integer = true,
                                         .name = problem_.devices[d].name});
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
        limit(budget.power, [](const Device& device) { return device.power_busy; });
        limit(budget.devices, [](const Device&) { return 1.0; });
    }

    void add_state(std::size_t lost) {
        std::vector<programme::Row> capacity(problem_.types());
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            capacity[d] = {.high = 0.0, .terms = {{static_cast<int>(d), -node(d)}}};
            if (d == lost) capacity[d].terms.push_back({used(d), node(d)});
        }
        add_shares(programme, problem_, std::move(capacity));
    }

    const Problem& problem_;
    double unit_;
};

}  // namespace

Purchase search_with_spare(const Problem& problem, const SearchOptions& options) {
    const SpareProgramme model(problem, options);
    const programme::ProgrammeSolution solution =
        programme::solve(model.programme, {.seconds = options.seconds});
    Purchase out;
    out.status = solution.status;
    out.found = solution.found;
    if (!out.found) return out;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        out.fleet.push_back(solution.values[d] * static_cast<double>(problem.devices[d].node_size));
    }
    out.value = price_of(problem, out.fleet);
    out.gap = solution.gap;
    out.bound = out.proved() ? out.value : out.value * (1.0 - out.gap);
    return out;
}

}  // namespace motley::fleet
