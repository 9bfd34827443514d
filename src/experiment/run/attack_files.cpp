#include "attack_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "motley/core/error.hpp"
#include "motley/core/text.hpp"

namespace motley::experiment {
namespace {

using report::Chart;
using report::NumberFormat;

/// A column of numbers of attacks.csv.
struct Column {
    const char* name;
    double AttackPoint::*member;
};
constexpr Column attack_columns[] = {
    {"share", &AttackPoint::share},
    {"productivity", &AttackPoint::settled},
    {"resistance", &AttackPoint::resistance},
    {"giant", &AttackPoint::giant},
    {"final", &AttackPoint::final},
    {"recovery", &AttackPoint::recovery},
    {"t90", &AttackPoint::t90},
    {"area", &AttackPoint::area},
    {"bound", &AttackPoint::bound},
    {"mu2", &AttackPoint::mu2},
    {"settling", &AttackPoint::settling},
};

/// A number of the row that `table` stands at; "nan" is NaN.
double number_at(const CsvReader& table, std::string_view name) {
    const std::size_t column = table.require(name);
    double value = 0.0;
    const NumberFault fault = parse_number(table.field(column).text, value);
    if (fault == NumberFault::none) return value;
    if (fault == NumberFault::not_finite) return std::nan("");
    throw table.line().error(describe(fault, std::string(name), table.field(column).text) +
                                 "; it was not written by motley",
                             table.field(column).column);
}

AttackPoint point_at(const CsvReader& table) {
    const Field& word = table.field(table.require("order"));
    const auto order = std::ranges::find(job::attack_order_names, word.text,
                                         [](const char* name) { return std::string_view(name); });
    if (order == job::attack_order_names.end()) {
        throw table.line().error(
            "there is no such order of an attack; it was not written by this "
            "version of motley",
            word.column);
    }
    AttackPoint point;
    point.order = static_cast<job::AttackOrder>(order - job::attack_order_names.begin());
    point.replicate = static_cast<std::int64_t>(number_at(table, "replicate"));
    point.taken = static_cast<std::int64_t>(number_at(table, "taken"));
    for (const Column& column : attack_columns)
        point.*column.member = number_at(table, column.name);
    return point;
}

/// Mean, least and largest over replicates by share taken.
report::ChartSeries curve(const std::vector<AttackPoint>& points, job::AttackOrder order,
                          double AttackPoint::*column) {
    std::map<double, std::vector<double>> at = {{0.0, {1.0}}};
    for (const AttackPoint& point : points) {
        if (point.order == order) at[point.share].push_back(point.*column);
    }
    report::ChartSeries series{job::name_of(order), {}};
    for (const auto& [share, values] : at) {
        double sum = 0.0;
        for (const double value : values) sum += value;
        const auto [low, high] = std::ranges::minmax(values);
        series.points.push_back({share, sum / static_cast<double>(values.size()), low, high});
    }
    return series;
}

Chart chart_of(const RunRecord& run, const job::Attack& attack, const std::string& title,
               const std::string& caption, double AttackPoint::*column) {
    Chart chart;
    chart.title = title;
    chart.caption = caption + " Bands: the least and the largest over the replicates.";
    chart.x = {"share of the agents taken", ""};
    chart.y = {"of what was", ""};
    for (const job::AttackOrder order : attack.orders) {
        chart.series.push_back(curve(run.attacks, order, column));
    }
    return chart;
}

report::PageTable table_of(const RunRecord& run, const job::Attack& attack) {
    const NumberFormat three{NumberFormat::Notation::fixed, 3};
    const NumberFormat one{NumberFormat::Notation::fixed, 1};
    report::PageTable table{
        "Attacks in short",
        fmt::format(
            "Means over replicates. R-index: the mean of what is left over a curve. The other "
            "columns are at {:.3g} % taken: left at once, left after {} steps of adaptation, "
            "share of the loss that came back, steps to nine tenths of that, area of what "
            "was missing meanwhile.",
            100.0 * attack.fraction, attack.adapt),
        {{"order"},
         {"R-index", "", true, three},
         {"R-index after", "", true, three},
         {"giant falls at", "taken", true, three},
         {"left", "", true, three},
         {"after", "", true, three},
         {"recovered", "", true, three},
         {"t90", "steps", true, one},
         {"area", "steps", true, three}},
        {}};
    if (attack.spectral) table.columns.push_back({"flows settle", "steps", true, three});
    for (const AttackSummary& each : summarise(run.attacks, attack)) {
        table.rows.push_back({std::string(job::name_of(each.order)), each.r_index,
                              each.r_index_final, each.threshold, each.at.resistance, each.at.final,
                              each.at.recovery, each.at.t90, each.at.area});
        if (attack.spectral) table.rows.back().emplace_back(each.at.settling);
    }
    return table;
}

}  // namespace

std::string attacks_csv(const AttackResult& attack) {
    std::string text = "order,replicate,taken";
    for (const Column& column : attack_columns) text += std::string(",") + column.name;
    text += '\n';
    for (const AttackPoint& point : attack.points) {
        text += fmt::format("{},{},{}", job::name_of(point.order), point.replicate, point.taken);
        for (const Column& column : attack_columns) {
            const double value = point.*column.member;
            text += std::isnan(value) ? std::string(",nan") : fmt::format(",{:.17g}", value);
        }
        text += '\n';
    }
    return text;
}

std::string criticality_csv(const AttackResult& attack) {
    std::string text = "agent,income,loss,criticality\n";
    for (const Single& each : attack.singles) {
        text += fmt::format("{},{:.17g},{:.17g},{:.17g}\n", each.agent, each.income, each.loss,
                            each.criticality);
    }
    return text;
}

std::vector<AttackPoint> read_attacks(const TextFile& file) {
    std::vector<AttackPoint> points;
    CsvReader table(file);
    while (table.next()) points.push_back(point_at(table));
    return points;
}

std::vector<Single> read_singles(const TextFile& file) {
    std::vector<Single> singles;
    CsvReader table(file);
    while (table.next()) {
        singles.push_back({static_cast<AgentId>(number_at(table, "agent")),
                           number_at(table, "income"), number_at(table, "loss"),
                           number_at(table, "criticality")});
    }
    return singles;
}

report::Section attack_section(const RunRecord& run) {
    report::Section section{"Robustness"};
    if (run.attacks.empty()) return section;
    const auto& provenance = run.status.provenance;
    const auto text =
        std::ranges::find_if(provenance, [](const auto& entry) { return entry.first == "job"; });
    if (text == provenance.end()) return section;
    try {
        const auto attack = job::parse(text->second, run.name, {}).run.attack;
        if (!attack) return section;
        section.items.emplace_back(chart_of(run, *attack, "What is left at once",
                                            "Productivity once flows have settled.",
                                            &AttackPoint::resistance));
        if (attack->adapt > 0) {
            section.items.emplace_back(chart_of(
                run, *attack, "What is left after adaptation",
                fmt::format("Productivity after {} steps.", attack->adapt), &AttackPoint::final));
        }
        section.items.emplace_back(chart_of(run, *attack, "The largest connected part",
                                            "Agents in the largest component of the living.",
                                            &AttackPoint::giant));
        section.items.emplace_back(table_of(run, *attack));
        for (const auto& [of, largest] : run.status.certified_losses) {
            section.paragraphs.push_back(fmt::format(
                "Certified: without the production of the {} that earns most at least {:.4g} % of "
                "the productivity is lost, whatever the rest does; of any other, at least what it "
                "earns (final/income).",
                of, 100.0 * largest));
        }
        if (!run.status.criticality.empty()) {
            std::string list;
            for (const auto& [what, value] : run.status.criticality) {
                list += fmt::format("{}{} {:.4g}", list.empty() ? "" : ", ", what, value);
            }
            section.paragraphs.push_back(
                fmt::format("Loss of one agent over its income, of {} drawn agents: {} "
                            "(criticality.csv).",
                            attack->singles, list));
        }
    } catch (const Error& error) {
        section.paragraphs.push_back(
            fmt::format("the attacks of {} cannot be shown: {}", run.name, error.what()));
    }
    return section;
}

}  // namespace motley::experiment
