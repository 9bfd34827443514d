// Intervals, and the laws by which measures grow with the number of sites.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "motley/swarm/overlay/hop_theory.hpp"
#include "phases.hpp"

namespace motley::swarm {
namespace {

struct Line {
    Estimate slope;
    double start = 0.0, r2 = 0.0;
};

/// Least squares, with the interval of the slope by the scatter around the line.
Line fit(const std::vector<double>& x, const std::vector<double>& y) {
    const auto count = static_cast<double>(x.size());
    double mean_x = 0.0, mean_y = 0.0, xx = 0.0, xy = 0.0, yy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        mean_x += x[i] / count;
        mean_y += y[i] / count;
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
    }
    Line line;
    const double slope = xy / xx;
    line.start = mean_y - slope * mean_x;
    const double rest = std::max(0.0, yy - slope * xy);
    line.r2 = yy > 0.0 ? 1.0 - rest / yy : 1.0;
    const auto freedom = static_cast<std::int64_t>(x.size()) - 2;
    const double half =
        freedom > 0 ? student(freedom) * std::sqrt(rest / static_cast<double>(freedom) / xx) : 0.0;
    line.slope = {slope, slope - half, slope + half};
    return line;
}

using Series = std::vector<const CellResult*>;

/// Cells that differ in their sites only, by rising number; each series once.
std::vector<Series> series_of(const SwarmStudy& study) {
    std::vector<Series> all;
    for (const CellResult& cell : study.cells) {
        const auto same = [&](const Series& series) {
            return series.front()->policy == cell.policy && series.front()->op == cell.op &&
                   series.front()->variant == cell.variant;
        };
        const auto found = std::ranges::find_if(all, same);
        (found == all.end() ? all.emplace_back() : *found).push_back(&cell);
    }
    for (Series& series : all) {
        std::ranges::sort(series, {}, [](const CellResult* cell) { return cell->spec.sites; });
    }
    return all;
}

void add_laws(const Series& series, SwarmStudy& study) {
    for (std::size_t m = 0; m < measures().size(); ++m) {
        if (!measures()[m].grows) continue;
        std::vector<double> x, y;
        for (const CellResult* cell : series) {
            const double value = cell->values[m].mean;
            if (!(value > 0.0) || !std::isfinite(value)) continue;
            x.push_back(std::log(static_cast<double>(cell->spec.sites)));
            y.push_back(std::log(value));
        }
        if (x.size() != series.size()) continue;
        const Line line = fit(x, y);
        Growth growth;
        growth.policy = series.front()->policy;
        growth.op = series.front()->op;
        growth.variant = series.front()->variant;
        growth.measure = measures()[m].name;
        growth.exponent = line.slope;
        growth.r2 = line.r2;
        growth.points = static_cast<std::int64_t>(x.size());
        growth.last = (y.back() - y[y.size() - 2]) / (x.back() - x[x.size() - 2]);
        study.growth.push_back(growth);
    }
}

void add_hops(const Series& series, SwarmStudy& study) {
    const Spec& spec = series.front()->spec;
    const bool recursive = spec.overlay.lookup == LookupKind::recursive;
    const bool overlaid = spec.policy == Policy::full || spec.policy == Policy::cap ||
                          spec.policy == Policy::aggregate;
    if (study.hops || !recursive || !overlaid || spec.overlay.session > 0.0) return;
    const int contacts = static_cast<int>(spec.overlay.contacts);
    std::vector<double> x, y;
    HopGrowth hops;
    for (const CellResult* cell : series) {
        const auto sites = static_cast<double>(cell->spec.sites);
        x.push_back(std::log2(sites));
        y.push_back(cell->at("hops").mean);
        hops.worst_gap =
            std::max(hops.worst_gap, std::abs(y.back() - expected_hops_of(sites, contacts)));
    }
    const Line line = fit(x, y);
    hops.slope = line.slope;
    hops.start = line.start;
    hops.r2 = line.r2;
    hops.expected = 1.0 / bits_per_hop(contacts);
    study.hops = hops;
}

}  // namespace

double student(std::int64_t freedom) {
    static constexpr std::array<double, 30> table = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
        2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
        2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    constexpr double normal = 1.960;
    if (freedom < 1) return 0.0;
    const auto row = static_cast<std::size_t>(freedom - 1);
    return row < table.size() ? table[row] : normal + 2.5 / static_cast<double>(freedom);
}

void add_growth(const job::Swarm& job, SwarmStudy& study) {
    constexpr std::size_t least_points = 3;
    if (job.sites.size() < least_points) return;
    for (const Series& series : series_of(study)) {
        add_laws(series, study);
        add_hops(series, study);
    }
}

void add_front(SwarmStudy& study) {
    std::int64_t most = 0;
    for (const CellResult& cell : study.cells) most = std::max(most, cell.spec.sites);
    const auto beats = [](const CellResult& a, const CellResult& b) {
        const double error_a = a.at("error").mean, error_b = b.at("error").mean;
        const double bytes_a = a.at("bytes_per_site").mean, bytes_b = b.at("bytes_per_site").mean;
        return error_a <= error_b && bytes_a <= bytes_b && (error_a < error_b || bytes_a < bytes_b);
    };
    for (std::size_t i = 0; i < study.cells.size(); ++i) {
        const CellResult& cell = study.cells[i];
        if (cell.spec.sites != most) continue;
        const bool beaten = std::ranges::any_of(study.cells, [&](const CellResult& other) {
            return other.spec.sites == most && other.variant == cell.variant && beats(other, cell);
        });
        if (!beaten) study.front.push_back(i);
    }
}

}  // namespace motley::swarm
