// A number per arc that the owner of its source knows and the owner of its target needs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "motley/mpi/halo_exchange.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::network {

/// The exchange of such numbers for the arcs of a weighted graph. Arcs between two agents of a rank
/// are copied. The buffer must stay where it is, so that an exchange cannot be moved.
template <class Real>
class ArcExchange {
  public:
    /// Collective. `graph` must be weighted; it is not needed after this.
    ArcExchange(const DistributedGraph<Real>& graph, const mpi::Communicator& comm);
    ArcExchange(const ArcExchange&) = delete;
    ArcExchange& operator=(const ArcExchange&) = delete;

    /// Collective. `of_out_arcs` has a number per arc of the out-rows; `to_in_arcs` gets that of
    /// each arc of the in-rows.
    void send(std::span<const Real> of_out_arcs, std::span<Real> to_in_arcs);
    std::size_t bytes() const { return numbers_.bytes() + places_.bytes(); }

  private:
    Buffer<Real> numbers_;          ///< of out-arcs, then those that arrived
    Buffer<std::uint32_t> places_;  ///< of every in-arc in `numbers_`
    std::unique_ptr<mpi::HaloExchange> exchange_;
};

extern template class ArcExchange<double>;
extern template class ArcExchange<float>;

}  // namespace motley::network
