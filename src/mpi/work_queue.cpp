#include "motley/mpi/work_queue.hpp"

#include <exception>

#include "mpi/checked.hpp"

namespace motley::mpi {

/// One integer on rank 0 that all ranks reach.
class WorkQueue::Counter {
  public:
    explicit Counter(const Communicator& comm) {
        const MPI_Aint bytes = comm.root() ? sizeof(std::int64_t) : 0;
        std::int64_t* memory = nullptr;
        checked(MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, comm.native(), &memory,
                                 &window_),
                "MPI_Win_allocate");
        checked(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
        if (comm.root()) {
            checked(MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, window_), "MPI_Win_lock");
            *memory = 0;
            checked(MPI_Win_unlock(0, window_), "MPI_Win_unlock");
        }
        comm.barrier();
        checked(MPI_Win_lock_all(0, window_), "MPI_Win_lock_all");
    }
    Counter(const Counter&) = delete;
    Counter& operator=(const Counter&) = delete;

    /// Adds `more` and returns the value before the addition.
    std::int64_t raise(std::int64_t more) {
        std::int64_t before = 0;
        checked(MPI_Fetch_and_op(&more, &before, MPI_INT64_T, 0, 0, MPI_SUM, window_),
                "MPI_Fetch_and_op");
        checked(MPI_Win_flush(0, window_), "MPI_Win_flush");
        return before;
    }
    /// Collective.
    void free() {
        MPI_Win_unlock_all(window_);
        MPI_Win_free(&window_);
    }

  private:
    MPI_Win window_ = MPI_WIN_NULL;
};

WorkQueue::WorkQueue(const Communicator& comm, std::int64_t count)
    : counter_(std::make_unique<Counter>(comm)),
      count_(count),
      exceptions_(std::uncaught_exceptions()) {}

WorkQueue::~WorkQueue() {
    // All ranks free a window together. A rank that leaves alone must not wait for the others: it
    // is about to end the program.
    if (std::uncaught_exceptions() == exceptions_) counter_->free();
}

std::optional<std::int64_t> WorkQueue::next() {
    const std::int64_t number = counter_->raise(1);
    if (number >= count_) return std::nullopt;
    return number;
}

void WorkQueue::close() {
    counter_->raise(count_);
}

}  // namespace motley::mpi
