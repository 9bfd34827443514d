// The measured results as a page.
#include <fmt/format.h>

#include "motley/experiment/classics/classics.hpp"

namespace motley::experiment {
namespace {

report::PageTable table_of(const ClassicResult& result) {
    report::PageTable table{fmt::format("{} {}", result.classic->id, result.classic->title),
                            "",
                            {{"quantity"},
                             {"measured", "", true},
                             {"reference", "", true},
                             {"tolerance", "", true},
                             {"verdict"}},
                            {},
                            false};
    for (const Finding& finding : result.findings) {
        table.rows.push_back({finding.quantity,
                              {number_text(finding.measured), finding.measured},
                              {reference_text(finding), finding.reference},
                              {fmt::format("{:g}", finding.tolerance), finding.tolerance},
                              finding.holds() ? "holds" : "FAILS"});
    }
    return table;
}

report::Section section_of(const ClassicResult& result) {
    const Classic& classic = *result.classic;
    report::Section section{fmt::format("{}: {}", classic.id, classic.title)};
    section.paragraphs = {
        fmt::format("{}. {}", classic.source, classic.says),
        fmt::format("Not reproduced: {}", classic.not_reproduced),
        fmt::format("The job is jobs/classics/{}.toml; `motley run` makes it.", classic.job)};
    section.items.emplace_back(table_of(result));
    if (!result.figure.series.empty()) section.items.emplace_back(result.figure);
    return section;
}

}  // namespace

std::string number_text(double value) {
    return fmt::format("{:.9g}", value);
}

std::string reference_text(const Finding& finding) {
    const std::string number = number_text(finding.reference);
    switch (finding.relation) {
        case Relation::at_most:
            return "<= " + number;
        case Relation::at_least:
            return ">= " + number;
        default:
            return number;
    }
}

report::Document classics_document(const std::vector<ClassicResult>& results) {
    report::Document document;
    document.title = "Classical results in one model";
    std::size_t held = 0;
    for (const ClassicResult& result : results) held += result.holds() ? 1 : 0;
    document.abstract = {fmt::format(
        "{} of {} classical results of economics, ecology, neuroscience and computing come out of "
        "one model of production as the literature has them. Every table says what was measured, "
        "what it is held against and how closely; every section says what the model does not have.",
        held, results.size())};
    for (const ClassicResult& result : results) document.sections.push_back(section_of(result));
    return document;
}

}  // namespace motley::experiment
