// How many nodes are down: a binomial number.
#pragma once

#include <cstdint>
#include <vector>

namespace motley::fleet {

/// The number of nodes that fail among `count`, each with probability `p`: the inverse of the
/// binomial distribution at u in (0, 1), the least k with P(X <= k) >= u.
class FailedNodes {
  public:
    FailedNodes(std::int64_t count, double p);
    std::int64_t operator()(double u) const;

  private:
    std::vector<double> cumulative_;  ///< P(X <= k) for k = 0, 1, ... until it is 1
};

}  // namespace motley::fleet
