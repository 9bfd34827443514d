#include "scaling_measure.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "motley/core/clock.hpp"
#include "motley/mpi/ring_plans.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/record/record.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {
namespace {

/// One case in the precision `Real`.
template <class Real>
class CaseTimer {
  public:
    CaseTimer(const job::Run& job, const mpi::Communicator& group)
        : job_(job), group_(group), simulation_(build()) {}

    ScalingCase run(const std::string& directory, std::vector<RankSample>& samples) {
        constexpr int warm_up = 3;
        for (int i = 0; i < warm_up; ++i) simulation_.step(job_.solve.rate, nullptr);
        time_steps();
        add_phase("compute", best_.compute);
        add_phase("pack", best_.pack);
        add_phase("wait", best_.wait);
        time_reduction();
        time_output(directory);
        collect(samples);
        return case_;
    }

  private:
    struct Times {
        double step = 0.0, compute = 0.0, pack = 0.0, wait = 0.0;
    };

    simulation::Simulation<Real> build() {
        std::unique_ptr<topology::Topology> topology;
        mpi::together(group_, [&] { topology = topology::make(job_.topology); });
        case_.ranks = group_.size();
        case_.agents = topology->agents();
        const auto names = topology->names();
        const auto partition = partition::make(job_.partition, *topology, group_);
        const AgentId hosts = topology->hosts();
        return {job_.model,
                job_.seed,
                network::DistributedGraph<Real>::build(*topology, partition, group_,
                                                       network::storage_for(job_.model)),
                group_,
                job_.exchange,
                [names, hosts](const std::string& path, std::int64_t width,
                               std::span<const AgentId> ids) {
                    return record::read_table(path, width, hosts, ids, names);
                }};
    }

    Times repetition() {
        const simulation::PhaseSeconds before = simulation_.seconds();
        group_.barrier();
        const auto start = Clock::now();
        for (std::int64_t i = 0; i < job_.scaling.steps; ++i) {
            simulation_.step(job_.solve.rate, nullptr);
        }
        const double own = seconds_since(start);
        const auto& after = simulation_.seconds();
        const auto steps = static_cast<double>(job_.scaling.steps);
        return {group_.max(own) / steps, (after.compute - before.compute) / steps,
                (after.pack - before.pack) / steps, (after.wait - before.wait) / steps};
    }

    void time_steps() {
        double slowest = 0.0;
        for (std::int64_t i = 0; i < job_.scaling.repetitions; ++i) {
            const Times times = repetition();
            if (i == 0 || times.step < best_.step) best_ = times;
            slowest = std::max(slowest, times.step);
        }
        case_.step_seconds = best_.step;
        case_.spread = slowest / best_.step - 1.0;
    }

    void time_reduction() {
        const double before = simulation_.seconds().reduce;
        simulation_.measured_step(job_.solve.rate);
        add_phase("reduce", simulation_.seconds().reduce - before);
    }

    void time_output(const std::string& directory) {
        const std::string path = directory + "/probe.h5";
        group_.barrier();
        const auto start = Clock::now();
        {
            record::RunFile file(group_, path, simulation_.graph().agents(), job_.model.tasks,
                                 simulation_.graph().ids(), {job_.output.compression});
            const auto& state = simulation_.state();
            file.write_agents(
                "final", {{"allocation", "1", "share of the effort by task x", job_.model.tasks,
                           std::is_same_v<Real, float>,
                           [&state](std::int64_t first, std::int64_t count, double* out) {
                               for (std::int64_t i = first; i < first + count; ++i) {
                                   const Real* row = state.allocation.data() + i * state.width;
                                   out = std::copy_n(row, state.tasks, out);
                               }
                           }}});
            file.commit();
        }
        add_phase("output", seconds_since(start));
        mpi::on_root(group_, [&] { std::filesystem::remove(path); });
    }

    void add_phase(const std::string& name, double seconds) {
        const auto all = group_.all_gather(seconds);
        PhaseSpread spread{name, all[0], 0.0, all[0], 0};
        for (std::size_t r = 0; r < all.size(); ++r) {
            spread.least = std::min(spread.least, all[r]);
            spread.mean += all[r] / static_cast<double>(all.size());
            if (all[r] > spread.most) spread.slowest = static_cast<int>(r);
            spread.most = std::max(spread.most, all[r]);
        }
        case_.phases.push_back(spread);
    }

    void collect(std::vector<RankSample>& samples) {
        RankSample own;
        const auto& graph = simulation_.graph();
        std::int64_t messages = 0, bytes = 0;
        if (const auto* exchange = simulation_.exchange()) {
            messages = exchange->messages_sent();
            bytes = exchange->bytes_sent();
            const auto numbers = graph.halves_per_unit() * simulation_.state().width;
            const auto node = group_.split_by_node(static_cast<int>(job_.exchange.ranks_per_node));
            own.load = measure::exchange_load(graph.plan(),
                                              static_cast<std::size_t>(numbers) * sizeof(Real),
                                              group_, node, islands_of(job_.scaling));
            // The cost model is that of messages from rank to rank.
            if (from_rank_to_rank(job_.exchange) && own.load.messages > 0.0) {
                own.exchange_alone = simulation_.seconds().exchange_alone;
            }
        }
        own.load.agents = static_cast<double>(graph.owned());
        own.load.interior = static_cast<double>(graph.interior());
        own.load.arcs = graph.has_arcs() ? static_cast<double>(graph.arcs()) : 0.0;
        own.compute = best_.compute;
        case_.arcs = group_.sum(graph.arcs());
        case_.rank_messages = group_.sum(messages);
        case_.rank_bytes = group_.sum(bytes);
        const auto all = group_.all_gather(own);
        samples.insert(samples.end(), all.begin(), all.end());
    }

    const job::Run& job_;
    const mpi::Communicator& group_;
    ScalingCase case_;
    simulation::Simulation<Real> simulation_;
    Times best_;
};

}  // namespace

bool from_rank_to_rank(const simulation::ExchangeOptions& exchange) {
    return exchange.kind != mpi::ExchangeKind::node &&
           exchange.kind != mpi::ExchangeKind::automatic;
}

measure::Islands islands_of(const job::Scaling& scaling) {
    if (!scaling.islands) return {};
    return {.nodes = scaling.islands->nodes,
            .shared_link = scaling.islands->links == job::Islands::Links::shared};
}

ScalingCase measure_case(const job::Run& job, const std::string& directory,
                         const mpi::Communicator& group, std::vector<RankSample>& samples) {
    if (job.model.precision == model::Precision::single) {
        return CaseTimer<float>(job, group).run(directory, samples);
    }
    return CaseTimer<double>(job, group).run(directory, samples);
}

std::vector<RankSample> measure_messages(const mpi::Communicator& comm, int ranks_per_node,
                                         const measure::Islands& islands) {
    const mpi::Communicator node = comm.split_by_node(ranks_per_node);
    std::vector<RankSample> samples;
    constexpr std::size_t unit_bytes = 64;
    constexpr int repetitions = 20;
    for (const mpi::HaloPlan& plan : mpi::ring_plans(comm, node)) {
        std::vector<std::byte> buffer(
            static_cast<std::size_t>(plan.first_ghost + plan.received_units()) * unit_bytes);
        const auto exchange = mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm, plan,
                                                      unit_bytes, buffer.data());
        double best = 0.0;
        for (int i = 0; i < repetitions; ++i) {
            comm.barrier();
            const auto start = Clock::now();
            exchange->start(0);
            exchange->finish(0);
            const double seconds = comm.max(seconds_since(start));
            if (i == 0 || seconds < best) best = seconds;
        }
        samples.push_back({.load = measure::exchange_load(plan, unit_bytes, comm, node, islands),
                           .exchange_alone = best});
    }
    return samples;
}

}  // namespace motley::experiment
