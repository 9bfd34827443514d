// report.html of a swarm.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "motley/report/document.hpp"
#include "motley/swarm/knowledge/theory.hpp"
#include "phases.hpp"

namespace motley::swarm {
namespace {

using report::Chart;
using report::ChartKind;
using report::ChartPoint;
using report::ChartSeries;
using report::PageTable;
using report::Scale;
using report::Section;

/// More series than this are not told apart.
constexpr std::size_t most_series = 10;

std::int64_t most_sites(const SwarmStudy& study) {
    std::int64_t most = 0;
    for (const CellResult& cell : study.cells) most = std::max(most, cell.spec.sites);
    return most;
}

ChartPoint point_of(double x, const Estimate& y) {
    ChartPoint point{x, y.mean};
    if (y.low < y.high) {
        point.low = y.low;
        point.high = y.high;
    }
    return point;
}

/// A series for each label, in the order of the cells.
ChartSeries& series_called(Chart& chart, const std::string& name) {
    const auto found = std::ranges::find(chart.series, name, &ChartSeries::name);
    if (found != chart.series.end()) return *found;
    return chart.series.emplace_back(ChartSeries{name, {}});
}

/// Whether a measure has a value that a logarithmic axis shows.
bool shows(const Estimate& estimate) {
    return estimate.mean > 0.0 && std::isfinite(estimate.mean);
}

/// Which settings of the factors a chart of growth shows.
enum class Variants { all, first };

void add_growth(const job::Swarm& job, const SwarmStudy& study, const char* measure,
                Variants variants, Chart& chart) {
    for (const CellResult& cell : study.cells) {
        const bool left_out = variants == Variants::first && cell.variant != 0;
        if (left_out || !shows(cell.at(measure))) continue;
        ChartSeries& series =
            series_called(chart, label_of(job, cell.policy, cell.op, cell.variant));
        series.points.push_back(point_of(static_cast<double>(cell.spec.sites), cell.at(measure)));
    }
    for (ChartSeries& series : chart.series) std::ranges::sort(series.points, {}, &ChartPoint::x);
}

/// All settings where they can be told apart, else those of the first levels of the factors. No
/// series where nothing is above 0.
Chart growth_chart(const job::Swarm& job, const SwarmStudy& study, const char* measure,
                   const char* title) {
    Chart chart;
    chart.title = title;
    chart.x = {"sites", "", Scale::logarithmic};
    const Measure& row = measures()[measure_number(measure)];
    chart.y = {row.name, std::string(row.unit) == "1" ? "" : row.unit, Scale::logarithmic};
    chart.caption = row.meaning;
    add_growth(job, study, measure, Variants::all, chart);
    constexpr std::size_t most_settings = 6;
    if (chart.series.size() > most_settings) {
        chart.series.clear();
        add_growth(job, study, measure, Variants::first, chart);
    }
    if (chart.series.size() > most_series) chart.series.resize(most_series);
    if (chart.series.empty()) return chart;
    if (std::string(measure) == "pairs") {
        ChartSeries possible{"possible pairs", {}};
        for (const std::int64_t sites : job.sites) {
            const auto count = static_cast<double>(sites);
            possible.points.push_back({count, pairs_of(count)});
        }
        std::ranges::sort(possible.points, {}, &ChartPoint::x);
        chart.series.insert(chart.series.begin(), std::move(possible));
    }
    // A chart of one series has no legend.
    if (chart.series.size() == 1) chart.caption += "; " + chart.series.front().name;
    return chart;
}

Chart front_chart(const job::Swarm& job, const SwarmStudy& study) {
    Chart chart;
    chart.kind = ChartKind::scatter;
    chart.title = "Error against bytes of a site";
    chart.caption = fmt::format(
        "At {} sites. No policy on the front is beaten in both; policies that send "
        "nothing are left out.",
        most_sites(study));
    chart.x = {"bytes per site", "B", Scale::logarithmic};
    chart.y = {"mean squared error", "", Scale::logarithmic};
    // Each point is a series of its own, so that the legend names it, where there are few.
    ChartSeries front{"front", {}}, beaten{"beaten", {}};
    std::vector<ChartSeries> named;
    for (std::size_t i = 0; i < study.cells.size(); ++i) {
        const CellResult& cell = study.cells[i];
        if (cell.spec.sites != most_sites(study)) continue;
        if (!shows(cell.at("bytes_per_site")) || !shows(cell.at("error"))) continue;
        const bool first = std::ranges::find(study.front, i) != study.front.end();
        ChartPoint point{cell.at("bytes_per_site").mean, cell.at("error").mean};
        point.label = label_of(job, cell.policy, cell.op, cell.variant);
        named.push_back({point.label + (first ? " (front)" : ""), {point}});
        (first ? front : beaten).points.push_back(std::move(point));
    }
    if (named.size() <= most_series) {
        chart.series = std::move(named);
        return chart;
    }
    for (ChartSeries* series : {&front, &beaten}) {
        if (!series->points.empty()) chart.series.push_back(std::move(*series));
    }
    return chart;
}

Chart packets_chart(const job::Swarm& job, const SwarmStudy& study) {
    Chart chart;
    chart.title = "Error against packets used";
    chart.caption =
        "Sites by the packets that they used, their own included; with the best "
        "linear estimate of the theory.";
    chart.x = {"packets", "", Scale::logarithmic};
    chart.y = {"mean squared error", "", Scale::logarithmic};
    double widest = 1.0;
    for (const CellResult& cell : study.cells) {
        if (cell.variant != 0 || cell.spec.sites != most_sites(study)) continue;
        if (cell.policy == Policy::none || cell.policy == Policy::average) continue;
        ChartSeries series{
            label_of(job, cell.policy, cell.op, cell.variant), {}, report::Look::line_and_points};
        for (const auto& [packets, error] : cell.error_by_packets) {
            series.points.push_back({packets, error});
            widest = std::max(widest, packets);
        }
        if (chart.series.size() + 1 < most_series) chart.series.push_back(std::move(series));
    }
    ChartSeries theory{"best linear estimate", {}, report::Look::line};
    constexpr int points = 40;
    for (int i = 0; i <= points; ++i) {
        const double packets = std::pow(widest, static_cast<double>(i) / points);
        theory.points.push_back({packets, shrunk_error(job.spec.own_variance(),
                                                       job.spec.problems.heterogeneity, packets)});
    }
    chart.series.push_back(std::move(theory));
    return chart;
}

/// The factor over which charts go: the first with numbers, else the first.
std::size_t shown_factor(const job::Swarm& job) {
    for (std::size_t f = 0; f < job.factors.size(); ++f) {
        if (!job.factors[f].numbers.empty() && job.factors[f].labels.size() > 1) return f;
    }
    return 0;
}

/// Policy, operator and the levels of all factors but one.
std::string series_name(const job::Swarm& job, const CellResult& cell, std::size_t left_out) {
    std::string name = name_of(cell.policy);
    if (job.operators.size() > 1) name += fmt::format(", {}", name_of(cell.op));
    for (std::size_t f = 0; f < job.factors.size(); ++f) {
        if (f == left_out) continue;
        const job::SwarmFactor& factor = job.factors[f];
        name += fmt::format(", {} = {}", factor.key,
                            factor.labels[job.variants[cell.variant].levels[f]]);
    }
    return name;
}

/// Logarithmic where all numbers are above 0 and the largest is many times the least.
Scale scale_of(const std::vector<double>& numbers) {
    constexpr double many = 25.0;
    if (numbers.empty()) return Scale::linear;
    const auto [least, most] = std::ranges::minmax(numbers);
    return least > 0.0 && most > many * least ? Scale::logarithmic : Scale::linear;
}

Chart factor_chart(const job::Swarm& job, const SwarmStudy& study, const char* measure,
                   const std::string& title) {
    Chart chart;
    chart.title = title;
    const Measure& row = measures()[measure_number(measure)];
    chart.caption = fmt::format("{}; at {} sites.", row.meaning, most_sites(study));
    const std::size_t shown = shown_factor(job);
    const job::SwarmFactor& factor = job.factors[shown];
    chart.x = {factor.key};
    chart.y = {row.name};
    if (factor.numbers.empty()) {
        chart.kind = ChartKind::bars;
        chart.x.categories = factor.labels;
    } else {
        chart.x.scale = scale_of(factor.numbers);
    }
    std::vector<double> values;
    for (const CellResult& cell : study.cells) {
        if (cell.spec.sites != most_sites(study) || !std::isfinite(cell.at(measure).mean)) continue;
        const std::size_t level = job.variants[cell.variant].levels[shown];
        const double x =
            factor.numbers.empty() ? static_cast<double>(level) : factor.numbers[level];
        series_called(chart, series_name(job, cell, shown))
            .points.push_back(point_of(x, cell.at(measure)));
        values.push_back(cell.at(measure).mean);
    }
    if (chart.kind != ChartKind::bars) chart.y.scale = scale_of(values);
    // What no setting changes needs no chart.
    const bool changes =
        std::ranges::adjacent_find(values, std::ranges::not_equal_to{}) != values.end();
    if (!changes) chart.series.clear();
    for (ChartSeries& series : chart.series) std::ranges::sort(series.points, {}, &ChartPoint::x);
    if (chart.series.size() > most_series) chart.series.resize(most_series);
    return chart;
}

void drop_empty_charts(Section& section) {
    std::erase_if(section.items,
                  [](const report::Item& item) { return std::get<Chart>(item).series.empty(); });
}

PageTable claims_table(const SwarmStudy& study) {
    PageTable table{"Claims", "", {{"claim"}, {"verdict"}, {"evidence"}, {"mechanism"}}, {}};
    table.sortable = false;
    for (const Claim& claim : study.claims) {
        table.rows.push_back({claim.claim, claim.verdict, claim.evidence, claim.mechanism});
    }
    return table;
}

constexpr report::NumberFormat few{report::NumberFormat::Notation::general, 3};

report::PageCell interval_cell(const measure::Interval& interval) {
    if (!(interval.low < interval.high)) return report::missing;
    return {fmt::format("[{}, {}]", report::format_number(interval.low, few),
                        report::format_number(interval.high, few)),
            interval.low};
}

PageTable cells_table(const job::Swarm& job, const SwarmStudy& study) {
    const bool compares = job.compared != job::SwarmCompared::nothing && job.replicates > 1;
    PageTable table{"Results", "Means over the replicates.", {{"policy"}}, {}};
    table.columns.push_back({"sites", "", true});
    table.columns.push_back({"problems", "", true});
    if (compares) {
        table.caption += fmt::format(
            " Differences of {} to {} are paired by replicate, with a bootstrap interval (BCa); p "
            "by Student's paired test, corrected after Holm.",
            compared_measure(job.spec.task), job.baseline);
        table.columns.push_back({"to " + job.baseline, "", true, few});
        table.columns.push_back({"95 % of it", "", true});
        table.columns.push_back({"p (Holm)", "", true, few});
    }
    for (const Measure& measure : measures()) {
        report::PageColumn column{measure.name,
                                  std::string(measure.unit) == "1" ? "" : measure.unit, true};
        column.format.digits = measure.digits;
        table.columns.push_back(std::move(column));
    }
    for (const CellResult& cell : study.cells) {
        std::vector<report::PageCell> row = {label_of(job, cell.policy, cell.op, cell.variant),
                                             static_cast<double>(cell.spec.sites),
                                             static_cast<double>(cell.spec.problem_count())};
        if (compares) {
            const bool compared = cell.difference.count > 0;
            row.emplace_back(compared ? cell.difference.mean : report::missing);
            row.push_back(interval_cell(cell.difference.interval));
            row.emplace_back(compared ? cell.p_corrected : report::missing);
        }
        for (const Estimate& value : cell.values) row.emplace_back(value.mean);
        table.rows.push_back(std::move(row));
    }
    return table;
}

PageTable growth_table(const job::Swarm& job, const SwarmStudy& study) {
    PageTable table{"Fitted exponents",
                    "measure = factor x sites^exponent, least squares of the logarithms, with "
                    "intervals of 95 %.",
                    {{"measure"}, {"policy"}},
                    {}};
    for (const char* name : {"exponent", "low", "high", "last two sizes", "R2"}) {
        report::PageColumn column{name, "", true};
        column.format = {report::NumberFormat::Notation::fixed, 3};
        table.columns.push_back(std::move(column));
    }
    for (const Growth& growth : study.growth) {
        table.rows.push_back({growth.measure,
                              label_of(job, growth.policy, growth.op, growth.variant),
                              growth.exponent.mean, growth.exponent.low, growth.exponent.high,
                              growth.last, growth.r2});
    }
    return table;
}

PageTable place_table(const job::Swarm& job, const SwarmStudy& study) {
    PageTable table{"On the network", "One replicate.", {{"policy"}}, {}};
    table.columns.push_back({"sites", "", true});
    table.columns.push_back({"links of a message", "", true});
    table.columns.push_back({"stretch of lookups", "", true});
    table.columns.push_back({"busiest link", "B", true});
    table.columns.push_back({"bytes times links", "B", true});
    for (const CellResult& cell : study.cells) {
        if (!cell.place) continue;
        table.rows.push_back({label_of(job, cell.policy, cell.op, cell.variant),
                              static_cast<double>(cell.spec.sites), cell.place->hops,
                              cell.place->stretch, cell.place->busiest, cell.place->total});
    }
    return table;
}

}  // namespace

std::string study_html(const job::Swarm& job, const SwarmStudy& study,
                       const record::Provenance& provenance) {
    report::Document document;
    document.title = job.name;
    document.abstract.push_back(fmt::format(
        "Outcome routing among sites: {} settings, {} replicates each, up to {} sites. The claims "
        "under test are those of an article on distributed AI networks, for which no "
        "peer-reviewed source was found; only textbook methods are used.",
        study.cells.size(), job.replicates, most_sites(study)));
    Section verdict{"Claims"};
    verdict.items = {claims_table(study)};
    if (study.cells.size() > 1) verdict.items.emplace_back(front_chart(job, study));
    verdict.items.emplace_back(packets_chart(job, study));
    document.sections.push_back(std::move(verdict));
    if (job.sites.size() > 1) {
        Section growth{"Growth"};
        const bool discovers = job.spec.task == TaskKind::discovery;
        growth.items = {growth_chart(job, study, "pairs", "Synthesis paths"),
                        growth_chart(job, study, "bytes_per_site", "Bytes of a site"),
                        growth_chart(job, study, "hottest_served", "Load of the busiest holder"),
                        growth_chart(job, study, discovers ? "trials" : "error",
                                     discovers ? "Trials" : "Error")};
        drop_empty_charts(growth);
        if (!study.growth.empty()) growth.items.emplace_back(growth_table(job, study));
        document.sections.push_back(std::move(growth));
    }
    if (!job.factors.empty()) {
        Section factors{"What " + job.factors[shown_factor(job)].key + " does"};
        factors.items = {
            factor_chart(job, study, compared_measure(job.spec.task), "Compared measure"),
            factor_chart(job, study, "bias", "Bias"),
            factor_chart(job, study, "pair_share", "Share of the possible pairs"),
            factor_chart(job, study, "unanswered_share", "Questions without an answer")};
        drop_empty_charts(factors);
        document.sections.push_back(std::move(factors));
    }
    if (job.place) {
        Section place{"Network"};
        place.items = {place_table(job, study)};
        document.sections.push_back(std::move(place));
    }
    Section cells{"All results"};
    cells.items = {cells_table(job, study)};
    document.sections.push_back(std::move(cells));
    document.provenance = provenance;
    return report::to_html(document);
}

}  // namespace motley::swarm
