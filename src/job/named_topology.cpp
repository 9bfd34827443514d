// Search for named topologies and reading of their files.
#include "job/named_topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "job/checks.hpp"
#include "job/overrides.hpp"
#include "job/reader.hpp"
#include "job/toml.hpp"
#include "motley/core/error.hpp"
#include "motley/job/job.hpp"
#include "motley/topology/generator.hpp"

namespace motley::job {
namespace {

namespace fs = std::filesystem;

/// Findings inside of named topologies come after those of the job and of its overrides.
constexpr int order_of_topologies = 1 << 20;

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

/// Folders in which topologies are searched, in this order.
std::vector<fs::path> topology_folders(const fs::path& start) {
    std::vector<fs::path> folders;
    fs::path folder = fs::absolute(start).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();  // "a/b/" is "a/b"
    while (true) {
        folders.push_back(folder / "topologies");
        if (folder == folder.parent_path()) break;
        folder = folder.parent_path();
    }
    folders.push_back(fs::current_path() / "topologies");
    if (const char* installed = std::getenv("MOTLEY_TOPOLOGIES")) folders.emplace_back(installed);
    std::error_code unknown;
    const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
    folders.push_back(program.parent_path() / "topologies");  // where it was built
    folders.push_back(program.parent_path().parent_path() / "share/motley/topologies");
    return folders;
}

std::vector<std::string> topology_names(const std::vector<fs::path>& folders) {
    std::vector<std::string> names;
    for (const fs::path& folder : folders) {
        std::error_code failed;
        for (const auto& entry : fs::directory_iterator(folder, failed)) {
            if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
        }
    }
    std::ranges::sort(names);
    const auto same = std::ranges::unique(names);
    names.erase(same.begin(), same.end());
    return names;
}

fs::path locate(const std::string& name, const fs::path& start,
                const std::vector<fs::path>& folders) {
    if (fs::path(name).extension() == ".toml") {
        if (is_file(start / name)) return start / name;
        if (is_file(name)) return name;
        return {};
    }
    if (!plain_name(name)) return {};
    for (const fs::path& folder : folders) {
        if (is_file(folder / (name + ".toml"))) return folder / (name + ".toml");
    }
    return {};
}

/// Splits the keys of a topology's file into the description and those of [topology].
TopologyFile split(Value&& root, Findings& findings) {
    TopologyFile file;
    const KeyTable& about = description_table();
    Value description = table_value(root.place);
    file.keys = table_value(root.place);
    for (Member& member : root.members) {
        Value& to = about.find(member.key) != nullptr ? description : file.keys;
        to.members.push_back(std::move(member));
    }
    Reader(about, findings).read(about, description, &file.description, "");
    return file;
}

/// A topology with the name of a generator and without a file. Only `--set` gives its keys.
std::optional<TopologyFile> generator_alone(const Value& name) {
    const topology::Generator* generator = topology::find_generator(name.text);
    const fs::path& start = name.place.source->folder;
    if (generator == nullptr || !locate(name.text, start, topology_folders(start)).empty()) {
        return std::nullopt;
    }
    const auto source = std::make_shared<const Source>(
        Source{"topology " + name.text + " --set KEY=VALUE", start, 0});
    TopologyFile file;
    file.keys = table_value({source, 0, 0});
    file.keys.put("generator", Value::of(name.text));
    file.description.description = generator->help;
    file.path = name.text;
    return file;
}

NamedTopology read_topology(Value keys, const Value& name,
                            const std::vector<std::string>& overrides, Findings& findings) {
    apply_overrides(keys, overrides, name.place.source->folder, findings, Overridden::topology);
    NamedTopology topology;
    Reader(topology_table(), findings).read(topology_table(), keys, &topology.spec, "topology");
    check_topology(topology.spec, keys, findings);
    return topology;
}

}  // namespace

std::optional<TopologyFile> find_topology(const Value& name, Findings& findings) {
    const fs::path start = name.place.source == nullptr ? fs::path(".") : name.place.source->folder;
    const std::vector<fs::path> folders = topology_folders(start);
    const fs::path path = locate(name.text, start, folders);
    if (path.empty() && fs::path(name.text).extension() == ".toml") {
        findings.add(name.place, fmt::format("no such file: {}", to_text(name)));
        return std::nullopt;
    }
    if (path.empty() && !name.text.empty() && !plain_name(name.text)) {
        findings.add(name.place,
                     fmt::format("{} is no name of a topology; to read a graph, write topology = "
                                 "{{ file = {} }}",
                                 to_text(name), to_text(name)));
        return std::nullopt;
    }
    if (path.empty()) {
        const std::vector<std::string> names = topology_names(folders);
        const std::string known =
            names.empty() ? "no folder topologies/ was found; say where it is in the environment "
                            "variable MOTLEY_TOPOLOGIES"
                          : "known are " + list(names);
        findings.add(name.place, fmt::format("no topology is called {}; {}", to_text(name), known),
                     [word = name.text, names] { return nearest(word, names); });
        return std::nullopt;
    }
    const auto text = read_text(path);
    const auto source = std::make_shared<const Source>(
        Source{path.lexically_normal().string(), path.parent_path(), order_of_topologies});
    if (!text) {
        findings.add({source, 0, 0}, "cannot be read");
        return std::nullopt;
    }
    auto root = parse_toml(*text, source, findings);
    if (!root) return std::nullopt;
    TopologyFile file = split(std::move(*root), findings);
    file.path = path;
    return file;
}

void expand_topology(Value& topology, Findings& findings) {
    if (!topology.is(Value::Type::text)) return;
    auto file = find_topology(topology, findings);
    topology = file ? std::move(file->keys) : Value();
}

void expand_topologies(Value& root, Findings& findings) {
    const auto expand_in = [&](Value& owner) {
        if (Member* topology = owner.find("topology")) expand_topology(topology->value, findings);
    };
    expand_in(root);
    if (Member* base = root.find("base")) expand_in(base->value);
    if (Member* fabric = root.find("fabric")) expand_in(fabric->value);
    if (Member* graph = root.find("graph")) expand_in(graph->value);
    if (Member* place = root.find("place")) expand_in(place->value);
    if (Member* designs = root.find("design")) {
        for (Member& design : designs->value.members) expand_in(design.value);
    }
}

NamedTopology load_topology(const std::string& name_or_path,
                            const std::vector<std::string>& overrides) {
    Findings findings;
    Value name = Value::of(name_or_path);
    name.place.source = std::make_shared<const Source>(Source{"", fs::current_path(), 0});
    NamedTopology topology;
    const fs::path path = name_or_path;
    const bool is_path = !plain_name(name_or_path) || path.has_extension();
    if (is_path && path.extension() != ".toml") {
        Value keys = table_value(name.place);
        keys.put("file", name);
        topology = read_topology(std::move(keys), name, overrides, findings);
        topology.name = fs::path(name_or_path).stem().string();
        findings.throw_if_any();
        return topology;
    }
    auto file = generator_alone(name);
    if (!file) file = find_topology(name, findings);
    if (file) {
        topology = read_topology(std::move(file->keys), name, overrides, findings);
        topology.name = file->path.stem().string();
        topology.description = file->description.description;
        topology.source = file->description.source;
        topology.changed = !overrides.empty() && file->path != name_or_path;
    }
    findings.throw_if_any();
    return topology;
}

}  // namespace motley::job
