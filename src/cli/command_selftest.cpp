// motley selftest: checks that this installation computes known results, and the same bits on these
// ranks as on one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "motley/simulation/selftest.hpp"
#include "output.hpp"

namespace motley::cli {

void add_selftest(CLI::App& app, const Context& context, Action& action) {
    auto* command = app.add_subcommand("selftest", "Check this installation against known results");
    command->callback([&context, &action] {
        action = [&context] {
            const auto checks = simulation::selftest(context.comm);
            bool good = true;
            std::vector<std::vector<std::string>> rows = {{"check", "result", "detail"}};
            for (const auto& check : checks) {
                rows.push_back({check.name, check.passed ? "ok" : "FAILED", check.detail});
                good = good && check.passed;
            }
            if (context.comm.root()) {
                std::printf("%s\n%s on %d ranks\n", table(rows).c_str(),
                            good ? "all checks passed" : "this installation is not to be trusted",
                            context.comm.size());
            }
            return good ? 0 : static_cast<int>(ErrorKind::internal);
        };
    });
}

}  // namespace motley::cli
