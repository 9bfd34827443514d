// Data flow of a plan: the job's topology is made and partitioned as the run would do it;
// the parts are counted (rank_shares.cpp); their memory, the disk and the time follow from these
// counts and from a short probe of the speed. The request to a batch system follows from the
// plan (batch_needs.cpp). Comparisons, which have many runs, start from cheaper estimates
// (estimate.cpp).
#include "motley/experiment/plan/plan.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "motley/core/machine.hpp"
#include "motley/experiment/plan/estimate.hpp"
#include "motley/experiment/plan/rank_shares.hpp"
#include "motley/measure/quantities.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/simulation/simulation.hpp"
#include "motley/topology/shared_file.hpp"
#include "weighted_arcs.hpp"

namespace motley::experiment {
namespace {

bool per_agent_resource(const model::Spec& model) {
    return !model::is_common(model.resource) || model::resources_change(model) || model.fallible;
}

/// Whether the search for the optimum looks ahead and has momentum.
bool accelerates(const job::Run& job, const topology::Topology& topology) {
    return job.solve.mode == simulation::Mode::optimum && job.solve.acceleration &&
           job.model.growth_rate == 0.0 && topology.hosts() == topology.agents();
}

/// Bytes that making the topology takes in addition to the process before; the same on all ranks of
/// a run.
struct Making {
    std::int64_t peak = 0;  ///< while it was made
    std::int64_t held = 0;  ///< afterwards, until the network is built
    bool shared = false;    ///< each rank has a share of the arcs of a file
};

/// Makes the topology and measures the memory, because the need of a file depends on its format and
/// on the names in it.
Making make_and_watch(const job::Run& job, std::unique_ptr<topology::Topology>& topology) {
    const std::int64_t before = current_memory(), highest = peak_memory();
    topology = topology::make(job.topology);
    const bool weighted = network::storage_for(job.model) == network::ArcStorage::weighted;
    if (weighted && !topology->traits().pool) {
        topology = std::make_unique<WeightedArcs>(std::move(topology));
    }
    Making making;
    making.held = std::max<std::int64_t>(current_memory() - before, 0);
    // The peak of the process says nothing where an earlier topology of this process was larger.
    making.peak = peak_memory() > highest ? peak_memory() - before : making.held;
    return making;
}

/// The same where each rank has a share of the arcs of a file, and all names. `alone` is what one
/// rank needs who reads all of it.
Making make_in_shares(const topology::Topology& topology, topology::Reading reading,
                      const Making& alone, int ranks) {
    const topology::Traits traits = topology.traits();
    const std::int64_t edges =
        traits.expected_arcs / (traits.symmetric_uniform ? 2 : 1) / ranks;  // at most
    const std::int64_t numbers = traits.symmetric_uniform ? 0 : 16;
    constexpr std::int64_t row = 24, ends = 8, name = 32;
    const std::int64_t names = name * std::ssize(topology.names());
    const std::int64_t held = (ends + numbers) * edges + names;
    if (reading == topology::Reading::slices) return {row * edges + held, held, true};
    constexpr std::int64_t packed = 32;  // and another time while they travel
    return {alone.peak + packed * traits.expected_arcs, held + ends * edges, true};
}

/// Bytes of arcs while they are sent to their owners: all that have arrived, and per round those
/// that are packed (a vector that grew), received and copied; or while they are put into rows.
std::int64_t gathering(const RankShare& share, std::int64_t directions, int ranks) {
    constexpr std::int64_t arcs_per_round = std::int64_t{1} << 21;
    const std::int64_t entry = directions == 1 ? 8 : 24, kept = directions == 1 ? 4 : 24;
    const std::int64_t round = std::min(share.arcs, arcs_per_round);
    const std::int64_t travelling = ranks == 1 ? 3 * entry / 2 * round : 7 * entry / 2 * round;
    return entry * share.arcs + std::max(travelling, kept * share.arcs);
}

/// Bytes that one rank holds at its peak, beyond the process itself: what network/build.cpp
/// (set-up), simulation/simulation.cpp (state) and record (slabs of 1 MB in four copies) allocate.
std::int64_t predict_memory(const RankShare& share, const job::Run& job,
                            const topology::Topology& topology, const Making& making, int ranks) {
    const auto traits = topology.traits();
    const bool single = job.model.precision == model::Precision::single;
    const std::int64_t real = single ? 4 : 8;
    const std::int64_t width = single ? model::padded_tasks<float>(job.model.tasks)
                                      : model::padded_tasks<double>(job.model.tasks);
    const std::int64_t n = share.agents;
    std::int64_t network = 8 * n, setup = 0, again = 0;
    std::int64_t messages = 2 * n * width * real;
    if (!traits.complete) {
        const std::int64_t directions = traits.symmetric_uniform ? 1 : 2;
        const std::int64_t unit = (traits.symmetric_uniform ? 2 : 1) * width * real;
        const std::int64_t per_arc = 4 + (traits.symmetric_uniform ? 0 : real);
        network += directions * (8 * n + per_arc * share.arcs) + 8 * share.ghosts + 4 * share.sent;
        // The rows that a symmetric graph sends to a single neighbour are contiguous, and not
        // packed.
        const bool packs = !traits.symmetric_uniform || share.messages > 1;
        messages = 4 * n * width * real + (share.ghosts + (packs ? share.sent : 0)) * unit;
        // While rows are built: ids, flags and local places, and for generated or read arcs the
        // entries that arrived (twice where they travelled) and the rows by global id.
        setup = (8 + 1 + 4) * n + (8 + 8 + 4) * share.ghosts + (8 + 12) * share.sent;
        again = setup + gathering(share, directions, ranks);
        if (!topology.has_rows() || making.shared) setup += gathering(share, directions, ranks);
    }
    std::int64_t state = 2 * n * width * real + messages;
    if (!model::is_common(job.model.demand)) state += n * width * real;
    if (per_agent_resource(job.model)) state += n * real;
    if (job.model.growth_rate > 0.0) state += 3 * 8 * n;
    // Shares, worths, survivals, and the exchange of weights.
    if (job.model.routing_rate > 0.0) state += (8 + 8 + real + 2 * real + 4 + 24) * share.arcs;
    // Shares, survivals, marks and passages, and the exchange of weights; marks and resources.
    if (job.model.arcs_change) state += (8 + real + 8 + 1 + 2 * real + 4) * share.arcs;
    if (job.model.fallible || job.model.arcs_change) state += (8 + 8 + 8 + 2) * n;
    if (job.model.migration > 0.0) state += (8 + 2 * 8 * 2) * n;
    const bool log = job.model.welfare == model::Welfare::log;
    const bool opens = job.model.openness_rate > 0.0;
    if (log) state += 8 * n;
    if (accelerates(job, topology)) state += n * (width + 1) * real;
    if (opens) state += n * real;
    const bool routes = job.model.routing_rate > 0.0;
    if ((log || opens || routes || !job.model.relay) && !traits.pool) state += 2 * n * width * real;
    const std::int64_t slab =
        std::min<std::int64_t>(n * job.model.tasks * 8, std::int64_t{1} << 20);
    // An attack keeps the topology, the solved system and the settled one, and builds what is left
    // beside them; every rank has the order of all agents, who owns them, and what they earn.
    std::int64_t attacked = 0;
    if (job.attack) {
        attacked = making.held + 2 * (network + state + n * real) + network +
                   std::max(again, state + n * real) + 64 * topology.agents();
    }
    // An epoch builds the new graph beside the old one, from a list of all arcs and their rows by
    // source and target; what it frees stays with the process.
    std::int64_t rewired = 0;
    if (job.topology.rewires()) rewired = 2 * network + state + (32 + 24 + 40) * share.arcs + again;
    return std::max({making.peak, making.held + network + setup, network + state + 4 * slab,
                     attacked, rewired});
}

/// Agent-steps/s of one rank, from a few steps of a ring with the job's tasks, degree and
/// precision.
template <class Real>
double probe(const job::Run& job, std::int64_t agents, std::int64_t degree) {
    constexpr AgentId largest = 100000;
    topology::Spec spec;
    const AgentId probed = std::clamp<AgentId>(agents, 64, largest);
    spec.agents = probed;
    spec.set("degree", std::clamp<std::int64_t>(degree / 2 * 2, 2, 32));
    spec.generator = "ring";
    const auto self = mpi::Communicator::alone();
    const auto topology = topology::make(spec);
    auto network = network::DistributedGraph<Real>::build(
        *topology, partition::Partition::block(probed, 1), self, network::storage_for(job.model));
    model::Spec model = job.model;
    model.capability = {};
    model.resource = {};
    model.demand = {};
    model.demand.kind = model::Distribution::Kind::uniform;
    // A ring has no levels.
    if (model.growth_scope == model::GrowthScope::group) {
        model.growth_scope = model::GrowthScope::global;
    }
    model.migration_level.clear();
    model.allocation = model::FirstAllocation::even;
    if (job.topology.generator == "pool") model.openness = model::Spec{}.openness;
    simulation::Simulation<Real> simulation(model, 1, std::move(network), self, {}, {});
    simulation.step(0.01, nullptr);
    const auto start = std::chrono::steady_clock::now();
    std::int64_t steps = 0;
    double seconds = 0.0;
    while (seconds < 0.3) {
        for (int i = 0; i < 9; ++i) simulation.step(0.01, nullptr);
        simulation.measured_step(0.01);
        steps += 10;
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    return static_cast<double>(probed * steps) / seconds;
}

std::int64_t predict_disk(const job::Run& job, AgentId agents, std::int64_t arcs,
                          std::int64_t steps) {
    const std::int64_t real = job.model.precision == model::Precision::single ? 4 : 8;
    const std::int64_t tasks = job.model.tasks;
    std::int64_t bytes = agents * (8 + (4 * tasks + 2) * real);
    if (job.output.snapshots > 0) {
        bytes += steps / job.output.snapshots * agents * (8 + 2 * tasks * real);
    }
    if (job.output.topology) bytes += 40 * arcs;
    if (job.output.partition) bytes += 16 * agents;
    constexpr std::int64_t series_columns = 1 + std::int64_t{measure::quantities.size()};
    return bytes + (steps / job.output.every + 2) * series_columns * (8 + 24) + (64 << 10);
}

/// Bytes of one checkpoint: its rows of agents. The series is small compared with them.
std::int64_t predict_checkpoint(const job::Run& job, const topology::Topology& topology) {
    const std::int64_t real = job.model.precision == model::Precision::single ? 4 : 8;
    std::int64_t row = 8 + 3 * job.model.tasks * real;
    // Momentum and the messages of the step before; sums over all agents have no such messages.
    if (accelerates(job, topology)) row += (3 * job.model.tasks + 1) * real;
    if (job.model.learning_rate > 0.0) row += job.model.tasks * real;
    if (model::resources_change(job.model)) row += real;
    if (job.model.openness_rate > 0.0) row += real;
    if (job.model.welfare == model::Welfare::log) row += 8;
    if (job.model.fallible) row += 16;
    if (job.model.fallible || job.model.arcs_change) row += 8;
    return topology.agents() * row + (std::int64_t{32} << 10);
}

/// Adds the counts of all ranks together, and the memory of each.
void add_shares(const job::Run& job, const topology::Topology& topology, const Making& making,
                std::int64_t process, RunPlan& plan) {
    const auto ranks = static_cast<int>(plan.shares.size());
    const bool single = job.model.precision == model::Precision::single;
    const std::int64_t row = single ? 4 * model::padded_tasks<float>(job.model.tasks)
                                    : 8 * model::padded_tasks<double>(job.model.tasks);
    const std::int64_t ghost_bytes = row * (topology.traits().symmetric_uniform ? 2 : 1);
    for (auto& share : plan.shares) {
        share.memory = process + predict_memory(share, job, topology, making, ranks);
        plan.arcs += share.arcs;
        plan.ghosts += share.ghosts;
        plan.bytes_per_step += share.ghosts * ghost_bytes;
        plan.memory_max = std::max(plan.memory_max, share.memory);
        plan.memory_total += share.memory;
    }
}

void add_time(const job::Run& job, const topology::Topology& topology, RunPlan& plan) {
    const std::int64_t degree = topology.traits().complete ? 2 : plan.arcs / plan.agents;
    const bool single = job.model.precision == model::Precision::single;
    const std::int64_t largest =
        std::ranges::max_element(plan.shares, {}, &RankShare::agents)->agents;
    plan.rate =
        single ? probe<float>(job, plan.agents, degree) : probe<double>(job, plan.agents, degree);
    plan.seconds = static_cast<double>(largest) * static_cast<double>(plan.steps) / plan.rate;
    plan.attack_points = job.attack ? job.attack->all_points() : 0;
    plan.attack_seconds = static_cast<double>(largest) * attack_steps(job) / plan.rate;
    plan.seconds += plan.attack_seconds;
    plan.seconds += static_cast<double>(largest) * change_steps(job) / plan.rate;
}

}  // namespace

RunPlan plan(const job::Run& job, int ranks, const mpi::Communicator& comm) {
    RunPlan plan;
    // Libraries touch more memory when they work: shared memory of MPI, caches of HDF5.
    constexpr std::int64_t working = std::int64_t{5} << 20;
    // A plan may be made without MPI; Open MPI 4.1 adds so much to a rank that starts alone.
    constexpr std::int64_t library = std::int64_t{8} << 20;
    const bool without = comm.native() == MPI_COMM_NULL;
    const std::int64_t process = current_memory() + working + (without ? library : 0);
    std::unique_ptr<topology::Topology> topology;
    Making making;
    mpi::together(comm, [&] {
        making = make_and_watch(job, topology);
        const topology::Reading reading = topology::reading_of(job.topology);
        if (reading == topology::Reading::slices ||
            (reading == topology::Reading::one && ranks > 1)) {
            making = make_in_shares(*topology, reading, making, ranks);
        }
    });
    const auto partition = partition::make(job.partition, *topology, comm, ranks);
    mpi::together(comm, [&] {
        plan.agents = topology->agents();
        plan.shares = rank_shares(*topology, partition, 0, {});
        plan.steps =
            job.solve.mode == simulation::Mode::optimum ? job.solve.max_steps : job.solve.steps;
        add_shares(job, *topology, making, process, plan);
        plan.disk = predict_disk(job, plan.agents, plan.arcs, plan.steps);
        plan.checkpoint = predict_checkpoint(job, *topology);
        add_time(job, *topology, plan);
    });
    return plan;
}

}  // namespace motley::experiment
