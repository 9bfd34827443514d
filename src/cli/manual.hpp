// Completion and manual page from the commands and their options.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace motley::cli {

/// A function for bash that completes commands, options, their fixed values, and files.
std::string bash_completion(const CLI::App& app);
/// Section 1, for man.
std::string manual_page(const CLI::App& app);

}  // namespace motley::cli
