#include "motley/experiment/attack/orders.hpp"

#include <algorithm>

#include "motley/core/random.hpp"

namespace motley::experiment {
namespace {

/// Ascending keys are taken first.
struct Keyed {
    double key;
    AgentId id;
};

template <class Real>
double arcs_of(const simulation::Simulation<Real>& simulation, LocalId row) {
    const auto& graph = simulation.graph();
    if (!graph.has_arcs()) return 0.0;
    const auto length = [row](const auto& rows) {
        return static_cast<double>(rows.offsets[row + 1] - rows.offsets[row]);
    };
    return length(graph.in()) + length(graph.outgoing());
}

/// The task with the largest share, the lowest among equals.
template <class Real>
double type_of(const simulation::Simulation<Real>& simulation, LocalId row) {
    const auto& state = simulation.state();
    const Real* x = state.allocation.data() + std::size_t{row} * std::size_t(state.width);
    return static_cast<double>(std::max_element(x, x + state.tasks) - x);
}

double drawn(std::uint64_t seed, std::int64_t replicate, AgentId id) {
    const Random random(seed, Stream::attack, static_cast<std::uint64_t>(id));
    return random.uniform(static_cast<std::uint32_t>(replicate));
}

}  // namespace

AgentId group_size(const std::vector<topology::Level>& levels, AgentId agents, std::int64_t level) {
    AgentId size = agents;
    for (std::size_t l = 0; l < levels.size() && l < static_cast<std::size_t>(level); ++l) {
        size /= levels[l].groups;
    }
    return size;
}

template <class Real>
std::vector<AgentId> attack_order(job::AttackOrder order,
                                  const simulation::Simulation<Real>& simulation,
                                  std::uint64_t seed, std::int64_t replicate, AgentId group,
                                  const mpi::Communicator& comm) {
    using job::AttackOrder;
    const auto key_of = [&](LocalId row, AgentId id) {
        switch (order) {
            case AttackOrder::random:
                return drawn(seed, replicate, id);
            case AttackOrder::degree:
                return -arcs_of(simulation, row);
            case AttackOrder::value:
                return -simulation.read_income(row);
            case AttackOrder::type:
                return type_of(simulation, row);
            case AttackOrder::group:
                return drawn(seed, replicate, id / group);
        }
        throw internal_error("no such order of an attack");
    };
    const auto& graph = simulation.graph();
    std::vector<Keyed> own;
    for (LocalId row = 0; row < graph.owned(); ++row) {
        if (graph.is_relay(row)) continue;
        own.push_back({key_of(row, graph.ids()[row]), graph.ids()[row]});
    }
    std::vector<Keyed> all = comm.all_gather(own);
    std::ranges::sort(all, [](const Keyed& a, const Keyed& b) {
        return a.key != b.key ? a.key < b.key : a.id < b.id;
    });
    std::vector<AgentId> ids;
    for (const Keyed& each : all) ids.push_back(each.id);
    return ids;
}

template std::vector<AgentId> attack_order(job::AttackOrder, const simulation::Simulation<double>&,
                                           std::uint64_t, std::int64_t, AgentId,
                                           const mpi::Communicator&);
template std::vector<AgentId> attack_order(job::AttackOrder, const simulation::Simulation<float>&,
                                           std::uint64_t, std::int64_t, AgentId,
                                           const mpi::Communicator&);

}  // namespace motley::experiment
