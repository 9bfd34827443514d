#include "motley/core/error.hpp"

namespace motley {

std::string Where::prefix() const {
    std::string text;
    if (!file.empty()) text += file + ":";
    if (line > 0) text += std::to_string(line) + ":";
    if (line > 0 && column > 0) text += std::to_string(column) + ":";
    if (!text.empty()) text += " ";
    return text;
}

Error::Error(ErrorKind kind, const std::string& message, Where where)
    : kind_(kind), where_(std::move(where)), text_(where_.prefix() + message) {}

}  // namespace motley
