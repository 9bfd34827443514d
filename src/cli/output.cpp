#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "motley/job/preset.hpp"

namespace motley::cli {
namespace {

bool is_number(const std::string& cell) {
    return !cell.empty() && (std::isdigit(static_cast<unsigned char>(cell[0])) != 0 ||
                             cell[0] == '-' || cell[0] == '+');
}

}  // namespace

std::string line(const std::string& label, const std::string& value) {
    return fmt::format("{:<24}{}\n", label, value);
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
    }
    std::string text;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        std::string line;
        for (std::size_t c = 0; c < rows[r].size(); ++c) {
            const std::string& cell = rows[r][c];
            const bool right =
                c > 0 && (r > 0 ? is_number(cell)
                                : rows.size() > 1 && c < rows[1].size() && is_number(rows[1][c]));
            line += right ? fmt::format("{:>{}}  ", cell, widths[c])
                          : fmt::format("{:<{}}  ", cell, widths[c]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
        if (r > 0) continue;
        std::size_t total = 0;
        for (const auto w : widths) total += w + 2;
        text += std::string(total - 2, '-') + "\n";
    }
    return text;
}

std::string certificate(const simulation::Solution& solution) {
    if (!std::isfinite(solution.measures.gap)) return "none";
    return fmt::format(
        "{}{:.1e}", solution.certified ? "certified " : "not certified: ", solution.measures.gap);
}

std::string summary(const experiment::RunResult& result) {
    const auto& m = result.solution.measures;
    const auto agents = static_cast<double>(result.agents);
    const job::FieldWords& words = job::words_of(result.preset);
    std::string text;
    const auto add = [&](const std::string& label, const std::string& value) {
        text += line(label, value);
    };
    add(fmt::format("{}, arcs, {}", words.agents, words.tasks),
        fmt::format("{}, {}, {}", result.agents, result.arcs, result.tasks));
    if (result.relays > 0) add("relays", std::to_string(result.relays));
    add(fmt::format("productivity per {}", words.agent),
        fmt::format("{:.9g}", m.productivity / agents));
    if (std::isfinite(m.welfare)) {
        add(fmt::format("welfare per {}", words.agent),
            fmt::format("{:.9g}, the mean of ln u", m.welfare / agents));
    }
    add("efficiency P / sum R", fmt::format("{:.9g}", m.productivity / m.resource));
    add("heterogeneity", fmt::format("{} {:.6f}  {} {:.6f}  nats; effective types {:.3f}",
                                     words.resource, m.heterogeneity_effort, words.income,
                                     m.heterogeneity_value, std::exp(m.heterogeneity_effort)));
    add("entropies", fmt::format("{} {:.6f}  demand {:.6f}  expenditure {:.6f}  nats", words.task,
                                 m.task_entropy, m.demand_entropy, m.expenditure_entropy));
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
        const auto& level = result.levels[l];
        std::string value = fmt::format("{}: {:.6f}", level.name, level.effort);
        if (l + 1 < result.levels.size()) {
            value += fmt::format("; local balance of its groups {:.3f}", result.level_balance[l]);
        }
        add("  at level", value);
    }
    if (result.spatial.centres > 0) {
        add("spatial scale xi", fmt::format("{:.3f} hops, from {} centres", result.spatial.scale,
                                            result.spatial.centres));
        add("balance radius", fmt::format("{:.3f} hops: where neighbourhoods lack 1/e of what "
                                          "as many at random lack",
                                          result.spatial.balance_radius));
    }
    for (const auto& each : result.attack.summaries) {
        std::string value = fmt::format("R-index {:.4f}; at {:.3g} % taken {:.4f} is left",
                                        each.r_index, 100.0 * each.at.share, each.at.resistance);
        if (std::isfinite(each.at.final)) value += fmt::format(", {:.4f} later", each.at.final);
        add(fmt::format("attack by {}", job::name_of(each.order)), value);
    }
    for (const auto& loss : result.attack.certified) {
        add("certified loss", fmt::format("the {} that earns most: its production lost costs at "
                                          "least {:.4g} % of P, whatever adapts",
                                          loss.of, 100.0 * loss.largest));
    }
    add("optimality gap", certificate(result.solution));
    add("steps", fmt::format("{} ({:.3g} agent-steps/s)", result.solution.steps,
                             result.agent_steps_per_second));
    add("messages per step",
        fmt::format("{} of {} numbers between {}; {} ({} bytes) between ranks, {:.0f} % hidden",
                    result.arcs, 2 * result.tasks, words.agents, result.rank_messages,
                    result.rank_bytes, 100.0 * result.hidden_share));
    add("memory", fmt::format("{:.1f} MB on the largest rank, {:.1f} MB in all",
                              static_cast<double>(result.memory_max) / 1e6,
                              static_cast<double>(result.memory_total) / 1e6));
    add("state hash", fmt::format("{:016x}", result.state_hash));
    add("files", result.directory + "/{run.h5, series.csv, report.html, status.json, log.txt}");
    return text;
}

}  // namespace motley::cli
