// Reads [factors] of a comparison: lists and ranges of values, and the labels of their levels.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "job/factor_range.hpp"
#include "job/keys.hpp"
#include "job/named_topology.hpp"
#include "job/overrides.hpp"
#include "job/read_compare.hpp"
#include "job/reader.hpp"

namespace motley::job {
namespace {

/// A readable name of a value: "zipf 1.5", "0.3", "small world".
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

/// The label of a table: its `name`, which is removed, or its content.
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

/// Reads a level alone as far as possible, to find its own mistakes once, and to resolve paths of
/// files in it. Conflicts with other keys are found when the runs are put together.
void check_alone(const FactorBase& base, const std::string& path, Value& value,
                 Findings& findings) {
    Value around = table_value(value.place);
    put_at(around, path, value, findings);
    base.read_part(around, findings);
    Value* at = &around;
    std::istringstream keys(path);
    for (std::string key; std::getline(keys, key, '.');) at = &at->find(key)->value;
    value = std::move(*at);
}

void add_level(const FactorBase& base, Factor& factor, Value value, std::set<std::string>& labels,
               Findings& findings) {
    const Position place = value.place;
    const bool is_table = value.is(Value::Type::table);
    std::string label = is_table ? table_label(value, factor.path, findings) : label_of(value);
    if (factor.key->binding.type == KeyType::file) {
        label = std::filesystem::path(label).filename().string();
    }
    if (factor.path == "topology") expand_topology(value, findings);
    check_alone(base, factor.path, value, findings);
    if (label.empty()) label = to_text(value);
    if (!labels.insert(label).second && !factor.sampled) {
        findings.add(place,
                     fmt::format("factor '{}' has two levels called '{}'{}", factor.path, label,
                                 is_table ? "; tell them apart with name = \"...\"" : ""));
    }
    factor.levels.push_back({std::move(value), label});
}

bool takes_range(const Key& key) {
    return key.binding.type == KeyType::integer || key.binding.type == KeyType::number;
}

/// The values of a factor as it is given: a range or a list.
std::vector<Value> read_values(Factor& factor, Value& given, std::size_t number,
                               const Sampling& sampling, Findings& findings) {
    const Key& key = *factor.key;
    if (given.is(Value::Type::table) && takes_range(key)) {
        factor.sampled = sampling.latin_hypercube;
        return factor.sampled
                   ? sample_range(key, given, factor.path, number, sampling, factor.range, findings)
                   : expand_range(key, given, factor.path, findings);
    }
    if (!given.is(Value::Type::array)) {
        findings.add(
            given.place,
            fmt::format("factor '{}' must be a list of values{}, not {}", factor.path,
                        takes_range(key) ? " or a range { from, to, step }" : "", describe(given)));
    } else if (given.items.empty()) {
        findings.add(given.place, fmt::format("factor '{}' is an empty list", factor.path));
    } else if (given.items.size() > static_cast<std::size_t>(most_levels)) {
        findings.add(given.place, fmt::format("factor '{}' has {} levels, more than {}",
                                              factor.path, given.items.size(), most_levels));
    } else {
        return std::move(given.items);
    }
    return {};
}

void add_factor(const FactorBase& base, Member& member, const std::string& path, const Key& key,
                const Sampling& sampling, std::vector<Factor>& factors, Findings& findings) {
    if (std::ranges::find(factors, path, &Factor::path) != factors.end()) {
        findings.add(member.place, fmt::format("factor '{}' is given twice", path));
        return;
    }
    Factor factor{path, &key, member.place, {}, false, {}};
    std::vector<Value> values =
        read_values(factor, member.value, factors.size(), sampling, findings);
    std::set<std::string> labels;
    for (Value& value : values) add_level(base, factor, std::move(value), labels, findings);
    factors.push_back(std::move(factor));
}

/// Adds the factors in `table`; dotted keys without quotes are tables in tables.
void add_factors(const FactorBase& base, Value& table, const std::string& prefix,
                 const Sampling& sampling, std::vector<Factor>& factors, Findings& findings) {
    for (Member& member : table.members) {
        const std::string path = join(prefix, member.key);
        const Key* key = find_path(base.keys, path);
        if (key == nullptr) {
            findings.add(member.place, fmt::format("unknown factor '{}'", path), [&base, path] {
                const std::vector<std::string> known = all_paths(base.keys);
                const std::string near = nearest(path, known);
                return near.empty() ? called_elsewhere(path, base.keys) : near;
            });
        } else if (key->binding.type == KeyType::table && member.value.is(Value::Type::table)) {
            add_factors(base, member.value, path, sampling, factors, findings);
        } else {
            add_factor(base, member, path, *key, sampling, factors, findings);
        }
    }
}

}  // namespace

std::vector<Factor> read_factors(const FactorBase& base, Value& factors, const Sampling& sampling,
                                 Findings& findings) {
    std::vector<Factor> read;
    const std::size_t before = findings.size();
    add_factors(base, factors, "", sampling, read, findings);
    if (read.empty() && findings.size() == before) {
        findings.add(factors.place, "[factors] is empty: name at least one key and its values");
    }
    return read;
}

}  // namespace motley::job
