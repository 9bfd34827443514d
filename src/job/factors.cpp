// [factors] of a comparison: lists and ranges of values, and how their levels are called.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <sstream>

#include "job/compare.hpp"
#include "job/keys.hpp"
#include "job/named_topology.hpp"
#include "job/overrides.hpp"
#include "job/reader.hpp"

namespace motley::job {
namespace {

constexpr std::int64_t most_levels = 10000;

/// Values of `range` in order; ends are included within rounding.
std::vector<double> spread(const FactorRange& range) {
    const bool by_step = range.count < 0;
    const double steps = by_step ? std::floor((range.to - range.from) / range.step + 1e-9)
                                 : static_cast<double>(range.count - 1);
    std::vector<double> values;
    for (double i = 0; i <= steps; i += 1.0) {
        const double share = steps == 0.0 ? 0.0 : i / steps;
        const double value = by_step ? range.from + i * range.step
                             : range.logarithmic
                                 ? range.from * std::pow(range.to / range.from, share)
                                 : range.from + share * (range.to - range.from);
        // 12 digits: 0.3, not 0.30000000000000004
        values.push_back(std::stod(fmt::format("{:.12g}", value)));
    }
    return values;
}

/// What is wrong with a range whose keys are right by themselves, or nothing.
std::string problem(const FactorRange& range, const Value& given) {
    const bool step = given.find("step") != nullptr;
    const bool count = given.find("count") != nullptr;
    if (step == count) return "give either 'step' or 'count'";
    if (range.to < range.from) return "'to' is less than 'from'";
    if (range.logarithmic && !count) return "scale = \"log\" needs 'count'";
    if (range.logarithmic && range.from <= 0.0) return "scale = \"log\" needs 'from' > 0";
    if (step && (range.to - range.from) / range.step >= static_cast<double>(most_levels)) {
        return fmt::format("more than {} values", most_levels);
    }
    return "";
}

/// The values that a range table stands for, at the table's place; integers for integer keys.
std::vector<Value> expand_range(const Key& key, Value& given, const std::string& path,
                                Findings& findings) {
    FactorRange range;
    const std::size_t before = findings.size();
    Reader(factor_range_table(), findings).read(factor_range_table(), given, &range, path);
    if (findings.size() != before) return {};
    if (const std::string what = problem(range, given); !what.empty()) {
        findings.add(given.place, fmt::format("factor '{}': {}", path, what));
        return {};
    }
    std::vector<Value> values;
    for (const double number : spread(range)) {
        Value value =
            key.binding.type == Type::integer ? Value::of(std::llround(number)) : Value::of(number);
        value.place = given.place;
        const bool same = !values.empty() && values.back().number == value.number;
        if (!same) values.push_back(std::move(value));
    }
    return values;
}

/// "zipf 1.5", "0.3", "small world": a value as people would call it.
std::string label_of(const Value& value) {
    if (value.is(Value::Type::text)) return value.text;
    if (!value.is(Value::Type::table)) return to_text(value);
    std::string label;
    for (const Member& member : value.members) {
        if (!label.empty()) label += " ";
        if (!member.value.is(Value::Type::text)) label += member.key + "=";
        label += label_of(member.value);
    }
    return label;
}

/// The label of a table: its `name`, which is taken out, or what is in it.
std::string table_label(Value& table, const std::string& path, Findings& findings) {
    const Member* name = table.find("name");
    std::string label;
    if (name == nullptr) {
        const Member* generator = path == "topology" ? table.find("generator") : nullptr;
        return label_of(generator == nullptr ? table : generator->value);
    }
    if (name->value.is(Value::Type::text) && !name->value.text.empty()) {
        label = name->value.text;
    } else {
        findings.add(name->value.place, fmt::format("'name' of a level of '{}' must be a string, "
                                                    "not {}",
                                                    path, describe(name->value)));
    }
    table.erase("name");
    return label;
}

/// Reads a level alone as far as that is possible: its own mistakes are found once, and paths of
/// files in it are resolved. How it goes with the rest is seen when the runs are put together.
void check_alone(const std::string& path, Value& value, Findings& findings) {
    Value around = table_value(value.place);
    put_at(around, path, value, findings);
    Run scratch;
    Reader(base_table(), findings, Extent::part).read(base_table(), around, &scratch, "");
    Value* at = &around;
    std::istringstream keys(path);
    for (std::string key; std::getline(keys, key, '.');) at = &at->find(key)->value;
    value = std::move(*at);
}

void add_level(Factor& factor, Value value, std::set<std::string>& labels, Findings& findings) {
    const Place place = value.place;
    const bool is_table = value.is(Value::Type::table);
    std::string label = is_table ? table_label(value, factor.path, findings) : label_of(value);
    if (factor.key->binding.type == Type::file) {
        label = std::filesystem::path(label).filename().string();
    }
    if (factor.path == "topology") expand_topology(value, findings);
    check_alone(factor.path, value, findings);
    if (label.empty()) label = to_text(value);
    if (!labels.insert(label).second) {
        findings.add(place,
                     fmt::format("factor '{}' has two levels called '{}'{}", factor.path, label,
                                 is_table ? "; tell them apart with name = \"...\"" : ""));
    }
    factor.levels.push_back({std::move(value), label});
}

void add_factor(Member& member, const std::string& path, const Key& key,
                std::vector<Factor>& factors, Findings& findings) {
    if (std::ranges::find(factors, path, &Factor::path) != factors.end()) {
        findings.add(member.place, fmt::format("factor '{}' is given twice", path));
        return;
    }
    const bool is_number = key.binding.type == Type::integer || key.binding.type == Type::number;
    Factor factor{path, &key, member.place, {}};
    std::vector<Value> values;
    if (member.value.is(Value::Type::table) && is_number) {
        values = expand_range(key, member.value, path, findings);
    } else if (!member.value.is(Value::Type::array)) {
        findings.add(
            member.value.place,
            fmt::format("factor '{}' must be a list of values{}, not {}", path,
                        is_number ? " or a range { from, to, step }" : "", describe(member.value)));
    } else if (member.value.items.empty()) {
        findings.add(member.value.place, fmt::format("factor '{}' is an empty list", path));
    } else {
        values = std::move(member.value.items);
    }
    if (values.size() > static_cast<std::size_t>(most_levels)) {
        findings.add(member.value.place, fmt::format("factor '{}' has {} levels, more than {}",
                                                     path, values.size(), most_levels));
        values.clear();
    }
    std::set<std::string> labels;
    for (Value& value : values) add_level(factor, std::move(value), labels, findings);
    factors.push_back(std::move(factor));
}

/// Dotted keys without quotes arrive as tables in tables.
void add_factors(Value& table, const std::string& prefix, std::vector<Factor>& factors,
                 Findings& findings) {
    for (Member& member : table.members) {
        const std::string path = join(prefix, member.key);
        const Key* key = find_path(base_table(), path);
        if (key == nullptr) {
            findings.add(member.place, fmt::format("unknown factor '{}'", path), [path] {
                const std::vector<std::string> known = all_paths(base_table());
                const std::string near = nearest(path, known);
                return near.empty() ? called_elsewhere(path, base_table()) : near;
            });
        } else if (key->binding.type == Type::table && member.value.is(Value::Type::table)) {
            add_factors(member.value, path, factors, findings);
        } else {
            add_factor(member, path, *key, factors, findings);
        }
    }
}

}  // namespace

std::vector<Factor> read_factors(Value& factors, Findings& findings) {
    std::vector<Factor> read;
    const std::size_t before = findings.size();
    add_factors(factors, "", read, findings);
    if (read.empty() && findings.size() == before) {
        findings.add(factors.place, "[factors] is empty: name at least one key and its values");
    }
    return read;
}

}  // namespace motley::job
