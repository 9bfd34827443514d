#include "fabric_failures.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <numeric>

#include "motley/redesign/fabric/failures.hpp"

namespace motley::redesign {
namespace {

/// Channels of all cases together that are solved at most for one part of a fabric.
constexpr std::int64_t most_channels = 40'000;

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    std::uint64_t x = a * 0x9E3779B97F4A7C15ULL + b;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

std::uint64_t bits_of(double number) {
    return std::bit_cast<std::uint64_t>(number);
}

/// A number that is the same for graphs which colour refinement does not tell apart. With the best
/// routing programmes on such graphs have the same optimum (M. Grohe, K. Kersting, M. Mladenov, E.
/// Selman 2014, arXiv:1307.5697). Shortest paths are not in the refinement: for ECMP and adaptive
/// routing it stands for the symmetry of the fabric, which is not proved.
std::uint64_t signature_of(const fabric::FabricGraph& graph, const serving::System& system) {
    const auto vertices = static_cast<std::size_t>(graph.vertices());
    std::vector<std::uint64_t> colours(vertices);
    std::map<int, std::vector<std::size_t>> nodes;
    for (std::size_t v = 0; v < vertices; ++v) {
        const bool host = v < system.hosts.size();
        const int type = host ? system.hosts[v].type : -2;
        colours[v] = mixed(static_cast<std::uint64_t>(type + 3), host ? 1 : 2);
        if (type >= 0) nodes[system.hosts[v].node].push_back(v);
    }
    std::size_t classes = 0;
    for (;;) {
        std::vector<std::uint64_t> next(vertices);
        for (const fabric::Channel& channel : graph.channels()) {
            const auto tail = static_cast<std::size_t>(channel.source);
            const auto head = static_cast<std::size_t>(channel.target);
            const std::uint64_t capacity = bits_of(channel.capacity);
            next[tail] += mixed(mixed(colours[head], capacity), 11);
            next[head] += mixed(mixed(colours[tail], capacity), 13);
        }
        for (const auto& [node, members] : nodes) {
            std::uint64_t sum = 0;
            for (const std::size_t v : members) sum += mixed(colours[v], 17);
            for (const std::size_t v : members) next[v] += mixed(sum, 19);
        }
        for (std::size_t v = 0; v < vertices; ++v) colours[v] = mixed(colours[v], next[v]);
        std::vector<std::uint64_t> sorted = colours;
        std::ranges::sort(sorted);
        const auto all = sorted;
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        if (sorted.size() == classes) {
            return std::accumulate(all.begin(), all.end(), std::uint64_t{0}, mixed);
        }
        classes = sorted.size();
    }
}

/// Computes `of(i)` for i < count, spread over the ranks in turn. Returns all of them in order on
/// every rank.
template <class Value, class Of>
std::vector<Value> over_ranks(const mpi::Communicator& comm, std::size_t count, Of of) {
    struct Numbered {
        std::size_t index;
        Value value;
    };
    std::vector<Numbered> own;
    mpi::together(comm, [&] {
        for (auto i = static_cast<std::size_t>(comm.rank()); i < count;
             i += static_cast<std::size_t>(comm.size())) {
            own.push_back({i, of(i)});
        }
    });
    std::vector<Value> out(count);
    for (const Numbered& each : comm.all_gather(own)) out[each.index] = each.value;
    return out;
}

std::vector<fabric::Failure> nodes_of(const DesignFabric& design) {
    std::map<std::size_t, fabric::Failure> nodes;
    if (design.pipeline) {  // a stage is a node
        for (const serving::Stage& stage : design.pipeline->stages) {
            nodes[static_cast<std::size_t>(stage.vertex)] = {
                {stage.vertex}, {}, "node of " + design.graph.name(stage.vertex)};
        }
    }
    for (std::size_t host = 0; host < design.seats.size(); ++host) {
        fabric::Failure& node = nodes[design.seats[host].node];
        node.vertices.push_back(static_cast<int>(host));
        node.name = "node of " + design.graph.name(node.vertices.front());
    }
    std::vector<fabric::Failure> out;
    for (auto& [number, failure] : nodes) out.push_back(std::move(failure));
    return out;
}

/// Racks that carry a device; an empty one loses nothing but its switch.
std::vector<fabric::Failure> failures_of(const DesignFabric& design, const std::string& part) {
    if (part == "node") return nodes_of(design);
    if (part == "link") return fabric::every(design.graph, fabric::FabricPart::link);
    if (part == "switch") return fabric::every(design.graph, fabric::FabricPart::switches);
    return fabric::every(design.graph, fabric::FabricPart::rack);
}

/// Sums of a failure over the channels that it takes away.
struct LostChannels {
    double price = 0.0;  ///< price times capacity: what it costs at least, by the dual programme
    double load = 0.0;   ///< with nothing on them, and no device lost, theta stays
};
LostChannels lost_by(const DesignFabric& design, const serving::Outcome& whole,
                     const fabric::Failure& failure) {
    LostChannels sum;
    const auto lost = [&](int vertex) {
        return std::ranges::find(failure.vertices, vertex) != failure.vertices.end();
    };
    const auto& channels = design.graph.channels();
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const auto ends = std::pair(channels[c].source, channels[c].target);
        const bool cut = std::ranges::any_of(failure.links, [&](const auto& link) {
            return link == ends || std::pair(link.second, link.first) == ends;
        });
        if (!cut && !lost(ends.first) && !lost(ends.second)) continue;
        sum.price += whole.prices[c] * channels[c].capacity;
        sum.load += whole.loads[c];
    }
    return sum;
}

/// The dearest failures first, at most `most`.
void keep_dearest(const DesignFabric& design, const serving::Outcome& whole, std::size_t most,
                  std::vector<fabric::Failure>& failures) {
    if (failures.size() <= most) return;
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < failures.size(); ++i) {
        order.emplace_back(-lost_by(design, whole, failures[i]).price, i);
    }
    std::ranges::sort(order);
    std::vector<fabric::Failure> kept;
    for (std::size_t i = 0; i < most; ++i) kept.push_back(std::move(failures[order[i].second]));
    failures = std::move(kept);
}

bool disconnects(const fabric::FabricGraph& left) {
    try {
        fabric::require_connected(left);
    } catch (const Error&) {
        return true;
    }
    return false;
}

struct AfterFailure {
    double low = 0.0, high = 0.0;
};

/// Leaves out failures that change nothing: no device is lost, and no flow.
void leave_out_harmless(const DesignFabric& design, const serving::Outcome& whole,
                        std::vector<fabric::Failure>& failures) {
    const auto loses_device = [&](const fabric::Failure& failure) {
        return std::ranges::any_of(failure.vertices, [&](int vertex) {
            return vertex < design.graph.hosts() &&
                   design.system.hosts[static_cast<std::size_t>(vertex)].type >= 0;
        });
    };
    std::erase_if(failures, [&](const fabric::Failure& failure) {
        return !loses_device(failure) && lost_by(design, whole, failure).load <= 0.0;
    });
}

FabricLoss loss_of(const DesignFabric& design, const std::string& part,
                   const serving::Outcome& whole, double theta, const mpi::Communicator& comm) {
    std::vector<fabric::Failure> failures = failures_of(design, part);
    FabricLoss loss;
    loss.part = part;
    loss.possible = std::ssize(failures);
    if (failures.empty()) return loss;
    loss.worst = failures.front().name;
    loss.theta = theta;
    loss.bound = {theta, theta};
    leave_out_harmless(design, whole, failures);
    const auto left = [&](std::size_t i) { return design.graph.without(failures[i]); };
    // Groups of collectives are not in the signature.
    std::map<std::uint64_t, std::size_t> alike;
    if (design.system.collectives.empty()) {
        const auto signatures =
            over_ranks<std::uint64_t>(comm, failures.size(), [&](std::size_t i) {
                const auto graph = left(i);
                return signature_of(graph, after_failure(design.system, graph));
            });
        std::vector<fabric::Failure> unlike;
        for (std::size_t i = 0; i < failures.size(); ++i) {
            const bool first = alike.try_emplace(signatures[i], i).second;
            if (first) unlike.push_back(failures[i]);
        }
        failures = std::move(unlike);
    }
    const std::int64_t unlike = std::ssize(failures);
    const auto channels = static_cast<std::int64_t>(design.graph.channels().size());
    const std::int64_t most =
        std::min(design.failures, std::max<std::int64_t>(8, most_channels / channels));
    keep_dearest(design, whole, static_cast<std::size_t>(most), failures);
    loss.tried = std::ssize(failures) == unlike ? loss.possible : std::ssize(failures);
    const auto tried = over_ranks<AfterFailure>(comm, failures.size(), [&](std::size_t i) {
        const auto graph = left(i);
        const auto outcome = served_on(design, graph);
        return AfterFailure{outcome.low, outcome.high};
    });
    if (tried.empty()) {
        loss.tried = loss.possible;
        return loss;
    }
    for (std::size_t i = 0; i < failures.size(); ++i) {
        // The links of a pipeline may go one way, so that nothing but units need a path.
        const bool cut = design.pipeline ? !(tried[i].low > 0.0) : disconnects(left(i));
        loss.disconnecting += cut ? 1 : 0;
    }
    const auto worst = std::ranges::min_element(tried, {}, &AfterFailure::low);
    loss.worst = failures[static_cast<std::size_t>(worst - tried.begin())].name;
    loss.theta = std::min(worst->low, theta);
    loss.bound = {std::min(worst->low, theta), std::min(worst->high, theta)};
    return loss;
}

}  // namespace

std::vector<FabricLoss> losses_of(const DesignFabric& design, const serving::Outcome& whole,
                                  double theta, const mpi::Communicator& comm) {
    std::vector<FabricLoss> out;
    if (design.failures == 0) return out;
    for (const char* part : {"node", "link", "switch", "rack"}) {
        FabricLoss loss = loss_of(design, part, whole, theta, comm);
        if (loss.possible > 0) out.push_back(std::move(loss));
    }
    return out;
}

}  // namespace motley::redesign
