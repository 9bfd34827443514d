// Finds members of values by key, and writes values as TOML.
#include "job/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace motley::job {
namespace {

std::string toml_string(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\u{:04X}", byte);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string key_text(const std::string& key) {
    const bool bare = !key.empty() && std::ranges::all_of(key, [](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-');
    });
    return bare ? key : toml_string(key);
}

/// The shortest text that reads back as the same double, and as a double.
std::string number_text(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
    std::string text = fmt::format("{}", number);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

void write_table(const Value& table, const std::string& path, int depth, const std::string& divided,
                 std::string& out) {
    const auto is_section = [&](const Member& member) {
        return member.value.is(Value::Type::table) && (depth == 0 || path == divided);
    };
    for (const Member& member : table.members) {
        if (is_section(member)) continue;
        out += key_text(member.key) + " = " + to_text(member.value) + "\n";
    }
    for (const Member& member : table.members) {
        if (!is_section(member)) continue;
        const std::string inner =
            depth == 0 ? key_text(member.key) : path + "." + key_text(member.key);
        if (!out.empty()) out += "\n";
        out += "[" + inner + "]\n";
        write_table(member.value, inner, depth + 1, divided, out);
    }
}

}  // namespace

const Member* Value::find(const std::string& key) const {
    const auto found = std::ranges::find(members, key, &Member::key);
    return found == members.end() ? nullptr : &*found;
}

const Value& Value::reach(std::initializer_list<std::string> path) const {
    const Value* value = this;
    for (const std::string& key : path) {
        const Member* member = value->find(key);
        if (member == nullptr) break;
        value = &member->value;
    }
    return *value;
}

Member* Value::find(const std::string& key) {
    const auto found = std::ranges::find(members, key, &Member::key);
    return found == members.end() ? nullptr : &*found;
}

Member& Value::put(const std::string& key, Value value) {
    Member* member = find(key);
    if (member == nullptr) member = &members.emplace_back(Member{key, {}, {}});
    member->place = value.place;
    member->value = std::move(value);
    return *member;
}

void Value::erase(const std::string& key) {
    std::erase_if(members, [&](const Member& member) { return member.key == key; });
}

Value table_value(Position place) {
    Value value;
    value.type = Value::Type::table;
    value.place = std::move(place);
    return value;
}

Value array_value(std::vector<Value> items) {
    Value value;
    value.type = Value::Type::array;
    value.items = std::move(items);
    return value;
}

std::string to_text(const Value& value) {
    std::string out;
    switch (value.type) {
        case Value::Type::none:
            return "";
        case Value::Type::integer:
            return std::to_string(value.integer);
        case Value::Type::number:
            return number_text(value.number);
        case Value::Type::boolean:
            return value.boolean ? "true" : "false";
        case Value::Type::text:
            return toml_string(value.text);
        case Value::Type::date:
            return value.text;
        case Value::Type::array:
            for (const Value& item : value.items) out += (out.empty() ? "" : ", ") + to_text(item);
            return "[" + out + "]";
        case Value::Type::table:
            for (const Member& member : value.members) {
                out += out.empty() ? " " : ", ";
                out += key_text(member.key) + " = " + to_text(member.value);
            }
            return out.empty() ? "{}" : "{" + out + " }";
    }
    return out;
}

std::string to_document(const Value& root, const std::string& divided) {
    std::string out;
    write_table(root, "", 0, divided, out);
    return out;
}

std::string describe(const Value& value) {
    constexpr std::size_t most = 40;
    std::string text = to_text(value);
    if (text.size() > most) text = text.substr(0, most) + "...";
    switch (value.type) {
        case Value::Type::none:
            return "nothing";
        case Value::Type::text:
            return "the string " + text;
        case Value::Type::date:
            return "a date or time";
        case Value::Type::array:
            return "a list";
        case Value::Type::table:
            return "a table";
        default:
            return text;
    }
}

}  // namespace motley::job
