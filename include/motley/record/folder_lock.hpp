// Keeps a folder of results to one program at a time.
#pragma once

#include <string>

#include "motley/mpi/communicator.hpp"

namespace motley::record {

/// Holds a lock on the folder for every rank while the object lives: a rank that outlives its
/// mpirun still keeps others out. The operating system releases the lock when the last rank ends,
/// however it ends. On a file system without locks nothing is held.
class FolderLock {
  public:
    /// Collective. Makes the folder. A usage error on all ranks when another program holds it.
    FolderLock(const mpi::Communicator& comm, const std::string& folder);
    /// Collective. Programs that use a folder as `shared` may run together; one that uses it
    /// `alone` excludes all others.
    enum class Use { shared, alone };
    FolderLock(const mpi::Communicator& comm, const std::string& folder, Use use);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int file_ = -1;
};

}  // namespace motley::record
