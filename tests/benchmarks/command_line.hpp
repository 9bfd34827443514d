// The command line of a benchmark. CLI11 takes most of the time to compile, so that it is compiled
// once for all of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motley::benchmarks {

class CommandLine {
  public:
    explicit CommandLine(const std::string& about);
    ~CommandLine();

    /// An option "--name VALUE". `value` has the default; it must live until `parse` ends.
    void add(const char* name, std::int64_t& value, const char* help);
    void add(const char* name, int& value, const char* help);
    void add(const char* name, double& value, const char* help);
    void add(const char* name, std::string& value, const char* help);
    /// One of some words, or an integer in [least, most].
    void add(const char* name, std::string& value, const std::vector<std::string>& words,
             const char* help);
    void add(const char* name, std::int64_t& value, std::int64_t least, std::int64_t most,
             const char* help);
    /// A flag "--name".
    void add(const char* name, bool& value, const char* help);

    /// The exit code where the program ends here: help was asked for, or an option is wrong. One
    /// rank `speaks`.
    std::optional<int> parse(int argc, char** argv, bool speaks = true);

  private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace motley::benchmarks
