// Compressed datasets: every rank compresses its own chunks, rank 0 writes them. Filtered datasets
// would need collective MPI-IO in HDF5, which hides a full disk; a single writer reports it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "record/block_writer.hpp"

namespace motley::record {

/// Runs HDF5's own filters over one chunk, in a file that lives in memory. Not collective.
class ChunkFilter {
  public:
    explicit ChunkFilter(const DatasetShape& shape);
    /// `rows` is one whole chunk. Returns the bytes to store in the file.
    std::vector<std::byte> apply(std::span<const std::byte> rows);

  private:
    DatasetShape shape_;
    hdf5::Handle file_;
    hdf5::Handle dataset_;
};

/// Sets chunk shape, shuffle and deflate in a dataset's creation list.
void set_filters(hid_t creation, const DatasetShape& shape);

class ChunkWriter : public BlockWriter {
  public:
    ChunkWriter(const DataPhase& phase, const DatasetShape& shape,
                const std::vector<std::int64_t>& starts, std::vector<Written>& log);
    void append(std::span<const std::byte> rows) override;
    void finish() override;

  private:
    struct Packed {
        std::int64_t chunk = 0;
        std::vector<std::byte> bytes;
    };
    std::size_t chunk_bytes() const;
    int owner_of(std::int64_t row) const;
    void take(std::span<const std::byte> rows);
    void pack_whole_chunks();
    void pack_last_chunk();
    void send_to_root();
    void write_received(std::span<const std::byte> stream);

    const DataPhase& phase_;
    const mpi::Communicator& comm_;
    DatasetShape shape_;
    std::vector<std::int64_t> starts_;
    std::vector<Written>& log_;
    hdf5::Handle dataset_;  ///< rank 0 only
    std::optional<ChunkFilter> filter_;
    std::int64_t next_;            ///< row that comes next from this rank
    std::int64_t pending_chunk_;   ///< chunk that `pending_` begins
    std::vector<std::byte> head_;  ///< rows of a chunk that begins on an earlier rank
    std::vector<std::byte> pending_;
    std::vector<Packed> packed_;
};

}  // namespace motley::record
