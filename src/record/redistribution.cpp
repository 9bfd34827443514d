// Slab plans: sorted local ids, cut where the blocks of the other ranks are cut.
#include "record/redistribution.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "record/block_writer.hpp"

namespace motley::record {

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

std::vector<Redistribution::Part> Redistribution::parts_of(std::int64_t rows) const {
    std::vector<Part> parts;
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
    // A rank whose rows all lie in one slab would send them all at once: shorten the slab then.
    step_ = std::min(longest, std::max<std::int64_t>(limit, 1));
    for (;; step_ = (step_ + 1) / 2) {
        parts_ = parts_of(step_);
        std::int64_t sent = 0;
        for (const Part& part : parts_) sent += part.end - part.begin;
        if (comm_.max(sent) <= limit || step_ == 1) break;
    }
    exchange_places();
    return true;
}

void Redistribution::exchange_places() {
    std::vector<std::vector<AgentId>> send(parts_.size());
    mpi::together(comm_, [&] {
        for (std::size_t r = 0; r < parts_.size(); ++r) {
            for (std::int64_t i = parts_[r].begin; i < parts_[r].end; ++i) {
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

std::vector<double> Redistribution::move(std::int64_t width, const Fill& fill) const {
    const auto columns = static_cast<std::size_t>(width);
    std::vector<std::vector<double>> send(parts_.size());
    mpi::together(comm_, [&] {
        for (std::size_t r = 0; r < parts_.size(); ++r) {
            const auto [begin, end] = parts_[r];
            send[r].resize(static_cast<std::size_t>(end - begin) * columns);
            double* out = send[r].data();
            for (std::int64_t i = begin; i < end;) {
                // The longest run of rows that are neighbours in local order too.
                const auto first = order_.empty() ? i : order_[static_cast<std::size_t>(i)];
                std::int64_t next = order_.empty() ? end : i + 1;
                while (next < end && order_[static_cast<std::size_t>(next)] == first + (next - i)) {
                    ++next;
                }
                fill(first, next - i, out);
                out += static_cast<std::size_t>(next - i) * columns;
                i = next;
            }
        }
    });
    std::vector<double> rows;
    const std::vector<double> received = comm_.exchange(send);
    mpi::together(comm_, [&] {
        send.clear();
        rows.resize(received.size());
        for (std::size_t i = 0; i < places_.size(); ++i) {
            std::copy_n(received.begin() + static_cast<long>(i * columns), columns,
                        rows.begin() + places_[i] * width);
        }
    });
    return rows;
}

}  // namespace motley::record
