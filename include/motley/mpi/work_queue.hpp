// Work that is handed out while it is done: whoever is free takes the next piece.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "motley/mpi/communicator.hpp"

namespace motley::mpi {

/// The numbers 0 ... count - 1, each given to exactly one caller, in rising order. The counter lies
/// in the memory of rank 0 and is read and raised by one remote atomic operation: nobody serves,
/// nobody waits for others, and a rank that stops asking holds nothing up. Without hardware support
/// for remote memory the operation completes when rank 0 next enters MPI.
class WorkQueue {
  public:
    /// Collective.
    WorkQueue(const Communicator& comm, std::int64_t count);
    /// Collective, unless an exception is on its way: then others are not waited for.
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// Not collective. The next number, or nothing when all are given out.
    std::optional<std::int64_t> next();
    /// Not collective. Nobody gets another number.
    void close();

  private:
    class Counter;
    std::unique_ptr<Counter> counter_;
    std::int64_t count_;
    int exceptions_;
};

}  // namespace motley::mpi
