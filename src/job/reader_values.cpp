// Checks single values of a job file: type, range, words, names, files.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>

#include "job/amount.hpp"
#include "job/reader.hpp"

namespace motley::job {

double share_of(const Value& table) {
    const Member* member = table.find("devices");
    if (member == nullptr) return 0.0;
    if (member->value.is_number()) return member->value.number < 1.0 ? member->value.number : 0.0;
    const std::string& text = member->value.text;
    double percent = 0.0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), percent);
    const bool whole = fault == std::errc() && std::string_view(end) == "%";
    return whole && percent > 0.0 && percent < 100.0 ? percent / 100.0 : 0.0;
}

namespace {

using Is = Value::Type;

bool all_of(const Value& value, bool (*test)(const Value&)) {
    return value.is(Is::array) && std::ranges::all_of(value.items, test);
}

bool fits(const Binding& binding, const Value& value) {
    switch (binding.type) {
        case KeyType::integer:
            return value.is(Is::integer) || (value.is(Is::text) && !binding.words.empty());
        case KeyType::number:
            return value.is_number() || (value.is(Is::text) && !binding.words.empty());
        case KeyType::boolean:
            return value.is(Is::boolean);
        case KeyType::text:
        case KeyType::name:
        case KeyType::choice:
        case KeyType::file:
            return value.is(Is::text);
        case KeyType::integers:
            return all_of(value, [](const Value& item) { return item.is(Is::integer); });
        case KeyType::numbers:
            return all_of(value, [](const Value& item) { return item.is_number(); });
        case KeyType::texts:
            return all_of(value, [](const Value& item) { return item.is(Is::text); });
        case KeyType::table:
            return value.is(Is::table);
        case KeyType::tables:
            return all_of(value, [](const Value& item) { return item.is(Is::table); });
        case KeyType::amount:
            return value.is_number() || value.is(Is::array) || value.is(Is::table);
        case KeyType::amounts:
        case KeyType::named:
            return value.is(Is::table);
        case KeyType::losses:
            return all_of(value, [](const Value& item) {
                return item.is(Is::text) ||
                       (item.is(Is::table) && item.members.size() == 1 &&
                        item.members.front().key == "devices" && share_of(item) > 0.0);
            });
    }
    return false;
}

std::string wanted(const Binding& binding) {
    switch (binding.type) {
        case KeyType::integer:
            return binding.words.empty() ? "an integer" : "an integer or " + list(binding.words);
        case KeyType::number:
            return binding.words.empty() ? "a number" : "a number or " + list(binding.words);
        case KeyType::boolean:
            return "true or false";
        case KeyType::integers:
            return "a list of integers";
        case KeyType::numbers:
            return "a list of numbers";
        case KeyType::texts:
            return "a list of strings";
        case KeyType::table:
            return "a table";
        case KeyType::tables:
            return "a list of tables";
        case KeyType::amount:
            return "a number or an interval [low, high]";
        case KeyType::amounts:
        case KeyType::named:
            return "a table";
        case KeyType::losses:
            return "a list of " + list(binding.words) + " and { devices = \"10%\" }";
        default:
            return "a string";
    }
}

}  // namespace

bool plain_name(const std::string& text) {
    constexpr std::size_t longest = 200;
    const bool plain = std::ranges::all_of(
        text, [](unsigned char c) { return c >= 0x20 && c != 0x7f && c != '/' && c != '\\'; });
    return plain && !text.empty() && text.size() <= longest && text != "." && text != "..";
}

bool Reader::check(const Key& key, Value& value, const std::string& path) {
    if (!fits(key.binding, value)) {
        findings_.add(value.place, fmt::format("'{}' must be {}, not {}", path, wanted(key.binding),
                                               describe(value)));
        return false;
    }
    switch (key.binding.type) {
        case KeyType::choice:
            return check_word(key, value, path);
        case KeyType::name:
            return check_name(value, path);
        case KeyType::file:
            return resolve_file(value, path);
        case KeyType::amount:
            return check_amount(key, value, path);
        case KeyType::amounts:
            return check_amounts(key, value, path);
        case KeyType::named:
            return check_named(value, path);
        case KeyType::losses:
            return check_words(key, value, path);
        case KeyType::texts:
            return key.binding.words.empty() || check_words(key, value, path);
        case KeyType::text:
            if (value.text.empty()) findings_.add(value.place, "'" + path + "' must not be empty");
            return !value.text.empty();
        default:
            return check_range(key, value, path);
    }
}

bool Reader::check_words(const Key& key, const Value& value, const std::string& path) {
    bool right = true;
    for (const Value& item : value.items) {
        if (item.is(Is::text)) right = check_word(key, item, path) && right;
    }
    return right;
}

bool Reader::check_amount(const Key& key, const Value& value, const std::string& path) {
    const std::string fault = fault_of(value, key.range);
    if (!fault.empty()) findings_.add(value.place, fmt::format("'{}': {}", path, fault));
    return fault.empty();
}

bool Reader::check_amounts(const Key& key, const Value& value, const std::string& path) {
    bool right = true;
    for (const Member& member : value.members) {
        const std::string inner = join(path, member.key);
        const Is type = member.value.type;
        if (type == Is::text || type == Is::boolean || type == Is::date) {
            findings_.add(member.value.place,
                          fmt::format("'{}' must be a number or an interval [low, high], not {}",
                                      inner, describe(member.value)));
            right = false;
        } else {
            right = check_amount(key, member.value, inner) && right;
        }
    }
    if (value.members.empty()) findings_.add(value.place, "'" + path + "' must not be empty");
    return right && !value.members.empty();
}

bool Reader::check_named(const Value& value, const std::string& path) {
    bool right = true;
    for (const Member& member : value.members) {
        if (member.value.is(Is::table)) continue;
        findings_.add(member.value.place,
                      fmt::format("'{}' must be a table, not {}", join(path, member.key),
                                  describe(member.value)));
        right = false;
    }
    return right;
}

bool Reader::check_range(const Key& key, const Value& value, const std::string& path) {
    if (value.is(Is::text)) return check_word(key, value, path);
    if (value.is(Is::array) && key.binding.type != KeyType::tables) {
        bool right = true;
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const std::string item = fmt::format("{}[{}]", path, i + 1);
            right = check_range(key, value.items[i], item) && right;
        }
        if (value.items.empty()) findings_.add(value.place, "'" + path + "' must not be empty");
        return right && !value.items.empty();
    }
    if (!value.is_number() || key.range.contains(value.number)) return true;
    const std::string range =
        key.range.text.empty() ? "be finite" : fmt::format("lie in {}", key.range.text);
    findings_.add(value.place,
                  fmt::format("'{}' must {}, not be {}", path, range, describe(value)));
    return false;
}

bool Reader::check_word(const Key& key, const Value& value, const std::string& path) {
    const std::vector<std::string>& words = key.binding.words;
    if (std::ranges::find(words, value.text) != words.end()) return true;
    findings_.add(value.place,
                  fmt::format("'{}' must be {}{}, not {}", path,
                              key.binding.type == KeyType::integer  ? "an integer or "
                              : key.binding.type == KeyType::number ? "a number or "
                              : words.size() > 1                    ? "one of "
                                                                    : "",
                              list(words), describe(value)),
                  [&words, word = value.text] { return nearest(word, words); });
    return false;
}

bool Reader::check_name(const Value& value, const std::string& path) {
    if (plain_name(value.text)) return true;
    findings_.add(value.place,
                  fmt::format("'{}' must be the name of a folder (not empty, no / or \\, not . or "
                              "..), not {}",
                              path, describe(value)));
    return false;
}

bool Reader::resolve_file(Value& value, const std::string& path) {
    namespace fs = std::filesystem;
    const fs::path given = value.text;
    std::vector<fs::path> tried = {given};
    if (given.is_relative() && value.place.source != nullptr) {
        tried = {value.place.source->folder / given, given};
    }
    std::error_code ignored;
    for (const fs::path& candidate : tried) {
        if (given.empty() || !fs::exists(candidate, ignored)) continue;
        if (fs::is_directory(candidate, ignored)) continue;
        value.text = fs::absolute(candidate).lexically_normal().string();
        return true;
    }
    std::vector<std::string> places;
    for (const fs::path& candidate : tried) {
        const std::string shown = "'" + candidate.lexically_normal().string() + "'";
        if (std::ranges::find(places, shown) == places.end()) places.push_back(shown);
    }
    findings_.add(value.place, fmt::format("'{}': no such file: {}", path, list(places)));
    return false;
}

}  // namespace motley::job
