// Moves rows from any partition to even blocks in the order of global ids, slab by slab.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"

namespace motley::record {

/// Plans which rows travel where. `owned` are this rank's global ids, in local order, kept by
/// reference. All members but the accessors are collective.
class Redistribution {
  public:
    Redistribution(const mpi::Communicator& comm, AgentId agents, std::span<const AgentId> owned);

    /// First row of each rank's block; one more entry than ranks.
    const std::vector<std::int64_t>& blocks() const { return blocks_; }

    /// Plans the next slab, of at most `limit` rows sent or received per rank where that is
    /// possible. Returns false when all rows were moved. Throws an internal error when an agent has
    /// no owner or two.
    bool next_slab(std::int64_t limit);
    /// Rows of the planned slab of this rank's block.
    std::int64_t slab_rows() const { return static_cast<std::int64_t>(places_.size()); }

    /// Moves the slab of one variable in its stored type, and returns its rows in the order of
    /// global ids.
    std::vector<std::byte> move(const AgentVariable& variable) const;

  private:
    struct Segment {
        std::int64_t begin = 0;  ///< range in the order of global ids
        std::int64_t end = 0;
    };
    /// Copies the rows of a part to `out`, in the order of global ids.
    void fill_segment(const Segment& part, const AgentVariable& variable, std::byte* out) const;
    AgentId id_at(std::int64_t place) const;
    std::int64_t lower_bound(AgentId id) const;
    /// What this rank sends to each rank when slabs are `rows` long.
    std::vector<Segment> segments_of(std::int64_t rows) const;
    void exchange_places();

    const mpi::Communicator& comm_;
    std::span<const AgentId> owned_;
    std::vector<LocalId> order_;  ///< local rows by global id; empty when already sorted
    std::vector<std::int64_t> blocks_;
    std::int64_t done_ = 0;  ///< rows of every block that earlier slabs moved
    std::int64_t step_ = 0;  ///< rows of the planned slab
    std::vector<Segment> segments_;
    std::vector<std::int64_t> places_;  ///< place in the slab of each row that comes in
};

}  // namespace motley::record
