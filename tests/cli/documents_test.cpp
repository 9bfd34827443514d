// Completion and manual page name every command and every option.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/manual.hpp"

namespace motley::test {
namespace {

using testing::HasSubstr;

class DocumentsTest : public testing::Test {
  protected:
    DocumentsTest() { cli::add_commands(app, context, action); }

    const mpi::Communicator world = mpi::Communicator::world();
    const cli::Context context{world, {"motley"}};
    cli::Action action;
    CLI::App app;
};

std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

/// The text as the manual page has it.
std::string with_hyphens(std::string text) {
    for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2) {
        text.insert(at, "\\");
    }
    return text;
}

TEST_F(DocumentsTest, AllCommandsAreThere) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    EXPECT_THAT(names, testing::ElementsAre("run", "resume", "new", "explain", "validate", "plan",
                                            "topology", "report", "export", "compare-results",
                                            "submit", "status", "schema", "selftest", "classics",
                                            "completion", "man"));
}

TEST_F(DocumentsTest, EveryOptionHasAHelpText) {
    for (const CLI::App* command : app.get_subcommands({})) {
        EXPECT_NE(command->get_description(), "") << command->get_name();
        for (const CLI::Option* option : command->get_options()) {
            EXPECT_NE(option->get_description(), "") << option->get_name();
        }
    }
}

TEST_F(DocumentsTest, CompletionKnowsEveryCommandAndOption) {
    const std::string text = cli::bash_completion(app);
    for (const CLI::App* command : app.get_subcommands({})) {
        const auto begin = text.find("        " + command->get_name() + ")\n");
        ASSERT_NE(begin, std::string::npos) << command->get_name();
        const std::string branch = text.substr(begin, text.find(";;\n", begin) - begin);
        for (const auto& option : options_of(*command)) EXPECT_THAT(branch, HasSubstr(option));
    }
    EXPECT_THAT(text, HasSubstr("--launcher) words=\"srun mpirun\""));
}

TEST_F(DocumentsTest, ManualKnowsEveryCommandAndOption) {
    const std::string text = cli::manual_page(app);
    for (const CLI::App* command : app.get_subcommands({})) {
        const auto begin = text.find(".SS motley " + with_hyphens(command->get_name()) + "\n");
        ASSERT_NE(begin, std::string::npos) << command->get_name();
        const std::string section = text.substr(begin, text.find(".S", begin + 3) - begin);
        for (const std::string& option : options_of(*command)) {
            EXPECT_THAT(section, HasSubstr(with_hyphens(option))) << command->get_name();
        }
    }
    for (const char* code :
         {".B 0\n", ".B 1\n", ".B 2\n", ".B 3\n", ".B 70\n", ".B 74\n", ".B 75\n"}) {
        EXPECT_THAT(text, HasSubstr(code));
    }
}

}  // namespace
}  // namespace motley::test
