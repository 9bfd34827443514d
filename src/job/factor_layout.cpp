// Combines levels of factors into cells, and chooses the cell with which each is compared.
#include <map>

#include "job/read_compare.hpp"

namespace motley::job {
namespace {

using Levels = std::vector<std::size_t>;

/// All combinations of the factors that are not sampled; the last changes fastest.
std::vector<Levels> combinations(const std::vector<Factor>& factors) {
    std::vector<Levels> all = {Levels(factors.size(), 0)};
    for (std::size_t f = 0; f < factors.size(); ++f) {
        if (factors[f].sampled) continue;
        std::vector<Levels> longer;
        for (const Levels& levels : all) {
            for (std::size_t level = 0; level < factors[f].levels.size(); ++level) {
                longer.push_back(levels);
                longer.back()[f] = level;
            }
        }
        all = std::move(longer);
    }
    return all;
}

std::size_t samples_of(const std::vector<Factor>& factors) {
    for (const Factor& factor : factors) {
        if (factor.sampled) return factor.levels.size();
    }
    return 1;
}

std::size_t level_called(const Factor& factor, const std::string& label) {
    std::size_t level = 0;
    while (level < factor.levels.size() && factor.levels[level].label != label) ++level;
    return level;
}

}  // namespace

FactorLayout make_layout(const std::vector<Factor>& factors, int compared,
                         const std::string& baseline) {
    FactorLayout layout;
    std::map<Levels, std::int64_t> numbers;
    for (const Levels& levels : combinations(factors)) {
        for (std::size_t sample = 0; sample < samples_of(factors); ++sample) {
            Levels cell = levels;
            for (std::size_t f = 0; f < factors.size(); ++f) {
                if (factors[f].sampled) cell[f] = sample;
            }
            numbers[cell] = std::ssize(layout.cells);
            layout.cells.push_back(std::move(cell));
        }
    }
    layout.baselines.assign(layout.cells.size(), -1);
    if (compared < 0) return layout;
    const auto factor = static_cast<std::size_t>(compared);
    const std::size_t level = level_called(factors[factor], baseline);
    for (std::size_t c = 0; c < layout.cells.size(); ++c) {
        Levels other = layout.cells[c];
        other[factor] = level;
        const auto found = numbers.find(other);
        if (found != numbers.end()) layout.baselines[c] = found->second;
    }
    return layout;
}

}  // namespace motley::job
