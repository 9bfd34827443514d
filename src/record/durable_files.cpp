// Folders, text files that are replaced atomically, reserved and synced disk space.
#include "record/durable_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "motley/core/error.hpp"
#include "motley/record/record.hpp"

namespace motley::record {
namespace {

namespace fs = std::filesystem;

/// Owns a file descriptor; `close` is checked, the destructor is not.
class Descriptor {
  public:
    /// `shown` is the name in messages, where it differs from the one to open.
    Descriptor(const std::string& path, int flags, const char* action, std::string shown = {})
        : path_(shown.empty() ? path : std::move(shown)) {
        // A new file is made at this place, not where a link points.
        const int here = (flags & O_CREAT) != 0 ? O_NOFOLLOW : 0;
        descriptor_ = FileDescriptor(path, flags | here);
        if (!descriptor_.valid()) fail_with_errno(action, path_, errno);
    }

    int get() const { return descriptor_.get(); }
    void sync() const {
        if (::fsync(get()) != 0) fail_with_errno("cannot sync", path_, errno);
    }
    void close() {
        if (!descriptor_.close()) fail_with_errno("cannot close", path_, errno);
    }
    std::int64_t size() const {
        struct stat status {};
        if (::fstat(get(), &status) != 0) fail_with_errno("cannot stat", path_, errno);
        return static_cast<std::int64_t>(status.st_size);
    }

  private:
    std::string path_;
    FileDescriptor descriptor_;
};

std::string folder_of(const std::string& path) {
    const std::string folder = fs::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

/// Calls fallocate; does nothing where the file system has no such call.
void reserve(const std::string& path, bool keep_size, std::int64_t extra) {
    const Descriptor file(path, O_RDWR, "cannot open");
    const std::int64_t size = file.size();
    const std::int64_t first = keep_size ? size : 0;
    const std::int64_t count = keep_size ? extra : size;
    if (count <= 0) return;
#ifdef FALLOC_FL_KEEP_SIZE
    int status = 0;
    do {
        status = ::fallocate(file.get(), keep_size ? FALLOC_FL_KEEP_SIZE : 0, first, count);
    } while (status != 0 && errno == EINTR);
    if (status == 0 || errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL) return;
    const int error = errno;
    fail_with_errno("cannot reserve " + std::to_string(count) + " bytes (" +
                        std::to_string(free_bytes(path)) + " are free)",
                    path, error);
#else
    static_cast<void>(first);
#endif
}

void write_all(const Descriptor& file, const std::string& path, const std::string& text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const ssize_t written = ::write(file.get(), text.data() + at, text.size() - at);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail_with_errno("cannot write", path, errno);
        at += static_cast<std::size_t>(written);
    }
}

/// The longest part of `path` that exists. It is the reason when a folder cannot be made.
fs::path existing_part(fs::path path) {
    std::error_code ignored;
    while (!path.empty() && !fs::exists(fs::symlink_status(path, ignored))) {
        const fs::path parent = path.parent_path();
        if (parent == path) break;
        path = parent;
    }
    return path.empty() ? fs::path(".") : path;
}

}  // namespace

void fail_with_errno(const std::string& action, const std::string& path, int error) {
    const bool full = error == ENOSPC || error == EDQUOT;
    throw storage_error(
        action + ": " + std::system_category().message(error) + (full ? full_disk_advice : ""),
        Where{path});
}

std::int64_t free_bytes(const std::string& path) noexcept {
    struct statvfs disk {};
    if (::statvfs(path.c_str(), &disk) != 0) return -1;
    return static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
}

void reserve_beyond_end(const std::string& path, std::int64_t extra) {
    reserve(path, true, extra);
}

void reserve_whole(const std::string& path) {
    reserve(path, false, 0);
}

void release_beyond_end(const std::string& path) {
    const Descriptor file(path, O_RDWR, "cannot open");
    if (::ftruncate(file.get(), file.size()) != 0) fail_with_errno("cannot trim", path, errno);
}

int write_at(int descriptor, std::int64_t place, std::span<const std::byte> bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(descriptor, bytes.data(), bytes.size(), place);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : ENOSPC;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        place += count;
    }
    return 0;
}

SharedFile::SharedFile(const std::string& path) : path_(path), descriptor_(path, O_WRONLY) {
    if (!descriptor_.valid()) {
        fail_with_errno(
            "this rank cannot open the file that rank 0 made; is the folder shared by all hosts?",
            path_, errno);
    }
}

void SharedFile::write(std::int64_t place, std::span<const std::byte> bytes) const {
    if (const int error = write_at(descriptor_.get(), place, bytes); error != 0) {
        fail_with_errno("cannot write", path_, error);
    }
#ifdef SYNC_FILE_RANGE_WRITE
    // The disk starts to write while the next rows are prepared, so that `sync_file` waits less.
    ::sync_file_range(descriptor_.get(), place, static_cast<off_t>(bytes.size()),
                      SYNC_FILE_RANGE_WRITE);
#endif
}

void SharedFile::close() {
    if (!descriptor_.close()) fail_with_errno("cannot close", path_, errno);
}

std::int64_t file_bytes(const std::string& path) {
    return Descriptor(path, O_RDONLY, "cannot open").size();
}

void sync_file(const std::string& path) {
    Descriptor file(path, O_RDWR, "cannot open");
    file.sync();
    file.close();
}

void rename_durably(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) {
        fail_with_errno("cannot rename " + from + " to this name", to, errno);
    }
    const Descriptor folder(folder_of(to), O_RDONLY | O_DIRECTORY, "cannot open folder");
    // Some file systems cannot sync folders; that is no reason to lose a whole file.
    if (::fsync(folder.get()) != 0 && errno != EINVAL) {
        fail_with_errno("cannot sync folder", folder_of(to), errno);
    }
}

void remove_quietly(const std::string& path) noexcept {
    ::unlink(path.c_str());
}

void make_directory(const std::string& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (!error && fs::is_directory(path, error)) return;
    const fs::path obstacle = existing_part(path);
    std::error_code ignored;
    if (!fs::is_directory(obstacle, ignored)) {
        throw storage_error("cannot make this folder: " + obstacle.string() +
                                " is not a folder; remove it or choose another output directory",
                            Where{path});
    }
    throw storage_error("cannot make this folder in " + obstacle.string() + ": " +
                            (error ? error.message() : std::string("it is not a folder")) +
                            "; choose an output directory that you may write to",
                        Where{path});
}

void make_inner_directory(const std::string& path) {
    std::error_code ignored;
    if (fs::is_symlink(path, ignored)) {
        throw storage_error("is a link out of the folder of the results; remove it", Where{path});
    }
    make_directory(path);
}

void write_file(const std::string& path, const std::string& text) {
    // The process id keeps two writers of one name from mixing their bytes.
    const std::string temporary = path + "." + std::to_string(::getpid()) + ".tmp";
    try {
        Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC, "cannot create", path);
        write_all(file, path, text);
        file.sync();
        file.close();
        rename_durably(temporary, path);
    } catch (const Error&) {
        remove_quietly(temporary);
        throw;
    }
}

}  // namespace motley::record
