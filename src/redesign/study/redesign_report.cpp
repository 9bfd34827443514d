// report.html of a redesign.
#include <fmt/format.h>

#include <cmath>

#include "motley/report/document.hpp"
#include "redesign_parts.hpp"

namespace motley::redesign {
namespace {

using report::NumberFormat;
using report::Section;

constexpr NumberFormat three{NumberFormat::Notation::fixed, 3};
constexpr NumberFormat money{NumberFormat::Notation::fixed, 2};

std::string interval_text(const Spread& spread) {
    return fmt::format("[{:.4g}, {:.4g}]", spread.low, spread.high);
}

report::PageTable designs_table(const job::Redesign& job, const RedesignResult& result) {
    report::PageTable table{
        "Designs",
        "theta: share of the demanded mix that fleet and network can serve; N-1: theta "
        "after the worst loss of a node, with work moved.",
        {},
        {}};
    table.columns = {{"design"},
                     {"fleet"},
                     {"theta", "", true, three},
                     {"interval"},
                     {"price", "$/h", true, money},
                     {"to serve the demand", "$/h", true, money},
                     {"power", "W", true},
                     {"bottleneck"},
                     {"N-1", "", true, three},
                     {"proved"}};
    for (const DesignResult& design : result.designs) {
        table.rows.push_back({design.name, fleet_text(job.problem, design.fleet), design.theta(),
                              interval_text(design.interval.theta), design.price,
                              design.price_to_serve, design.power, bottleneck_of(job, design),
                              design.losses.node.theta,
                              design.searched ? (design.proved ? "yes" : "no") : "–"});
    }
    return table;
}

report::PageTable gains_table(const RedesignResult& result) {
    report::PageTable table{"Gain over the best homogeneous fleet, by cause",
                            "The factors multiply to the total. Granularity vanishes as the load "
                            "grows; only the comparative advantage is a gain of heterogeneity.",
                            {},
                            {}};
    table.columns = {{"design"},
                     {"total", "", true, three},
                     {"comparative advantage", "", true, three},
                     {"granularity", "", true, three},
                     {"mix", "", true, three},
                     {"calibration", "", true, three},
                     {"network", "", true, three},
                     {"interval of the total"}};
    for (const DesignResult& design : result.designs) {
        if (design.homogeneous) continue;
        table.rows.push_back({design.name, design.gain.total, design.gain.comparative_advantage,
                              design.gain.granularity, design.gain.mix, design.gain.calibration,
                              design.gain.network, interval_text(design.interval.gain)});
    }
    return table;
}

/// A row per device: rate, worth of one more.
report::PageTable worth_table(const job::Redesign& job, const RedesignResult& result) {
    report::PageTable table{
        "Worth of one more device",
        "theta gained per device more, in per cent of theta; it holds for small "
        "changes.",
        {},
        {}};
    table.columns = {{"design"}};
    for (const fleet::Device& device : job.problem.devices) {
        table.columns.push_back({device.name, "", true, {NumberFormat::Notation::percent, 2}});
    }
    for (const DesignResult& design : result.designs) {
        std::vector<report::PageCell> row = {design.name};
        for (const double worth : design.throughput.device_worth) {
            row.emplace_back(worth / design.throughput.theta);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

report::PageTable network_table(const RedesignResult& result) {
    report::PageTable table{
        "Network",
        "Share of the demand of which the traffic fits: at least and at most by "
        "the best routing, and by ECMP.",
        {},
        {}};
    table.columns = {{"design"},
                     {"traffic", "GB/s", true},
                     {"at least", "", true, three},
                     {"at most", "", true, three},
                     {"ECMP", "", true, three},
                     {"hops", "", true, three},
                     {"dearest link"},
                     {"ECMP's bottleneck"}};
    for (const DesignResult& design : result.designs) {
        const NetworkResult& network = design.network;
        if (!network.given) continue;
        table.rows.push_back({design.name, network.traffic, network.bound.low, network.bound.high,
                              network.ecmp, network.hops, network.bottleneck,
                              network.ecmp_bottleneck});
    }
    return table;
}

report::PageTable fabric_table(const RedesignResult& result) {
    report::PageTable table{"Failures of the network, one at a time",
                            "theta: share of the demand of which the traffic still fits, by ECMP "
                            "routed anew; the worst case of each part.",
                            {},
                            {}};
    table.columns = {{"design"},
                     {"lost"},
                     {"worst"},
                     {"theta", "", true, three},
                     {"traffic left", "", true, {NumberFormat::Notation::percent, 1}},
                     {"by the best routing"},
                     {"cut off", "cases", true},
                     {"tried", "cases", true}};
    for (const DesignResult& design : result.designs) {
        for (const FabricLoss& loss : design.network.losses) {
            table.rows.push_back({design.name, loss.part, loss.worst, loss.theta, loss.served,
                                  interval_text(loss.bound),
                                  static_cast<double>(loss.disconnecting),
                                  static_cast<double>(loss.tried)});
        }
    }
    return table;
}

report::PageTable flips_table(const job::Redesign& job, const RedesignResult& result) {
    report::PageTable table{"Where the comparison turns",
                            "All else equal; exact. 'only x': the fleet of x alone that the demand "
                            "needs or the budget buys.",
                            {},
                            {}};
    table.columns = {{"design"}, {"change"}, {"ratio", "", true, three}};
    for (const DesignResult& design : result.designs) {
        for (const fleet::Flip& flip : design.flips) {
            table.rows.push_back(
                {design.name, flip_text(job.problem, flip), flip.at / flip.nominal});
        }
    }
    return table;
}

/// Price to serve of each design against the price of one device, as a ratio to now.
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
    chart.x = {"price", "$/h"};
    chart.y = {"theta"};
    report::ChartSeries whole{"whole", {}}, lost{"after the loss of a node", {}};
    for (const ParetoFleet& each : result.front) {
        const std::string label = fleet_text(job.problem, each.fleet);
        whole.points.push_back({each.price, each.theta, report::missing, report::missing, label});
        lost.points.push_back(
            {each.price, each.n_minus_1, report::missing, report::missing, label});
    }
    chart.series = {whole, lost};
    return chart;
}

Section verdict_section(const RedesignResult& result) {
    Section section{"Verdict"};
    section.paragraphs = {"Recommendation: " + result.verdict.recommendation + ". " +
                          result.verdict.text + "."};
    for (const std::string& note : result.notes)
        section.paragraphs.push_back("Note: " + note + ".");
    return section;
}

}  // namespace

std::string redesign_html(const job::Redesign& job, const RedesignResult& result,
                          const record::Provenance& provenance) {
    report::Document document;
    document.title = job.name;
    document.abstract.push_back(fmt::format(
        "{} designs for {} task classes on {} device types; {} scenarios. In the fluid limit the "
        "cheapest fleet costs {:.4g} $/h, the best of one type {:.4g} $/h: a gain of {:.4g}.",
        result.designs.size(), job.problem.classes(), job.problem.types(), result.scenarios,
        result.fluid_price, result.fluid_homogeneous_price, result.fluid_gain));
    document.sections.push_back(verdict_section(result));
    Section designs{"Designs"};
    designs.items = {designs_table(job, result), gains_table(result), worth_table(job, result)};
    document.sections.push_back(std::move(designs));
    report::PageTable network = network_table(result);
    if (!network.rows.empty()) {
        Section section{"Network"};
        section.items = {std::move(network), fabric_table(result)};
        document.sections.push_back(std::move(section));
    }
    Section flips{"Prices and demands at which it turns"};
    report::PageTable table = flips_table(job, result);
    if (!table.rows.empty()) flips.items.emplace_back(std::move(table));
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        flips.items.emplace_back(flip_chart(job, result, d));
    }
    document.sections.push_back(std::move(flips));
    if (!result.front.empty()) {
        Section front{"Search"};
        front.items.emplace_back(front_chart(job, result));
        document.sections.push_back(std::move(front));
    }
    document.provenance = provenance;
    return report::to_html(document);
}

}  // namespace motley::redesign
