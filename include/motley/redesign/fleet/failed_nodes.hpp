// How many nodes are down: a binomial number.
#pragma once

#include <cstdint>
#include <vector>

namespace motley::fleet {

/// The number of nodes that fail among `count`, each with probability `p`: the inverse of the
/// binomial distribution at u in (0, 1), the least k with P(X <= k) >= u. Memory and time grow with
/// the standard deviation at most; from 10^5 on k is that of the inverse incomplete beta function.
class FailedNodes {
  public:
    FailedNodes(std::int64_t count, double p);
    std::int64_t operator()(double u) const;

  private:
    void tabulate();
    void tabulate_around_the_mode(std::int64_t reach);

    std::int64_t count_ = 0;
    double p_ = 0.0;
    std::int64_t first_ = 0;          ///< k of the first entry
    std::vector<double> cumulative_;  ///< P(X <= k); empty: too many to tabulate
};

}  // namespace motley::fleet
