#include "job/systems.hpp"

#include <fmt/format.h>

#include <set>

#include "job/keys.hpp"
#include "job/named_topology.hpp"
#include "job/reader.hpp"
#include "job/toml.hpp"

namespace motley::job {
namespace {

namespace fs = std::filesystem;

/// Findings inside of files of systems come after those of the job and of its overrides, and before
/// those of named topologies.
constexpr int order_of_systems = 1 << 16;

/// The table that the file of a run holds; nothing, and a finding, where there is none.
std::optional<Value> read_run_file(const Value& name, int number, Findings& findings) {
    const fs::path folder = name.place.source == nullptr ? "." : name.place.source->folder;
    std::error_code failed;
    const fs::path path =
        fs::exists(folder / name.text, failed) ? folder / name.text : fs::path(name.text);
    const auto text = read_text(path);
    if (!text) {
        findings.add(
            name.place,
            fmt::format("'systems': {} cannot be read; give the files of runs, relative to "
                        "this one",
                        to_text(name)));
        return std::nullopt;
    }
    const auto source = std::make_shared<const Source>(
        Source{path.lexically_normal().string(), path.parent_path(), order_of_systems + number});
    auto run = parse_toml(*text, source, findings);
    if (!run) return std::nullopt;
    const Member* kind = run->find("kind");
    if (kind != nullptr && kind->value.text != "run") {
        findings.add(kind->value.place, "a system must be the file of a run, kind = \"run\"");
        return std::nullopt;
    }
    if (run->find("name") == nullptr) run->put("name", Value::of(path.stem().string()));
    // The comparison has these.
    for (const char* key : {"kind", "seed", "output", "checkpoint"}) run->erase(key);
    run->place = name.place;
    return run;
}

/// The name of a system, which is taken out of its table.
std::string take_name(Value& system, Findings& findings) {
    const Member* name = system.find("name");
    if (name == nullptr || !name->value.is(Value::Type::text) || !plain_name(name->value.text)) {
        findings.add(name == nullptr ? system.place : name->value.place,
                     "a system needs a name: name = \"...\"");
        return "";
    }
    std::string label = name->value.text;
    system.erase("name");
    return label;
}

}  // namespace

void expand_systems(Value& root, Findings& findings) {
    Member* systems = root.find("systems");
    if (systems == nullptr || !systems->value.is(Value::Type::array)) return;
    int number = 0;
    for (Value& system : systems->value.items) {
        if (system.is(Value::Type::text)) {
            auto run = read_run_file(system, ++number, findings);
            system = run ? std::move(*run) : Value();
        }
        if (system.is(Value::Type::table)) expand_topologies(system, findings);
    }
}

void add_system_factor(Value& root, std::vector<Factor>& factors, Findings& findings) {
    Member* systems = root.find("systems");
    if (systems == nullptr || !systems->value.is(Value::Type::array)) return;
    Factor factor{system_path, nullptr, systems->place, {}, false, {}};
    std::set<std::string> labels;
    for (Value& system : systems->value.items) {
        if (!system.is(Value::Type::table)) continue;  // reported
        Value sections = system;
        const std::string label = take_name(sections, findings);
        Run scratch;
        Reader(base_table(), findings, Extent::part).read(base_table(), sections, &scratch, "");
        if (!label.empty() && !labels.insert(label).second) {
            findings.add(system.place, fmt::format("two systems are called '{}'", label));
        }
        factor.levels.push_back({std::move(sections), label});
    }
    factors.insert(factors.begin(), std::move(factor));
}

}  // namespace motley::job
