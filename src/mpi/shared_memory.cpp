#include "mpi/shared_memory.hpp"

#include <algorithm>

#include "mpi/checked.hpp"

namespace motley::mpi {

SharedMemory::SharedMemory(const Communicator& node, std::size_t bytes) {
    // All of it belongs to rank 0, whose address MPI_Win_shared_query of SMPI gives for any rank.
    const std::size_t own = node.root() ? std::max<std::size_t>(bytes, 1) : 0;
    void* base = nullptr;
    const int code = MPI_Win_allocate_shared(static_cast<MPI_Aint>(own), 1, MPI_INFO_NULL,
                                             node.native(), static_cast<void*>(&base), &window_);
    if (code != MPI_SUCCESS) {
        throw storage_error("MPI could not share " + std::to_string(bytes) +
                            " bytes among the ranks of a node; make more room in /dev/shm, or "
                            "set exchange.method = \"persistent\"");
    }
    MPI_Aint size = 0;
    int unit = 0;
    checked(MPI_Win_shared_query(window_, 0, &size, &unit, static_cast<void*>(&base)),
            "MPI_Win_shared_query");
    data_ = static_cast<std::byte*>(base);
    checked(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_), "MPI_Win_lock_all");
}

SharedMemory::~SharedMemory() {
    MPI_Win_unlock_all(window_);
    MPI_Win_free(&window_);
}

void SharedMemory::synchronise() const {
    checked(MPI_Win_sync(window_), "MPI_Win_sync");
}

DisseminationBarrier::DisseminationBarrier(const Communicator& comm) : comm_(comm.duplicate()) {
    const int ranks = comm_.size();
    for (int step = 1; step < ranks; step *= 2) {
        checked(MPI_Recv_init(nullptr, 0, MPI_BYTE, (comm_.rank() - step + ranks) % ranks, 0,
                              comm_.native(), &requests_.emplace_back()),
                "MPI_Recv_init");
        checked(MPI_Send_init(nullptr, 0, MPI_BYTE, (comm_.rank() + step) % ranks, 0,
                              comm_.native(), &requests_.emplace_back()),
                "MPI_Send_init");
    }
    round_ = requests_.size();
}

DisseminationBarrier::~DisseminationBarrier() {
    for (auto& request : requests_) MPI_Request_free(&request);
}

void DisseminationBarrier::start_round() {
    if (round_ < requests_.size()) checked(MPI_Startall(2, &requests_[round_]), "MPI_Startall");
}

void DisseminationBarrier::start() {
    round_ = 0;
    start_round();
}

bool DisseminationBarrier::progress() {
    while (round_ < requests_.size()) {
        int done = 0;
        checked(MPI_Testall(2, &requests_[round_], &done, MPI_STATUSES_IGNORE), "MPI_Testall");
        if (done == 0) return false;
        round_ += 2;
        start_round();
    }
    return true;
}

void DisseminationBarrier::finish() {
    while (round_ < requests_.size()) {
        checked(MPI_Waitall(2, &requests_[round_], MPI_STATUSES_IGNORE), "MPI_Waitall");
        round_ += 2;
        start_round();
    }
}

}  // namespace motley::mpi
