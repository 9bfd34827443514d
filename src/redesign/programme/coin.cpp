// The only file that calls COIN-OR. It always minimises: a maximum is the minimum of the negative,
// and the signs of objective, bound and duals are changed back at the end.
#include <CbcModel.hpp>
#include <CbcSolver.hpp>
#include <ClpSimplex.hpp>
#include <CoinHelperFunctions.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "motley/core/error.hpp"
#include "motley/redesign/programme/programme.hpp"

namespace motley::programme {
namespace {

constexpr int fixed_seed = 20260101;

double sign_of(const Programme& programme) {
    return programme.sense == Sense::minimise ? 1.0 : -1.0;
}

double to_coin(double limit) {
    return std::isinf(limit) ? std::copysign(COIN_DBL_MAX, limit) : limit;
}

bool is_range(double low, double high) {
    return !std::isnan(low) && !std::isnan(high) && low < infinity && high > -infinity;
}

void check(const Programme& programme) {
    const int count = static_cast<int>(programme.variables.size());
    bool right = true;
    for (const ProgrammeVariable& each : programme.variables) {
        right = right && is_range(each.low, each.high) && std::isfinite(each.cost);
    }
    for (const Row& row : programme.rows) {
        right = right && is_range(row.low, row.high);
        for (const Term& term : row.terms) {
            right = right && term.variable >= 0 && term.variable < count &&
                    std::isfinite(term.coefficient);
        }
    }
    if (!right) throw internal_error("a linear programme with an unknown variable or no number");
}

CoinPackedMatrix matrix_of(const Programme& programme) {
    std::vector<int> rows, columns;
    std::vector<double> values;
    for (std::size_t r = 0; r < programme.rows.size(); ++r) {
        for (const Term& term : programme.rows[r].terms) {
            rows.push_back(static_cast<int>(r));
            columns.push_back(term.variable);
            values.push_back(term.coefficient);
        }
    }
    CoinPackedMatrix matrix(true, rows.data(), columns.data(), values.data(),
                            static_cast<int>(values.size()));
    matrix.setDimensions(static_cast<int>(programme.rows.size()),
                         static_cast<int>(programme.variables.size()));
    return matrix;
}

/// Bounds, costs and limits as arrays, which COIN-OR takes.
struct CoinArrays {
    std::vector<double> low, high, cost, row_low, row_high;

    explicit CoinArrays(const Programme& programme) {
        for (const ProgrammeVariable& each : programme.variables) {
            low.push_back(to_coin(each.low));
            high.push_back(to_coin(each.high));
            cost.push_back(sign_of(programme) * each.cost);
        }
        for (const Row& row : programme.rows) {
            row_low.push_back(to_coin(row.low));
            row_high.push_back(to_coin(row.high));
        }
    }
};

std::vector<double> copied(const double* from, std::size_t count, double sign = 1.0) {
    std::vector<double> to(from, from + count);
    for (double& each : to) each *= sign;
    return to;
}

double gap_between(double objective, double bound) {
    return std::abs(objective - bound) / std::max(std::abs(objective), 1e-12);
}

}  // namespace

struct LinearSolver::State {
    ClpSimplex model;
    double sign = 1.0;
    bool started = false;
    bool grown = false;  ///< variables were added since the last solution
    std::unique_ptr<ClpSimplex> remembered;

    State(const Programme& programme, const SolverOptions& options) : sign(sign_of(programme)) {
        check(programme);
        model.setLogLevel(0);
        const CoinArrays arrays(programme);
        model.loadProblem(matrix_of(programme), arrays.low.data(), arrays.high.data(),
                          arrays.cost.data(), arrays.row_low.data(), arrays.row_high.data());
        model.setPrimalTolerance(options.tolerance);
        model.setDualTolerance(options.tolerance);
        if (std::isfinite(options.seconds)) model.setMaximumWallSeconds(options.seconds);
    }

    /// Presolve does not tell an infeasible programme from an unbounded one. The same rows without
    /// costs show which it is.
    SolverStatus why_none() {
        ClpSimplex feasibility(model);
        std::fill_n(feasibility.objective(), feasibility.numberColumns(), 0.0);
        feasibility.primal();
        return feasibility.status() == 0 ? SolverStatus::unbounded : SolverStatus::infeasible;
    }

    SolverStatus status() {
        switch (model.status()) {
            case 0:
                return SolverStatus::optimal;
            case 1:
            case 2:
                return why_none();
            case 3:
                return SolverStatus::time_limit;
            default:
                return SolverStatus::failed;
        }
    }

    void optimise() {
        model.setRandomSeed(fixed_seed);
        if (started && grown) {
            model.primal();
        } else if (started) {
            model.dual();
            if (model.status() != 0) model.primal();
        } else {
            model.initialSolve();
            started = model.status() == 0;
        }
        grown = false;
        // Scaling and presolve may leave small violations; the primal simplex removes them.
        if (model.status() == 0 && model.sumPrimalInfeasibilities() > 0.0) model.primal();
    }

    ProgrammeSolution solution() {
        ProgrammeSolution out;
        out.status = status();
        out.found = out.status == SolverStatus::optimal;
        if (!out.found) return out;
        const auto variables = static_cast<std::size_t>(model.numberColumns());
        out.objective = out.bound = sign * model.objectiveValue();
        out.gap = 0.0;
        out.values = copied(model.primalColumnSolution(), variables);
        out.duals =
            copied(model.dualRowSolution(), static_cast<std::size_t>(model.numberRows()), sign);
        out.reduced_costs = copied(model.dualColumnSolution(), variables, sign);
        return out;
    }
};

LinearSolver::LinearSolver(const Programme& programme, const SolverOptions& options)
    : state_(std::make_unique<State>(programme, options)) {}
LinearSolver::~LinearSolver() = default;
LinearSolver::LinearSolver(LinearSolver&&) noexcept = default;
LinearSolver& LinearSolver::operator=(LinearSolver&&) noexcept = default;

void LinearSolver::set_cost(int variable, double cost) {
    state_->model.setObjectiveCoefficient(variable, state_->sign * cost);
}

void LinearSolver::set_bounds(int variable, double low, double high) {
    state_->model.setColumnBounds(variable, to_coin(low), to_coin(high));
}

void LinearSolver::set_limits(int row, double low, double high) {
    state_->model.setRowBounds(row, to_coin(low), to_coin(high));
}

void LinearSolver::set_coefficient(int row, int variable, double coefficient) {
    state_->model.modifyCoefficient(row, variable, coefficient);
}

void LinearSolver::add(const ProgrammeVariable& variable,
                       const std::vector<std::pair<int, double>>& column) {
    std::vector<int> rows;
    std::vector<double> values;
    for (const auto& [row, value] : column) {
        rows.push_back(row);
        values.push_back(value);
    }
    state_->model.addColumn(static_cast<int>(rows.size()), rows.data(), values.data(),
                            to_coin(variable.low), to_coin(variable.high),
                            state_->sign * variable.cost);
    state_->grown = true;
}

ProgrammeSolution LinearSolver::solve() {
    state_->optimise();
    return state_->solution();
}

void LinearSolver::remember() {
    state_->remembered = std::make_unique<ClpSimplex>(state_->model);
}

void LinearSolver::restart() {
    // The whole model is copied: scale factors, weights and the factorization depend on what was
    // solved before.
    if (state_->remembered != nullptr) state_->model = *state_->remembered;
}

namespace {

/// Runs branch and cut with all of Cbc's presolving, cuts and heuristics, without output.
void branch_and_cut(CbcModel& model, const SolverOptions& options) {
    CoinSeedRandom(fixed_seed);  // the heuristics use this generator of the whole process
    CbcSolverUsefulData data;
    data.noPrinting_ = true;
    data.useSignalHandler_ = false;
    CbcMain0(model, data);
    model.setLogLevel(0);
    const std::string gap = std::to_string(options.gap);
    const std::string seconds = std::to_string(std::min(options.seconds, 1e8));
    const std::array words = {"motley",         "-log",      "0",       "-threads", "0",
                              "-ratio",         gap.c_str(), "-allow",  "0",        "-increment",
                              "1e-9",           "-timeMode", "elapsed", "-seconds", seconds.c_str(),
                              "-randomCbcSeed", "20260101",  "-solve",  "-quit"};
    CbcMain1(
        static_cast<int>(words.size()), const_cast<const char**>(words.data()), model,
        [](CbcModel*, int) { return 0; }, data);
}

/// Solves the continuous part for the integers of `point`, so that the rows hold exactly.
ProgrammeSolution polished(const Programme& programme, const double* point,
                           const SolverOptions& options) {
    Programme fixed = programme;
    for (std::size_t v = 0; v < fixed.variables.size(); ++v) {
        ProgrammeVariable& variable = fixed.variables[v];
        if (variable.integer) variable.low = variable.high = std::round(point[v]);
    }
    ProgrammeSolution out = LinearSolver(fixed, {.tolerance = options.tolerance}).solve();
    out.duals.clear();
    out.reduced_costs.clear();
    return out;
}

ProgrammeSolution solve_integer(const Programme& programme, const SolverOptions& options) {
    const ProgrammeSolution relaxed = LinearSolver(programme, options).solve();
    if (!relaxed.optimal()) return relaxed;
    OsiClpSolverInterface solver;
    solver.messageHandler()->setLogLevel(0);
    const CoinArrays arrays(programme);
    solver.loadProblem(matrix_of(programme), arrays.low.data(), arrays.high.data(),
                       arrays.cost.data(), arrays.row_low.data(), arrays.row_high.data());
    for (std::size_t v = 0; v < programme.variables.size(); ++v) {
        if (programme.variables[v].integer) solver.setInteger(static_cast<int>(v));
    }
    CbcModel model(solver);
    branch_and_cut(model, options);
    const bool ended = model.status() == 0 && !model.isSecondsLimitReached();
    ProgrammeSolution out;
    out.bound = relaxed.bound;
    if (model.bestSolution() != nullptr) out = polished(programme, model.bestSolution(), options);
    if (!out.found) {
        out.status = ended ? SolverStatus::infeasible : SolverStatus::time_limit;
        return out;
    }
    const double sign = sign_of(programme);
    out.status = ended ? SolverStatus::optimal : SolverStatus::time_limit;
    out.bound = out.objective;
    if (!ended || options.gap > 0.0) {
        out.bound = sign * std::max(model.getBestPossibleObjValue(), sign * relaxed.bound);
    }
    out.gap = gap_between(out.objective, out.bound);
    return out;
}

}  // namespace

ProgrammeSolution solve(const Programme& programme, const SolverOptions& options) {
    check(programme);
    if (programme.has_integers()) return solve_integer(programme, options);
    return LinearSolver(programme, options).solve();
}

}  // namespace motley::programme
