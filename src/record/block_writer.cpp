// Contiguous datasets: every rank writes its rows at their place; `finish` throws on all of them.
#include "record/block_writer.hpp"

#include <xxhash.h>

#include <algorithm>
#include <exception>

#include "record/chunk_writer.hpp"
#include "record/digest.hpp"
#include "record/durable_files.hpp"

namespace motley::record {
namespace {

class ContiguousWriter : public BlockWriter {
  public:
    ContiguousWriter(const DataPhase& phase, const DatasetShape& shape, std::int64_t first,
                     std::vector<Written>& log)
        : phase_(phase), shape_(shape), next_(first), log_(log) {
        mpi::together(phase_.comm(),
                      [&] { dataset_ = hdf5::open_dataset(phase.file(), shape_.path); });
    }

    void append(std::span<const std::byte> rows) override {
        if (failure_ || rows.empty()) return;
        try {
            const auto count = static_cast<std::int64_t>(rows.size() / shape_.row_bytes());
            Written written = describe_rows(shape_, dataset_, next_, count, rows.data());
            if (written.dataset_begin < 0) {
                throw internal_error("dataset " + shape_.path + " has no place in the file");
            }
            phase_.shared().write(written.begin(), rows);
            log_.push_back(std::move(written));
            next_ += count;
        } catch (...) {
            failure_ = std::current_exception();
        }
    }

    void finish() override {
        mpi::together(phase_.comm(), [&] {
            if (failure_) std::rethrow_exception(failure_);
            dataset_.close("closing dataset " + shape_.path);
        });
    }

  private:
    const DataPhase& phase_;
    DatasetShape shape_;
    std::int64_t next_;
    std::vector<Written>& log_;
    hdf5::Handle dataset_;
    std::exception_ptr failure_;
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
    : comm_(comm) {
    mpi::together(comm_, [&] {
        shared_.emplace(path);
        if (!compressed) {
            looked_at_ = hdf5::open_file(path);
        } else if (comm_.root()) {
            serial_ = hdf5::WritableFile::open(path);
        }
    });
}

void DataPhase::close() {
    mpi::together(comm_, [&] {
        looked_at_.close("closing the file after the data");
        shared_->close();
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
