#include "share_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "motley/core/clock.hpp"

namespace motley::fleet {
namespace {

/// Devices that work on one unit of share.
double load_of(const Problem& problem, const Option& option) {
    return problem.tasks[option.task].demand / option.rate;
}

void add_class_limits(programme::Programme& programme, const Problem& problem,
                      const ShareColumns& columns) {
    for (const LimitRow& limit : class_limits(problem, columns.options)) {
        programme::Row row{.high = 1.0};
        for (const auto& [option, coefficient] : limit.terms) {
            const double load = load_of(problem, columns.options[option]);
            row.terms.push_back({columns.variables[option], coefficient * load / limit.high});
        }
        if (row.terms.empty()) continue;
        const std::size_t task = columns.options[limit.terms.front().first].task;
        row.name = "limit of " + problem.tasks[task].name;
        programme.add(std::move(row));
    }
}

/// The rows of whole groups. The devices of a type are minus the terms of its row of capacity.
void add_group_limits(programme::Programme& programme, const Problem& problem,
                      const ShareColumns& columns, const std::vector<programme::Row>& capacity) {
    for (const LimitRow& limit : group_limits(problem, columns.options)) {
        const auto d = static_cast<std::size_t>(limit.type);
        programme::Row row{.high = 0.0}, whole{.high = 0.0, .terms = capacity[d].terms};
        const double node = static_cast<double>(problem.devices[d].node_size);
        const bool fitting = std::fmod(node, limit.size) == 0.0;
        for (const auto& [option, coefficient] : limit.terms) {
            const double load = load_of(problem, columns.options[option]);
            programme::Row& in = fitting ? whole : row;
            const double size = fitting ? limit.size : 1.0;
            in.terms.push_back({columns.variables[option], size * coefficient * load});
        }
        if (!fitting) {
            const int groups = programme.add(programme::ProgrammeVariable{.integer = true});
            row.terms.push_back({groups, -1.0});
            whole.terms.push_back({groups, limit.size});
            programme.add(std::move(row));
        }
        programme.add(std::move(whole));
    }
}

programme::Programme relaxed(const programme::Programme& programme) {
    programme::Programme out = programme;
    for (auto& variable : out.variables) variable.integer = false;
    return out;
}

}  // namespace

std::vector<double> ShareColumns::shares(const std::vector<double>& values) const {
    std::vector<double> out;
    for (const int variable : variables) out.push_back(values[static_cast<std::size_t>(variable)]);
    return out;
}

ShareColumns add_shares(programme::Programme& programme, const Problem& problem,
                        std::vector<programme::Row> capacity, bool integer,
                        std::optional<int> served) {
    ShareColumns columns{.options = options_of(problem), .variables = {}};
    columns.variables.resize(columns.options.size());
    const std::vector<programme::Row> devices = capacity;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        programme::Row row{.low = served ? 0.0 : 1.0, .name = problem.tasks[k].name};
        if (in_workflow(problem, k)) row.high = row.low;
        if (served) row.terms.push_back({*served, -1.0});
        for (std::size_t i = 0; i < columns.options.size(); ++i) {
            const Option& option = columns.options[i];
            if (option.task != k) continue;
            const int share = programme.add(programme::ProgrammeVariable{});
            columns.variables[i] = share;
            row.terms.push_back({share, 1.0});
            capacity[option.type].terms.push_back({share, load_of(problem, option)});
        }
        programme.add(std::move(row));
    }
    for (auto& row : capacity) programme.add(std::move(row));
    add_class_limits(programme, problem, columns);
    if (integer) add_group_limits(programme, problem, columns, devices);
    return columns;
}

bool add_qualities(programme::Programme& programme, const Problem& problem,
                   const std::vector<ShareColumns>& allocations, const std::vector<double>& values,
                   Rows rows) {
    bool any = false;
    for (const ShareColumns& columns : allocations) {
        for (const QualityRow& broken :
             broken_qualities(problem, columns.options, columns.shares(values), rows)) {
            programme::Row row{.low = 0.0, .name = broken.name()};
            for (const auto& [option, coefficient] : broken.terms) {
                if (coefficient == 0.0) continue;
                row.terms.push_back({columns.variables[option], coefficient});
            }
            programme.add(std::move(row));
            any = true;
        }
    }
    return any;
}

programme::ProgrammeSolution solve_with_qualities(programme::Programme& programme,
                                                  const Problem& problem,
                                                  const std::vector<ShareColumns>& allocations,
                                                  double seconds) {
    constexpr int most_rounds = 100;
    const auto start = Clock::now();
    const auto left = [&] { return std::max(0.01, seconds - seconds_since(start)); };
    if (std::ranges::any_of(problem.workflows, &Workflow::conditional)) {
        for (int round = 0; round < most_rounds; ++round) {
            const auto solution = programme::solve(relaxed(programme), {.seconds = left()});
            if (!solution.found) break;
            if (!add_qualities(programme, problem, allocations, solution.values, Rows::proved)) {
                break;
            }
        }
    }
    const auto solve_with = [&](Rows rows) {
        for (int round = 0;; ++round) {
            programme::ProgrammeSolution solution =
                programme::solve(programme, {.seconds = left()});
            if (!solution.found || round == most_rounds ||
                !add_qualities(programme, problem, allocations, solution.values, rows)) {
                return solution;
            }
        }
    };
    const programme::ProgrammeSolution proved = solve_with(Rows::proved);
    if (!proved.found ||
        !add_qualities(programme, problem, allocations, proved.values, Rows::all)) {
        return proved;
    }
    programme::ProgrammeSolution solution = solve_with(Rows::all);
    if (!solution.found) return solution;
    solution.bound = proved.bound;
    solution.gap = std::abs(solution.objective - solution.bound) /
                   std::max(std::abs(solution.objective), 1e-12);
    if (solution.gap > 1e-9) solution.status = programme::SolverStatus::time_limit;
    return solution;
}

}  // namespace motley::fleet
