// The instances of the optimum benchmarks, as motley and a general solver read them.
#pragma once

#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "graphs.hpp"
#include "motley/model/state.hpp"

namespace motley::benchmarks {

/// Wall time and processor time of this process since its start.
struct Stopwatch {
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
    std::clock_t cpu_begun = std::clock();

    double wall() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    }
    double cpu() const { return double(std::clock() - cpu_begun) / CLOCKS_PER_SEC; }
};

/// A system with R = 1, an even demand and gamma = 1, with routing shares.
struct Instance {
    struct InArc {
        std::size_t source;
        double share;
    };
    std::size_t agents = 0, tasks = 0;
    double openness = 0.9, elasticity = 0.7;
    std::vector<double> ability;  ///< R a, N x K
    std::vector<InArc> arcs;      ///< by target
    std::vector<std::size_t> offsets;

    std::span<const InArc> into(std::size_t agent) const {
        return std::span(arcs).subspan(offsets[agent], offsets[agent + 1] - offsets[agent]);
    }
};

/// Flags of both programs.
struct OptimumOptions {
    std::string graph = "torus";
    AgentId agents = 256;
    std::int64_t degree = 8, tasks = 8;
    double elasticity = 0.7, gap = 1e-6, limit = 600.0;
    bool verbose = false;

    /// The exit code where the program ends here.
    std::optional<int> parse(int argc, char** argv, const char* about) {
        CommandLine line(about);
        line.add("--graph", graph, "torus, small-world or random-regular");
        line.add("--agents", agents, "number of agents");
        line.add("--elasticity", elasticity, "sigma");
        line.add("--gap", gap, "relative tolerance");
        line.add("--limit", limit, "seconds");
        line.add("--verbose", verbose, "print the iterations");
        return line.parse(argc, argv);
    }

    model::Spec model() const {
        model::Spec spec;
        spec.tasks = tasks;
        spec.elasticity = elasticity;
        return spec;
    }

    Instance instance() const {
        const auto topology = make_graph(graph, agents, degree, 1);
        const model::Spec spec = model();
        Instance made;
        made.agents = static_cast<std::size_t>(agents);
        made.tasks = static_cast<std::size_t>(tasks);
        made.openness = spec.openness;
        made.elasticity = spec.elasticity;
        std::vector<AgentId> ids(made.agents);
        for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<AgentId>(i);
        made.ability.resize(made.agents * made.tasks);
        model::fill_rows<double>(spec.capability,
                                 {.seed = 1,
                                  .stream = Stream::capability,
                                  .ids = ids,
                                  .agents = agents,
                                  .tasks = tasks,
                                  .width = static_cast<int>(tasks),
                                  .table = {}},
                                 made.ability.data());
        std::map<std::pair<AgentId, AgentId>, double> by_target;
        std::vector<double> degrees(made.agents, 0.0);
        topology->arcs(0, 1, [&](std::span<const topology::Arc> batch) {
            for (const auto& arc : batch) {
                if (by_target.emplace(std::pair(arc.target, arc.source), 1.0).second) {
                    degrees[static_cast<std::size_t>(arc.source)] += 1.0;
                }
            }
        });
        made.offsets.assign(made.agents + 1, 0);
        for (const auto& [ends, weight] : by_target) {
            const auto source = static_cast<std::size_t>(ends.second);
            made.arcs.push_back({source, weight / degrees[source]});
            made.offsets[static_cast<std::size_t>(ends.first) + 1] = made.arcs.size();
        }
        for (std::size_t i = 1; i < made.offsets.size(); ++i) {
            made.offsets[i] = std::max(made.offsets[i], made.offsets[i - 1]);
        }
        return made;
    }

    void print(const char* program, const Stopwatch& watch, double productivity,
               const char* outcome) const {
        std::printf(
            "RESULT program=%s graph=%s agents=%lld sigma=%g gap=%g seconds=%.3f "
            "cpu_seconds=%.3f "
            "productivity=%.9f outcome=%s\n",
            program, graph.c_str(), static_cast<long long>(agents), elasticity, gap, watch.wall(),
            watch.cpu(), productivity, outcome);
    }
};

}  // namespace motley::benchmarks
