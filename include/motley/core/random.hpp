// Counter-based random numbers: a pure function of (seed, stream, id, counter), so they are the
// same for every number of ranks. Philox4x32-10: Salmon, Moraes, Dror, Shaw, SC'11,
// doi:10.1145/2063384.2063405.
#pragma once

#include <array>
#include <cstdint>

namespace motley {

/// The purposes of random numbers. Numbers of two streams are independent.
enum class Stream : std::uint32_t {
    capability = 1,
    capability_group = 2,
    resource = 3,
    resource_group = 4,
    demand = 5,
    demand_group = 6,
    noise = 7,
    topology = 16,  ///< 16 + level of a nested topology, up to 16 levels
    partition = 40,
    statistics = 41,
    replicate = 42,  ///< seeds of the replicates of a comparison
    bootstrap = 43,
    design = 44,     ///< samples of a comparison
    scenario = 45,   ///< prices, rates, demands and failures of a redesign
    traffic = 46,    ///< permutations of hosts
    outage = 47,     ///< failures of links and switches drawn together
    overlay = 48,    ///< ids and contacts of the sites of a swarm
    site = 49,       ///< what a site of a swarm is, observes and tries
    problem = 50,    ///< truths and approaches of the problems of a swarm
    loss = 51,       ///< lost messages and lost sites of a swarm
    adversary = 52,  ///< what dishonest sites of a swarm say
    retrieval = 53,  ///< which packets a site of a swarm reads
    attack = 54,     ///< the order in which an attack takes agents
    failure = 55,    ///< failures of agents, groups and links, and what heals
    event = 56,      ///< the links that an event closes
    rewiring = 57,   ///< which agents rewire, and their new partners
    test = 63,
};

/// Random numbers of one (seed, stream, id), addressed by a counter.
class Random {
  public:
    Random(std::uint64_t seed, Stream stream, std::uint64_t id)
        : seed_(seed), stream_(static_cast<std::uint32_t>(stream)), id_(id) {}

    /// The 64 random bits with number `counter`.
    std::uint64_t bits(std::uint32_t counter) const;

    /// Uniform in the open interval (0, 1), 53 bits.
    double uniform(std::uint32_t counter) const;

    /// Uniform integer in [0, bound), bound >= 1; without bias beyond 2^-64.
    std::uint64_t below(std::uint64_t bound, std::uint32_t counter) const;

    /// The standard normal variate with number `counter` (method of Box and Muller).
    double normal(std::uint32_t counter) const;

    /// Gamma(shape, 1) variate (Marsaglia, Tsang 2000, doi:10.1145/358407.358414), shape > 0.
    /// `counter` numbers independent variates.
    double gamma(double shape, std::uint32_t counter) const;

  private:
    std::uint64_t seed_;
    std::uint32_t stream_;
    std::uint64_t id_;
};

/// A random permutation of {0, ..., size-1} that can be evaluated at any index without a table. It
/// is a Feistel network; results outside the range are encrypted again (cycle walking, J. Black and
/// P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002).
class Permutation {
  public:
    Permutation(std::uint64_t size, std::uint64_t seed, Stream stream, std::uint64_t id);

    std::uint64_t size() const { return size_; }
    std::uint64_t operator()(std::uint64_t index) const;
    std::uint64_t inverse(std::uint64_t value) const;

  private:
    static constexpr int rounds = 6;

    std::uint64_t round(std::uint64_t half, int index) const;
    std::uint64_t encrypt(std::uint64_t x) const;
    std::uint64_t decrypt(std::uint64_t x) const;

    std::uint64_t size_;
    int left_bits_;
    int right_bits_;
    std::array<std::uint64_t, rounds> keys_{};
};

}  // namespace motley
