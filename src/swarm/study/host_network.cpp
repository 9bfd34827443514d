#include "host_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <queue>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"

namespace motley::swarm {

HostNetwork::HostNetwork(const topology::Topology& topology)
    : hosts_(static_cast<std::size_t>(topology.hosts())),
      arcs_(static_cast<std::size_t>(topology.agents())),
      length_(hosts_ * hosts_),
      links_(hosts_ * hosts_),
      before_(hosts_ * arcs_.size()) {
    topology.arcs(0, 1, [&](std::span<const topology::Arc> arcs) {
        for (const topology::Arc& arc : arcs) {
            const double length = topology.link(arc.source, arc.target).length;
            arcs_[static_cast<std::size_t>(arc.source)].push_back(
                {static_cast<std::uint32_t>(arc.target), length});
        }
    });
    for (auto& row : arcs_) std::ranges::sort(row, {}, &Arc::to);
    for (std::size_t host = 0; host < hosts_; ++host) find_ways(host);
}

void HostNetwork::find_ways(std::size_t from) {
    constexpr double unreached = std::numeric_limits<double>::infinity();
    const std::size_t vertices = arcs_.size();
    std::vector<double> length(vertices, unreached);
    std::vector<int> links(vertices);
    std::uint32_t* before = before_.data() + from * vertices;
    using Entry = std::pair<double, std::uint32_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    length[from] = 0.0;
    open.emplace(0.0, static_cast<std::uint32_t>(from));
    std::vector<std::uint8_t> done(vertices);
    while (!open.empty()) {
        const std::uint32_t at = open.top().second;
        open.pop();
        if (done[at] != 0) continue;
        done[at] = 1;
        order_.push_back(at);
        for (const Arc& arc : arcs_[at]) {
            const double there = length[at] + arc.length;
            if (there >= length[arc.to]) continue;
            length[arc.to] = there;
            links[arc.to] = links[at] + 1;
            before[arc.to] = at;
            open.emplace(there, arc.to);
        }
    }
    if (std::ranges::find(done, std::uint8_t{0}) != done.end()) {
        throw usage_error(
            "'place.topology' is not connected: sites on some hosts cannot reach others; take a "
            "connected network");
    }
    for (std::size_t to = 0; to < hosts_; ++to) {
        length_[from * hosts_ + to] = length[to];
        links_[from * hosts_ + to] = links[to];
    }
}

std::int64_t HostNetwork::busiest(const std::vector<std::int64_t>& bytes) const {
    const std::size_t vertices = arcs_.size();
    std::vector<std::vector<std::int64_t>> load(vertices);
    for (std::size_t v = 0; v < vertices; ++v) load[v].resize(arcs_[v].size());
    std::vector<std::int64_t> passing(vertices);
    for (std::size_t from = 0; from < hosts_; ++from) {
        std::ranges::fill(passing, 0);
        for (std::size_t to = 0; to < hosts_; ++to) passing[to] = bytes[from * hosts_ + to];
        // From the far end on, each vertex hands what passes it to the one before it.
        for (std::size_t i = vertices; i-- > 1;) {
            const std::uint32_t at = order_[from * vertices + i];
            const std::uint32_t before = before_[from * vertices + at];
            const auto arc = std::ranges::lower_bound(arcs_[before], at, {}, &Arc::to);
            load[before][static_cast<std::size_t>(arc - arcs_[before].begin())] += passing[at];
            passing[before] += passing[at];
        }
    }
    std::int64_t most = 0;
    for (const auto& row : load) {
        for (const std::int64_t each : row) most = std::max(most, each);
    }
    return most;
}

HostTraffic::HostTraffic(const HostNetwork& network, job::SwarmPlacement placement,
                         std::int64_t sites, std::uint64_t seed)
    : network_(network),
      host_(static_cast<std::size_t>(sites)),
      bytes_(network.hosts() * network.hosts()),
      messages_(network.hosts() * network.hosts()) {
    for (std::size_t site = 0; site < host_.size(); ++site) {
        const std::uint64_t host =
            placement == job::SwarmPlacement::packed
                ? site * network.hosts() / host_.size()
                : Random(seed, Stream::partition, (std::uint64_t{1} << 40) + site)
                      .below(network.hosts(), 0);
        host_[site] = static_cast<std::uint32_t>(host);
    }
}

void HostTraffic::message(Site from, Site to, std::int64_t bytes) {
    const std::size_t pair = host_[from] * network_.hosts() + host_[to];
    bytes_[pair] += bytes;
    ++messages_[pair];
}

void HostTraffic::lookup(Site from, std::span<const Site> path) {
    if (path.empty()) return;
    direct_.add(network_.length(host_[from], host_[path.back()]));
    for (const Site next : path) {
        walked_.add(network_.length(host_[from], host_[next]));
        from = next;
    }
}

std::vector<record::SeriesColumn> HostTraffic::by_pair(const mpi::Communicator& comm) const {
    std::vector<std::int64_t> bytes = bytes_, messages = messages_;
    comm.sum(std::span(bytes));
    comm.sum(std::span(messages));
    record::SeriesColumn pair{"pair", "1", "host from x hosts + host to", {}};
    for (std::size_t p = 0; p < bytes.size(); ++p) pair.values.push_back(static_cast<double>(p));
    return {pair,
            {"bytes", "B", "bytes sent so far", {bytes.begin(), bytes.end()}},
            {"messages", "1", "messages sent so far", {messages.begin(), messages.end()}}};
}

std::vector<record::SeriesColumn> HostTraffic::by_chunk(const mpi::Communicator& comm) const {
    ExactSum lengths[2] = {walked_, direct_};
    comm.sum(lengths);
    const auto walked = lengths[0].export_chunks(), direct = lengths[1].export_chunks();
    record::SeriesColumn chunk{"chunk", "1", "of an exact sum", {}};
    for (std::size_t c = 0; c < walked.size(); ++c) chunk.values.push_back(static_cast<double>(c));
    return {chunk,
            {"walked", "1", "lengths that lookups went", {walked.begin(), walked.end()}},
            {"direct", "1", "lengths of their shortest ways", {direct.begin(), direct.end()}}};
}

void HostTraffic::restore(std::span<const double> bytes, std::span<const double> messages,
                          std::span<const double> walked, std::span<const double> direct) {
    std::ranges::transform(bytes, bytes_.begin(), [](double b) { return std::llround(b); });
    std::ranges::transform(messages, messages_.begin(), [](double m) { return std::llround(m); });
    const auto sum_of = [](std::span<const double> chunks_of_sum) {
        std::array<std::int64_t, chunks> whole{};
        std::ranges::transform(chunks_of_sum, whole.begin(),
                               [](double c) { return std::llround(c); });
        return ExactSum::import_chunks(whole.data());
    };
    walked_ = sum_of(walked);
    direct_ = sum_of(direct);
}

PlaceLoad HostTraffic::load(const mpi::Communicator& comm) {
    comm.sum(std::span(bytes_));
    comm.sum(std::span(messages_));
    ExactSum lengths[2] = {walked_, direct_};
    comm.sum(lengths);
    PlaceLoad load;
    std::int64_t links = 0, messages = 0, total = 0;
    for (std::size_t from = 0; from < network_.hosts(); ++from) {
        for (std::size_t to = 0; to < network_.hosts(); ++to) {
            const std::size_t pair = from * network_.hosts() + to;
            links += messages_[pair] * network_.links(from, to);
            messages += messages_[pair];
            total += bytes_[pair] * network_.links(from, to);
        }
    }
    const double direct = lengths[1].value();
    load.hops =
        messages > 0 ? static_cast<double>(links) / static_cast<double>(messages) : std::nan("");
    load.stretch = direct > 0.0 ? lengths[0].value() / direct : std::nan("");
    load.busiest = static_cast<double>(network_.busiest(bytes_));
    load.total = static_cast<double>(total);
    return load;
}

}  // namespace motley::swarm
