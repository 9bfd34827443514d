// The throughput of one fleet as a function of the demand of one class.
#pragma once

#include <memory>
#include <vector>

#include "allocation.hpp"
#include "motley/redesign/fleet/gain.hpp"

namespace motley::fleet {

/// Solves for theta at many demands of a class, one class after the other, from one programme. The
/// answers for a class depend on the fleet and the class alone.
class DemandCurve {
  public:
    DemandCurve(const Problem& problem, const Fleet& fleet);
    ~DemandCurve();
    DemandCurve(DemandCurve&&) noexcept;

    /// theta at the demands of the problem.
    double theta() const { return theta_; }
    /// Starts with the class `task`.
    void choose(std::size_t task);
    /// 1 / theta at a demand of the chosen class and its derivative by the demand.
    Tangent inverse_theta(double demand);

  private:
    Tangent by_programme(double demand);
    Tangent afresh(double demand) const;

    const Problem& problem_;
    Fleet fleet_;
    double theta_ = 0.0, scale_ = 1.0;
    std::size_t task_ = 0;
    double only_ = 0.0;  ///< the devices of the only type; 0: there are several, or limits
    std::size_t type_ = 0;
    bool conditional_ = false;  ///< every answer is solved afresh
    std::unique_ptr<programme::LinearSolver> solver_;
};

}  // namespace motley::fleet
