// Two finished comparisons or swarms held against each other: in which cells they differ, and why
// they might.
#pragma once

#include <string>
#include <vector>

namespace motley::experiment {

/// A number of a cell that is not the same in both.
struct CellDifference {
    std::string cell;    ///< levels of its factors, "ring, 0.3"
    std::string column;  ///< of summary.csv
    std::string first, second;
    double relative = 0.0;  ///< |a - b| / max(|a|, |b|); nan where one of them is no number
};

/// A fact about how the results were made that is not the same in both.
struct OriginDifference {
    std::string name;
    std::string first, second;
    bool explains = false;  ///< whether results may differ because of it
};

struct ResultDifferences {
    std::size_t cells = 0;                             ///< that both have
    std::size_t runs = 0;                              ///< that both have
    std::vector<std::string> only_first, only_second;  ///< cells
    std::vector<CellDifference> numbers;               ///< cells in the order of the first
    std::vector<std::string> runs_that_differ;         ///< by the hash of their final state
    std::vector<OriginDifference> origin;

    bool same() const {
        return numbers.empty() && runs_that_differ.empty() && only_first.empty() &&
               only_second.empty();
    }
};

/// Not collective. Reads the tables and the provenance of two folders of finished comparisons, or
/// of two of finished swarms. Usage errors: a folder that is none, a damaged table, other factors.
ResultDifferences result_differences(const std::string& first, const std::string& second);

}  // namespace motley::experiment
