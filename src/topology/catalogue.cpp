// From the keys of a job file to a topology: the table of generators, and what is wrong with a
// name that is not in it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "topology/files/files.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

constexpr std::array names = {
    "isolated",         "ring",        "grid",           "torus",
    "hypercube",        "complete",    "star",           "tree",
    "watts-strogatz",   "erdos-renyi", "random-regular", "barabasi-albert",
    "stochastic-block", "de-bruijn",   "exponential",    "kleinberg",
    "random-geometric", "fat-tree",    "leaf-spine",     "dragonfly",
    "hyperx",           "slim-fly",    "jellyfish",      "rail-optimised",
    "rail-only",        "nested"};

using Maker = std::unique_ptr<Topology> (*)(const Keys&);

/// In the order of `names`.
constexpr std::array<Maker, names.size()> makers = {
    make_isolated,         make_ring,        make_grid,           make_torus,
    make_hypercube,        make_complete,    make_star,           make_tree,
    make_watts_strogatz,   make_erdos_renyi, make_random_regular, make_barabasi_albert,
    make_stochastic_block, make_de_bruijn,   make_exponential,    make_kleinberg,
    make_random_geometric, make_fat_tree,    make_leaf_spine,     make_dragonfly,
    make_hyperx,           make_slim_fly,    make_jellyfish,      make_rail_optimised,
    make_rail_only,        make_nested};

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

std::string unknown(const std::string& generator) {
    const auto nearest = std::ranges::min_element(
        names, {}, [&](const char* name) { return distance(generator, name); });
    const std::string all = fmt::format("one of {}", fmt::join(names, ", "));
    if (distance(generator, *nearest) > generator.size() / 2) {
        return fmt::format("unknown generator '{}'; {}", generator, all);
    }
    return fmt::format("unknown generator '{}'; did you mean '{}'? ({})", generator, *nearest, all);
}

}  // namespace

std::span<const char* const> generator_names() {
    return names;
}

std::unique_ptr<Topology> make_generator(const Keys& keys) {
    const std::string& generator = keys.spec.generator;
    const auto found = std::ranges::find(names, std::string_view(generator));
    if (found == names.end()) throw keys.error("generator", unknown(generator));
    if (!keys.spec.levels.empty() && generator != "nested") {
        throw keys.error(
            "level", fmt::format("only generator = \"nested\" has levels, not '{}'", generator));
    }
    return makers[static_cast<std::size_t>(found - names.begin())](keys);
}

std::unique_ptr<Topology> make(const Spec& spec) {
    const Keys keys(spec, "topology", {spec.seed, Stream::topology});
    if (!spec.file.empty()) {
        if (!spec.generator.empty()) {
            throw keys.error("file", "a topology has either a file or a generator, not both");
        }
        return read_file(spec);
    }
    if (spec.generator.empty()) {
        throw keys.error("generator",
                         fmt::format("missing; give a file, or one of {}", fmt::join(names, ", ")));
    }
    return make_generator(keys);
}

}  // namespace motley::topology
