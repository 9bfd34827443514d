// A swarm on the terminal: a table with a row per setting, exponents, and the claims.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "output.hpp"

namespace motley::cli {
namespace {

using swarm::CellResult;
using swarm::SwarmStudy;

std::string number(double value, int digits) {
    return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "-";
}

std::string cells_table(const job::Swarm& job, const SwarmStudy& study) {
    std::vector<std::vector<std::string>> rows = {{"policy"}};
    if (job.operators.size() > 1) rows[0].emplace_back("operator");
    for (const job::SwarmFactor& factor : job.factors) rows[0].push_back(factor.key);
    rows[0].emplace_back("sites");
    // A column that says nothing is left out: bias without adversaries, quality of exact keys.
    const auto is_shown = [&](std::size_t m) {
        const swarm::Measure& measure = swarm::measures()[m];
        if (measure.heading == nullptr) return false;
        return std::ranges::any_of(study.cells, [&](const CellResult& cell) {
            const double value = cell.values[m].mean;
            const bool about_lies = std::string(measure.name) == "bias";
            const bool about_keys = std::string(measure.name).ends_with("_of_keys");
            if (about_lies && cell.spec.adversaries.share <= 0.0) return false;
            if (about_keys && (value == 1.0 || cell.spec.keys.kind == swarm::KeyKind::exact)) {
                return false;
            }
            return std::isfinite(value) && value != 0.0;
        });
    };
    for (std::size_t m = 0; m < swarm::measures().size(); ++m) {
        if (is_shown(m)) rows[0].emplace_back(swarm::measures()[m].heading);
    }
    if (job.place) rows[0].insert(rows[0].end(), {"links", "stretch", "busiest link"});
    for (const CellResult& cell : study.cells) {
        std::vector<std::string> row = {swarm::name_of(cell.policy)};
        if (job.operators.size() > 1) row.emplace_back(swarm::name_of(cell.op));
        for (std::size_t f = 0; f < job.factors.size(); ++f) {
            row.push_back(job.factors[f].labels[job.variants[cell.variant].levels[f]]);
        }
        row.push_back(std::to_string(cell.spec.sites));
        for (std::size_t m = 0; m < swarm::measures().size(); ++m) {
            if (is_shown(m)) {
                row.push_back(number(cell.values[m].mean, swarm::measures()[m].digits));
            }
        }
        if (job.place) {
            const bool known = cell.place.has_value();
            row.push_back(known ? number(cell.place->hops, 3) : "-");
            row.push_back(known ? number(cell.place->stretch, 3) : "-");
            row.push_back(known ? number(cell.place->busiest, 4) : "-");
        }
        rows.push_back(std::move(row));
    }
    return table(rows);
}

}  // namespace

std::string summary(const job::Swarm& job, const SwarmStudy& study) {
    std::string text = cells_table(job, study);
    for (const swarm::Claim& claim : study.claims) {
        text += fmt::format("\n{}: {}\n  {}\n  because {}\n", claim.claim, claim.verdict,
                            claim.evidence, claim.mechanism);
    }
    return text + "\n" +
           line("files", study.directory + "/ (report.html, swarm.json, summary.csv)");
}

std::string summary(const swarm::SwarmPlan& plan, const std::string& name, int ranks) {
    constexpr double megabyte = 1e6;
    return fmt::format("{} on {} ranks\n\n", name, ranks) +
           line("work", fmt::format("{} settings, {} rounds in all", plan.cells, plan.rounds)) +
           line("memory of a rank", fmt::format("{:.1f} MB", plan.memory / megabyte)) +
           line("time",
                fmt::format("about {:.1f} s, by what small swarms took here", plan.seconds)) +
           "\n" + experiment::sbatch_lines(static_cast<std::size_t>(ranks), batch_needs(plan));
}

experiment::BatchNeeds batch_needs(const swarm::SwarmPlan& plan) {
    return {experiment::batch_megabytes(static_cast<std::int64_t>(plan.memory)), plan.seconds};
}

}  // namespace motley::cli
