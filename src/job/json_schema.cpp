// JSON Schema (draft 2020-12) of job files from the key table, for editors and other programs.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "job/keys.hpp"
#include "job/reader.hpp"
#include "motley/job/job.hpp"

namespace motley::job {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Value& value) {
    switch (value.type) {
        case Value::Type::integer:
            return value.integer;
        case Value::Type::number:
            return value.number;
        case Value::Type::boolean:
            return value.boolean;
        case Value::Type::text:
            return value.text;
        default:
            return nullptr;
    }
}

/// Builds schemas; those of tables are shared under $defs. [base] and [factors] of a comparison
/// hold parts of tables, where any key may be left out because another part gives it.
class Schemas {
  public:
    Json reference_to(const KeyTable& table);
    Json table_schema(const KeyTable& table, const Json& more = Json::object());
    Json key_schema(const KeyTable& table, const Key& key);
    Json value_schema(const Key& key);
    Json definitions() const { return definitions_; }

  private:
    Json alternative_schema(const KeyTable& table, const Alternative& alternative,
                            const Json& more);
    Json inner_schema(const Key& key);
    Json factors_schema(const KeyTable& base);
    Json systems_schema(const KeyTable& base);

    Extent extent_ = Extent::whole;
    std::map<std::pair<const KeyTable*, Extent>, std::string> names_;
    Json definitions_ = Json::object();
};

Json number_schema(const Key& key, const char* type) {
    Json schema = {{"type", type}};
    const bool integer =
        key.binding.type == KeyType::integer || key.binding.type == KeyType::integers;
    const auto limit = [&](double number) {
        return integer ? Json(static_cast<std::int64_t>(number)) : Json(number);
    };
    const NumberRange& range = key.range;
    if (std::isfinite(range.low)) {
        schema[range.low_open ? "exclusiveMinimum" : "minimum"] = limit(range.low);
    }
    if (std::isfinite(range.high)) {
        schema[range.high_open ? "exclusiveMaximum" : "maximum"] = limit(range.high);
    }
    return schema;
}

Json list_of(const Json& items) {
    return {{"type", "array"}, {"minItems", 1}, {"items", items}};
}

Json any_of(const Json& a, const Json& b) {
    return {{"anyOf", Json::array({a, b})}};
}

/// A number, an interval or a distribution.
Json amount_schema(const Key& key) {
    const Json number = number_schema(key, "number");
    const Json table = {{"type", "object"},
                        {"properties",
                         {{"value", number},
                          {"low", number},
                          {"high", number},
                          {"distribution", {{"enum", {"uniform", "triangular", "lognormal"}}}}}},
                        {"additionalProperties", false}};
    const Json interval = {{"type", "array"}, {"items", number}, {"minItems", 2}, {"maxItems", 2}};
    return {{"anyOf", Json::array({number, interval, table})}};
}

/// A name for $defs: "[[topology.level]]" is "topology.level".
std::string slug(const std::string& title) {
    std::string out;
    for (const char c : title) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.') out += c;
        if (c == ' ' && !out.empty()) out += '-';
    }
    return out;
}

Json Schemas::value_schema(const Key& key) {
    switch (key.binding.type) {
        case KeyType::integer:
        case KeyType::number: {
            const Json numbers =
                number_schema(key, key.binding.type == KeyType::integer ? "integer" : "number");
            if (key.binding.words.empty()) return numbers;
            return any_of(numbers, {{"enum", key.binding.words}});
        }
        case KeyType::boolean:
            return {{"type", "boolean"}};
        case KeyType::name:
            return {{"type", "string"}, {"minLength", 1}, {"pattern", "^[^/\\\\]+$"}};
        case KeyType::choice:
            return {{"enum", key.binding.words}};
        case KeyType::integers:
            return list_of(number_schema(key, "integer"));
        case KeyType::numbers:
            return list_of(number_schema(key, "number"));
        case KeyType::texts:
            if (!key.binding.words.empty()) return list_of({{"enum", key.binding.words}});
            return {{"type", "array"}, {"items", {{"type", "string"}}}};
        case KeyType::tables:
            if (!key.binding.append) return systems_schema(*key.binding.table);
            return list_of(reference_to(*key.binding.table));
        case KeyType::table:
            return inner_schema(key);
        case KeyType::amount:
            return amount_schema(key);
        case KeyType::amounts:
            return {{"type", "object"},
                    {"minProperties", 1},
                    {"additionalProperties", amount_schema(key)}};
        case KeyType::named:
            return {{"type", "object"}, {"additionalProperties", reference_to(*key.binding.table)}};
        case KeyType::losses: {
            const Json share = {{"type", "object"},
                                {"required", {"devices"}},
                                {"additionalProperties", false},
                                {"properties", {{"devices", {{"type", {"string", "number"}}}}}}};
            return list_of(any_of(Json{{"enum", key.binding.words}}, share));
        }
        default:
            return {{"type", "string"}, {"minLength", 1}};
    }
}

Json Schemas::inner_schema(const Key& key) {
    const Extent around = extent_;
    if (!key.binding.open) extent_ = Extent::part;
    const KeyTable& inner = *key.binding.table;
    const bool swarm = &inner == &swarm_factors_table();
    const bool factors = swarm || &inner == &factors_table();
    Json schema =
        factors ? factors_schema(swarm ? swarm_base_table() : base_table()) : reference_to(inner);
    extent_ = around;
    if (&inner != &topology_table()) return schema;
    return any_of({{"type", "string"}, {"minLength", 1}}, schema);
}

/// Files of runs, or parts of runs with a name.
Json Schemas::systems_schema(const KeyTable& base) {
    const Extent around = std::exchange(extent_, Extent::part);
    const Json part = table_schema(base, {{"name", {{"type", "string"}, {"minLength", 1}}}});
    extent_ = around;
    return list_of(any_of({{"type", "string"}, {"minLength", 1}}, part));
}

Json Schemas::key_schema(const KeyTable& table, const Key& key) {
    Json schema = value_schema(key);
    schema["description"] =
        key.help + (key.unit.empty() || key.unit == "1" ? "" : " [" + key.unit + "]");
    const Json fallback = to_json(default_of(table, key));
    if (!fallback.is_null()) schema["default"] = fallback;
    return schema;
}

Json Schemas::reference_to(const KeyTable& table) {
    const auto key = std::pair(&table, extent_);
    if (!names_.contains(key)) {
        std::string name = slug(table.title) + (extent_ == Extent::part ? "-part" : "");
        while (definitions_.contains(name)) name += "_";
        names_[key] = name;
        definitions_[name] = nullptr;  // keeps the place while inner tables are added
        Json schema = table_schema(table);
        definitions_[name] = std::move(schema);
    }
    return {{"$ref", "#/$defs/" + names_[key]}};
}

Json Schemas::alternative_schema(const KeyTable& table, const Alternative& alternative,
                                 const Json& more) {
    Json properties = Json::object();
    Json required = Json::array();
    Json conditions = Json::array();
    if (!table.by_key(alternative)) {
        properties[table.tag] = {{"const", alternative.name}};
        required.push_back(table.tag);
    }
    for (const Key& key : table.keys) {
        const bool taken = alternative.takes(key.name) || table.common(key.name);
        if (taken) properties[key.name] = key_schema(table, key);
    }
    for (const Alternative::Group& group : alternative.groups) {
        if (!group.required) continue;
        if (group.names.size() == 1) {
            required.push_back(group.names.front());
            continue;
        }
        Json ways = Json::array();
        for (const std::string& name : group.names) ways.push_back({{"required", {name}}});
        conditions.push_back({{group.exclusive ? "oneOf" : "anyOf", ways}});
    }
    properties.update(more);
    Json schema = {{"description", alternative.help},
                   {"type", "object"},
                   {"properties", properties},
                   {"required", required},
                   {"additionalProperties", false}};
    if (!conditions.empty()) schema["allOf"] = conditions;
    return schema;
}

Json Schemas::table_schema(const KeyTable& table, const Json& more) {
    if (!table.alternatives.empty() && extent_ == Extent::whole) {
        Json ways = Json::array();
        for (const Alternative& each : table.alternatives) {
            ways.push_back(alternative_schema(table, each, more));
        }
        return {{"oneOf", ways}};
    }
    Json properties = Json::object();
    Json required = Json::array();
    for (const Key& key : table.keys) {
        properties[key.name] = key_schema(table, key);
        if (key.required && extent_ == Extent::whole) required.push_back(key.name);
    }
    properties.update(more);
    Json schema = {{"type", "object"},
                   {"properties", properties},
                   {"required", required},
                   {"additionalProperties", false}};
    // A comparison needs what its runs differ in.
    if (table.find("systems") != nullptr) {
        schema["anyOf"] = {{{"required", {"factors"}}}, {{"required", {"systems"}}}};
    }
    return schema;
}

/// Every path of the keys that may be factors, with a list of values, and for numbers a range. A
/// section may also be a table, because keys without quotes nest.
Json Schemas::factors_schema(const KeyTable& base) {
    const Json name = {{"name", {{"type", "string"}, {"minLength", 1}}}};
    Json properties = Json::object();
    for (const std::string& path : all_paths(base)) {
        const Key& key = *find_path(base, path);
        const KeyType type = key.binding.type;
        if (path == "topology") {
            const Json levels = list_of(any_of({{"type", "string"}, {"minLength", 1}},
                                               table_schema(topology_table(), name)));
            properties[path] = any_of(levels, {{"type", "object"}});
        } else if (type == KeyType::table) {
            properties[path] = any_of(list_of({{"type", "object"}}), {{"type", "object"}});
        } else if (type == KeyType::integer || type == KeyType::number) {
            properties[path] =
                any_of(list_of(value_schema(key)), reference_to(factor_range_table()));
        } else {
            properties[path] = list_of(value_schema(key));
        }
    }
    return {{"type", "object"},
            {"minProperties", 1},
            {"properties", properties},
            {"additionalProperties", false}};
}

}  // namespace

std::string schema() {
    Schemas schemas;
    const Json compare = schemas.reference_to(compare_table());
    const Json run = schemas.reference_to(run_table());
    const Json scaling = schemas.reference_to(scaling_table());
    const auto kind_is = [](const char* kind) {
        return Json{{"properties", {{"kind", {{"const", kind}}}}}};
    };
    const Json redesign = schemas.reference_to(redesign_table());
    const Json swarm = schemas.reference_to(swarm_table());
    const Json robustness = schemas.reference_to(robustness_table());
    const Json rest = {{"if", kind_is("robustness")}, {"then", robustness}, {"else", run}};
    const Json last = {{"if", kind_is("swarm")}, {"then", swarm}, {"else", rest}};
    const Json one = {{"if", kind_is("redesign")}, {"then", redesign}, {"else", last}};
    const Json others = {{"if", kind_is("scaling")}, {"then", scaling}, {"else", one}};
    const Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                       {"title", "motley job file"},
                       {"type", "object"},
                       {"required", {"kind"}},
                       {"if", kind_is("compare")},
                       {"then", compare},
                       {"else", others},
                       {"$defs", schemas.definitions()}};
    return root.dump(2) + "\n";
}

}  // namespace motley::job
