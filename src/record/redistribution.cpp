// Plans slabs of rows: local ids are sorted and cut where the blocks of the other ranks are cut.
#include "record/redistribution.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>

#include "record/block_writer.hpp"

namespace motley::record {
namespace {

std::size_t bytes_per_row(const AgentVariable& variable) {
    return static_cast<std::size_t>(variable.width) *
           (variable.single ? sizeof(float) : sizeof(double));
}

}  // namespace

Redistribution::Redistribution(const mpi::Communicator& comm, AgentId agents,
                               std::span<const AgentId> owned)
    : comm_(comm), owned_(owned), blocks_(even_blocks(agents, comm.size())) {
    mpi::together(comm_, [&] {
        if (std::is_sorted(owned_.begin(), owned_.end())) return;
        order_.resize(owned_.size());
        std::iota(order_.begin(), order_.end(), LocalId{0});
        std::sort(order_.begin(), order_.end(),
                  [&](LocalId a, LocalId b) { return owned_[a] < owned_[b]; });
    });
}

AgentId Redistribution::id_at(std::int64_t place) const {
    const auto at = static_cast<std::size_t>(place);
    return owned_[order_.empty() ? at : order_[at]];
}

std::int64_t Redistribution::lower_bound(AgentId id) const {
    std::int64_t low = 0;
    auto high = static_cast<std::int64_t>(owned_.size());
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        (id_at(middle) < id ? low : high) = id_at(middle) < id ? middle + 1 : middle;
    }
    return low;
}

std::vector<Redistribution::Segment> Redistribution::segments_of(std::int64_t rows) const {
    std::vector<Segment> parts;
    for (std::size_t r = 0; r + 1 < blocks_.size(); ++r) {
        const std::int64_t begin = std::min(blocks_[r] + done_, blocks_[r + 1]);
        const std::int64_t end = std::min(begin + rows, blocks_[r + 1]);
        parts.push_back({lower_bound(begin), lower_bound(end)});
    }
    return parts;
}

bool Redistribution::next_slab(std::int64_t limit) {
    done_ += step_;
    std::int64_t longest = 0;
    for (std::size_t r = 0; r + 1 < blocks_.size(); ++r) {
        longest = std::max(longest, blocks_[r + 1] - blocks_[r] - done_);
    }
    if (longest <= 0) return false;
    // Shortens the slab where a rank has all its rows in it and would send them all at once.
    step_ = std::min(longest, std::max<std::int64_t>(limit, 1));
    for (;; step_ = (step_ + 1) / 2) {
        segments_ = segments_of(step_);
        std::int64_t sent = 0;
        for (const Segment& part : segments_) sent += part.end - part.begin;
        if (comm_.max(sent) <= limit || step_ == 1) break;
    }
    exchange_places();
    return true;
}

void Redistribution::exchange_places() {
    std::vector<std::vector<AgentId>> send(segments_.size());
    mpi::together(comm_, [&] {
        for (std::size_t r = 0; r < segments_.size(); ++r) {
            for (std::int64_t i = segments_[r].begin; i < segments_[r].end; ++i) {
                send[r].push_back(id_at(i));
            }
        }
    });
    places_ = comm_.exchange(send);
    mpi::together(comm_, [&] {
        const auto rank = static_cast<std::size_t>(comm_.rank());
        const std::int64_t begin = std::min(blocks_[rank] + done_, blocks_[rank + 1]);
        const std::int64_t end = std::min(begin + step_, blocks_[rank + 1]);
        std::vector<char> seen(static_cast<std::size_t>(end - begin), 0);
        for (auto& place : places_) {
            place -= begin;
            if (seen[static_cast<std::size_t>(place)]++ != 0) {
                throw internal_error("run file: agent " + std::to_string(place + begin) +
                                     " has two owners");
            }
        }
        const auto missing = std::find(seen.begin(), seen.end(), 0);
        if (missing != seen.end()) {
            throw internal_error("run file: agent " +
                                 std::to_string(begin + (missing - seen.begin())) +
                                 " has no owner");
        }
    });
}

void Redistribution::fill_segment(const Segment& part, const AgentVariable& variable,
                                  std::byte* out) const {
    const std::size_t row_bytes = bytes_per_row(variable);
    std::vector<double> wide;
    for (std::int64_t i = part.begin; i < part.end;) {
        const auto first = order_.empty() ? i : order_[static_cast<std::size_t>(i)];
        if (variable.data != nullptr) {
            std::memcpy(out, variable.data + static_cast<std::size_t>(first) * variable.stride,
                        row_bytes);
            out += row_bytes;
            ++i;
            continue;
        }
        // Finds the longest run of rows that are neighbours in local order, too.
        std::int64_t next = order_.empty() ? part.end : i + 1;
        while (next < part.end && order_[static_cast<std::size_t>(next)] == first + (next - i)) {
            ++next;
        }
        const auto count = static_cast<std::size_t>(next - i);
        if (!variable.single) {
            variable.fill(first, next - i, reinterpret_cast<double*>(out));
        } else {
            wide.resize(count * static_cast<std::size_t>(variable.width));
            variable.fill(first, next - i, wide.data());
            std::ranges::copy(wide, reinterpret_cast<float*>(out));
        }
        out += count * row_bytes;
        i = next;
    }
}

std::vector<std::byte> Redistribution::move(const AgentVariable& variable) const {
    const std::size_t row_bytes = bytes_per_row(variable);
    const auto me = static_cast<std::size_t>(comm_.rank());
    std::vector<std::vector<std::byte>> send(segments_.size());
    std::vector<std::byte> rows;
    mpi::together(comm_, [&] {
        rows.resize(static_cast<std::size_t>(slab_rows()) * row_bytes);
        for (std::size_t r = 0; r < segments_.size(); ++r) {
            const std::int64_t count = segments_[r].end - segments_[r].begin;
            if (r == me && count == slab_rows()) {
                fill_segment(segments_[r], variable, rows.data());  // this rank has the whole slab
                continue;
            }
            send[r].resize(static_cast<std::size_t>(count) * row_bytes);
            fill_segment(segments_[r], variable, send[r].data());
        }
    });
    const std::vector<std::byte> received = comm_.exchange(send);
    mpi::together(comm_, [&] {
        for (std::size_t i = 0; i * row_bytes < received.size(); ++i) {
            std::memcpy(rows.data() + static_cast<std::size_t>(places_[i]) * row_bytes,
                        received.data() + i * row_bytes, row_bytes);
        }
    });
    return rows;
}

}  // namespace motley::record
