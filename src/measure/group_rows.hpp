// Rows of agents brought together by group: groups of consecutive ids, dealt out to ranks in
// blocks.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "motley/core/exact_sum.hpp"
#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::measure {

/// The groups of this rank, each with the rows of all its agents, sorted by id.
struct GroupRows {
    std::size_t width = 0;          ///< numbers per row
    std::vector<AgentId> ids;       ///< of the rows
    std::vector<double> numbers;    ///< ids.size() x width
    std::vector<std::size_t> ends;  ///< of the groups, in rows

    const double* row(std::size_t i) const { return numbers.data() + i * width; }
};

/// Collective. Rows of ids below `stride` x `groups`; others stay away. `numbers(i, out)` writes
/// the row of `ids[i]`.
GroupRows gather_groups(AgentId stride, AgentId groups, std::span<const AgentId> ids,
                        std::size_t width, const std::function<void(std::size_t, double*)>& numbers,
                        const mpi::Communicator& comm);

/// Collective. The values of sums over all ranks.
std::vector<double> values_over_ranks(std::vector<ExactSum> sums, const mpi::Communicator& comm);

}  // namespace motley::measure
