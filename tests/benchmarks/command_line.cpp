#include "command_line.hpp"

#include <CLI/CLI.hpp>

namespace motley::benchmarks {

struct CommandLine::Parser {
    explicit Parser(const std::string& about) : app(about) {}

    CLI::App app;

    template <class Value>
    CLI::Option* add(const char* name, Value& value, const char* help) {
        return app.add_option(name, value, help)->capture_default_str();
    }
};

CommandLine::CommandLine(const std::string& about) : parser_(std::make_unique<Parser>(about)) {}
CommandLine::~CommandLine() = default;

void CommandLine::add(const char* name, std::int64_t& value, const char* help) {
    parser_->add(name, value, help);
}
void CommandLine::add(const char* name, int& value, const char* help) {
    parser_->add(name, value, help);
}
void CommandLine::add(const char* name, double& value, const char* help) {
    parser_->add(name, value, help);
}
void CommandLine::add(const char* name, std::string& value, const char* help) {
    parser_->add(name, value, help);
}
void CommandLine::add(const char* name, std::string& value, const std::vector<std::string>& words,
                      const char* help) {
    parser_->add(name, value, help)->check(CLI::IsMember(words));
}
void CommandLine::add(const char* name, std::int64_t& value, std::int64_t least, std::int64_t most,
                      const char* help) {
    parser_->add(name, value, help)->check(CLI::Range(least, most));
}
void CommandLine::add(const char* name, bool& value, const char* help) {
    parser_->app.add_flag(name, value, help);
}

std::optional<int> CommandLine::parse(int argc, char** argv, bool speaks) {
    try {
        parser_->app.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        return speaks ? parser_->app.exit(error) : error.get_exit_code();
    }
}

}  // namespace motley::benchmarks
