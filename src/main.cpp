// The program: one subcommand per file, errors to exit codes in one place.
#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "motley/mpi/communicator.hpp"

namespace {

using namespace motley;

int dispatch(int argc, char** argv, const mpi::Communicator& comm) {
    CLI::App app{"motley: distributed production systems on MPI"};
    app.require_subcommand(0, 1);
    app.failure_message(CLI::FailureMessage::simple);
    bool version = false;
    app.add_flag("--version", version, "Print version, compiler and libraries, then exit");
    const cli::Context context{comm, std::vector<std::string>(argv, argv + argc)};
    cli::Action action;
    cli::add_run(app, context, action);
    cli::add_resume(app, context, action);
    cli::add_validate(app, context, action);
    cli::add_plan(app, context, action);
    cli::add_topology(app, context, action);
    cli::add_report(app, context, action);
    cli::add_submit(app, context, action);
    cli::add_status(app, context, action);
    cli::add_schema(app, context, action);
    cli::add_selftest(app, context, action);
    cli::add_documents(app, context, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            if (comm.root()) std::printf("%s", app.help().c_str());
            return 0;
        }
        Error usage = usage_error(std::string(error.what()) +
                                  "; `motley --help` lists the commands, `motley COMMAND --help` "
                                  "the options");
        usage.set_everywhere();
        throw usage;
    }
    if (version) return cli::print_version(context);
    if (action) return action();
    if (comm.root()) std::printf("%s", app.help().c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const mpi::Environment environment(argc, argv);
    const auto world = mpi::Communicator::world();
    return mpi::guarded(world, [&] { return dispatch(argc, argv, world); });
}
