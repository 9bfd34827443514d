// motley export DIR: gives tables and graphs of a finished job to other programs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "motley/experiment/export/export.hpp"
#include "motley/record/record.hpp"

namespace motley::cli {
namespace {

struct ExportOptions {
    std::string directory;
    std::string table;
    std::string graph;
    std::string output;
};

void print(const std::string& text) {
    const bool good = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!good || std::fflush(stdout) != 0) throw storage_error("the output cannot be written");
}

int export_results(const ExportOptions& options, const Context& context) {
    mpi::on_root(context.comm, [&] {
        if (!options.graph.empty()) {
            record::write_file(options.graph,
                               experiment::graph_text(options.directory, options.graph));
        } else if (options.table.empty()) {
            for (const auto& name : experiment::table_names(options.directory)) print(name + "\n");
        } else if (options.output.empty()) {
            print(experiment::table_text(options.directory, options.table));
        } else {
            record::write_file(options.output,
                               experiment::table_text(options.directory, options.table));
        }
    });
    return 0;
}

}  // namespace

void add_export(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<ExportOptions>();
    auto* command = app.add_subcommand(
        "export",
        "Write a table of a finished job as CSV, or the graph of a run for other "
        "programs; without options: list the tables");
    command->add_option("DIR", options->directory, "Folder of the results")->required();
    auto* table = command->add_option("--table", options->table,
                                      "Table to write: runs, summary, series, agents, final, arcs, "
                                      "... as listed without options");
    command
        ->add_option("-o,--output", options->output,
                     "File for the table; default: print to the terminal")
        ->needs(table);
    command
        ->add_option("--graph", options->graph,
                     "File for the graph with the final state at its vertices: .graphml, .gexf or "
                     ".vtu")
        ->excludes(table);
    command->callback([&context, &action, options] {
        action = [&context, options] { return export_results(*options, context); };
    });
}

}  // namespace motley::cli
