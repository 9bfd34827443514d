// Reads `--set a.b=value` and puts the value into the tree.
#include "job/overrides.hpp"

#include <fmt/format.h>

#include "job/named_topology.hpp"
#include "job/toml.hpp"

namespace motley::job {
namespace {

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::shared_ptr<const Source> source_of(const std::string& text,
                                        const std::filesystem::path& folder, int order) {
    constexpr std::size_t longest = 60;
    std::string shown = text.substr(0, longest);
    if (text.size() > longest) shown += "...";
    return std::make_shared<const Source>(Source{"--set " + shown, folder, order});
}

bool proper_path(const std::string& path) {
    return !path.empty() && path.front() != '.' && path.back() != '.' &&
           path.find("..") == std::string::npos &&
           path.find_first_of(" \t\"'[]{}#") == std::string::npos;
}

/// Keys of [factors] are dotted paths themselves: the rest of the path is one key, unless the file
/// has it without quotes, as tables in tables.
void put_factor(Value& root, const std::string& path, const Value& value, Findings& findings) {
    if (root.find("factors") == nullptr) root.put("factors", table_value(value.place));
    Value& factors = root.find("factors")->value;
    if (!factors.is(Value::Type::table)) {
        findings.add(value.place, "'factors' is not a table");
        return;
    }
    const Member* nested = factors.find(path.substr(0, path.find('.')));
    if (nested != nullptr && nested->value.is(Value::Type::table)) {
        put_at(factors, path, value, findings);
    } else {
        factors.put(path, value);
    }
}

}  // namespace

bool put_at(Value& root, const std::string& path, const Value& value, Findings& findings) {
    Value* at = &root;
    std::size_t begin = 0;
    for (std::size_t dot; (dot = path.find('.', begin)) != std::string::npos; begin = dot + 1) {
        const std::string key = path.substr(begin, dot - begin);
        if (at->find(key) == nullptr) at->put(key, table_value(value.place));
        at = &at->find(key)->value;
        if (at->is(Value::Type::table)) continue;
        if (at->is(Value::Type::none)) return false;
        const std::string parent = path.substr(0, dot);
        findings.add(value.place,
                     at->is(Value::Type::array)
                         ? fmt::format("'{}' is a list: keys inside of it cannot be set; set the "
                                       "whole list in TOML syntax, or edit the file",
                                       parent)
                         : fmt::format("'{}' is {}, not a table", parent, describe(*at)));
        return false;
    }
    at->put(path.substr(begin), value);
    return true;
}

void apply_overrides(Value& root, const std::vector<std::string>& overrides,
                     const std::filesystem::path& folder, Findings& findings, Overridden what) {
    const std::string factors = "factors.";
    int order = 0;
    for (const std::string& text : overrides) {
        const Position place{source_of(text, folder, ++order), 0, 0};
        const std::size_t equals = text.find('=');
        const std::string path = trimmed(text.substr(0, equals));
        if (equals == std::string::npos || !proper_path(path)) {
            findings.add(place, "write --set a.b=value");
            continue;
        }
        const auto value = parse_value(trimmed(text.substr(equals + 1)), place, findings);
        if (!value) continue;
        if (what == Overridden::job && path.starts_with(factors)) {
            put_factor(root, path.substr(factors.size()), *value, findings);
            continue;
        }
        put_at(root, path, *value, findings);
        if (what == Overridden::topology) continue;
        expand_topologies(root, findings);
    }
}

}  // namespace motley::job
