// Data flow of a study: the job gives cells (cells.cpp); the manifest tells which of their runs an
// earlier start finished (finished_runs.cpp), and a checkpoint where one under way stopped
// (run_checkpoint.cpp); the others are made one after the other, each on all ranks, round by round;
// their measures become cells with statistics, growth laws, claims (cells.cpp, growth.cpp,
// claims.cpp), tables and the page.
#include "motley/swarm/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "finished_runs.hpp"
#include "host_network.hpp"
#include "motley/core/clock.hpp"
#include "motley/core/text.hpp"
#include "motley/job/job.hpp"
#include "motley/partition/versions.hpp"
#include "motley/record/folder_lock.hpp"
#include "motley/record/status_file.hpp"
#include "motley/swarm/knowledge/world.hpp"
#include "motley/swarm/round/swarm.hpp"
#include "motley/topology/topology.hpp"
#include "phases.hpp"
#include "run_checkpoint.hpp"

namespace motley::swarm {
namespace {

using experiment::Pauses;

/// Replicate r of all cells of a size has the same world, so that policies are compared on it.
std::uint64_t seed_of(std::uint64_t seed, std::size_t replicate) {
    return replicate == 0 ? seed : mixed(seed, 99, replicate);
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

SwarmRun run_of(const RoundResult& result, const Spec& spec) {
    SwarmRun run;
    run.done = true;
    for (const Measure& measure : measures()) run.values.push_back(measure.get(result, spec));
    run.class_sites = result.class_sites;
    run.class_packets = result.class_packets;
    run.class_error = result.class_error;
    run.state_hash = result.checksum;
    return run;
}

/// Deletes what an earlier start wrote. Not collective.
void remove_results(const std::string& directory) {
    std::error_code ignored;
    for (const char* name : {"manifest", "runs.csv", "summary.csv", "growth.csv", "claims.csv",
                             "swarm.h5", "swarm.json", "report.html"}) {
        std::filesystem::remove(std::filesystem::path(directory) / name, ignored);
    }
}

/// The runs of one study, made one after the other.
class Running {
  public:
    Running(const job::Swarm& job, const mpi::Communicator& comm, const Console& console,
            const experiment::Limits& limits, const std::string& directory,
            const std::string& identity, record::Status& status)
        : job_(job),
          comm_(comm),
          console_(console),
          directory_(directory),
          status_(status),
          cells_(cells_of(job)),
          finished_(job, directory, identity),
          checkpoint_(comm, directory, identity),
          pauses_(comm, {0, job.checkpoint_minutes}, limits, Pauses::Agreement::always) {
        mpi::on_root(comm, [&] {
            if (limits.fresh) remove_results(directory);
        });
        if (limits.fresh) checkpoint_.remove();
        finished_.open(comm);
        mpi::together(comm, [&] {
            if (job.graph) graph_ = walk_graph(job.graph->topology);
            if (job.place) hosts_.emplace(*topology::make(job.place->topology));
        });
    }

    /// Makes what is open, until a limit or a signal comes; why it stopped, or nothing.
    std::string operator()() {
        const auto all = static_cast<std::int64_t>(finished_.runs().size());
        const std::int64_t kept = all - finished_.open_runs();
        if (kept > 0) {
            say(fmt::format("{}: {} of {} runs were finished before and are kept", directory_, kept,
                            all));
        }
        const auto resumed = checkpoint_.find([this](const std::string& why) { say(why); });
        for (std::size_t run = 0; run < finished_.runs().size(); ++run) {
            if (finished_.runs()[run].done) continue;
            const bool goes_on = resumed && resumed->run == run;
            if (!make(run, goes_on ? resumed->rounds : 0)) return pauses_.reason();
            mpi::on_root(comm_, [&] {
                if (finished_.write_if_due()) write_status(record::JobState::running);
            });
        }
        mpi::on_root(comm_, [&] { finished_.write(); });
        checkpoint_.remove();
        return "";
    }

    void write_status(record::JobState state) {
        status_.state = state;
        status_.step = std::ssize(finished_.runs()) - finished_.open_runs();
        record::write_file(directory_ + "/status.json", to_json(status_));
    }

    const FinishedRuns& finished() const { return finished_; }

  private:
    void say(const std::string& text) const {
        if (console_.quiet || !comm_.root()) return;
        std::fprintf(stderr, "%s\n", text.c_str());
    }

    /// False where it was set aside.
    bool make(std::size_t run, std::int64_t from) {
        const auto replicates = static_cast<std::size_t>(job_.replicates);
        const CellResult& cell = cells_[run / replicates];
        const std::size_t replicate = run % replicates;
        Spec spec = cell.spec;
        spec.seed = seed_of(job_.seed, replicate);
        std::optional<HostTraffic> traffic;
        if (hosts_ && replicate == 0 && cell.policy != Policy::gossip) {
            traffic.emplace(*hosts_, job_.place->placement, spec.sites, job_.seed);
        }
        HostTraffic* counted = traffic ? &*traffic : nullptr;
        if (!boundary(nullptr, spec, {run, 0}, counted)) return false;
        Swarm swarm(spec, comm_, graph_ ? &*graph_ : nullptr, counted);
        if (from > 0) {
            checkpoint_.restore(swarm, spec, counted, hosts_ ? hosts_->hosts() : 0);
            say(fmt::format("{}: going on from the checkpoint after round {} of {}", directory_,
                            from, spec.rounds));
        }
        RoundResult result;
        for (std::int64_t round = from; round < spec.rounds; ++round) {
            if (round > from && !boundary(&swarm, spec, {run, round}, counted)) return false;
            const auto start = Clock::now();
            result = swarm.step();
            seconds_per_site_ = seconds_since(start) / static_cast<double>(spec.sites);
        }
        SwarmRun ended = run_of(result, spec);
        if (traffic) ended.place = traffic->load(comm_);
        finished_.end(run, std::move(ended));
        if (replicate + 1 == replicates) tell(run / replicates);
        return true;
    }

    /// Between two rounds, or before the first one (`swarm` is null): writes a checkpoint where one
    /// is due. False where the study must stop.
    bool boundary(const Swarm* swarm, const Spec& spec, const RunPlace& place,
                  const HostTraffic* traffic) {
        const double ahead = seconds_per_site_ * static_cast<double>(spec.sites);
        const auto request = pauses_.at(++steps_, ahead);
        if (request == Pauses::Request::none) return true;
        const auto start = Clock::now();
        mpi::on_root(comm_, [&] { finished_.write(); });
        if (swarm != nullptr) {
            checkpoint_.write(*swarm, spec, place, traffic, status_.provenance);
        }
        pauses_.wrote(steps_, seconds_since(start));
        return request != Pauses::Request::stop;
    }

    /// A line on a cell whose last run was made.
    void tell(std::size_t number) const {
        const auto replicates = static_cast<std::size_t>(job_.replicates);
        const auto mean = [&](const char* name) {
            std::vector<double> values;
            for (std::size_t r = 0; r < replicates; ++r) {
                const SwarmRun& run = finished_.runs()[number * replicates + r];
                values.push_back(run.values[measure_number(name)]);
            }
            return estimate_of(values).mean;
        };
        const CellResult& cell = cells_[number];
        say(fmt::format("{:7.1f} s  {} of {}: {}, {} sites: error {:.4g}, {:.6g} B per site",
                        seconds_since(start_), number + 1, cells_.size(),
                        label_of(job_, cell.policy, cell.op, cell.variant), cell.spec.sites,
                        mean("error"), mean("bytes_per_site")));
    }

    const job::Swarm& job_;
    const mpi::Communicator& comm_;
    const Console& console_;
    const std::string& directory_;
    record::Status& status_;
    std::vector<CellResult> cells_;
    FinishedRuns finished_;
    RunCheckpoint checkpoint_;
    Pauses pauses_;
    std::optional<WalkGraph> graph_;
    std::optional<HostNetwork> hosts_;
    Clock::time_point start_ = Clock::now();
    std::int64_t steps_ = 0;         ///< boundaries
    double seconds_per_site_ = 0.0;  ///< of the last round
};

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

std::string value_of(const record::Provenance& provenance, const std::string& name) {
    const auto found = std::ranges::find(provenance, name, &record::Provenance::value_type::first);
    return found == provenance.end() ? "" : found->second;
}

}  // namespace

SwarmStudy study(const job::Swarm& job, const std::string& resolved_text,
                 const std::vector<std::string>& command, const mpi::Communicator& comm,
                 const Console& console, const experiment::Limits& limits) {
    SwarmStudy study;
    study.directory = job.directory + "/" + job.name;
    const record::FolderLock lock(comm, study.directory);
    record::Status status;
    status.ranks = comm.size();
    status.agents = std::ranges::max(job.sites);
    status.provenance = record::run_provenance(comm, command, partition::library_versions());
    status.provenance.emplace_back("job", resolved_text);
    const std::string identity = mpi::on_root(comm, [&] { return identity_of(job); });
    Running running(job, comm, console, limits, study.directory, identity, status);
    const auto write_status = [&](record::JobState state) {
        mpi::on_root(comm, [&] { running.write_status(state); });
    };
    write_status(record::JobState::running);
    try {
        study.pause = running();
        study.runs = running.finished().runs();
        study.open = running.finished().open_runs();
        if (study.pause.empty()) {
            summarise(job, study);
            mpi::on_root(comm, [&] {
                write(job, study, record::reproducible_attributes(resolved_text, job.seed));
            });
        }
    } catch (const Error& error) {
        status.message = error.what();
        write_status(record::JobState::failed);
        throw;
    }
    write_status(study.pause.empty() ? record::JobState::done : record::JobState::checkpointed);
    return study;
}

std::string report_of(const std::string& directory) {
    const std::string path = directory + "/status.json";
    const record::Status status =
        record::status_from_json(std::string(TextFile(path).text()), path);
    const std::string text = value_of(status.provenance, "job");
    const job::Job job = job::parse(text, path, {});
    FinishedRuns finished(job.swarm, directory, identity_of(job.swarm));
    finished.read();
    if (finished.open_runs() > 0) {
        throw input_error(fmt::format("this swarm is not finished: {} of {} runs are open; go on "
                                      "with: motley resume {}",
                                      finished.open_runs(), finished.runs().size(), directory),
                          {directory});
    }
    SwarmStudy study;
    study.directory = directory;
    study.runs = finished.runs();
    summarise(job.swarm, study);
    // The program that made the runs, which may be an older one than this.
    record::Provenance attributes = record::reproducible_attributes(text, job.swarm.seed);
    for (auto& [name, value] : attributes) {
        const std::string then = value_of(status.provenance, name);
        if (!then.empty()) value = then;
    }
    return study_html(job.swarm, study, attributes);
}

}  // namespace motley::swarm
