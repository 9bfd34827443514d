#include "motley/swarm/knowledge/theory.hpp"

#include <cmath>
#include <numbers>

namespace motley::swarm {

double pairs_of(double count) {
    return 0.5 * count * (count - 1.0);
}

std::vector<double> zipf_shares(std::int64_t count, double exponent) {
    std::vector<double> shares(static_cast<std::size_t>(count));
    double sum = 0.0;
    for (std::size_t r = 0; r < shares.size(); ++r) {
        shares[r] = std::pow(static_cast<double>(r + 1), -exponent);
        sum += shares[r];
    }
    for (double& share : shares) share /= sum;
    return shares;
}

double chance_of_the_same(std::span<const double> shares) {
    double sum = 0.0;
    for (const double share : shares) sum += share * share;
    return sum;
}

double chance_of_the_same_code(double error, std::int64_t fields, std::int64_t values) {
    const double both_wrong = values > 1 ? error * error / static_cast<double>(values - 1) : 0.0;
    return std::pow((1.0 - error) * (1.0 - error) + both_wrong, static_cast<double>(fields));
}

double chance_of_a_common_key(double angle, std::int64_t bits, std::int64_t tables) {
    const double one = std::pow(1.0 - angle / std::numbers::pi, static_cast<double>(bits));
    return 1.0 - std::pow(1.0 - one, static_cast<double>(tables));
}

double shrunk_error(double variance, double heterogeneity, double packets) {
    const double share = variance / (variance + heterogeneity);
    return variance * (1.0 - share * (1.0 - 1.0 / packets));
}

double pooled_error(double variance, double heterogeneity, double packets) {
    return variance / packets + heterogeneity * (1.0 - 1.0 / packets);
}

double median_shift(double false_share) {
    const double wanted = 0.5 / (1.0 - false_share);
    constexpr int halvings = 200;
    constexpr double far = 40.0;
    double low = -far, high = far;
    for (int i = 0; i < halvings; ++i) {
        const double middle = 0.5 * (low + high);
        const double below = 0.5 * std::erfc(-middle / std::numbers::sqrt2);
        (below < wanted ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double rejection_limit(double sigmas) {
    return 1.0 / (1.0 + sigmas * sigmas);
}

double trials_alone(double sites, double approaches) {
    return 0.5 * sites * (approaches + 1.0);
}

}  // namespace motley::swarm
