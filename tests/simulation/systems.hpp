// One system of every kind: topologies, couplings and models that the tests run.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/simulations.hpp"

namespace motley::test {

struct System {
    std::string name;
    std::unique_ptr<topology::Topology> topology;
    model::Spec model;
};

inline topology::Spec shape(const std::string& generator, std::optional<AgentId> agents) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    spec.seed = 3;
    return spec;
}

/// A directed weighted graph with loops, parallel arcs and survivals, as a CSV file in the test's
/// own folder, one per rank.
inline std::unique_ptr<topology::Topology> file_topology(int rank) {
    const auto path =
        std::filesystem::temp_directory_path() /
        ("motley_sameness_" + std::to_string(getpid()) + "_" + std::to_string(rank) + ".csv");
    const ArcTopology drawn = random_weighted(70, 260, 9);
    {
        std::ofstream file(path);
        file << "source,target,weight,survival\n";
        for (const auto& arc : drawn.list()) {
            file << arc.source << ',' << arc.target << ',' << arc.weight << ',' << arc.survival
                 << '\n';
        }
        file << "0,0,1.0,0.5\n";
    }
    topology::Spec spec;
    spec.file = path.string();
    spec.directed = true;
    spec.edge_weights = true;
    auto topology = topology::make(spec);
    std::filesystem::remove(path);
    return topology;
}

inline model::Spec plain_model() {
    model::Spec spec;
    spec.tasks = 5;
    spec.elasticity = 0.7;
    spec.noise = 0.1;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    return spec;
}

inline model::Spec plastic_model() {
    model::Spec spec = plain_model();
    spec.tasks = 8;
    spec.elasticity = 1.0;
    spec.learning_rate = 0.05;
    spec.growth_rate = 0.02;
    spec.resource.kind = model::Distribution::Kind::lognormal;
    return spec;
}

inline model::Spec local_growth_model() {
    model::Spec spec = plastic_model();
    spec.growth_scope = model::GrowthScope::local;
    spec.returns = 0.8;
    return spec;
}

/// Nothing is relayed, ln u counts, and agents choose their openness.
inline model::Spec ruled(model::Spec spec) {
    spec.relay = false;
    spec.welfare = model::Welfare::log;
    spec.openness_rate = 0.05;
    spec.elasticity = 1.5;
    return spec;
}

/// The sum counts and everything is relayed, but agents choose their openness.
inline model::Spec opening(model::Spec spec) {
    spec.openness_rate = 0.05;
    return spec;
}

/// Marginal learning with a floor, mutation, growth that keeps the total, and migration.
inline model::Spec changing(model::Spec spec) {
    spec.learning_rate = 0.05;
    spec.learning_rule = model::LearningRule::marginal;
    spec.learning_floor = 0.1;
    spec.mutation = 0.01;
    spec.growth_rate = 0.02;
    spec.growth_conserve = true;
    spec.migration = 0.1;
    return spec;
}

/// Agents choose their openness and how they divide what they pass on.
inline model::Spec choosing(model::Spec spec) {
    spec.openness_rate = 0.05;
    spec.routing_rate = 0.1;
    return spec;
}

inline std::vector<System> systems(int rank) {
    std::vector<System> list;
    const auto add = [&](const topology::Spec& spec, const model::Spec& model) {
        list.push_back({spec.generator, topology::make(spec), model});
    };
    add(shape("ring", 67), plain_model());
    add(shape("ring", 5), plain_model());
    topology::Spec torus = shape("torus", {});
    torus.set("shape", {8, 9});
    add(torus, plastic_model());
    add(shape("watts-strogatz", 70), local_growth_model());
    topology::Spec random = shape("erdos-renyi", 70);
    random.set("edges", 150);
    add(random, plain_model());
    add(shape("barabasi-albert", 70), plastic_model());
    add(shape("random-regular", 70), plain_model());
    topology::Spec blocks = shape("stochastic-block", 72);
    blocks.set("p_inside", 0.3);
    blocks.set("p_between", 0.02);
    add(blocks, plain_model());
    add(shape("star", 40), local_growth_model());
    add(shape("complete", 50), plastic_model());
    topology::Spec nested = shape("nested", {});
    nested.levels = {shape("ring", 6), shape("complete", 5), shape("star", 3)};
    nested.levels[0].set("degree", 2);
    nested.levels[0].share = 0.2;
    nested.levels[1].share = 0.3;
    nested.levels[2].share = 0.5;
    nested.levels[2].survival = 0.9;
    add(nested, plastic_model());
    model::Spec grouped = changing(plastic_model());
    grouped.growth_scope = model::GrowthScope::group;
    grouped.migration_level = "complete";
    add(nested, grouped);
    add(shape("watts-strogatz", 70), changing(plastic_model()));
    add(shape("complete", 50), changing(plastic_model()));
    add(shape("pool", 51), changing(plastic_model()));
    list.push_back({"file", file_topology(rank), local_growth_model()});
    add(shape("pool", 51), plain_model());
    add(shape("pool", 51), plastic_model());
    add(shape("ring", 67), ruled(plain_model()));
    add(shape("complete", 50), ruled(plastic_model()));
    add(shape("watts-strogatz", 70), opening(local_growth_model()));
    list.push_back({"file", file_topology(rank), ruled(local_growth_model())});
    add(shape("ring", 67), choosing(plain_model()));
    add(shape("complete", 31), choosing(ruled(plain_model())));
    list.push_back({"file", file_topology(rank), choosing(plastic_model())});
    return list;
}

}  // namespace motley::test
