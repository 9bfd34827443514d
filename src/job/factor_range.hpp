// Ranges of factors: the evenly spread levels of a factorial, or the values drawn for a sample.
#pragma once

#include <string>
#include <vector>

#include "job/findings.hpp"
#include "job/keys.hpp"

namespace motley::job {

/// Values of a factor, at most.
constexpr std::int64_t most_levels = 10000;

/// How the values of ranges are chosen.
struct Sampling {
    bool latin_hypercube = false;
    std::int64_t samples = 0;
    std::uint64_t seed = 1;
};

/// The values that the range table `given` stands for, at its place; integers for integer keys.
std::vector<Value> expand_range(const Key& key, Value& given, const std::string& path,
                                Findings& findings);

/// One value per sample for factor number `factor`: the interval is cut into as many even parts as
/// there are samples (of the logarithm where the scale is "log"), each part is hit once, at a
/// random place, in random order. M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21
/// (1979) 239-245, doi:10.1080/00401706.1979.10489755. Stores the given keys in `range`.
std::vector<Value> sample_range(const Key& key, Value& given, const std::string& path,
                                std::size_t factor, const Sampling& sampling, FactorRange& range,
                                Findings& findings);

}  // namespace motley::job
