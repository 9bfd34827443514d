#include "result_charts.hpp"

#include <algorithm>
#include <cmath>

namespace motley::redesign {
namespace {

std::vector<std::string> names_of(const RedesignResult& result) {
    std::vector<std::string> names;
    for (const DesignResult& design : result.designs) names.push_back(design.name);
    return names;
}

/// Whether another point is as cheap, as good after a loss and as fast, and better in one of them.
bool is_dominated(const DesignResult& design, const RedesignResult& result) {
    const auto beats = [&](const DesignResult& other) {
        const bool not_worse = other.price <= design.price && other.theta() >= design.theta() &&
                               other.losses.node.theta >= design.losses.node.theta;
        const bool better = other.price < design.price || other.theta() > design.theta() ||
                            other.losses.node.theta > design.losses.node.theta;
        return not_worse && better;
    };
    return std::ranges::any_of(result.designs, beats);
}

}  // namespace

report::Chart flip_chart(const job::Redesign& job, const RedesignResult& result, std::size_t type) {
    constexpr int points = 41;
    constexpr double widest = 4.0;
    const fleet::Device& device = job.problem.devices[type];
    report::Chart chart;
    chart.title = "Price to serve the demand";
    chart.x = {"price of " + device.name, "$/h", report::Scale::logarithmic};
    chart.y = {"price to serve", "$/h"};
    chart.marks.push_back({device.price, "now"});
    for (const DesignResult& design : result.designs) {
        if (!(design.throughput.theta > 0.0)) continue;
        const double served = design.price / design.price_to_serve;
        report::ChartSeries series{design.name, {}, report::Look::line};
        for (int i = 0; i < points; ++i) {
            const double price = device.price * std::pow(widest, 2.0 * i / (points - 1.0) - 1.0);
            const double total = design.price + design.fleet[type] * (price - device.price);
            series.points.push_back({price, total / served});
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

report::Chart front_chart(const job::Redesign& job, const RedesignResult& result) {
    report::Chart chart;
    chart.kind = report::ChartKind::scatter;
    chart.title = "Pareto front of price, power, throughput and N-1";
    chart.caption = "Designs that another design beats are shown as dominated.";
    chart.x = {"price", "$/h"};
    chart.y = {"theta"};
    report::ChartSeries whole{"front", {}}, lost{"front after the loss of a node", {}};
    for (const ParetoFleet& each : result.front) {
        const std::string label = fleet_text(job.problem, each.fleet);
        whole.points.push_back({each.price, each.theta, report::missing, report::missing, label});
        lost.points.push_back(
            {each.price, each.n_minus_1, report::missing, report::missing, label});
    }
    report::ChartSeries best{"designs", {}}, beaten{"dominated designs", {}};
    for (const DesignResult& design : result.designs) {
        auto& series = is_dominated(design, result) ? beaten : best;
        series.points.push_back(
            {design.price, design.theta(), report::missing, report::missing, design.name});
    }
    for (auto* series : {&whole, &lost, &best, &beaten}) {
        if (!series->points.empty()) chart.series.push_back(std::move(*series));
    }
    return chart;
}

report::Chart theta_chart(const RedesignResult& result) {
    report::Chart chart;
    chart.kind = report::ChartKind::bars;
    chart.title = "Share of the demand that each design serves";
    chart.caption = result.scenarios > 0 ? "Whiskers: interval over the scenarios."
                                         : "No number of the job is uncertain: no intervals.";
    chart.x.categories = names_of(result);
    chart.y = {"theta"};
    chart.references.push_back({1.0, "demand"});
    report::ChartSeries series{"theta", {}};
    for (std::size_t i = 0; i < result.designs.size(); ++i) {
        const DesignResult& design = result.designs[i];
        report::ChartPoint point{static_cast<double>(i), design.theta()};
        if (design.interval) {
            point.low = design.interval->theta.low;
            point.high = design.interval->theta.high;
        }
        series.points.push_back(point);
    }
    chart.series.push_back(std::move(series));
    return chart;
}

report::Chart losses_chart(const RedesignResult& result) {
    report::Chart chart;
    chart.kind = report::ChartKind::bars;
    chart.title = "Share of the demand after the worst single loss";
    chart.x.categories = names_of(result);
    chart.y = {"theta"};
    chart.references.push_back({1.0, "demand"});
    const auto series_of = [&](const char* name, auto theta_of) {
        report::ChartSeries series{name, {}};
        for (std::size_t i = 0; i < result.designs.size(); ++i) {
            const double theta = theta_of(result.designs[i]);
            if (!std::isnan(theta)) series.points.push_back({static_cast<double>(i), theta});
        }
        if (!series.points.empty()) chart.series.push_back(std::move(series));
    };
    series_of("device", [](const DesignResult& design) { return design.losses.device.theta; });
    series_of("node", [](const DesignResult& design) { return design.losses.node.theta; });
    for (const char* part : {"link", "switch", "rack"}) {
        series_of(part, [&](const DesignResult& design) {
            const auto found = std::ranges::find(design.network.losses, part, &FabricLoss::part);
            const bool known = found != design.network.losses.end() && found->tried > 0;
            return known ? found->theta : report::missing;
        });
    }
    return chart;
}

}  // namespace motley::redesign
