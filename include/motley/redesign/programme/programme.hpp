// Linear and integer programmes. COIN-OR Clp and Cbc solve them, without output, on one thread and
// from fixed seeds.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace motley::programme {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

enum class Sense { minimise, maximise };

/// A variable x with low <= x <= high. Variables and rows without a name, and lower bounds of zero,
/// belong to the structure of a problem: they are never named as a cause of infeasibility.
struct ProgrammeVariable {
    double low = 0.0, high = infinity;
    double cost = 0.0;  ///< coefficient in the objective
    bool integer = false;
    std::string name = {};
};

struct Term {
    int variable = 0;
    double coefficient = 0.0;
};

/// A row: low <= sum of terms <= high. A variable occurs in a row at most once.
struct Row {
    double low = -infinity, high = infinity;
    std::vector<Term> terms = {};
    std::string name = {};
};

struct Programme {
    Sense sense = Sense::minimise;
    std::vector<ProgrammeVariable> variables = {};
    std::vector<Row> rows = {};

    /// Both functions return the index of what they add.
    int add(ProgrammeVariable variable);
    int add(Row row);
    bool has_integers() const;
};

enum class SolverStatus {
    optimal,     ///< proved, within `SolverOptions::gap` where there are integers
    infeasible,  ///< no point meets all rows and bounds
    unbounded,   ///< the objective has no limit
    time_limit,  ///< stopped; the best point found and its bound are given
    failed       ///< numerical trouble
};
/// "optimal", "infeasible", "unbounded", "time limit: not proved", "failed".
const char* name_of(SolverStatus status);

struct SolverOptions {
    double seconds = infinity;  ///< time limit
    double gap = 0.0;           ///< integers: relative distance of objective and bound to stop at
    double tolerance = 1e-9;    ///< tolerance of rows, bounds and reduced costs
};

struct ProgrammeSolution {
    SolverStatus status = SolverStatus::failed;
    bool found = false;          ///< `values` hold a point that meets all rows and bounds
    double objective = unknown;  ///< value of the objective at `values`
    double bound = unknown;      ///< no point is better than the bound
    double gap = unknown;        ///< |objective - bound| / max(|objective|, 1e-12)
    std::vector<double> values;  ///< one per variable
    /// One per row: change of the objective per unit of the row's active limit. For linear
    /// programmes only.
    std::vector<double> duals;
    /// One per variable: change of the objective per unit of the variable. For linear programmes
    /// only.
    std::vector<double> reduced_costs;

    bool optimal() const { return status == SolverStatus::optimal; }
};

/// Returns the optimum of `programme`, or why there is none. Optima of linear programmes are basic
/// solutions. Internal error where a row names a variable that is not there, or a number is nan.
ProgrammeSolution solve(const Programme& programme, const SolverOptions& options = {});

/// A linear programme that is solved many times with other numbers, each time from the basis
/// of the last solution. Integer marks are ignored.
class LinearSolver {
  public:
    explicit LinearSolver(const Programme& programme, const SolverOptions& options = {});
    ~LinearSolver();
    LinearSolver(LinearSolver&&) noexcept;
    LinearSolver& operator=(LinearSolver&&) noexcept;

    void set_cost(int variable, double cost);
    void set_bounds(int variable, double low, double high);
    void set_limits(int row, double low, double high);
    void set_coefficient(int row, int variable, double coefficient);
    /// Adds a variable with its coefficients in rows: the last solution, with the new one at its
    /// lower bound, is where the next one starts.
    void add(const ProgrammeVariable& variable, const std::vector<std::pair<int, double>>& column);

    ProgrammeSolution solve();
    /// `remember` keeps the programme with the basis of its last solution. `restart` goes back to
    /// both, so that no later result depends on what was set and solved in between.
    void remember();
    void restart();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One of the limits that cannot be met together.
struct Cause {
    enum class Limit { row_low, row_high, variable_low, variable_high };
    Limit kind = Limit::row_low;
    int index = 0;  ///< index of the row or variable
    std::string name;
    double limit = 0.0;
};

/// Named limits of an infeasible programme that cannot be met together, but could without any one
/// of them: an irreducible set, found by an elastic filter and then a deletion filter (J. W.
/// Chinneck, Feasibility and Infeasibility in Optimization, 2008, chapter 6). Empty where the
/// programme is feasible, or is infeasible by limits without a name.
std::vector<Cause> irreducible_causes(const Programme& programme,
                                      const SolverOptions& options = {});

}  // namespace motley::programme
