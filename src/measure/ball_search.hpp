// Breadth-first search from up to 64 centres at once over the distributed rows: bit c of a mask
// stands for centre c.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "motley/mpi/halo_exchange.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::measure {

template <class Real>
class BallSearch {
  public:
    using Mask = std::uint64_t;
    static constexpr std::size_t width = 64;

    /// Collective. `graph` and `comm` must outlive the search.
    BallSearch(const network::DistributedGraph<Real>& graph, const mpi::Communicator& comm)
        : graph_(graph),
          comm_(comm),
          halves_(graph.units_per_agent()),
          seen_(graph.owned(), 0),
          arriving_(graph.owned(), 0),
          fresh_(graph.units(), 0) {
        mpi::together(comm_, [&] { list_rows_of_ghosts(); });
        exchange_ =
            mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm_, graph_.plan(),
                                    sizeof(Mask), reinterpret_cast<std::byte*>(fresh_.data()));
    }

    BallSearch(const BallSearch&) = delete;
    BallSearch& operator=(const BallSearch&) = delete;

    /// Starts a new search from `centres` (at most 64).
    void start(std::span<const AgentId> centres) {
        std::fill(seen_.begin(), seen_.end(), 0);
        std::fill(fresh_.begin(), fresh_.end(), 0);
        frontier_.clear();
        const auto ids = graph_.ids();
        for (std::size_t r = 0; r < ids.size(); ++r) {
            const auto at = std::lower_bound(centres.begin(), centres.end(), ids[r]);
            if (at == centres.end() || *at != ids[r]) continue;
            seen_[r] = Mask{1} << (at - centres.begin());
            frontier_.emplace_back(r, seen_[r]);
        }
    }

    /// Owned rows that were reached in the last hop, with the centres that reached them.
    std::span<const std::pair<std::size_t, Mask>> frontier() const { return frontier_; }

    /// Collective. Makes one hop; false when no rank reached anything new.
    bool advance() {
        for (const auto& [row, mask] : frontier_) {
            for (std::size_t h = 0; h < halves_; ++h) fresh_[halves_ * row + h] = mask;
        }
        exchange_->start(0);
        exchange_->finish(0);
        for (const auto& [row, mask] : frontier_) {
            spread(graph_.in(), row, mask);
            spread(graph_.out(), row, mask);
            for (std::size_t h = 0; h < halves_; ++h) fresh_[halves_ * row + h] = 0;
        }
        const auto first_ghost = static_cast<std::size_t>(graph_.first_ghost());
        for (std::size_t g = 0; g + 1 < ghost_offsets_.size(); ++g) {
            const Mask mask = fresh_[first_ghost + g];
            if (mask == 0) continue;
            for (auto e = ghost_offsets_[g]; e < ghost_offsets_[g + 1]; ++e) {
                reach(ghost_rows_[e], mask);
            }
        }
        settle();
        return comm_.max(static_cast<std::int64_t>(frontier_.size())) > 0;
    }

  private:
    /// Transposes the boundary rows: lists for every ghost the owned rows that have it as a
    /// neighbour.
    void list_rows_of_ghosts() {
        std::vector<std::pair<std::uint32_t, std::size_t>> pairs;
        const auto first_ghost = static_cast<std::uint32_t>(graph_.first_ghost());
        for (const auto* rows : {&graph_.in(), &graph_.out()}) {
            if (rows->offsets.empty()) continue;
            for (std::size_t r = graph_.interior(); r < graph_.owned(); ++r) {
                for (auto e = rows->offsets[r]; e < rows->offsets[r + 1]; ++e) {
                    if (rows->columns[e] >= first_ghost) {
                        pairs.emplace_back(rows->columns[e] - first_ghost, r);
                    }
                }
            }
        }
        std::sort(pairs.begin(), pairs.end());
        ghost_offsets_.assign(static_cast<std::size_t>(graph_.ghosts()) + 1, 0);
        for (const auto& [ghost, row] : pairs) {
            ghost_offsets_[ghost + 1] += 1;
            ghost_rows_.push_back(row);
        }
        for (std::size_t g = 1; g < ghost_offsets_.size(); ++g) {
            ghost_offsets_[g] += ghost_offsets_[g - 1];
        }
    }

    void spread(const model::Rows<Real>& rows, std::size_t row, Mask mask) {
        if (rows.offsets.empty()) return;
        const auto first_ghost = static_cast<std::uint32_t>(graph_.first_ghost());
        for (auto e = rows.offsets[row]; e < rows.offsets[row + 1]; ++e) {
            // The owner of a ghost gets the mask through the exchange and lists the same arc.
            if (rows.columns[e] < first_ghost) reach(rows.columns[e] / halves_, mask);
        }
    }

    void reach(std::size_t row, Mask mask) {
        if (arriving_[row] == 0) touched_.push_back(row);
        arriving_[row] |= mask;
    }

    void settle() {
        frontier_.clear();
        for (const std::size_t row : touched_) {
            const Mask added = arriving_[row] & ~seen_[row];
            arriving_[row] = 0;
            if (added == 0) continue;
            seen_[row] |= added;
            frontier_.emplace_back(row, added);
        }
        touched_.clear();
    }

    const network::DistributedGraph<Real>& graph_;
    const mpi::Communicator& comm_;
    const std::size_t halves_;  ///< units per agent
    std::vector<Mask> seen_, arriving_;
    std::vector<Mask> fresh_;  ///< per unit: what was reached in the last hop
    std::vector<std::size_t> touched_;
    std::vector<std::pair<std::size_t, Mask>> frontier_;
    std::vector<std::uint64_t> ghost_offsets_;
    std::vector<std::size_t> ghost_rows_;
    std::unique_ptr<mpi::HaloExchange> exchange_;
};

}  // namespace motley::measure
