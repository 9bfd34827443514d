// The tables on the page of a redesign.
#include "result_page_tables.hpp"

#include <fmt/format.h>

#include <cmath>

#include "design_values.hpp"

namespace motley::redesign {
namespace {

using report::NumberFormat;

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

/// Whether a cell says nothing: a number that does not exist, or a dash.
bool is_empty(const report::PageCell& cell) {
    if (cell.is_number) return std::isnan(cell.value);
    return cell.text.empty() || cell.text == "–" || cell.text == "none";
}

/// The table without the columns in which every cell is empty.
report::PageTable without_empty_columns(report::PageTable table) {
    for (std::size_t c = table.columns.size(); c-- > 1;) {
        const auto empty = [c](const auto& row) { return is_empty(row[c]); };
        if (!std::ranges::all_of(table.rows, empty)) continue;
        const auto offset = static_cast<std::ptrdiff_t>(c);
        table.columns.erase(table.columns.begin() + offset);
        for (auto& row : table.rows) row.erase(row.begin() + offset);
    }
    return table;
}

/// A table with a row for each design that is `shown`.
report::PageTable table_of_designs(const job::Redesign& job, const RedesignResult& result,
                                   ResultTable which, const char* title, const char* caption,
                                   bool (*shown)(const DesignResult&)) {
    const auto columns = design_columns();
    report::PageTable table = empty_table(columns, which, title, caption);
    for (const DesignResult& design : result.designs) {
        if (shown(design)) add_row(columns, which, design.name, {job, result, design}, table);
    }
    return without_empty_columns(std::move(table));
}

bool any_design(const DesignResult&) {
    return true;
}

}  // namespace

report::PageTable designs_table(const job::Redesign& job, const RedesignResult& result) {
    return table_of_designs(
        job, result, ResultTable::designs, "Designs",
        "theta: share of the demanded mix that fleet and network can serve; N-1: the "
        "same after the worst single loss, with work moved.",
        any_design);
}

report::PageTable costs_table(const job::Redesign& job, const RedesignResult& result) {
    return table_of_designs(job, result, ResultTable::costs, "Price, power and space",
                            "Throughput: units per second of the demand that is served.",
                            any_design);
}

report::PageTable unit_price_table(const job::Redesign& job, const RedesignResult& result) {
    constexpr std::size_t most_columns = 24;
    report::PageTable table{
        "Price of a million units",
        "The price of a design, shared out by what one unit more of each class would take of it.",
        {{"design"}},
        {}};
    const std::size_t shown = std::min(most_columns, job.problem.classes());
    for (std::size_t k = 0; k < shown; ++k) {
        const std::string& unit = job.units[k];
        const std::string counted =
            job.base_units[k] == 1.0 ? unit.substr(0, unit.find('/')) : "base units";
        table.columns.push_back({job.problem.tasks[k].name, "$/1M " + counted, true, {}});
    }
    if (shown < job.problem.classes()) {
        table.caption +=
            fmt::format(" {} of {} classes; redesign.json has all.", shown, job.problem.classes());
    }
    for (const DesignResult& design : result.designs) {
        std::vector<report::PageCell> row = {design.name};
        const NamedNumbers prices = price_per_million({job, result, design});
        for (std::size_t k = 0; k < shown; ++k) row.emplace_back(prices[k].second);
        table.rows.push_back(std::move(row));
    }
    return table;
}

report::PageTable gains_table(const job::Redesign& job, const RedesignResult& result) {
    return table_of_designs(
        job, result, ResultTable::gains, "Gain over the best homogeneous fleet, by cause",
        "The factors multiply to the total. Granularity vanishes as the load grows; "
        "only the comparative advantage is a gain of unlike devices.",
        [](const DesignResult& each) { return !each.homogeneous; });
}

std::vector<std::size_t> types_in_use(const job::Redesign& job, const RedesignResult& result,
                                      std::size_t most) {
    std::vector<std::size_t> types;
    for (std::size_t d = 0; d < job.problem.types() && types.size() < most; ++d) {
        const auto has = [&](const DesignResult& design) { return design.fleet[d] > 0.0; };
        if (job.problem.types() <= most || std::ranges::any_of(result.designs, has)) {
            types.push_back(d);
        }
    }
    return types;
}

report::PageTable worth_table(const job::Redesign& job, const RedesignResult& result) {
    constexpr std::size_t most_columns = 24;
    report::PageTable table{
        "Worth of one more device",
        "theta gained per device more, in per cent of theta; it holds for small "
        "changes.",
        {},
        {}};
    table.columns = {{"design"}};
    const auto types = types_in_use(job, result, most_columns);
    if (types.size() < job.problem.types()) {
        table.caption += fmt::format(" {} of {} types; redesign.json has all.", types.size(),
                                     job.problem.types());
    }
    for (const std::size_t d : types) {
        table.columns.push_back(
            {job.problem.devices[d].name, "", true, {NumberFormat::Notation::percent, 2}});
    }
    for (const DesignResult& design : result.designs) {
        std::vector<report::PageCell> row = {design.name};
        for (const std::size_t d : types) {
            row.emplace_back(design.throughput.device_worth[d] / design.throughput.theta);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

report::PageTable network_table(const job::Redesign& job, const RedesignResult& result) {
    return table_of_designs(
        job, result, ResultTable::network, "Network",
        "Share of the demand that devices and network serve together: at least and at "
        "most, by the routing that the job states and by the best one.",
        [](const DesignResult& each) { return each.network.given; });
}

report::PageTable pipelines_table(const job::Redesign& job, const RedesignResult& result) {
    return table_of_designs(
        job, result, ResultTable::pipeline, "Pipelines",
        "Units that pass all layers, and the stages and links that limit them: more of "
        "anything else adds nothing.",
        [](const DesignResult& each) { return each.network.pipeline.has_value(); });
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

report::PageTable requests_table(const RedesignResult& result) {
    const auto columns = request_columns();
    report::PageTable table =
        empty_table(columns, ResultTable::requests, "Requests of workflows",
                    "Mean time from start to end with a place free at every step; then with the "
                    "mean waits; then a time that 95 % of the requests do not exceed. Times of "
                    "units are those that the job gives.");
    for (const DesignResult& design : result.designs) {
        for (const RequestResult& request : design.requests) {
            add_row(columns, ResultTable::requests, design.name, {design, request}, table);
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

report::PageTable rates_table(const job::Redesign& job) {
    constexpr std::size_t most_rows = 500;
    report::PageTable table{"Rates of one device", "", {}, {}};
    const NumberFormat general{};
    table.columns = {{"device"},     {"class"},    {"rate", "", true, general},
                     {"unit"},       {"interval"}, {"source"},
                     {"measured at"}};
    std::size_t left_out = 0;
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        for (std::size_t k = 0; k < job.problem.classes(); ++k) {
            const std::size_t at = d * job.problem.classes() + k;
            if (job.problem.rates[at] <= 0.0) continue;
            if (table.rows.size() == most_rows) {
                ++left_out;
                continue;
            }
            const fleet::Uncertain& rate = job.uncertain.rates[at];
            const job::RateOrigin& origin = job.origins[at];
            std::string conditions;
            for (const auto& [name, value] : origin.conditions) {
                conditions += fmt::format("{}{} {}", conditions.empty() ? "" : ", ", name, value);
            }
            table.rows.push_back({job.problem.devices[d].name, job.problem.tasks[k].name,
                                  rate.value, job.units[k],
                                  rate.known() ? "–" : interval_text({rate.low, rate.high}),
                                  origin.source.empty() ? "none given" : origin.source,
                                  conditions.empty() ? "–" : conditions});
        }
    }
    if (left_out > 0) table.caption = fmt::format("{} further rates are left out.", left_out);
    return without_empty_columns(std::move(table));
}

report::PageTable theory_table(const job::Redesign& job, const RedesignResult& result) {
    return table_of_designs(
        job, result, ResultTable::theory, "Heterogeneity",
        "I: mutual information of task class and device, in nats, weighted by the time that "
        "devices spend; levels add up. Devices as agents: share of the optimum that they reach "
        "without a scheduler, each linked with each.",
        any_design);
}

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
    return without_empty_columns(std::move(table));
}

}  // namespace motley::redesign
