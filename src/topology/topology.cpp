// Defaults of the topology interface and the even cut of ranges into chunks.
#include "motley/topology/topology.hpp"

#include <algorithm>
#include <limits>

#include "motley/core/error.hpp"

namespace motley::topology {

void Topology::row(AgentId, std::vector<AgentId>&) const {
    throw internal_error("row() was asked of a topology whose has_rows() is false");
}

Link Topology::link(AgentId, AgentId) const {
    return {};
}

double Topology::vertex_capacity(AgentId) const {
    return std::numeric_limits<double>::infinity();
}

const std::vector<std::string>& Topology::remarks() const {
    static const std::vector<std::string> none;
    return none;
}

const std::vector<std::string>& Topology::names() const {
    static const std::vector<std::string> none;
    return none;
}

const std::vector<Level>& Topology::levels() const {
    static const std::vector<Level> none;
    return none;
}

ChunkRange chunk_range(std::int64_t total, std::int64_t chunk, std::int64_t chunks) {
    if (total < 0 || chunks < 1 || chunk < 0 || chunk >= chunks) {
        throw internal_error("chunk_range: chunk " + std::to_string(chunk) + " of " +
                             std::to_string(chunks) + " over " + std::to_string(total));
    }
    // The first total % chunks parts are longer by one; this form has no product that could
    // overflow.
    const std::int64_t length = total / chunks;
    const std::int64_t longer = total % chunks;
    const std::int64_t begin = chunk * length + std::min(chunk, longer);
    return {begin, begin + length + (chunk < longer ? 1 : 0)};
}

}  // namespace motley::topology
