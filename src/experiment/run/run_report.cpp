#include "motley/experiment/run/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "attack_files.hpp"
#include "motley/experiment/changes/changes.hpp"
#include "motley/job/job.hpp"
#include "motley/report/topology_picture.hpp"
#include "run_tables.hpp"
#include "skills.hpp"

namespace motley::experiment {
namespace {

using report::Axis;
using report::Chart;
using report::ChartKind;
using report::Scale;

constexpr std::size_t most_pictures = 12;

/// The text of the job of a run; null where it was not stored.
const std::string* job_text(const RunRecord& run) {
    const auto& provenance = run.status.provenance;
    const auto job = std::find_if(provenance.begin(), provenance.end(),
                                  [](const auto& entry) { return entry.first == "job"; });
    return job == provenance.end() ? nullptr : &job->second;
}

/// The events of a run, none where its job cannot be read again; and whether anything but the
/// dynamics changes it.
struct Course {
    std::vector<job::Event> events;
    bool changes = false;
};
Course course_of(const RunRecord& run) {
    const std::string* text = job_text(run);
    if (text == nullptr) return {};
    try {
        const job::Run job = job::parse(*text, run.name, {}).run;
        return {job.events, has_changes(job)};
    } catch (const Error&) {
        return {};
    }
}

/// Steps are spread by their logarithm, since most happens at first, but evenly where systems are
/// changed later on.
Axis step_axis(const std::vector<RunRecord>& runs) {
    const bool evenly =
        std::ranges::any_of(runs, [](const RunRecord& run) { return course_of(run).changes; });
    return {"step (counted from 1)", "", evenly ? Scale::linear : Scale::logarithmic};
}

/// Marks the events of a run, as many as have room for their names.
void mark_events(const RunRecord& run, Chart& chart) {
    constexpr std::size_t most = 8;
    constexpr std::array<const char*, 5> names = {"remove", "restore", "scale", "demand", "links"};
    const Course course = course_of(run);
    for (std::size_t e = 0; e < std::min(course.events.size(), most); ++e) {
        const job::Event& event = course.events[e];
        chart.marks.push_back(
            {static_cast<double>(event.step) + 1.0, names[static_cast<std::size_t>(event.kind)]});
    }
}

report::ChartSeries over_steps(const RunRecord& run, const std::string& what,
                               const std::string& name) {
    const auto& steps = column(run.series, "step");
    const auto& y = column(run.series, what);
    report::ChartSeries series{name, {}};
    for (std::size_t r = 0; r < std::min(steps.size(), y.size()); ++r) {
        series.points.push_back({steps[r] + 1.0, y[r]});
    }
    return series;
}

/// A chart over steps with one line per run.
Chart by_step(const std::vector<RunRecord>& runs, const std::string& title, const std::string& what,
              Axis y) {
    Chart chart;
    chart.title = title;
    chart.x = step_axis(runs);
    chart.y = std::move(y);
    for (const auto& run : runs) chart.series.push_back(over_steps(run, what, run.name));
    return chart;
}

Chart heterogeneity(const std::vector<RunRecord>& runs) {
    const Axis y = {"heterogeneity I", "nats"};
    if (runs.size() > 1) {
        Chart chart = by_step(runs, "Heterogeneity over steps", "heterogeneity_effort", y);
        chart.caption = fmt::format("Weighted by {}.", words_of(runs).resource);
        return chart;
    }
    const RunRecord& run = runs.front();
    const job::FieldWords& words = words_of(run);
    Chart chart;
    chart.title = "Heterogeneity over steps";
    chart.caption =
        "The entropy of what agents spend bounds heterogeneity by value once flows have "
        "settled.";
    chart.x = step_axis(runs);
    chart.y = y;
    chart.series = {over_steps(run, "heterogeneity_effort", fmt::format("by {}", words.resource)),
                    over_steps(run, "heterogeneity_value", fmt::format("by {}", words.income)),
                    over_steps(run, "expenditure_entropy", "entropy of expenditure")};
    return chart;
}

Chart path(const std::vector<RunRecord>& runs) {
    Chart chart;
    chart.title = "Heterogeneity and productivity";
    chart.caption = "The path of each run; it ends at the last step.";
    const job::FieldWords& words = words_of(runs);
    chart.x = {fmt::format("productivity per {} P/N", words.agent), "utility"};
    chart.y = {fmt::format("heterogeneity I by {}", words.resource), "nats"};
    for (const auto& run : runs) {
        const auto& x = column(run.series, "productivity_per_agent");
        const auto& y = column(run.series, "heterogeneity_effort");
        report::ChartSeries series{run.name, {}};
        for (std::size_t r = 0; r < std::min(x.size(), y.size()); ++r) {
            series.points.push_back({x[r], y[r]});
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

/// A curve of spatial.csv over the radius for each run, with a mark.
struct OverRadius {
    const char* title;
    const char* caption;
    Axis y;
    const char* column;
    const char* spread;  ///< column of the half width of a band; null: none
    const char* mark;    ///< what stands before the number of the mark
    double record::Status::*radius;
};

Chart chart_of(const std::vector<RunRecord>& runs, const OverRadius& figure) {
    Chart chart;
    chart.title = figure.title;
    chart.caption = figure.caption;
    chart.x = {"radius r", "hops"};
    chart.y = figure.y;
    for (const auto& run : runs) {
        if (run.spatial.empty()) continue;
        const auto& radius = column(run.spatial, "radius");
        const auto& values = column(run.spatial, figure.column);
        const std::vector<double> none(values.size(), 0.0);
        const auto& spread = figure.spread == nullptr ? none : column(run.spatial, figure.spread);
        report::ChartSeries series{run.name, {}};
        for (std::size_t r = 0; r < std::min({radius.size(), values.size(), spread.size()}); ++r) {
            if (figure.spread == nullptr) {
                series.points.push_back({radius[r], values[r]});
            } else {
                series.points.push_back({radius[r], values[r], std::max(0.0, values[r] - spread[r]),
                                         values[r] + spread[r]});
            }
        }
        if (!radius.empty() && radius.back() > 20.0) chart.x.scale = Scale::logarithmic;
        const std::string whose = runs.size() == 1 ? "" : run.name + ": ";
        const double at = run.status.*figure.radius;
        chart.marks.push_back({at, fmt::format("{}{}{:.2f}", whose, figure.mark, at),
                               static_cast<int>(chart.series.size())});
        chart.series.push_back(std::move(series));
    }
    return chart;
}

/// I(r) and b(r); none where they were not measured.
std::vector<Chart> spatial_charts(const std::vector<RunRecord>& runs) {
    std::vector<Chart> charts = {
        chart_of(runs, {"Heterogeneity within r hops",
                        "Mean over centres, band: one standard deviation; xi is where I(r) reaches "
                        "1 \xe2\x88\x92 1/e of the whole.",
                        {"I(r)", "nats"},
                        "heterogeneity",
                        "spread",
                        "xi = ",
                        &record::Status::spatial_scale}),
        chart_of(runs, {"Local balance",
                        "What neighbourhoods of r hops lack of the whole system's tasks, over what "
                        "as many agents drawn at random lack. Far below 1, neighbours complement "
                        "each other. The balance radius is where b(r) is 1/e.",
                        {"b(r)", ""},
                        "balance",
                        nullptr,
                        "",
                        &record::Status::balance_radius})};
    std::erase_if(charts, [](const Chart& chart) { return chart.series.empty(); });
    return charts;
}

Chart by_task(const RunRecord& run) {
    Chart chart;
    chart.kind = ChartKind::bars;
    const job::FieldWords& words = words_of(run);
    chart.title = fmt::format("Shares of the {}", words.tasks);
    chart.caption =
        fmt::format("Shares of each {} in the {}, the {} and the expenditure, at the end.",
                    words.task, words.resource, words.income);
    chart.x.label = words.task;
    chart.y = {"share"};
    const auto add = [&](const char* name, const std::vector<double>& amounts) {
        double total = 0.0;
        for (const double amount : amounts) total += amount;
        report::ChartSeries series{name, {}};
        for (std::size_t k = 0; k < amounts.size(); ++k) {
            series.points.push_back({static_cast<double>(k), amounts[k] / total});
        }
        chart.series.push_back(std::move(series));
    };
    const auto& tasks = run.status.by_task;
    add(words.resource, tasks.effort);
    add(words.income, tasks.value);
    add("expenditure", tasks.expenditure);
    for (std::size_t k = 0; k < tasks.effort.size(); ++k) {
        chart.x.categories.push_back(std::to_string(k));
    }
    return chart;
}

/// Adds the picture of a run's topology; a job that cannot be read again has none.
void add_picture(const RunRecord& run, const std::string& title, report::Section& section) {
    const std::string* job = job_text(run);
    if (job == nullptr) return;
    if (run.status.arcs > report::most_arcs_pictured) {
        section.paragraphs.push_back(
            fmt::format("{}: {} arcs are too many for a picture.", run.name, run.status.arcs));
        return;
    }
    try {
        const auto spec = job::parse(*job, run.name, {}).run.topology;
        const std::string source = spec.file.empty() ? spec.generator : spec.file;
        report::NetworkPicture graph;
        if (run.density.empty()) {
            graph = report::picture(*topology::make(spec), spec, run.status.arcs, title);
        } else {
            graph = {title,
                     {},
                     run.status.agents + run.status.relays,
                     run.status.agents,
                     run.status.arcs};
            graph.density = run.density;
        }
        graph.caption = fmt::format("{}, {} vertices, {} arcs.", source, graph.nodes, graph.links);
        section.items.emplace_back(std::move(graph));
    } catch (const Error& error) {
        section.paragraphs.push_back(
            fmt::format("{} has no picture of its topology: {}", run.name, error.what()));
    }
}

report::Section result_section(const std::vector<RunRecord>& runs) {
    report::Section section{runs.size() == 1 ? "Result" : "Results"};
    if (runs.size() == 1) {
        section.items.emplace_back(result_table(runs.front()));
    } else {
        section.items.emplace_back(run_table(runs));
    }
    return section;
}

report::Section course_section(const std::vector<RunRecord>& runs) {
    report::Section section{"Course"};
    Chart productivity =
        by_step(runs, "Productivity over steps", "productivity_per_agent",
                {fmt::format("productivity per {} P/N", words_of(runs).agent), "utility"});
    productivity.y.from_zero = true;
    if (runs.size() == 1) mark_events(runs.front(), productivity);
    section.items = {std::move(productivity), heterogeneity(runs)};
    Chart gap = by_step(runs, "Gap to the optimum", "gap", {"gap", "", Scale::logarithmic});
    gap.caption =
        "No allocation reaches more than P (1 + gap); where nothing is proved the line has "
        "a gap of its own.";
    const bool bounded = std::ranges::any_of(runs, [](const RunRecord& run) {
        return std::ranges::any_of(column(run.series, "gap"),
                                   [](double value) { return std::isfinite(value); });
    });
    if (bounded) section.items.emplace_back(std::move(gap));
    section.items.emplace_back(path(runs));
    return section;
}

report::Section structure_section(const std::vector<RunRecord>& runs) {
    report::Section section{"Structure"};
    if (runs.size() == 1 && !runs.front().status.by_task.effort.empty()) {
        section.items.emplace_back(by_task(runs.front()));
    }
    if (runs.size() == 1) {
        for (Chart& chart : skill_charts(runs.front()))
            section.items.emplace_back(std::move(chart));
    }
    for (Chart& chart : spatial_charts(runs)) section.items.emplace_back(std::move(chart));
    for (std::size_t r = 0; r < std::min(runs.size(), most_pictures); ++r) {
        add_picture(runs[r], runs.size() == 1 ? "Topology" : "Topology of " + runs[r].name,
                    section);
    }
    if (runs.size() > most_pictures) {
        section.paragraphs.push_back(
            fmt::format("The topologies of the first {} runs.", most_pictures));
    }
    return section;
}

/// Lists entries that all runs share once, and the others after the name of their run.
record::Provenance provenance(const std::vector<RunRecord>& runs) {
    record::Provenance out, own;
    for (const auto& run : runs) {
        for (const auto& entry : run.status.provenance) {
            const bool shared = std::all_of(runs.begin(), runs.end(), [&](const auto& other) {
                const auto& all = other.status.provenance;
                return std::find(all.begin(), all.end(), entry) != all.end();
            });
            if (shared && &run == &runs.front()) out.push_back(entry);
            if (!shared) own.emplace_back(run.name + ": " + entry.first, entry.second);
        }
    }
    out.insert(out.end(), own.begin(), own.end());
    return out;
}

}  // namespace

report::Document run_document(const std::vector<RunRecord>& runs) {
    report::Document document;
    if (runs.size() == 1) {
        const auto& s = runs.front().status;
        const job::FieldWords& words = words_of(runs.front());
        document.title = runs.front().name;
        document.abstract = {fmt::format(
            "{} {} on {} arcs divide their {} over {} {}. After {} steps they make "
            "{:.6g} per {} at a heterogeneity of {:.4f} nats; the gap to the optimum: "
            "{}.",
            s.agents, words.agents, s.arcs, words.resource, s.tasks, words.tasks, s.step,
            s.productivity_per_agent, words.agent, s.heterogeneity.effort, certificate(s))};
    } else {
        document.title = fmt::format("{} runs", runs.size());
    }
    document.sections = {result_section(runs), course_section(runs), structure_section(runs)};
    for (const RunRecord& run : runs) {
        report::Section attacks = attack_section(run);
        if (attacks.items.empty()) continue;
        if (runs.size() > 1) attacks.heading += " of " + run.name;
        document.sections.push_back(std::move(attacks));
    }
    document.provenance = provenance(runs);
    return document;
}

}  // namespace motley::experiment
