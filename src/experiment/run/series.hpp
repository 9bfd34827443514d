// The time series of a run: one row per measured step.
#pragma once

#include <vector>

#include "motley/measure/measures.hpp"
#include "motley/record/record.hpp"

namespace motley::experiment {

class Series {
  public:
    explicit Series(AgentId agents);
    void add(std::int64_t step, const measure::Measures& measures);
    /// Takes over the values of all columns, in their order.
    void restore(std::vector<std::vector<double>> values);
    const std::vector<record::SeriesColumn>& columns() const { return columns_; }
    /// An internal error for a column that is not there.
    const std::vector<double>& values(const std::string& name) const;

  private:
    double agents_;
    std::vector<record::SeriesColumn> columns_;
};

}  // namespace motley::experiment
