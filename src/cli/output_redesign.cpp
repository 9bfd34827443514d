// A redesign on the terminal: a table with a row per design, then details of each design.
#include <fmt/format.h>

#include <cmath>

#include "motley/redesign/study/result_columns.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

using redesign::DesignResult;
using redesign::RedesignResult;

using redesign::ResultValue;

std::string cell_of(const ResultValue& value, int digits) {
    if (redesign::is_text(value)) return redesign::text_of(value);
    if (const auto* bracket = std::get_if<redesign::Bracket>(&value)) {
        if (std::isnan(bracket->low)) return "none";
        return fmt::format("[{:.{}f}, {:.{}f}]", bracket->low, digits, bracket->high, digits);
    }
    const double number = redesign::number_of(value);
    return std::isfinite(number) ? fmt::format("{:.{}f}", number, digits) : "-";
}

/// A header and a row per design, with the columns that the terminal shows.
std::vector<std::vector<std::string>> design_rows(const job::Redesign& job,
                                                  const RedesignResult& result) {
    std::vector<std::vector<std::string>> rows(1 + result.designs.size());
    for (const auto& column : redesign::design_columns()) {
        if (column.terminal.heading == nullptr) continue;
        rows[0].emplace_back(column.terminal.heading);
        for (std::size_t i = 0; i < result.designs.size(); ++i) {
            const ResultValue value = column.get.call({job, result, result.designs[i]});
            rows[i + 1].push_back(cell_of(value, column.terminal.digits));
        }
    }
    return rows;
}

std::string served_lines(const redesign::NetworkResult& network) {
    std::string text = fmt::format(
        "  network: {}; by {}, handed over {}: theta {:.4g} to {:.4g}; by the best routing {:.4g} "
        "to {:.4g}; handed over evenly by ECMP {:.4g}\n",
        network.fabric, network.routing, network.hand_over, network.bound.low, network.bound.high,
        network.best.low, network.best.high, network.even);
    if (network.placement) {
        const redesign::PlacementResult& placed = *network.placement;
        text += fmt::format(
            "  placement searched in {} trials: theta {:.4g}; packed {:.4g}, spread {:.4g}, none "
            "above {:.4g}\n",
            placed.trials, placed.searched, placed.packed, placed.spread, placed.bound);
    }
    if (!network.bottleneck.empty()) text += "  dearest link: " + network.bottleneck + "\n";
    return text;
}

std::string network_lines(const DesignResult& design) {
    const redesign::NetworkResult& network = design.network;
    if (!network.given) return "";
    std::string text;
    if (!network.pipeline) text = served_lines(network);
    for (const redesign::FabricLoss& loss : network.losses) {
        if (loss.tried == 0) continue;
        text += fmt::format(
            "  without a {}: theta {:.4g} at worst, {}; {} of {} known, {} cut {} off\n", loss.part,
            loss.theta, loss.worst, loss.tried, loss.possible, loss.disconnecting,
            network.pipeline ? "units" : "hosts");
    }
    return text;
}

std::string request_lines(const DesignResult& design) {
    std::string text;
    for (const redesign::RequestResult& request : design.requests) {
        text += fmt::format("  a request of '{}': {:.4g} $ for 1,000", request.name,
                            request.price_per_thousand);
        if (std::isfinite(request.latency.high)) {
            text += fmt::format("; {:.4g} s, with waits {:.4g} s", request.latency.high,
                                request.with_waits.high);
        }
        text += "\n";
    }
    return text;
}

/// Units of the demand per second through each stage.
std::string pipeline_lines(const job::Redesign& job, const DesignResult& design) {
    const redesign::PipelineResult& pipeline = *design.network.pipeline;
    const std::string& unit = job.units.front();
    std::string text = fmt::format("\n{}: the pipeline passes {:.9g} {}; limited by {}\n",
                                   design.name, pipeline.throughput.low, unit,
                                   pipeline.cut.empty() ? "nothing" : design.network.bottleneck);
    for (const redesign::StageResult& stage : pipeline.stages) {
        text += fmt::format("  {}, layers {} to {}: {:.6g} of {:.6g} {}\n", stage.node, stage.first,
                            stage.last, stage.units, stage.rate, unit);
    }
    return text;
}

std::string fleet_lines(const job::Redesign& job, const DesignResult& design) {
    std::string text = fmt::format("\n{}: one more device adds to theta", design.name);
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        text += fmt::format("{} {} {:+.2f} %", d == 0 ? "" : ",", job.problem.devices[d].name,
                            100.0 * design.throughput.device_worth[d] / design.throughput.theta);
    }
    return text + (design.network_binds() ? " (the fleet; the network limits it)\n" : "\n");
}

std::string details(const job::Redesign& job, const DesignResult& design) {
    std::string text =
        design.network.pipeline ? pipeline_lines(job, design) : fleet_lines(job, design);
    if (design.searched) {
        text += design.proved ? "  proved: no other fleet is better\n"
                              : fmt::format("  NOT proved: gap {:.2g}\n", design.gap);
    }
    text += request_lines(design);
    text += network_lines(design);
    for (const fleet::Flip& flip : design.flips) {
        text += "  turns at " + redesign::flip_text(job.problem, flip) + "\n";
    }
    return text;
}

}  // namespace

std::string summary(const job::Redesign& job, const RedesignResult& result) {
    std::string text = table(design_rows(job, result));
    for (const DesignResult& design : result.designs) {
        if (!design.homogeneous && design.throughput.theta > 0.0) text += details(job, design);
    }
    if (!result.spare_fleet.empty()) {
        text +=
            fmt::format("\nwith a node to spare: {} for {:.2f} $/h\n",
                        redesign::fleet_text(job.problem, result.spare_fleet), result.spare_price);
    }
    if (std::isfinite(result.fluid_price)) {
        text += fmt::format("\nfluid limit: mixed {:.4g} $/h, one type {:.4g} $/h, gain {:.4g}\n",
                            result.fluid_price, result.fluid_homogeneous_price, result.fluid_gain);
    }
    for (const std::string& note : result.notes) text += "note: " + note + "\n";
    text += fmt::format("verdict: {}: {}\n", result.verdict.recommendation, result.verdict.text);
    const char* tables = job.pipelines.empty() ? "allocation.csv, losses.csv, fabric.csv, "
                                                 "heterogeneity.csv, flips.csv"
                                               : "stages.csv, fabric.csv, flips.csv";
    return text + fmt::format(
                      "\nfiles: {}/{{redesign.json, designs.csv, {}, redesign.h5, report.html, "
                      "status.json}}\n",
                      result.directory, tables, job.workflows.empty() ? "" : ", workflows.csv");
}

}  // namespace motley::cli
