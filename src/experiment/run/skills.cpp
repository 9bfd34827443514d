#include "skills.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "motley/measure/ball_totals.hpp"
#include "run_tables.hpp"

namespace motley::experiment {
namespace {

using model::Distribution;

/// The distribution over skills of a run; null where it has none.
const Distribution* skills_of(const model::Spec& model) {
    for (const Distribution* each : {&model.capability, &model.demand}) {
        if (each->kind == Distribution::Kind::skill) return each;
    }
    return nullptr;
}

/// Sums to 1, unless all are 0.
std::vector<double> shares(std::vector<double> amounts) {
    double total = 0.0;
    for (const double amount : amounts) total += amount;
    for (double& amount : amounts) amount = total > 0.0 ? amount / total : 0.0;
    return amounts;
}

std::string within(std::int64_t radius) {
    return fmt::format("within_{}", radius);
}

/// A column over x; of a square the sum over y.
report::ChartSeries over_space(const RunRecord& run, const std::string& name,
                               const std::string& title) {
    const auto& x = column(run.skills, "x");
    const auto& amounts = column(run.skills, name);
    std::map<double, double> sums;
    for (std::size_t k = 0; k < std::min(x.size(), amounts.size()); ++k) sums[x[k]] += amounts[k];
    report::ChartSeries series{title, {}, report::Look::line};
    for (const auto& [place, sum] : sums) series.points.push_back({place, sum});
    return series;
}

report::Chart chart_of(const RunRecord& run, const std::string& title, const std::string& caption) {
    report::Chart chart;
    chart.title = title;
    const auto& y = column(run.skills, "y");
    const bool square = std::ranges::any_of(y, [](double place) { return place > 0.0; });
    chart.caption = caption + (square ? " Summed over the other side of the square." : "");
    chart.x = {"skill", "side of the space"};
    chart.y = {"share"};
    chart.y.from_zero = true;
    return chart;
}

}  // namespace

template <class Real>
SkillProfile skill_profile(const RunContext& context,
                           const simulation::Simulation<Real>& simulation) {
    SkillProfile profile;
    const Distribution* skills = skills_of(context.job.model);
    if (skills == nullptr) return profile;
    const auto& state = simulation.state();
    const auto& network = simulation.graph();
    const auto tasks = static_cast<std::size_t>(state.tasks);
    const auto width = static_cast<std::size_t>(state.width);
    for (std::size_t k = 0; k < tasks; ++k) {
        profile.place.push_back(
            model::place_of_task(skills->space, static_cast<std::int64_t>(k), state.tasks));
    }
    const auto output = [&](std::size_t row, double* out) {
        for (std::size_t k = 0; k < tasks; ++k) {
            const auto share = static_cast<double>(state.allocation[row * width + k]);
            out[k] = state.resource_of(row) *
                     static_cast<double>(state.capability[row * width + k]) *
                     std::pow(share, context.job.model.returns);
        }
    };
    const auto ability = [&](std::size_t row, double* out) {
        for (std::size_t k = 0; k < tasks; ++k) {
            out[k] =
                state.resource_of(row) * static_cast<double>(state.capability[row * width + k]);
        }
    };
    const auto demand = [&](std::size_t row, double* out) {
        std::copy_n(state.demand_of(row), tasks, out);
    };
    profile.ability = shares(measure::totals<Real>(network, tasks, ability, context.comm));
    profile.output = shares(measure::totals<Real>(network, tasks, output, context.comm));
    profile.demand = shares(measure::totals<Real>(network, tasks, demand, context.comm));
    profile.agent = network.hosts() / 2;
    if (network.coupling() == model::Coupling::pool) return profile;  // there are no hops
    profile.radius = {1, 2, 4};
    for (auto& ball : measure::ball_totals<Real>(network, tasks, output, profile.agent,
                                                 profile.radius, context.comm)) {
        profile.within.push_back(shares(std::move(ball)));
    }
    return profile;
}

std::vector<record::SeriesColumn> skill_columns(const SkillProfile& skills) {
    std::vector<double> x, y;
    for (const model::SkillPoint& place : skills.place) {
        x.push_back(place[0]);
        y.push_back(place[1]);
    }
    std::vector<record::SeriesColumn> columns = {
        {"x", "1", "place of the task", x},
        {"y", "1", "place of the task, in a square", y},
        {"demand", "1", "share of the demand, mean over agents", skills.demand},
        {"ability", "1", "share of R a, all agents", skills.ability},
        {"output", "1", "share of what is made, all agents", skills.output}};
    for (std::size_t r = 0; r < skills.radius.size(); ++r) {
        columns.push_back({within(skills.radius[r]), "1",
                           fmt::format("share of what is made within {} hops of agent {}",
                                       skills.radius[r], skills.agent),
                           skills.within[r]});
    }
    return columns;
}

std::vector<report::Chart> skill_charts(const RunRecord& run) {
    std::vector<report::Chart> charts;
    if (run.skills.empty()) return charts;
    const job::FieldWords& words = words_of(run);
    report::Chart all = chart_of(
        run, "Production and demand over the skills",
        fmt::format("What all {} could make (their abilities), what they make, and what is needed.",
                    words.agents));
    all.series = {over_space(run, "demand", "needed"), over_space(run, "ability", "abilities"),
                  over_space(run, "output", "made")};
    charts.push_back(std::move(all));
    report::Chart near =
        chart_of(run, fmt::format("Production around one {}", words.agent),
                 fmt::format("What is made within r hops of {} {}, against what is needed.",
                             words.agent, run.status.agents / 2));
    near.series = {over_space(run, "demand", "needed")};
    for (const std::int64_t radius : {1, 2, 4}) {
        if (column(run.skills, within(radius)).empty()) continue;
        near.series.push_back(
            over_space(run, within(radius), fmt::format("within {} hops", radius)));
    }
    if (near.series.size() > 1) charts.push_back(std::move(near));
    return charts;
}

#define MOTLEY_INSTANTIATE(Real)                                 \
    template SkillProfile skill_profile<Real>(const RunContext&, \
                                              const simulation::Simulation<Real>&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::experiment
