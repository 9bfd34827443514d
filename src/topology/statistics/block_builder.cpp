// Rows of one peer from arcs that all of them have.
#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "motley/core/error.hpp"
#include "topology/statistics/row_block.hpp"
#include "topology/statistics/rows.hpp"

namespace motley::topology {
namespace {

constexpr std::uint64_t has_values = std::uint64_t{1} << 63;

/// Sorts a row and moves its distinct targets to `to`; returns the end of them there. `seen` gets
/// how often each is there, where it is not null.
std::size_t keep_distinct(std::span<std::uint32_t> row, std::vector<std::uint32_t>& targets,
                          std::size_t to, std::vector<double>& seen) {
    if (!std::ranges::is_sorted(row)) std::ranges::sort(row);
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0 && row[i] == row[i - 1]) {
            if (seen.empty()) seen.assign(targets.size(), 1.0);
            seen[to - 1] += 1.0;
        } else {
            targets[to++] = row[i];
        }
    }
    return to;
}

/// Gives the targets local numbers and adds what the peers must know of each other.
RowBlock with_halo(const Blocks& blocks, std::vector<std::int64_t> offsets,
                   std::vector<std::uint32_t> targets, double survival, const Peers& peers) {
    Halo halo(blocks, targets, peers);
    if (peers.count() > 1) {
        for (std::uint32_t& target : targets) target = *halo.find(target);
    }
    return {blocks, std::move(halo), std::move(offsets), std::move(targets), {}, {}, survival};
}

}  // namespace

BlockBuilder::BlockBuilder(AgentId agents, double survival, const Peers& peers)
    : blocks_(agents, peers.count()),
      survival_(survival),
      peers_(peers),
      to_(static_cast<std::size_t>(peers.count())) {
    constexpr AgentId most = std::numeric_limits<std::uint32_t>::max();
    if (agents > most) {
        throw usage_error("statistics of graphs are for up to " + std::to_string(most) +
                          " agents; this one has " + std::to_string(agents));
    }
}

void BlockBuilder::add(const Arc& arc) {
    const int me = peers_.place();
    AgentId row = arc.source - blocks_.first(me);
    int owner = me;
    if (row < 0 || row >= static_cast<AgentId>(blocks_.size(me))) {
        owner = blocks_.owner(arc.source);
        row = arc.source - blocks_.first(owner);
    }
    Batch& batch = to_[static_cast<std::size_t>(owner)];
    const bool valued = arc.weight != 1.0 || arc.survival != survival_;
    if (valued && batch.weights.empty()) {
        batch.weights.assign(batch.ends.size(), 1.0);
        batch.survivals.assign(batch.ends.size(), survival_);
    }
    if (valued || !batch.weights.empty()) {
        batch.weights.push_back(arc.weight);
        batch.survivals.push_back(arc.survival);
    }
    batch.ends.push_back(static_cast<std::uint64_t>(row) << 32 |
                         static_cast<std::uint64_t>(arc.target));
}

void BlockBuilder::pass_on() {
    Letters letters(peers_);
    for (int peer = 0; peer < peers_.count(); ++peer) {
        Batch batch = std::exchange(to_[static_cast<std::size_t>(peer)], {});
        if (batch.ends.empty()) continue;
        if (peer == peers_.place()) {
            received_.push_back(std::move(batch));
            continue;
        }
        Peers::Words& letter = letters.to(peer);
        letter.push_back(batch.ends.size() | (batch.weights.empty() ? 0 : has_values));
        letter.insert(letter.end(), batch.ends.begin(), batch.ends.end());
        for (const double weight : batch.weights) letter.push_back(to_word(weight));
        for (const double survival : batch.survivals) letter.push_back(to_word(survival));
    }
    if (peers_.count() == 1) return;
    letters.deliver([&](int, std::span<const std::uint64_t> letter) {
        if (!letter.empty()) read(letter);
    });
}

void BlockBuilder::read(std::span<const std::uint64_t> letter) {
    const auto count = static_cast<std::size_t>(letter[0] & ~has_values);
    const auto ends = letter.subspan(1, count);
    Batch batch;
    batch.ends.assign(ends.begin(), ends.end());
    if ((letter[0] & has_values) != 0) {
        for (const std::uint64_t word : letter.subspan(1 + count, count)) {
            batch.weights.push_back(from_word<double>(word));
        }
        for (const std::uint64_t word : letter.subspan(1 + 2 * count, count)) {
            batch.survivals.push_back(from_word<double>(word));
        }
    }
    received_.push_back(std::move(batch));
}

RowBlock BlockBuilder::finish(bool sum) {
    pass_on();
    to_ = {};
    const bool valued =
        std::ranges::any_of(received_, [](const Batch& b) { return !b.weights.empty(); });
    return valued ? finish_valued(sum) : finish_uniform(sum);
}

RowBlock BlockBuilder::finish_uniform(bool sum) {
    std::vector<std::int64_t> offsets(blocks_.size(peers_.place()) + 1, 0);
    for (const Batch& batch : received_) {
        for (const std::uint64_t ends : batch.ends) offsets[(ends >> 32) + 1] += 1;
    }
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    std::vector<std::uint32_t> targets(static_cast<std::size_t>(offsets.back()));
    for (Batch& batch : received_) {
        // offsets[r] is the place of the next arc of row r, and its end when all are placed.
        for (const std::uint64_t ends : batch.ends) {
            targets[static_cast<std::size_t>(offsets[ends >> 32]++)] =
                static_cast<std::uint32_t>(ends);
        }
        batch = {};
    }
    received_ = {};
    std::vector<double> seen;
    std::size_t kept = 0;
    for (std::size_t r = 0, begin = 0; r + 1 < offsets.size(); ++r) {
        const auto end = static_cast<std::size_t>(offsets[r]);
        offsets[r] = static_cast<std::int64_t>(kept);
        kept = keep_distinct(std::span(targets).subspan(begin, end - begin), targets, kept, seen);
        begin = end;
    }
    offsets.back() = static_cast<std::int64_t>(kept);
    targets.resize(kept);
    RowBlock block = with_halo(blocks_, std::move(offsets), std::move(targets), survival_, peers_);
    if (sum && !seen.empty()) {
        seen.resize(kept);
        block.weights = std::move(seen);
    }
    return block;
}

RowBlock BlockBuilder::finish_valued(bool sum) {
    const auto source = [](std::uint64_t ends) { return static_cast<AgentId>(ends >> 32); };
    RowBuilder builder(static_cast<AgentId>(blocks_.size(peers_.place())));
    for (const Batch& batch : received_) {
        for (const std::uint64_t ends : batch.ends) builder.count(source(ends));
    }
    builder.allocate();
    for (Batch& batch : received_) {
        for (std::size_t i = 0; i < batch.ends.size(); ++i) {
            const bool valued = !batch.weights.empty();
            builder.add({source(batch.ends[i]), static_cast<std::uint32_t>(batch.ends[i]),
                         valued ? batch.weights[i] : 1.0, valued ? batch.survivals[i] : survival_});
        }
        batch = {};
    }
    received_ = {};
    Csr rows = builder.finish(sum, survival_);
    std::vector<std::uint32_t> targets(rows.targets.begin(), rows.targets.end());
    rows.targets = {};
    RowBlock block =
        with_halo(blocks_, std::move(rows.offsets), std::move(targets), survival_, peers_);
    block.weights = std::move(rows.weights);
    block.survivals = std::move(rows.survivals);
    return block;
}

RowBlock block_of(const Topology& topology, const Peers& peers) {
    const Traits traits = topology.traits();
    // Arcs that are not passed on at once take memory.
    constexpr std::int64_t least = 8, most = 256, arcs_at_a_time = std::int64_t{1} << 21;
    const std::int64_t pieces =
        std::clamp(traits.expected_arcs / arcs_at_a_time / peers.count(), least, most);
    BlockBuilder builder(topology.agents(), traits.survival, peers);
    for (std::int64_t piece = 0; piece < pieces; ++piece) {
        topology.arcs(peers.place() * pieces + piece, peers.count() * pieces,
                      [&](std::span<const Arc> arcs) {
                          for (const Arc& arc : arcs) builder.add(arc);
                      });
        builder.pass_on();
    }
    return builder.finish(traits.sum_parallel);
}

RowBlock block_of(const Csr& rows) {
    const Alone alone;
    std::vector<std::uint32_t> targets(rows.targets.begin(), rows.targets.end());
    RowBlock block =
        with_halo(Blocks(rows.agents, 1), rows.offsets, std::move(targets), 1.0, alone);
    block.weights = rows.weights;
    block.survivals = rows.survivals;
    return block;
}

}  // namespace motley::topology
