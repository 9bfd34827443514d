#include "time_series.hpp"

#include <algorithm>

#include "motley/core/error.hpp"
#include "motley/core/expect.hpp"
#include "motley/measure/quantities.hpp"

namespace motley::experiment {

TimeSeries::TimeSeries(AgentId agents) : agents_(static_cast<double>(agents)) {
    columns_.push_back({"step", "1", "adaptation steps made", {}});
    for (const measure::Quantity& quantity : measure::quantities) {
        columns_.push_back({quantity.name, quantity.unit, quantity.long_name, {}});
    }
}

const std::vector<double>& TimeSeries::values(const std::string& name) const {
    const auto found = std::ranges::find(columns_, name, &record::SeriesColumn::name);
    if (found == columns_.end()) throw internal_error("no column " + name + " in the series");
    return found->values;
}

void TimeSeries::restore(std::vector<std::vector<double>> values) {
    MOTLEY_EXPECT(values.size() == columns_.size(), "a checkpoint has every column of the series");
    for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].values = std::move(values[c]);
}

void TimeSeries::add(std::int64_t step, const measure::Measures& measures) {
    columns_[0].values.push_back(static_cast<double>(step));
    for (std::size_t q = 0; q < measure::quantities.size(); ++q) {
        columns_[q + 1].values.push_back(measure::quantities[q].value(measures, agents_));
    }
}

}  // namespace motley::experiment
