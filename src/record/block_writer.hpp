// Writes one dataset from all ranks. Each writes its contiguous block of rows in order, in slabs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "record/durable_files.hpp"
#include "record/hdf5.hpp"
#include "record/writable_file.hpp"

namespace motley::record {

/// What the writers need to know of a dataset.
struct DatasetShape {
    std::string path;
    hdf5::NumberType type = hdf5::NumberType::float64;
    std::int64_t rows = 0;
    std::int64_t width = 1;
    std::int64_t chunk_rows = 0;  ///< 0: contiguous; otherwise compressed in chunks of rows
    int compression = 0;

    std::size_t row_bytes() const { return static_cast<std::size_t>(width) * hdf5::size_of(type); }
    std::int64_t bytes() const { return rows * static_cast<std::int64_t>(row_bytes()); }
};

/// Rows that this rank gave to the file, and the hash of their bytes, which `commit` checks.
struct Written {
    std::string path;
    hdf5::NumberType type = hdf5::NumberType::float64;
    std::int64_t first = 0;
    std::int64_t count = 0;
    std::size_t row_bytes = 0;
    /// Contiguous datasets: where the dataset lies in the file, and the digest of the rows there.
    std::int64_t dataset_begin = -1;
    std::int64_t dataset_bytes = 0;
    std::uint64_t digest = 0;
    /// Compressed datasets (`dataset_begin` < 0): hash of the rows.
    std::uint64_t hash_low = 0;
    std::uint64_t hash_high = 0;

    std::int64_t begin() const {
        return dataset_begin + first * static_cast<std::int64_t>(row_bytes);
    }
    std::int64_t end() const { return begin() + count * static_cast<std::int64_t>(row_bytes); }
};
/// `dataset` is open, and the rows were written to it.
Written describe_rows(const DatasetShape& shape, hid_t dataset, std::int64_t first,
                      std::int64_t count, const void* data);
/// Throws a storage error when the rows in the open `file` (called `path`) are not those that were
/// written.
void verify_rows(hid_t file, const std::string& path, const Written& written);

/// First row of each rank's block when `rows` are cut into even blocks; one more entry than ranks.
std::vector<std::int64_t> even_blocks(std::int64_t rows, int ranks);

/// The file while rows are written. All ranks write contiguous datasets, each its part at its place
/// with plain writes (docs/decisions/0012); rank 0 alone writes compressed ones. The structure
/// never changes while ranks share the file, so that no rank that could fail alone writes metadata.
/// Collective.
class DataPhase {
  public:
    DataPhase(const mpi::Communicator& comm, const std::string& path, bool compressed);
    void close();
    /// The file for looking up datasets; on rank 0, where compressed, for writing them.
    hid_t file() const { return serial_ ? static_cast<hid_t>(*serial_) : looked_at_; }
    const SharedFile& shared() const { return *shared_; }
    /// Not collective: storage error when rank 0's writes so far did not reach the disk.
    void check(std::string_view what) const {
        if (serial_) serial_->check(what);
    }
    const mpi::Communicator& comm() const { return comm_; }

  private:
    const mpi::Communicator& comm_;
    hdf5::Handle looked_at_;
    std::optional<SharedFile> shared_;
    std::optional<hdf5::WritableFile> serial_;
};

/// One dataset within a DataPhase. Rank r gives rows [starts[r], starts[r + 1]), in order, in as
/// many pieces as it likes; all ranks call `append` equally often. All members are collective.
class BlockWriter {
  public:
    virtual ~BlockWriter() = default;
    /// `rows` holds whole rows in memory layout of the dataset's type.
    virtual void append(std::span<const std::byte> rows) = 0;
    virtual void finish() = 0;

    /// `shape.chunk_rows` decides whether it compresses. `log` outlives the writer.
    static std::unique_ptr<BlockWriter> make(const DataPhase& phase, const DatasetShape& shape,
                                             const std::vector<std::int64_t>& starts,
                                             std::vector<Written>& log);
};

}  // namespace motley::record
