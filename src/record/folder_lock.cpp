#include "motley/record/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "motley/record/record.hpp"
#include "record/durable_files.hpp"

namespace motley::record {
namespace {

/// Returns false when another process holds the lock.
bool lock(int file, int how) {
    int status = 0;
    do {
        status = ::flock(file, how);
    } while (status != 0 && errno == EINTR);
    return status == 0 || errno != EWOULDBLOCK;
}

int open_lock(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) fail_with_errno("cannot create", path, errno);
    return file;
}

/// Takes the lock, or closes the file and throws an error about the folder.
void take(int file, int how, const std::string& folder) {
    if (lock(file, how | LOCK_NB)) return;
    ::close(file);
    throw usage_error(
        "another motley is at work in this folder; wait until it has ended, or stop it (ranks "
        "may outlive their mpirun), or give the job another name",
        {folder});
}

}  // namespace

FolderLock::FolderLock(const mpi::Communicator& comm, const std::string& folder) {
    // Rank 0 checks that no other program holds the folder; then all ranks share the lock.
    mpi::on_root(comm, [&] {
        make_directory(folder);
        file_ = open_lock(folder + "/.lock");
        take(file_, LOCK_EX, folder);
        take(file_, LOCK_SH, folder);
    });
    mpi::together(comm, [&] {
        if (comm.root()) return;
        file_ = open_lock(folder + "/.lock");
        take(file_, LOCK_SH, folder);
    });
}

FolderLock::FolderLock(const mpi::Communicator& comm, const std::string& folder, Use use) {
    mpi::on_root(comm, [&] { make_directory(folder); });
    mpi::together(comm, [&] {
        if (use == Use::alone && !comm.root()) return;
        file_ = open_lock(folder + "/.lock.shares");
        take(file_, use == Use::alone ? LOCK_EX : LOCK_SH, folder);
    });
}

FolderLock::~FolderLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace motley::record
