// Nested topologies: the Cartesian product of one graph per level, W = sum_l omega_l (I x W_l x I).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

constexpr std::size_t most_levels = 16;  // the number of random streams reserved for levels
constexpr double share_tolerance = 1e-9;

/// The graph of one level, which returns rows. Graphs that cannot compute one row alone
/// (Watts-Strogatz, Erdos-Renyi, ...) are stored as a table; its size is that of the level's own
/// graph, not that of the product.
class LevelGraph {
  public:
    explicit LevelGraph(std::unique_ptr<Topology> graph) : graph_(std::move(graph)) {
        if (!graph_->has_rows() && !graph_->traits().complete) store();
    }

    const Topology& topology() const { return *graph_; }

    /// Sorted distinct neighbours of `member`; valid until `scratch` changes.
    std::span<const AgentId> row(AgentId member, std::vector<AgentId>& scratch) const {
        if (!offsets_.empty()) {
            const auto at = static_cast<std::size_t>(member);
            return {targets_.data() + offsets_[at], targets_.data() + offsets_[at + 1]};
        }
        if (graph_->traits().complete) {
            scratch.clear();
            for (AgentId other = 0; other < graph_->agents(); ++other) {
                if (other != member) scratch.push_back(other);
            }
        } else {
            graph_->row(member, scratch);
        }
        return scratch;
    }

  private:
    void store() {
        std::vector<std::pair<AgentId, AgentId>> arcs;
        graph_->arcs(0, 1, [&](std::span<const Arc> batch) {
            for (const Arc& arc : batch) arcs.emplace_back(arc.source, arc.target);
        });
        std::ranges::sort(arcs);
        arcs.erase(std::unique(arcs.begin(), arcs.end()), arcs.end());
        offsets_.assign(static_cast<std::size_t>(graph_->agents()) + 1, 0);
        targets_.reserve(arcs.size());
        for (const auto& [source, target] : arcs) {
            ++offsets_[static_cast<std::size_t>(source) + 1];
            targets_.push_back(target);
        }
        for (std::size_t i = 1; i < offsets_.size(); ++i) offsets_[i] += offsets_[i - 1];
    }

    std::unique_ptr<Topology> graph_;
    std::vector<std::size_t> offsets_;
    std::vector<AgentId> targets_;
};

class Nested final : public Topology {
  public:
    Nested(std::vector<LevelGraph> graphs, std::vector<Level> levels)
        : graphs_(std::move(graphs)), levels_(std::move(levels)), strides_(levels_.size()) {
        for (std::size_t l = levels_.size(); l-- > 0;) {
            strides_[l] = agents_;
            agents_ *= levels_[l].groups;
        }
    }

    AgentId agents() const override { return agents_; }
    const std::vector<Level>& levels() const override { return levels_; }

    /// The link is that of the outermost level along which the two agents differ.
    Link link(AgentId a, AgentId b) const override {
        for (std::size_t l = 0; l < levels_.size(); ++l) {
            const AgentId from = a / strides_[l] % levels_[l].groups;
            const AgentId to = b / strides_[l] % levels_[l].groups;
            if (from != to) return graphs_[l].topology().link(from, to);
        }
        return {};
    }

    Traits traits() const override {
        Traits traits;
        traits.sum_parallel = true;
        traits.expected_arcs = 0;
        for (std::size_t l = 0; l < levels_.size(); ++l) {
            if (levels_[l].share == 0.0) continue;
            traits.expected_arcs +=
                graphs_[l].topology().traits().expected_arcs * (agents_ / levels_[l].groups);
        }
        return traits;
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const ChunkRange range = chunk_range(agents_, chunk, chunks);
        ArcBatch batch(sink);
        Rows rows(levels_.size());
        for (AgentId agent = range.begin; agent < range.end; ++agent) add_agent(agent, rows, batch);
        batch.finish();
    }

  private:
    struct LevelRow {
        AgentId member = 0;
        std::span<const AgentId> neighbours;
        std::vector<AgentId> scratch;
    };
    using Rows = std::vector<LevelRow>;

    /// An agent without links at a level cannot use the share of that level; its other levels
    /// receive it in proportion to their shares, so that a linked agent's weights sum to 1.
    void add_agent(AgentId agent, Rows& rows, ArcBatch& batch) const {
        double used = 0.0;
        for (std::size_t l = 0; l < rows.size(); ++l) {
            rows[l].neighbours = {};
            if (levels_[l].share == 0.0) continue;  // nothing flows along this level
            rows[l].member = agent / strides_[l] % levels_[l].groups;
            rows[l].neighbours = graphs_[l].row(rows[l].member, rows[l].scratch);
            if (!rows[l].neighbours.empty()) used += levels_[l].share;
        }
        for (std::size_t l = 0; l < rows.size(); ++l) {
            const auto degree = static_cast<double>(rows[l].neighbours.size());
            const double weight = levels_[l].share / (used * degree);
            for (const AgentId other : rows[l].neighbours) {
                const AgentId target = agent + (other - rows[l].member) * strides_[l];
                batch.add({agent, target, weight, levels_[l].survival});
            }
        }
    }

    std::vector<LevelGraph> graphs_;
    std::vector<Level> levels_;
    std::vector<AgentId> strides_;
    AgentId agents_ = 1;
};

/// Every level draws from its own random stream under the seed of the whole topology.
Arguments level_arguments(const Arguments& arguments, std::size_t level) {
    const auto stream =
        static_cast<std::uint32_t>(Stream::topology) + 1 + static_cast<std::uint32_t>(level);
    return {arguments.spec.levels[level], fmt::format("topology.level[{}]", level + 1),
            RandomKey{arguments.random.seed, static_cast<Stream>(stream)}};
}

void check_level(const Arguments& arguments) {
    const Spec& spec = arguments.spec;
    if (!spec.file.empty()) {
        throw arguments.error("file", "a level is a generator; a file cannot be a level");
    }
    if (spec.generator.empty()) throw arguments.error("generator", "missing");
    if (spec.generator == "nested") {
        throw arguments.error(
            "generator", "a level cannot be nested itself; list its levels one after the other");
    }
    if (!(spec.share >= 0.0 && spec.share <= 1.0)) {
        throw arguments.error("share", fmt::format("must lie in [0, 1], not {}", spec.share));
    }
}

void check_whole(const Arguments& arguments) {
    const std::size_t count = arguments.spec.levels.size();
    if (count < 1 || count > most_levels) {
        throw arguments.error("level",
                              fmt::format("a nested topology has 1 to {} [[topology.level]], "
                                          "not {}",
                                          most_levels, count));
    }
    if (arguments.spec.survival != 1.0) {
        throw arguments.error("survival", "a nested topology has its survival in each level");
    }
    double sum = 0.0;
    for (std::size_t l = 0; l < count; ++l) {
        check_level(level_arguments(arguments, l));
        sum += arguments.spec.levels[l].share;
    }
    if (!(std::abs(sum - 1.0) <= share_tolerance)) {
        throw arguments.error(
            "level", fmt::format("the shares of the levels must sum to 1, not {:.12g}", sum));
    }
}

std::unique_ptr<Topology> make_nested(const Arguments& arguments) {
    check_whole(arguments);
    const std::vector<Spec>& specs = arguments.spec.levels;
    std::vector<LevelGraph> graphs;
    std::vector<Level> levels;
    AgentId agents = 1;
    for (std::size_t l = 0; l < specs.size(); ++l) {
        auto graph = make_generator(level_arguments(arguments, l));
        const AgentId groups = graph->agents();
        if (graph->hosts() != groups) {
            throw level_arguments(arguments, l)
                .error("generator",
                       fmt::format("'{}' has switches; a level is a graph of agents only",
                                   specs[l].generator));
        }
        if (graph->traits().pool) {
            throw level_arguments(arguments, l)
                .error("generator", "a pool has no arcs, so that it cannot be a level");
        }
        if (groups > most_agents / agents) {
            throw arguments.error(
                "level", fmt::format("the levels have more than {} agents together", most_agents));
        }
        agents *= groups;
        levels.push_back({level_name(specs, l), groups, specs[l].share, specs[l].survival});
        graphs.emplace_back(std::move(graph));
    }
    if (arguments.spec.agents && *arguments.spec.agents != agents) {
        throw arguments.error("agents",
                              fmt::format("{}, but the levels have {} agents together; leave "
                                          "it out",
                                          *arguments.spec.agents, agents));
    }
    return std::make_unique<Nested>(std::move(graphs), std::move(levels));
}

}  // namespace

std::string level_name(const std::vector<Spec>& levels, std::size_t level) {
    const std::string& generator = levels[level].generator;
    const auto same = std::ranges::count(levels, generator, &Spec::generator);
    return same == 1 ? generator : fmt::format("level {}", level + 1);
}

extern const Generator nested = {
    .name = "nested",
    .kind = Generator::Kind::product,
    .help = "the product of one graph per level",
    .keys = "level!",
    .make = make_nested,
};

}  // namespace motley::topology
