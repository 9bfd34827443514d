// Reads graph files: packed ones, pipes, and XML in other encodings than UTF-8.
#include "topology/files/graph_text.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

#include "motley/core/encoding.hpp"
#include "motley/core/text.hpp"
#include "motley/topology/pipes.hpp"
#include "topology/files/unpack.hpp"

namespace motley::topology {
namespace {

/// The encoding that an XML declaration names; empty: none. Text of two bytes a letter is converted
/// elsewhere, whatever it declares.
std::string_view declared_encoding(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) return {};
    if (!text.starts_with("<?xml")) return {};
    const std::string_view declaration = text.substr(0, text.find("?>"));
    std::size_t at = declaration.find("encoding");
    if (at == std::string_view::npos) return {};
    at = declaration.find_first_of("\"'", at);
    if (at == std::string_view::npos) return {};
    const std::size_t end = declaration.find(declaration[at], at + 1);
    if (end == std::string_view::npos) return {};
    return declaration.substr(at + 1, end - at - 1);
}

/// What pipes held, by their paths.
struct Pipes {
    std::mutex guard;
    std::map<std::string, std::string> kept;
};

Pipes& pipes() {
    static Pipes all;
    return all;
}

}  // namespace

bool is_pipe(const std::string& path) {
    {
        const std::lock_guard lock(pipes().guard);
        if (pipes().kept.contains(path)) return true;
    }
    std::error_code no_status;
    const auto type = std::filesystem::status(path, no_status).type();
    using enum std::filesystem::file_type;
    return type == fifo || type == character || type == socket;
}

std::string read_pipe(const std::string& path) {
    const std::lock_guard lock(pipes().guard);
    const auto found = pipes().kept.find(path);
    if (found != pipes().kept.end()) return found->second;
    return pipes().kept.emplace(path, read_bytes(path)).first->second;
}

void keep_pipe(const std::string& path, std::string bytes) {
    const std::lock_guard lock(pipes().guard);
    pipes().kept.insert_or_assign(path, std::move(bytes));
}

std::string graph_text(const std::string& path) {
    std::string text = unpack(is_pipe(path) ? read_pipe(path) : read_bytes(path), path);
    const std::string encoding(declared_encoding(text));
    const auto is = [&](std::string_view name) { return equal_ignoring_case(encoding, name); };
    if (encoding.empty() || is("UTF-8") || is("UTF8") || is("US-ASCII") || is("UTF-16")) {
        return text;
    }
    return to_utf8(text, encoding, path);
}

std::string_view without_packing(std::string_view path) {
    for (const std::string_view packed : {".gz", ".bz2", ".zst"}) {
        if (path.size() <= packed.size()) continue;
        const std::size_t cut = path.size() - packed.size();
        if (equal_ignoring_case(path.substr(cut), packed)) return path.substr(0, cut);
    }
    return path;
}

}  // namespace motley::topology
