#include "rewiring.hpp"

#include <algorithm>
#include <numeric>

#include "motley/core/random.hpp"
#include "partners.hpp"

namespace motley::experiment {
namespace {

using Rule = topology::Dynamic::Rule;

constexpr int most_draws = 64;

/// An agent drops one arc for another.
struct Move {
    AgentId agent, dropped, added;
};

/// A change of a row that the owner of `source` makes.
struct Edit {
    AgentId source, target;
    std::int64_t adds;  ///< 0: the arc is dropped
};

/// An arc that its owner may replace: V = kappa sum_k z q, its worth per unit of routing.
struct Owned {
    AgentId target;
    double worth;
};

/// The decisions of one rank in one epoch.
template <class Real>
class Epoch {
  public:
    Epoch(simulation::Simulation<Real>& simulation, const RewiringRules& rules, std::int64_t step,
          std::span<const AgentId> gone, const partition::Partition& partition,
          const mpi::Communicator& comm)
        : simulation_(simulation),
          rules_(rules),
          number_(step / rules.dynamic.every),
          gone_(gone),
          comm_(comm),
          partition_(partition),
          graph_(simulation.graph()),
          partners_(simulation, partition, comm) {}

    std::vector<network::RoutedArc> arcs() {
        note_rows();
        choose_dropped();
        if (rules_.dynamic.rule == Rule::search) {
            search();
        } else {
            draw_partners();
        }
        return apply();
    }

  private:
    /// What an agent that acts knows: the targets of its arcs ascend, and the last ones are of arcs
    /// that it owns.
    struct Actor {
        AgentId agent;
        std::size_t begin, owned, end;  ///< in targets_
        Owned dropped;
    };
    std::span<const AgentId> neighbours_of(const Actor& actor) const {
        return std::span(targets_).subspan(actor.begin, actor.end - actor.begin);
    }

    std::uint32_t counter(std::uint32_t number) const {
        constexpr std::uint32_t numbers = 2 * most_draws;
        return static_cast<std::uint32_t>(number_) * numbers + number;
    }
    bool is_gone(AgentId id) const { return std::ranges::binary_search(gone_, id); }

    /// The agents that act, with their arcs, and what each of these is worth: V = kappa sum_k z q.
    void note_rows() {
        const auto& out = graph_.out();
        std::vector<std::uint8_t> acting(graph_.owned(), 0);
        for (LocalId row = 0; row < graph_.owned(); ++row) {
            if (out.offsets[row + 1] > out.offsets[row] && acts(graph_.ids()[row])) acting[row] = 1;
        }
        // Without prices nothing is exchanged.
        const bool by_worth = rules_.dynamic.rule != Rule::random;
        const auto values =
            by_worth ? simulation_.arc_values(acting) : std::vector<simulation::ArcValue>{};
        auto value = values.begin();
        for (LocalId row = 0; row < graph_.owned(); ++row) {
            if (acting[row] == 0) continue;
            Actor actor{graph_.ids()[row], targets_.size(), 0, 0, {}};
            actor.owned = actor.begin;
            for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
                const AgentId target = graph_.agent_of(out.columns[e]);
                double worth = 0.0;
                if (by_worth) {
                    if (value->factor > 0.0) worth = value->value / value->factor;
                    worth *= static_cast<double>(out.survivals[e]);
                    ++value;
                }
                targets_.push_back(target);
                worths_.push_back(worth);
                if (!rules_.directed && target < actor.agent) actor.owned = targets_.size();
            }
            actor.end = targets_.size();
            if (actor.owned < actor.end) actors_.push_back(actor);
        }
    }

    bool acts(AgentId agent) const {
        const Random random(rules_.seed, Stream::rewiring, static_cast<std::uint64_t>(agent));
        return random.uniform(counter(0)) < rules_.dynamic.share && !is_gone(agent);
    }

    /// The arc of least worth, the one to the greater id among equals; or a drawn one.
    void choose_dropped() {
        for (Actor& actor : actors_) {
            if (rules_.dynamic.rule == Rule::random) {
                const Random random(rules_.seed, Stream::rewiring,
                                    static_cast<std::uint64_t>(actor.agent));
                const auto drawn = random.below(actor.end - actor.owned, counter(1));
                actor.dropped = owned_at(actor.owned + drawn);
                continue;
            }
            actor.dropped = owned_at(actor.owned);
            for (std::size_t at = actor.owned + 1; at < actor.end; ++at) {
                // Of equals the last, which has the greatest id.
                if (!(actor.dropped.worth < worths_[at])) actor.dropped = owned_at(at);
            }
        }
    }

    Owned owned_at(std::size_t at) const { return {targets_[at], worths_[at]}; }

    bool may_join(const Actor& actor, AgentId other) const {
        return other != actor.agent && !std::ranges::binary_search(neighbours_of(actor), other) &&
               !is_gone(other);
    }

    void draw_partners() {
        const auto agents = static_cast<std::uint64_t>(simulation_.graph().agents());
        for (const Actor& actor : actors_) {
            const Random random(rules_.seed, Stream::rewiring,
                                static_cast<std::uint64_t>(actor.agent));
            for (std::uint32_t n = 0; n < most_draws; ++n) {
                const auto other = static_cast<AgentId>(random.below(agents, counter(2 + n)));
                if (!may_join(actor, other)) continue;
                moves_.push_back({actor.agent, actor.dropped.target, other});
                break;
            }
        }
    }

    /// The best partner of partners, the one with the lesser id among equals, where it is worth
    /// more than the arc that is dropped.
    void search() {
        std::vector<AgentId> asked;
        for (const Actor& actor : actors_) {
            for (const AgentId neighbour : neighbours_of(actor)) {
                if (partners_.row_of(neighbour) < 0) asked.push_back(neighbour);
            }
        }
        partners_.fetch_targets(std::move(asked));
        asked = {};
        std::vector<AgentId> candidates;
        std::vector<std::size_t> ends;
        for (const Actor& actor : actors_) {
            const auto first = static_cast<std::ptrdiff_t>(candidates.size());
            each_candidate(actor, [&](AgentId other) { candidates.push_back(other); });
            std::sort(candidates.begin() + first, candidates.end());
            candidates.erase(std::unique(candidates.begin() + first, candidates.end()),
                             candidates.end());
            for (auto other = candidates.begin() + first; other != candidates.end(); ++other) {
                if (partners_.row_of(*other) < 0) asked.push_back(*other);
            }
            ends.push_back(candidates.size());
        }
        partners_.fetch_values(std::move(asked));
        auto next = candidates.begin();
        for (std::size_t a = 0; a < actors_.size(); ++a) {
            const Actor& actor = actors_[a];
            const std::vector<double> passed = stock_of(actor.agent);
            Owned best{-1, actor.dropped.worth};
            const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(ends[a]);
            for (; next != end; ++next) {
                const auto values = partners_.values_of(*next);
                double worth = 0.0;
                for (std::size_t k = 0; k < passed.size(); ++k) {
                    worth += passed[k] * static_cast<double>(values[k]);
                }
                worth *= rules_.survival;
                const bool equal = worth == best.worth && best.target >= 0;
                if (worth > best.worth || (equal && *next < best.target)) best = {*next, worth};
            }
            if (best.target >= 0) {
                moves_.push_back({actor.agent, actor.dropped.target, best.target});
            }
        }
    }

    /// Some candidates come more than once.
    template <class Action>
    void each_candidate(const Actor& actor, Action action) const {
        for (const AgentId neighbour : neighbours_of(actor)) {
            partners_.each_target(neighbour, [&](AgentId other) {
                if (may_join(actor, other)) action(other);
            });
        }
    }

    /// z of an owned agent: what it passed on in the last step.
    std::vector<double> stock_of(AgentId agent) const {
        const Real* stock = simulation_.messages(static_cast<LocalId>(partners_.row_of(agent)));
        return {stock, stock + simulation_.state().tasks};
    }

    /// Counting sort by the row of the source.
    std::vector<Edit> edits_by_row(const std::vector<Edit>& edits) const {
        const auto row_of = [&](const Edit& each) {
            return static_cast<std::size_t>(partners_.row_of(each.source));
        };
        std::vector<std::size_t> next(std::size_t{graph_.owned()} + 1, 0);
        for (const Edit& each : edits) next[row_of(each) + 1] += 1;
        std::partial_sum(next.begin(), next.end(), next.begin());
        std::vector<Edit> sorted(edits.size());
        for (const Edit& each : edits) sorted[next[row_of(each)]++] = each;
        return sorted;
    }

    /// Collective. The arcs after all moves. An edge is two arcs, each in the row of its source.
    std::vector<network::RoutedArc> apply() const {
        std::vector<std::vector<Edit>> send(static_cast<std::size_t>(comm_.size()));
        const auto edit = [&](AgentId source, AgentId target, bool adds) {
            send[static_cast<std::size_t>(partition_.owner(source))].push_back(
                {source, target, adds ? 1 : 0});
        };
        for (const Move& move : moves_) {
            edit(move.agent, move.dropped, false);
            edit(move.agent, move.added, true);
            if (rules_.directed) continue;
            edit(move.dropped, move.agent, false);
            edit(move.added, move.agent, true);
        }
        const std::vector<Edit> edits = edits_by_row(comm_.exchange(send));
        auto next = edits.begin();
        const auto& out = graph_.out();
        const std::span<const double> shares = simulation_.shares();
        std::vector<network::RoutedArc> arcs;
        arcs.reserve(shares.size() + edits.size());
        for (LocalId row = 0; row < graph_.owned(); ++row) {
            const AgentId source = graph_.ids()[row];
            const auto begin = out.offsets[row], end = out.offsets[row + 1];
            const auto first = next;
            while (next != edits.end() && next->source == source) ++next;
            const std::span<const Edit> own(first, next);
            for (auto e = begin; e < end; ++e) {
                const AgentId target = graph_.agent_of(out.columns[e]);
                const bool dropped = std::ranges::any_of(
                    own, [&](const Edit& each) { return each.adds == 0 && each.target == target; });
                if (dropped) continue;
                arcs.push_back({source, target, shares[e], static_cast<double>(out.survivals[e])});
            }
            // A new arc has the mean share of the arcs that there were.
            const double mean = end > begin ? 1.0 / static_cast<double>(end - begin) : 1.0;
            for (const Edit& each : own) {
                if (each.adds != 0) arcs.push_back({source, each.target, mean, rules_.survival});
            }
        }
        return arcs;
    }

    simulation::Simulation<Real>& simulation_;
    const RewiringRules& rules_;
    const std::int64_t number_;
    std::span<const AgentId> gone_;
    const mpi::Communicator& comm_;
    const partition::Partition& partition_;
    const network::DistributedGraph<Real>& graph_;
    Partners<Real> partners_;
    std::vector<Actor> actors_;
    std::vector<AgentId> targets_;  ///< of the arcs of all actors
    std::vector<double> worths_;    ///< of the same
    std::vector<Move> moves_;
};

}  // namespace

template <class Real>
std::vector<network::RoutedArc> rewired_arcs(simulation::Simulation<Real>& simulation,
                                             const RewiringRules& rules, std::int64_t step,
                                             std::span<const AgentId> gone,
                                             const partition::Partition& partition,
                                             const mpi::Communicator& comm) {
    return Epoch<Real>(simulation, rules, step, gone, partition, comm).arcs();
}

template std::vector<network::RoutedArc> rewired_arcs(simulation::Simulation<double>&,
                                                      const RewiringRules&, std::int64_t,
                                                      std::span<const AgentId>,
                                                      const partition::Partition&,
                                                      const mpi::Communicator&);
template std::vector<network::RoutedArc> rewired_arcs(simulation::Simulation<float>&,
                                                      const RewiringRules&, std::int64_t,
                                                      std::span<const AgentId>,
                                                      const partition::Partition&,
                                                      const mpi::Communicator&);

}  // namespace motley::experiment
