#include "gallery.hpp"

#include <cmath>
#include <numbers>

#include "motley/core/random.hpp"

namespace motley::report::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Chart curves() {
    Chart chart;
    chart.title = "Heterogeneity over steps";
    chart.caption = "Eight runs of 3,000 steps on a logarithmic axis, with the bound.";
    chart.x = {"step (counted from 1)", "", Scale::logarithmic};
    chart.y = {"heterogeneity I", "nats"};
    for (int s = 0; s < 8; ++s) {
        ChartSeries series{"topology " + std::to_string(s), {}};
        const Random random(1, Stream::test, static_cast<std::uint64_t>(s));
        for (std::uint32_t i = 1; i <= 3000; ++i) {
            const double level = 1.4 + 0.08 * s;
            series.points.push_back(
                {static_cast<double>(i),
                 level * (1.0 - std::exp(-1.0 * i / (20.0 + 30.0 * s))) + 0.01 * random.normal(i)});
        }
        chart.series.push_back(series);
    }
    chart.references = {{2.08, "H(D) = 2.08"}};
    return chart;
}

Chart gaps() {
    Chart chart;
    chart.title = "Gap to the optimum";
    chart.caption = "Values that are not finite leave gaps; one point stands alone.";
    chart.x = {"step"};
    chart.y = {"gap", "", Scale::logarithmic};
    ChartSeries series{"gap", {}};
    for (int i = 0; i < 200; ++i) {
        double y = std::pow(10.0, -i / 25.0);
        if (i > 60 && i < 90) y = i == 75 ? 1e-2 : missing;
        if (i == 120) y = infinity;
        if (i == 140) y = -1.0;
        series.points.push_back({10.0 * i, y});
    }
    chart.series = {series};
    return chart;
}

Chart spatial() {
    Chart chart;
    chart.title = "Heterogeneity within r hops";
    chart.caption = "Bands: one standard deviation over centres; dashed: the scale xi.";
    chart.x = {"radius r", "hops"};
    chart.y = {"I(r)", "nats"};
    const char* names[] = {"ring", "torus", "random regular"};
    for (int s = 0; s < 3; ++s) {
        ChartSeries series{names[s], {}};
        const double xi = 9.0 / (s + 1) / (s + 1);
        for (int r = 0; r <= 40; ++r) {
            const double y = 1.8 * (1.0 - std::exp(-r / xi));
            series.points.push_back({static_cast<double>(r), y, y * 0.9, y * 1.07});
        }
        chart.series.push_back(series);
        chart.marks.push_back(
            {xi, "xi " + format_number(xi, {NumberFormat::Notation::fixed, 2}), s});
    }
    return chart;
}

Chart bars() {
    Chart chart;
    chart.kind = ChartKind::bars;
    chart.title = "Productivity per agent by topology";
    chart.caption = "Error bars: 95 % intervals.";
    chart.x.label = "topology";
    chart.x.categories = {"isolated",
                          "ring",
                          "torus",
                          "small world",
                          "random regular",
                          "fat tree",
                          "dragonfly",
                          "complete",
                          "a name that is much too long to be written out below an axis"};
    chart.y = {"P/N", "utility"};
    for (int s = 0; s < 3; ++s) {
        ChartSeries series{"openness 0." + std::to_string(3 * s + 3), {}};
        for (int c = 0; c < 9; ++c) {
            const double y = 1.0 + 0.05 * c + 0.1 * s;
            series.points.push_back({static_cast<double>(c), y, y - 0.04, y + 0.05});
        }
        chart.series.push_back(series);
    }
    return chart;
}

Chart cloud() {
    Chart chart;
    chart.kind = ChartKind::scatter;
    chart.title = "Productivity against path length";
    chart.caption = "One point per run, with a line through them.";
    chart.x = {"mean path length", "hops", Scale::logarithmic};
    chart.y = {"P/N", "utility"};
    for (int s = 0; s < 4; ++s) {
        ChartSeries series{"cluster " + std::to_string(s), {}};
        const Random random(2, Stream::test, static_cast<std::uint64_t>(s));
        for (std::uint32_t i = 0; i < 15; ++i) {
            const double x = std::exp(s + 0.3 * random.normal(2 * i));
            series.points.push_back({x, 1.5 - 0.05 * std::log(x) + 0.01 * random.normal(2 * i + 1),
                                     missing, missing, "run " + std::to_string(i)});
        }
        chart.series.push_back(series);
    }
    chart.series.push_back({"fit", {{0.5, 1.535}, {45.0, 1.31}}, Look::line});
    return chart;
}

Chart large_numbers() {
    Chart chart;
    chart.title = "Numbers of any size";
    chart.x = {"agents"};
    chart.y = {"a label of the vertical axis that is longer than its plot is high",
               "output x hops"};
    chart.wide = true;
    ChartSeries series{"traffic", {}};
    for (int i = 0; i < 20; ++i) series.points.push_back({1e4 * i, 2.5e7 * i * i});
    chart.series = {series, {"too wild", {{0.0, missing}, {1.0, infinity}}}};
    for (int m = 0; m < 6; ++m) chart.marks.push_back({4e4 + 4e3 * m, "mark " + std::to_string(m)});
    return chart;
}

Chart empty() {
    Chart chart;
    chart.title = "Nothing to see";
    chart.x = {"x"};
    chart.y = {"y", "", Scale::logarithmic};
    chart.series = {{"nan", {{1.0, missing}, {2.0, -1.0}}}};
    return chart;
}

NetworkPicture torus() {
    NetworkPicture graph{"A 12 x 12 torus, laid out", "By its distances alone.", 144, 144, 576};
    for (std::int64_t i = 0; i < 144; ++i) {
        graph.edges.emplace_back(i, i / 12 * 12 + (i + 1) % 12);
        graph.edges.emplace_back(i, (i + 12) % 144);
    }
    return graph;
}

NetworkPicture tree() {
    NetworkPicture graph{"A tree of switches", "", 85, 64, 168};
    for (std::int64_t i = 0; i < 64; ++i) graph.edges.emplace_back(i, 64 + i / 4);
    for (std::int64_t i = 0; i < 16; ++i) graph.edges.emplace_back(64 + i, 80 + i / 4);
    for (std::int64_t i = 0; i < 4; ++i) graph.edges.emplace_back(80 + i, 84);
    return graph;
}

NetworkPicture ring() {
    NetworkPicture graph{"A ring with positions", "", 60, 60, 120};
    for (std::int64_t i = 0; i < 60; ++i) {
        const double angle = 2.0 * std::numbers::pi * static_cast<double>(i) / 60.0;
        graph.positions.push_back({std::cos(angle), std::sin(angle)});
        graph.edges.emplace_back(i, (i + 1) % 60);
    }
    return graph;
}

NetworkPicture large() {
    NetworkPicture graph{"A small world of 5,000", "", 5000, 5000, 20000};
    for (std::int64_t i = 0; i < 5000; ++i) {
        const Random random(3, Stream::test, static_cast<std::uint64_t>(i));
        graph.edges.emplace_back(i, (i + 1) % 5000);
        const bool rewired = random.uniform(0) < 0.3;
        graph.edges.emplace_back(
            i, rewired ? static_cast<std::int64_t>(random.below(5000, 1)) : (i + 2) % 5000);
    }
    return graph;
}

PageTable summary() {
    PageTable table;
    table.title = "Topologies";
    table.caption = "Means over 5 replicates; a head cell sorts.";
    table.columns = {{"topology"},
                     {"runs", "", true},
                     {"P/N", "utility", true, {NumberFormat::Notation::fixed, 6}},
                     {"difference", "", true, {NumberFormat::Notation::percent, 2, true}},
                     {"gap", "", true, {NumberFormat::Notation::scientific, 1}},
                     {"interval", "95 %", true}};
    table.rows = {{"isolated", 5.0, 0.9934, 0.0, 6.8e-7, PageCell("0.99 to 1.00", 0.9934)},
                  {"ring", 5.0, 1.440096, 0.4497, 8e-6, PageCell("1.43 to 1.45", 1.44)},
                  {"<b>not bold</b> & \"quoted\"", 4.0, 1.45, -0.01, missing, "failed"}};
    return table;
}

}  // namespace

Document gallery() {
    Document document;
    document.title = "Every figure & table";
    document.abstract = {"What a report can hold, with all that is hard to draw."};
    document.sections = {
        {"Table", {"Numbers stand below each other."}, {summary()}},
        {"Charts", {}, {curves(), gaps(), spatial(), bars(), cloud(), empty(), large_numbers()}},
        {"Networks", {}, {torus(), tree(), ring(), large()}}};
    document.provenance = {{"version", "0.1.0"}, {"job", "kind = \"run\"\n[model]\ntasks = 3\n"}};
    return document;
}

}  // namespace motley::report::test
