// The capacity graph of a fabric: hosts, switches, and the capacity of each direction of a link.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "motley/topology/topology.hpp"

namespace motley::fabric {

/// One direction of a link; links are full duplex, so that the other direction has its own.
struct Channel {
    int source = 0;
    int target = 0;
    double capacity = 1.0;  ///< 1: one host port
};

/// Vertices and links that are out of service.
struct Failure {
    std::vector<int> vertices = {};
    std::vector<std::pair<int, int>> links = {};  ///< both directions; the order does not matter
    std::string name = {};                        ///< for tables: "switch 3"
};

/// Vertices 0, ..., hosts() - 1 are hosts, which may also pass traffic on; the rest are switches.
/// Channels are sorted by (source, target). A vertex that failed keeps its number and loses its
/// channels.
class FabricGraph {
  public:
    /// Channels are the arcs of `topology` without loops, of the capacity that it gives them, which
    /// in directed files may be unlike in the two directions. Vertices keep the names of a file.
    explicit FabricGraph(const topology::Topology& topology);
    /// Parallel channels add up. Usage error: a channel whose ends are not there, a loop, a
    /// capacity that is not positive, or no host.
    FabricGraph(int hosts, int vertices, std::vector<Channel> channels);

    int hosts() const { return hosts_; }
    int vertices() const { return static_cast<int>(offsets_.size()) - 1; }
    bool is_host(int vertex) const { return vertex < hosts_; }
    bool alive(int vertex) const { return alive_[static_cast<std::size_t>(vertex)] != 0; }

    const std::vector<Channel>& channels() const { return channels_; }
    /// Index of the first channel out of `vertex`; `vertex` may be vertices().
    int first(int vertex) const { return offsets_[static_cast<std::size_t>(vertex)]; }
    std::span<const Channel> from(int vertex) const;
    /// Index of the channel, -1 where there is none.
    int find(int source, int target) const;
    /// Pairs a < b that a channel links in at least one direction.
    std::vector<std::pair<int, int>> links() const;

    /// Returns the graph after a failure. Usage error: a vertex or link that is not there.
    FabricGraph without(const Failure& failure) const;

    /// "host 3", "switch 2": switches are counted from 0 after the hosts. Vertices from a file have
    /// the names that it gives them: "host a", "switch s1".
    std::string name(int vertex) const;
    /// "host 3 -> switch 2".
    std::string name(const Channel& channel) const;

  private:
    void sort_and_merge();

    int hosts_ = 0;
    std::vector<int> offsets_;
    std::vector<Channel> channels_;
    std::vector<char> alive_;
    std::vector<std::string> names_ = {};  ///< empty: vertices are numbered only
};

/// Throws a usage error, which names two hosts in service of which one cannot reach the other.
void require_connected(const FabricGraph& graph);

/// The switch that a host is linked to, the one of the lowest number where there are several; -1
/// where there is none. In fabrics with rails that is the switch in the node.
int leaf_of(const FabricGraph& graph, int host);

}  // namespace motley::fabric
