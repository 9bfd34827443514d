// Writes plain files so that they survive a crash: syncing, reserving space, atomic replacement.
// Not collective.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "motley/core/file_descriptor.hpp"

namespace motley::record {

/// The last sentence of messages about a full disk.
inline constexpr const char* full_disk_advice =
    "; free some space or choose another output directory";

/// A storage error about `path` with the text of `error` (an errno value).
[[noreturn]] void fail_with_errno(const std::string& action, const std::string& path, int error);

/// Free bytes on the disk that holds `path`; -1 when the number cannot be found.
std::int64_t free_bytes(const std::string& path) noexcept;

/// Makes sure that `extra` more bytes than the file has now fit on the disk. Where the file system
/// cannot reserve, this does nothing: the writes themselves must be checked anyway.
void reserve_beyond_end(const std::string& path, std::int64_t extra);
/// Reserves disk space for every byte of the file.
void reserve_whole(const std::string& path);
/// Releases the space that was reserved beyond the end.
void release_beyond_end(const std::string& path);

/// Writes all bytes at `place` of an open file. Returns 0, or the errno of the failure.
int write_at(int descriptor, std::int64_t place, std::span<const std::byte> bytes) noexcept;

/// A file into which this process writes its part, where others write theirs. Errors are storage
/// errors about `path`.
class SharedFile {
  public:
    explicit SharedFile(const std::string& path);
    void write(std::int64_t place, std::span<const std::byte> bytes) const;
    void close();

  private:
    std::string path_;
    FileDescriptor descriptor_;
};

std::int64_t file_bytes(const std::string& path);
void sync_file(const std::string& path);
/// Renames and syncs the folder, so that the new name outlives a power failure.
void rename_durably(const std::string& from, const std::string& to);
void remove_quietly(const std::string& path) noexcept;

}  // namespace motley::record
