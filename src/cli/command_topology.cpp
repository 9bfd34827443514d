// motley topology NAME|FILE: prints properties of a graph and the quality of its partitions.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "job_arguments.hpp"
#include "motley/job/job.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/partition/shared_topology.hpp"
#include "motley/topology/shared_statistics.hpp"
#include "output.hpp"
#include "traffic_tables.hpp"

namespace motley::cli {
namespace {

struct Options {
    std::string name;
    std::vector<std::string> set;
    int parts = 4;
    std::int64_t sources = 256;
    std::string write;
    TrafficOptions traffic;
};

/// The pairs of a complete graph are enumerated only where it is small.
constexpr AgentId largest_enumerated = 5000;

void print_statistics(const topology::Topology& topology, const topology::Statistics& s) {
    const auto line = [](const char* label, const std::string& value) {
        std::printf("%-24s%s\n", label, value.c_str());
    };
    line("agents", std::to_string(s.agents));
    if (topology.hosts() < topology.agents()) {
        line("hosts, switches",
             fmt::format("{}, {}", topology.hosts(), topology.agents() - topology.hosts()));
    }
    line("arcs, edges, loops", fmt::format("{}, {}, {}", s.arcs, s.edges, s.loops));
    line("directed", s.symmetric ? "no: every arc has its opposite" : "yes");
    line("total weight", fmt::format("{:.6g}", s.total_weight));
    line("degree",
         fmt::format("min {}  mean {:.4f}  max {}  deviation {:.4f}  skewness {:.4f}", s.degree_min,
                     s.degree_mean, s.degree_max, s.degree_deviation, s.degree_skewness));
    line("assortativity", std::isnan(s.assortativity) ? "none: all degrees are equal"
                                                      : fmt::format("{:.4f}", s.assortativity));
    line("components", fmt::format("{} weak (largest {}), {} strong", s.components,
                                   s.largest_component, s.strong_components));
    line("clustering",
         fmt::format("average {:.4f}  transitivity {:.4f}", s.clustering_average, s.transitivity));
    const auto path_line = [&](const char* label, double mean, double error) {
        line(label,
             fmt::format("mean {:.4f} +- {:.4f} from {} sources", mean, error, s.sources_sampled));
    };
    const auto diameter_line = [&](const char* label, std::int64_t low, std::int64_t high) {
        line(label, low == high ? std::to_string(low)
                    : high == 0 ? fmt::format("at least {}", low)
                                : fmt::format("{} to {}", low, high));
    };
    if (s.symmetric) {
        path_line("path length", s.path_length_mean, s.path_length_error);
        diameter_line("diameter", s.diameter_lower, s.diameter_upper);
    } else {
        path_line("path length, directed", s.directed_path_length_mean,
                  s.directed_path_length_error);
        path_line("path length, undirected", s.path_length_mean, s.path_length_error);
        diameter_line("diameter, directed", s.directed_diameter_lower, s.directed_diameter_upper);
        diameter_line("diameter, undirected", s.diameter_lower, s.diameter_upper);
    }
    line("spectral gap", s.components == 1
                             ? fmt::format("{:.6g} +- {:.1e}", s.spectral_gap, s.spectral_gap_error)
                             : "0: not connected");
    for (const std::string& remark : topology.remarks()) line("note", remark);
    for (const auto& level : topology.levels()) {
        line("level", fmt::format("{}: {} members, share {}, survival {}", level.name, level.groups,
                                  level.share, level.survival));
    }
}

void print_partitions(const topology::Topology& topology, const Options& options,
                      const Context& context) {
    using partition::Method;
    const topology::Csr simple =
        topology::undirected_simple(topology, partition::Ranks(context.comm));
    std::vector<Method> methods = {Method::block, Method::random, Method::metis};
    if (partition::has_scotch()) methods.push_back(Method::scotch);
    if (!topology.levels().empty()) methods.push_back(Method::levels);
    std::vector<std::vector<std::string>> rows = {{"partition", "parts", "edge cut", "ghosts",
                                                   "ghosts/agent", "most ghosts", "most neighbours",
                                                   "agents max/mean", "arcs max/mean"}};
    for (const Method method : methods) {
        const auto parts = partition::make({method, "", 1}, topology, context.comm, options.parts);
        mpi::on_root(context.comm, [&] {
            const auto q = partition::quality(simple, parts, partition::name(method));
            rows.push_back({q.method, std::to_string(q.parts), std::to_string(q.edge_cut),
                            std::to_string(q.ghosts),
                            fmt::format("{:.4f}", static_cast<double>(q.ghosts) /
                                                      static_cast<double>(simple.agents)),
                            std::to_string(q.ghosts_max), std::to_string(q.neighbours_max),
                            fmt::format("{:.3f}", q.imbalance),
                            fmt::format("{:.3f}", q.arc_imbalance)});
        });
    }
    if (context.comm.root()) std::printf("\n%s", table(rows).c_str());
}

int describe_topology(const Options& options, const Context& context) {
    const auto& comm = context.comm;
    job::NamedTopology named;
    std::unique_ptr<topology::Topology> graph;
    mpi::together(comm, [&] { named = job::load_topology(options.name, options.set); });
    share_pipe(named.spec, comm);
    if (options.traffic.pattern.empty() && options.write.empty()) {
        graph = partition::make_topology(named.spec, comm);
    } else {
        mpi::together(comm, [&] { graph = topology::make(named.spec); });
    }
    mpi::together(comm, [&] {
        if (graph->traits().pool) {
            throw usage_error(
                "a pool has no arcs: every agent gets the same share of what all make, so that "
                "there are no degrees, paths, traffic or partitions to describe");
        }
        if (graph->traits().complete && graph->agents() > largest_enumerated) {
            throw usage_error(
                fmt::format("a complete graph of {} agents has every property by "
                            "definition; statistics are for up to {}",
                            graph->agents(), largest_enumerated));
        }
    });
    if (comm.root()) {
        std::printf("%s", named.name.c_str());
        if (named.changed) {
            std::printf(", changed by --set %s",
                        fmt::format("{}", fmt::join(options.set, " --set ")).c_str());
        } else if (!named.description.empty()) {
            std::printf(": %s", named.description.c_str());
        }
        std::printf("\n");
        if (!named.source.empty()) std::printf("source: %s\n", named.source.c_str());
        if (named.spec.rewires() || named.spec.one_peer()) {
            std::printf("arcs change while a system runs (%s): these are the arcs of the start%s\n",
                        named.spec.one_peer() ? "one-peer" : "rewiring",
                        named.spec.one_peer() ? ", of which each agent uses one at a time" : "");
        }
        std::printf("\n");
    }
    if (!options.traffic.pattern.empty()) {
        mpi::on_root(comm,
                     [&] { std::printf("%s", traffic_tables(*graph, options.traffic).c_str()); });
        return 0;
    }
    const auto statistics = topology::statistics(*graph, partition::Ranks(comm), options.sources);
    if (comm.root()) print_statistics(*graph, statistics);
    if (graph->agents() > 1 && options.parts > 0) print_partitions(*graph, options, context);
    if (!options.write.empty()) {
        mpi::on_root(comm, [&] { topology::write_csv(*graph, options.write); });
    }
    return 0;
}

}  // namespace

void add_topology(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("topology", "Describe a topology and its partitions");
    command->add_option("NAME", options->name, "Named topology, its TOML file, or a graph file")
        ->required();
    command->add_option("--set", options->set, "Override a key of [topology]: --set agents=1024")
        ->allow_extra_args(false);
    command
        ->add_option("-p,--parts", options->parts, "Parts of the partition table; 0 leaves it out")
        ->check(CLI::Range(0, 1 << 20));
    command->add_option("--sources", options->sources, "Sampled sources for path lengths")
        ->check(CLI::PositiveNumber);
    command->add_option("--write", options->write, "Write the arcs as CSV to this file");
    add_traffic_options(*command, options->traffic);
    command->callback([&context, &action, options] {
        action = [&context, options] { return describe_topology(*options, context); };
    });
}

}  // namespace motley::cli
