// Ownership of a file descriptor.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace motley {

/// Closes its descriptor at the end of its life. Functions report failures by errno, because their
/// callers know what the file is for.
class FileDescriptor {
  public:
    FileDescriptor() = default;
    /// Takes ownership of `descriptor`; -1 stands for none.
    explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
    /// Opens with the flags of open(2) and O_CLOEXEC; `valid` says whether it worked.
    FileDescriptor(const std::string& path, int flags) {
        do {
            descriptor_ = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
        } while (descriptor_ < 0 && errno == EINTR);
    }
    ~FileDescriptor() {
        if (valid()) ::close(descriptor_);
    }
    FileDescriptor(FileDescriptor&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    bool valid() const { return descriptor_ >= 0; }
    int get() const { return descriptor_; }
    /// False, with errno, when the system reports an error, for instance of delayed writing. Linux
    /// closes the descriptor even when a signal interrupts it.
    bool close() { return ::close(std::exchange(descriptor_, -1)) == 0 || errno == EINTR; }

  private:
    int descriptor_ = -1;
};

}  // namespace motley
