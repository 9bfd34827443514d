// motley new KIND, motley explain KEY: help for those who write job files.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "motley/job/help.hpp"
#include "motley/record/record.hpp"

namespace motley::cli {
namespace {

void write_new(const std::string& kind, const std::string& path) {
    const std::string text = job::new_job(kind);
    if (path.empty()) {
        std::printf("%s", text.c_str());
        return;
    }
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
        throw usage_error("this file is there already; give another name, or remove it", {path});
    }
    record::write_file(path, text);
}

}  // namespace

void add_new(CLI::App& app, const Context& context, Action& action) {
    auto kind = std::make_shared<std::string>();
    auto path = std::make_shared<std::string>();
    auto* command = app.add_subcommand("new", "Write a commented job to start from");
    command->add_option("KIND", *kind, "Kind of the job")
        ->required()
        ->check(CLI::IsMember(job::job_kinds()));
    command->add_option("-o,--output", *path, "File to write; default: print to the terminal");
    command->callback([&context, &action, kind, path] {
        action = [&context, kind, path] {
            mpi::on_root(context.comm, [&] { write_new(*kind, *path); });
            return 0;
        };
    });
}

void add_explain(CLI::App& app, const Context& context, Action& action) {
    auto key = std::make_shared<std::string>();
    auto* command = app.add_subcommand(
        "explain", "Say what a key of the job file means and takes, or a word such as a generator");
    command->add_option("KEY", *key, "Path of a key, or its end: model.openness, openness, ring")
        ->required();
    command->callback([&context, &action, key] {
        action = [&context, key] {
            mpi::on_root(context.comm, [&] { std::printf("%s", job::explain(*key).c_str()); });
            return 0;
        };
    });
}

}  // namespace motley::cli
