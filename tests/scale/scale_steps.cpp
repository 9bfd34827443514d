// Steps one of four graphs and prints a RESULT line. It is built twice: against the MPI of the
// machine, and against SimGrid's SMPI, where all ranks are threads of one process on a described
// machine and MPI_Wtime is simulated time. There the kernel of the step (charge_step.cpp) and the
// packing of messages take the time that their options say, whatever the real processor does.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "charge.hpp"
#include "motley/measure/exchange_load.hpp"
#include "motley/mpi/ring_plans.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/simulation/simulation.hpp"
#include "motley/topology/topology.hpp"

namespace motley::scale {
namespace {

/// Words name=value of the command line.
class Options {
  public:
    Options(int argc, char** argv) {
        for (int i = 1; i < argc; ++i) {
            const std::string word = argv[i];
            const auto at = word.find('=');
            if (at == std::string::npos || !defaults.contains(word.substr(0, at))) {
                throw usage_error("'" + word + "' is no option; options are name=value, with the" +
                                  " names " + names());
            }
            values_[word.substr(0, at)] = word.substr(at + 1);
        }
    }
    const std::string& word(const std::string& name) const {
        const auto at = values_.find(name);
        return at != values_.end() ? at->second : defaults.at(name);
    }
    std::int64_t integer(const std::string& name) const { return std::stoll(word(name)); }
    double number(const std::string& name) const { return std::stod(word(name)); }

  private:
    inline static const std::map<std::string, std::string> defaults = {
        {"graph", "torus"},   // torus, small-world, random-regular, nested
        {"agents", "65536"},  // of all ranks together
        {"steps", "5"},       // timed steps
        {"seed", "1"},        // of graph and state
        {"exchange", "persistent"},
        {"ranks_per_node", "0"},  // 0: as MPI says
        {"island_nodes", "0"},    // nodes between which there is full bandwidth; 0: all
        {"island_gb_per_s", "25"},
        {"fit", "0"},           // 1: prints costs of exchanges as kind = "scaling" fits them
        {"costs", ""},          // such costs: a projection of the step is printed
        {"agent_ns", "37.93"},  // simulated: a step of an agent
        {"arc_ns", "4.587"},    // and of an arc into it
        {"byte_ns", "0.14"},    // and of a byte that is copied into or out of a message
    };
    static std::string names() {
        std::string text;
        for (const auto& [name, value] : defaults) text += (text.empty() ? "" : ", ") + name;
        return text;
    }
    std::map<std::string, std::string> values_;
};

/// 8 neighbours for each agent. The torus is 64 wide, so that blocks of a rank keep their border
/// when it grows; the nested graph has groups of 64, of which each agent knows 6, and 2 elsewhere.
topology::Spec spec_of(const std::string& name, AgentId agents, std::uint64_t seed) {
    constexpr AgentId width = 64;
    topology::Spec spec;
    spec.seed = seed;
    if ((name == "torus" || name == "nested") && agents % width != 0) {
        throw usage_error("agents must be a multiple of 64 for a torus and a nested graph");
    }
    if (name == "torus") {
        spec.generator = "torus";
        spec.set("shape", {agents / width, width});
        spec.set("neighbourhood", "moore");
    } else if (name == "nested") {
        spec.generator = "nested";
        topology::Spec groups, members;
        groups.generator = members.generator = "random-regular";
        groups.agents = agents / width;
        groups.set("degree", std::int64_t{2});
        members.agents = width;
        members.set("degree", std::int64_t{6});
        groups.share = 0.25;
        members.share = 0.75;
        spec.levels = {groups, members};
    } else if (name == "small-world") {
        spec.generator = "watts-strogatz";
        spec.agents = agents;
        spec.set("degree", std::int64_t{8});
        spec.set("rewire", 0.1);
    } else if (name == "random-regular") {
        spec.generator = name;
        spec.agents = agents;
        spec.set("degree", std::int64_t{8});
    } else {
        throw usage_error("graph '" + name +
                          "' is none of torus, small-world, random-regular, nested");
    }
    return spec;
}

mpi::ExchangeKind exchange_of(const std::string& name) {
    const auto at = std::ranges::find(mpi::exchange_words, name);
    if (at != mpi::exchange_words.end()) {
        return static_cast<mpi::ExchangeKind>(at - mpi::exchange_words.begin());
    }
    throw usage_error("exchange '" + name +
                      "' is none of auto, persistent, neighbour, dense, node");
}

/// The time of one of some exchanges in a row with nothing to hide them.
double seconds_of(mpi::HaloExchange& exchange, const mpi::Communicator& comm) {
    constexpr int in_a_row = 2;
    comm.barrier();
    const double begun = MPI_Wtime();
    for (int i = 0; i < in_a_row; ++i) {
        // As steps do. To start the same messages again without a barrier can end as a deadlock in
        // SMPI 3.32.
        exchange.start(i % 2);
        exchange.finish(i % 2);
    }
    const double ended = MPI_Wtime();
    // As with steps: the clock is one for all ranks of a simulation.
    return (comm.max(ended) - comm.max(begun)) / in_a_row;
}

/// What kind = "scaling" does: costs of an exchange, a message, a byte and one that leaves its node
/// are fitted to the exchange of the graph and to rings of messages of 64 bytes to 4 MiB.
measure::ExchangeCosts fitted_costs(const mpi::HaloPlan& plan, std::size_t unit_bytes,
                                    const mpi::Communicator& comm, const mpi::Communicator& node,
                                    const measure::Islands& islands, double crossing) {
    const auto time = [&](const mpi::HaloPlan& one, std::size_t bytes) {
        std::vector<std::byte> memory(
            static_cast<std::size_t>(one.first_ghost + one.received_units()) * bytes);
        std::byte* const ghosts = memory.data() + static_cast<std::size_t>(one.first_ghost) * bytes;
        const auto exchange =
            mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm, one, bytes,
                                    {memory.data(), memory.data()}, ghosts);
        const auto load = measure::exchange_load(one, bytes, comm, node, islands);
        return measure::ExchangeSample{load, seconds_of(*exchange, comm)};
    };
    constexpr std::size_t ring_unit = 64;
    std::vector<measure::ExchangeSample> samples;
    for (const auto& one : comm.all_gather(time(plan, unit_bytes))) samples.push_back(one);
    for (const auto& ring : mpi::ring_plans(comm, node)) {
        samples.push_back(time(ring, ring_unit));
    }
    return measure::fit_exchange(samples, crossing);
}

/// Numbers that are separated by commas: constant, message, byte, byte that leaves, overlap.
measure::CostModel parsed_costs(const std::string& text) {
    measure::CostModel model;
    auto& exchange = model.exchange;
    if (std::sscanf(text.c_str(), "%lf,%lf,%lf,%lf,%lf", &exchange.constant, &exchange.message,
                    &exchange.byte, &exchange.leaving, &model.overlap) != 5) {
        throw usage_error("costs '" + text + "' are not five numbers");
    }
    return model;
}

std::string text_of(const measure::CostModel& model) {
    const auto& exchange = model.exchange;
    std::string text;
    for (const double cost :
         {exchange.constant, exchange.message, exchange.byte, exchange.leaving, model.overlap}) {
        std::array<char, 32> number{};
        std::snprintf(number.data(), number.size(), "%.9g", cost);
        text += (text.empty() ? "" : ",") + std::string(number.data());
    }
    return text;
}

/// All ranks of a process have the same topology, which they only read.
const topology::Topology& shared_topology(const topology::Spec& spec) {
    static const std::unique_ptr<topology::Topology> topology = topology::make(spec);
    return *topology;
}

int run(const Options& options, const mpi::Communicator& comm) {
    const std::string graph_name = options.word("graph");
    const auto seed = static_cast<std::uint64_t>(options.integer("seed"));
    const topology::Topology& topology =
        shared_topology(spec_of(graph_name, options.integer("agents"), seed));
    costs() = {options.number("agent_ns"), options.number("arc_ns"), options.number("byte_ns")};

    const auto partition = partition::Partition::block(topology.agents(), comm.size());
    model::Spec spec;
    spec.noise = 0.1;
    const simulation::ExchangeOptions exchange{exchange_of(options.word("exchange")), true,
                                               options.integer("ranks_per_node")};
    simulation::Simulation<double> simulation(
        spec, seed, network::DistributedGraph<double>::build(topology, partition, comm), comm,
        exchange, [](const std::string&, std::int64_t, std::span<const AgentId>) {
            return std::vector<double>{};
        });

    const std::int64_t steps = options.integer("steps");
    const double charged_before = charged_seconds(comm.rank());
    comm.barrier();
    // The clock of a simulation is one for all ranks, which leave the barrier at different times.
    const double begun = MPI_Wtime();
    for (std::int64_t i = 0; i < steps; ++i) simulation.step(0.05, nullptr);
    const double ended = MPI_Wtime();
    const double step = (comm.max(ended) - comm.max(begun)) / static_cast<double>(steps);
    const double compute =
        (charged_seconds(comm.rank()) - charged_before) / static_cast<double>(steps);

    const double slowest_compute = comm.max(compute);
    const std::int64_t sent = simulation.exchange()->messages_sent();
    const std::int64_t bytes = simulation.exchange()->bytes_sent();
    const std::int64_t messages = comm.sum(sent), messages_max = comm.max(sent);
    const std::int64_t all_bytes = comm.sum(bytes), bytes_max = comm.max(bytes);
    const std::int64_t interior = comm.min(std::int64_t{simulation.graph().interior()});
    const std::int64_t ghosts = comm.sum(simulation.graph().plan().received_units());
    const std::uint64_t hash = simulation.state_hash();

    const auto unit_bytes =
        static_cast<std::size_t>(simulation.graph().halves_per_unit() * simulation.state().width) *
        sizeof(double);
    const auto node = comm.split_by_node(static_cast<int>(exchange.ranks_per_node));
    const auto& graph = simulation.graph();
    const measure::Islands islands = {.nodes = options.integer("island_nodes")};
    const double crossing = 1e-9 / options.number("island_gb_per_s");
    measure::RankLoad load = measure::exchange_load(graph.plan(), unit_bytes, comm, node, islands);
    load.agents = static_cast<double>(graph.owned());
    load.interior = static_cast<double>(graph.interior());
    load.arcs = static_cast<double>(graph.arcs());
    measure::CostModel model;
    if (!options.word("costs").empty()) model = parsed_costs(options.word("costs"));
    if (options.integer("fit") != 0) {
        model.exchange = fitted_costs(graph.plan(), unit_bytes, comm, node, islands, crossing);
    }
    model.exchange.crossing = crossing;
    model.compute.per_unit = {options.number("agent_ns") * 1e-9, options.number("arc_ns") * 1e-9};
    const auto works = comm.all_gather(model.work(load));
    if (options.integer("fit") != 0) {
        const std::vector<measure::OverlapSample> taken = {{works, step}};
        model.overlap = measure::fit_overlap(taken);
    }
    const double projected = measure::step_seconds(works, model.overlap);
    if (comm.root()) {
        std::printf(
            "RESULT graph=%s ranks=%d agents=%lld steps=%lld exchange=%s step_us=%.3f "
            "compute_us=%.3f interior_min=%lld messages=%lld messages_max=%lld ghosts=%lld "
            "bytes=%lld bytes_max=%lld projected_us=%.3f costs=%s hash=%016llx\n",
            graph_name.c_str(), comm.size(), static_cast<long long>(topology.agents()),
            static_cast<long long>(steps), options.word("exchange").c_str(), step * 1e6,
            slowest_compute * 1e6, static_cast<long long>(interior),
            static_cast<long long>(messages), static_cast<long long>(messages_max),
            static_cast<long long>(ghosts), static_cast<long long>(all_bytes),
            static_cast<long long>(bytes_max), projected * 1e6, text_of(model).c_str(),
            static_cast<unsigned long long>(hash));
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace
}  // namespace motley::scale

int main(int argc, char** argv) {
    const motley::mpi::Environment environment(argc, argv);
    const auto comm = motley::mpi::Communicator::world();
    return motley::mpi::guarded(
        comm, [&] { return motley::scale::run(motley::scale::Options(argc, argv), comm); });
}
