// What is left of a fleet when devices and nodes fail, slow down, or the demand drifts.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

/// theta that an allocation reaches as it stands, without moving work between devices.
double theta_of(const Problem& problem, std::span<const double> allocation);

/// The worst single loss: of which type, and what is left.
struct Loss {
    double theta = 0.0;        ///< the rest serves theta D
    double theta_fixed = 0.0;  ///< the same with the old allocation on what is left
    int type = -1;
};
struct NMinusOne {
    Loss device;
    Loss node;
    std::vector<Loss> devices, nodes;  ///< for each type of the fleet
};
/// Every loss of one device and of one node, exactly: devices of a type are alike.
NMinusOne n_minus_1(const Problem& problem, std::span<const double> fleet, const Throughput& whole);

/// Cheapest fleet of whole nodes that serves the demand after the loss of any one node.
Purchase search_with_spare(const Problem& problem, const SearchOptions& options);

/// theta of one fleet for many states of the world; each answer depends on its own state only.
class ThetaSolver {
  public:
    ThetaSolver(const Problem& problem, std::span<const double> fleet);
    ~ThetaSolver();
    ThetaSolver(ThetaSolver&&) noexcept;

    /// `rates` D x K as in `Problem` (a rate that is 0 there must stay 0), `demands` K, `left` D:
    /// devices that work.
    double theta(std::span<const double> rates, std::span<const double> demands,
                 std::span<const double> left);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The number of failures among `count` nodes, each with probability `p`, for u in (0, 1): inverse
/// of the binomial distribution.
class Failures {
  public:
    Failures(std::int64_t count, double p);
    std::int64_t operator()(double u) const;

  private:
    std::vector<double> cumulative_;
};

}  // namespace motley::fleet
