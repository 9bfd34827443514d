// Migration: agents send a share d of their resource along their arcs, by their routing,
//   R_i <- (1 - d) R_i + d sum_j v_ij R_j,
// v_ij the share of what arrives from j that arrives at i, so that the total stays.
#include <algorithm>
#include <string>

#include "motley/simulation/simulation.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {
namespace {

/// The place of a level of the topology, or a usage error that names those that there are.
std::size_t level_of(const std::vector<topology::Level>& levels, const std::string& name) {
    std::string names;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        if (levels[l].name == name) return l;
        names += (l == 0 ? "" : ", ") + levels[l].name;
    }
    Error error = usage_error("model.migration_level = \"" + name + "\": " +
                              (levels.empty() ? "the topology is not nested, so it has no levels"
                                              : "the levels of the topology are " + names));
    error.set_everywhere();
    throw error;
}

/// Tells which arcs of a nested topology are those of one level.
class LevelOfArcs {
  public:
    LevelOfArcs(const std::vector<topology::Level>& levels, std::size_t level)
        : members_(levels[level].groups) {
        for (std::size_t l = level + 1; l < levels.size(); ++l) stride_ *= levels[l].groups;
    }
    /// Agents that an arc joins differ in one coordinate only.
    bool has(AgentId a, AgentId b) const {
        return a / stride_ % members_ != b / stride_ % members_;
    }

  private:
    AgentId members_, stride_ = 1;
};

}  // namespace

template <class Real>
void Simulation<Real>::prepare_migration() {
    if (graph_.has_relays()) {
        Error error = usage_error(
            "model.migration has no meaning on a topology with switches, which have no resource: "
            "set it to 0, or choose a topology without switches");
        error.set_everywhere();
        throw error;
    }
    if (mean_field()) return;
    share_migration();
    if (spec_.migration_level.empty()) return;
    const LevelOfArcs level(graph_.levels(), level_of(graph_.levels(), spec_.migration_level));
    const std::size_t owned = graph_.owned();
    const auto& in = graph_.in();
    migration_arcs_ = Buffer<std::uint8_t>(in.offsets[owned], 0);
    for (LocalId row = 0; row < owned; ++row) {
        for (auto e = in.offsets[row]; e < in.offsets[row + 1]; ++e) {
            const bool used = level.has(graph_.ids()[row], graph_.agent_of(in.columns[e]));
            migration_arcs_[e] = used ? 1 : 0;
        }
    }
}

/// What an agent sends per unit of weight, from the weights as they stand.
template <class Real>
void Simulation<Real>::share_migration() {
    std::optional<LevelOfArcs> level;
    if (!spec_.migration_level.empty()) {
        level.emplace(graph_.levels(), level_of(graph_.levels(), spec_.migration_level));
    }
    const std::size_t owned = graph_.owned();
    migration_share_.assign(owned, 0.0);
    const auto& out = graph_.outgoing();
    for (LocalId row = 0; row < owned; ++row) {
        double total = 0.0;
        for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
            if (level && !level->has(graph_.ids()[row], graph_.agent_of(out.columns[e]))) continue;
            total += out.weights.empty() ? 1.0 : static_cast<double>(out.weights[e]);
        }
        if (total > 0.0) migration_share_[row] = spec_.migration / total;
    }
}

template <class Real>
void Simulation<Real>::migrate() {
    const Stopwatch watch(seconds_.reduce);
    if (mean_field()) return migrate_evenly();
    const auto per_agent = static_cast<std::size_t>(graph_.units_per_agent());
    for (std::size_t u = 0; u < graph_.owned() * per_agent; ++u) {
        const std::size_t row = u / per_agent;
        agent_rows_[2 * u] = migration_share_[row] * static_cast<double>(state_.resource[row]);
    }
    exchange_agent_rows();
    const auto& in = graph_.in();
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        double arrived = 0.0;
        for (auto e = in.offsets[row]; e < in.offsets[row + 1]; ++e) {
            if (!migration_arcs_.empty() && migration_arcs_[e] == 0) continue;
            const double weight = in.weights.empty() ? 1.0 : static_cast<double>(in.weights[e]);
            arrived += weight * agent_rows_[2 * std::size_t{in.columns[e]}];
        }
        const double kept = migration_share_[row] > 0.0 ? 1.0 - spec_.migration : 1.0;
        const auto resource = static_cast<double>(state_.resource[row]);
        state_.resource[row] = static_cast<Real>(kept * resource + arrived);
    }
}

/// On a complete graph everyone else gets the same, in a pool everyone.
template <class Real>
void Simulation<Real>::migrate_evenly() {
    if (graph_.agents() < 2) return;
    std::vector<ExactSum> sum(1);
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        sum[0].add(static_cast<double>(state_.resource[row]));
    }
    comm_.sum(std::span<ExactSum>(sum));
    const double total = sum[0].value(), d = spec_.migration;
    const auto agents = static_cast<double>(graph_.agents());
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        const auto own = static_cast<double>(state_.resource[row]);
        const double arrived = pool() ? total / agents : (total - own) / (agents - 1.0);
        state_.resource[row] = static_cast<Real>((1.0 - d) * own + d * arrived);
    }
}

#define MOTLEY_INSTANTIATE(Real)                         \
    template void Simulation<Real>::prepare_migration(); \
    template void Simulation<Real>::share_migration();   \
    template void Simulation<Real>::migrate();           \
    template void Simulation<Real>::migrate_evenly();
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
