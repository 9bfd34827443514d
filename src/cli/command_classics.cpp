// motley classics [FIELD]: measures classical results of four fields, and says where the model
// does not have them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "motley/experiment/classics/classics.hpp"
#include "motley/record/record.hpp"
#include "motley/report/document.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

struct ClassicsOptions {
    std::string field;    ///< empty: all
    std::string json;     ///< file for the numbers; empty: none
    std::string report;   ///< file for the page; empty: none
    std::string figures;  ///< folder for the figures; empty: none
};

void write_files(const ClassicsOptions& options,
                 const std::vector<experiment::ClassicResult>& results) {
    if (!options.json.empty()) record::write_file(options.json, experiment::to_json(results));
    if (!options.report.empty()) {
        record::write_file(options.report, report::to_html(experiment::classics_document(results)));
    }
    if (options.figures.empty()) return;
    for (const auto& result : results) {
        if (result.figure.series.empty()) continue;
        record::write_file(fmt::format("{}/{}.svg", options.figures, result.classic->job),
                           report::to_svg(result.figure));
    }
}

int classics(const ClassicsOptions& options, const Context& context) {
    const auto& comm = context.comm;
    std::vector<experiment::ClassicResult> results;
    for (const experiment::Classic* classic : experiment::classics_of(options.field)) {
        results.push_back(experiment::measure(*classic, comm));
        if (!comm.root()) continue;
        std::printf("%s", summary(results.back()).c_str());
        std::fflush(stdout);
    }
    mpi::on_root(comm, [&] { write_files(options, results); });
    if (comm.root()) std::printf("%s", closing_line(results).c_str());
    return exit_code(results);
}

}  // namespace

void add_classics(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<ClassicsOptions>();
    auto* command = app.add_subcommand(
        "classics", "Measure classical results of economics, ecology, neuroscience and computing");
    command->add_option("FIELD", options->field, "Field; default: all")
        ->check(CLI::IsMember({"economics", "ecology", "neuroscience", "computing"}));
    command->add_option("--json", options->json, "Write all numbers as JSON to this file")
        ->type_name("FILE");
    command->add_option("--report", options->report, "Write a page with tables and figures (HTML)")
        ->type_name("FILE");
    command->add_option("--figures", options->figures, "Write each figure as SVG into this folder")
        ->type_name("FOLDER");
    command->callback([&context, &action, options] {
        action = [&context, options] { return classics(*options, context); };
    });
}

}  // namespace motley::cli
