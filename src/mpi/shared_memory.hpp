// Memory that the ranks of a node share, and the barrier that separates writing it from reading it.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <vector>

#include "motley/mpi/communicator.hpp"

namespace motley::mpi {

/// So many bytes, the same ones for all ranks of `node`, which must share memory. Nothing says what
/// they hold at first. Making and ending it are collective.
class SharedMemory {
  public:
    SharedMemory(const Communicator& node, std::size_t bytes);
    ~SharedMemory();
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    std::byte* data() const { return data_; }
    /// Not collective. What this rank wrote before is seen by those that wait for it, and what
    /// those wrote that it waited for is seen by this rank.
    void synchronise() const;

  private:
    MPI_Win window_ = MPI_WIN_NULL;
    std::byte* data_ = nullptr;
};

/// A barrier that ranks enter by `start` and leave when `progress` is true or `finish` returns: in
/// round k of log2(ranks), rank r tells rank r + 2^k that it and those that told it have come
/// (Hensgen, Finkel, Manber 1988, doi:10.1007/BF01379320). MPI_Ibarrier of SMPI lets ranks through
/// before all have come (SimGrid 3.32).
class DisseminationBarrier {
  public:
    explicit DisseminationBarrier(const Communicator& comm);
    ~DisseminationBarrier();
    DisseminationBarrier(const DisseminationBarrier&) = delete;
    DisseminationBarrier& operator=(const DisseminationBarrier&) = delete;

    void start();
    bool progress();
    void finish();

  private:
    void start_round();

    Communicator comm_;
    std::vector<MPI_Request> requests_;  ///< two of each round
    std::size_t round_ = 0;              ///< the first of those under way
};

}  // namespace motley::mpi
