// The time series of a run: one row per recorded step, one column per quantity.
#pragma once

#include <vector>

#include "motley/measure/measures.hpp"
#include "motley/record/record.hpp"

namespace motley::experiment {

class TimeSeries {
  public:
    explicit TimeSeries(AgentId agents);
    void add(std::int64_t step, const measure::Measures& measures);
    /// Replaces the values of all columns, in their order.
    void restore(std::vector<std::vector<double>> values);
    const std::vector<record::SeriesColumn>& columns() const { return columns_; }
    /// The values of one column; throws an internal error where there is no such column.
    const std::vector<double>& values(const std::string& name) const;

  private:
    double agents_;
    std::vector<record::SeriesColumn> columns_;  ///< the step, then `measure::quantities`
};

}  // namespace motley::experiment
