// motley schema: prints the JSON Schema or the reference page of the job file. This file also adds
// motley --version.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "motley/job/job.hpp"
#include "motley/partition/versions.hpp"
#include "motley/record/record.hpp"

namespace motley::cli {

void add_schema(CLI::App& app, const Context& context, Action& action) {
    auto reference = std::make_shared<bool>(false);
    auto* command = app.add_subcommand("schema", "Print the JSON Schema of the job file");
    command->add_flag("--reference", *reference, "Print the reference page (Markdown) instead");
    command->callback([&context, &action, reference] {
        action = [&context, reference] {
            if (!context.comm.root()) return 0;
            const std::string text = *reference ? job::reference() : job::schema();
            std::printf("%s", text.c_str());
            if (text.empty() || text.back() != '\n') std::printf("\n");
            return 0;
        };
    });
}

int print_version(const Context& context) {
    if (!context.comm.root()) return 0;
    for (const auto& [key, value] : record::build_provenance(partition::library_versions())) {
        std::printf("%-16s %s\n", key.c_str(), value.c_str());
    }
    return 0;
}

}  // namespace motley::cli
