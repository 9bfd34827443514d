// Closed forms of what a swarm can do, with which runs and tests compare.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace motley::swarm {

/// Pairs among `count` sites: count (count - 1) / 2.
double pairs_of(double count);
/// Weights r^-exponent of `count` problems, which sum to 1.
std::vector<double> zipf_shares(std::int64_t count, double exponent);
/// Sum of squared shares: one over the effective number of problems (Hill number of order 2).
double chance_of_the_same(std::span<const double> shares);
/// Chance that two sites with one problem code all fields alike: ((1 - e)^2 + e^2 / (V - 1))^F.
double chance_of_the_same_code(double error, std::int64_t fields, std::int64_t values);
/// Chance that two sites at an angle share a key of `bits` random hyperplanes in one of `tables`
/// (M. Charikar, STOC 2002): 1 - (1 - (1 - angle / pi)^bits)^tables.
double chance_of_a_common_key(double angle, std::int64_t bits, std::int64_t tables);

/// Mean squared error of the best linear estimate from m packets of variance v with tau^2 between
/// sites: v (1 - B (1 - 1/m)), B = v / (v + tau^2).
double shrunk_error(double variance, double heterogeneity, double packets);
/// The same where the mean of all is taken as one's own truth: v / m + tau^2 (1 - 1/m).
double pooled_error(double variance, double heterogeneity, double packets);
/// Shift of the median, in standard deviations, where a share of the packets lies far to one side.
double median_shift(double false_share);
/// Share of equal far values above which a rejection by k standard deviations rejects none of them.
double rejection_limit(double sigmas);
/// Trials of `sites` that each search one working approach among A alone: sites (A + 1) / 2.
double trials_alone(double sites, double approaches);

}  // namespace motley::swarm
