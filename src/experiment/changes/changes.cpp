// The order of what happens before a step:
//
//   epoch     arcs are replaced, in the state as it stands
//   return    what events took comes back after its duration
//   failure   units fail and heal at random
//   event     the events of the step, in the order of the file
//   apply     if anything changed: resources, then the passages of all arcs
//   demand    the demand follows its course
//
// Every event and failure that takes agents or links, a taker, has a bit in the marks of agents and
// of out-arcs. All the rest follows from the marks: who is gone, what is left of a resource, which
// arcs are open.
#include "motley/experiment/changes/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "demand_course.hpp"
#include "links.hpp"
#include "motley/core/machine.hpp"
#include "motley/core/random.hpp"
#include "motley/experiment/attack/orders.hpp"
#include "motley/mpi/halo_exchange.hpp"
#include "rewiring.hpp"
#include "selection.hpp"
#include "takers.hpp"

namespace motley::experiment {
namespace {

using Kind = job::Event::Kind;
using simulation::Passage;

}  // namespace

template <class Real>
struct Changes<Real>::Parts {
    using Simulation = simulation::Simulation<Real>;

    Parts(const job::Run& run, Simulation& system, const partition::Partition& owners,
          const std::vector<std::string>& names, const mpi::Communicator& ranks)
        : job(run),
          simulation(system),
          partition(owners),
          comm(ranks),
          course(run, system),
          takers(run) {
        mpi::together(comm, [&] {
            for (const job::Event& event : job.events) {
                const std::string& file = event.select.file;
                lists.push_back(file.empty() ? std::vector<AgentId>{}
                                             : read_list(file, graph().hosts(), names));
            }
        });
        refuse_switches();
        if (job.topology.rewires()) keep_freed_memory();
        marks.assign(graph().owned(), 0);
        links.assign(out_arcs(), 0);
        watch_neighbours();
    }

    const network::DistributedGraph<Real>& graph() const { return simulation.graph(); }
    std::size_t out_arcs() const {
        return simulation.arcs_change() ? graph().out().offsets[graph().owned()] : 0;
    }

    void refuse_switches() const {
        if (!graph().has_relays() || !job.topology.rewires()) return;
        Error error = usage_error(
            "topology.dynamic.rule has no meaning on a topology with switches, which own no arcs: "
            "set it to \"none\"");
        error.set_everywhere();
        throw error;
    }

    /// The exchange by which neighbours learn who is gone.
    void watch_neighbours() {
        if (!simulation.arcs_change()) return;
        presence = Buffer<Presence>(graph().units(), Presence::there);
        watch = mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm, graph().plan(),
                                        sizeof(Presence),
                                        reinterpret_cast<std::byte*>(presence.data()));
    }

    void before_step(std::int64_t step) {
        rewire(step);
        // What random failures change is known to one rank only; the rest is known to all.
        bool changed = job.topology.one_peer();
        changed |= bring_back(step);
        if (!job.failures.empty()) {
            changed |= comm.max(std::int64_t{fail(step)}) > 0;
        }
        for (std::size_t e = 0; e < job.events.size(); ++e) {
            if (job.events[e].step == step && job.events[e].kind != Kind::demand) {
                happen(e);
                changed = true;
            }
        }
        if (changed) apply(step);
        if (course.used()) course.before_step(step);
    }

    // --- epoch -----------------------------------------------------------------------------------

    void rewire(std::int64_t step) {
        if (!job.topology.rewires()) return;
        const topology::Dynamic& dynamic = *job.topology.dynamic;
        if (step == 0 || step % dynamic.every != 0) return;
        if (dynamic.until > 0 && step > dynamic.until) return;
        const RewiringRules rules = {dynamic, job.topology.directed, job.topology.survival,
                                     job.seed};
        const auto arcs = rewired_arcs(simulation, rules, step,
                                       std::span<const AgentId>(all_gone()), partition, comm);
        const auto any_in = [](const std::vector<std::uint64_t>& all) {
            return std::ranges::any_of(all, [](std::uint64_t mark) { return mark != 0; });
        };
        const bool arcs_marked = any_in(links), agents_marked = any_in(marks);
        const auto arcs_before = arcs_marked ? arcs_with_marks() : std::vector<MarkedArc>{};
        const auto agents_before =
            agents_marked ? agents_with_marks() : decltype(agents_with_marks()){};
        simulation.take_graph(graph().rebuilt(arcs, partition, comm));
        take_marks(agents_before, arcs_before);
        // All arcs of a new graph are open.
        if (comm.max(std::int64_t{arcs_marked || agents_marked}) > 0) apply(step);
    }

    /// The ids of the agents that are gone, on every rank, ascending.
    std::vector<AgentId> all_gone() const {
        std::vector<AgentId> own;
        for (LocalId row = 0; row < graph().owned(); ++row) {
            if (takers.presence(marks[row]) != Presence::there) own.push_back(graph().ids()[row]);
        }
        std::vector<AgentId> all = comm.all_gather(own);
        std::ranges::sort(all);
        return all;
    }

    std::vector<MarkedArc> arcs_with_marks() const {
        std::vector<MarkedArc> arcs;
        const auto routing = simulation.routing();
        for (std::size_t e = 0; e < routing.size(); ++e) arcs.push_back({routing[e], links[e]});
        return arcs;
    }
    std::vector<std::pair<AgentId, std::uint64_t>> agents_with_marks() const {
        std::vector<std::pair<AgentId, std::uint64_t>> agents;
        for (LocalId row = 0; row < graph().owned(); ++row) {
            agents.emplace_back(graph().ids()[row], marks[row]);
        }
        return agents;
    }

    /// Puts marks in the order of the graph as it is now; new arcs have none.
    void take_marks(std::vector<std::pair<AgentId, std::uint64_t>> agents,
                    std::vector<MarkedArc> arcs) {
        std::ranges::sort(agents);
        marks.assign(graph().owned(), 0);
        for (LocalId row = 0; row < graph().owned() && !agents.empty(); ++row) {
            const auto at =
                std::ranges::lower_bound(agents, std::pair(graph().ids()[row], std::uint64_t{0}));
            marks[row] = at->second;
        }
        links.assign(out_arcs(), 0);
        std::erase_if(arcs, [](const MarkedArc& each) { return each.marks == 0; });
        const auto place = [](const MarkedArc& each) {
            return std::pair(each.arc.source, each.arc.target);
        };
        std::ranges::sort(arcs, {}, place);
        if (!arcs.empty()) {
            const auto routing = simulation.routing();
            for (std::size_t e = 0; e < routing.size(); ++e) {
                const std::pair wanted(routing[e].source, routing[e].target);
                const auto at = std::ranges::lower_bound(arcs, wanted, {}, place);
                if (at != arcs.end() && place(*at) == wanted) links[e] = at->marks;
            }
        }
        watch_neighbours();
    }

    // --- return, failure, event ------------------------------------------------------------------

    void clear(std::uint64_t bits) {
        for (std::uint64_t& mark : marks) mark &= ~bits;
        for (std::uint64_t& mark : links) mark &= ~bits;
    }

    bool bring_back(std::int64_t step) {
        bool any = false;
        for (std::size_t e = 0; e < job.events.size(); ++e) {
            const job::Event& event = job.events[e];
            if (!takes(event) || event.duration == 0) continue;
            if (step != event.step + event.duration) continue;
            clear(takers.of_event(e));
            any = true;
        }
        return any;
    }

    /// True where a unit of this rank changed.
    bool fail(std::int64_t step) {
        bool any = false;
        for (std::size_t f = 0; f < job.failures.size(); ++f) {
            const job::Failure& failure = job.failures[f];
            const std::uint64_t bit = takers.of_failure(f);
            // Each failure has its own random numbers.
            const std::uint64_t seed = job.seed ^ (0x9e3779b97f4a7c15ULL * (f + 1));
            const auto turn = [&](std::uint64_t& mark, std::uint64_t unit) {
                const double drawn =
                    Random(seed, Stream::failure, unit).uniform(static_cast<std::uint32_t>(step));
                const bool down = (mark & bit) != 0;
                if (!(drawn < (down ? failure.heal : failure.rate))) return;
                mark ^= bit;
                any = true;
            };
            if (failure.unit == job::Failure::Unit::link) {
                turn_links(turn);
            } else {
                const AgentId size =
                    failure.unit == job::Failure::Unit::agent
                        ? AgentId{1}
                        : group_size(graph().levels(), graph().hosts(), failure.level);
                for (LocalId row = 0; row < graph().owned(); ++row) {
                    if (graph().is_relay(row)) continue;
                    turn(marks[row], static_cast<std::uint64_t>(graph().ids()[row] / size));
                }
            }
        }
        return any;
    }

    template <class Turn>
    void turn_links(Turn turn) {
        const auto& out = graph().out();
        for (LocalId row = 0; row < graph().owned(); ++row) {
            for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
                turn(links[e], link_number(graph().ids()[row], graph().agent_of(out.columns[e]),
                                           graph().agents()));
            }
        }
    }

    void happen(std::size_t e) {
        const job::Event& event = job.events[e];
        if (event.kind == Kind::links) {
            const auto taken = selected_links(event, e, graph(), links, job.seed, comm);
            for (std::size_t a = 0; a < taken.size(); ++a) {
                if (taken[a]) links[a] |= takers.of_event(e);
            }
            return;
        }
        const bool restores = event.kind == Kind::restore;
        const std::uint64_t wanted = restores ? takers.of_events() : takers.losing();
        std::vector<AgentId> own;
        for (LocalId row = 0; row < graph().owned(); ++row) {
            if ((marks[row] & wanted) != 0) own.push_back(graph().ids()[row]);
        }
        std::vector<AgentId> marked = comm.all_gather(own);
        std::ranges::sort(marked);
        const auto can = [&](AgentId id) {
            return std::ranges::binary_search(marked, id) == restores;
        };
        const auto taken = selected(event, e, lists[e], simulation, job.seed, can, comm);
        if (event.kind == Kind::remove &&
            std::ssize(taken) + std::ssize(marked) >= graph().hosts()) {
            refuse(e, event, "leaves no agent that makes anything; take fewer");
        }
        for (LocalId row = 0; row < graph().owned(); ++row) {
            if (!std::ranges::binary_search(taken, graph().ids()[row])) continue;
            if (restores) {
                marks[row] &= ~takers.of_events();
            } else {
                marks[row] |= takers.of_event(e);
            }
        }
    }

    // --- apply -----------------------------------------------------------------------------------

    void apply(std::int64_t step) {
        if (simulation.fallible()) {
            std::vector<double> factors;
            for (LocalId row = 0; row < graph().owned(); ++row) {
                factors.push_back(graph().is_relay(row) ? 1.0 : takers.factor(marks[row]));
            }
            simulation.scale_resources(factors);
        }
        if (!simulation.arcs_change()) return;
        std::vector<LocalId> back;
        const auto units = static_cast<std::size_t>(graph().units_per_agent());
        for (LocalId row = 0; row < graph().owned(); ++row) {
            const Presence now = takers.presence(marks[row]);
            if (presence[units * row] != Presence::there && now == Presence::there) {
                back.push_back(row);
            }
            for (std::size_t u = 0; u < units; ++u) presence[units * row + u] = now;
        }
        watch->start(0);
        watch->finish(0);
        simulation.clear_messages(back);
        simulation.set_passages(passages(step));
    }

    /// A share is lost if anything that closes the arc loses it. An agent that is gone has nothing
    /// to pass on, and nothing is paid to it.
    std::vector<Passage> passages(std::int64_t step) const {
        const auto& out = graph().out();
        std::vector<Passage> all(out_arcs(), Passage::open);
        const AgentId stride =
            job.topology.one_peer() ? one_peer_stride(step, graph().agents()) : 0;
        for (LocalId row = 0; row < graph().owned(); ++row) {
            const AgentId own = graph().ids()[row];
            const bool here = takers.presence(marks[row]) == Presence::there;
            for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
                const Presence there = presence[out.columns[e]];
                const AgentId target = graph().agent_of(out.columns[e]);
                const bool lost = there == Presence::gone_with_shares || takers.loses(links[e]);
                const bool closed = there == Presence::gone || links[e] != 0;
                const bool other = stride > 0 && target != (own + stride) % graph().agents();
                if (!here || other || (closed && !lost)) {
                    all[e] = Passage::rerouted;
                } else if (lost) {
                    all[e] = Passage::lost;
                }
            }
        }
        return all;
    }

    const job::Run& job;
    Simulation& simulation;
    const partition::Partition& partition;
    const mpi::Communicator& comm;
    DemandCourse<Real> course;
    const Takers takers;
    std::vector<std::vector<AgentId>> lists;
    std::vector<std::uint64_t> marks;  ///< of rows
    std::vector<std::uint64_t> links;  ///< of out-arcs
    Buffer<Presence> presence;         ///< of owned units and ghosts, as last applied
    std::unique_ptr<mpi::HaloExchange> watch;
};

template <class Real>
Changes<Real>::Changes(const job::Run& job, simulation::Simulation<Real>& simulation,
                       const partition::Partition& partition, const std::vector<std::string>& names,
                       const mpi::Communicator& comm)
    : parts_(std::make_unique<Parts>(job, simulation, partition, names, comm)) {}

template <class Real>
Changes<Real>::~Changes() = default;

template <class Real>
void Changes<Real>::before_step(std::int64_t step) {
    parts_->before_step(step);
}

template <class Real>
std::span<const std::uint64_t> Changes<Real>::marks() const {
    return parts_->marks;
}

template <class Real>
std::vector<MarkedArc> Changes<Real>::arcs() const {
    return parts_->arcs_with_marks();
}

template <class Real>
void Changes<Real>::restore_arcs(std::span<const MarkedArc> arcs) {
    if (!parts_->job.topology.rewires()) return;
    std::vector<network::RoutedArc> bare;
    for (const MarkedArc& each : arcs) bare.push_back(each.arc);
    std::ranges::stable_sort(bare, {}, &network::RoutedArc::source);
    simulation::Simulation<Real>& simulation = parts_->simulation;
    simulation.take_graph(simulation.graph().rebuilt(bare, parts_->partition, parts_->comm));
}

template <class Real>
void Changes<Real>::restore(std::int64_t step, std::span<const double> marks,
                            std::span<const MarkedArc> arcs) {
    Parts& parts = *parts_;
    std::vector<std::pair<AgentId, std::uint64_t>> agents;
    for (std::size_t row = 0; row < marks.size(); ++row) {
        agents.emplace_back(parts.graph().ids()[row], static_cast<std::uint64_t>(marks[row]));
    }
    parts.take_marks(std::move(agents), {arcs.begin(), arcs.end()});
    if (step == 0) return;
    // Who is back was told before the checkpoint, so that nothing is cleared again.
    parts.apply(step - 1);
    if (parts.course.used()) parts.course.restore(step - 1);
}

template class Changes<double>;
template class Changes<float>;

}  // namespace motley::experiment
