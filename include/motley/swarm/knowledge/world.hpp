// The world that the sites observe: a pure function of the seed, the same on every rank.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/swarm/knowledge/spec.hpp"
#include "motley/swarm/knowledge/synthesis.hpp"

namespace motley::swarm {

class World {
  public:
    explicit World(const Spec& spec);

    std::int64_t problems() const { return problems_; }
    /// The problem of a site.
    std::uint32_t problem(std::uint32_t site) const;
    double truth_of_problem(std::uint32_t problem) const;
    /// The truth that a site wants to know, its own difference from that of its problem included.
    double truth(std::uint32_t site) const;
    bool honest(std::uint32_t site) const;
    /// Whether it comes after the publishing, and only reads.
    bool late(std::uint32_t site) const;

    /// Mean and weight of what a site observes in a round.
    Packet observe(std::uint32_t site, std::int64_t round) const;
    /// What an adversary says instead of `own`.
    Packet lie(std::uint32_t site, std::int64_t round, const Packet& own) const;

    /// Keys of a site in each table: 64 bits, evenly spread.
    void keys(std::uint32_t site, std::vector<std::uint64_t>& keys) const;
    /// The place of a site in the space of similarity, a vector of length 1.
    void place(std::uint32_t site, std::vector<double>& place) const;
    /// Centre of the sites of a problem in that space.
    void centre(std::uint32_t problem, std::vector<double>& place) const;
    double similarity(std::uint32_t one, std::uint32_t other) const;

  private:
    std::uint64_t coded(std::uint32_t site, std::uint32_t problem) const;

    Spec spec_;
    std::int64_t problems_;
    std::vector<double> cumulative_;  ///< of the shares of problems; empty: even
    std::vector<double> planes_;      ///< simhash: tables x bits x dimensions
};

/// 64 well mixed bits of two numbers: a key, or the seed of a replicate.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t one, std::uint64_t other);

}  // namespace motley::swarm
