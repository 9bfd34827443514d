// The subcommands, one file each. Every `add_` function adds a command with its options to the app;
// when the command is chosen, it sets the action to run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "motley/mpi/communicator.hpp"

namespace CLI {
class App;
}

namespace motley::cli {

struct Context {
    const mpi::Communicator& comm;
    std::vector<std::string> command;  ///< the command line as given
};

/// Runs the command and returns the exit code; collective.
using Action = std::function<int()>;

void add_run(CLI::App& app, const Context& context, Action& action);
void add_resume(CLI::App& app, const Context& context, Action& action);
void add_new(CLI::App& app, const Context& context, Action& action);
void add_explain(CLI::App& app, const Context& context, Action& action);
void add_validate(CLI::App& app, const Context& context, Action& action);
void add_plan(CLI::App& app, const Context& context, Action& action);
void add_topology(CLI::App& app, const Context& context, Action& action);
void add_export(CLI::App& app, const Context& context, Action& action);
void add_report(CLI::App& app, const Context& context, Action& action);
void add_compare_results(CLI::App& app, const Context& context, Action& action);
void add_submit(CLI::App& app, const Context& context, Action& action);
void add_status(CLI::App& app, const Context& context, Action& action);
void add_schema(CLI::App& app, const Context& context, Action& action);
void add_selftest(CLI::App& app, const Context& context, Action& action);
void add_classics(CLI::App& app, const Context& context, Action& action);
void add_documents(CLI::App& app, const Context& context, Action& action);

/// Adds all commands above, in the order of the help text.
void add_commands(CLI::App& app, const Context& context, Action& action);

int print_version(const Context& context);

}  // namespace motley::cli
