#include "motley/swarm/study/study.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "host_network.hpp"
#include "motley/partition/versions.hpp"
#include "motley/record/folder_lock.hpp"
#include "motley/record/status_file.hpp"
#include "motley/swarm/knowledge/world.hpp"
#include "motley/swarm/round/swarm.hpp"
#include "motley/topology/topology.hpp"
#include "phases.hpp"

namespace motley::swarm {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Replicate r of all cells of a size has the same world, so that policies are compared on it.
std::uint64_t seed_of(std::uint64_t seed, std::int64_t replicate) {
    return replicate == 0 ? seed : mixed(seed, 99, static_cast<std::uint64_t>(replicate));
}

/// The graph of greedy walks, on every rank.
WalkGraph walk_graph(const topology::Spec& spec) {
    const auto topology = topology::make(spec);
    std::vector<std::vector<Site>> rows(static_cast<std::size_t>(topology->agents()));
    topology->arcs(0, 1, [&](std::span<const topology::Arc> arcs) {
        for (const topology::Arc& arc : arcs) {
            rows[static_cast<std::size_t>(arc.source)].push_back(static_cast<Site>(arc.target));
        }
    });
    return walk_graph_of(std::move(rows));
}

RoundResult last_round(const Spec& spec, const mpi::Communicator& comm, const WalkGraph* graph,
                       Watch* watch = nullptr) {
    Swarm swarm(spec, comm, graph, watch);
    RoundResult result;
    for (std::int64_t round = 0; round < spec.rounds; ++round) result = swarm.step();
    return result;
}

/// Errors by the packets that sites used, over the replicates of a cell.
class ErrorByPackets {
  public:
    void add(const RoundResult& result) {
        for (std::size_t c = 0; c < use_classes; ++c) {
            const auto sites = static_cast<double>(result.class_sites[c]);
            if (sites == 0.0) continue;
            sites_[c] += sites;
            packets_[c] += static_cast<double>(result.class_packets[c]);
            error_[c] += result.class_error[c] * sites;
        }
    }
    std::vector<std::pair<double, double>> means() const {
        std::vector<std::pair<double, double>> out;
        for (std::size_t c = 0; c < use_classes; ++c) {
            if (sites_[c] > 0.0) out.emplace_back(packets_[c] / sites_[c], error_[c] / sites_[c]);
        }
        return out;
    }

  private:
    std::array<double, use_classes> sites_{}, packets_{}, error_{};
};

/// What all settings of a job share; empty where the job does not have it.
struct Networks {
    std::optional<WalkGraph> graph;
    std::optional<HostNetwork> hosts;
};

CellResult run_cell(const job::Swarm& job, CellResult cell, const mpi::Communicator& comm,
                    const Networks& networks) {
    const WalkGraph* graph = networks.graph ? &*networks.graph : nullptr;
    std::vector<std::vector<double>> values(measures().size());
    ErrorByPackets errors;
    for (std::int64_t r = 0; r < job.replicates; ++r) {
        Spec spec = cell.spec;
        spec.seed = seed_of(job.seed, r);
        std::optional<HostTraffic> traffic;
        if (networks.hosts && r == 0 && cell.policy != Policy::gossip) {
            traffic.emplace(*networks.hosts, job.place->placement, spec.sites, job.seed);
        }
        const RoundResult result = last_round(spec, comm, graph, traffic ? &*traffic : nullptr);
        if (traffic) cell.place = traffic->load(comm);
        errors.add(result);
        for (std::size_t m = 0; m < values.size(); ++m) {
            values[m].push_back(measures()[m].get(result, spec));
        }
    }
    for (const std::vector<double>& each : values) cell.values.push_back(estimate_of(each));
    cell.error_by_packets = errors.means();
    return cell;
}

/// All settings of a job, without results.
std::vector<CellResult> cells_of(const job::Swarm& job) {
    std::vector<CellResult> cells;
    for (std::size_t v = 0; v < job.variants.size(); ++v) {
        for (const Operator op : job.operators) {
            for (const Policy policy : job.policies) {
                for (const std::int64_t sites : job.sites) {
                    CellResult cell;
                    cell.policy = policy;
                    cell.op = op;
                    cell.variant = v;
                    cell.spec = job.variants[v];
                    cell.spec.policy = policy;
                    cell.spec.synthesis.op = op;
                    cell.spec.sites = sites;
                    cell.spec.seed = job.seed;
                    cells.push_back(std::move(cell));
                }
            }
        }
    }
    return cells;
}

void write(const job::Swarm& job, const SwarmStudy& study, const record::Provenance& attributes) {
    const std::vector<record::Table> tables = study_tables(job, study);
    for (const record::Table& table : tables) {
        record::write_file(fmt::format("{}/{}.csv", study.directory, table.name),
                           record::table_csv(table));
    }
    record::write_tables(study.directory + "/swarm.h5", attributes, tables);
    record::write_file(study.directory + "/swarm.json", study_json(job, study));
    record::write_file(study.directory + "/report.html", study_html(job, study, attributes));
}

void run_all(const job::Swarm& job, const mpi::Communicator& comm, const Console& console,
             SwarmStudy& study) {
    const auto start = Clock::now();
    Networks networks;
    mpi::together(comm, [&] {
        if (job.graph) networks.graph = walk_graph(job.graph->topology);
        if (job.place) networks.hosts.emplace(*topology::make(job.place->topology));
    });
    const std::vector<CellResult> cells = cells_of(job);
    for (std::size_t c = 0; c < cells.size(); ++c) {
        study.cells.push_back(run_cell(job, cells[c], comm, networks));
        if (console.quiet || !comm.root()) continue;
        const CellResult& cell = study.cells.back();
        std::fprintf(stderr, "%7.1f s  %zu of %zu: %s, %lld sites: error %.4g, %.6g B per site\n",
                     seconds_since(start), c + 1, cells.size(),
                     label_of(job, cell.policy, cell.op, cell.variant).c_str(),
                     static_cast<long long>(cell.spec.sites), cell.at("error").mean,
                     cell.at("bytes_per_site").mean);
    }
}

}  // namespace

SwarmStudy study(const job::Swarm& job, const std::string& resolved_text,
                 const std::vector<std::string>& command, const mpi::Communicator& comm,
                 const Console& console) {
    SwarmStudy study;
    study.directory = job.directory + "/" + job.name;
    const record::FolderLock lock(comm, study.directory);
    record::Status status;
    status.ranks = comm.size();
    status.agents = std::ranges::max(job.sites);
    status.provenance = record::run_provenance(comm, command, partition::library_versions());
    status.provenance.emplace_back("job", resolved_text);
    const auto write_status = [&](record::JobState state) {
        status.state = state;
        mpi::on_root(
            comm, [&] { record::write_file(study.directory + "/status.json", to_json(status)); });
    };
    write_status(record::JobState::running);
    try {
        run_all(job, comm, console, study);
        add_growth(job, study);
        add_front(study);
        add_claims(job, study);
        mpi::on_root(comm, [&] {
            write(job, study, record::reproducible_attributes(resolved_text, job.seed));
        });
    } catch (const Error& error) {
        status.message = error.what();
        write_status(record::JobState::failed);
        throw;
    }
    write_status(record::JobState::done);
    return study;
}

SwarmPlan plan_study(const job::Swarm& job, int ranks) {
    // A small swarm is timed under each policy; time grows with the sites, and for policy full with
    // the packets that are read.
    constexpr std::int64_t probed = 4096;
    const mpi::Communicator self = mpi::Communicator::self();
    SwarmPlan plan;
    std::int64_t most = 0;
    for (const CellResult& cell : cells_of(job)) {
        Spec spec = cell.spec;
        spec.sites = std::min(spec.sites, probed);
        spec.rounds = 1;
        if (spec.policy == Policy::greedy && job.graph) spec.policy = Policy::aggregate;
        const auto start = Clock::now();
        last_round(spec, self, nullptr);
        const double scale = static_cast<double>(cell.spec.sites) / static_cast<double>(spec.sites);
        const bool square = spec.policy == Policy::greedy;
        plan.seconds += seconds_since(start) * (square ? scale * scale : scale) *
                        static_cast<double>(cell.spec.rounds * job.replicates) / ranks;
        plan.rounds += cell.spec.rounds * job.replicates;
        ++plan.cells;
        most = std::max(most, cell.spec.sites);
    }
    // Ids on every rank; records, their copies while they are sent, and the state of own sites.
    constexpr double bytes_per_site = 9.0, bytes_per_own_site = 450.0;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    constexpr double kibibyte = 1024.0;
    plan.memory = static_cast<double>(usage.ru_maxrss) * kibibyte +
                  static_cast<double>(most) * (bytes_per_site + bytes_per_own_site / ranks);
    return plan;
}

}  // namespace motley::swarm
