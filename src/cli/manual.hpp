// Completion and manual page, made from the commands and their options.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace motley::cli {

/// Returns a bash function that completes commands, options, their fixed values, and files.
std::string bash_completion(const CLI::App& app);
/// Returns a manual page of section 1 for man.
std::string manual_page(const CLI::App& app);

}  // namespace motley::cli
