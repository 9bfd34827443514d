// Attack curves against closed forms, a dense solution, and the theorem of lost production.
#include "motley/experiment/attack/attack.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "support/simulations.hpp"

namespace motley::experiment {
namespace {

using job::AttackOrder;
using partition::Partition;
using test::Tables;
using topology::Senders;

topology::Spec graph(const std::string& generator, AgentId agents) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    spec.seed = 7;
    return spec;
}

/// Capabilities of 1 and allocations like the demand, which stay.
model::Spec homogeneous(std::int64_t tasks) {
    model::Spec spec;
    spec.tasks = tasks;
    spec.elasticity = 0.7;
    spec.openness = 0.8;
    spec.capability.kind = model::Distribution::Kind::constant;
    spec.allocation = model::FirstAllocation::demand;
    spec.demand.kind = model::Distribution::Kind::zipf;
    spec.adapt = false;
    return spec;
}

job::Attack frozen(std::int64_t points, std::vector<AttackOrder> orders) {
    job::Attack attack;
    attack.orders = std::move(orders);
    attack.points = points;
    attack.replicates = 2;
    attack.adapt = 0;
    return attack;
}

struct Case {
    job::Run job;
    std::unique_ptr<topology::Topology> topology;
    Tables tables = {};
    AttackBoundary boundary = {};
    AttackStart from = {};
    std::int64_t steps = 0;  ///< made before the attack; 0: an optimum is searched
};

AttackResult attacked(const Case& given, const Partition& partition,
                      const mpi::Communicator& comm) {
    auto solved = test::simulation_of<double>(*given.topology, partition, given.job.model,
                                              given.job.seed, comm, given.tables);
    AttackTarget<double> target = {given.job, solved, *given.topology, partition};
    if (given.steps > 0) {
        for (std::int64_t i = 0; i < given.steps; ++i) solved.step(given.job.solve.rate, nullptr);
    } else {
        const auto solution = simulation::solve_optimum<double>(
            solved, given.job.model, given.job.solve, 10,
            [](std::int64_t, const measure::Measures*, bool) {}, {}, {});
        target.certified = solution.certified;
        target.gap = solution.measures.gap;
    }
    return attack<double>(target, comm, given.boundary, given.from);
}

AttackResult attacked(const Case& given) {
    const auto world = mpi::Communicator::world();
    return attacked(given, Partition::random(given.topology->agents(), world.size(), 2), world);
}

/// Homogeneous agents lose what the taken ones made, on any topology: R-index (m - 1) / (2 m).
TEST(AttackTest, HomogeneousAgentsLoseTheShareThatIsTaken) {
    topology::Spec nested;
    nested.generator = "nested";
    nested.levels = {graph("ring", 6), graph("complete", 8)};
    nested.levels[0].share = 0.3;
    nested.levels[1].share = 0.7;
    for (const topology::Spec& spec : {graph("ring", 48), graph("barabasi-albert", 48),
                                       graph("complete", 48), graph("pool", 48), nested}) {
        Case given;
        given.topology = topology::make(spec);
        given.job.model = homogeneous(3);
        given.job.attack = frozen(
            8, {AttackOrder::random, AttackOrder::degree, AttackOrder::value, AttackOrder::type});
        given.job.attack->singles = 5;
        given.steps = 300;
        const AttackResult result = attacked(given);
        EXPECT_NEAR(result.before, 48.0, 1e-9) << spec.generator;
        ASSERT_EQ(result.singles.size(), 5U);
        for (const Single& single : result.singles) {
            EXPECT_NEAR(single.loss, 1.0 / 48.0, 1e-10) << spec.generator;
            EXPECT_NEAR(single.criticality, single.loss / single.income, 1e-15);
            // Where all agents are in the same place all earn the same.
            if (spec.generator == "barabasi-albert" || spec.generator == "nested") continue;
            EXPECT_NEAR(single.criticality, 1.0, 1e-8) << spec.generator;
        }
        for (const AttackPoint& point : result.points) {
            EXPECT_NEAR(point.resistance, 1.0 - point.share, 1e-10) << spec.generator;
        }
        ASSERT_EQ(result.summaries.size(), 4U);
        for (const auto& summary : result.summaries) {
            EXPECT_NEAR(summary.r_index, 7.0 / 16.0, 1e-10) << spec.generator;
        }
    }
}

/// A pool of K types of m one-task specialists: P(n) / P is the power mean of what is left of each
/// type, of order (sigma - 1) / sigma.
TEST(AttackTest, PoolOfSpecialistsFollowsThePowerMean) {
    constexpr AgentId types = 4, each = 8, agents = types * each;
    std::vector<double> ability(std::size_t{agents} * types, 0.0);
    for (AgentId i = 0; i < agents; ++i) ability[std::size_t(i * types + i % types)] = 4.0;
    const std::map<double, double> stated = {{0.5, 0.16247208343292655},
                                             {1.0, 0.17850193181980192},
                                             {2.0, 0.3577744165545852},
                                             {5.0, 0.4423319593813454}};
    for (const auto& [sigma, r_index] : stated) {
        Case given;
        given.topology = topology::make(graph("pool", agents));
        given.job.model = homogeneous(types);
        given.job.model.elasticity = sigma;
        given.job.model.demand.kind = model::Distribution::Kind::uniform;
        given.job.model.allocation = model::FirstAllocation::even;
        given.job.model.capability = test::from_table("abilities");
        given.tables = {{"abilities", ability}};
        given.job.attack = frozen(agents, {AttackOrder::type});
        given.steps = 2;
        const AttackResult result = attacked(given);
        const double rho = (sigma - 1.0) / sigma;
        for (const AttackPoint& point : result.points) {
            double sum = 0.0, log_sum = 0.0;
            bool lost = false;
            for (AgentId k = 0; k < types; ++k) {
                const auto gone = std::clamp<std::int64_t>(point.taken - k * each, 0, each);
                const double left = static_cast<double>(each - gone) / each;
                lost = lost || left == 0.0;
                sum += std::pow(left, rho) / types;
                log_sum += std::log(left) / types;
            }
            double expected = sigma == 1.0 ? std::exp(log_sum) : std::pow(sum, 1.0 / rho);
            if (lost && sigma <= 1.0) expected = 0.0;
            EXPECT_NEAR(point.resistance, expected, 1e-9) << sigma << ", " << point.taken;
        }
        EXPECT_NEAR(result.summaries.front().r_index, r_index, 1e-9) << sigma;
    }
}

/// P of one task by dense iteration: agents that are gone have no arcs; senders divide their share
/// among the living, or lose that of the gone.
double dense(const topology::Topology& topology, const std::set<AgentId>& gone, Senders senders,
             double openness) {
    const auto n = static_cast<std::size_t>(topology.agents());
    std::vector<std::vector<double>> weight(n, std::vector<double>(n, 0.0));
    std::vector<std::vector<double>> survival(n, std::vector<double>(n, 0.0));
    topology.arcs(0, 1, [&](std::span<const topology::Arc> arcs) {
        for (const auto& arc : arcs) {
            weight[std::size_t(arc.source)][std::size_t(arc.target)] =
                1.0;  // parallel arcs are one
            survival[std::size_t(arc.source)][std::size_t(arc.target)] = arc.survival;
        }
    });
    std::vector<double> open(n, 0.0), total(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const bool counts = senders == Senders::lose || !gone.contains(AgentId(j));
            if (counts) total[i] += weight[i][j];
        }
        open[i] = total[i] > 0.0 ? openness : 0.0;
    }
    std::vector<double> stock(n, 0.0);
    for (int step = 0; step < 2000; ++step) {
        std::vector<double> next(n, 0.0);
        for (std::size_t i = 0; i < n; ++i) {
            if (gone.contains(AgentId(i))) continue;
            next[i] += 1.0;
            for (std::size_t j = 0; j < n; ++j) {
                if (gone.contains(AgentId(j)) || !(weight[i][j] > 0.0)) continue;
                next[j] += open[i] * weight[i][j] / total[i] * survival[i][j] * stock[i];
            }
        }
        stock = next;
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!gone.contains(AgentId(i))) sum += (1.0 - open[i]) * stock[i];
    }
    return sum;
}

std::vector<AgentId> by_degree(const topology::Topology& topology, const std::set<AgentId>& gone) {
    std::map<AgentId, int> degree;
    for (AgentId i = 0; i < topology.agents(); ++i) {
        if (!gone.contains(i)) degree[i] = 0;
    }
    std::set<std::pair<AgentId, AgentId>> seen;
    topology.arcs(0, 1, [&](std::span<const topology::Arc> arcs) {
        for (const auto& arc : arcs) {
            if (gone.contains(arc.source) || gone.contains(arc.target)) continue;
            if (!seen.emplace(arc.source, arc.target).second) continue;
            degree[arc.source] += 1;
            degree[arc.target] += 1;
        }
    });
    std::vector<AgentId> order;
    for (const auto& [id, arcs] : degree) order.push_back(id);
    std::ranges::stable_sort(order, [&](AgentId a, AgentId b) { return degree[a] > degree[b]; });
    return order;
}

/// Lossy arcs, rerouted and lost shares, orders that are given once and orders that follow.
TEST(AttackTest, CurvesAreThoseOfADenseSystem) {
    topology::Spec scale_free = graph("barabasi-albert", 30);
    scale_free.survival = 0.9;
    topology::Spec ring = graph("ring", 24);
    for (const topology::Spec& spec : {scale_free, ring}) {
        for (const Senders senders : {Senders::reroute, Senders::lose}) {
            for (const bool recompute : {false, true}) {
                Case given;
                given.topology = topology::make(spec);
                given.job.model = homogeneous(1);
                given.job.attack = frozen(6, {AttackOrder::degree});
                given.job.attack->senders = senders;
                given.job.attack->recompute = recompute;
                given.steps = 200;
                const AttackResult result = attacked(given);
                const double before = dense(*given.topology, {}, senders, 0.8);
                EXPECT_NEAR(result.before, before, 1e-9);
                std::set<AgentId> gone;
                auto order = by_degree(*given.topology, {});
                for (const AttackPoint& point : result.points) {
                    while (std::ssize(gone) < point.taken) {
                        gone.insert(order.front());
                        order.erase(order.begin());
                    }
                    if (point.taken == result.agents) {
                        EXPECT_EQ(point.resistance, 0.0);
                        continue;
                    }
                    EXPECT_NEAR(point.settled, dense(*given.topology, gone, senders, 0.8), 1e-8)
                        << spec.generator << ", " << point.taken << (recompute ? " again" : "");
                    if (recompute) order = by_degree(*given.topology, gone);
                }
            }
        }
    }
}

TEST(AttackTest, ACompleteGraphThatLosesSharesIsThatOfADenseSystem) {
    Case given;
    given.topology = topology::make(graph("complete", 12));
    given.job.model = homogeneous(1);
    given.job.attack = frozen(4, {AttackOrder::degree});
    given.job.attack->senders = Senders::lose;
    given.steps = 200;
    for (const AttackPoint& point : attacked(given).points) {
        std::set<AgentId> gone;
        for (AgentId i = 0; i < point.taken; ++i) gone.insert(i);
        if (point.taken == 12) continue;
        EXPECT_NEAR(point.settled, dense(*given.topology, gone, Senders::lose, 0.8), 1e-9);
    }
}

/// No adaptation after a loss of production reaches more than the old prices allow.
TEST(AttackTest, LostProductionIsBoundedByIncome) {
    for (const char* generator : {"ring", "barabasi-albert", "complete", "pool"}) {
        for (const double sigma : {0.5, 1.0, 3.0}) {
            Case given;
            given.topology = topology::make(graph(generator, 40));
            given.job.model.tasks = 4;
            given.job.model.elasticity = sigma;
            given.job.model.openness = 0.8;
            given.job.solve.gap = 1e-7;
            given.job.solve.rate = 0.05;
            given.job.attack = frozen(4, {AttackOrder::value, AttackOrder::random});
            given.job.attack->taken = job::Taken::production;
            given.job.attack->replicates = 1;
            given.job.attack->adapt = 150;
            const AttackResult result = attacked(given);
            ASSERT_FALSE(result.certified.empty()) << generator << sigma;
            double closest = 1.0;
            for (const AttackPoint& point : result.points) {
                if (point.taken == 40) continue;
                EXPECT_LE(point.resistance, point.bound + 1e-9) << generator << ' ' << sigma;
                EXPECT_LE(point.final, point.bound + 1e-9) << generator << ' ' << sigma;
                EXPECT_GE(point.final, point.resistance - 1e-6);
                closest = std::min(closest, point.bound - point.final);
            }
            EXPECT_LT(closest, 0.1) << "the bound is near";
        }
    }
}

/// Rules without a certificate settle as well: nobody is lost without a share that makes anything,
/// so that a system of which almost nothing is taken has almost all of what it had.
TEST(AttackTest, SystemsWithoutACertificateAreSettled) {
    for (const char* rule : {"openness", "migration", "learning", "returns"}) {
        Case given;
        given.topology = topology::make(graph("ring", 24));
        given.job.model = homogeneous(1);
        given.job.solve.rate = 0.01;
        given.job.attack = frozen(24, {AttackOrder::random});
        const std::string name = rule;
        if (name == "openness") given.job.model.openness_rate = 0.001;
        if (name == "migration") given.job.model.migration = 0.1;
        if (name == "learning") given.job.model.learning_rate = 0.01;
        if (name == "learning") given.job.attack->learn = true;
        if (name == "returns") given.job.model.returns = 1.5;
        given.steps = 60;
        const AttackResult result = attacked(given);
        // One task, lossless arcs: all that is made is consumed, whatever its way and its lag.
        EXPECT_NEAR(result.before, 24.0, 1e-7) << rule;
        for (const AttackPoint& point : result.points) {
            if (point.taken == 24) continue;
            EXPECT_NEAR(point.settled, 24.0 - static_cast<double>(point.taken), 1e-7) << rule;
        }
    }
}

TEST(AttackTest, MeasuresOfRecoveryFollowTheirDefinitions) {
    AttackPoint point;
    // 10 before, 4 at once, 8 in the end: two thirds of the loss; 7.6 is nine tenths of 4 to 8.
    set_recovery({4.0, 6.0, 7.5, 7.6, 8.0}, 10.0, point);
    EXPECT_DOUBLE_EQ(point.final, 0.8);
    EXPECT_DOUBLE_EQ(point.recovery, 4.0 / 6.0);
    EXPECT_EQ(point.t90, 3.0);
    EXPECT_DOUBLE_EQ(point.area, (4.0 + 2.0 + 0.5 + 0.4) / 10.0);
    // It falls: nothing comes back, and nothing is missing of what is left in the end.
    set_recovery({4.0, 3.0, 2.0}, 10.0, point);
    EXPECT_DOUBLE_EQ(point.recovery, -2.0 / 6.0);
    EXPECT_EQ(point.t90, 0.0);
    EXPECT_EQ(point.area, 0.0);
    // Nothing was lost.
    set_recovery({10.0, 10.0}, 10.0, point);
    EXPECT_EQ(point.recovery, 1.0);
}

TEST(AttackTest, AdaptationBringsSomethingBack) {
    Case given;
    given.topology = topology::make(graph("ring", 60));
    given.job.model.tasks = 5;
    given.job.solve.gap = 1e-4;
    given.job.attack = frozen(6, {AttackOrder::type});
    given.job.attack->adapt = 200;
    for (const AttackPoint& point : attacked(given).points) {
        if (point.taken == 60) continue;
        EXPECT_GT(point.final, point.resistance + 1e-3) << point.taken;
    }
}

/// An attack that is set aside after every few points, and goes on, has the points of one that is
/// not, bit for bit.
TEST(AttackTest, GoesOnWhereItWasSetAside) {
    for (const bool recompute : {false, true}) {
        Case given;
        given.topology = topology::make(graph("watts-strogatz", 60));
        given.job.model.tasks = 4;
        given.job.solve.gap = 1e-3;
        given.job.attack = frozen(5, {AttackOrder::value, AttackOrder::degree});
        if (!recompute) given.job.attack->orders.push_back(AttackOrder::random);
        given.job.attack->recompute = recompute;
        given.job.attack->adapt = 12;
        given.job.attack->singles = 3;
        const AttackResult whole = attacked(given);
        EXPECT_FALSE(whole.interrupted);
        AttackResult part;
        int starts = 0;
        do {
            given.from = {part.singles, part.points};
            std::size_t made = 0;
            given.boundary = [&made](const AttackResult&) { return ++made == 2; };
            part = attacked(given);
            starts += 1;
            ASSERT_LT(starts, 20);
        } while (part.interrupted);
        EXPECT_GT(starts, 5);
        ASSERT_EQ(part.points.size(), whole.points.size());
        ASSERT_EQ(part.singles.size(), 3U);
        for (std::size_t i = 0; i < part.singles.size(); ++i) {
            EXPECT_EQ(part.singles[i].agent, whole.singles[i].agent);
            EXPECT_EQ(part.singles[i].loss, whole.singles[i].loss);
        }
        for (std::size_t i = 0; i < part.points.size(); ++i) {
            EXPECT_EQ(part.points[i].order, whole.points[i].order);
            EXPECT_EQ(part.points[i].taken, whole.points[i].taken);
            EXPECT_EQ(part.points[i].settled, whole.points[i].settled) << i;
            EXPECT_EQ(part.points[i].giant, whole.points[i].giant) << i;
            EXPECT_EQ(part.points[i].final, whole.points[i].final) << i;
            EXPECT_EQ(part.points[i].area, whole.points[i].area) << i;
        }
        EXPECT_EQ(part.summaries.size(), whole.summaries.size());
    }
}

/// How much longer a vector of sum 0 is after a step s_j <- sum_i w_ij s_i among the agents from
/// `first` on, in the long run.
double growth_of_differences(const topology::Topology& topology, AgentId first) {
    const auto n = static_cast<std::size_t>(topology.agents());
    std::vector<std::vector<std::size_t>> partners(n);
    topology.arcs(0, 1, [&](std::span<const topology::Arc> arcs) {
        for (const auto& arc : arcs) {
            if (arc.source >= first && arc.target >= first) {
                partners[std::size_t(arc.source)].push_back(std::size_t(arc.target));
            }
        }
    });
    std::vector<double> stock(n, 0.0);
    for (std::size_t i = static_cast<std::size_t>(first); i < n; ++i) {
        stock[i] = std::sin(static_cast<double>(i * i));
    }
    double logarithm = 0.0, arcs = 0.0;
    for (const auto& row : partners) arcs += static_cast<double>(row.size());
    for (int step = 0; step < 2000; ++step) {
        std::vector<double> next(n, 0.0);
        double size = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            for (const std::size_t j : partners[i]) {
                next[j] += stock[i] / static_cast<double>(partners[i].size());
            }
        }
        double sum = 0.0;
        for (const double each : next) sum += each;
        for (std::size_t i = 0; i < n; ++i) {  // without what stays, which rounding brings back
            next[i] -= sum * static_cast<double>(partners[i].size()) / arcs;
        }
        for (const double each : next) size += each * each;
        for (double& each : next) each /= std::sqrt(size);
        if (step >= 1000) logarithm += 0.5 * std::log(size);
        stock = next;
    }
    return std::exp(logarithm / 1000.0);
}

/// Differences between flows vanish by lambda mu_2 in a step.
TEST(AttackTest, FlowsSettleByTheSecondEigenvalue) {
    Case given;
    given.topology = topology::make(graph("random-regular", 60));
    given.job.model = homogeneous(1);
    given.job.attack = frozen(5, {AttackOrder::degree});  // all have the same: by id
    given.job.attack->spectral = true;
    given.steps = 200;
    int connected = 0;
    for (const AttackPoint& point : attacked(given).points) {
        if (point.taken == 60) continue;
        EXPECT_NEAR(point.settling, -1.0 / std::log(0.8 * point.mu2), 1e-12);
        if (point.mu2 == 1.0) continue;
        connected += 1;
        EXPECT_NEAR(point.mu2, growth_of_differences(*given.topology, point.taken), 1e-3);
    }
    EXPECT_GT(connected, 0);
    // One complete part, a pool, and arcs without an opposite.
    for (const char* generator : {"complete", "pool", "directed"}) {
        if (generator == std::string("directed")) {
            std::vector<topology::Arc> arcs;
            for (AgentId i = 0; i < 16; ++i) arcs.push_back({i, (i + 1) % 16});
            given.topology =
                std::make_unique<test::ArcTopology>(16, arcs, test::weighted_traits(), 1);
        } else {
            given.topology = topology::make(graph(generator, 16));
        }
        given.job.attack->points = 4;
        for (const AttackPoint& point : attacked(given).points) {
            if (point.taken == 16) continue;
            if (generator == std::string("complete")) {
                EXPECT_NEAR(point.mu2, 1.0 / static_cast<double>(15 - point.taken), 1e-15);
            } else {
                EXPECT_TRUE(std::isnan(point.mu2)) << generator;
                EXPECT_TRUE(std::isnan(point.settling)) << generator;
            }
        }
    }
}

TEST(AttackTest, CountsItsPoints) {
    job::Attack attack;  // random 5 times, degree, value and type once, 40 points each
    EXPECT_EQ(attack.all_points(), 320);
    attack.orders = {AttackOrder::group};
    attack.replicates = 3;
    EXPECT_EQ(attack.all_points(), 120);
}

/// Ids here and in the whole belong together, with and without sinks, relays last.
TEST(LivingPartTest, NumbersTheLivingInTheirOrder) {
    const test::ArcTopology whole(7, {{0, 1}, {1, 2}, {2, 6}, {6, 4}, {4, 5}, {3, 0}},
                                  test::weighted_traits(), 1);
    const topology::LivingPart part(whole, {1, 4}, Senders::reroute);
    EXPECT_EQ(part.agents(), 5);
    EXPECT_EQ(part.hosts(), 4);
    std::vector<AgentId> ids;
    for (AgentId id = 0; id < part.agents(); ++id) ids.push_back(part.in_whole(id));
    EXPECT_EQ(ids, (std::vector<AgentId>{0, 2, 3, 5, 6}));
    std::set<std::pair<AgentId, AgentId>> arcs;
    const auto list = [&](const topology::Topology& topology) {
        arcs.clear();
        topology.arcs(0, 1, [&](std::span<const topology::Arc> some) {
            for (const auto& arc : some) arcs.emplace(arc.source, arc.target);
        });
    };
    list(part);
    EXPECT_EQ(arcs, (std::set<std::pair<AgentId, AgentId>>{{1, 4}, {2, 0}}));
    const topology::LivingPart lossy(whole, {1, 4}, Senders::lose);
    EXPECT_EQ(lossy.agents(), 7);
    EXPECT_EQ(lossy.in_whole(5), 1);
    EXPECT_EQ(lossy.in_whole(6), 4);
    list(lossy);  // 0 -> 1 and 6 -> 4 lead to the sinks; what is gone sends nothing
    EXPECT_EQ(arcs, (std::set<std::pair<AgentId, AgentId>>{{0, 5}, {1, 4}, {4, 6}, {2, 0}}));
}

TEST(AttackTest, IsTheSameOnAnyRanks) {
    topology::Spec nested;
    nested.generator = "nested";
    nested.levels = {graph("ring", 6), graph("complete", 5), graph("ring", 3)};
    nested.levels[0].share = 0.2;
    nested.levels[1].share = 0.3;
    nested.levels[2].share = 0.5;
    nested.levels[2].set("degree", std::int64_t{2});
    const auto world = mpi::Communicator::world();
    for (const topology::Spec& spec :
         {nested, graph("watts-strogatz", 90), graph("complete", 90)}) {
        Case given;
        given.topology = topology::make(spec);
        given.job.model.tasks = 5;
        given.job.model.demand.kind = model::Distribution::Kind::dirichlet;
        given.job.solve.gap = 1e-3;
        given.job.attack = frozen(5, {AttackOrder::random, AttackOrder::value, AttackOrder::type});
        if (!spec.levels.empty()) given.job.attack->orders.push_back(AttackOrder::group);
        given.job.attack->level = 2;
        given.job.attack->adapt = 15;
        const AttackResult here = attacked(given, Partition::random(90, world.size(), 4), world);
        const AttackResult alone =
            attacked(given, Partition::block(90, 1), mpi::Communicator::self());
        ASSERT_EQ(here.points.size(), alone.points.size());
        for (std::size_t i = 0; i < here.points.size(); ++i) {
            EXPECT_EQ(here.points[i].settled, alone.points[i].settled) << spec.generator << i;
            EXPECT_EQ(here.points[i].giant, alone.points[i].giant);
            if (here.points[i].taken < 90) {
                EXPECT_EQ(here.points[i].final, alone.points[i].final);
                EXPECT_EQ(here.points[i].t90, alone.points[i].t90);
            }
        }
    }
}

}  // namespace
}  // namespace motley::experiment
