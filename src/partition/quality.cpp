// Measures of a partition: edge cut, ghosts, neighbouring parts, balance.
#include <algorithm>
#include <utility>

#include "motley/core/error.hpp"
#include "motley/core/expect.hpp"
#include "motley/partition/partition.hpp"

namespace motley::partition {
namespace {

/// Agents sorted by part: those of part p are agents[begin[p] .. begin[p + 1]).
struct ByPart {
    std::vector<std::int32_t> owner;
    std::vector<std::int64_t> begin;
    std::vector<AgentId> agents;

    explicit ByPart(const Partition& partition)
        : owner(static_cast<std::size_t>(partition.agents())),
          begin(static_cast<std::size_t>(partition.parts()) + 1, 0),
          agents(owner.size()) {
        for (std::size_t i = 0; i < owner.size(); ++i) {
            owner[i] = partition.owner(static_cast<AgentId>(i));
            ++begin[static_cast<std::size_t>(owner[i]) + 1];
        }
        for (std::size_t p = 1; p < begin.size(); ++p) begin[p] += begin[p - 1];
        std::vector<std::int64_t> next(begin.begin(), begin.end() - 1);
        for (std::size_t i = 0; i < owner.size(); ++i) {
            const auto slot = next[static_cast<std::size_t>(owner[i])]++;
            agents[static_cast<std::size_t>(slot)] = static_cast<AgentId>(i);
        }
    }
};

/// Counts of one part.
struct Seen {
    std::int64_t arcs = 0;
    std::int64_t cut = 0;
    std::int64_t ghosts = 0;
    std::int64_t neighbours = 0;
};

/// Counts one part after the other. A stamp stores the part for which an agent (or a part) was
/// counted last, so one table of N and one of P entries serve all parts and nothing is sorted.
class Counter {
  public:
    Counter(const topology::Csr& rows, const ByPart& parts)
        : rows_(rows),
          parts_(parts),
          agent_stamp_(parts.owner.size(), -1),
          part_stamp_(parts.begin.size() - 1, -1) {}

    Seen count(std::int32_t part) {
        Seen seen;
        const auto p = static_cast<std::size_t>(part);
        for (std::int64_t i = parts_.begin[p]; i < parts_.begin[p + 1]; ++i) {
            add_row(part, static_cast<std::size_t>(parts_.agents[static_cast<std::size_t>(i)]),
                    seen);
        }
        return seen;
    }

  private:
    void add_row(std::int32_t part, std::size_t agent, Seen& seen) {
        seen.arcs += rows_.offsets[agent + 1] - rows_.offsets[agent];
        for (std::int64_t a = rows_.offsets[agent]; a < rows_.offsets[agent + 1]; ++a) {
            const auto target =
                static_cast<std::size_t>(rows_.targets[static_cast<std::size_t>(a)]);
            MOTLEY_EXPECT_STEP(target < parts_.owner.size(), "the target of an arc is an agent");
            const std::int32_t other = parts_.owner[target];
            if (other == part) continue;
            ++seen.cut;
            if (std::exchange(agent_stamp_[target], part) != part) ++seen.ghosts;
            auto& stamp = part_stamp_[static_cast<std::size_t>(other)];
            if (std::exchange(stamp, part) != part) ++seen.neighbours;
        }
    }

    const topology::Csr& rows_;
    const ByPart& parts_;
    std::vector<std::int32_t> agent_stamp_;
    std::vector<std::int32_t> part_stamp_;
};

double over_mean(std::int64_t largest, std::int64_t total, int parts) {
    if (total == 0) return 1.0;
    return static_cast<double>(largest) * parts / static_cast<double>(total);
}

}  // namespace

Quality quality(const topology::Csr& rows, const Partition& partition, const std::string& method) {
    if (rows.agents != partition.agents()) {
        throw internal_error("quality: a partition of " + std::to_string(partition.agents()) +
                             " agents was given with rows of " + std::to_string(rows.agents));
    }
    const ByPart by_part(partition);
    Counter counter(rows, by_part);
    Quality result;
    result.method = method;
    result.parts = partition.parts();
    Seen sum;
    std::int64_t agents_max = 0;
    std::int64_t arcs_max = 0;
    for (int part = 0; part < partition.parts(); ++part) {
        const Seen seen = counter.count(part);
        const auto p = static_cast<std::size_t>(part);
        agents_max = std::max(agents_max, by_part.begin[p + 1] - by_part.begin[p]);
        arcs_max = std::max(arcs_max, seen.arcs);
        result.ghosts_max = std::max(result.ghosts_max, seen.ghosts);
        result.neighbours_max = std::max(result.neighbours_max, seen.neighbours);
        sum.arcs += seen.arcs;
        sum.cut += seen.cut;
        sum.ghosts += seen.ghosts;
        sum.neighbours += seen.neighbours;
    }
    result.edge_cut = sum.cut / 2;  // both directions of a pair were counted
    result.ghosts = sum.ghosts;
    result.neighbours_mean = static_cast<double>(sum.neighbours) / partition.parts();
    result.imbalance = over_mean(agents_max, rows.agents, partition.parts());
    result.arc_imbalance = over_mean(arcs_max, sum.arcs, partition.parts());
    return result;
}

}  // namespace motley::partition
