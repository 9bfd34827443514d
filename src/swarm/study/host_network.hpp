// The network on whose hosts the sites of a swarm live, and the traffic that it carries.
#pragma once

#include <memory>
#include <vector>

#include "motley/core/exact_sum.hpp"
#include "motley/job/swarm.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "motley/swarm/round/swarm.hpp"
#include "motley/swarm/study/study.hpp"
#include "motley/topology/topology.hpp"

namespace motley::swarm {

/// Shortest ways between hosts by the lengths of links.
class HostNetwork {
  public:
    /// A usage error where a host does not reach another one.
    explicit HostNetwork(const topology::Topology& topology);

    std::size_t hosts() const { return hosts_; }
    double length(std::size_t from, std::size_t to) const { return length_[from * hosts_ + to]; }
    int links(std::size_t from, std::size_t to) const { return links_[from * hosts_ + to]; }
    /// Sends `bytes[from x hosts + to]` along the shortest ways; the bytes over the busiest arc.
    std::int64_t busiest(const std::vector<std::int64_t>& bytes) const;

  private:
    struct Arc {
        std::uint32_t to = 0;
        double length = 0.0;
    };
    void find_ways(std::size_t from);

    std::size_t hosts_ = 0;
    std::vector<std::vector<Arc>> arcs_;
    std::vector<double> length_;         ///< by pair of hosts
    std::vector<int> links_;             ///< by pair of hosts
    std::vector<std::uint32_t> before_;  ///< by host and vertex: the vertex before it on the way
    std::vector<std::uint32_t> order_;   ///< by host: vertices in the order of their distance
};

/// Adds up the messages of a swarm on a network.
class HostTraffic : public Watch {
  public:
    HostTraffic(const HostNetwork& network, job::SwarmPlacement placement, std::int64_t sites,
                std::uint64_t seed);

    void message(Site from, Site to, std::int64_t bytes) override;
    void lookup(Site from, std::span<const Site> path) override;
    /// Collective.
    PlaceLoad load(const mpi::Communicator& comm);

    /// Collective. What all ranks counted, as columns of a checkpoint.
    std::vector<record::SeriesColumn> by_pair(const mpi::Communicator& comm) const;
    std::vector<record::SeriesColumn> by_chunk(const mpi::Communicator& comm) const;
    static constexpr std::int64_t chunks = ExactSum::chunk_count + 1;
    /// Not collective: one rank takes over what all had counted.
    void restore(std::span<const double> bytes, std::span<const double> messages,
                 std::span<const double> walked, std::span<const double> direct);

  private:
    const HostNetwork& network_;
    std::vector<std::uint32_t> host_;  ///< by site
    std::vector<std::int64_t> bytes_, messages_;
    ExactSum walked_, direct_;
};

}  // namespace motley::swarm
