#include "motley/network/network.hpp"

namespace motley::network {

template <class Real>
std::size_t Network<Real>::bytes() const {
    std::size_t total = ids_.bytes();
    for (const Rows<Real>* rows : {&in_, &out_}) {
        total += rows->offsets.bytes() + rows->columns.bytes() + rows->weights.bytes();
    }
    return total + plan_.send_units.size() * sizeof(std::uint32_t);
}

template <class Real>
std::vector<typename Network<Real>::StoredArc> Network<Real>::stored_arcs() const {
    std::vector<StoredArc> arcs;
    if (coupling_ == Coupling::mean_field) return arcs;
    arcs.reserve(static_cast<std::size_t>(arcs_));
    const std::int64_t ghosts_from = plan_.first_ghost;
    const std::int64_t per_agent = 2 / halves_per_unit();
    for (LocalId row = 0; row < owned(); ++row) {
        for (auto e = in_.offsets[row]; e < in_.offsets[row + 1]; ++e) {
            const std::int64_t unit = in_.columns[e];
            const AgentId source = unit < ghosts_from
                                       ? ids_[static_cast<std::size_t>(unit / per_agent)]
                                       : ghost_ids_[static_cast<std::size_t>(unit - ghosts_from)];
            arcs.push_back({source, ids_[row], in_.weights.empty() ? 1.0 : in_.weights[e]});
        }
    }
    return arcs;
}

template class Network<double>;
template class Network<float>;

}  // namespace motley::network
