// What comes back at a point, and curves in short: their areas, the threshold of the giant
// component, and one point of each.
#include <algorithm>
#include <cmath>

#include "motley/experiment/attack/attack.hpp"

namespace motley::experiment {
namespace {

/// The points of one order, replicate after replicate, `points` each.
using Curves = std::vector<const AttackPoint*>;

/// Mean over replicates at point `j` of a curve.
double mean_at(const Curves& curves, std::size_t points, std::size_t j,
               double AttackPoint::*column) {
    double sum = 0.0;
    for (std::size_t i = j; i < curves.size(); i += points) sum += curves[i]->*column;
    return sum / static_cast<double>(curves.size() / points);
}

AttackSummary summary_of(const Curves& curves, std::size_t points, double fraction) {
    AttackSummary summary;
    summary.order = curves.front()->order;
    double final = 0.0, steepest = 0.0, giant = 1.0;
    for (std::size_t j = 0; j < points; ++j) {
        summary.r_index += mean_at(curves, points, j, &AttackPoint::resistance);
        final += mean_at(curves, points, j, &AttackPoint::final);
        const double here = mean_at(curves, points, j, &AttackPoint::giant);
        if (giant - here > steepest) {
            steepest = giant - here;
            summary.threshold = curves[j]->share;
        }
        giant = here;
    }
    summary.r_index /= static_cast<double>(points);
    summary.r_index_final = final / static_cast<double>(points);
    const auto wanted = static_cast<std::size_t>(
        std::clamp<std::int64_t>(std::llround(fraction * static_cast<double>(points)), 1,
                                 static_cast<std::int64_t>(points)));
    summary.at = *curves[wanted - 1];
    for (const auto column :
         {&AttackPoint::settled, &AttackPoint::resistance, &AttackPoint::giant, &AttackPoint::final,
          &AttackPoint::recovery, &AttackPoint::t90, &AttackPoint::area, &AttackPoint::bound,
          &AttackPoint::mu2, &AttackPoint::settling}) {
        summary.at.*column = mean_at(curves, points, wanted - 1, column);
    }
    return summary;
}

}  // namespace

void set_recovery(const std::vector<double>& course, double before, AttackPoint& point) {
    const double at_once = course.front(), last = course.back();
    const double lost = before - at_once;
    point.final = last / before;
    point.recovery = lost > 1e-12 * before ? (last - at_once) / lost : 1.0;
    point.t90 = 0.0;
    if (last > at_once) {
        const double wanted = at_once + 0.9 * (last - at_once);
        const auto reached = std::ranges::find_if(course, [&](double p) { return p >= wanted; });
        point.t90 = static_cast<double>(reached - course.begin());
    }
    point.area = 0.0;
    for (const double p : course) point.area += std::max(0.0, last - p) / before;
}

std::vector<AttackSummary> summarise(const std::vector<AttackPoint>& points,
                                     const job::Attack& attack) {
    std::vector<AttackSummary> summaries;
    for (const job::AttackOrder order : attack.orders) {
        Curves curves;
        for (const AttackPoint& point : points) {
            if (point.order == order) curves.push_back(&point);
        }
        const auto count = static_cast<std::size_t>(attack.points);
        if (curves.empty() || curves.size() % count != 0) continue;
        summaries.push_back(summary_of(curves, count, attack.fraction));
    }
    return summaries;
}

}  // namespace motley::experiment
