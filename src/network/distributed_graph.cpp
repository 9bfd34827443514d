#include "motley/network/distributed_graph.hpp"

namespace motley::network {

template <class Real>
DistributedGraph<Real>::DistributedGraph(typename model::LocalGraph<Real>::Parts parts,
                                         std::int64_t arcs, mpi::HaloPlan plan,
                                         Buffer<AgentId> ghost_ids)
    : model::LocalGraph<Real>(std::move(parts)),
      arcs_(arcs),
      plan_(std::move(plan)),
      ghost_ids_(std::move(ghost_ids)) {}

template <class Real>
std::size_t DistributedGraph<Real>::bytes() const {
    return model::LocalGraph<Real>::bytes() + plan_.send_units.size() * sizeof(std::uint32_t);
}

template <class Real>
std::vector<typename DistributedGraph<Real>::StoredArc> DistributedGraph<Real>::stored_arcs()
    const {
    std::vector<StoredArc> arcs;
    if (!this->has_arcs()) return arcs;
    arcs.reserve(static_cast<std::size_t>(arcs_));
    const auto& in = this->in();
    const auto ids = this->ids();
    for (LocalId row = 0; row < this->owned(); ++row) {
        for (auto e = in.offsets[row]; e < in.offsets[row + 1]; ++e) {
            const double factor = in.weights.empty() ? 1.0 : in.weights[e];
            arcs.push_back({agent_of(in.columns[e]), ids[row], factor});
        }
    }
    return arcs;
}

template class DistributedGraph<double>;
template class DistributedGraph<float>;

}  // namespace motley::network
