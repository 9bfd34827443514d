// report.html of a redesign.
#include <fmt/format.h>

#include <cmath>

#include "motley/redesign/study/result_columns.hpp"
#include "motley/report/document.hpp"
#include "phases.hpp"
#include "result_charts.hpp"

namespace motley::redesign {
namespace {

using report::NumberFormat;
using report::Section;

std::string interval_text(const Bracket& bracket) {
    if (std::isnan(bracket.low)) return "none";
    return fmt::format("[{:.4g}, {:.4g}]", bracket.low, bracket.high);
}

/// A table of the design and of the columns that the page shows in this table.
template <class Row>
report::PageTable empty_table(std::span<const ResultColumn<Row>> columns, ResultTable which,
                              const char* title, const char* caption) {
    report::PageTable table{title, caption, {{"design"}}, {}};
    const bool numbers = true;
    for (const ResultColumn<Row>& column : columns) {
        const auto& page = column.page;
        if (page.table != which) continue;
        if (!page.format) {
            table.columns.push_back({page.heading});
            continue;
        }
        std::string unit = page.unit != nullptr ? page.unit : column.head.unit;
        if (unit == "1") unit.clear();
        table.columns.push_back({page.heading, unit, numbers, *page.format});
        if (*page.high_heading != '\0') {
            table.columns.push_back({page.high_heading, unit, numbers, *page.format});
        }
    }
    return table;
}

template <class Row>
void add_row(std::span<const ResultColumn<Row>> columns, ResultTable which,
             const std::string& design, const Row& row, report::PageTable& table) {
    std::vector<report::PageCell> cells = {design};
    for (const ResultColumn<Row>& column : columns) {
        if (column.page.table != which) continue;
        const ResultValue value = column.get.call(row);
        const auto* bracket = std::get_if<Bracket>(&value);
        if (bracket != nullptr && column.page.format) {
            cells.emplace_back(bracket->low);
            cells.emplace_back(bracket->high);
        } else if (bracket != nullptr) {
            cells.emplace_back(interval_text(*bracket));
        } else if (is_text(value)) {
            cells.emplace_back(text_of(value));
        } else {
            cells.emplace_back(number_of(value));
        }
    }
    table.rows.push_back(std::move(cells));
}

report::PageTable designs_table(const job::Redesign& job, const RedesignResult& result) {
    const auto columns = design_columns();
    report::PageTable table =
        empty_table(columns, ResultTable::designs, "Designs",
                    "theta: share of the demanded mix that fleet and network can serve; N-1: theta "
                    "after the worst loss of a node, with work moved.");
    for (const DesignResult& design : result.designs) {
        add_row(columns, ResultTable::designs, design.name, {job, result, design}, table);
    }
    return table;
}

report::PageTable gains_table(const job::Redesign& job, const RedesignResult& result) {
    const auto columns = design_columns();
    report::PageTable table =
        empty_table(columns, ResultTable::gains, "Gain over the best homogeneous fleet, by cause",
                    "The factors multiply to the total. Granularity vanishes as the load grows; "
                    "only the comparative advantage is a gain of heterogeneity.");
    for (const DesignResult& design : result.designs) {
        if (design.homogeneous) continue;
        add_row(columns, ResultTable::gains, design.name, {job, result, design}, table);
    }
    return table;
}

/// A row per design with the worth of one more device of each type.
report::PageTable worth_table(const job::Redesign& job, const RedesignResult& result) {
    report::PageTable table{
        "Worth of one more device",
        "theta gained per device more, in per cent of theta; it holds for small "
        "changes.",
        {},
        {}};
    table.columns = {{"design"}};
    for (const fleet::Device& device : job.problem.devices) {
        table.columns.push_back({device.name, "", true, {NumberFormat::Notation::percent, 2}});
    }
    for (const DesignResult& design : result.designs) {
        std::vector<report::PageCell> row = {design.name};
        for (const double worth : design.throughput.device_worth) {
            row.emplace_back(worth / design.throughput.theta);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

report::PageTable network_table(const job::Redesign& job, const RedesignResult& result) {
    const auto columns = design_columns();
    report::PageTable table =
        empty_table(columns, ResultTable::network, "Network",
                    "Share of the demand that devices and network serve together: at least and at "
                    "most, by the routing that the job states and by the best one.");
    for (const DesignResult& design : result.designs) {
        if (!design.network.given) continue;
        add_row(columns, ResultTable::network, design.name, {job, result, design}, table);
    }
    return table;
}

/// The designs that are pipelines, or their stages.
report::PageTable pipelines_table(const job::Redesign& job, const RedesignResult& result) {
    const auto columns = design_columns();
    report::PageTable table =
        empty_table(columns, ResultTable::pipeline, "Pipelines",
                    "Units that pass all layers, and the stages and links that limit them: more of "
                    "anything else adds nothing.");
    for (const DesignResult& design : result.designs) {
        if (!design.network.pipeline) continue;
        add_row(columns, ResultTable::pipeline, design.name, {job, result, design}, table);
    }
    return table;
}

report::PageTable stages_table(const job::Redesign& job, const RedesignResult& result) {
    const auto columns = stage_columns();
    report::PageTable table = empty_table(columns, ResultTable::pipeline, "Stages",
                                          "price: what one unit/s more of its rate adds.");
    for (const DesignResult& design : result.designs) {
        if (!design.network.pipeline) continue;
        for (const StageResult& stage : design.network.pipeline->stages) {
            add_row(columns, ResultTable::pipeline, design.name, {job, design, stage}, table);
        }
    }
    return table;
}

report::PageTable fabric_table(const RedesignResult& result) {
    const auto columns = fabric_loss_columns();
    report::PageTable table =
        empty_table(columns, ResultTable::fabric_losses, "Failures of the network, one at a time",
                    "theta: share of the demand that is still served, with work, hand-over and "
                    "routes found anew; the worst case of each part.");
    for (const DesignResult& design : result.designs) {
        for (const FabricLoss& loss : design.network.losses) {
            add_row(columns, ResultTable::fabric_losses, design.name, {design, loss}, table);
        }
    }
    return table;
}

report::PageTable flips_table(const job::Redesign& job, const RedesignResult& result) {
    const auto columns = flip_columns();
    report::PageTable table =
        empty_table(columns, ResultTable::flips, "Where the comparison turns",
                    "All else equal; exact. 'only x': the fleet of x alone that the demand needs "
                    "or the budget buys.");
    for (const DesignResult& design : result.designs) {
        for (const FlipRow& row : flip_rows(job, result, design)) {
            if (row.kind == FlipRow::Kind::fleet_price) continue;
            add_row(columns, ResultTable::flips, design.name, row, table);
        }
    }
    return table;
}

/// The fleet that is recommended and the one that is there, side by side.
report::PageTable verdict_table(const job::Redesign& job, const RedesignResult& result) {
    const auto columns = design_columns();
    report::PageTable table = empty_table(columns, ResultTable::verdict, "What to do",
                                          "N-1: theta after the worst loss.");
    table.columns.insert(table.columns.begin(), {""});
    table.sortable = false;
    const auto add = [&](const char* what, const std::string& name) {
        const auto found = std::ranges::find(result.designs, name, &DesignResult::name);
        if (found == result.designs.end()) return;
        add_row(columns, ResultTable::verdict, found->name, DesignRow{job, result, *found}, table);
        table.rows.back().insert(table.rows.back().begin(), what);
    };
    const Verdict& verdict = result.verdict;
    const bool change = verdict.recommendation != "no change";
    if (change) add("do this", verdict.recommendation);
    add(change ? "instead of" : "keep", verdict.baseline);
    return table;
}

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
    designs.items = {designs_table(job, result)};
    if (job.pipelines.empty()) {
        designs.items.emplace_back(gains_table(job, result));
        designs.items.emplace_back(worth_table(job, result));
    } else {
        designs.items.emplace_back(pipelines_table(job, result));
        designs.items.emplace_back(stages_table(job, result));
    }
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
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        flips.items.emplace_back(flip_chart(job, result, d));
    }
    if (job.search.flips) document.sections.push_back(std::move(flips));
    if (!result.front.empty()) {
        Section front{"Search"};
        front.items.emplace_back(front_chart(job, result));
        document.sections.push_back(std::move(front));
    }
    document.provenance = provenance;
    return report::to_html(document);
}

}  // namespace motley::redesign
