// Heterogeneity, entropies and levels against direct dense computations, equal on any rank count.
#include "motley/measure/measures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "motley/core/random.hpp"
#include "support/reference.hpp"

namespace motley::test {
namespace {

using model::Tally;

/// A joint weight of agent and task, a third of them zero; the last task is nobody's.
double weight(std::int64_t agent, int task, int tasks) {
    const Random random(5, Stream::test, static_cast<std::uint64_t>(agent));
    const auto counter = static_cast<std::uint32_t>(task);
    if (task + 1 == tasks || random.below(3, 100 + counter) == 0) return 0.0;
    return std::exp(2.0 * random.normal(counter));
}

Matrix weights(std::int64_t agents, int tasks) {
    Matrix matrix = zeros(static_cast<std::size_t>(agents), static_cast<std::size_t>(tasks));
    for (std::int64_t i = 0; i < agents; ++i) {
        for (int k = 0; k < tasks; ++k) {
            matrix[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)] = weight(i, k, tasks);
        }
    }
    return matrix;
}

double term(double v) {
    return v > 0.0 ? v * std::log(v) : 0.0;
}

/// The four sums that `mutual_information` takes, over agents first, first + stride, ...
struct Sums {
    std::vector<ExactSum> scalars = std::vector<ExactSum>(3);  ///< total, joint, agents
    std::vector<ExactSum> tasks;
};
Sums sums_of(std::int64_t first, std::int64_t agents, std::int64_t stride, int tasks) {
    Sums sums;
    sums.tasks.resize(static_cast<std::size_t>(tasks));
    for (std::int64_t i = first; i < agents; i += stride) {
        double own = 0.0;
        for (int k = 0; k < tasks; ++k) {
            const double w = weight(i, k, tasks);
            own += w;
            sums.scalars[1].add(term(w));
            sums.tasks[static_cast<std::size_t>(k)].add(w);
        }
        sums.scalars[0].add(own);
        sums.scalars[2].add(term(own));
    }
    return sums;
}
double information_of_sums(const Sums& sums) {
    std::vector<double> tasks;
    for (const auto& sum : sums.tasks) tasks.push_back(sum.value());
    return measure::mutual_information(sums.scalars[0].value(), sums.scalars[1].value(),
                                       sums.scalars[2].value(), tasks);
}

TEST(MutualInformation, IsTheDirectSumOverTheJointDistribution) {
    for (const std::int64_t agents : {1, 2, 7, 100}) {
        for (const int tasks : {2, 5, 17}) {
            const auto expected =
                static_cast<double>(Reference::mutual_information(weights(agents, tasks)));
            EXPECT_NEAR(information_of_sums(sums_of(0, agents, 1, tasks)), expected, 1e-13)
                << agents << " agents, " << tasks << " tasks";
        }
    }
}

TEST(MutualInformation, LiesBetweenItsBounds) {
    for (const std::int64_t agents : {2, 5, 40}) {
        const int tasks = 6;
        const Sums sums = sums_of(0, agents, 1, tasks);
        std::vector<double> by_task;
        for (const auto& sum : sums.tasks) by_task.push_back(sum.value());
        const double found = information_of_sums(sums);
        EXPECT_GE(found, 0.0);
        EXPECT_LE(found, std::log(static_cast<double>(agents)) + 1e-14);
        EXPECT_LE(found, measure::entropy(by_task) + 1e-14);
    }
}

TEST(MutualInformation, OfSpecialistsIsLogKAndOfIdenticalAgentsZero) {
    // Four agents, each on its own task; then four that do the same.
    EXPECT_NEAR(measure::mutual_information(4.0, 0.0, 0.0, {1.0, 1.0, 1.0, 1.0}), std::log(4.0),
                1e-15);
    const double quarter = term(0.25);
    EXPECT_EQ(measure::mutual_information(4.0, 16.0 * quarter, 0.0, {1.0, 1.0, 1.0, 1.0}), 0.0);
    EXPECT_EQ(measure::mutual_information(0.0, 0.0, 0.0, {0.0, 0.0}), 0.0) << "nothing at all";
}

TEST(Entropy, OfKnownDistributions) {
    EXPECT_NEAR(measure::entropy({3.0, 3.0, 3.0}), std::log(3.0), 1e-15);
    EXPECT_EQ(measure::entropy({0.0, 7.0, 0.0}), 0.0);
    EXPECT_NEAR(measure::entropy({1.0, 3.0}), std::log(4.0) - 0.75 * std::log(3.0), 1e-15);
    EXPECT_EQ(measure::entropy({}), 0.0);
    EXPECT_EQ(measure::entropy({0.0, 0.0}), 0.0);
}

TEST(MutualInformation, HasTheSameBitsOnAnyNumberOfRanks) {
    const auto world = mpi::Communicator::world();
    const double alone = information_of_sums(sums_of(0, 1000, 1, 9));
    Sums mine = sums_of(world.rank(), 1000, world.size(), 9);
    world.sum(std::span<ExactSum>(mine.scalars));
    world.sum(std::span<ExactSum>(mine.tasks));
    EXPECT_EQ(information_of_sums(mine), alone);
}

/// A tally of made-up sums, dealt out over ranks by agent.
Tally tally_of(int rank, int ranks, int tasks) {
    Tally tally(tasks);
    const auto add = [&](Tally::Scalar what, double v) { tally.sums[what].add(v); };
    for (std::int64_t i = rank; i < 50; i += ranks) {
        double effort = 0.0;
        for (int k = 0; k < tasks; ++k) {
            const double w = weight(i, k, tasks);
            effort += w;
            add(Tally::effort_log, term(w));
            tally.by_task(Tally::effort_row, k).add(w);
            tally.by_task(Tally::value_row, k).add(2.0 * w);
            tally.by_task(Tally::expenditure_row, k).add(3.0 * w);
            add(Tally::value_log, term(2.0 * w));
        }
        add(Tally::resource, effort);
        add(Tally::resource_log, term(effort));
        add(Tally::value, 2.0 * effort);
        add(Tally::value_agent_log, term(2.0 * effort));
        add(Tally::productivity, 1.0);
        add(Tally::upper, 1.25);
        add(Tally::capability_norm, 2.0);
        add(Tally::residual, 1e-3);
        add(Tally::frank_wolfe, 0.25);
        tally.value_change_max = std::max(tally.value_change_max, 1e-4 * static_cast<double>(i));
    }
    return tally;
}

model::Parameters parameters(double returns = 1.0) {
    model::Parameters p;
    p.openness = p.contraction = 0.75;
    p.returns = returns;
    return p;
}

TEST(Reduce, GivesEveryRankTheMeasuresOfTheWhole) {
    const auto world = mpi::Communicator::world();
    Tally mine = tally_of(world.rank(), world.size(), 5), all = tally_of(0, 1, 5);
    const auto found = measure::reduce(mine, world, parameters(), true);
    const auto alone = measure::reduce(all, mpi::Communicator::self(), parameters(), true);
    EXPECT_EQ(found.heterogeneity_effort, alone.heterogeneity_effort);
    EXPECT_EQ(found.gap, alone.gap);
    EXPECT_EQ(found.effort_by_task, alone.effort_by_task);
    const auto expected = static_cast<double>(Reference::mutual_information(weights(50, 5)));
    EXPECT_NEAR(found.heterogeneity_effort, expected, 1e-13);
    EXPECT_NEAR(found.heterogeneity_value, expected, 1e-13) << "the same shares";
    EXPECT_NEAR(found.value_entropy, found.task_entropy, 1e-14);
    EXPECT_NEAR(found.expenditure_entropy, found.task_entropy, 1e-14);
    EXPECT_EQ(found.productivity, 50.0);
}

TEST(Reduce, TheGapIsTheDualBoundPlusWhatHasNotSettled) {
    const auto world = mpi::Communicator::world();
    Tally tally = tally_of(world.rank(), world.size(), 5);
    const auto m = measure::reduce(tally, world, parameters(), true);
    // lambda / (1 - lambda) = 3; largest change of a value 49e-4; norms 100; residual 0.05.
    const double unsettled = 3.0 * 49e-4 * 100.0 + 2.0 * 0.05;
    EXPECT_TRUE(m.certifiable);
    EXPECT_NEAR(m.flow_residual, unsettled / 50.0, 1e-15);
    EXPECT_NEAR(m.gap, 0.25 + unsettled / 50.0, 1e-15);
    EXPECT_NEAR(m.frank_wolfe_gap, 12.5, 1e-12);
}

TEST(Reduce, GivesNoCertificateWhereThereIsNone) {
    const auto world = mpi::Communicator::world();
    const auto gap_of = [&](bool certificate, double returns, std::int64_t clamped) {
        Tally tally = tally_of(world.rank(), world.size(), 5);
        // Only the last rank has seen a price at its limit.
        if (world.rank() + 1 == world.size()) tally.clamped = clamped;
        const auto m = measure::reduce(tally, world, parameters(returns), certificate);
        EXPECT_EQ(m.certifiable, std::isfinite(m.gap));
        return m.gap;
    };
    EXPECT_TRUE(std::isfinite(gap_of(true, 1.0, 0)));
    EXPECT_TRUE(std::isnan(gap_of(false, 1.0, 0)));
    EXPECT_TRUE(std::isnan(gap_of(true, 1.5, 0)));
    EXPECT_TRUE(std::isnan(gap_of(true, 1.0, 1)));
}

/// Efforts pooled over `stride` consecutive agents.
Matrix pooled(const Matrix& efforts, std::size_t stride) {
    Matrix groups = zeros(efforts.size() / stride, efforts[0].size());
    for (std::size_t i = 0; i < efforts.size(); ++i) {
        for (std::size_t k = 0; k < efforts[i].size(); ++k) groups[i / stride][k] += efforts[i][k];
    }
    return groups;
}

TEST(ByLevel, IsTheChainRuleOnAnyNumberOfRanks) {
    const auto world = mpi::Communicator::world();
    constexpr int tasks = 5;
    const std::vector<topology::Level> levels{
        {"country", 3, 0.1, 1.0}, {"firm", 4, 0.3, 1.0}, {"worker", 5, 0.6, 1.0}};
    const Matrix efforts = weights(60, tasks);
    const auto total = static_cast<double>(Reference::mutual_information(efforts));
    // Rank r owns every size-th agent; with more than two ranks, rank 1 owns none.
    std::vector<AgentId> ids;
    for (AgentId i = 0; i < 60; ++i) {
        const auto dealt = static_cast<int>(i % world.size());
        const int owner = dealt == 1 && world.size() > 2 ? 0 : dealt;
        if (owner == world.rank()) ids.push_back(i);
    }
    const auto write = [&](std::size_t row, double* out) {
        for (int k = 0; k < tasks; ++k) out[k] = weight(ids[row], k, tasks);
    };
    const auto found = measure::by_level(levels, ids, tasks, write, total, world);
    ASSERT_EQ(found.size(), 3U);
    const auto country = static_cast<double>(Reference::mutual_information(pooled(efforts, 20)));
    const auto firm = static_cast<double>(Reference::mutual_information(pooled(efforts, 5)));
    EXPECT_NEAR(found[0].effort, country, 1e-13);
    EXPECT_NEAR(found[1].effort, firm - country, 1e-13);
    EXPECT_NEAR(found[2].effort, total - firm, 1e-13);
    EXPECT_NEAR(found[0].effort + found[1].effort + found[2].effort, total, 1e-14);
    EXPECT_EQ(found[0].name, "country");
    EXPECT_EQ(found[2].name, "worker");

    std::vector<AgentId> everyone(60);
    std::iota(everyone.begin(), everyone.end(), 0);
    const auto write_all = [&](std::size_t row, double* out) {
        for (int k = 0; k < tasks; ++k) out[k] = weight(everyone[row], k, tasks);
    };
    const auto alone =
        measure::by_level(levels, everyone, tasks, write_all, total, mpi::Communicator::self());
    for (std::size_t l = 0; l < 3; ++l) EXPECT_EQ(found[l].effort, alone[l].effort) << "same bits";
}

TEST(ByLevel, IsEmptyWithoutLevels) {
    EXPECT_TRUE(measure::by_level(
                    {}, {}, 3, [](std::size_t, double*) {}, 0.0, mpi::Communicator::world())
                    .empty());
}

}  // namespace
}  // namespace motley::test
