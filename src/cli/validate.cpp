// motley validate JOB: checks a job without running it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "motley/job/job.hpp"

namespace motley::cli {
namespace {

struct Options {
    std::string job;
    std::vector<std::string> set;
    bool resolved = false;
};

int validate(const Options& options, const Context& context) {
    mpi::together(context.comm, [&] {
        const job::Job job = job::load(options.job, options.set);
        // Sizes that a generator cannot have, and graphs that cannot be read, show only here.
        std::size_t runs = 1;
        if (job.kind == job::JobKind::redesign) {
            runs = std::max<std::size_t>(job.redesign.designs.size(), 1);
        } else if (job.kind != job::JobKind::compare) {
            topology::make(job.run.topology);
        } else {
            runs = job.compare.cells.size();
            for (const auto& cell : job.compare.cells) {
                if (cell.replicate == 0) topology::make(cell.run.topology);
            }
        }
        if (!context.comm.root()) return;
        if (options.resolved) {
            std::printf("%s", job.resolved_text.c_str());
        } else {
            std::printf("%s: valid, %zu run%s\n", options.job.c_str(), runs, runs == 1 ? "" : "s");
        }
    });
    return 0;
}

}  // namespace

void add_validate(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("validate", "Check a job file without running it");
    command->add_option("JOB", options->job, "Job file (TOML)")->required();
    command->add_option("--set", options->set, "Override a key")->allow_extra_args(false);
    command->add_flag("--resolved", options->resolved, "Print the job with every default");
    command->callback([&context, &action, options] {
        action = [&context, options] { return validate(*options, context); };
    });
}

}  // namespace motley::cli
