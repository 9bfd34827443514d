// A queue that distributes work during a run: a rank that has no work takes the next piece.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "motley/mpi/communicator.hpp"

namespace motley::mpi {

/// Gives each of the numbers 0 ... count - 1 to exactly one caller, in rising order. The counter
/// lies in the memory of rank 0, and one remote atomic operation reads and raises it. So no rank
/// serves the others or waits for them, and a rank that stops asking delays no other. Without
/// hardware support for remote memory the operation completes when rank 0 next calls MPI.
class WorkQueue {
  public:
    /// Collective.
    WorkQueue(const Communicator& comm, std::int64_t count);
    /// Collective. While an exception unwinds the stack it does not wait for the other ranks.
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// Not collective. The next number, or nothing when all are given out.
    std::optional<std::int64_t> next();
    /// Not collective. No rank gets another number.
    void close();

  private:
    class Counter;
    std::unique_ptr<Counter> counter_;
    std::int64_t count_;
    int exceptions_;
};

}  // namespace motley::mpi
