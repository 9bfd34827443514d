// Checkpoints: complete states from which a run can continue, kept beside its results.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "motley/record/record.hpp"

namespace motley::record {

/// The content of a seal. The seal is a small JSON file beside step_<n>.h5; it is
/// written last, so that a checkpoint without one is not whole.
struct Seal {
    static constexpr std::int64_t current_format = 1;
    std::int64_t format = current_format;
    std::int64_t step = 0;
    std::string job;           ///< hash of the keys that determine the states
    std::string program;       ///< version and commit
    std::int64_t bytes = 0;    ///< size of the HDF5 file
    std::uint64_t digest = 0;  ///< digest of its bytes; see docs/formats.md
};
std::string to_json(const Seal& seal);
/// Throws an input error, with `path`, unless `text` is what `to_json` writes.
Seal seal_from_json(const std::string& text, const std::string& path);

/// The folder of the checkpoints of one run: step_<n>.h5, and step_<n>.json, its seal.
class CheckpointFolder {
  public:
    explicit CheckpointFolder(std::string path) : path_(std::move(path)) {}
    const std::string& path() const { return path_; }
    std::string file(std::int64_t step) const;

    /// Not collective. Steps of the sealed checkpoints, newest first. It does not check whether
    /// they are whole.
    std::vector<std::int64_t> steps() const;
    /// Not collective. Seal of a checkpoint; input error when it cannot be read.
    Seal seal(std::int64_t step) const;

    /// Collective. Seals the written HDF5 file, whose step and digest `seal` holds; then removes
    /// all checkpoints but the two newest.
    void close(const mpi::Communicator& comm, Seal seal) const;
    /// Collective. Reads the whole file, and throws an input error with the reason where it differs
    /// from what was sealed.
    void check(const mpi::Communicator& comm, const Seal& seal) const;
    /// Not collective. Removes unsealed and temporary files, which an interrupted writer leaves.
    void remove_remains() const;
    /// Not collective. Removes all checkpoints and the folder, unless others put files there.
    void remove() const;

  private:
    void remove(std::int64_t step) const;
    std::string path_;
};

/// Reads a file that RunFile wrote, on any number of ranks. All members are collective. Input
/// errors name the file.
class RunFileReader {
  public:
    RunFileReader(const mpi::Communicator& comm, const std::string& path);
    ~RunFileReader();
    RunFileReader(const RunFileReader&) = delete;
    RunFileReader& operator=(const RunFileReader&) = delete;

    /// Text attribute of the root.
    std::string attribute(const std::string& name) const;
    /// Column of a series, whole numbers as doubles.
    std::vector<double> column(const std::string& path, std::int64_t rows) const;
    /// Rows of the agents `owned` (any partition: each agent once) of a per-agent variable of
    /// `agents` x `width` numbers: owned.size() x width. Ranks read even blocks and pass rows on.
    std::vector<double> rows(const std::string& path, AgentId agents, std::int64_t width,
                             std::span<const AgentId> owned) const;
    /// The arcs of the group `topology` that leave the agents `owned`. Every rank reads them all, a
    /// slice at a time.
    std::vector<RunFile::ArcRow> arcs(std::span<const AgentId> owned) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace motley::record
