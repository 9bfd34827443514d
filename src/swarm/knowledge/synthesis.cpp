#include "motley/swarm/knowledge/synthesis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace motley::swarm {
namespace {

struct Moments {
    double weight = 0.0, squared_weight = 0.0, mean = 0.0;
};

/// Moments with weights 1 / (v + tau^2).
Moments moments_of(std::span<const Packet> packets, double heterogeneity) {
    Moments moments;
    double sum = 0.0;
    for (const Packet& packet : packets) {
        const double weight = packet.weight / (1.0 + packet.weight * heterogeneity);
        moments.weight += weight;
        moments.squared_weight += weight * weight;
        sum += weight * packet.mean;
    }
    moments.mean = moments.weight > 0.0 ? sum / moments.weight : 0.0;
    return moments;
}

/// Sum of weighted squares around the mean.
double squares_of(std::span<const Packet> packets, double heterogeneity) {
    const double mean = moments_of(packets, heterogeneity).mean;
    double squares = 0.0;
    for (const Packet& packet : packets) {
        const double weight = packet.weight / (1.0 + packet.weight * heterogeneity);
        squares += weight * (packet.mean - mean) * (packet.mean - mean);
    }
    return squares;
}

/// 1 / the mean weight: the variance of a typical packet.
double typical_variance(std::span<const Packet> packets) {
    double weight = 0.0;
    for (const Packet& packet : packets) weight += packet.weight;
    return static_cast<double>(packets.size()) / weight;
}

std::vector<double> sorted_means(std::span<const Packet> packets) {
    std::vector<double> means;
    means.reserve(packets.size());
    for (const Packet& packet : packets) means.push_back(packet.mean);
    std::ranges::sort(means);
    return means;
}

double median_of(const std::vector<double>& sorted) {
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
}

/// The value with the least sum of squared distances to its m - f - 2 nearest others (P. Blanchard
/// et al., NeurIPS 2017). In one dimension these lie next to it in the sorted order.
double krum_of(const std::vector<double>& sorted, double assumed) {
    const auto count = std::ssize(sorted);
    const auto liars = static_cast<std::int64_t>(assumed * static_cast<double>(count));
    const std::int64_t near = std::clamp<std::int64_t>(count - liars - 2, 1, count - 1);
    const auto at = [&](std::int64_t i) { return sorted[static_cast<std::size_t>(i)]; };
    // Sums of x and x^2 of all values below, from the median for the sake of rounding.
    const double middle = median_of(sorted);
    std::vector<double> sums(sorted.size() + 1), squares(sorted.size() + 1);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double x = sorted[i] - middle;
        sums[i + 1] = sums[i] + x;
        squares[i + 1] = squares[i] + x * x;
    }
    double best = 0.0, least = 0.0;
    std::int64_t first = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        // The window [first, first + near] holds i and moves up while that brings nearer values.
        while (first < i && first + near + 1 < count &&
               (first + near < i || at(first + near + 1) - at(i) < at(i) - at(first))) {
            ++first;
        }
        const auto begin = static_cast<std::size_t>(first);
        const auto end = static_cast<std::size_t>(first + near + 1);
        const double x = at(i) - middle;
        const double distance = squares[end] - squares[begin] -
                                2.0 * x * (sums[end] - sums[begin]) +
                                static_cast<double>(near + 1) * x * x;
        if (i == 0 || distance < least) {
            least = distance;
            best = at(i);
        }
    }
    return best;
}

void use_all(Summary& summary, const Moments& moments) {
    summary.centre = moments.mean;
    summary.variance = 1.0 / moments.weight;
}

Summary without_outliers(double sigmas, std::span<const Packet> packets,
                         std::span<std::uint8_t> kept) {
    double mean = 0.0, squares = 0.0;
    const auto count = static_cast<double>(packets.size());
    for (const Packet& packet : packets) mean += packet.mean / count;
    for (const Packet& packet : packets) {
        squares += (packet.mean - mean) * (packet.mean - mean) / count;
    }
    const double limit = sigmas * std::sqrt(squares);
    std::vector<Packet> inside;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const bool keep = std::abs(packets[i].mean - mean) <= limit;
        if (keep) inside.push_back(packets[i]);
        if (!kept.empty()) kept[i] = keep ? 1 : 0;
    }
    Summary summary;
    summary.used = std::ssize(inside);
    use_all(summary, moments_of(inside, 0.0));
    return summary;
}

double heterogeneity_of(const SynthesisSpec& spec, double known, std::span<const Packet> packets) {
    switch (spec.variance) {
        case Variance::dersimonian_laird:
            return dersimonian_laird(packets);
        case Variance::paule_mandel:
            return paule_mandel(packets);
        default:
            return known;
    }
}

Summary summary_in_range(const SynthesisSpec& spec, double known, std::span<const Packet> packets,
                         std::span<std::uint8_t> kept) {
    Summary summary;
    summary.used = std::ssize(packets);
    const auto count = static_cast<double>(packets.size());
    std::ranges::fill(kept, std::uint8_t{1});
    switch (spec.op) {
        case Operator::mean:
            use_all(summary, moments_of(packets, 0.0));
            break;
        case Operator::shrink:
            summary.heterogeneity = heterogeneity_of(spec, known, packets);
            use_all(summary, moments_of(packets, summary.heterogeneity));
            break;
        case Operator::median:
            summary.centre = median_of(sorted_means(packets));
            summary.variance = 0.5 * std::numbers::pi * typical_variance(packets) / count;
            break;
        case Operator::trimmed: {
            const std::vector<double> means = sorted_means(packets);
            const auto cut = static_cast<std::size_t>(spec.trim * count);
            const std::size_t left = means.size() - 2 * cut;
            for (std::size_t i = cut; i < means.size() - cut; ++i) {
                summary.centre += means[i] / static_cast<double>(left);
            }
            summary.variance = typical_variance(packets) / static_cast<double>(left);
            break;
        }
        case Operator::krum:
            if (packets.size() < 3) {
                use_all(summary, moments_of(packets, 0.0));
            } else {
                summary.centre = krum_of(sorted_means(packets), spec.assumed);
                summary.variance = typical_variance(packets);
            }
            break;
        case Operator::rejection:
            summary = without_outliers(spec.sigmas, packets, kept);
            break;
    }
    return summary;
}

}  // namespace

bool out_of_range(const SynthesisSpec& spec, const Packet& packet) {
    return spec.range > 0.0 && !(std::abs(packet.mean) <= spec.range);
}

double dersimonian_laird(std::span<const Packet> packets) {
    if (packets.size() < 2) return 0.0;
    const Moments moments = moments_of(packets, 0.0);
    const double scale = moments.weight - moments.squared_weight / moments.weight;
    const double excess = squares_of(packets, 0.0) - static_cast<double>(packets.size() - 1);
    return std::max(0.0, excess / scale);
}

double paule_mandel(std::span<const Packet> packets) {
    if (packets.size() < 2) return 0.0;
    const auto expected = static_cast<double>(packets.size() - 1);
    if (squares_of(packets, 0.0) <= expected) return 0.0;
    double low = 0.0, high = typical_variance(packets);
    while (squares_of(packets, high) > expected) high *= 2.0;
    constexpr int halvings = 60;
    for (int i = 0; i < halvings; ++i) {
        const double middle = 0.5 * (low + high);
        (squares_of(packets, middle) > expected ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

Summary summarise(const SynthesisSpec& spec, double known_heterogeneity,
                  std::span<const Packet> packets, std::span<std::uint8_t> kept) {
    Summary summary;
    const bool outside = std::ranges::any_of(
        packets, [&](const Packet& packet) { return out_of_range(spec, packet); });
    if (!outside) {
        if (!packets.empty()) summary = summary_in_range(spec, known_heterogeneity, packets, kept);
        summary.packets = std::ssize(packets);
        return summary;
    }
    std::vector<Packet> inside;
    for (const Packet& packet : packets) {
        if (!out_of_range(spec, packet)) inside.push_back(packet);
    }
    std::vector<std::uint8_t> kept_inside(kept.empty() ? 0 : inside.size());
    if (!inside.empty()) {
        summary = summary_in_range(spec, known_heterogeneity, inside, kept_inside);
    }
    summary.packets = std::ssize(packets);
    std::size_t next = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        kept[i] = out_of_range(spec, packets[i]) ? 0 : kept_inside[next++];
    }
    return summary;
}

Opinion opinion_of(const SynthesisSpec& spec, const Packet& own, const Summary& summary) {
    const double between = summary.heterogeneity;
    if (summary.used == 0) return {own.mean, 1.0 / own.weight};
    if (own.weight <= 0.0) return {summary.centre, summary.variance + between};
    if (spec.op != Operator::shrink) return {summary.centre, summary.variance};
    const double share = 1.0 / (1.0 + own.weight * between);  // B = v / (v + tau^2)
    return {share * summary.centre + (1.0 - share) * own.mean,
            (1.0 - share) / own.weight + share * share * summary.variance};
}

}  // namespace motley::swarm
