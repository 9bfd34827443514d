// Programmes reduced by symmetry against the full ones.
#include "motley/redesign/programme/symmetry.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"

namespace motley::programme {
namespace {

/// A programme of `copies` alike blocks with rows of their own and rows that all share, in which
/// variables and rows are shuffled; `noise` makes the costs of all variables unlike.
Programme blocks(std::uint64_t id, int copies, double noise) {
    const Random random(11, Stream::test, id);
    std::uint32_t counter = 0;
    const auto draw = [&] { return random.uniform(counter++); };
    constexpr int inner = 4;
    const Permutation order(static_cast<std::uint64_t>(inner * copies), 3, Stream::test, id);
    const auto place = [&](int copy, int v) {
        return static_cast<int>(order(static_cast<std::uint64_t>(copy * inner + v)));
    };
    Programme programme{.sense = Sense::maximise};
    programme.variables.resize(static_cast<std::size_t>(inner * copies));
    std::vector<Row> own(3);
    Row shared{.high = 0.6 * copies};
    for (int v = 0; v < inner; ++v) {
        const double cost = 1.0 + draw(), high = 0.5 + draw(), weight = 0.2 + draw();
        for (Row& row : own) row.terms.push_back({v, draw() - 0.2});
        for (int copy = 0; copy < copies; ++copy) {
            programme.variables[static_cast<std::size_t>(place(copy, v))] = {
                .high = high, .cost = cost + noise * draw()};
            shared.terms.push_back({place(copy, v), weight});
        }
    }
    for (Row& row : own) {
        row.high = 0.1 + draw();
        for (int copy = 0; copy < copies; ++copy) {
            Row here{row.low, row.high};
            for (const Term& term : row.terms) {
                here.terms.push_back({place(copy, term.variable), term.coefficient});
            }
            programme.add(here);
        }
    }
    programme.add(shared);
    return programme;
}

/// Dual feasibility and strong duality of a maximum with variables in [0, high] and rows below.
void expect_certified(const Programme& programme, const ProgrammeSolution& solution) {
    std::vector<double> reduced;
    for (const auto& variable : programme.variables) reduced.push_back(variable.cost);
    double bound = 0.0;
    for (std::size_t r = 0; r < programme.rows.size(); ++r) {
        EXPECT_GE(solution.duals[r], -1e-9);
        bound += solution.duals[r] * programme.rows[r].high;
        double sum = 0.0;
        for (const Term& term : programme.rows[r].terms) {
            const auto v = static_cast<std::size_t>(term.variable);
            reduced[v] -= solution.duals[r] * term.coefficient;
            sum += solution.values[v] * term.coefficient;
        }
        EXPECT_LE(sum, programme.rows[r].high + 1e-8);
    }
    double objective = 0.0;
    for (std::size_t v = 0; v < reduced.size(); ++v) {
        EXPECT_NEAR(reduced[v], solution.reduced_costs[v], 1e-8);
        bound += std::max(0.0, reduced[v]) * programme.variables[v].high;
        objective += programme.variables[v].cost * solution.values[v];
    }
    EXPECT_NEAR(bound, solution.objective, 1e-8 * bound);
    EXPECT_NEAR(objective, solution.objective, 1e-8 * bound);
}

TEST(Symmetry, AlikeBlocksBecomeOneBlockOfTheSameOptimum) {
    for (std::uint64_t id = 0; id < 40; ++id) {
        const Programme programme = blocks(id, 2 + static_cast<int>(id % 7), 0.0);
        const Reduction reduction = reduce(programme);
        EXPECT_EQ(reduction.programme.variables.size(), 4u) << id;
        EXPECT_EQ(reduction.programme.rows.size(), 4u) << id;
        const auto full = solve(programme), small = solve_by_symmetry(programme);
        ASSERT_TRUE(full.optimal() && small.optimal()) << id;
        EXPECT_NEAR(small.objective, full.objective, 1e-9 * full.objective) << id;
        expect_certified(programme, small);
    }
}

TEST(Symmetry, UnlikeProgrammesStayAsTheyAre) {
    for (std::uint64_t id = 0; id < 40; ++id) {
        const Programme programme = blocks(id, 3, 0.1);
        const Reduction reduction = reduce(programme);
        EXPECT_EQ(reduction.programme.variables.size(), programme.variables.size()) << id;
        const auto full = solve(programme), small = solve_by_symmetry(programme);
        ASSERT_TRUE(full.optimal() && small.optimal()) << id;
        EXPECT_NEAR(small.objective, full.objective, 1e-9 * full.objective) << id;
        for (std::size_t r = 0; r < full.duals.size(); ++r) {
            EXPECT_NEAR(small.duals[r], full.duals[r], 1e-8) << id;
        }
        expect_certified(programme, small);
    }
}

/// Refinement does not tell a ring of six from two rings of three; the optimum is the same all the
/// same: half of the ring's vertices each way.
TEST(Symmetry, RegularGraphsAreOneClass) {
    for (const int ring : {3, 6}) {
        Programme programme{.sense = Sense::maximise};
        for (int v = 0; v < 6; ++v) programme.add(ProgrammeVariable{.cost = 1.0});
        for (int v = 0; v < 6; ++v) {
            const int next = ring * (v / ring) + (v + 1) % ring;
            programme.add(Row{.high = 1.0, .terms = {{v, 1.0}, {next, 1.0}}});
        }
        EXPECT_EQ(reduce(programme).programme.variables.size(), 1u);
        EXPECT_NEAR(solve_by_symmetry(programme).objective, 3.0, 1e-12);
        EXPECT_NEAR(solve(programme).objective, 3.0, 1e-12);
    }
}

TEST(Symmetry, InfeasibleAndIntegerProgrammes) {
    Programme programme;
    programme.add(ProgrammeVariable{.high = 1.0});
    programme.add(ProgrammeVariable{.high = 1.0});
    programme.add(Row{.low = 3.0, .terms = {{0, 1.0}, {1, 1.0}}});
    EXPECT_EQ(solve_by_symmetry(programme).status, SolverStatus::infeasible);
    programme.variables[0].integer = true;
    EXPECT_THROW(reduce(programme), Error);
}

}  // namespace
}  // namespace motley::programme
