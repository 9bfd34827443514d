// Cuts rows into chunks, filters them on the rank that has the rows, and gathers a bounded number
// of bytes at a time.
#include "record/chunk_writer.hpp"

#include <algorithm>
#include <cstring>

namespace motley::record {
namespace {

/// Bytes that rank 0 takes in at once.
constexpr std::int64_t gather_budget = std::int64_t{32} << 20;

struct PacketHeader {
    std::int64_t chunk;
    std::int64_t bytes;
};

std::vector<hsize_t> chunk_shape(const DatasetShape& shape) {
    std::vector<hsize_t> extent{static_cast<hsize_t>(shape.chunk_rows)};
    if (shape.width > 1) extent.push_back(static_cast<hsize_t>(shape.width));
    return extent;
}

}  // namespace

void set_filters(hid_t creation, const DatasetShape& shape) {
    const auto extent = chunk_shape(shape);
    hdf5::check(H5Pset_chunk(creation, static_cast<int>(extent.size()), extent.data()),
                "H5Pset_chunk");
    hdf5::check(H5Pset_shuffle(creation), "H5Pset_shuffle");
    hdf5::check(H5Pset_deflate(creation, static_cast<unsigned>(shape.compression)),
                "H5Pset_deflate");
}

ChunkFilter::ChunkFilter(const DatasetShape& shape)
    : shape_(shape), file_(hdf5::create_file_in_memory()) {
    const hdf5::Handle creation = hdf5::property_list(H5P_DATASET_CREATE);
    set_filters(creation, shape_);
    const hdf5::Handle access = hdf5::property_list(H5P_DATASET_ACCESS);
    // There is no cache: a written chunk passes the filters at once.
    hdf5::check(H5Pset_chunk_cache(access, 0, 0, 0.0), "H5Pset_chunk_cache");
    const hdf5::Handle space = hdf5::dataspace(chunk_shape(shape_));
    dataset_ = {H5Dcreate2(file_, "chunk", hdf5::file_type(shape_.type), space, H5P_DEFAULT,
                           creation, access),
                H5Dclose, "creating a chunk in memory"};
}

std::vector<std::byte> ChunkFilter::apply(std::span<const std::byte> rows) {
    hdf5::write_rows(dataset_, shape_.type, 0, shape_.chunk_rows, rows.data(), shape_.path);
    const hsize_t origin[2] = {0, 0};
    hsize_t size = 0;
    hdf5::check(H5Dget_chunk_storage_size(dataset_, origin, &size), "H5Dget_chunk_storage_size");
    std::vector<std::byte> bytes(size);
    std::uint32_t mask = 0;
    hdf5::check(H5Dread_chunk(dataset_, H5P_DEFAULT, origin, &mask, bytes.data()), "H5Dread_chunk");
    if (mask != 0) throw internal_error("HDF5 left a filter out of a chunk of " + shape_.path);
    return bytes;
}

ChunkWriter::ChunkWriter(const DataPhase& phase, const DatasetShape& shape,
                         const std::vector<std::int64_t>& starts, std::vector<Written>& log)
    : phase_(phase),
      comm_(phase.comm()),
      shape_(shape),
      starts_(starts),
      log_(log),
      next_(starts[static_cast<std::size_t>(comm_.rank())]),
      pending_chunk_((next_ + shape.chunk_rows - 1) / shape.chunk_rows) {
    mpi::together(comm_, [&] {
        filter_.emplace(shape_);
        if (comm_.root()) dataset_ = hdf5::open_dataset(phase.file(), shape_.path);
    });
}

std::size_t ChunkWriter::chunk_bytes() const {
    return static_cast<std::size_t>(shape_.chunk_rows) * shape_.row_bytes();
}

int ChunkWriter::owner_of(std::int64_t row) const {
    // Finds the last rank whose block begins at or before the row; this skips empty blocks.
    const auto after = std::upper_bound(starts_.begin(), starts_.end() - 1, row);
    return static_cast<int>(after - starts_.begin()) - 1;
}

void ChunkWriter::append(std::span<const std::byte> rows) {
    mpi::together(comm_, [&] {
        take(rows);
        pack_whole_chunks();
    });
    send_to_root();
}

void ChunkWriter::take(std::span<const std::byte> rows) {
    const auto count = static_cast<std::int64_t>(rows.size() / shape_.row_bytes());
    if (count == 0) return;
    log_.push_back(describe_rows(shape_, H5I_INVALID_HID, next_, count, rows.data()));
    // Rows before the first chunk that begins here belong to a chunk of an earlier rank.
    const std::int64_t foreign =
        std::clamp<std::int64_t>(pending_chunk_ * shape_.chunk_rows - next_, 0, count);
    const auto split = rows.begin() + foreign * static_cast<long>(shape_.row_bytes());
    head_.insert(head_.end(), rows.begin(), split);
    pending_.insert(pending_.end(), split, rows.end());
    next_ += count;
}

void ChunkWriter::pack_whole_chunks() {
    std::size_t at = 0;
    for (; pending_.size() - at >= chunk_bytes(); at += chunk_bytes()) {
        const std::span<const std::byte> chunk(pending_.data() + at, chunk_bytes());
        packed_.push_back({pending_chunk_++, filter_->apply(chunk)});
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<long>(at));
}

void ChunkWriter::pack_last_chunk() {
    if (pending_.empty()) return;
    pending_.resize(chunk_bytes());  // the part beyond the dataset's end is zero
    pack_whole_chunks();
}

void ChunkWriter::finish() {
    std::vector<std::vector<std::byte>> parts(static_cast<std::size_t>(comm_.size()));
    if (!head_.empty()) {
        const std::int64_t begin = starts_[static_cast<std::size_t>(comm_.rank())];
        const std::int64_t chunk_begin = begin / shape_.chunk_rows * shape_.chunk_rows;
        parts[static_cast<std::size_t>(owner_of(chunk_begin))] = std::move(head_);
    }
    // Blocks are contiguous, so the parts that follow a rank's tail come in rank order.
    const std::vector<std::byte> tail = comm_.exchange(parts);
    mpi::together(comm_, [&] {
        pending_.insert(pending_.end(), tail.begin(), tail.end());
        pack_whole_chunks();
        pack_last_chunk();
    });
    send_to_root();
    mpi::together(comm_, [&] { dataset_.close("closing dataset " + shape_.path); });
}

void ChunkWriter::send_to_root() {
    std::vector<std::byte> stream;
    mpi::together(comm_, [&] {
        for (const auto& packed : packed_) {
            const PacketHeader header{packed.chunk, static_cast<std::int64_t>(packed.bytes.size())};
            const auto bytes = std::as_bytes(std::span<const PacketHeader>(&header, 1));
            stream.insert(stream.end(), bytes.begin(), bytes.end());
            stream.insert(stream.end(), packed.bytes.begin(), packed.bytes.end());
        }
        packed_.clear();
    });
    const auto sizes = comm_.all_gather(static_cast<std::int64_t>(stream.size()));
    for (std::size_t begin = 0; begin < sizes.size();) {
        std::size_t end = begin + 1;
        std::int64_t total = sizes[begin];
        while (end < sizes.size() && total + sizes[end] <= gather_budget) total += sizes[end++];
        const auto rank = static_cast<std::size_t>(comm_.rank());
        if (total > 0) {
            std::vector<std::vector<std::byte>> parts(sizes.size());
            if (rank >= begin && rank < end) parts[0] = std::move(stream);
            const std::vector<std::byte> received = comm_.exchange(parts);
            mpi::together(comm_, [&] { write_received(received); });
        }
        begin = end;
    }
}

void ChunkWriter::write_received(std::span<const std::byte> stream) {
    while (!stream.empty()) {
        PacketHeader header{};
        std::memcpy(&header, stream.data(), sizeof header);
        const auto bytes = stream.subspan(sizeof header, static_cast<std::size_t>(header.bytes));
        const hsize_t origin[2] = {static_cast<hsize_t>(header.chunk * shape_.chunk_rows), 0};
        hdf5::check(H5Dwrite_chunk(dataset_, H5P_DEFAULT, 0, origin, bytes.size(), bytes.data()),
                    "writing dataset " + shape_.path);
        phase_.check("writing dataset " + shape_.path);
        stream = stream.subspan(sizeof header + bytes.size());
    }
}

}  // namespace motley::record
