// Figures of a comparison that are not in its tables: curves of single runs, pictures of graphs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "compare_report.hpp"
#include "motley/core/text.hpp"
#include "motley/report/topology_picture.hpp"

namespace motley::experiment {
namespace {

using report::Chart;

/// Columns of a CSV file of numbers by name; empty where there is no such file.
std::map<std::string, std::vector<double>> read_columns(const std::string& path) {
    std::map<std::string, std::vector<double>> columns;
    if (!std::filesystem::exists(path)) return columns;
    const TextFile file(path);
    std::vector<std::string> names;
    std::string_view text = file.text();
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        std::size_t field = 0;
        for (std::string_view rest = line;; ++field) {
            const std::string_view word = rest.substr(0, rest.find(','));
            if (columns.empty() || names.size() == field) {
                if (names.size() == field) names.emplace_back(word);
            } else {
                double value = report::missing;
                parse_number(word, value);
                columns[names[field]].push_back(value);
            }
            if (word.size() == rest.size()) break;
            rest.remove_prefix(word.size() + 1);
        }
        if (columns.empty()) {
            for (const auto& name : names) columns[name];
        }
    }
    return columns;
}

report::ChartSeries line(const std::string& name, const std::vector<double>& x,
                         const std::vector<double>& y) {
    report::ChartSeries series{name, {}};
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        series.points.push_back({x[i], y[i]});
    }
    return series;
}

/// One and a half times the first radius that holds nearly all, beyond which the curve is flat.
double radius_of_most(const std::vector<double>& radius, const std::vector<double>& held) {
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (held[i] >= 0.98 * held.back()) return 1.5 * radius[i];
    }
    return 1.0;
}

}  // namespace

report::Section curves_section(const Comparison& comparison, const Scope& scope) {
    report::Section section{"While the systems optimise"};
    Chart rising, specialising, together, distance, balance;
    rising.title = "Productivity over time";
    rising.x = specialising.x = {"step"};
    rising.y = together.x = {"P/N", "utility"};
    specialising.title = "Heterogeneity over time";
    specialising.y = together.y = distance.y = {"I effort", "nat"};
    together.title = "Law 1: heterogeneity against productivity";
    distance.title = "Law 3: heterogeneity within r hops";
    distance.caption =
        "Mean over sampled centres; the mark is xi, where (1 - 1/e) of I is reached.";
    balance.title = "Law 3: what neighbourhoods of r hops lack";
    balance.caption =
        "Local balance: their divergence from the system's task shares over that of as many agents "
        "drawn at random; the mark is the balance radius, where it is 1/e.";
    balance.y = {"b(r)", ""};
    distance.x = balance.x = {"r", "hops"};
    double reach = 1.0;
    for (const auto* cell : scope.cells) {
        if (cell->runs.empty()) continue;
        const auto& run = comparison.runs[static_cast<std::size_t>(cell->runs.front())];
        const std::string folder = comparison.directory + "/" + run.name;
        const std::string label = label_of(comparison, *cell);
        auto series = read_columns(folder + "/series.csv");
        const auto& p = series["productivity_per_agent"];
        const auto& i = series["heterogeneity_effort"];
        rising.series.push_back(line(label, series["step"], p));
        specialising.series.push_back(line(label, series["step"], i));
        together.series.push_back(line(label, p, i));
        auto spatial = read_columns(folder + "/spatial.csv");
        if (spatial.empty()) continue;
        const double xi = run.measure("spatial_scale");
        distance.marks.push_back({xi, "xi", static_cast<int>(distance.series.size())});
        reach = std::max(reach, radius_of_most(spatial["radius"], spatial["heterogeneity"]));
        distance.series.push_back(line(label, spatial["radius"], spatial["heterogeneity"]));
        balance.marks.push_back(
            {run.measure("balance_radius"), "1/e", static_cast<int>(balance.series.size())});
        balance.series.push_back(line(label, spatial["radius"], spatial["balance"]));
    }
    for (Chart* chart : {&rising, &specialising, &together}) {
        chart->caption = "The first replicate" + (scope.name.empty() ? "" : ", " + scope.name) +
                         ". Stocks start empty, which is why productivity starts low.";
        if (!chart->series.empty()) section.items.emplace_back(std::move(*chart));
    }
    distance.x.high = balance.x.high = reach;
    if (!distance.series.empty()) {
        section.items.emplace_back(std::move(distance));
        section.items.emplace_back(std::move(balance));
    }
    return section;
}

report::Section topologies_section(const job::Compare& job, const Comparison& comparison) {
    report::Section section{"The topologies"};
    const auto factor = std::ranges::find(comparison.factors, "topology");
    std::set<std::string> seen;
    for (const ComparedRun& run : comparison.runs) {
        if (run.state != RunState::done) continue;  // its topology may be what failed
        const std::string label =
            factor == comparison.factors.end()
                ? comparison.name
                : run.levels[static_cast<std::size_t>(factor - comparison.factors.begin())];
        if (!seen.insert(label).second) continue;
        const auto arcs = static_cast<std::int64_t>(run.measure("arcs"));
        if (arcs > report::most_arcs_pictured) continue;
        const auto& spec = job.cells[static_cast<std::size_t>(run.number)].run.topology;
        section.items.emplace_back(report::picture(*topology::make(spec), spec, arcs, label));
    }
    return section;
}

}  // namespace motley::experiment
