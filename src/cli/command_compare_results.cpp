// motley compare-results DIR OTHER_DIR: says in which cells two comparisons or swarms differ, and
// why they might.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>

#include "commands.hpp"
#include "motley/experiment/compare/result_differences.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

struct Folders {
    std::string first, second;
};

/// Columns of a cell beyond those that differ most are counted.
constexpr std::size_t most_columns = 3;
constexpr int different = 1;  ///< exit code

/// How far apart a difference is: what is no number on one side comes first.
double distance(const experiment::CellDifference& each) {
    return std::isnan(each.relative) ? 2.0 : each.relative;
}

std::string cells_table(const experiment::ResultDifferences& found) {
    std::vector<std::vector<std::string>> rows = {
        {"cell", "column", "first", "second", "relative"}};
    for (auto at = found.numbers.begin(); at != found.numbers.end();) {
        const auto end = std::find_if(at, found.numbers.end(),
                                      [&](const auto& each) { return each.cell != at->cell; });
        std::vector<experiment::CellDifference> most(at, end);
        std::ranges::stable_sort(most, std::ranges::greater(), distance);
        for (std::size_t i = 0; i < std::min(most.size(), most_columns); ++i) {
            rows.push_back(
                {most[i].cell, most[i].column, most[i].first, most[i].second,
                 std::isnan(most[i].relative) ? "-" : fmt::format("{:.1e}", most[i].relative)});
        }
        if (most.size() > most_columns) {
            rows.push_back(
                {at->cell, fmt::format("and {} more", most.size() - most_columns), "", "", ""});
        }
        at = end;
    }
    return table(rows);
}

/// The first over the second; values may be long, so that they are no table.
std::string origin_text(const experiment::ResultDifferences& found) {
    const auto shown = [](const std::string& value) { return value.empty() ? "-" : value; };
    std::string text = "origin, the first above the second:\n";
    for (const auto& each : found.origin) {
        text += line(each.name, shown(each.first)) + line("", shown(each.second));
    }
    return text;
}

/// Whether and how the origin accounts for the result.
std::string conclusion(const experiment::ResultDifferences& found) {
    std::vector<std::string> causes;
    for (const auto& each : found.origin) {
        const bool known = std::ranges::find(causes, each.name) != causes.end();
        if (each.explains && !known) causes.push_back(each.name);
    }
    std::erase(causes, "job hash");
    if (found.same()) {
        return causes.empty() ? "the results are the same\n"
                              : fmt::format(
                                    "the results are the same, although their origin "
                                    "differs: {}\n",
                                    fmt::join(causes, ", "));
    }
    if (!causes.empty()) {
        return fmt::format("the results differ; their origin may explain it: {}\n",
                           fmt::join(causes, ", "));
    }
    return "the results differ, and nothing in their origin explains it: the job, its seed, the "
           "program and the compiler are the same. Processors and C libraries may differ "
           "(docs/model.md); on one machine this is a bug: report it\n";
}

std::string text_of(const experiment::ResultDifferences& found) {
    std::map<std::string, int> cells;
    for (const auto& each : found.numbers) ++cells[each.cell];
    std::string text =
        line("cells that differ", fmt::format("{} of {}", cells.size(), found.cells)) +
        line("runs that differ", fmt::format("{} of {}, by the hash of their final state",
                                             found.runs_that_differ.size(), found.runs));
    for (const auto& cell : found.only_first) text += line("only in the first", cell);
    for (const auto& cell : found.only_second) text += line("only in the second", cell);
    if (!found.numbers.empty()) text += "\n" + cells_table(found);
    if (!found.origin.empty()) text += "\n" + origin_text(found);
    return text + "\n" + conclusion(found);
}

}  // namespace

void add_compare_results(CLI::App& app, const Context& context, Action& action) {
    auto folders = std::make_shared<Folders>();
    auto* command = app.add_subcommand("compare-results",
                                       "Say in which cells two finished comparisons or swarms "
                                       "differ, by how much, and whether their "
                                       "origin explains it; exit status 1 where they differ");
    command->add_option("DIR", folders->first, "Folder of a comparison or a swarm")->required();
    command->add_option("OTHER_DIR", folders->second, "Folder of the other")->required();
    command->callback([&context, &action, folders] {
        action = [&context, folders] {
            int code = 0;
            mpi::on_root(context.comm, [&] {
                const auto found = experiment::result_differences(folders->first, folders->second);
                std::printf("%s", text_of(found).c_str());
                code = found.same() ? 0 : different;
            });
            return code;
        };
    });
}

}  // namespace motley::cli
