#include "links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "motley/core/random.hpp"
#include "selection.hpp"

namespace motley::experiment {
namespace {

/// True for one of the two directions of a link, so that links can be counted: from the lesser id,
/// or the only direction that there is. A loop has one.
template <class Real>
bool counts(const network::DistributedGraph<Real>& graph, LocalId row, AgentId target) {
    const AgentId own = graph.ids()[row];
    if (own <= target) return true;
    const auto& in = graph.in();
    // Columns ascend by the ids of the neighbours.
    auto low = in.offsets[row], high = in.offsets[row + 1];
    while (low < high) {
        const auto middle = (low + high) / 2;
        const AgentId source = graph.agent_of(in.columns[middle]);
        if (source == target) return false;
        if (source < target) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return true;
}

}  // namespace

template <class Real>
std::vector<bool> selected_links(const job::Event& event, std::size_t index,
                                 const network::DistributedGraph<Real>& graph,
                                 const std::vector<std::uint64_t>& marks, std::uint64_t seed,
                                 const mpi::Communicator& comm) {
    const auto& out = graph.out();
    std::vector<std::uint64_t> keys(marks.size());
    std::vector<std::uint64_t> counted;  // keys of open links, each on one rank
    for (LocalId row = 0; row < graph.owned(); ++row) {
        for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
            const AgentId target = graph.agent_of(out.columns[e]);
            const std::uint64_t link = link_number(graph.ids()[row], target, graph.agents());
            keys[e] = Random(seed, Stream::event, link).bits(static_cast<std::uint32_t>(index));
            if (marks[e] == 0 && counts(graph, row, target)) counted.push_back(keys[e]);
        }
    }
    std::ranges::sort(counted);
    const std::int64_t all = comm.sum(std::ssize(counted));
    const std::int64_t wanted = number_taken(event.select, all);
    if (wanted > all) {
        refuse(index, event, fmt::format("closes {} links, but {} are open", wanted, all));
    }
    // The least key that enough links do not exceed, bit by bit.
    std::uint64_t most = 0;
    for (int bit = 63; bit >= 0; --bit) {
        const std::uint64_t tried = most + (std::uint64_t{1} << bit);
        const auto below = std::ranges::lower_bound(counted, tried) - counted.begin();
        if (comm.sum(static_cast<std::int64_t>(below)) < wanted) most = tried;
    }
    std::vector<bool> taken(keys.size());
    for (std::size_t e = 0; e < keys.size(); ++e) {
        taken[e] = wanted > 0 && marks[e] == 0 && keys[e] <= most;
    }
    return taken;
}

template std::vector<bool> selected_links(const job::Event&, std::size_t,
                                          const network::DistributedGraph<double>&,
                                          const std::vector<std::uint64_t>&, std::uint64_t,
                                          const mpi::Communicator&);
template std::vector<bool> selected_links(const job::Event&, std::size_t,
                                          const network::DistributedGraph<float>&,
                                          const std::vector<std::uint64_t>&, std::uint64_t,
                                          const mpi::Communicator&);

}  // namespace motley::experiment
