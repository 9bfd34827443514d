// The throughput of one fleet under many rates, demands and numbers of working devices.
#pragma once

#include <memory>
#include <span>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

/// Solves for theta many times; each answer depends on its own arguments only.
class ThetaSolver {
  public:
    ThetaSolver(const Problem& problem, std::span<const double> fleet);
    ~ThetaSolver();
    ThetaSolver(ThetaSolver&&) noexcept;

    /// `rates`: D x K as in `Problem`, where a rate of 0 must stay 0. `demands`: K, units per
    /// second. `left`: D, the devices that work.
    double theta(std::span<const double> rates, std::span<const double> demands,
                 std::span<const double> left);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace motley::fleet
