// The arcs, sorted by (source, target) over all ranks: buckets of keys, a bounded number at a time.
#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "record/run_file.hpp"

namespace motley::record {
namespace {

using Arc = RunFile::ArcRow;

bool before(const Arc& a, const Arc& b) {
    return std::tie(a.source, a.target, a.weight, a.survival) <
           std::tie(b.source, b.target, b.weight, b.survival);
}

/// This rank's arcs in key order, cut into buckets that hold about equally many arcs of all ranks.
/// Rank r takes the buckets [r * rounds, (r + 1) * rounds).
class ArcBuckets {
  public:
    /// `bucket_size`: arcs that a rank takes in at once.
    ArcBuckets(const mpi::Communicator& comm, const std::vector<Arc>& arcs,
               std::int64_t bucket_size)
        : comm_(comm), arcs_(arcs), bucket_size_(bucket_size), order_(arcs.size()) {
        mpi::together(comm, [&] {
            std::iota(order_.begin(), order_.end(), std::int64_t{0});
            if (std::is_sorted(arcs.begin(), arcs.end(), before)) return;
            std::sort(order_.begin(), order_.end(),
                      [&](std::int64_t a, std::int64_t b) { return before(at(a), at(b)); });
        });
        const std::int64_t total = comm.sum(static_cast<std::int64_t>(arcs.size()));
        const std::int64_t ranks = comm.size();
        rounds_ =
            std::max<std::int64_t>(1, (total + ranks * bucket_size_ - 1) / (ranks * bucket_size_));
        cut(splitters());
    }

    std::int64_t rounds() const { return rounds_; }
    std::int64_t total() const { return starts_.back(); }
    /// Place in the file of the first arc of each rank's buckets; one more entry than ranks.
    const std::vector<std::int64_t>& starts() const { return starts_; }

    /// Collective: the arcs of this rank's bucket number `round`, sorted.
    std::vector<Arc> bucket(std::int64_t round) const {
        std::vector<std::vector<Arc>> send(static_cast<std::size_t>(comm_.size()));
        mpi::together(comm_, [&] {
            for (std::size_t r = 0; r < send.size(); ++r) {
                const std::size_t b =
                    r * static_cast<std::size_t>(rounds_) + static_cast<std::size_t>(round);
                for (std::int64_t i = cuts_[b]; i < cuts_[b + 1]; ++i) {
                    send[r].push_back(at(order_[static_cast<std::size_t>(i)]));
                }
            }
        });
        std::vector<Arc> received = comm_.exchange(send);
        std::sort(received.begin(), received.end(), before);
        return received;
    }

  private:
    const Arc& at(std::int64_t i) const { return arcs_[static_cast<std::size_t>(i)]; }

    /// Keys that cut all arcs into buckets, from a regular sample of every rank's sorted arcs. They
    /// only balance the work; the file does not depend on them.
    std::vector<Arc> splitters() const {
        const std::int64_t ranks = comm_.size();
        const std::int64_t stride = std::max<std::int64_t>(1, bucket_size_ / (2 * ranks));
        std::vector<Arc> mine;
        for (std::size_t i = 0; i < order_.size(); i += static_cast<std::size_t>(stride)) {
            mine.push_back(at(order_[i]));
        }
        std::vector<Arc> samples = comm_.all_gather(mine);
        std::sort(samples.begin(), samples.end(), before);
        std::vector<Arc> out;
        const auto buckets = static_cast<std::size_t>(ranks * rounds_);
        for (std::size_t b = 1; b < buckets && !samples.empty(); ++b) {
            out.push_back(samples[b * samples.size() / buckets]);
        }
        return out;
    }

    void cut(const std::vector<Arc>& splitters) {
        const auto buckets = static_cast<std::size_t>(comm_.size() * rounds_);
        cuts_.assign(buckets + 1, static_cast<std::int64_t>(order_.size()));
        cuts_[0] = 0;
        for (std::size_t b = 0; b < splitters.size(); ++b) {
            const auto found = std::lower_bound(
                order_.begin(), order_.end(), splitters[b],
                [&](std::int64_t i, const Arc& key) { return before(at(i), key); });
            cuts_[b + 1] = found - order_.begin();
        }
        std::vector<std::int64_t> counts(buckets);
        for (std::size_t b = 0; b < buckets; ++b) counts[b] = cuts_[b + 1] - cuts_[b];
        comm_.sum(std::span<std::int64_t>(counts));
        starts_.assign(1, 0);
        for (std::size_t b = 0; b < buckets; ++b) {
            if (b % static_cast<std::size_t>(rounds_) == 0) starts_.push_back(starts_.back());
            starts_.back() += counts[b];
        }
    }

    const mpi::Communicator& comm_;
    const std::vector<Arc>& arcs_;
    std::int64_t bucket_size_;
    std::vector<std::int64_t> order_;
    std::int64_t rounds_ = 1;
    std::vector<std::int64_t> cuts_;  ///< places in `order_` where buckets begin
    std::vector<std::int64_t> starts_;
};

template <class T>
void append_column(BlockWriter& writer, const std::vector<Arc>& arcs, T Arc::*member) {
    std::vector<T> column;
    column.reserve(arcs.size());
    for (const Arc& arc : arcs) column.push_back(arc.*member);
    writer.append(std::as_bytes(std::span<const T>(column)));
}

}  // namespace

void RunFile::Impl::write_topology(const std::vector<ArcRow>& arcs) {
    const std::int64_t bucket_size =
        std::max<std::int64_t>(1, options.slab_bytes / static_cast<std::int64_t>(sizeof(ArcRow)));
    const ArcBuckets buckets(comm, arcs, bucket_size);
    const std::string scale = "/topology/arc";
    std::array<layout::NewDataset, 5> columns{
        variable("/topology/source", hdf5::NumberType::int64, buckets.total(), 1, {scale}),
        variable("/topology/target", hdf5::NumberType::int64, buckets.total(), 1, {scale}),
        variable("/topology/weight", hdf5::NumberType::float64, buckets.total(), 1, {scale}),
        variable("/topology/survival", hdf5::NumberType::float64, buckets.total(), 1, {scale}),
        variable("/topology/value", hdf5::NumberType::float64, buckets.total(), 1, {scale})};
    columns[0].long_name = "agent that the arc leaves";
    columns[1].long_name = "agent that the arc enters";
    columns[2].long_name = "relative routing weight";
    columns[3].long_name = "share that survives the transfer";
    columns[4].long_name = "worth of what the arc carries, to the agent that it enters";
    columns[4].unit = std::string("utility");
    columns[2].unit = columns[3].unit = std::string("1");
    std::int64_t bytes = layout::metadata_bytes({columns.begin(), columns.end()});
    for (const auto& column : columns) {
        if (column.shape.chunk_rows == 0) bytes += column.shape.bytes();
    }
    change_structure(bytes, [&](hid_t file) {
        layout::require_group(file, "/topology");
        layout::require_dimension(file, scale, buckets.total());
        for (const auto& column : columns) layout::add_variable(file, column);
    });
    if (buckets.total() == 0) return;
    DataPhase phase(comm, temporary, columns[0].shape.chunk_rows > 0);
    std::array<std::unique_ptr<BlockWriter>, 5> writers;
    for (std::size_t c = 0; c < writers.size(); ++c) {
        writers[c] = BlockWriter::make(phase, columns[c].shape, buckets.starts(), log);
    }
    for (std::int64_t round = 0; round < buckets.rounds(); ++round) {
        const std::vector<ArcRow> bucket = buckets.bucket(round);
        append_column(*writers[0], bucket, &ArcRow::source);
        append_column(*writers[1], bucket, &ArcRow::target);
        append_column(*writers[2], bucket, &ArcRow::weight);
        append_column(*writers[3], bucket, &ArcRow::survival);
        append_column(*writers[4], bucket, &ArcRow::value);
    }
    for (auto& writer : writers) writer->finish();
    writers = {};
    phase.close();
}

}  // namespace motley::record
