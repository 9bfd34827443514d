// Even hand-over: the shares of time are given, and theta alone is left.
#pragma once

#include <vector>

#include "layout.hpp"

namespace motley::serving {

/// Whether two hosts talk through the network of their node.
bool shares_node(const System& system, int a, int b);

/// Given shares of time, hosts x classes; work beyond the demand of a class is left undone.
class EvenShares {
  public:
    EvenShares(const System& system, const std::vector<double>& shares);

    /// One unit serves all demands once. Without works where a class is not served at all.
    Activity activity(const System& system, const Layout& layout) const;
    /// hosts x classes: the shares of time that serve `theta` times the demands.
    std::vector<double> times(const System& system, double theta) const;

  private:
    double work(int host, int task) const { return works_[at(host) * classes_ + at(task)]; }

    std::size_t classes_ = 0;
    std::vector<double> works_;  ///< hosts x classes: units/s that serve the demands once
    double theta_ = 0.0;         ///< what the shares serve
    bool served_ = true;
};

}  // namespace motley::serving
