#include "run_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace motley::experiment {
namespace {

using report::NumberFormat;

double last(const RunRecord& run, const std::string& name) {
    const auto& all = column(run.series, name);
    return all.empty() ? report::missing : all.back();
}

}  // namespace

const std::vector<double>& column(const std::vector<record::SeriesColumn>& columns,
                                  const std::string& name) {
    static const std::vector<double> none;
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& candidate) { return candidate.name == name; });
    return found == columns.end() ? none : found->values;
}

const job::FieldWords& words_of(const RunRecord& run) {
    for (const auto& [name, value] : run.status.provenance) {
        if (name == "preset") return job::words_of(value);
    }
    return job::words_of("");
}

const job::FieldWords& words_of(const std::vector<RunRecord>& runs) {
    const job::FieldWords& first = words_of(runs.front());
    const bool same =
        std::ranges::all_of(runs, [&](const RunRecord& run) { return &words_of(run) == &first; });
    return same ? first : job::words_of("");
}

std::string certificate(const record::Status& status) {
    if (!std::isfinite(status.gap)) return "none";
    return fmt::format("{}, {}",
                       report::format_number(status.gap, {NumberFormat::Notation::scientific, 1}),
                       status.certified ? "certified" : "not certified");
}

report::PageTable result_table(const RunRecord& run) {
    const auto& s = run.status;
    report::PageTable table{"Result", "", {{"measure"}, {"value", "", true}, {"unit"}}, {}, false};
    const job::FieldWords& words = words_of(run);
    const auto add = [&](const std::string& name, double value, const std::string& unit,
                         int digits = 9) {
        table.rows.push_back(
            {name, report::format_number(value, {NumberFormat::Notation::general, digits}), unit});
    };
    add(words.agents, static_cast<double>(s.agents), "");
    if (s.relays > 0) add("relays", static_cast<double>(s.relays), "");
    add("arcs", static_cast<double>(s.arcs), "");
    add(words.tasks, static_cast<double>(s.tasks), "");
    add(fmt::format("productivity per {} P/N", words.agent), s.productivity_per_agent, "utility");
    add("efficiency P / sum R", last(run, "efficiency"),
        fmt::format("utility per {}", words.resource));
    add(fmt::format("heterogeneity I by {}", words.resource), s.heterogeneity.effort, "nats", 6);
    add(fmt::format("heterogeneity I by {}", words.income), s.heterogeneity.value, "nats", 6);
    add("effective types exp(I)", std::exp(s.heterogeneity.effort), "", 4);
    for (const auto& [level, effort] : s.levels) {
        table.rows.push_back({"I at level " + level,
                              report::format_number(effort, {NumberFormat::Notation::general, 6}),
                              "nats"});
    }
    add(fmt::format("entropy of {}", words.tasks), last(run, "task_entropy"), "nats", 6);
    add("entropy of demand", s.demand_entropy, "nats", 6);
    add("entropy of expenditure", s.expenditure_entropy, "nats", 6);
    for (const auto& [level, balance] : s.level_balance) {
        if (level == s.level_balance.back().first) continue;
        add(fmt::format("local balance of groups, level {}", level), balance, "", 4);
    }
    if (std::isfinite(s.spatial_scale)) add("spatial scale xi", s.spatial_scale, "hops", 4);
    if (std::isfinite(s.balance_radius)) add("balance radius", s.balance_radius, "hops", 4);
    table.rows.push_back({"optimality gap", certificate(s), ""});
    add("steps", static_cast<double>(s.step), "");
    add("numbers over arcs per step", 2.0 * static_cast<double>(s.arcs * s.tasks), "");
    add("speed", s.agent_steps_per_second, "agent-steps/s", 3);
    add("memory of the largest rank", 1e-6 * static_cast<double>(s.memory_bytes.max), "MB", 4);
    table.rows.push_back({"state hash", s.state_hash, ""});
    return table;
}

report::PageTable run_table(const std::vector<RunRecord>& runs) {
    const auto fixed = [](int digits) {
        return NumberFormat{NumberFormat::Notation::fixed, digits};
    };
    const job::FieldWords& words = words_of(runs);
    report::PageTable table{"Results",
                            "",
                            {{"run"},
                             {words.agents, "", true},
                             {"arcs", "", true},
                             {words.tasks, "", true},
                             {"P/N", "utility", true, fixed(6)},
                             {fmt::format("I {}", words.resource), "nats", true, fixed(4)},
                             {fmt::format("I {}", words.income), "nats", true, fixed(4)},
                             {"xi", "hops", true, fixed(2)},
                             {"gap", "", true, {NumberFormat::Notation::scientific, 1}},
                             {"certified"},
                             {"traffic", "output x hops", true},
                             {"steps", "", true}},
                            {}};
    for (const auto& run : runs) {
        const auto& s = run.status;
        table.rows.push_back({run.name, static_cast<double>(s.agents), static_cast<double>(s.arcs),
                              static_cast<double>(s.tasks), s.productivity_per_agent,
                              s.heterogeneity.effort, s.heterogeneity.value, s.spatial_scale, s.gap,
                              s.certified ? "yes" : "no", last(run, "traffic"),
                              static_cast<double>(s.step)});
    }
    return table;
}

}  // namespace motley::experiment
