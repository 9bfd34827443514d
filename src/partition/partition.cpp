// Partitions as descriptions: block arithmetic, keyed permutations, tables of owners.
#include "motley/partition/partition.hpp"

#include <algorithm>
#include <utility>

#include "motley/core/error.hpp"

namespace motley::partition {
namespace {

/// The chunk that holds `index`: the inverse of topology::chunk_range.
int chunk_of(std::int64_t total, std::int64_t index, std::int64_t chunks) {
    const std::int64_t length = total / chunks;
    const std::int64_t longer = total % chunks;
    const std::int64_t in_longer = longer * (length + 1);
    // When `length` is 0, every index lies in the longer chunks, so the division below is safe.
    if (index < in_longer) return static_cast<int>(index / (length + 1));
    return static_cast<int>(longer + (index - in_longer) / length);
}

std::vector<AgentId> ids_in(topology::ChunkRange range) {
    std::vector<AgentId> ids(static_cast<std::size_t>(range.end - range.begin));
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = range.begin + static_cast<AgentId>(i);
    return ids;
}

}  // namespace

Partition::Partition(Kind kind, AgentId agents, int parts)
    : kind_(kind), agents_(agents), parts_(parts) {
    if (agents < 0 || parts < 1) {
        throw internal_error("partition of " + std::to_string(agents) + " agents over " +
                             std::to_string(parts) + " parts");
    }
}

Partition Partition::block(AgentId agents, int parts) {
    return {Kind::block, agents, parts};
}

Partition Partition::groups(AgentId agents, AgentId group, int parts) {
    Partition partition(Kind::block, agents, parts);
    if (group < 1 || agents % group != 0) {
        throw internal_error("groups of " + std::to_string(group) + " do not divide " +
                             std::to_string(agents) + " agents");
    }
    partition.group_ = group;
    return partition;
}

Partition Partition::random(AgentId agents, int parts, std::uint64_t seed) {
    Partition partition(Kind::random, agents, parts);
    partition.permutation_.emplace_back(static_cast<std::uint64_t>(agents), seed, Stream::partition,
                                        0);
    return partition;
}

Partition Partition::from_owners(std::vector<std::int32_t> owners, int parts) {
    Partition partition(Kind::owners, static_cast<AgentId>(owners.size()), parts);
    const auto wrong =
        std::ranges::find_if(owners, [parts](auto owner) { return owner < 0 || owner >= parts; });
    if (wrong != owners.end()) {
        throw internal_error("agent " + std::to_string(wrong - owners.begin()) + " has owner " +
                             std::to_string(*wrong) + " of " + std::to_string(parts) + " parts");
    }
    partition.owners_ = std::move(owners);
    return partition;
}

int Partition::owner(AgentId agent) const {
    if (agent < 0 || agent >= agents_) {
        throw internal_error("owner of agent " + std::to_string(agent) + " was asked, there are " +
                             std::to_string(agents_));
    }
    switch (kind_) {
        case Kind::block:
            return chunk_of(agents_ / group_, agent / group_, parts_);
        case Kind::random: {
            const auto place = permutation_.front()(static_cast<std::uint64_t>(agent));
            return chunk_of(agents_, static_cast<std::int64_t>(place), parts_);
        }
        case Kind::owners:
            break;
    }
    return owners_[static_cast<std::size_t>(agent)];
}

std::vector<AgentId> Partition::owned(int part) const {
    if (part < 0 || part >= parts_) {
        throw internal_error("agents of part " + std::to_string(part) + " were asked, there are " +
                             std::to_string(parts_));
    }
    std::vector<AgentId> ids;
    if (kind_ == Kind::owners) {
        for (std::size_t agent = 0; agent < owners_.size(); ++agent) {
            if (owners_[agent] == part) ids.push_back(static_cast<AgentId>(agent));
        }
        return ids;
    }
    const topology::ChunkRange units = topology::chunk_range(agents_ / group_, part, parts_);
    ids = ids_in({units.begin * group_, units.end * group_});
    if (kind_ == Kind::random) {
        for (AgentId& id : ids) {
            id = static_cast<AgentId>(permutation_.front().inverse(static_cast<std::uint64_t>(id)));
        }
        std::ranges::sort(ids);
    }
    return ids;
}

const char* name(Method method) {
    switch (method) {
        case Method::block:
            return "block";
        case Method::random:
            return "random";
        case Method::levels:
            return "levels";
        case Method::metis:
            return "metis";
        case Method::scotch:
            return "scotch";
        case Method::file:
            return "file";
    }
    throw internal_error("unknown partition method");
}

}  // namespace motley::partition
