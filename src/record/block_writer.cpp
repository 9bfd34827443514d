// Contiguous datasets: independent transfers, whose status every rank learns.
#include "record/block_writer.hpp"

#include <xxhash.h>

#include <algorithm>

#include "record/chunk_writer.hpp"
#include "record/digest.hpp"
#include "record/files.hpp"

namespace motley::record {
namespace {

class ContiguousWriter : public BlockWriter {
  public:
    ContiguousWriter(const DataPhase& phase, const DatasetShape& shape, std::int64_t first,
                     std::vector<Written>& log)
        : comm_(phase.comm()), file_(phase.path()), shape_(shape), next_(first), log_(log) {
        mpi::together(comm_, [&] {
            dataset_ = hdf5::open_dataset(phase.file(), shape_.path);
            transfer_ = hdf5::property_list(H5P_DATASET_XFER);
            // Collective transfers report success on a full disk; independent ones do not.
            hdf5::check(H5Pset_dxpl_mpio(transfer_, H5FD_MPIO_INDEPENDENT), "H5Pset_dxpl_mpio");
        });
    }

    void append(std::span<const std::byte> rows) override {
        mpi::together(comm_, [&] {
            const auto count = static_cast<std::int64_t>(rows.size() / shape_.row_bytes());
            if (count == 0) return;
            write(rows, count);
            log_.push_back(describe_rows(shape_, dataset_, next_, count, rows.data()));
            next_ += count;
        });
    }

    void finish() override {
        mpi::together(comm_, [&] { dataset_.close("closing dataset " + shape_.path); });
    }

  private:
    void write(std::span<const std::byte> rows, std::int64_t count) {
        try {
            hdf5::write_rows(dataset_, shape_.type, next_, count, rows.data(), transfer_,
                             shape_.path);
        } catch (const Error& error) {
            // Open MPI's files report a short write without its reason.
            const std::int64_t room = free_bytes(file_);
            const bool full = room >= 0 && room < static_cast<std::int64_t>(rows.size());
            throw storage_error(std::string(error.what()) + "; " + std::to_string(rows.size()) +
                                " bytes were to be written, " + std::to_string(room) + " are free" +
                                (full ? full_disk_advice : ""));
        }
    }

    const mpi::Communicator& comm_;
    std::string file_;
    DatasetShape shape_;
    std::int64_t next_;
    std::vector<Written>& log_;
    hdf5::Handle dataset_;
    hdf5::Handle transfer_;
};

}  // namespace

Written describe_rows(const DatasetShape& shape, hid_t dataset, std::int64_t first,
                      std::int64_t count, const void* data) {
    Written written;
    written.path = shape.path;
    written.type = shape.type;
    written.first = first;
    written.count = count;
    written.row_bytes = shape.row_bytes();
    const std::size_t bytes = static_cast<std::size_t>(count) * shape.row_bytes();
    const haddr_t begin = shape.chunk_rows == 0 ? H5Dget_offset(dataset) : HADDR_UNDEF;
    if (begin != HADDR_UNDEF) {
        written.dataset_begin = static_cast<std::int64_t>(begin);
        written.dataset_bytes = shape.bytes();
        written.digest = digest_of(written.begin(), {static_cast<const std::byte*>(data), bytes});
        return written;
    }
    const auto hash = XXH3_128bits(data, bytes);
    written.hash_low = hash.low64;
    written.hash_high = hash.high64;
    return written;
}

void verify_rows(hid_t file, const std::string& path, const Written& written) {
    const auto wrong = [&] {
        return storage_error("dataset " + written.path + ", rows " + std::to_string(written.first) +
                             " to " + std::to_string(written.first + written.count - 1) +
                             ": what the disk gives back is not what was written; check the disk "
                             "and its free space");
    };
    if (written.dataset_begin >= 0) {
        if (digest_of_file(path, written.begin(), written.end()) != written.digest) throw wrong();
        return;
    }
    const hdf5::Handle dataset = hdf5::open_dataset(file, written.path);
    std::vector<std::byte> rows(static_cast<std::size_t>(written.count) * written.row_bytes);
    hdf5::read_rows(dataset, written.type, written.first, written.count, rows.data(), written.path);
    const auto hash = XXH3_128bits(rows.data(), rows.size());
    if (hash.low64 != written.hash_low || hash.high64 != written.hash_high) throw wrong();
}

std::vector<std::int64_t> even_blocks(std::int64_t rows, int ranks) {
    std::vector<std::int64_t> starts;
    for (std::int64_t r = 0; r <= ranks; ++r) {
        starts.push_back(rows / ranks * r + std::min(r, rows % ranks));
    }
    return starts;
}

DataPhase::DataPhase(const mpi::Communicator& comm, const std::string& path, bool compressed)
    : comm_(comm), path_(path) {
    if (compressed) {
        mpi::together(comm_, [&] {
            if (comm_.root()) serial_ = hdf5::WritableFile::open(path);
        });
        return;
    }
    mpi::together(comm_, [&] { parallel_ = hdf5::open_file_parallel(comm_, path); });
}

void DataPhase::close() {
    mpi::together(comm_, [&] {
        parallel_.close("closing the file after the data");
        if (serial_) serial_->close("closing the file after the data");
    });
}

std::unique_ptr<BlockWriter> BlockWriter::make(const DataPhase& phase, const DatasetShape& shape,
                                               const std::vector<std::int64_t>& starts,
                                               std::vector<Written>& log) {
    if (shape.chunk_rows > 0) return std::make_unique<ChunkWriter>(phase, shape, starts, log);
    const auto first = starts[static_cast<std::size_t>(phase.comm().rank())];
    return std::make_unique<ContiguousWriter>(phase, shape, first, log);
}

}  // namespace motley::record
