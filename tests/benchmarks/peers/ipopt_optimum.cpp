// The optimum of a production system by Ipopt, a general solver of nonlinear programmes: the same
// instance as `motley_optimum`, with exact gradients and the exact Hessian. Prints one RESULT line
// with the keys of motley_optimum.
//
//   max  sum_i u_i((1 - lambda) s_i),  u = [sum_k D (c / D)^rho]^(1 / rho), rho = (sigma - 1) /
//   sigma s_ik - lambda sum_j w_ij s_jk - R_i a_ik x_ik = 0,  sum_k x_ik = 1,  x, s >= 0
//
// Variables are x (N K), then s (N K); constraints are those of stocks (N K), then of shares (N).
#include <IpStdCInterface.h>

#include <cmath>
#include <cstdio>
#include <vector>

#include "../optimum.hpp"

namespace {

using namespace motley;
using benchmarks::Instance;

/// Utility and prices of one agent at consumption c: p = (u D / c)^(1 / sigma).
double price(const Instance& instance, const double* stock, std::vector<double>& p,
             std::vector<double>& c) {
    const std::size_t tasks = instance.tasks;
    const double rho = (instance.elasticity - 1.0) / instance.elasticity;
    const double share = 1.0 / static_cast<double>(tasks);
    double sum = 0.0;
    for (std::size_t k = 0; k < tasks; ++k) {
        c[k] = (1.0 - instance.openness) * std::max(stock[k], 1e-12);
        sum += share * std::pow(c[k] / share, rho);
    }
    const double u = std::pow(sum, 1.0 / rho);
    for (std::size_t k = 0; k < tasks; ++k) {
        p[k] = std::pow(u * share / c[k], 1.0 / instance.elasticity);
    }
    return u;
}

struct Problem {
    explicit Problem(const Instance& of)
        : instance(of), cells(of.agents * of.tasks), p(of.tasks), c(of.tasks) {}

    const Instance& instance;
    std::size_t cells;  ///< N K
    std::vector<double> p, c;

    double objective(const double* v) {
        double total = 0.0;
        for (std::size_t i = 0; i < instance.agents; ++i) {
            total += price(instance, v + cells + i * instance.tasks, p, c);
        }
        return -total;
    }
    void gradient(const double* v, double* out) {
        std::fill(out, out + 2 * cells, 0.0);
        for (std::size_t i = 0; i < instance.agents; ++i) {
            const std::size_t at = cells + i * instance.tasks;
            price(instance, v + at, p, c);
            for (std::size_t k = 0; k < instance.tasks; ++k) {
                out[at + k] = -(1.0 - instance.openness) * p[k];
            }
        }
    }
    void constraints(const double* v, double* out) {
        for (std::size_t i = 0; i < instance.agents; ++i) {
            double shares = 0.0;
            for (std::size_t k = 0; k < instance.tasks; ++k) {
                const std::size_t at = i * instance.tasks + k;
                double arrived = 0.0;
                for (const auto& arc : instance.into(i)) {
                    arrived += arc.share * v[cells + arc.source * instance.tasks + k];
                }
                out[at] =
                    v[cells + at] - instance.openness * arrived - instance.ability[at] * v[at];
                shares += v[at];
            }
            out[cells + i] = shares;
        }
    }
    /// Entries of the Jacobian in a fixed order; `values` is null where their places are asked.
    void jacobian(int* rows, int* columns, double* values) const {
        std::size_t n = 0;
        const auto put = [&](std::size_t row, std::size_t column, double value) {
            if (values != nullptr) {
                values[n++] = value;
            } else {
                rows[n] = static_cast<int>(row);
                columns[n++] = static_cast<int>(column);
            }
        };
        for (std::size_t i = 0; i < instance.agents; ++i) {
            for (std::size_t k = 0; k < instance.tasks; ++k) {
                const std::size_t at = i * instance.tasks + k;
                put(at, cells + at, 1.0);
                put(at, at, -instance.ability[at]);
                for (const auto& arc : instance.into(i)) {
                    put(at, cells + arc.source * instance.tasks + k,
                        -instance.openness * arc.share);
                }
                put(cells + i, at, 1.0);
            }
        }
    }
    std::size_t jacobian_size() const { return 3 * cells + instance.arcs.size() * instance.tasks; }
    /// Lower triangles of the blocks (1 - lambda)^2 (p p^T / u - diag(p / c)) / sigma.
    void hessian(const double* v, double factor, int* rows, int* columns, double* values) {
        std::size_t n = 0;
        const double scale = std::pow(1.0 - instance.openness, 2) / instance.elasticity;
        for (std::size_t i = 0; i < instance.agents; ++i) {
            const std::size_t at = cells + i * instance.tasks;
            const double u = values != nullptr ? price(instance, v + at, p, c) : 1.0;
            for (std::size_t k = 0; k < instance.tasks; ++k) {
                for (std::size_t l = 0; l <= k; ++l) {
                    if (values == nullptr) {
                        rows[n] = static_cast<int>(at + k);
                        columns[n++] = static_cast<int>(at + l);
                        continue;
                    }
                    const double both = p[k] * p[l] / u - (k == l ? p[k] / c[k] : 0.0);
                    values[n++] = -factor * scale * both;
                }
            }
        }
    }
    std::size_t hessian_size() const {
        return instance.agents * instance.tasks * (instance.tasks + 1) / 2;
    }
};

Problem& problem_of(UserDataPtr data) {
    return *static_cast<Problem*>(data);
}

Bool value_of(Index, Number* v, Bool, Number* out, UserDataPtr data) {
    *out = problem_of(data).objective(v);
    return TRUE;
}
Bool gradient_of(Index, Number* v, Bool, Number* out, UserDataPtr data) {
    problem_of(data).gradient(v, out);
    return TRUE;
}
Bool constraints_of(Index, Number* v, Bool, Index, Number* out, UserDataPtr data) {
    problem_of(data).constraints(v, out);
    return TRUE;
}
Bool jacobian_of(Index, Number*, Bool, Index, Index, Index* rows, Index* columns, Number* values,
                 UserDataPtr data) {
    problem_of(data).jacobian(rows, columns, values);
    return TRUE;
}
Bool hessian_of(Index, Number* v, Bool, Number factor, Index, Number*, Bool, Index, Index* rows,
                Index* columns, Number* values, UserDataPtr data) {
    problem_of(data).hessian(v, factor, rows, columns, values);
    return TRUE;
}

/// The starting point: even shares, and the stocks that they settle to.
std::vector<double> start(const Instance& instance) {
    const std::size_t cells = instance.agents * instance.tasks;
    std::vector<double> v(2 * cells, 1.0 / static_cast<double>(instance.tasks));
    std::vector<double> next(cells);
    for (std::size_t n = 0; n < cells; ++n) v[cells + n] = instance.ability[n] * v[n];
    for (int step = 0; step < 400; ++step) {
        for (std::size_t i = 0; i < instance.agents; ++i) {
            for (std::size_t k = 0; k < instance.tasks; ++k) {
                double arrived = 0.0;
                for (const auto& arc : instance.into(i)) {
                    arrived += arc.share * v[cells + arc.source * instance.tasks + k];
                }
                const std::size_t at = i * instance.tasks + k;
                next[at] = instance.ability[at] * v[at] + instance.openness * arrived;
            }
        }
        std::copy(next.begin(), next.end(), v.begin() + static_cast<std::ptrdiff_t>(cells));
    }
    return v;
}

}  // namespace

int main(int argc, char** argv) {
    benchmarks::OptimumOptions options;
    if (const auto code = options.parse(argc, argv, "The optimum by Ipopt")) return *code;
    const Instance instance = options.instance();
    Problem problem(instance);
    const std::size_t cells = problem.cells, rows = cells + instance.agents;
    std::vector<double> low(2 * cells, 0.0), high(2 * cells, 2e19);
    std::vector<double> equal(rows, 0.0);
    for (std::size_t i = 0; i < instance.agents; ++i) equal[cells + i] = 1.0;
    const benchmarks::Stopwatch watch;
    std::vector<double> v = start(instance);
    IpoptProblem solver = CreateIpoptProblem(static_cast<int>(2 * cells), low.data(), high.data(),
                                             static_cast<int>(rows), equal.data(), equal.data(),
                                             static_cast<int>(problem.jacobian_size()),
                                             static_cast<int>(problem.hessian_size()), 0, value_of,
                                             constraints_of, gradient_of, jacobian_of, hessian_of);
    char solver_key[] = "linear_solver", mumps[] = "mumps";
    char level_key[] = "print_level", tolerance_key[] = "tol", limit_key[] = "max_cpu_time";
    char monotone_key[] = "mu_strategy", adaptive[] = "adaptive";
    AddIpoptStrOption(solver, solver_key, mumps);
    AddIpoptStrOption(solver, monotone_key, adaptive);
    AddIpoptIntOption(solver, level_key, options.verbose ? 5 : 0);
    AddIpoptNumOption(solver, tolerance_key, options.gap);
    AddIpoptNumOption(solver, limit_key, options.limit);
    double objective = 0.0;
    const auto status =
        IpoptSolve(solver, v.data(), nullptr, &objective, nullptr, nullptr, nullptr, &problem);
    FreeIpoptProblem(solver);
    const char* outcome = status == Solve_Succeeded              ? "solved"
                          : status == Solved_To_Acceptable_Level ? "acceptable"
                          : status == Maximum_CpuTime_Exceeded   ? "out-of-time"
                                                                 : "failed";
    options.print("ipopt", watch, -objective / static_cast<double>(instance.agents), outcome);
    return status == Solve_Succeeded || status == Solved_To_Acceptable_Level ? 0 : 1;
}
