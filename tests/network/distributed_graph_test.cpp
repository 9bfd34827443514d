// The distributed rows against the gathered global graph, for several topologies, partitions and
// any number of ranks.
#include "motley/network/distributed_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>

#include "support/arc_topology.hpp"
#include "support/reference.hpp"

namespace motley::test {
namespace {

using model::Coupling;
using partition::Partition;
template <class Real>
using Graph = network::DistributedGraph<Real>;

struct NamedPartition {
    std::string name;
    Partition partition;
};

/// Block, random, all on one rank, only odd ranks, and dealt out.
std::vector<NamedPartition> partitions(AgentId agents, int ranks) {
    std::vector<std::int32_t> last(static_cast<std::size_t>(agents), ranks - 1);
    std::vector<std::int32_t> odd, dealt;
    for (AgentId i = 0; i < agents; ++i) {
        const auto rank = static_cast<std::int32_t>(i % ranks);
        dealt.push_back(rank);
        odd.push_back(ranks > 1 ? rank / 2 * 2 + 1 < ranks ? rank / 2 * 2 + 1 : 1 : 0);
    }
    return {{"block", Partition::block(agents, ranks)},
            {"random", Partition::random(agents, ranks, 5)},
            {"last", Partition::from_owners(last, ranks)},
            {"odd", Partition::from_owners(odd, ranks)},
            {"dealt", Partition::from_owners(dealt, ranks)}};
}

std::unique_ptr<topology::Topology> generated(const std::string& generator, AgentId agents) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    return topology::make(spec);
}

std::vector<topology::Arc> all_arcs(const topology::Topology& topology) {
    std::vector<topology::Arc> arcs;
    topology.arcs(0, 1, [&](std::span<const topology::Arc> batch) {
        arcs.insert(arcs.end(), batch.begin(), batch.end());
    });
    return arcs;
}

/// Dense transfer of the whole graph, what the step applies: survival x routing weight.
Matrix expected_transfer(const topology::Topology& topology) {
    return transfer_of(topology.agents(), all_arcs(topology), topology.traits());
}

std::size_t at(AgentId id) {
    return static_cast<std::size_t>(id);
}

/// One step's worth of message passing through the real exchange: what each unit's owner wrote
/// there. Units carry (agent, half).
struct Tag {
    std::int64_t agent, half;
};

class DistributedGraphTest : public testing::Test {
  protected:
    const mpi::Communicator world = mpi::Communicator::world();

    std::vector<Tag> exchanged_tags(const Graph<double>& graph) {
        const int halves = graph.halves_per_unit();
        const auto units = graph.units();
        std::vector<Tag> tags(units, Tag{-1, -1});
        for (std::size_t u = 0; u < at(graph.first_ghost()); ++u) {
            const std::size_t row = halves == 2 ? u : u / 2;
            tags[u] = {graph.ids()[row], halves == 2 ? 0 : static_cast<std::int64_t>(u % 2)};
        }
        const auto exchange =
            mpi::make_halo_exchange(mpi::ExchangeKind::dense, world, graph.plan(), sizeof(Tag),
                                    reinterpret_cast<std::byte*>(tags.data()));
        exchange->start(0);
        exchange->finish(0);
        return tags;
    }

    /// Rows of `rows` name, through the exchanged tags, exactly the neighbours of the dense graph.
    void expect_rows(const Graph<double>& graph, const model::Rows<double>& rows,
                     const std::vector<Tag>& tags, const Matrix& transfer, bool outgoing) {
        const bool weighted = graph.coupling() == Coupling::weighted;
        for (LocalId r = 0; r < graph.owned(); ++r) {
            const AgentId self = graph.ids()[r];
            std::map<AgentId, double> found;
            AgentId previous = -1;
            for (auto e = rows.offsets[r]; e < rows.offsets[r + 1]; ++e) {
                ASSERT_LT(rows.columns[e], tags.size());
                const Tag tag = tags[rows.columns[e]];
                EXPECT_EQ(tag.half, weighted && outgoing ? 1 : 0) << "agent " << self;
                EXPECT_LT(previous, tag.agent) << "row of agent " << self << " is not ascending";
                previous = tag.agent;
                found[tag.agent] = weighted ? rows.weights[e] : 1.0;
                const bool ghost = rows.columns[e] >= graph.first_ghost();
                EXPECT_FALSE(ghost && r < graph.interior()) << "interior row " << self;
            }
            for (AgentId other = 0; other < graph.agents(); ++other) {
                const Wide expected =
                    outgoing ? transfer[at(other)][at(self)] : transfer[at(self)][at(other)];
                ASSERT_EQ(found.count(other) > 0, expected > 0) << self << " and " << other;
                if (weighted && expected > 0) {
                    EXPECT_NEAR(found[other], static_cast<double>(expected), 1e-15);
                }
            }
        }
    }

    void expect_graph(const topology::Topology& topology, const Partition& partition) {
        const auto graph = Graph<double>::build(topology, partition, world);
        const Matrix transfer = expected_transfer(topology);
        expect_order(graph, partition);
        const auto tags = exchanged_tags(graph);
        expect_rows(graph, graph.in(), tags, transfer, false);
        if (graph.coupling() == Coupling::weighted) {
            expect_rows(graph, graph.out(), tags, transfer, true);
        }
        std::int64_t arcs = 0;
        for (const auto& row : transfer) {
            for (const Wide entry : row) arcs += entry > 0 ? 1 : 0;
        }
        EXPECT_EQ(world.sum(graph.arcs()), arcs);
        expect_stored(graph, transfer, arcs);
        for (LocalId r = 0; r < graph.owned(); ++r) {
            bool outgoing = false;
            for (const auto& row : transfer) outgoing = outgoing || row[at(graph.ids()[r])] > 0;
            EXPECT_EQ(graph.has_outgoing(r), outgoing) << "agent " << graph.ids()[r];
        }
    }

    /// Interior rows first, together what the partition says; every boundary row has a neighbour
    /// on another rank.
    void expect_order(const Graph<double>& graph, const Partition& partition) {
        const auto ids = graph.ids();
        std::vector<AgentId> sorted(ids.begin(), ids.end());
        std::sort(sorted.begin(), sorted.end());
        EXPECT_EQ(sorted, partition.owned(world.rank()));
        expect_windows(graph, 0, graph.interior());
        expect_windows(graph, graph.interior(), graph.owned());
        const auto has_ghost = [&](const model::Rows<double>& rows, LocalId r) {
            if (rows.offsets.empty()) return false;
            return std::any_of(rows.columns.data() + rows.offsets[r],
                               rows.columns.data() + rows.offsets[r + 1],
                               [&](std::uint32_t unit) { return unit >= graph.first_ghost(); });
        };
        for (LocalId r = graph.interior(); r < graph.owned(); ++r) {
            EXPECT_TRUE(has_ghost(graph.in(), r) || has_ghost(graph.out(), r));
        }
    }

    /// Windows of rows by ascending id; within one by (in-arcs, out-arcs, id).
    void expect_windows(const Graph<double>& graph, LocalId begin, LocalId end) {
        const auto length = [](const model::Rows<double>& rows, LocalId r) {
            return rows.offsets.empty() ? 0 : rows.offsets[r + 1] - rows.offsets[r];
        };
        const auto key = [&](LocalId r) {
            return std::tuple(length(graph.in(), r), length(graph.out(), r), graph.ids()[r]);
        };
        AgentId before = -1;
        for (LocalId first = begin; first < end; first += network::length_window) {
            const LocalId last = std::min<LocalId>(first + network::length_window, end);
            AgentId least = graph.ids()[first], most = least;
            for (LocalId r = first; r < last; ++r) {
                if (r > first) {
                    EXPECT_LT(key(r - 1), key(r));
                }
                least = std::min(least, graph.ids()[r]);
                most = std::max(most, graph.ids()[r]);
            }
            EXPECT_GT(least, before);
            before = most;
        }
    }

    void expect_stored(const Graph<double>& graph, const Matrix& transfer, std::int64_t arcs) {
        std::vector<std::vector<std::int64_t>> pairs(at(world.size()));
        graph.each_arc([&](std::uint32_t column, LocalId row, double factor) {
            const AgentId source = graph.agent_of(column), target = graph.ids()[row];
            const double expected = graph.coupling() == Coupling::weighted
                                        ? static_cast<double>(transfer[at(target)][at(source)])
                                        : 1.0;
            EXPECT_NEAR(factor, expected, 1e-15);
            pairs[0].push_back(source);
            pairs[0].push_back(target);
        });
        const auto gathered = world.exchange(pairs);
        if (!world.root()) return;
        std::map<std::pair<AgentId, AgentId>, int> seen;
        for (std::size_t i = 0; i < gathered.size(); i += 2) {
            seen[{gathered[i], gathered[i + 1]}] += 1;
        }
        EXPECT_EQ(static_cast<std::int64_t>(seen.size()), arcs);
        for (const auto& [pair, count] : seen) {
            EXPECT_EQ(count, 1);
            EXPECT_GT(transfer[at(pair.second)][at(pair.first)], 0);
        }
    }

    void expect_for_all_partitions(const topology::Topology& topology) {
        for (const auto& [name, partition] : partitions(topology.agents(), world.size())) {
            SCOPED_TRACE(name + " partition, " + std::to_string(topology.agents()) + " agents");
            expect_graph(topology, partition);
        }
    }
};

TEST_F(DistributedGraphTest, RowsOfGeneratedTopologies) {
    for (const char* generator : {"isolated", "ring", "star", "tree", "watts-strogatz",
                                  "barabasi-albert", "random-regular"}) {
        SCOPED_TRACE(generator);
        expect_for_all_partitions(*generated(generator, 30));
    }
}

TEST_F(DistributedGraphTest, RowsOfSymmetricArcsWithLoopsAndDuplicates) {
    expect_for_all_partitions(random_uniform(29, 70, 2));
}

TEST_F(DistributedGraphTest, RowsOfWeightedDirectedArcsWithLoopsAndParallels) {
    expect_for_all_partitions(random_weighted(29, 90, 3));
}

TEST_F(DistributedGraphTest, RowsOfSeveralWindows) {
    expect_for_all_partitions(random_uniform(1400, 4000, 5));
}

TEST_F(DistributedGraphTest, MoreRanksThanAgents) {
    for (const AgentId agents : {1, 2, 3}) {
        expect_for_all_partitions(random_uniform(agents, 6, 2));
        expect_for_all_partitions(
            ArcTopology(agents, {{0, agents - 1, 2.0, 0.5}}, weighted_traits()));
    }
}

TEST_F(DistributedGraphTest, RoutingWeightsOfEverySourceSumToOne) {
    // Survival 1: what the arcs into all agents take from a source is all that it passes on.
    auto arcs = random_weighted(40, 120, 8).list();
    for (auto& arc : arcs) arc.survival = 1.0;
    const ArcTopology topology(40, arcs, weighted_traits());
    for (const auto& [name, partition] : partitions(40, world.size())) {
        SCOPED_TRACE(name);
        const auto graph = Graph<double>::build(topology, partition, world);
        std::vector<ExactSum> sent(40);
        graph.each_arc([&](std::uint32_t column, LocalId, double factor) {
            sent[at(graph.agent_of(column))].add(factor);
        });
        world.sum(std::span<ExactSum>(sent));
        for (AgentId source = 0; source < 40; ++source) {
            const bool sends = std::any_of(arcs.begin(), arcs.end(),
                                           [&](const auto& arc) { return arc.source == source; });
            EXPECT_NEAR(sent[at(source)].value(), sends ? 1.0 : 0.0, 1e-15) << source;
        }
    }
}

/// The factors of all arcs by (source, target), on every rank.
std::map<std::pair<AgentId, AgentId>, double> factors(const topology::Topology& topology,
                                                      const Partition& partition,
                                                      const mpi::Communicator& comm) {
    struct Entry {
        std::int64_t source, target;
        double factor;
    };
    std::vector<std::vector<Entry>> send(at(comm.size()));
    const auto graph = Graph<double>::build(topology, partition, comm);
    for (auto& part : send) {
        graph.each_arc([&](std::uint32_t column, LocalId row, double factor) {
            part.push_back({graph.agent_of(column), graph.ids()[row], factor});
        });
    }
    std::map<std::pair<AgentId, AgentId>, double> all;
    for (const auto& entry : comm.exchange(send)) all[{entry.source, entry.target}] = entry.factor;
    return all;
}

TEST_F(DistributedGraphTest, ParallelArcsMergeToTheSameBitsInAnyOrderAndPartition) {
    // Many parallel arcs whose sums depend on the order of addition.
    std::vector<topology::Arc> arcs;
    for (std::uint64_t i = 0; i < 400; ++i) {
        const Random random(21, Stream::test, i);
        arcs.push_back({static_cast<AgentId>(random.below(6, 0)),
                        static_cast<AgentId>(random.below(6, 1)), random.uniform(2),
                        random.uniform(3)});
    }
    const ArcTopology forward(6, arcs, weighted_traits());
    std::reverse(arcs.begin(), arcs.end());
    const ArcTopology backward(6, arcs, weighted_traits());
    const auto self = mpi::Communicator::self();
    const auto alone = factors(forward, Partition::block(6, 1), self);
    EXPECT_EQ(alone.size(), 36U);
    for (const auto& [name, partition] : partitions(6, world.size())) {
        EXPECT_EQ(factors(forward, partition, world), alone) << name;
        EXPECT_EQ(factors(backward, partition, world), alone) << name;
    }
}

TEST_F(DistributedGraphTest, TraitsSayWhatBecomesOfParallelArcsAndWeights) {
    const std::vector<topology::Arc> arcs{
        {0, 1, 1.0, 1.0}, {0, 1, 3.0, 0.5}, {0, 2, 4.0, 1.0}, {1, 0, 9.0, 0.8}};
    const auto block = Partition::block(3, world.size());
    const auto built = [&](bool sum_parallel, bool use_weights) {
        topology::Traits traits;
        traits.sum_parallel = sum_parallel;
        traits.use_weights = use_weights;
        return factors(ArcTopology(3, arcs, traits), block, world);
    };
    // Sum: weight 4 of 8, survival (1 + 3 x 0.5) / 4. Uniform: 1 of 2, the same survival.
    EXPECT_DOUBLE_EQ(built(true, true)[std::make_pair(0, 1)], 0.5 * 0.625);
    EXPECT_DOUBLE_EQ(built(true, true)[std::make_pair(0, 2)], 0.5);
    EXPECT_DOUBLE_EQ(built(true, true)[std::make_pair(1, 0)], 0.8);
    EXPECT_DOUBLE_EQ(built(true, false)[std::make_pair(0, 1)], 0.5 * 0.625);
    EXPECT_DOUBLE_EQ(built(true, false)[std::make_pair(0, 2)], 0.5);
    // One stays: the lightest, weight 1 of 5.
    EXPECT_DOUBLE_EQ(built(false, true)[std::make_pair(0, 1)], 0.2);
    EXPECT_DOUBLE_EQ(built(false, true)[std::make_pair(0, 2)], 0.8);
}

TEST_F(DistributedGraphTest, CompleteGraphIsAMeanFieldWithoutArcs) {
    const ArcTopology complete(10, {}, complete_traits(0.7));
    const auto graph =
        Graph<double>::build(complete, Partition::random(10, world.size(), 3), world);
    EXPECT_EQ(graph.coupling(), Coupling::mean_field);
    EXPECT_EQ(graph.survival(), 0.7);
    EXPECT_EQ(graph.ghosts(), 0);
    EXPECT_EQ(graph.interior(), graph.owned());
    graph.each_arc([](std::uint32_t, LocalId, double) { ADD_FAILURE() << "an arc is stored"; });
    EXPECT_EQ(world.sum(graph.arcs()), 90);
    EXPECT_TRUE(std::is_sorted(graph.ids().begin(), graph.ids().end()));
    for (LocalId r = 0; r < graph.owned(); ++r) EXPECT_TRUE(graph.has_outgoing(r));
    const auto one = Graph<double>::build(ArcTopology(1, {}, complete_traits()),
                                          Partition::block(1, world.size()), world);
    if (one.owned() == 1) {
        EXPECT_FALSE(one.has_outgoing(0)) << "nobody else is there";
    }
}

TEST_F(DistributedGraphTest, ColumnsArePaddedForThePrefetcher) {
    const auto graph =
        Graph<float>::build(random_uniform(29, 70, 2), Partition::block(29, world.size()), world);
    const auto& rows = graph.in();
    const std::size_t arcs = rows.offsets[graph.owned()];
    ASSERT_EQ(rows.columns.size(), arcs + model::Rows<float>::padding);
    for (std::size_t i = arcs; i < rows.columns.size(); ++i) EXPECT_EQ(rows.columns[i], 0U);
    EXPECT_GT(graph.bytes(), rows.columns.bytes());
}

/// Throws while its arcs are generated, on one chunk only.
class BrokenTopology final : public topology::Topology {
  public:
    AgentId agents() const override { return 12; }
    topology::Traits traits() const override { return weighted_traits(); }
    void arcs(std::int64_t chunk, std::int64_t chunks, const topology::ArcSink&) const override {
        if (chunk == chunks - 1) throw input_error("not a number", {"broken.csv", 3, 1});
    }
};

TEST_F(DistributedGraphTest, AnErrorOfOneRankReachesAll) {
    try {
        Graph<double>::build(BrokenTopology(), Partition::block(12, world.size()), world);
        FAIL() << "nothing was thrown on rank " << world.rank();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input);
        EXPECT_STREQ(error.what(), "broken.csv:3:1: not a number");
        EXPECT_EQ(error.rank(), world.size() - 1);
        EXPECT_TRUE(error.everywhere());
    }
}

}  // namespace
}  // namespace motley::test
