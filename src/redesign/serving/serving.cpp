// The order in which a programme is made, reduced and solved.
#include "motley/redesign/serving/serving.hpp"

#include <algorithm>

#include "arc_form.hpp"
#include "bound.hpp"
#include "column_generation.hpp"
#include "even.hpp"
#include "motley/core/error.hpp"
#include "motley/redesign/programme/symmetry.hpp"

namespace motley::serving {
namespace {

/// Variables of a programme that is written down to be reduced.
constexpr std::size_t most_written = 4'000'000;

Outcome nothing(const fabric::FabricGraph& graph, const System& system) {
    Outcome out;
    out.shares.assign(system.hosts.size() * system.classes(), 0.0);
    out.handed.resize(system.flows.size());
    out.loads.assign(graph.channels().size(), 0.0);
    out.prices.assign(graph.channels().size(), 0.0);
    out.task_prices.assign(system.classes(), 0.0);
    return out;
}

/// Solves the programme at once where its reduction is small; false where it is not.
bool solve_at_once(Outcome& outcome, const System& system, const Layout& layout,
                   const Skeleton& skeleton, const programme::Programme& programme,
                   std::size_t largest) {
    const programme::Reduction reduction = programme::reduce(programme);
    outcome.variables = programme.variables.size();
    outcome.reduced_variables = reduction.programme.variables.size();
    if (outcome.reduced_variables > largest) return false;
    const auto reduced = programme::solve(reduction.programme);
    if (!reduced.optimal()) {
        throw internal_error(std::string("serving: the programme ended as ") +
                             programme::name_of(reduced.status));
    }
    const auto solution = reduction.lift(reduced);
    fill(outcome, system, layout, skeleton, programme, solution,
         dual_bound(programme, solution.duals));
    return true;
}

void solve(Outcome& outcome, const System& system, const Layout& layout, Skeleton skeleton,
           const CoreGraph& core, const Options& options) {
    const bool local = options.hand_over == HandOver::rack;
    const bool best = options.routing == Routing::best;
    if (best && !local) add_merged(skeleton, core);
    const bool targets = !skeleton.pairs.empty() || (!best && !local);
    if (!targets) {
        solve_at_once(outcome, system, layout, skeleton, skeleton.programme, ~std::size_t{0});
        return;
    }
    if (target_variables(skeleton, core, options.routing) <= most_written) {
        Skeleton whole = skeleton;
        add_targets(whole, core, options.routing);
        if (solve_at_once(outcome, system, layout, whole, whole.programme, options.largest)) return;
    }
    generate_columns(outcome, system, layout, std::move(skeleton), core, options);
}

}  // namespace

Outcome serve(const fabric::FabricGraph& graph, const System& system, const Options& options) {
    const Layout layout = lay_out(graph, system, options);
    const CoreGraph core(graph, layout.folded);
    Skeleton skeleton(graph, system, layout, core, options);
    if (skeleton.scale <= 0.0) return nothing(graph, system);
    Outcome outcome;
    solve(outcome, system, layout, std::move(skeleton), core, options);
    if (options.hand_over == HandOver::even) {
        outcome.shares = EvenShares(system, options.shares).times(system, outcome.low);
    }
    return outcome;
}

}  // namespace motley::serving
