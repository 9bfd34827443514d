// Arcs are generated in chunks, sent to the owners of their rows and sorted into rows there.
#include "gather_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "motley/core/expect.hpp"

namespace motley::network {
namespace {

/// One entry of the row of the agent `row`, which is sent to the owner of that agent.
template <class Payload>
struct Entry {
    AgentId row;
    Payload payload;
};

struct WeightedArc {
    AgentId neighbour;
    double weight, survival;
};

struct ArrivingArc {
    AgentId source;
    double coefficient;
    bool operator<(const ArrivingArc& other) const { return source < other.source; }
};

template <class Payload>
struct SortedRows {
    std::vector<std::uint64_t> offsets;
    std::vector<Payload> payloads;
    std::size_t size() const { return payloads.size(); }
    std::span<Payload> row(std::size_t r) {
        return {payloads.data() + offsets[r], offsets[r + 1] - offsets[r]};
    }
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
    std::span<WeightedArc> row(std::size_t r) {
        row_.clear();
        for (const RoutedArc& arc : groups_[r]) {
            row_.push_back({arc.target, arc.weight, arc.survival});
        }
        return row_;
    }

  private:
    std::size_t size_;
    std::vector<std::span<const RoutedArc>> groups_;
    std::vector<WeightedArc> row_;
};

/// Where the row of each owned agent begins among the items, and the end of the last.
template <class Items, class IdOf>
std::vector<std::uint64_t> offsets_of(const Items& items, const OwnedAgents& owned, IdOf id_of) {
    std::vector<std::uint64_t> offsets(owned.size() + 1, 0);
    for (const auto& item : items) {
        offsets[static_cast<std::size_t>(owned.find(id_of(item))) + 1] += 1;
    }
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    return offsets;
}

/// Counting sort of items into rows, in the order of the owned ids: `id_of` names the agent of an
/// item, `payload_of` gives what is kept of it.
template <class Payload, class Items, class IdOf, class PayloadOf>
SortedRows<Payload> sort_into_rows(const Items& items, const OwnedAgents& owned, IdOf id_of,
                                   PayloadOf payload_of) {
    SortedRows<Payload> sorted;
    sorted.offsets = offsets_of(items, owned, id_of);
    std::vector<std::uint64_t> next(sorted.offsets.begin(), sorted.offsets.end() - 1);
    sorted.payloads.resize(items.size());
    for (const auto& item : items) {
        sorted.payloads[next[static_cast<std::size_t>(owned.find(id_of(item)))]++] =
            payload_of(item);
    }
    return sorted;
}

/// The same for entries, which are freed.
template <class Payload>
SortedRows<Payload> sort_into_rows(std::vector<Entry<Payload>>& entries, const OwnedAgents& owned) {
    auto sorted = sort_into_rows<Payload>(
        entries, owned, [](const Entry<Payload>& entry) { return entry.row; },
        [](const Entry<Payload>& entry) { return entry.payload; });
    entries = {};
    return sorted;
}

/// Checks that the routing weights of one source are shares of what it passes on.
void expect_shares(std::span<const WeightedArc> row) {
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
std::span<WeightedArc> merge_and_normalise(std::span<WeightedArc> row,
                                           const topology::Traits& traits) {
    std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) {
        return std::tie(a.neighbour, a.weight, a.survival) <
               std::tie(b.neighbour, b.weight, b.survival);
    });
    std::size_t size = 0;
    for (std::size_t i = 0; i < row.size();) {
        WeightedArc merged = row[i];
        double low = merged.survival, high = merged.survival;
        std::size_t j = i + 1;
        for (; j < row.size() && row[j].neighbour == merged.neighbour; ++j) {
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
        auto entries = generate<AgentId>(topology, [](const topology::Arc& arc) {
            return Entry<AgentId>{arc.target, arc.source};
        });
        GlobalRows in;
        mpi::together(comm_, [&] {
            auto rows = sort_into_rows(entries, owned_);
            in.offsets.assign(1, 0);
            in.offsets.reserve(owned_.size() + 1);
            auto kept = rows.payloads.begin();  // parallel arcs count once, so later rows move up
            for (std::size_t r = 0; r < owned_.size(); ++r) {
                const auto row = rows.row(r);
                std::sort(row.begin(), row.end());
                kept = std::unique_copy(row.begin(), row.end(), kept);
                in.offsets.push_back(static_cast<std::uint64_t>(kept - rows.payloads.begin()));
            }
            rows.payloads.erase(kept, rows.payloads.end());
            in.neighbours = std::move(rows.payloads);
        });
        return in;
    }

    /// Out-rows first: their owner merges parallel arcs and normalises the routing of the source,
    /// in an order that does not depend on which rank generated which arc. Then each arc is sent to
    /// the owner of its target.
    GatheredRows weighted(const topology::Topology& topology, ArcStorage storage) {
        auto entries = generate<WeightedArc>(topology, [](const topology::Arc& arc) {
            return Entry<WeightedArc>{arc.source, {arc.target, arc.weight, arc.survival}};
        });
        return weighted([&] { return sort_into_rows(entries, owned_); }, storage);
    }
    GatheredRows weighted(std::span<const RoutedArc> arcs) {
        return weighted([&] { return GroupedArcs(arcs, owned_); }, ArcStorage::weighted);
    }

  private:
    /// `make_rows` gives the arcs out of owned agents as rows.
    template <class MakeRows>
    GatheredRows weighted(MakeRows make_rows, ArcStorage storage) {
        GatheredRows rows;
        auto arriving = route_to_targets(make_rows, rows.out, storage);
        mpi::together(comm_, [&] { rows.in = rows_by_target(arriving); });
        return rows;
    }

    /// Generates arcs in rounds of bounded size and passes each to `entry_of`, which names the
    /// agent whose owner gets it.
    template <class Payload, class EntryOf>
    std::vector<Entry<Payload>> generate(const topology::Topology& topology, EntryOf entry_of) {
        constexpr std::int64_t arcs_per_round = std::int64_t{1} << 21;
        const std::int64_t ranks = comm_.size();
        const std::int64_t expected = std::max<std::int64_t>(traits_.expected_arcs, 0);
        const std::int64_t rounds = comm_.max(1 + expected / ranks / arcs_per_round);
        std::vector<Entry<Payload>> entries;
        std::vector<std::vector<Entry<Payload>>> send(static_cast<std::size_t>(ranks));
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

    template <class Payload>
    void keep_or_send(const Entry<Payload>& entry, std::vector<Entry<Payload>>& mine,
                      std::vector<std::vector<Entry<Payload>>>& send) const {
        const int owner = comm_.size() == 1 ? 0 : partition_.owner(entry.row);
        if (owner == comm_.rank()) {
            mine.push_back(entry);
        } else {
            send[static_cast<std::size_t>(owner)].push_back(entry);
        }
    }

    template <class Payload>
    void append_received(std::vector<Entry<Payload>>& entries,
                         const std::vector<std::vector<Entry<Payload>>>& send) {
        if (comm_.size() == 1) return;
        const auto received = comm_.exchange(send);
        entries.insert(entries.end(), received.begin(), received.end());
    }

    /// Collective. Fills the out-rows; returns the arcs into owned agents.
    template <class MakeRows>
    std::vector<Entry<ArrivingArc>> route_to_targets(MakeRows make_rows, GlobalRows& out,
                                                     ArcStorage storage) {
        std::vector<Entry<ArrivingArc>> arriving;
        std::vector<std::vector<Entry<ArrivingArc>>> send(static_cast<std::size_t>(comm_.size()));
        mpi::together(comm_, [&] {
            auto rows = make_rows();
            out.offsets.assign(1, 0);
            out.neighbours.reserve(rows.size());
            out.coefficients.reserve(rows.size());
            if (storage == ArcStorage::weighted) out.survivals.reserve(rows.size());
            arriving.reserve(rows.size());
            for (std::size_t r = 0; r < owned_.size(); ++r) {
                for (const auto& arc : merge_and_normalise(rows.row(r), traits_)) {
                    const double coefficient = arc.weight * arc.survival;
                    out.neighbours.push_back(arc.neighbour);
                    out.coefficients.push_back(coefficient);
                    if (storage == ArcStorage::weighted) out.survivals.push_back(arc.survival);
                    keep_or_send({arc.neighbour, {owned_[r], coefficient}}, arriving, send);
                }
                out.offsets.push_back(out.neighbours.size());
            }
        });
        append_received(arriving, send);
        return arriving;
    }

    /// Counting sort by target. The arcs of one sender come by ascending source, so that a row is
    /// out of order only where several ranks sent to it.
    GlobalRows rows_by_target(std::vector<Entry<ArrivingArc>>& arriving) const {
        GlobalRows in;
        in.offsets = offsets_of(arriving, owned_, [](const auto& entry) { return entry.row; });
        std::vector<std::uint64_t> next(in.offsets.begin(), in.offsets.end() - 1);
        in.neighbours.resize(arriving.size());
        in.coefficients.resize(arriving.size());
        for (const auto& [target, arc] : arriving) {
            const std::uint64_t at = next[static_cast<std::size_t>(owned_.find(target))]++;
            in.neighbours[at] = arc.source;
            in.coefficients[at] = arc.coefficient;
        }
        arriving = {};
        std::vector<ArrivingArc> row;
        for (std::size_t r = 0; r < owned_.size(); ++r) {
            const auto sources =
                std::span(in.neighbours).subspan(in.offsets[r], in.offsets[r + 1] - in.offsets[r]);
            if (std::ranges::is_sorted(sources)) continue;
            double* coefficients = in.coefficients.data() + in.offsets[r];
            row.clear();
            for (std::size_t n = 0; n < sources.size(); ++n) {
                row.push_back({sources[n], coefficients[n]});
            }
            std::sort(row.begin(), row.end());
            for (std::size_t n = 0; n < row.size(); ++n) {
                sources[n] = row[n].source;
                coefficients[n] = row[n].coefficient;
            }
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
