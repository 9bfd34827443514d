// The value of arcs: of what agent i passes on, z, the arc to j carries the share kappa_ji w_ji,
// which is worth kappa_ji w_ji sum_k z_ik q_jk there.
#include "motley/simulation/simulation.hpp"

namespace motley::simulation {

template <class Real>
std::vector<ArcValue> Simulation<Real>::arc_values(std::span<const std::uint8_t> wanted) {
    std::vector<ArcValue> arcs;
    if (mean_field()) return arcs;
    exchange_->start(parity_);
    exchange_->finish(parity_);
    const auto& out = graph_.outgoing();
    const auto width = static_cast<std::size_t>(state_.width);
    const bool whole = graph_.units_per_agent() == 1;
    const std::size_t unit = whole ? 2 * width : width;
    const Real* owned = messages(0);
    const auto value_of = [&](std::uint32_t column) {
        const bool ghost = column >= graph_.first_ghost();
        const std::size_t place =
            ghost ? column - static_cast<std::size_t>(graph_.first_ghost()) : column;
        return (ghost ? state_.ghosts.data() : owned) + place * unit + (whole ? width : 0);
    };
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        if (!wanted.empty() && wanted[row] == 0) continue;
        const double scale = model::stock_scale(graph_, row, spec_.openness);
        const auto begin = out.offsets[row], end = out.offsets[row + 1];
        for (auto e = begin; e < end; ++e) {
            const Real* value = value_of(out.columns[e]);
            double worth = 0.0;
            for (std::size_t k = 0; k < width; ++k) {
                worth +=
                    static_cast<double>(messages(row)[k]) / scale * static_cast<double>(value[k]);
            }
            const double share = 1.0 / static_cast<double>(end - begin);
            const double factor = out.weights.empty() ? graph_.survival() * share
                                                      : static_cast<double>(out.weights[e]);
            arcs.push_back(
                {graph_.ids()[row], graph_.agent_of(out.columns[e]), factor, factor * worth});
        }
    }
    return arcs;
}

template std::vector<ArcValue> Simulation<double>::arc_values(std::span<const std::uint8_t>);
template std::vector<ArcValue> Simulation<float>::arc_values(std::span<const std::uint8_t>);

}  // namespace motley::simulation
