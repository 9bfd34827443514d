// Statistics over replicates: means with intervals, paired differences, corrections for many
// comparisons, ranks and rank correlation. All are pure functions; a result is NaN if the values
// do not determine it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace motley::measure {

struct Interval {
    double low = 0.0;
    double high = 0.0;
};

/// A mean and Student's interval around it.
struct MeanEstimate {
    std::int64_t count = 0;
    double mean = 0.0;       ///< nan without values
    double deviation = 0.0;  ///< standard deviation of the sample (n - 1); nan below two values
    Interval interval;       ///< nan below two values
};
/// Mean, and mean +- t(n - 1) s / sqrt(n). Exact up to the rounding of one division.
MeanEstimate estimate_mean(std::span<const double> values, double confidence = 0.95);

/// Parameters of a bootstrap. The same ones give the same interval on every machine and rank count.
struct Bootstrap {
    std::uint64_t seed = 1;
    std::uint64_t id = 0;  ///< tells the comparisons of one experiment apart
    std::int64_t resamples = 9999;
    double confidence = 0.95;
};

/// Bias-corrected and accelerated (BCa) bootstrap interval of the mean: B. Efron, J. Am. Stat.
/// Assoc. 82 (1987) 171-185, doi:10.1080/01621459.1987.10478410; the acceleration is the jackknife
/// estimate. Below about ten values it is too narrow, as every bootstrap of the mean is: all
/// resamples lie between the least and the greatest value. nan below two values.
Interval bootstrap_mean(std::span<const double> values, const Bootstrap& bootstrap);

/// Differences a_i - b_i of paired values.
struct PairedDifference {
    std::int64_t count = 0;  ///< pairs
    double mean = 0.0;
    Interval interval;    ///< bootstrap interval of the mean
    double t = 0.0;       ///< nan below two pairs, and where all differences are equal
    double p = 0.0;       ///< two-sided p value of Student's paired test; nan when t is nan
    double effect = 0.0;  ///< Cohen's d_z: mean / deviation of the differences; nan when t is nan
};
/// `a` and `b` of the same length. d_z: J. Cohen, Statistical Power Analysis for the Behavioral
/// Sciences, 2nd ed. 1988, section 2.3.5.
PairedDifference compare_pairs(std::span<const double> a, std::span<const double> b,
                               const Bootstrap& bootstrap);

/// The p values corrected for the number of comparisons, in the given order: S. Holm, Scand. J.
/// Stat. 6 (1979) 65-70. nan stays nan and does not count as a comparison.
std::vector<double> correct_holm(std::span<const double> p);

/// Ranks from 1 (the least); equal values share the mean of their ranks. nan gets nan.
std::vector<double> rank_values(std::span<const double> values);

struct Correlation {
    std::int64_t count = 0;  ///< pairs of numbers; pairs with a nan are left out
    double rho = 0.0;        ///< nan below three pairs, or where one side is constant
    double p = 0.0;          ///< two-sided p value of the hypothesis of no association
};
/// Spearman's rank correlation: Pearson's of the mid-ranks. Up to 8 pairs p comes from all
/// permutations, above from Student's t with n - 2 degrees of freedom (M. G. Kendall, Rank
/// Correlation Methods).
Correlation correlate_ranks(std::span<const double> x, std::span<const double> y);

}  // namespace motley::measure
