// Small graphs for the partition tests: topologies from pairs, their rows, checks of a partition.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"
#include "motley/partition/partition.hpp"
#include "motley/topology/graph_statistics.hpp"

namespace motley::test {

using Pairs = std::vector<std::pair<AgentId, AgentId>>;

/// Arcs as listed, cut into chunks by their place in the list.
class ListTopology final : public topology::Topology {
  public:
    ListTopology(AgentId agents, Pairs arcs) : agents_(agents), arcs_(std::move(arcs)) {}

    AgentId agents() const override { return agents_; }
    topology::Traits traits() const override { return traits_; }
    const std::vector<topology::Level>& levels() const override { return levels_; }
    void arcs(std::int64_t chunk, std::int64_t chunks,
              const topology::ArcSink& sink) const override {
        const auto count = static_cast<std::int64_t>(arcs_.size());
        const auto range = topology::chunk_range(count, chunk, chunks);
        for (std::int64_t i = range.begin; i < range.end; ++i) {
            const auto [source, target] = arcs_[static_cast<std::size_t>(i)];
            const topology::Arc arc{source, target, 1.0, 1.0};
            sink({&arc, 1});
        }
    }

    topology::Traits traits_;
    std::vector<topology::Level> levels_;

  private:
    AgentId agents_;
    Pairs arcs_;
};

/// Undirected simple rows, by sets: slow and obvious.
inline topology::Csr simple_rows(AgentId agents, const Pairs& pairs) {
    std::vector<std::set<AgentId>> neighbours(static_cast<std::size_t>(agents));
    for (const auto& [a, b] : pairs) {
        if (a == b) continue;
        neighbours[static_cast<std::size_t>(a)].insert(b);
        neighbours[static_cast<std::size_t>(b)].insert(a);
    }
    topology::Csr rows;
    rows.agents = agents;
    rows.offsets.push_back(0);
    for (const auto& row : neighbours) {
        rows.targets.insert(rows.targets.end(), row.begin(), row.end());
        rows.offsets.push_back(static_cast<std::int64_t>(rows.targets.size()));
    }
    return rows;
}

inline Pairs ring(AgentId agents) {
    Pairs pairs;
    for (AgentId i = 0; i < agents; ++i) pairs.emplace_back(i, (i + 1) % agents);
    return pairs;
}

/// Open grid, row by row.
inline Pairs grid(AgentId rows, AgentId columns) {
    Pairs pairs;
    for (AgentId r = 0; r < rows; ++r) {
        for (AgentId c = 0; c < columns; ++c) {
            const AgentId i = r * columns + c;
            if (c + 1 < columns) pairs.emplace_back(i, i + 1);
            if (r + 1 < rows) pairs.emplace_back(i, i + columns);
        }
    }
    return pairs;
}

inline Pairs random_pairs(AgentId agents, int count, std::uint64_t seed) {
    Pairs pairs;
    const auto bound = static_cast<std::uint64_t>(agents);
    for (int i = 0; i < count; ++i) {
        const Random random(seed, Stream::test, static_cast<std::uint64_t>(i));
        pairs.emplace_back(static_cast<AgentId>(random.below(bound, 0)),
                           static_cast<AgentId>(random.below(bound, 1)));
    }
    return pairs;
}

/// The same graph with the agents renamed at random.
inline Pairs shuffled(Pairs pairs, AgentId agents, std::uint64_t seed) {
    const Permutation rename(static_cast<std::uint64_t>(agents), seed, Stream::test, 77);
    const auto renamed = [&](AgentId id) {
        return static_cast<AgentId>(rename(static_cast<std::uint64_t>(id)));
    };
    for (auto& [a, b] : pairs) {
        a = renamed(a);
        b = renamed(b);
    }
    return pairs;
}

inline std::vector<std::int32_t> owners_of(const partition::Partition& partition) {
    std::vector<std::int32_t> owners;
    for (AgentId i = 0; i < partition.agents(); ++i) owners.push_back(partition.owner(i));
    return owners;
}

/// Owners are in range; owned lists are ascending, agree with owner() and hold every agent once.
inline void expect_whole(const partition::Partition& partition) {
    for (const auto owner : owners_of(partition)) {
        ASSERT_GE(owner, 0);
        ASSERT_LT(owner, partition.parts());
    }
    AgentId total = 0;
    for (int part = 0; part < partition.parts(); ++part) {
        const auto ids = partition.owned(part);
        EXPECT_TRUE(std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end())
            << "part " << part << " is not strictly ascending";
        for (const AgentId id : ids) ASSERT_EQ(partition.owner(id), part);
        total += static_cast<AgentId>(ids.size());
    }
    // Each list has no duplicate and only agents of its own part: the right total means complete.
    EXPECT_EQ(total, partition.agents());
}

/// Runs `action`, which must throw an Error of this kind whose text has `text` in it.
template <class Action>
void expect_error(ErrorKind kind, const std::string& text, Action action) {
    try {
        action();
        ADD_FAILURE() << "nothing was thrown; expected: " << text;
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind);
        EXPECT_NE(std::string(error.what()).find(text), std::string::npos)
            << "message: " << error.what() << "\nexpected: " << text;
    }
}

}  // namespace motley::test
