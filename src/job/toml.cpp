// Turns the tables of toml++, which are sorted by name, into values in the order of the file.
#include "job/toml.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace motley::job {
namespace {

Value convert(const toml::node& node, const std::shared_ptr<const Source>& source);

Position place_of(const toml::source_region& region, const std::shared_ptr<const Source>& source) {
    return {source, region.begin.line, region.begin.column};
}

Value convert_table(const toml::table& table, const std::shared_ptr<const Source>& source) {
    Value value = table_value();
    value.members.reserve(table.size());
    for (const auto& [key, node] : table) {
        value.members.push_back(
            Member{std::string(key.str()), place_of(key.source(), source), convert(node, source)});
    }
    std::ranges::stable_sort(value.members, [](const Member& a, const Member& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    return value;
}

Value convert_scalar(const toml::node& node) {
    if (const auto* integer = node.as_integer()) return Value::of(integer->get());
    if (const auto* number = node.as_floating_point()) return Value::of(number->get());
    if (const auto* boolean = node.as_boolean()) return Value::of(boolean->get());
    if (const auto* text = node.as_string()) return Value::of(text->get());
    Value date;
    date.type = Value::Type::date;
    return date;
}

Value convert(const toml::node& node, const std::shared_ptr<const Source>& source) {
    Value value;
    if (const auto* table = node.as_table()) {
        value = convert_table(*table, source);
    } else if (const auto* array = node.as_array()) {
        value = array_value({});
        for (const toml::node& item : *array) value.items.push_back(convert(item, source));
    } else {
        value = convert_scalar(node);
    }
    value.place = place_of(node.source(), source);
    return value;
}

void set_places(Value& value, const Position& place) {
    value.place = place;
    for (Value& item : value.items) set_places(item, place);
    for (Member& member : value.members) {
        member.place = place;
        set_places(member.value, place);
    }
}

/// True for a text that may be a bare word, because it does not begin like other TOML values.
bool bare_word(const std::string& text) {
    constexpr auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    return !text.empty() && std::string("[{\"'").find(text.front()) == std::string::npos &&
           std::ranges::none_of(text, is_control);
}

}  // namespace

std::optional<std::string> read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    if (!in || !(text << in.rdbuf())) return std::nullopt;
    return text.str();
}

std::optional<Value> parse_toml(const std::string& text,
                                const std::shared_ptr<const Source>& source, Findings& findings) {
    try {
        Value root = convert(toml::parse(text, source->name), source);
        if (root.place.line == 0) root.place = {source, 1, 1};
        return root;
    } catch (const toml::parse_error& error) {
        findings.add(place_of(error.source(), source),
                     "not TOML: " + std::string(error.description()));
    }
    return std::nullopt;
}

std::optional<Value> parse_value(const std::string& text, const Position& place,
                                 Findings& findings) {
    try {
        const toml::table table = toml::parse("value = " + text);
        if (table.size() == 1) {
            Value value = convert(*table.get("value"), place.source);
            set_places(value, place);
            return value;
        }
        findings.add(place, "one value is expected");
        return std::nullopt;
    } catch (const toml::parse_error& error) {
        if (bare_word(text)) {
            Value value = Value::of(text);
            value.place = place;
            return value;
        }
        findings.add(place, "not TOML: " + std::string(error.description()));
    }
    return std::nullopt;
}

}  // namespace motley::job
