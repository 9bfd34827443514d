// The reference page of job files, docs/reference.md, from the key table.
#include <fmt/format.h>

#include <set>

#include "job/keys.hpp"
#include "job/reader.hpp"
#include "job/reference_text.hpp"
#include "motley/job/job.hpp"
#include "motley/job/preset.hpp"

namespace motley::job {

std::string type_text(const Binding& binding) {
    std::string text;
    switch (binding.type) {
        case KeyType::integer:
            text = "integer";
            break;
        case KeyType::number:
            text = "number";
            break;
        case KeyType::boolean:
            return "true, false";
        case KeyType::name:
            return "name of a folder";
        case KeyType::file:
            return "path";
        case KeyType::integers:
            return "list of integers";
        case KeyType::numbers:
            return "list of numbers";
        case KeyType::texts:
            if (binding.words.empty()) return "list of strings";
            text = "list of";
            break;
        case KeyType::table:
            return binding.table == &topology_table() ? "table or string" : "table";
        case KeyType::tables:
            return binding.append ? "list of tables" : "list of paths or tables";
        case KeyType::amount:
            return "number or [low, high]";
        case KeyType::amounts:
            return "numbers or [low, high] by name";
        case KeyType::named:
            return "tables by name";
        case KeyType::losses:
            return "list of words and { devices = share }";
        default:
            if (binding.words.empty()) return "string";
    }
    for (const std::string& word : binding.words) {
        text += (text.empty() ? "\"" : text == "list of" ? " \"" : ", \"") + word + "\"";
    }
    return text;
}

std::string default_text(const KeyTable& table, const Key& key) {
    const KeyTable* inner = key.binding.table;
    if (key.required || (inner != nullptr && inner->alternatives.empty())) return "";
    const Value value = default_of(table, key);
    return value.is(Value::Type::none) ? "" : to_text(value);
}

std::string group_text(const Alternative::Group& group) {
    std::string text;
    for (const std::string& name : group.names) {
        text += (text.empty() ? "`" : group.exclusive ? " or `" : " and/or `") + name + "`";
    }
    return text + (group.required ? " !" : "");
}

namespace {

/// Writes each table once, and inner tables after the table that holds them.
class Page {
  public:
    void add(const KeyTable& table, int depth) {
        if (table.keys.empty() || !seen_.insert(&table).second) return;
        text_ += fmt::format("\n{} {}\n", std::string(static_cast<std::size_t>(depth), '#'),
                             table.title);
        add_alternatives(table);
        text_ += "\n| key | type | range | unit | default | meaning |\n|---|---|---|---|---|---|\n";
        for (const Key& key : table.keys) add_row(table, key);
        for (const Key& key : table.keys) {
            if (key.binding.table != nullptr && (key.binding.open || key.binding.append)) {
                add(*key.binding.table, 3);
            }
        }
    }
    void say(const std::string& paragraph) { text_ += paragraph; }
    const std::string& text() const { return text_; }

  private:
    void add_row(const KeyTable& table, const Key& key) {
        const bool plain = table.tag.empty() || key.name != table.tag;
        const std::string standard = default_text(table, key);
        text_ +=
            fmt::format("| `{}`{} | {} | {} | {} | {} | {} |\n", key.name, key.required ? " !" : "",
                        plain ? type_text(key.binding) : "one of the above", key.range.text,
                        key.unit, standard.empty() ? "" : "`" + standard + "`", key.help);
    }

    void add_alternatives(const KeyTable& table) {
        if (table.alternatives.empty()) return;
        std::string common;
        for (const Key& key : table.keys) {
            if (!table.common(key.name)) continue;
            common += (common.empty() ? "`" : ", `") + key.name + "`";
        }
        text_ += fmt::format("\n| {} | keys | meaning |\n|---|---|---|\n", table.tag);
        for (const Alternative& each : table.alternatives) {
            std::string keys;
            for (const auto& group : each.groups) {
                keys += (keys.empty() ? "" : ", ") + group_text(group);
            }
            text_ += fmt::format("| {} | {} | {} |\n",
                                 table.by_key(each) ? "(none)" : "`\"" + each.name + "\"`", keys,
                                 each.help);
        }
        if (!common.empty()) text_ += fmt::format("\nAll take {}.\n", common);
    }

    std::set<const KeyTable*> seen_;
    std::string text_;
};

}  // namespace

std::string reference() {
    Page page;
    page.say(
        "# Reference of job files\n\n"
        "Generated from the key table in src/job/keys.cpp; do not edit. The JSON schema "
        "(`motley schema`) comes from the same table.\n\n"
        "Job files are TOML. Keys marked ! must be given; all others have a default, and unknown "
        "keys are refused. `--set a.b=value` overrides any key from the command line: the value in "
        "TOML syntax, or a bare word. Relative paths are searched in the folder of the job file, "
        "then in the working directory.\n");
    page.add(run_table(), 2);
    page.add(scaling_table(), 2);
    page.add(compare_table(), 2);
    page.add(robustness_table(), 2);
    page.add(redesign_table(), 2);
    page.add(swarm_table(), 2);
    page.say(
        "\n### [base] and [factors]\n\n"
        "[base] takes the sections of a run, but for output.directory, which is that of the "
        "comparison. A key "
        "of [factors] is the path of a key of a run, as `\"model.openness\"`, with a list of "
        "values or, for numbers, a range. `topology` takes names of files in topologies/ and "
        "tables; a table may have a `name`, by which it is shown. Every combination of the levels "
        "is run, the last factor changing fastest, once per replicate. Values of a range are "
        "rounded to 12 digits, for integer keys to integers.\n\n"
        "With compare.design = \"latin-hypercube\" a range has `from`, `to` and `scale` only: all "
        "ranges are sampled together in compare.samples points, drawn from the comparison's seed, "
        "so "
        "that each of as many even parts of every range is hit once. Every combination of the "
        "lists "
        "is run at the same points. A factorial's range has `step` or `count` as well.\n\n"
        "[factors] of a swarm takes the keys of its sections that have one value, as "
        "`\"adversaries.share\"`, or whole sections; sites, policies and operators are lists "
        "already.\n");
    page.add(factor_range_table(), 3);
    page.say(
        "\n## Named topologies\n\n"
        "`topology = \"NAME\"` reads topologies/NAME.toml, searched in the folder of the job file, "
        "in the folders above it, in the working directory, in the folder that the environment "
        "variable MOTLEY_TOPOLOGIES names and beside the program. The file has the keys of "
        "[topology] at its top level, "
        "and these:\n");
    page.add(description_table(), 3);
    page.say(
        "\n## Presets\n\n"
        "`preset = \"FIELD\"` sets other defaults; a key that is given is stronger.\n\n"
        "| preset | defaults | agent, task, resource, income |\n|---|---|---|\n");
    for (const Preset& preset : presets()) {
        std::string keys;
        for (const auto& [path, value] : preset.defaults) {
            keys += fmt::format("{}`{} = {}`", keys.empty() ? "" : ", ", path, value);
        }
        const FieldWords& words = preset.words;
        page.say(fmt::format("| `\"{}\"` | {} | {}, {}, {}, {} |\n", preset.name, keys, words.agent,
                             words.task, words.resource, words.income));
    }
    return page.text();
}

}  // namespace motley::job
