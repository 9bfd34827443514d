// Which rank computes which site.
#pragma once

#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/swarm/knowledge/spec.hpp"
#include "motley/swarm/overlay/overlay.hpp"

namespace motley::swarm {

class SitePart {
  public:
    SitePart(const Overlay& overlay, SitePartition partition, const mpi::Communicator& comm);

    int owner(Site site) const;
    /// Sites of this rank, rising.
    const std::vector<Site>& own() const { return own_; }
    /// Place of a site of this rank in `own`.
    std::size_t local(Site site) const;

  private:
    const Overlay& overlay_;
    SitePartition partition_;
    std::uint64_t ranks_;
    std::vector<Site> own_;
};

}  // namespace motley::swarm
