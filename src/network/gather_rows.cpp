// Arcs are generated in chunks, sent to the owners of their rows and sorted into rows there.
#include "gather_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "motley/core/expect.hpp"
#include "sort_by_row.hpp"

namespace motley::network {
namespace {

// An arc on its way to the owner of the agent `row`, in whose row it will stand.

struct Neighbour {
    NarrowId row, neighbour;
};

struct LeavingArc {
    NarrowId row, target;
    double weight, survival;
};

struct ArrivingArc {
    NarrowId row, source;
    double coefficient;
};

NarrowId narrow(AgentId agent) {
    MOTLEY_EXPECT(agent >= 0 && agent <= std::numeric_limits<NarrowId>::max(),
                  "ids of agents fit 32 bits");
    return static_cast<NarrowId>(agent);
}

/// Entries by row, in the order of the owned ids.
template <class Entry>
class SortedRows {
  public:
    SortedRows(std::vector<Entry> entries, const OwnedAgents& owned)
        : entries_(std::move(entries)), offsets_(sort_by_row(entries_, owned)) {}
    std::size_t size() const { return entries_.size(); }
    std::span<Entry> row(std::size_t r) {
        return {entries_.data() + offsets_[r], offsets_[r + 1] - offsets_[r]};
    }

  private:
    std::vector<Entry> entries_;
    std::vector<std::uint64_t> offsets_;
};

/// Arcs out of owned agents as rows, where those of a source lie side by side.
class GroupedArcs {
  public:
    GroupedArcs(std::span<const RoutedArc> arcs, const OwnedAgents& owned)
        : size_(arcs.size()), groups_(owned.size()) {
        for (std::size_t i = 0, end = 0; i < arcs.size(); i = end) {
            while (end < arcs.size() && arcs[end].source == arcs[i].source) ++end;
            auto& group = groups_[static_cast<std::size_t>(owned.find(arcs[i].source))];
            if (!group.empty()) throw internal_error("the arcs of a source lie in two places");
            group = arcs.subspan(i, end - i);
        }
    }
    std::size_t size() const { return size_; }
    /// Valid until the next call.
    std::span<LeavingArc> row(std::size_t r) {
        row_.clear();
        for (const RoutedArc& arc : groups_[r]) {
            row_.push_back({narrow(arc.source), narrow(arc.target), arc.weight, arc.survival});
        }
        return row_;
    }

  private:
    std::size_t size_;
    std::vector<std::span<const RoutedArc>> groups_;
    std::vector<LeavingArc> row_;
};

/// Checks that the routing weights of one source are shares of what it passes on.
void expect_shares(std::span<const LeavingArc> row) {
    if (MOTLEY_ASSERTIONS < 1 || row.empty()) return;
    double total = 0.0;
    for (const auto& arc : row) {
        MOTLEY_EXPECT(arc.weight > 0.0 && arc.survival > 0.0 && arc.survival <= 1.0,
                      "weights are positive, survivals in (0, 1]");
        total += arc.weight;
    }
    const double rounding =
        static_cast<double>(2 + row.size()) * std::numeric_limits<double>::epsilon();
    MOTLEY_EXPECT(std::abs(total - 1.0) <= rounding, "a row of routing shares sums to 1");
}

/// Merges parallel arcs of one source (weights add up, survival is their weighted mean) and scales
/// the weights so that they sum to 1.
std::span<LeavingArc> merge_and_normalise(std::span<LeavingArc> row,
                                          const topology::Traits& traits) {
    std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) {
        return std::tie(a.target, a.weight, a.survival) < std::tie(b.target, b.weight, b.survival);
    });
    std::size_t size = 0;
    for (std::size_t i = 0; i < row.size();) {
        LeavingArc merged = row[i];
        double low = merged.survival, high = merged.survival;
        std::size_t j = i + 1;
        for (; j < row.size() && row[j].target == merged.target; ++j) {
            if (!traits.sum_parallel) continue;
            // A running mean, as topology::RowBuilder has it, to the same bits.
            merged.weight += row[j].weight;
            merged.survival +=
                (row[j].survival - merged.survival) * (row[j].weight / merged.weight);
            low = std::min(low, row[j].survival);
            high = std::max(high, row[j].survival);
        }
        merged.survival = std::clamp(merged.survival, low, high);
        if (!traits.use_weights) merged.weight = 1.0;
        row[size++] = merged;
        i = j;
    }
    double total = 0.0;
    for (std::size_t i = 0; i < size; ++i) total += row[i].weight;
    for (std::size_t i = 0; i < size; ++i) row[i].weight /= total;
    expect_shares(row.first(size));
    return row.first(size);
}

class Gatherer {
  public:
    Gatherer(const topology::Traits& traits, const partition::Partition& partition,
             const OwnedAgents& owned, const mpi::Communicator& comm)
        : traits_(traits), partition_(partition), owned_(owned), comm_(comm) {}

    GlobalRows uniform(const topology::Topology& topology) {
        auto entries = generate<Neighbour>(topology, [](const topology::Arc& arc) {
            return Neighbour{narrow(arc.target), narrow(arc.source)};
        });
        GlobalRows in;
        mpi::together(comm_, [&] {
            SortedRows rows(std::move(entries), owned_);
            in.offsets.assign(1, 0);
            in.offsets.reserve(owned_.size() + 1);
            in.neighbours.reserve(rows.size());
            for (std::size_t r = 0; r < owned_.size(); ++r) {
                const std::size_t begin = in.neighbours.size();
                for (const Neighbour& entry : rows.row(r)) {
                    in.neighbours.push_back(entry.neighbour);
                }
                const auto row = std::span(in.neighbours).subspan(begin);
                std::ranges::sort(row);  // parallel arcs count once
                in.neighbours.resize(in.neighbours.size() - std::ranges::unique(row).size());
                in.offsets.push_back(in.neighbours.size());
            }
        });
        return in;
    }

    /// Out-rows first: their owner merges parallel arcs and normalises the routing of the source,
    /// in an order that does not depend on which rank generated which arc. Then each arc is sent to
    /// the owner of its target.
    GatheredRows weighted(const topology::Topology& topology, ArcStorage storage) {
        auto entries = generate<LeavingArc>(topology, [](const topology::Arc& arc) {
            return LeavingArc{narrow(arc.source), narrow(arc.target), arc.weight, arc.survival};
        });
        return weighted([&] { return SortedRows(std::move(entries), owned_); }, storage);
    }
    GatheredRows weighted(std::span<const RoutedArc> arcs) {
        return weighted([&] { return GroupedArcs(arcs, owned_); }, ArcStorage::weighted);
    }

  private:
    /// `make_rows` gives the arcs out of owned agents as rows. What one step made is freed in the
    /// next, since it needs more memory than the system that it is for.
    template <class MakeRows>
    GatheredRows weighted(MakeRows make_rows, ArcStorage storage) {
        GatheredRows rows;
        mpi::together(comm_, [&] { rows.out = rows_by_source(make_rows(), storage); });
        std::vector<ArrivingArc> arriving = route_to_targets(rows.out);
        mpi::together(comm_, [&] { rows.in = rows_by_target(std::move(arriving)); });
        return rows;
    }

    /// Generates arcs in rounds of bounded size and passes each to `entry_of`, which names the
    /// agent whose owner gets it.
    template <class Entry, class EntryOf>
    std::vector<Entry> generate(const topology::Topology& topology, EntryOf entry_of) {
        constexpr std::int64_t arcs_per_round = std::int64_t{1} << 21;
        const std::int64_t ranks = comm_.size();
        const std::int64_t expected = std::max<std::int64_t>(traits_.expected_arcs, 0);
        const std::int64_t rounds = comm_.max(1 + expected / ranks / arcs_per_round);
        std::vector<Entry> entries;
        std::vector<std::vector<Entry>> send(static_cast<std::size_t>(ranks));
        for (std::int64_t round = 0; round < rounds; ++round) {
            mpi::together(comm_, [&] {
                if (round == 0)
                    entries.reserve(static_cast<std::size_t>(expected / ranks * 33 / 32));
                for (auto& part : send) part.clear();
                const std::int64_t chunk = comm_.rank() * rounds + round;
                topology.arcs(chunk, ranks * rounds, [&](std::span<const topology::Arc> arcs) {
                    for (const auto& arc : arcs) keep_or_send(entry_of(arc), entries, send);
                });
            });
            append_received(entries, send);
        }
        return entries;
    }

    template <class Entry>
    void keep_or_send(const Entry& entry, std::vector<Entry>& mine,
                      std::vector<std::vector<Entry>>& send) const {
        const int owner = comm_.size() == 1 ? 0 : partition_.owner(entry.row);
        if (owner == comm_.rank()) {
            mine.push_back(entry);
        } else {
            send[static_cast<std::size_t>(owner)].push_back(entry);
        }
    }

    template <class Entry>
    void append_received(std::vector<Entry>& entries, const std::vector<std::vector<Entry>>& send) {
        if (comm_.size() == 1) return;
        const auto received = comm_.exchange(send);
        entries.insert(entries.end(), received.begin(), received.end());
    }

    /// `Rows` are the arcs out of owned agents.
    template <class Rows>
    GlobalRows rows_by_source(Rows rows, ArcStorage storage) const {
        GlobalRows out;
        out.offsets.assign(1, 0);
        out.offsets.reserve(owned_.size() + 1);
        out.neighbours.reserve(rows.size());
        out.coefficients.reserve(rows.size());
        if (storage == ArcStorage::weighted) out.survivals.reserve(rows.size());
        for (std::size_t r = 0; r < owned_.size(); ++r) {
            for (const LeavingArc& arc : merge_and_normalise(rows.row(r), traits_)) {
                out.neighbours.push_back(arc.target);
                out.coefficients.push_back(arc.weight * arc.survival);
                if (storage == ArcStorage::weighted) out.survivals.push_back(arc.survival);
            }
            out.offsets.push_back(out.neighbours.size());
        }
        return out;
    }

    /// Collective. The arcs into owned agents.
    std::vector<ArrivingArc> route_to_targets(const GlobalRows& out) {
        std::vector<ArrivingArc> arriving;
        std::vector<std::vector<ArrivingArc>> send(static_cast<std::size_t>(comm_.size()));
        mpi::together(comm_, [&] {
            arriving.reserve(out.neighbours.size() * 33 / 32);
            for (std::size_t r = 0; r < owned_.size(); ++r) {
                for (auto e = out.offsets[r]; e < out.offsets[r + 1]; ++e) {
                    const ArrivingArc arc{out.neighbours[e], narrow(owned_[r]),
                                          out.coefficients[e]};
                    keep_or_send(arc, arriving, send);
                }
            }
        });
        append_received(arriving, send);
        return arriving;
    }

    GlobalRows rows_by_target(std::vector<ArrivingArc> arriving) const {
        SortedRows rows(std::move(arriving), owned_);
        GlobalRows in;
        in.offsets.assign(1, 0);
        in.offsets.reserve(owned_.size() + 1);
        in.neighbours.reserve(rows.size());
        in.coefficients.reserve(rows.size());
        for (std::size_t r = 0; r < owned_.size(); ++r) {
            std::ranges::sort(rows.row(r), {}, &ArrivingArc::source);
            for (const ArrivingArc& arc : rows.row(r)) {
                in.neighbours.push_back(arc.source);
                in.coefficients.push_back(arc.coefficient);
            }
            in.offsets.push_back(in.neighbours.size());
        }
        return in;
    }

    const topology::Traits traits_;
    const partition::Partition& partition_;
    const OwnedAgents& owned_;
    const mpi::Communicator& comm_;
};

}  // namespace

GlobalRows gather_uniform_rows(const topology::Topology& topology,
                               const partition::Partition& partition, const OwnedAgents& owned,
                               const mpi::Communicator& comm) {
    return Gatherer(topology.traits(), partition, owned, comm).uniform(topology);
}

GatheredRows gather_weighted_rows(const topology::Topology& topology,
                                  const partition::Partition& partition, const OwnedAgents& owned,
                                  const mpi::Communicator& comm, ArcStorage storage) {
    return Gatherer(topology.traits(), partition, owned, comm).weighted(topology, storage);
}

GatheredRows gather_weighted_rows(std::span<const RoutedArc> arcs,
                                  const partition::Partition& partition, const OwnedAgents& owned,
                                  const mpi::Communicator& comm) {
    return Gatherer(topology::Traits{}, partition, owned, comm).weighted(arcs);
}

}  // namespace motley::network
