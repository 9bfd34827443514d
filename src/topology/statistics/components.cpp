// Weak and strong components, by Boost.Graph.
#include <algorithm>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/strong_components.hpp>

#include "topology/statistics/csr_graph.hpp"
#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

/// A property map over agents that writes into a vector.
template <class T>
auto map_over(std::vector<T>& values) {
    return boost::make_iterator_property_map(values.begin(),
                                             boost::typed_identity_property_map<AgentId>());
}

}  // namespace

Components connected_components(const Csr& simple) {
    const CsrGraph<boost::undirected_tag> graph{&simple};
    const auto agents = static_cast<std::size_t>(simple.agents);
    Components result;
    result.of.resize(agents);
    std::vector<boost::default_color_type> colours(agents);
    result.count = boost::connected_components(graph, map_over(result.of),
                                               boost::color_map(map_over(colours)));
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(result.count), 0);
    for (const std::int32_t component : result.of) sizes[static_cast<std::size_t>(component)] += 1;
    if (!sizes.empty()) result.largest = std::ranges::max(sizes);
    return result;
}

std::int64_t count_strong_components(const Csr& rows) {
    const CsrGraph<boost::directed_tag> graph{&rows};
    const auto agents = static_cast<std::size_t>(rows.agents);
    std::vector<std::int32_t> component(agents), discovered(agents);
    std::vector<AgentId> roots(agents);
    std::vector<boost::default_color_type> colours(agents);
    return boost::strong_components(graph, map_over(component),
                                    boost::root_map(map_over(roots))
                                        .discover_time_map(map_over(discovered))
                                        .color_map(map_over(colours)));
}

}  // namespace motley::topology
