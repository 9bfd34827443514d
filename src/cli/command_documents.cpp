// motley completion bash, motley man: prints texts made from the commands and their options.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "manual.hpp"
#include "motley/record/record.hpp"

namespace motley::cli {
namespace {

int put(const std::string& text, const std::string& path, const Context& context) {
    mpi::on_root(context.comm, [&] {
        if (path.empty()) {
            std::printf("%s", text.c_str());
        } else {
            record::write_file(path, text);
        }
    });
    return 0;
}

}  // namespace

void add_documents(CLI::App& app, const Context& context, Action& action) {
    auto path = std::make_shared<std::string>();
    auto* completion =
        app.add_subcommand("completion", "Print completion of commands and options for a shell");
    completion->add_option("SHELL", "Shell")->required()->check(CLI::IsMember({"bash"}));
    auto* man = app.add_subcommand("man", "Print the manual page");
    for (auto* command : {completion, man}) {
        command->add_option("-o,--output", *path, "File to write; default: print to the terminal");
    }
    completion->callback([&app, &context, &action, path] {
        action = [&app, &context, path] { return put(bash_completion(app), *path, context); };
    });
    man->callback([&app, &context, &action, path] {
        action = [&app, &context, path] { return put(manual_page(app), *path, context); };
    });
}

}  // namespace motley::cli
