#include "motley/measure/cost_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace motley::measure {
namespace {

/// Normal equations of rows (x, y) with the right-hand side 1.
struct Normal {
    double xx = 0.0, xy = 0.0, yy = 0.0, x = 0.0, y = 0.0;
    int count = 0;

    Costs one_unknown(bool first) const {
        Costs costs;
        if (first && xx > 0.0) costs.per_first = x / xx;
        if (!first && yy > 0.0) costs.per_second = y / yy;
        return costs;
    }
    /// Sum of squared relative errors.
    double error(const Costs& c) const {
        return c.per_first * c.per_first * xx + 2.0 * c.per_first * c.per_second * xy +
               c.per_second * c.per_second * yy - 2.0 * (c.per_first * x + c.per_second * y) +
               count;
    }
};

}  // namespace

Costs fit_costs(std::span<const CostSample> samples) {
    Normal normal;
    for (const auto& sample : samples) {
        if (!(sample.seconds > 0.0)) continue;
        const double x = sample.first / sample.seconds, y = sample.second / sample.seconds;
        normal.xx += x * x;
        normal.xy += x * y;
        normal.yy += y * y;
        normal.x += x;
        normal.y += y;
        normal.count += 1;
    }
    if (normal.count == 0) return {};
    const double determinant = normal.xx * normal.yy - normal.xy * normal.xy;
    constexpr double tells_apart = 1e-6;
    Costs best;
    if (determinant > tells_apart * normal.xx * normal.yy) {
        best.per_first = (normal.x * normal.yy - normal.y * normal.xy) / determinant;
        best.per_second = (normal.y * normal.xx - normal.x * normal.xy) / determinant;
    }
    if (best.per_first <= 0.0 || best.per_second <= 0.0) {
        const Costs first = normal.one_unknown(true), second = normal.one_unknown(false);
        best = normal.error(first) <= normal.error(second) ? first : second;
    }
    best.residual = std::sqrt(std::fmax(normal.error(best), 0.0) / normal.count);
    return best;
}

double StepWork::seconds(double overlap) const {
    return compute + messages + std::max(bytes - overlap * interior, 0.0);
}

double step_seconds(std::span<const StepWork> ranks, double overlap) {
    double slowest = 0.0;
    for (const StepWork& work : ranks) slowest = std::max(slowest, work.seconds(overlap));
    return slowest;
}

double fit_overlap(std::span<const OverlapSample> samples) {
    constexpr int parts = 100;
    double best = 0.0, least = std::numeric_limits<double>::infinity();
    for (int part = 0; part <= parts; ++part) {
        const double overlap = static_cast<double>(part) / parts;
        double error = 0.0;
        for (const auto& sample : samples) {
            if (!(sample.seconds > 0.0)) continue;
            const double relative = step_seconds(sample.ranks, overlap) / sample.seconds - 1.0;
            error += relative * relative;
        }
        if (error >= least) continue;
        least = error;
        best = overlap;
    }
    return best;
}

}  // namespace motley::measure
