// From a topology and a partition to the rows, ghosts and exchange plan of this rank.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "motley/network/network.hpp"

namespace motley::network {
namespace {

/// Global id -> position in the ascending list of owned ids, or -1.
class OwnedIndex {
  public:
    explicit OwnedIndex(std::span<const AgentId> ids, AgentId agents) : ids_(ids) {
        if (ids.empty()) return;
        contiguous_ = ids.back() - ids.front() + 1 == static_cast<AgentId>(ids.size());
        const auto owned = static_cast<AgentId>(ids.size());
        if (contiguous_ || agents > 16 * owned + (AgentId{1} << 20)) return;
        table_.assign(static_cast<std::size_t>(agents), -1);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            table_[static_cast<std::size_t>(ids[i])] = static_cast<std::int32_t>(i);
        }
    }
    std::int64_t find(AgentId id) const {
        if (ids_.empty()) return -1;
        if (contiguous_) return id >= ids_.front() && id <= ids_.back() ? id - ids_.front() : -1;
        if (!table_.empty()) return table_[static_cast<std::size_t>(id)];
        const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
        return at != ids_.end() && *at == id ? at - ids_.begin() : -1;
    }

  private:
    std::span<const AgentId> ids_;
    bool contiguous_ = false;
    std::vector<std::int32_t> table_;
};

/// Neighbours of owned agents by global id, in the order of the ascending owned ids.
struct GlobalRows {
    std::vector<std::uint64_t> offsets;
    std::vector<AgentId> neighbours;
    std::vector<double> coefficients;  ///< weighted only

    std::span<const AgentId> row(std::size_t i) const {
        return {neighbours.data() + offsets[i], offsets[i + 1] - offsets[i]};
    }
};

/// What travels to the owner of `row`, an agent, and becomes part of its row.
template <class Payload>
struct Entry {
    AgentId row;
    Payload payload;
};
struct WeightedArc {
    AgentId neighbour;
    double weight, survival;
};

struct RoutedArc {
    AgentId source;
    double coefficient;
    bool operator<(const RoutedArc& other) const { return source < other.source; }
};

template <class Payload>
struct SortedRows {
    std::vector<std::uint64_t> offsets;
    std::vector<Payload> payloads;
    std::span<Payload> row(std::size_t r) {
        return {payloads.data() + offsets[r], offsets[r + 1] - offsets[r]};
    }
};

/// Counting sort of received entries into rows, in the order of the owned ids; frees the entries.
template <class Payload>
SortedRows<Payload> sort_into_rows(std::vector<Entry<Payload>>& entries, const OwnedIndex& index,
                                   std::size_t rows) {
    SortedRows<Payload> sorted;
    sorted.offsets.assign(rows + 1, 0);
    for (auto& entry : entries) {
        entry.row = index.find(entry.row);
        sorted.offsets[static_cast<std::size_t>(entry.row) + 1] += 1;
    }
    std::partial_sum(sorted.offsets.begin(), sorted.offsets.end(), sorted.offsets.begin());
    std::vector<std::uint64_t> next(sorted.offsets.begin(), sorted.offsets.end() - 1);
    sorted.payloads.resize(entries.size());
    for (const auto& entry : entries) {
        sorted.payloads[next[static_cast<std::size_t>(entry.row)]++] = entry.payload;
    }
    entries = {};
    return sorted;
}

}  // namespace

template <class Real>
class Builder {
  public:
    Builder(const topology::Topology& topology, const partition::Partition& partition,
            const mpi::Communicator& comm)
        : topology_(topology),
          traits_(topology.traits()),
          partition_(partition),
          comm_(comm),
          sorted_(partition.owned(comm.rank())),
          index_(sorted_, topology.agents()) {}

    Network<Real> build() {
        network_.agents_ = topology_.agents();
        network_.hosts_ = topology_.hosts();
        network_.survival_ = traits_.survival;
        if (traits_.complete) {
            build_mean_field();
        } else if (traits_.symmetric_uniform) {
            network_.coupling_ = Coupling::uniform;
            if (!topology_.has_rows()) gather_uniform();
            build_rows();
        } else {
            network_.coupling_ = Coupling::weighted;
            network_.survival_ = 1.0;
            gather_weighted();
            build_rows();
        }
        return std::move(network_);
    }

  private:
    void build_mean_field() {
        mpi::together(comm_, [&] {
            network_.coupling_ = Coupling::mean_field;
            network_.ids_ = Buffer<AgentId>(sorted_.size());
            std::copy(sorted_.begin(), sorted_.end(), network_.ids_.begin());
            network_.interior_ = network_.owned();
            network_.arcs_ = static_cast<std::int64_t>(sorted_.size()) * (topology_.agents() - 1);
        });
    }

    /// Generates arcs in rounds of bounded size and hands each to `entry_of`, which says to which
    /// agent's owner it goes.
    template <class Payload, class EntryOf>
    std::vector<Entry<Payload>> gather_entries(EntryOf entry_of) {
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
                topology_.arcs(chunk, ranks * rounds, [&](std::span<const topology::Arc> arcs) {
                    for (const auto& arc : arcs) {
                        const Entry<Payload> entry = entry_of(arc);
                        keep_or_send(entry, entries, send);
                    }
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
                         std::vector<std::vector<Entry<Payload>>>& send) {
        if (comm_.size() == 1) return;
        const auto received = comm_.exchange(send);
        entries.insert(entries.end(), received.begin(), received.end());
    }

    void gather_uniform() {
        auto entries = gather_entries<AgentId>([](const topology::Arc& arc) {
            return Entry<AgentId>{arc.target, arc.source};
        });
        mpi::together(comm_, [&] {
            auto rows = sort_into_rows(entries, index_, sorted_.size());
            in_.offsets.assign(1, 0);
            in_.offsets.reserve(sorted_.size() + 1);
            auto kept = rows.payloads.begin();  // parallel arcs count once; rows move up
            for (std::size_t r = 0; r < sorted_.size(); ++r) {
                const auto row = rows.row(r);
                std::sort(row.begin(), row.end());
                kept = std::unique_copy(row.begin(), row.end(), kept);
                in_.offsets.push_back(static_cast<std::uint64_t>(kept - rows.payloads.begin()));
            }
            rows.payloads.erase(kept, rows.payloads.end());
            in_.neighbours = std::move(rows.payloads);
        });
    }

    /// Out-rows first: their owner merges parallel arcs and normalises the routing of the source,
    /// in an order that does not depend on who generated what. Then each arc goes to its target.
    void gather_weighted() {
        auto entries = gather_entries<WeightedArc>([](const topology::Arc& arc) {
            return Entry<WeightedArc>{arc.source, {arc.target, arc.weight, arc.survival}};
        });
        std::vector<Entry<RoutedArc>> arriving;
        std::vector<std::vector<Entry<RoutedArc>>> send(static_cast<std::size_t>(comm_.size()));
        mpi::together(comm_, [&] {
            auto rows = sort_into_rows(entries, index_, sorted_.size());
            out_.offsets.assign(1, 0);
            out_.neighbours.reserve(rows.payloads.size());
            out_.coefficients.reserve(rows.payloads.size());
            arriving.reserve(rows.payloads.size());
            for (std::size_t r = 0; r < sorted_.size(); ++r) {
                for (const auto& arc : merge_and_normalise(rows.row(r))) {
                    const double coefficient = arc.weight * arc.survival;
                    out_.neighbours.push_back(arc.neighbour);
                    out_.coefficients.push_back(coefficient);
                    keep_or_send({arc.neighbour, {sorted_[r], coefficient}}, arriving, send);
                }
                out_.offsets.push_back(out_.neighbours.size());
            }
        });
        append_received(arriving, send);
        send.clear();
        mpi::together(comm_, [&] {
            auto rows = sort_into_rows(arriving, index_, sorted_.size());
            in_.neighbours.reserve(rows.payloads.size());
            in_.coefficients.reserve(rows.payloads.size());
            for (std::size_t r = 0; r < sorted_.size(); ++r) {
                const auto row = rows.row(r);
                std::sort(row.begin(), row.end());
                for (const auto& [source, coefficient] : row) {
                    in_.neighbours.push_back(source);
                    in_.coefficients.push_back(coefficient);
                }
            }
            in_.offsets = std::move(rows.offsets);
        });
    }

    /// Merges parallel arcs of one source (weights add up, survival is their weighted mean) and
    /// scales the weights so that they sum to 1.
    std::span<WeightedArc> merge_and_normalise(std::span<WeightedArc> row) const {
        std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) {
            return std::tie(a.neighbour, a.weight, a.survival) <
                   std::tie(b.neighbour, b.weight, b.survival);
        });
        std::size_t size = 0;
        for (std::size_t i = 0; i < row.size();) {
            WeightedArc merged = row[i];
            double survived = merged.weight * merged.survival;
            std::size_t j = i + 1;
            for (; j < row.size() && row[j].neighbour == merged.neighbour; ++j) {
                if (!traits_.sum_parallel) continue;
                merged.weight += row[j].weight;
                survived += row[j].weight * row[j].survival;
            }
            if (j > i + 1 && traits_.sum_parallel) merged.survival = survived / merged.weight;
            if (!traits_.use_weights) merged.weight = 1.0;
            row[size++] = merged;
            i = j;
        }
        double total = 0.0;
        for (std::size_t i = 0; i < size; ++i) total += row[i].weight;
        for (std::size_t i = 0; i < size; ++i) row[i].weight /= total;
        return row.first(size);
    }

    /// Neighbours of owned agent number i (ascending ids), from memory or from the topology.
    std::span<const AgentId> in_row(std::size_t i) {
        if (!in_.offsets.empty()) return in_.row(i);
        topology_.row(sorted_[i], scratch_);
        return scratch_;
    }

    std::size_t in_size(std::size_t i) const {
        return in_.offsets.empty() ? degrees_[i] : in_.row(i).size();
    }

    std::int64_t ghost_key(AgentId id, int half) const {
        return network_.coupling_ == Coupling::uniform ? id : 2 * id + half;
    }
    AgentId key_agent(std::int64_t key) const {
        return network_.coupling_ == Coupling::uniform ? key : key / 2;
    }

    int key_half(std::int64_t key) const {
        return network_.coupling_ == Coupling::uniform ? 0 : static_cast<int>(key % 2);
    }

    void build_rows() {
        mpi::together(comm_, [&] {
            scan();
            order();
            request_ghosts();
        });
        make_plan();
        mpi::together(comm_, [&] {
            fill(network_.in_, in_.coefficients, 0);
            if (network_.coupling_ == Coupling::weighted) {
                in_ = {};
                std::swap(in_, out_);
                fill(network_.out_, in_.coefficients, 1);
            }
            in_ = {};
        });
    }

    /// First pass: row lengths, which rows touch another rank, and the ghosts they need.
    void scan() {
        boundary_.assign(sorted_.size(), 0);
        if (in_.offsets.empty()) degrees_.resize(sorted_.size());
        std::vector<std::int64_t> keys;
        const auto note = [&](std::size_t r, AgentId neighbour, int half) {
            if (index_.find(neighbour) >= 0) return;
            boundary_[r] = 1;
            keys.push_back(ghost_key(neighbour, half));
            if (keys.size() > (std::size_t{1} << 22) && keys.size() > 2 * distinct_) compact(keys);
        };
        for (std::size_t r = 0; r < sorted_.size(); ++r) {
            const auto row = in_row(r);
            if (in_.offsets.empty()) degrees_[r] = static_cast<std::uint32_t>(row.size());
            network_.arcs_ += static_cast<std::int64_t>(row.size());
            for (const AgentId neighbour : row) note(r, neighbour, 0);
            if (network_.coupling_ != Coupling::weighted) continue;
            for (const AgentId neighbour : out_.row(r)) note(r, neighbour, 1);
        }
        compact(keys);
        ghost_keys_ = std::move(keys);
    }

    void compact(std::vector<std::int64_t>& keys) {
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        distinct_ = keys.size();
    }

    /// Local order: interior rows, then boundary rows; within a window rows of equal length side
    /// by side, so that the processor foresees where the sums of a row end.
    void order() {
        network_.ids_ = Buffer<AgentId>(sorted_.size());
        local_.resize(sorted_.size());
        std::vector<std::size_t> rows;
        rows.reserve(sorted_.size());
        for (const char wanted : {0, 1}) {
            const std::size_t begin = rows.size();
            for (std::size_t r = 0; r < sorted_.size(); ++r) {
                if (boundary_[r] == wanted) rows.push_back(r);
            }
            for (std::size_t at = begin; at < rows.size(); at += length_window) {
                const auto end = rows.begin() + std::min(at + length_window, rows.size());
                std::stable_sort(rows.begin() + at, end, [&](std::size_t a, std::size_t b) {
                    return lengths(a) < lengths(b);
                });
            }
            if (wanted == 0) network_.interior_ = static_cast<LocalId>(rows.size());
        }
        for (std::size_t l = 0; l < rows.size(); ++l) {
            local_[rows[l]] = static_cast<LocalId>(l);
            network_.ids_[l] = sorted_[rows[l]];
        }
    }

    std::pair<std::size_t, std::size_t> lengths(std::size_t r) const {
        return {in_size(r), out_.offsets.empty() ? 0 : out_.row(r).size()};
    }

    /// Asks every owner for the ghosts that this rank needs, ascending by key.
    void request_ghosts() {
        network_.ghosts_ = static_cast<std::int64_t>(ghost_keys_.size());
        network_.plan_.first_ghost = static_cast<std::int64_t>(sorted_.size()) * units_per_agent();
        const std::int64_t units = network_.plan_.first_ghost + network_.ghosts_;
        if (units > std::numeric_limits<std::uint32_t>::max()) {
            throw usage_error("a rank would hold " + std::to_string(units) +
                              " rows, more than 2^32; use more ranks");
        }
        requests_.assign(static_cast<std::size_t>(comm_.size()), {});
        for (const std::int64_t key : ghost_keys_) {
            requests_[static_cast<std::size_t>(partition_.owner(key_agent(key)))].push_back(key);
        }
    }

    std::int64_t units_per_agent() const { return 2 / network_.halves_per_unit(); }

    /// Second pass: columns as units of the message buffer, by ascending global id in each row.
    void fill(Rows<Real>& rows, const std::vector<double>& coefficients, int half) {
        const std::size_t count = sorted_.size();
        rows.offsets = Buffer<std::uint64_t>(count + 1);
        rows.offsets[0] = 0;
        for (std::size_t r = 0; r < count; ++r) rows.offsets[local_[r] + 1] = in_size(r);
        for (std::size_t l = 0; l < count; ++l) rows.offsets[l + 1] += rows.offsets[l];
        const std::size_t arcs = rows.offsets[count];
        rows.columns = Buffer<std::uint32_t>(arcs + Rows<Real>::padding);
        std::fill(rows.columns.begin() + arcs, rows.columns.end(), 0U);
        const bool weighted = network_.coupling_ == Coupling::weighted;
        if (weighted) rows.weights = Buffer<Real>(arcs);
        for (std::size_t r = 0; r < count; ++r) {
            std::uint64_t at = rows.offsets[local_[r]];
            std::uint64_t from = weighted ? in_.offsets[r] : 0;
            for (const AgentId neighbour : in_row(r)) {
                if (weighted) rows.weights[at] = static_cast<Real>(coefficients[from++]);
                rows.columns[at++] = unit_of(neighbour, half);
            }
        }
    }

    std::uint32_t unit_of(AgentId agent, int half) const {
        const std::int64_t r = index_.find(agent);
        if (r >= 0) return unit_of_owned(r, half);
        return static_cast<std::uint32_t>(network_.plan_.first_ghost) +
               ghost_place_[ghost_number(ghost_key(agent, half))];
    }

    std::uint32_t unit_of_owned(std::int64_t r, int half) const {
        const std::int64_t unit = local_[static_cast<std::size_t>(r)] * units_per_agent();
        return static_cast<std::uint32_t>(units_per_agent() == 2 ? unit + half : unit);
    }

    /// Position among the ascending keys.
    std::size_t ghost_number(std::int64_t key) const {
        const auto at = std::lower_bound(ghost_keys_.begin(), ghost_keys_.end(), key);
        return static_cast<std::size_t>(at - ghost_keys_.begin());
    }

    /// Collective: tells owners which of their units are wanted here. They come in the owner's
    /// local order, so that rows that lie side by side travel side by side.
    void make_plan() {
        mpi::HaloPlan& plan = network_.plan_;
        std::vector<std::int64_t> counts;
        const std::vector<std::int64_t> asked = comm_.exchange(requests_, &counts);
        std::vector<std::vector<std::uint32_t>> places(counts.size());
        mpi::together(comm_, [&] {
            plan.send_offsets.push_back(0);
            for (std::size_t rank = 0; rank < counts.size(); ++rank) {
                if (counts[rank] == 0) continue;
                const std::int64_t begin = plan.send_offsets.back(), end = begin + counts[rank];
                places[rank] = add_to_send(std::span(asked).subspan(
                    static_cast<std::size_t>(begin), static_cast<std::size_t>(counts[rank])));
                plan.send_ranks.push_back(static_cast<int>(rank));
                plan.send_offsets.push_back(end);
            }
        });
        const std::vector<std::uint32_t> answers = comm_.exchange(places);
        mpi::together(comm_, [&] { place_ghosts(answers); });
    }

    /// Sends the asked units in ascending order; returns the place of each among them.
    std::vector<std::uint32_t> add_to_send(std::span<const std::int64_t> asked) {
        std::vector<std::uint32_t> units, order(asked.size()), places(asked.size());
        units.reserve(asked.size());
        for (const std::int64_t key : asked) {
            units.push_back(unit_of_owned(index_.find(key_agent(key)), key_half(key)));
        }
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return units[a] < units[b]; });
        for (std::size_t at = 0; at < order.size(); ++at) {
            network_.plan_.send_units.push_back(units[order[at]]);
            places[order[at]] = static_cast<std::uint32_t>(at);
        }
        return places;
    }

    /// `places` of the ghosts among those of their owner, by owner and ascending key.
    void place_ghosts(const std::vector<std::uint32_t>& places) {
        mpi::HaloPlan& plan = network_.plan_;
        plan.receive_offsets.push_back(0);
        network_.ghost_ids_ = Buffer<AgentId>(ghost_keys_.size());
        ghost_place_.resize(ghost_keys_.size());
        std::size_t answer = 0;
        for (std::size_t rank = 0; rank < requests_.size(); ++rank) {
            const std::int64_t before = plan.receive_offsets.back();
            for (const std::int64_t key : requests_[rank]) {
                const std::uint32_t place = static_cast<std::uint32_t>(before) + places[answer++];
                ghost_place_[ghost_number(key)] = place;
                network_.ghost_ids_[place] = key_agent(key);
            }
            if (requests_[rank].empty()) continue;
            plan.receive_ranks.push_back(static_cast<int>(rank));
            plan.receive_offsets.push_back(before +
                                           static_cast<std::int64_t>(requests_[rank].size()));
        }
        requests_ = {};
    }

    const topology::Topology& topology_;
    topology::Traits traits_;
    const partition::Partition& partition_;
    const mpi::Communicator& comm_;
    std::vector<AgentId> sorted_;  ///< owned ids, ascending
    OwnedIndex index_;
    GlobalRows in_, out_;
    std::vector<AgentId> scratch_;
    std::vector<char> boundary_;
    std::vector<std::uint32_t> degrees_;  ///< where rows come from the topology
    std::vector<LocalId> local_;          ///< sorted position -> local row
    std::vector<std::int64_t> ghost_keys_;
    std::vector<std::uint32_t> ghost_place_;
    std::size_t distinct_ = 0;
    std::vector<std::vector<std::int64_t>> requests_;
    Network<Real> network_;
};

template <class Real>
Network<Real> Network<Real>::build(const topology::Topology& topology,
                                   const partition::Partition& partition,
                                   const mpi::Communicator& comm) {
    return Builder<Real>(topology, partition, comm).build();
}

template class Builder<double>;
template class Builder<float>;
template Network<double> Network<double>::build(const topology::Topology&,
                                                const partition::Partition&,
                                                const mpi::Communicator&);
template Network<float> Network<float>::build(const topology::Topology&,
                                              const partition::Partition&,
                                              const mpi::Communicator&);

}  // namespace motley::network
