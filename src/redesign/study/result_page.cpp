// report.html of a redesign.
#include <fmt/format.h>

#include "motley/redesign/study/result_columns.hpp"
#include "motley/report/document.hpp"
#include "phases.hpp"
#include "result_charts.hpp"
#include "result_page_tables.hpp"

namespace motley::redesign {
namespace {

using report::Section;

Section verdict_section(const job::Redesign& job, const RedesignResult& result) {
    Section section{"Verdict"};
    section.paragraphs = {"Recommendation: " + result.verdict.recommendation + ". " +
                          result.verdict.text + "."};
    section.items = {verdict_table(job, result), theta_chart(result), losses_chart(result)};
    for (const std::string& note : result.notes)
        section.paragraphs.push_back("Note: " + note + ".");
    return section;
}

}  // namespace

std::string redesign_html(const job::Redesign& job, const RedesignResult& result,
                          const record::Provenance& provenance) {
    report::Document document;
    document.title = job.name;
    document.abstract.push_back(fmt::format(
        "{} designs for {} task classes on {} device types; {} scenarios.", result.designs.size(),
        job.problem.classes(), job.problem.types(), result.scenarios));
    if (job.pipelines.empty()) {
        document.abstract.back() += fmt::format(
            " In the fluid limit the cheapest fleet costs {:.4g} $/h, the best of one type {:.4g} "
            "$/h: a gain of {:.4g}.",
            result.fluid_price, result.fluid_homogeneous_price, result.fluid_gain);
    }
    document.sections.push_back(verdict_section(job, result));
    Section designs{"Designs"};
    designs.items = {designs_table(job, result), costs_table(job, result),
                     unit_price_table(job, result)};
    if (job.pipelines.empty()) {
        designs.items.emplace_back(gains_table(job, result));
        designs.items.emplace_back(worth_table(job, result));
    } else {
        designs.items.emplace_back(pipelines_table(job, result));
        designs.items.emplace_back(stages_table(job, result));
    }
    if (!job.workflows.empty()) designs.items.emplace_back(requests_table(result));
    document.sections.push_back(std::move(designs));
    report::PageTable network = network_table(job, result);
    if (!network.rows.empty()) {
        Section section{"Network"};
        section.items = {std::move(network), fabric_table(result)};
        for (const DesignResult& design : result.designs) {
            if (!design.network.given) continue;
            report::FabricPicture picture = design.network.picture;
            picture.title = fmt::format("Loads of '{}'", design.name);
            section.items.emplace_back(std::move(picture));
        }
        document.sections.push_back(std::move(section));
    }
    Section flips{"Prices and demands at which it turns"};
    report::PageTable table = flips_table(job, result);
    if (!table.rows.empty()) flips.items.emplace_back(std::move(table));
    constexpr std::size_t most_charts = 12;
    for (const std::size_t d : types_in_use(job, result, most_charts)) {
        flips.items.emplace_back(flip_chart(job, result, d));
    }
    if (job.search.flips) document.sections.push_back(std::move(flips));
    if (!result.front.empty()) {
        Section front{"Search"};
        front.items.emplace_back(front_chart(job, result));
        document.sections.push_back(std::move(front));
    }
    Section sources{"Appendix: rates and their sources"};
    sources.items.emplace_back(rates_table(job));
    document.sections.push_back(std::move(sources));
    Section theory{"Appendix: in the words of the theory"};
    theory.items.emplace_back(theory_table(job, result));
    document.sections.push_back(std::move(theory));
    document.provenance = provenance;
    return report::to_html(document);
}

}  // namespace motley::redesign
