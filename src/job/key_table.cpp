// Looks up keys in the key table, and parses the short texts of its rows: ranges and lists of keys.
#include "job/key_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace motley::job {

NumberRange::NumberRange(const char* interval) : text(interval) {
    if (text.empty()) return;
    const std::size_t comma = text.find(',');
    low = std::stod(text.substr(1, comma - 1));
    high = std::stod(text.substr(comma + 1));
    low_open = text.front() == '(';
    high_open = text.back() == ')';
}

bool NumberRange::contains(double number) const {
    if (std::isnan(number) || (std::isinf(number) && number != high)) return false;
    return (low_open ? number > low : number >= low) &&
           (high_open ? number < high : number <= high);
}

Alternative::Alternative(std::string name_, const std::string& keys, std::string help_)
    : name(std::move(name_)), help(std::move(help_)) {
    std::istringstream words(keys);
    std::string group_text;
    while (words >> group_text) {
        Group group;
        group.required = group_text.back() == '!';
        group.exclusive = group_text.find('|') != std::string::npos;
        if (group.required) group_text.pop_back();
        std::ranges::replace(group_text, '/', '|');
        std::istringstream parts(group_text);
        std::string part;
        while (std::getline(parts, part, '|')) group.names.push_back(part);
        groups.push_back(std::move(group));
    }
}

bool Alternative::takes(const std::string& key) const {
    return std::ranges::any_of(groups, [&](const Group& group) {
        return std::ranges::find(group.names, key) != group.names.end();
    });
}

std::vector<std::string> names_of(const std::vector<Alternative>& alternatives) {
    std::vector<std::string> names;
    for (const Alternative& alternative : alternatives) names.push_back(alternative.name);
    return names;
}

const Key* KeyTable::find(const std::string& name) const {
    const auto found = std::ranges::find(keys, name, &Key::name);
    return found == keys.end() ? nullptr : &*found;
}

const Alternative* KeyTable::alternative(const std::string& name) const {
    const auto found = std::ranges::find(alternatives, name, &Alternative::name);
    return found == alternatives.end() ? nullptr : &*found;
}

bool KeyTable::common(const std::string& key) const {
    return key != tag && std::ranges::none_of(alternatives, [&](const Alternative& alternative) {
               return alternative.takes(key);
           });
}

std::vector<std::string> KeyTable::tags() const {
    std::vector<std::string> words;
    for (const Alternative& alternative : alternatives) {
        if (!by_key(alternative)) words.push_back(alternative.name);
    }
    return words;
}

std::vector<std::string> KeyTable::names() const {
    std::vector<std::string> words;
    for (const Key& key : keys) words.push_back(key.name);
    return words;
}

std::vector<std::string> all_paths(const KeyTable& table, const std::string& prefix) {
    std::vector<std::string> paths;
    for (const Key& key : table.keys) {
        paths.push_back(join(prefix, key.name));
        if (key.binding.type != KeyType::table) continue;
        for (std::string& path : all_paths(*key.binding.table, paths.back())) {
            paths.push_back(std::move(path));
        }
    }
    return paths;
}

const Key* find_path(const KeyTable& table, const std::string& path) {
    const std::size_t dot = path.find('.');
    const Key* key = table.find(path.substr(0, dot));
    if (key == nullptr || dot == std::string::npos) return key;
    if (key->binding.type != KeyType::table) return nullptr;
    return find_path(*key->binding.table, path.substr(dot + 1));
}

std::string called_elsewhere(const std::string& name, const KeyTable& root) {
    for (const std::string& path : all_paths(root)) {
        const std::size_t dot = path.rfind('.');
        if (dot != std::string::npos && path.substr(dot + 1) == name) return path;
    }
    return "";
}

std::string join(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

std::string list(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

Binding constant(const char* value) {
    Binding binding;
    binding.type = KeyType::choice;
    binding.words = {value};
    binding.get = [value](const void*) { return Value::of(std::string(value)); };
    binding.set = [](void*, const Value&) {};
    return binding;
}

Binding same(const KeyTable& inner) {
    Binding binding = elsewhere(inner);
    binding.open = [](void* object) { return object; };
    return binding;
}

Binding elsewhere(const KeyTable& inner) {
    Binding binding;
    binding.type = KeyType::table;
    binding.table = &inner;
    return binding;
}

Binding elsewhere_listed(const KeyTable& inner) {
    Binding binding = elsewhere(inner);
    binding.type = KeyType::tables;
    return binding;
}

}  // namespace motley::job
