#include "program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

#include "commands.hpp"

namespace motley::cli {
namespace {

[[noreturn]] void refuse(const CLI::ParseError& error) {
    Error usage = usage_error(std::string(error.what()) +
                              "; `motley --help` lists the commands, `motley COMMAND --help` the "
                              "options");
    usage.set_everywhere();
    throw usage;
}

int print_help(const CLI::App& app, const Context& context) {
    if (context.comm.root()) std::printf("%s", app.help().c_str());
    return 0;
}

/// Commands that compute on one rank and ask no other.
constexpr std::array commands_of_one = {"new",    "explain", "validate",   "plan",
                                        "submit", "report",  "export",     "compare-results",
                                        "status", "schema",  "completion", "man"};

}  // namespace

bool needs_ranks(int argc, const char* const* argv) {
    const std::vector<std::string_view> words(argv + 1, argv + std::max(argc, 1));
    const auto is = [&](std::string_view word) {
        return std::ranges::find(words, word) != words.end();
    };
    if (is("--help") || is("-h")) return false;
    const auto command =
        std::ranges::find_if(words, [](std::string_view word) { return !word.starts_with('-'); });
    return command != words.end() &&
           std::ranges::find(commands_of_one, *command) == commands_of_one.end();
}

void add_commands(CLI::App& app, const Context& context, Action& action) {
    add_run(app, context, action);
    add_resume(app, context, action);
    add_new(app, context, action);
    add_explain(app, context, action);
    add_validate(app, context, action);
    add_plan(app, context, action);
    add_topology(app, context, action);
    add_report(app, context, action);
    add_export(app, context, action);
    add_compare_results(app, context, action);
    add_submit(app, context, action);
    add_status(app, context, action);
    add_schema(app, context, action);
    add_selftest(app, context, action);
    add_classics(app, context, action);
    add_documents(app, context, action);
}

int run_program(int argc, const char* const* argv, const mpi::Communicator& comm) {
    CLI::App app{"motley simulates and optimises distributed production systems on MPI clusters"};
    app.require_subcommand(0, 1);
    app.failure_message(CLI::FailureMessage::simple);
    bool version = false;
    app.add_flag("--version", version, "Print the version, the compiler and the libraries");
    const Context context{comm, std::vector<std::string>(argv, argv + argc)};
    Action action;
    add_commands(app, context, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) refuse(error);
        return print_help(app, context);
    }
    if (version) return print_version(context);
    return action ? action() : print_help(app, context);
}

}  // namespace motley::cli
