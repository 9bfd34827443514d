#include "site_part.hpp"

#include <algorithm>

#include "motley/core/random.hpp"

namespace motley::swarm {

SitePart::SitePart(const Overlay& overlay, SitePartition partition, const mpi::Communicator& comm)
    : overlay_(overlay), partition_(partition), ranks_(static_cast<std::uint64_t>(comm.size())) {
    for (Site site = 0; site < overlay.sites(); ++site) {
        if (owner(site) == comm.rank()) own_.push_back(site);
    }
    own_.shrink_to_fit();
}

int SitePart::owner(Site site) const {
    if (ranks_ == 1) return 0;
    const std::uint64_t bits = partition_ == SitePartition::prefix
                                   ? overlay_.id(site)
                                   : Random(overlay_.seed(), Stream::partition, site).bits(0);
    return static_cast<int>((static_cast<unsigned __int128>(bits) * ranks_) >> 64);
}

std::size_t SitePart::local(Site site) const {
    if (partition_ == SitePartition::prefix) return site - own_.front();
    return static_cast<std::size_t>(std::ranges::lower_bound(own_, site) - own_.begin());
}

}  // namespace motley::swarm
