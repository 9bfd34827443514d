#include "motley/network/distributed_graph.hpp"

namespace motley::network {

template <class Real>
DistributedGraph<Real>::DistributedGraph(typename model::LocalGraph<Real>::Parts parts,
                                         std::int64_t arcs, mpi::HaloPlan plan,
                                         Buffer<NarrowId> ghost_ids)
    : model::LocalGraph<Real>(std::move(parts)),
      arcs_(arcs),
      plan_(std::move(plan)),
      ghost_ids_(std::move(ghost_ids)) {}

template <class Real>
std::size_t DistributedGraph<Real>::bytes() const {
    return model::LocalGraph<Real>::bytes() + plan_.send_units.size() * sizeof(std::uint32_t);
}

template class DistributedGraph<double>;
template class DistributedGraph<float>;

}  // namespace motley::network
