// The catalogue: one array of all generators; `make` finds the generator of a Spec there.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "motley/core/edit_distance.hpp"
#include "motley/topology/generator.hpp"
#include "topology/files/files.hpp"
#include "topology/generators.hpp"

namespace motley::topology {

extern const Generator isolated, ring, grid, torus, hypercube, complete, star, tree, watts_strogatz,
    erdos_renyi, random_regular, barabasi_albert, stochastic_block, de_bruijn, exponential,
    kleinberg, random_geometric, fat_tree, leaf_spine, dragonfly, hyperx, slim_fly, jellyfish,
    rail_optimised, rail_only, nested, pool;

namespace {

/// To add a generator, add its row here and in the declaration above. Resolved job files list the
/// keys in the order in which these rows declare them.
constexpr const Generator* rows[] = {&isolated,
                                     &ring,
                                     &grid,
                                     &torus,
                                     &hypercube,
                                     &complete,
                                     &star,
                                     &tree,
                                     &watts_strogatz,
                                     &erdos_renyi,
                                     &random_regular,
                                     &barabasi_albert,
                                     &stochastic_block,
                                     &de_bruijn,
                                     &exponential,
                                     &kleinberg,
                                     &random_geometric,
                                     &fat_tree,
                                     &leaf_spine,
                                     &dragonfly,
                                     &hyperx,
                                     &slim_fly,
                                     &jellyfish,
                                     &rail_optimised,
                                     &rail_only,
                                     &nested,
                                     &pool};

std::string all_names() {
    std::vector<std::string_view> names;
    for (const Generator* row : rows) names.emplace_back(row->name);
    return fmt::format("one of {}", fmt::join(names, ", "));
}

std::string unknown(const std::string& generator) {
    const auto far = [&](const Generator* row) { return edit_distance(generator, row->name); };
    const Generator* nearest = *std::ranges::min_element(rows, {}, far);
    if (far(nearest) > generator.size() / 2) {
        return fmt::format("unknown generator '{}'; {}", generator, all_names());
    }
    return fmt::format("unknown generator '{}'; did you mean '{}'? ({})", generator, nearest->name,
                       all_names());
}

Arguments arguments_of(const Spec& spec) {
    return {spec, "topology", {spec.seed, Stream::topology}};
}

}  // namespace

std::span<const Generator* const> generators() {
    return rows;
}

const Generator* find_generator(const std::string& name) {
    const auto found = std::ranges::find(
        rows, name, [](const Generator* row) { return std::string_view(row->name); });
    return found == std::end(rows) ? nullptr : *found;
}

const Parameter* find_parameter(const std::string& name) {
    for (const Generator* row : rows) {
        const auto found =
            std::ranges::find(row->parameters, std::string_view(name),
                              [](const Parameter& p) { return std::string_view(p.name); });
        if (found != row->parameters.end()) return &*found;
    }
    return nullptr;
}

std::unique_ptr<Topology> make_generator(const Arguments& arguments) {
    const std::string& name = arguments.spec.generator;
    const Generator* generator = find_generator(name);
    if (generator == nullptr) throw arguments.error("generator", unknown(name));
    if (!arguments.spec.levels.empty() && generator->kind != Generator::Kind::product) {
        throw arguments.error(
            "level", fmt::format("only generator = \"nested\" has levels, not '{}'", name));
    }
    return generator->make(arguments);
}

std::vector<Place> places(const Spec& spec, AgentId vertices) {
    const Generator* generator = find_generator(spec.generator);
    if (generator == nullptr) return {};
    if (generator->places != nullptr) return generator->places(arguments_of(spec));
    return generator->drawing == Generator::Drawing::circle ? circle(vertices)
                                                            : std::vector<Place>();
}

std::vector<Place> circle(AgentId vertices) {
    const double step = 2.0 * std::numbers::pi / static_cast<double>(vertices);
    std::vector<Place> places;
    for (AgentId v = 0; v < vertices; ++v) {
        const double angle = step * static_cast<double>(v);
        places.push_back({std::cos(angle) / step, std::sin(angle) / step, 0.0});
    }
    return places;
}

std::unique_ptr<Topology> make(const Spec& spec) {
    const Arguments arguments = arguments_of(spec);
    if (!spec.file.empty()) {
        if (!spec.generator.empty()) {
            throw arguments.error("file", "a topology has either a file or a generator, not both");
        }
        return read_file(spec);
    }
    if (spec.generator.empty()) {
        throw arguments.error("generator", fmt::format("missing; give a file, or {}", all_names()));
    }
    return make_generator(arguments);
}

}  // namespace motley::topology
