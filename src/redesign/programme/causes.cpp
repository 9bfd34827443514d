// The reason why a programme is infeasible: an elastic filter finds a few suspect limits, and a
// deletion filter makes them irreducible.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "motley/redesign/programme/programme.hpp"

namespace motley::programme {
namespace {

constexpr double stretched = 1e-7;

using Limit = Cause::Limit;

std::vector<Cause> named_limits(const Programme& programme) {
    std::vector<Cause> out;
    const auto add = [&](Limit kind, std::size_t index, const std::string& name, double limit) {
        if (!name.empty() && std::isfinite(limit)) {
            out.push_back({kind, static_cast<int>(index), name, limit});
        }
    };
    for (std::size_t r = 0; r < programme.rows.size(); ++r) {
        add(Limit::row_low, r, programme.rows[r].name, programme.rows[r].low);
        add(Limit::row_high, r, programme.rows[r].name, programme.rows[r].high);
    }
    for (std::size_t v = 0; v < programme.variables.size(); ++v) {
        const ProgrammeVariable& variable = programme.variables[v];
        if (variable.low != 0.0) add(Limit::variable_low, v, variable.name, variable.low);
        add(Limit::variable_high, v, variable.name, variable.high);
    }
    return out;
}

double& limit_of(Programme& programme, const Cause& cause) {
    const auto index = static_cast<std::size_t>(cause.index);
    switch (cause.kind) {
        case Limit::row_low:
            return programme.rows[index].low;
        case Limit::row_high:
            return programme.rows[index].high;
        case Limit::variable_low:
            return programme.variables[index].low;
        default:
            return programme.variables[index].high;
    }
}

bool is_low(const Cause& cause) {
    return cause.kind == Limit::row_low || cause.kind == Limit::variable_low;
}

/// The programme without costs and without its named limits.
Programme bare(const Programme& programme) {
    Programme out = programme;
    out.sense = Sense::minimise;
    for (ProgrammeVariable& variable : out.variables) variable.cost = 0.0;
    for (const Cause& cause : named_limits(programme)) {
        limit_of(out, cause) = is_low(cause) ? -infinity : infinity;
    }
    return out;
}

bool infeasible_with(const Programme& skeleton, const std::vector<Cause>& limits,
                     const SolverOptions& options) {
    Programme tried = skeleton;
    for (const Cause& cause : limits) limit_of(tried, cause) = cause.limit;
    return solve(tried, options).status == SolverStatus::infeasible;
}

/// Adds a row that keeps the limit `cause`, but can be stretched by a variable of cost 1. Returns
/// the index of that variable.
int add_elastic(Programme& programme, const Cause& cause) {
    const int stretch = programme.add(ProgrammeVariable{.cost = 1.0});
    const double direction = is_low(cause) ? 1.0 : -1.0;
    Row row;
    if (cause.kind == Limit::row_low || cause.kind == Limit::row_high) {
        row.terms = programme.rows[static_cast<std::size_t>(cause.index)].terms;
    } else {
        row.terms = {{cause.index, 1.0}};
    }
    row.terms.push_back({stretch, direction});
    (is_low(cause) ? row.low : row.high) = cause.limit;
    programme.add(std::move(row));
    return stretch;
}

/// Limits that contain the causes: limits that must stretch are enforced one after the other, until
/// no point is feasible.
std::vector<Cause> suspects(const Programme& skeleton, std::vector<Cause> limits,
                            const SolverOptions& options) {
    Programme elastic = skeleton;
    for (ProgrammeVariable& variable : elastic.variables) variable.integer = false;
    std::vector<int> stretches;
    for (const Cause& cause : limits) stretches.push_back(add_elastic(elastic, cause));
    std::vector<bool> enforced(limits.size(), false);
    std::vector<Cause> found;
    for (;;) {
        const ProgrammeSolution solution = solve(elastic, options);
        if (!solution.optimal()) return found;
        bool any = false;
        for (std::size_t i = 0; i < limits.size(); ++i) {
            const auto at = static_cast<std::size_t>(stretches[i]);
            if (enforced[i] || solution.values[at] <= stretched) continue;
            any = enforced[i] = true;
            elastic.variables[at].high = 0.0;
            found.push_back(limits[i]);
        }
        if (!any) return limits;  // only integers make it infeasible
    }
}

}  // namespace

std::vector<Cause> irreducible_causes(const Programme& programme, const SolverOptions& options) {
    const Programme skeleton = bare(programme);
    const std::vector<Cause> all = named_limits(programme);
    if (!infeasible_with(skeleton, all, options)) return {};
    std::vector<Cause> causes = suspects(skeleton, all, options);
    if (!infeasible_with(skeleton, causes, options)) causes = all;
    for (std::size_t i = causes.size(); i-- > 0;) {
        std::vector<Cause> others = causes;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        if (infeasible_with(skeleton, others, options)) causes = std::move(others);
    }
    std::ranges::sort(causes, {}, [](const Cause& cause) {
        const bool variable = cause.kind >= Limit::variable_low;
        return std::tuple(variable, cause.index, cause.kind);
    });
    return causes;
}

}  // namespace motley::programme
