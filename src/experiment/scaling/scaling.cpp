// Data flow of a scaling experiment: the job is measured on 1, 2, 4, ... ranks
// (scaling_measure.cpp); costs per agent, arc, message and byte are fitted to the samples of all
// ranks; they are applied to the partition into any number of parts (experiment/plan), which gives
// predictions of the cases and projections; tables and the report follow.
#include "motley/experiment/scaling/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include "motley/core/machine.hpp"
#include "motley/experiment/plan/rank_shares.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/partition/versions.hpp"
#include "motley/record/status_file.hpp"
#include "motley/simulation/simulation.hpp"
#include "scaling_measure.hpp"
#include "scaling_report.hpp"

namespace motley::experiment {
namespace {

std::vector<int> rank_counts(const job::Scaling& scaling, int available) {
    std::set<int> counts;
    for (const std::int64_t ranks : scaling.ranks) {
        if (ranks > available) {
            throw usage_error(fmt::format(
                "scaling.ranks: {} ranks are asked for, but there are {}; start more, or use "
                "scaling.project for machines that are not there",
                ranks, available));
        }
        counts.insert(static_cast<int>(ranks));
    }
    if (counts.empty()) {
        for (int ranks = 1; ranks < available; ranks *= 2) counts.insert(ranks);
        counts.insert(available);
    }
    return {counts.begin(), counts.end()};
}

/// The job with `ranks` times as many agents.
job::Run grown(job::Run job, int ranks) {
    if (job.topology.has("shape")) {
        std::vector<std::int64_t> sides = job.topology.integers("shape");
        sides.front() *= ranks;
        job.topology.set("shape", sides);
    } else if (!job.topology.levels.empty() && job.topology.levels.front().agents) {
        *job.topology.levels.front().agents *= ranks;
    } else if (job.topology.agents) {
        *job.topology.agents *= ranks;
    } else {
        throw usage_error(
            "scaling.weak: this topology has no size that could grow with the ranks; set "
            "scaling.weak = false");
    }
    return job;
}

/// The same agents without any arc, so that the cost of agents and that of arcs can be separated.
job::Run without_arcs(const job::Run& job, AgentId agents) {
    job::Run alone = job;
    alone.topology = {};
    alone.topology.generator = "isolated";
    alone.topology.agents = agents;
    alone.partition = {};
    for (auto* table : {&alone.model.capability, &alone.model.resource, &alone.model.demand}) {
        if (table->kind == model::Distribution::Kind::file) *table = {};
    }
    return alone;
}

measure::CostModel fit(const std::vector<RankSample>& samples, const job::Scaling& scaling) {
    std::vector<measure::CostSample> compute;
    std::vector<measure::ExchangeSample> exchange;
    for (const auto& s : samples) {
        if (s.compute > 0.0) {
            compute.push_back({measure::CostModel::compute_units(s.load), s.compute});
        }
        exchange.push_back({s.load, s.exchange_alone});
    }
    const double crossing = scaling.islands ? 1e-9 / scaling.islands->link_gb_per_s : 0.0;
    return {measure::fit_costs(compute), measure::fit_exchange(exchange, crossing)};
}

/// The kind of a measurement: strong or weak scaling, or agents without arcs, which is no case.
enum class Measured { strong, weak, without_arcs };

const char* text_of(Measured what) {
    return what == Measured::strong ? "strong scaling"
           : what == Measured::weak ? "weak scaling"
                                    : "agents without arcs";
}

/// Measures every case on the first ranks of `comm`; all ranks get the samples.
class Measurements {
  public:
    Measurements(const std::string& directory, const mpi::Communicator& comm,
                 const Console& console)
        : directory_(directory), comm_(comm), console_(console) {}

    void add(const job::Run& job, int ranks, Measured what) {
        if (!console_.quiet && comm_.root()) {
            std::fprintf(stderr, "%s on %d rank%s\n", text_of(what), ranks, ranks == 1 ? "" : "s");
        }
        const auto group = comm_.split(comm_.rank() < ranks ? 0 : -1, comm_.rank());
        ScalingCase found;
        std::vector<RankSample> samples;
        if (comm_.rank() < ranks) found = measure_case(job, directory_, group, samples);
        share(samples);
        if (what == Measured::without_arcs) return;
        found.weak = what == Measured::weak;
        found.ranks = ranks;
        cases_.push_back(found);
    }
    void add_messages(const job::Run& job) {
        share(measure_messages(comm_, static_cast<int>(job.exchange.ranks_per_node),
                               islands_of(job.scaling)));
    }

    const std::vector<RankSample>& samples() const { return samples_; }
    /// Complete on rank 0, which takes part in every case.
    std::vector<ScalingCase>& cases() { return cases_; }

  private:
    /// Adds the samples that rank 0 has on every rank.
    void share(const std::vector<RankSample>& samples) {
        const auto all = comm_.broadcast(samples);
        samples_.insert(samples_.end(), all.begin(), all.end());
    }

    const std::string& directory_;
    const mpi::Communicator& comm_;
    const Console& console_;
    std::vector<RankSample> samples_;
    std::vector<ScalingCase> cases_;
};

/// Predicts the time of a step on any number of ranks from the partition that the run would have.
class Projector {
  public:
    /// So many consecutive ranks are on a node; 0: all of them.
    Projector(const job::Run& job, const measure::CostModel& costs, int ranks_per_node,
              const mpi::Communicator& comm)
        : job_(job), costs_(costs), ranks_per_node_(ranks_per_node), comm_(comm) {
        mpi::together(comm_, [&] { topology_ = topology::make(job_.topology); });
        const std::int64_t number = job_.model.precision == model::Precision::single ? 4 : 8;
        const auto width = job_.model.precision == model::Precision::single
                               ? model::padded_tasks<float>(job_.model.tasks)
                               : model::padded_tasks<double>(job_.model.tasks);
        unit_bytes_ =
            static_cast<double>(width * number * (topology_->traits().symmetric_uniform ? 2 : 1));
    }

    /// Collective. What each rank would do in a step.
    std::vector<measure::StepWork> work(int ranks) const {
        std::vector<measure::StepWork> all;
        for (const RankShare& share : shares_of(ranks)) all.push_back(work_of(share));
        return all;
    }

    /// Collective.
    Projection project(int ranks) const {
        const auto shares = shares_of(ranks);
        Projection result;
        result.ranks = ranks;
        std::int64_t largest = 0;
        for (const auto& share : shares) {
            largest = std::max(largest, share.agents);
            if (seconds(share) < result.step_seconds) continue;
            result.step_seconds = seconds(share);
            result.slowest = share;
        }
        if (result.step_seconds > 0.0) {
            result.exchange_share = 1.0 - work_of(result.slowest).compute / result.step_seconds;
        }
        result.imbalance = static_cast<double>(largest) * ranks /
                           static_cast<double>(std::max<AgentId>(topology_->agents(), 1));
        return result;
    }

  private:
    std::vector<RankShare> shares_of(int ranks) const {
        auto spec = job_.partition;
        if (spec.method == partition::Method::file) spec.method = partition::Method::block;
        const auto partition = partition::make(spec, *topology_, comm_, ranks);
        std::vector<RankShare> shares;
        mpi::together(comm_, [&] {
            shares = rank_shares(*topology_, partition, ranks_per_node_, islands_of(job_.scaling));
        });
        return shares;
    }
    measure::StepWork work_of(const RankShare& share) const {
        return costs_.work(
            {.agents = static_cast<double>(share.agents),
             .interior = static_cast<double>(share.interior),
             .arcs = topology_->traits().complete ? 0.0 : static_cast<double>(share.arcs),
             .messages = static_cast<double>(share.messages),
             .bytes = static_cast<double>(share.sent) * unit_bytes_,
             .leaving = static_cast<double>(share.leaving) * unit_bytes_,
             .crossing = static_cast<double>(share.crossing) * unit_bytes_});
    }
    double seconds(const RankShare& share) const { return work_of(share).seconds(costs_.overlap); }

    const job::Run& job_;
    const measure::CostModel& costs_;
    int ranks_per_node_;
    const mpi::Communicator& comm_;
    std::unique_ptr<topology::Topology> topology_;
    double unit_bytes_ = 0.0;
};

void add_efficiencies(std::vector<ScalingCase>& cases) {
    for (auto& one : cases) {
        const auto first = std::find_if(cases.begin(), cases.end(),
                                        [&](const auto& other) { return other.weak == one.weak; });
        const double ideal =
            one.weak ? first->step_seconds : first->step_seconds * first->ranks / one.ranks;
        one.efficiency = ideal / one.step_seconds;
    }
}

/// Fits the overlap to the measured steps, and says what the costs give for each.
void add_predictions(ScalingResult& result, const job::Run& job, int ranks_per_node,
                     const mpi::Communicator& comm) {
    std::vector<measure::OverlapSample> samples;
    for (const auto& one : result.cases) {
        const job::Run system = one.weak ? grown(job, one.ranks) : job;
        samples.push_back({Projector(system, result.costs, ranks_per_node, comm).work(one.ranks),
                           one.step_seconds});
    }
    // Rank 0 alone knows how long the steps took.
    result.costs.overlap = comm.broadcast(measure::fit_overlap(samples));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        result.cases[i].predicted = measure::step_seconds(samples[i].ranks, result.costs.overlap);
    }
}

std::string cases_csv(const std::vector<ScalingCase>& cases) {
    std::string text =
        "scaling,ranks,agents,arcs,step_seconds,spread,efficiency,predicted_seconds,"
        "messages_per_step,bytes_per_step";
    for (const auto& phase : cases.front().phases) {
        for (const char* what : {"min", "mean", "max", "slowest_rank"}) {
            text += fmt::format(",{}_{}", phase.phase, what);
        }
    }
    text += "\n";
    for (const auto& c : cases) {
        text += fmt::format("{},{},{},{},{:.9g},{:.4g},{:.6g},{:.9g},{},{}",
                            c.weak ? "weak" : "strong", c.ranks, c.agents, c.arcs, c.step_seconds,
                            c.spread, c.efficiency, c.predicted, c.rank_messages, c.rank_bytes);
        for (const auto& p : c.phases) {
            text += fmt::format(",{:.6g},{:.6g},{:.6g},{}", p.least, p.mean, p.most, p.slowest);
        }
        text += "\n";
    }
    return text;
}

std::string projections_csv(const std::vector<Projection>& projections) {
    std::string text =
        "ranks,step_seconds,efficiency,exchange_share,imbalance,slowest_agents,slowest_arcs,"
        "slowest_messages,slowest_units_sent\n";
    for (const auto& p : projections) {
        text += fmt::format("{},{:.9g},{:.6g},{:.6g},{:.6g},{},{},{},{}\n", p.ranks, p.step_seconds,
                            p.efficiency, p.exchange_share, p.imbalance, p.slowest.agents,
                            p.slowest.arcs, p.slowest.messages, p.slowest.sent);
    }
    return text;
}

/// What the figures do not say themselves. Collective.
std::vector<std::string> doubts(const job::Run& job, const mpi::NodeCounts& nodes,
                                const mpi::Communicator& comm) {
    std::vector<std::string> notes;
    const bool projects = std::ranges::any_of(
        job.scaling.project, [&](std::int64_t ranks) { return ranks > comm.size(); });
    if (comm.size() == 1) {
        if (projects) {
            notes.push_back(
                "one rank sends no messages: what they cost was not measured, and is not in the "
                "projections");
        }
        return notes;
    }
    if (projects && nodes.count == 1) {
        notes.push_back(
            "all ranks were on one node: what messages between nodes cost was not measured, and "
            "projections are those of one node with so many ranks");
    }
    const mpi::Communicator node = comm.split_by_node(0);
    Cores cores;
    for (const Cores& of_rank : node.all_gather(usable_cores())) cores |= of_rank;
    const auto usable = static_cast<int>(cores.count());
    const bool crowded = usable > 0 && usable < node.size();
    // The node with most ranks speaks, the lowest rank of those.
    const std::int64_t most = comm.max(crowded ? std::int64_t{node.size()} : 0);
    if (most > 0) {
        const bool speaks = crowded && node.size() == most;
        const auto speaker = comm.min(std::int64_t{speaks ? comm.rank() : comm.size()});
        notes.push_back(fmt::format(
            "{} ranks share {} of the processor's cores, so that a rank waits for its turn: costs "
            "of messages, efficiencies and projections say nothing about ranks with cores of "
            "their own",
            most, comm.broadcast(usable, static_cast<int>(speaker))));
    }
    if (!from_rank_to_rank(job.exchange)) {
        notes.push_back(fmt::format(
            "the cost model and projections are those of messages from rank to rank; the times of "
            "exchange.method = \"{}\" are not in them",
            mpi::exchange_words[static_cast<std::size_t>(job.exchange.kind)]));
    }
    return notes;
}

}  // namespace

ScalingResult scaling(const job::Run& job, const std::string& resolved_text,
                      const std::vector<std::string>& command, const mpi::Communicator& comm,
                      const Console& console) {
    ScalingResult result;
    result.directory = job.output.directory + "/" + job.name;
    const mpi::NodeCounts nodes =
        comm.count_nodes(comm.split_by_node(static_cast<int>(job.exchange.ranks_per_node)));
    result.notes = doubts(job, nodes, comm);
    const std::vector<int> counts = rank_counts(job.scaling, comm.size());
    if (job.scaling.weak) grown(job, 1);  // throws, before anything is made, where it cannot grow
    mpi::on_root(comm, [&] { record::make_directory(result.directory); });
    record::Status status;
    status.ranks = comm.size();
    status.provenance = record::run_provenance(comm, command, partition::library_versions());
    status.provenance.emplace_back("job", resolved_text);

    Measurements measurements(result.directory, comm, console);
    if (job.scaling.strong) {
        for (const int ranks : counts) measurements.add(job, ranks, Measured::strong);
    }
    if (job.scaling.weak) {
        for (const int ranks : counts) measurements.add(grown(job, ranks), ranks, Measured::weak);
    }
    AgentId agents = 0;
    mpi::together(comm, [&] { agents = topology::make(job.topology)->agents(); });
    for (const int ranks : counts) {
        measurements.add(without_arcs(job, agents), ranks, Measured::without_arcs);
    }
    measurements.add_messages(job);
    result.costs = fit(measurements.samples(), job.scaling);

    result.cases = measurements.cases();
    add_efficiencies(result.cases);
    const int ranks_per_node = nodes.count > 1 ? nodes.largest : 0;
    add_predictions(result, job, ranks_per_node, comm);
    const Projector projector(job, result.costs, ranks_per_node, comm);
    const double alone = projector.project(1).step_seconds;
    for (const std::int64_t ranks : job.scaling.project) {
        Projection projection = projector.project(static_cast<int>(ranks));
        projection.efficiency = alone / (projection.step_seconds * static_cast<double>(ranks));
        result.projections.push_back(projection);
    }
    mpi::on_root(comm, [&] {
        if (!result.cases.empty()) {
            record::write_file(result.directory + "/scaling.csv", cases_csv(result.cases));
        }
        record::write_file(result.directory + "/projection.csv",
                           projections_csv(result.projections));
        record::write_file(result.directory + "/report.html",
                           report::to_html(scaling_document(job.name, result, status.provenance)));
        status.state = record::JobState::done;
        record::write_file(result.directory + "/status.json", to_json(status));
    });
    return result;
}

}  // namespace motley::experiment
