// The table of presets.
#include "job/preset.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "job/overrides.hpp"
#include "job/toml.hpp"

namespace motley::job {
namespace {

/// The number of species, countries or neurons of a field is the user's; what they can do, how well
/// tasks replace each other, and what changes by itself are the field's.
const Preset preset_rows[] = {
    {.name = "economics",
     .words = {"country", "countries", "good", "goods", "labour", "income"},
     .defaults = {{"model.elasticity", "2.0"},
                  {"model.capability", "{ distribution = \"lognormal\", sigma = 0.5 }"}}},
    {.name = "ecology",
     .words = {"species", "species", "function", "functions", "biomass", "yield"},
     .defaults = {{"model.elasticity", "0.7"},
                  {"model.capability", "{ distribution = \"lognormal\", sigma = 0.5 }"},
                  {"model.growth.rate", "0.05"},
                  {"model.growth.conserve", "true"},
                  {"solve.mode", "\"dynamics\""}}},
    {.name = "neuroscience",
     .words = {"neuron", "neurons", "stimulus", "stimuli", "budget", "firing"},
     .defaults = {{"model.elasticity", "0.5"},
                  {"model.capability", "{ value = 1.0 }"},
                  {"model.noise", "0.01"},
                  {"model.learning.rate", "0.05"},
                  {"model.learning.rule", "\"marginal\""},
                  {"solve.mode", "\"dynamics\""},
                  {"solve.rate", "0.01"}}},
    {.name = "computing",
     .words = {"device", "devices", "workload", "workloads", "time", "worth"},
     .defaults = {{"model.elasticity", "0.2"},
                  {"model.capability", "{ distribution = \"lognormal\", sigma = 0.5 }"},
                  {"solve.rate", "0.01"}}},
};

/// True where the job has the key, or has something else than a table on the way to it.
bool has(const Value& root, const std::string& path) {
    const Value* at = &root;
    for (std::size_t begin = 0; begin <= path.size();) {
        if (!at->is(Value::Type::table)) return true;
        const std::size_t end = std::min(path.find('.', begin), path.size());
        const Member* member = at->find(path.substr(begin, end - begin));
        if (member == nullptr) return false;
        at = &member->value;
        begin = end + 1;
    }
    return true;
}

}  // namespace

std::span<const Preset> presets() {
    return preset_rows;
}

std::vector<std::string> preset_names() {
    std::vector<std::string> names;
    for (const Preset& preset : preset_rows) names.emplace_back(preset.name);
    return names;
}

const FieldWords& words_of(const std::string& name) {
    static const FieldWords of_the_model;
    for (const Preset& preset : preset_rows) {
        if (name == preset.name) return preset.words;
    }
    return of_the_model;
}

void apply_preset(Value& root, Findings& findings) {
    const Member* given = root.find("preset");
    if (given == nullptr || !given->value.is(Value::Type::text)) return;
    const auto* preset = std::ranges::find(preset_rows, given->value.text, &Preset::name);
    if (preset == std::end(preset_rows)) return;
    const Position place = given->value.place;
    for (const auto& [path, text] : preset->defaults) {
        if (has(root, path)) continue;
        if (const auto value = parse_value(text, place, findings)) {
            put_at(root, path, *value, findings);
        }
    }
}

std::set<std::string> preset_paths() {
    std::set<std::string> paths;
    for (const Preset& preset : preset_rows) {
        for (const auto& [path, text] : preset.defaults) paths.insert(path);
    }
    return paths;
}

}  // namespace motley::job
