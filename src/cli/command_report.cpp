// motley report DIR...: makes report.html from the files of finished runs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "folder_kind.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/run/run_report.hpp"
#include "motley/swarm/study/study.hpp"

namespace motley::cli {
namespace {

struct ReportOptions {
    std::vector<std::string> directories;
    std::string output;
};

/// Renames runs that share a name after their folders.
void tell_apart(std::vector<experiment::RunRecord>& runs, const ReportOptions& options) {
    std::vector<std::string> names;
    for (const auto& run : runs) names.push_back(run.name);
    for (std::size_t r = 0; r < runs.size(); ++r) {
        if (std::count(names.begin(), names.end(), names[r]) > 1) {
            runs[r].name = options.directories[r];
        }
    }
}

/// A status that cannot be read is left to the reader of runs, which says what is missing.
bool holds_swarm(const std::string& directory) {
    const std::string path = directory + "/status.json";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return false;
    try {
        return is_swarm(record::status_from_json(std::string(TextFile(path).text()), path));
    } catch (const Error&) {
        return false;
    }
}

int write_report(const ReportOptions& options, const Context& context) {
    mpi::on_root(context.comm, [&] {
        if (options.directories.size() == 1 && holds_swarm(options.directories[0])) {
            const std::string& directory = options.directories[0];
            const std::string path =
                options.output.empty() ? directory + "/report.html" : options.output;
            record::write_file(path, swarm::report_of(directory));
            std::printf("%s\n", path.c_str());
            return;
        }
        std::vector<experiment::RunRecord> runs;
        for (const auto& directory : options.directories) {
            if (holds_swarm(directory)) {
                throw usage_error("a swarm has a page of its own: give its folder alone",
                                  {directory});
            }
            runs.push_back(experiment::read_run(directory));
        }
        tell_apart(runs, options);
        std::string path = options.output;
        if (path.empty())
            path = runs.size() == 1 ? options.directories[0] + "/report.html" : "report.html";
        record::write_file(path, report::to_html(experiment::run_document(runs)));
        std::printf("%s\n", path.c_str());
    });
    return 0;
}

}  // namespace

void add_report(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<ReportOptions>();
    auto* command = app.add_subcommand(
        "report", "Write report.html from the files of finished runs, or of a swarm");
    command->add_option("DIR", options->directories, "Folders of finished runs, or of one swarm")
        ->required();
    command->add_option("-o,--output", options->output,
                        "File to write; default: report.html in the folder of the run, or here for "
                        "several runs");
    command->callback([&context, &action, options] {
        action = [&context, options] { return write_report(*options, context); };
    });
}

}  // namespace motley::cli
