// Compressed rows as a Boost.Graph graph: models VertexListGraph and IncidenceGraph without a copy.
#pragma once

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <utility>

#include "motley/topology/graph_statistics.hpp"

namespace motley::topology {

/// `Direction`: boost::directed_tag, or boost::undirected_tag for rows that hold both directions.
template <class Direction>
struct CsrGraph {
    const Csr* rows;

    struct Edge {
        AgentId source = 0;
        std::int64_t index = 0;  ///< place in rows->targets
        friend bool operator==(const Edge&, const Edge&) = default;
    };

    class EdgeIterator : public boost::iterator_facade<EdgeIterator, Edge,
                                                       boost::random_access_traversal_tag, Edge> {
      public:
        EdgeIterator() = default;
        explicit EdgeIterator(Edge edge) : edge_(edge) {}

      private:
        friend class boost::iterator_core_access;
        Edge dereference() const { return edge_; }
        bool equal(const EdgeIterator& other) const { return edge_.index == other.edge_.index; }
        void increment() { edge_.index += 1; }
        void decrement() { edge_.index -= 1; }
        void advance(std::ptrdiff_t n) { edge_.index += n; }
        std::ptrdiff_t distance_to(const EdgeIterator& other) const {
            return other.edge_.index - edge_.index;
        }

        Edge edge_;
    };

    struct Traversal : boost::incidence_graph_tag, boost::vertex_list_graph_tag {};

    // The names that boost::graph_traits looks for.
    using vertex_descriptor = AgentId;
    using edge_descriptor = Edge;
    using directed_category = Direction;
    using edge_parallel_category = boost::disallow_parallel_edge_tag;
    using traversal_category = Traversal;
    using vertices_size_type = std::size_t;
    using degree_size_type = std::size_t;
    using edges_size_type = std::size_t;
    using vertex_iterator = boost::counting_iterator<AgentId>;
    using out_edge_iterator = EdgeIterator;

    static vertex_descriptor null_vertex() { return -1; }

    friend std::pair<vertex_iterator, vertex_iterator> vertices(const CsrGraph& graph) {
        return {vertex_iterator(0), vertex_iterator(graph.rows->agents)};
    }
    friend vertices_size_type num_vertices(const CsrGraph& graph) {
        return static_cast<vertices_size_type>(graph.rows->agents);
    }
    friend std::pair<EdgeIterator, EdgeIterator> out_edges(AgentId v, const CsrGraph& graph) {
        const auto i = static_cast<std::size_t>(v);
        return {EdgeIterator({v, graph.rows->offsets[i]}),
                EdgeIterator({v, graph.rows->offsets[i + 1]})};
    }
    friend degree_size_type out_degree(AgentId v, const CsrGraph& graph) {
        const auto i = static_cast<std::size_t>(v);
        return static_cast<degree_size_type>(graph.rows->offsets[i + 1] - graph.rows->offsets[i]);
    }
    friend AgentId source(const Edge& edge, const CsrGraph&) { return edge.source; }
    friend AgentId target(const Edge& edge, const CsrGraph& graph) {
        return graph.rows->targets[static_cast<std::size_t>(edge.index)];
    }
};

}  // namespace motley::topology
