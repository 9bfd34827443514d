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
constexpr Column columns[] = {
    {"share", &AttackPoint::share},
    {"productivity", &AttackPoint::settled},
    {"resistance", &AttackPoint::resistance},
    {"giant", &AttackPoint::giant},
    {"final", &AttackPoint::final},
    {"recovery", &AttackPoint::recovery},
    {"t90", &AttackPoint::t90},
    {"area", &AttackPoint::area},
    {"bound", &AttackPoint::bound},
};

constexpr job::AttackOrder orders[] = {job::AttackOrder::random, job::AttackOrder::degree,
                                       job::AttackOrder::value, job::AttackOrder::type,
                                       job::AttackOrder::group};

[[noreturn]] void not_ours(const std::string& path, std::size_t line) {
    throw input_error(fmt::format("line {} is not that of an attack; it was not written by this "
                                  "version of motley: run the job again",
                                  line),
                      {path});
}

AttackPoint point_of(const std::string& line, const std::string& path, std::size_t number) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; at <= line.size();) {
        const std::size_t end = std::min(line.find(',', at), line.size());
        fields.push_back(line.substr(at, end - at));
        at = end + 1;
    }
    if (fields.size() != 3 + std::size(columns)) not_ours(path, number);
    AttackPoint point;
    const auto order = std::ranges::find_if(
        orders, [&](job::AttackOrder each) { return fields[0] == name_of(each); });
    double replicate = 0.0, taken = 0.0;
    const bool read = parse_number(fields[1], replicate) == NumberFault::none &&
                      parse_number(fields[2], taken) == NumberFault::none;
    if (order == std::end(orders) || !read) not_ours(path, number);
    point.order = *order;
    point.replicate = static_cast<std::int64_t>(replicate);
    point.taken = static_cast<std::int64_t>(taken);
    for (std::size_t c = 0; c < std::size(columns); ++c) {
        if (parse_number(fields[3 + c], point.*columns[c].member) != NumberFault::none) {
            point.*columns[c].member = std::nan("");
        }
    }
    return point;
}

/// Mean, least and largest over replicates by share taken.
report::ChartSeries curve(const std::vector<AttackPoint>& points, job::AttackOrder order,
                          double AttackPoint::*column, double before) {
    std::map<double, std::vector<double>> at = {{0.0, {before}}};
    for (const AttackPoint& point : points) {
        if (point.order == order) at[point.share].push_back(before * (point.*column));
    }
    report::ChartSeries series{name_of(order), {}};
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
    const bool absolute =
        attack.normalise == job::Normalise::absolute && column != &AttackPoint::giant;
    chart.y = absolute ? report::Axis{"P/N", "utility"} : report::Axis{"of what was", ""};
    const double before = absolute ? run.status.productivity_per_agent : 1.0;
    for (const job::AttackOrder order : attack.orders) {
        chart.series.push_back(curve(run.attacks, order, column, before));
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
    for (const AttackSummary& each : summarise(run.attacks, attack)) {
        table.rows.push_back({std::string(name_of(each.order)), each.r_index, each.r_index_final,
                              each.threshold, each.at.resistance, each.at.final, each.at.recovery,
                              each.at.t90, each.at.area});
    }
    return table;
}

}  // namespace

std::string attacks_csv(const AttackResult& attack) {
    std::string text = "order,replicate,taken";
    for (const Column& column : columns) text += std::string(",") + column.name;
    text += '\n';
    for (const AttackPoint& point : attack.points) {
        text += fmt::format("{},{},{}", name_of(point.order), point.replicate, point.taken);
        for (const Column& column : columns) {
            const double value = point.*column.member;
            text += std::isnan(value) ? std::string(",nan") : fmt::format(",{:.17g}", value);
        }
        text += '\n';
    }
    return text;
}

std::vector<AttackPoint> read_attacks(const std::string& path) {
    const TextFile file(path);
    std::vector<AttackPoint> points;
    std::size_t number = 0;
    std::string_view text = file.text();
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (++number > 1) points.push_back(point_of(std::string(line), path, number));
    }
    return points;
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
    } catch (const Error& error) {
        section.paragraphs.push_back(
            fmt::format("the attacks of {} cannot be shown: {}", run.name, error.what()));
    }
    return section;
}

}  // namespace motley::experiment
