// The four laws of the theory (Artis, Akarca, Achterberg, arXiv:2604.07602), as far as the runs of
// a comparison test them. The paper states the laws; the statistics are motley's own.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/compare/comparison.hpp"

namespace motley::experiment {

struct LawFinding {
    int law = 1;         ///< 1 to 4
    bool holds = false;  ///< in every run (law 1, 2, 4) or order of levels (law 3) that was made
    std::string text;    ///< one sentence with the figures
};

/// Law 1, from every run: rank correlation of heterogeneity with productivity over time. Law 2:
/// value heterogeneity against the entropies of expenditure and demand. Law 3, where centres were
/// sampled: the spatial scale against openness. Law 4, for nested topologies: heterogeneity at
/// every level. Laws that the runs do not test are left out. Where `preset` is a factor, each field
/// is judged by itself, and its name opens the text.
std::vector<LawFinding> laws(const Comparison& comparison);

}  // namespace motley::experiment
