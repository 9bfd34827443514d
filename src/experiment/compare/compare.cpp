// Data flow of a comparison: the job lists the runs; the manifest tells which of them an
// earlier start finished (manifest.cpp); estimates give their order and the ranks for each; groups
// of ranks take them from a queue and make each as a run of its own; their measures
// (measure_columns.cpp) become cells with statistics (comparison.cpp), then tables
// (comparison_tables.cpp) and the report.
#include "motley/experiment/compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "compare_report.hpp"
#include "manifest.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/plan/estimate.hpp"
#include "motley/mpi/work_queue.hpp"
#include "motley/partition/versions.hpp"
#include "motley/record/folder_lock.hpp"
#include "motley/record/status_file.hpp"

namespace motley::experiment {
namespace {

void check_ranks(const job::Compare& job, const mpi::Communicator& comm) {
    if (job.ranks_per_run <= comm.size()) return;
    Error error = usage_error(fmt::format(
        "compare.ranks_per_run is {}, but there are {} ranks; start more ranks or ask for fewer",
        job.ranks_per_run, comm.size()));
    error.set_everywhere();
    throw error;
}

/// One comparison while it runs: the parts of `compare` and their common data.
class Comparing {
  public:
    Comparing(const job::Compare& job, const std::string& resolved_text,
              const std::vector<std::string>& command, const mpi::Communicator& comm,
              const Console& console, const Limits& limits, const ComparisonShare& share)
        : job_(job),
          resolved_text_(resolved_text),
          command_(command),
          comm_(comm),
          console_(console),
          limits_(limits),
          share_(share),
          directory_(job.output.directory + "/" + job.name),
          shares_lock_(comm, directory_, share.whole() ? Lock::Use::alone : Lock::Use::shared),
          manifest_(job, resolved_text, record::program_version(), share) {
        if (share.whole()) lock_.emplace(comm, directory_);
    }

    Comparison run() {
        open();
        schedule();
        work();
        gather();
        if (!pause_.empty()) return set_aside();
        if (!share_.whole()) return so_far();
        Comparison comparison = summarise(job_, manifest_.runs());
        comparison.kept = kept_;
        write(comparison);
        return comparison;
    }

  private:
    using Lock = record::FolderLock;

    /// Tells every rank which runs are finished already.
    void open() {
        manifest_.take(mpi::on_root(comm_, [&] {
            if (limits_.fresh) manifest_.remove_results();
            manifest_.open();
            return manifest_.ended();
        }));
        const auto runs = std::ssize(manifest_.runs());
        kept_ = runs - std::ssize(manifest_.missing());
        status_.ranks = comm_.size();
        status_.provenance = record::run_provenance(comm_, command_, partition::library_versions());
        status_.provenance.emplace_back("job", resolved_text_);
        write_status(record::JobState::running);
        if (kept_ == 0 || console_.quiet || !comm_.root()) return;
        std::fprintf(stderr, "%s: %lld of %lld runs were finished before and are kept\n",
                     directory_.c_str(), static_cast<long long>(kept_),
                     static_cast<long long>(runs));
    }

    /// Decides how many ranks work on a run, and which runs go first.
    void schedule() {
        const std::vector<std::int64_t> missing = manifest_.missing();
        const std::int64_t memory = memory_per_rank(comm_);
        if (missing.empty()) return;
        order_ = mpi::on_root(comm_, [&] {
            const std::vector<Estimate> estimates = estimate_cells(job_);
            width_ = job_.ranks_per_run > 0
                         ? job_.ranks_per_run
                         : automatic_ranks(estimates, std::ssize(missing), comm_.size(), memory);
            return longest_first(job_, estimates, missing);
        });
        width_ = comm_.broadcast(width_);
    }

    /// Groups take runs from the queue until it is empty; ranks without a group wait.
    void work() {
        const int groups = comm_.size() / width_;
        const int index = comm_.rank() / width_;
        const auto group = comm_.split(index < groups ? index : -1, comm_.rank());
        mpi::WorkQueue queue(comm_, std::ssize(order_));
        if (index >= groups) return;
        for (;;) {
            if (must_stop(group)) return queue.close();
            const std::int64_t place = group.max(group.root() ? queue.next().value_or(-1) : -1);
            if (place < 0) return;
            make(order_[static_cast<std::size_t>(place)], group);
            if (!group.root()) continue;
            const auto ended = manifest_.refresh();
            if (ended && comm_.root()) tell_progress(*ended);
        }
    }

    /// Collective over the group; the same on each of its ranks.
    bool must_stop(const mpi::Communicator& group) {
        if (pause_.empty() && SignalWatch::caught() != nullptr) pause_ = SignalWatch::caught();
        if (pause_.empty() && limits_.near(Limits::Clock::now())) pause_ = "the time limit is near";
        return group.max(std::int64_t{!pause_.empty()}) > 0;
    }

    void make(std::int64_t number, const mpi::Communicator& group) {
        const job::Run& job = job_.cells[static_cast<std::size_t>(number)].run;
        try {
            const RunResult result =
                experiment::run(job, job::to_toml(job), command_, group, console_, limits_);
            pause_ = result.pause;
            if (!pause_.empty()) return;
            mpi::on_root(group, [&] { manifest_.end(number, result); });
        } catch (const Error& error) {
            if (!error.everywhere()) throw;
            if (group.root()) manifest_.fail(number, error.what());
        }
    }

    /// Tells every rank which runs all others have ended.
    void gather() {
        for (const std::string& lines : comm_.all_gather(manifest_.ended())) manifest_.take(lines);
        for (const std::string& reason : comm_.all_gather(pause_)) {
            if (pause_.empty()) pause_ = reason;
        }
        if (manifest_.missing().empty()) pause_.clear();
        if (!manifest_.missing().empty() && pause_.empty()) {
            throw internal_error("a run was never made");
        }
    }

    Comparison set_aside() {
        mpi::on_root(comm_, [&] { manifest_.write(); });
        write_status(record::JobState::checkpointed);
        return so_far();
    }

    /// The runs without statistics.
    Comparison so_far() const {
        Comparison comparison;
        comparison.name = job_.name;
        comparison.directory = directory_;
        comparison.runs = manifest_.runs();
        comparison.open = std::ssize(manifest_.missing());
        comparison.pause = pause_;
        return comparison;
    }

    void write(const Comparison& comparison) {
        mpi::on_root(comm_, [&] {
            manifest_.write();
            const auto csv = [&](const char* name, const record::Table& table) {
                record::write_file(directory_ + name, record::table_csv(table));
            };
            csv("/runs.csv", runs_table(comparison, LevelFormat::labels));
            csv("/summary.csv", summary_table(comparison, LevelFormat::labels));
            std::vector<record::Table> tables = {runs_table(comparison, LevelFormat::numbers),
                                                 summary_table(comparison, LevelFormat::numbers)};
            if (!comparison.correlations.empty()) {
                tables.push_back(correlations_table(comparison));
                csv("/correlations.csv", tables.back());
            }
            record::write_tables(directory_ + "/compare.h5", attributes(), tables);
            record::write_file(directory_ + "/report.html",
                               report::to_html(compare_document(job_, comparison, attributes())));
        });
        const std::int64_t failed = comparison.failed();
        if (failed > 0) {
            status_.message = fmt::format("{} of {} runs failed", failed, comparison.runs.size());
        }
        write_status(failed > 0 ? record::JobState::failed : record::JobState::done);
    }

    /// Attributes of the results, which do not depend on when, where or on how many ranks they were
    /// computed.
    record::Provenance attributes() const {
        auto all = record::reproducible_attributes(resolved_text_, job_.seed);
        all.emplace_back("baseline", job_.baseline);
        return all;
    }

    void write_status(record::JobState state) {
        if (!share_.whole()) return;
        status_.state = state;
        status_.step = std::ssize(manifest_.runs()) - std::ssize(manifest_.missing());
        mpi::on_root(comm_,
                     [&] { record::write_file(directory_ + "/status.json", to_json(status_)); });
    }

    /// Called by rank 0 between two of its runs.
    void tell_progress(std::int64_t ended) {
        if (!share_.whole()) return;
        status_.step = ended;
        try {
            record::write_file(directory_ + "/status.json", to_json(status_));
        } catch (const Error&) {
            // The last write, at the end, reports what is wrong with the disk.
        }
    }

    const job::Compare& job_;
    const std::string& resolved_text_;
    const std::vector<std::string>& command_;
    const mpi::Communicator& comm_;
    const Console& console_;
    const Limits& limits_;
    ComparisonShare share_;
    std::string pause_;  ///< why this rank stopped
    std::string directory_;
    Lock shares_lock_;
    std::optional<Lock> lock_;
    Manifest manifest_;
    record::Status status_;
    std::vector<std::int64_t> order_;
    int width_ = 1;
    std::int64_t kept_ = 0;
};

}  // namespace

std::optional<ComparisonShare> parse_share(const std::string& text) {
    const auto slash = text.find('/');
    if (slash == std::string::npos) return {};
    const std::string_view view = text;
    std::int64_t number = 0;
    ComparisonShare share;
    if (parse_number(view.substr(0, slash), number) != NumberFault::none ||
        parse_number(view.substr(slash + 1), share.count) != NumberFault::none || number < 1 ||
        number > share.count) {
        return {};
    }
    share.index = number - 1;
    return share;
}

Comparison compare(const job::Compare& job, const std::string& resolved_text,
                   const std::vector<std::string>& command, const mpi::Communicator& comm,
                   const Console& console, const Limits& limits, const ComparisonShare& share) {
    check_ranks(job, comm);
    return Comparing(job, resolved_text, command, comm, console, limits, share).run();
}

}  // namespace motley::experiment
