// One program at a time in a folder of results.
#pragma once

#include <string>

#include "motley/mpi/communicator.hpp"

namespace motley::record {

/// Holds the folder while it lives, on behalf of every rank: a rank that outlives its mpirun still
/// keeps others out. The operating system gives it back when the last of them ends, however it
/// ends. Where a file system knows no locks, nothing is held.
class FolderLock {
  public:
    /// Collective. Makes the folder. A usage error on all ranks when someone else holds it.
    FolderLock(const mpi::Communicator& comm, const std::string& folder);
    /// Collective. Those who share a folder keep out whoever wants it alone, and he them.
    enum class Use { shared, alone };
    FolderLock(const mpi::Communicator& comm, const std::string& folder, Use use);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int file_ = -1;
};

}  // namespace motley::record
