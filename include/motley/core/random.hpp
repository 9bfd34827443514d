// Counter-based random numbers: a pure function of (seed, stream, id, counter), the same on every
// rank count. Philox4x32-10: Salmon, Moraes, Dror, Shaw, SC'11, doi:10.1145/2063384.2063405.
#pragma once

#include <array>
#include <cstdint>

namespace motley {

/// What the numbers are for. Two streams never share a number.
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
    design = 44,    ///< samples of a comparison
    scenario = 45,  ///< prices, rates, demands and failures of a redesign
    traffic = 46,   ///< permutations of hosts
    outage = 47,    ///< failures of links and switches drawn together
    test = 63,
};

/// Random numbers of one (seed, stream, id), addressed by a counter.
class Random {
  public:
    Random(std::uint64_t seed, Stream stream, std::uint64_t id)
        : seed_(seed), stream_(static_cast<std::uint32_t>(stream)), id_(id) {}

    /// 64 random bits number `counter`.
    std::uint64_t bits(std::uint32_t counter) const;

    /// Uniform in the open interval (0, 1), 53 bits.
    double uniform(std::uint32_t counter) const;

    /// Uniform integer in [0, bound), bound >= 1; without bias beyond 2^-64.
    std::uint64_t below(std::uint64_t bound, std::uint32_t counter) const;

    /// Standard normal number `counter` (Box-Muller on counters 2c and 2c + 1 of its own half).
    double normal(std::uint32_t counter) const;

    /// Gamma(shape, 1) variate (Marsaglia, Tsang 2000, doi:10.1145/358407.358414), shape > 0.
    /// `counter` numbers independent variates.
    double gamma(double shape, std::uint32_t counter) const;

  private:
    std::uint64_t seed_;
    std::uint32_t stream_;
    std::uint64_t id_;
};

/// A keyed bijection of {0, ..., size-1}: random permutation that every rank can evaluate anywhere.
/// Feistel network over Philox-like rounds with cycle walking.
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
