#include "targets.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <stdexcept>

#include "experiment/compare/manifest.hpp"
#include "motley/core/error.hpp"
#include "motley/job/job.hpp"
#include "motley/partition/partition.hpp"
#include "motley/record/checkpoint.hpp"
#include "motley/record/status_file.hpp"
#include "motley/topology/topology.hpp"
#include "topology/files/plain_table.hpp"

namespace motley::fuzz {
namespace {

/// A file in memory that has these bytes and exists as long as this object.
class InputFile {
  public:
    InputFile(const std::string& text, const std::string& ending)
        : path_("/dev/shm/motley-fuzz-" + std::to_string(::getpid()) + ending) {
        std::ofstream(path_, std::ios::binary) << text;
    }
    ~InputFile() { std::filesystem::remove(path_); }
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

struct InputFolder {
    const std::string path = "/dev/shm/motley-fuzz-" + std::to_string(::getpid());
    ~InputFolder() { std::filesystem::remove_all(path); }
};

template <topology::FileFormat format>
void read_graph(const std::string& text) {
    const InputFile file(text, format == topology::FileFormat::automatic ? "" : ".graph");
    topology::Spec spec;
    spec.file = file.path();
    spec.format = format;
    for (const bool directed : {false, true}) {
        spec.directed = directed;
        spec.edge_weights = directed;
        const auto graph = topology::make(spec);
        graph->arcs(0, 1, [](std::span<const topology::Arc>) {});
    }
}

/// Repeats the text until it is as long as files that are read by the short cut, and holds what
/// this gives against the reader of the format.
template <topology::FileFormat format>
void read_plain_rows(const std::string& text) {
    std::string lines = text + "\n";
    constexpr bool matrix = format == topology::FileFormat::matrix_market;
    const std::size_t again = matrix ? std::min(text.rfind('\n', text.size() / 2), text.size()) : 0;
    while (std::ssize(lines) < topology::least_plain_bytes) lines += text.substr(again) + "\n";
    const TextFile file(lines, "fuzz");
    topology::Spec spec;
    for (const bool directed : {false, true}) {
        spec.directed = spec.edge_weights = directed;
        const auto plain = topology::read_plain(spec, file, format);
        if (!plain) continue;
        const auto table = matrix ? topology::read_matrix_market(spec, file)
                                  : topology::read_edge_list(spec, file);
        const auto same = [](const topology::FileEdge& a, const topology::FileEdge& b) {
            return a.source == b.source && a.target == b.target && a.weight == b.weight &&
                   a.survival == b.survival;
        };
        if (plain->names != table.names || plain->remarks != table.remarks ||
            plain->capacities != table.capacities || plain->agents != table.agents ||
            !std::ranges::equal(plain->edges, table.edges, same)) {
            throw std::logic_error("plain rows are not what the reader of the format finds");
        }
    }
}

void read_table(const std::string& text) {
    const InputFile file(text, ".csv");
    const std::array<AgentId, 3> owned = {0, 1, 2};
    record::read_table(file.path(), 2, 3, owned, {});
    record::read_table(file.path(), 1, 3, owned, {"a", "b", "c"});
}

void read_partition(const std::string& text) {
    const InputFile file(text, ".part");
    partition::from_file(file.path(), 5, 3);
}

/// A comparison that consists of one run.
job::Compare comparison_in(const std::string& directory) {
    try {
        return job::parse("name = \"c\"\nkind = \"compare\"\n[output]\ndirectory = \"" + directory +
                              "\"\n[base.topology]\ngenerator = \"ring\"\nagents = 4\ndegree = 2\n"
                              "[factors]\n\"model.openness\" = [0.5]\n",
                          "fuzz.toml", {})
            .compare;
    } catch (const Error& error) {
        throw std::logic_error(error.what());
    }
}

/// Restarts a comparison whose folder holds the text, first as the result of its only run, then as
/// its manifest. In the text, @ stands for the hash of that run's job.
void read_manifest(const std::string& text) {
    static const InputFolder folder;
    static const job::Compare compare = comparison_in(folder.path);
    experiment::Manifest manifest(compare, "job", "program", {});
    manifest.open();
    manifest.fail(0, "");
    const std::string line = manifest.ended();
    const std::size_t hash = line.find(R"("job":")") + 7;
    std::string input = text;
    for (std::size_t at = 0; (at = input.find('@', at)) != std::string::npos;) {
        input.replace(at, 1, line, hash, 32);
    }

    const std::string of_run = folder.path + "/c/" + manifest.runs().front().name;
    std::filesystem::create_directories(of_run);
    std::ofstream(of_run + "/run.h5") << "whole";
    std::ofstream(of_run + "/result.json", std::ios::binary) << input;
    experiment::Manifest(compare, "job", "program", {}).open();
    std::ofstream(folder.path + "/c/manifest", std::ios::binary) << input;
    try {
        experiment::Manifest(compare, "job", "program", {}).open();
    } catch (...) {
        std::filesystem::remove(folder.path + "/c/manifest");
        throw;
    }
}

using Reader = void (*)(const std::string& text);

const std::map<std::string, Reader>& readers() {
    static const std::map<std::string, Reader> all = {
        {"job", [](const std::string& text) { job::parse(text, "fuzz.toml", {}); }},
        {"edge-list", read_graph<topology::FileFormat::edge_list>},
        {"csv", read_graph<topology::FileFormat::csv>},
        {"graphml", read_graph<topology::FileFormat::graphml>},
        {"metis", read_graph<topology::FileFormat::metis>},
        {"matrix-market", read_graph<topology::FileFormat::matrix_market>},
        {"adjacency-list", read_graph<topology::FileFormat::adjacency_list>},
        {"matrix", read_graph<topology::FileFormat::matrix>},
        {"gml", read_graph<topology::FileFormat::gml>},
        {"gexf", read_graph<topology::FileFormat::gexf>},
        {"pajek", read_graph<topology::FileFormat::pajek>},
        {"dimacs", read_graph<topology::FileFormat::dimacs>},
        {"lgl", read_graph<topology::FileFormat::lgl>},
        {"cluster", read_graph<topology::FileFormat::cluster>},
        {"any-graph", read_graph<topology::FileFormat::automatic>},
        {"plain-table", read_plain_rows<topology::FileFormat::edge_list>},
        {"plain-matrix", read_plain_rows<topology::FileFormat::matrix_market>},
        {"table", read_table},
        {"seal", [](const std::string& text) { record::seal_from_json(text, "seal"); }},
        {"partition", read_partition},
        {"manifest", read_manifest},
        {"status", [](const std::string& text) { record::status_from_json(text, "status"); }},
    };
    return all;
}

}  // namespace

std::vector<std::string> targets() {
    std::vector<std::string> names;
    for (const auto& [name, reader] : readers()) names.push_back(name);
    return names;
}

bool read(const std::string& target, const std::uint8_t* data, std::size_t size) {
    const auto found = readers().find(target);
    if (found == readers().end()) return false;
    try {
        found->second({reinterpret_cast<const char*>(data), size});
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::internal) throw;
    }
    return true;
}

}  // namespace motley::fuzz
