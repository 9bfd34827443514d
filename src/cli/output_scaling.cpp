// A scaling experiment on the terminal: measured cases, costs, projections.
#include <fmt/format.h>

#include "output.hpp"

namespace motley::cli {
namespace {

using experiment::ScalingResult;
using Rows = std::vector<std::vector<std::string>>;

std::string milliseconds(double seconds) {
    return fmt::format("{:.3f}", 1e3 * seconds);
}

std::string cases_table(const ScalingResult& result) {
    Rows rows = {{"scaling", "ranks", "agents", "ms/step", "efficiency", "model", "compute", "pack",
                  "wait", "waited for", "bytes/step"}};
    for (const auto& c : result.cases) {
        rows.push_back({c.weak ? "weak" : "strong", std::to_string(c.ranks),
                        std::to_string(c.agents), milliseconds(c.step_seconds),
                        fmt::format("{:.3f}", c.efficiency),
                        fmt::format("{:+.0f} %", 100.0 * (c.predicted / c.step_seconds - 1.0)),
                        milliseconds(c.phases[0].most), milliseconds(c.phases[1].most),
                        milliseconds(c.phases[2].most), fmt::format("rank {}", c.phases[0].slowest),
                        std::to_string(c.rank_bytes)});
    }
    return table(rows);
}

std::string projections_table(const ScalingResult& result) {
    Rows rows = {{"projected", "ms/step", "efficiency", "exchange", "largest/mean", "messages"}};
    for (const auto& p : result.projections) {
        rows.push_back({std::to_string(p.ranks), milliseconds(p.step_seconds),
                        fmt::format("{:.3f}", p.efficiency),
                        fmt::format("{:.0f} %", 100.0 * p.exchange_share),
                        fmt::format("{:.3f}", p.imbalance), std::to_string(p.slowest.messages)});
    }
    return table(rows);
}

}  // namespace

std::string summary(const ScalingResult& result) {
    const auto& [compute, exchange, overlap] = result.costs;
    std::string text = cases_table(result);
    text += fmt::format(
        "\nns per agent {:.2f}, per arc {:.3f} (rms error {:.0f} %); us per exchange {:.2f}, per "
        "message {:.2f}, ns per byte {:.3f}, per byte that leaves a node {:.3f} ({:.0f} %), "
        "behind {:.0f} % of the work on interior agents\n",
        1e9 * compute.per_unit[0], 1e9 * compute.per_unit[1], 100.0 * compute.residual,
        1e6 * exchange.constant, 1e6 * exchange.message, 1e9 * exchange.byte,
        1e9 * exchange.leaving, 100.0 * exchange.residual, 100.0 * overlap);
    if (exchange.crossing > 0.0) {
        text +=
            fmt::format("ns per byte between islands, as given: {:.3f}\n", 1e9 * exchange.crossing);
    }
    if (!result.projections.empty()) text += "\n" + projections_table(result);
    for (const auto& note : result.notes) text += "\nnote: " + note + "\n";
    return text + fmt::format(
                      "\nfiles: {}/{{scaling.csv, projection.csv, report.html, "
                      "status.json}}\n",
                      result.directory);
}

}  // namespace motley::cli
