#include "motley/core/expect.hpp"

#include <algorithm>
#include <string>

#include "motley/core/error.hpp"

namespace motley {
namespace {

/// The path from the folder src, include or tests on, so that messages do not depend on the folder
/// in which motley was built.
std::string_view inside_repository(std::string_view file) {
    std::size_t start = 0;
    for (const std::string_view folder : {"/src/", "/include/", "/tests/"}) {
        const std::size_t found = file.rfind(folder);
        if (found != std::string_view::npos) start = std::max(start, found + 1);
    }
    return file.substr(start);
}

}  // namespace

void broken_promise(std::string_view what, std::string_view file, int line) {
    throw internal_error("broken promise: " + std::string(what) + " (" +
                         std::string(inside_repository(file)) + ":" + std::to_string(line) +
                         "); this is an error in motley, please report it");
}

}  // namespace motley
