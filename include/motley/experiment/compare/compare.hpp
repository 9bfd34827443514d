// kind = "compare": makes every cell of a design, each run complete in itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "motley/experiment/compare/comparison.hpp"
#include "motley/experiment/pause/pause.hpp"

namespace motley::experiment {

/// The part of a comparison's runs that one of several starts makes: those whose number leaves
/// the remainder `index` when divided by `count`.
struct ComparisonShare {
    std::int64_t index = 0;
    std::int64_t count = 1;

    bool whole() const { return count == 1; }
    bool has(std::int64_t number) const { return number % count == index; }
};

/// Reads "2/8", the second of eight shares. Returns nothing where the text has another form.
std::optional<ComparisonShare> parse_share(const std::string& text);

/// Collective; the same result on every rank. Hands the runs, longest first, to groups of
/// `ranks_per_run` ranks as they become free, and writes manifest, runs.csv, summary.csv,
/// compare.h5 and status.json to <directory>/<name>. A run that fails on all its ranks alike is
/// kept with its reason, and the next one starts. Runs that an earlier start of the same job
/// finished are not made again; the tables have the same bits, however often it was interrupted and
/// on however many ranks. When the comparison is set aside, `pause` says why. A usage error where
/// the folder holds another job.
///
/// A `share` of the runs is made beside other shares, each in a program of its own. Such a start
/// writes the folders of its runs and nothing else; a later start without a share makes what is
/// missing, and the tables. Shares and a start without a share cannot work in the folder at once.
Comparison compare(const job::Compare& job, const std::string& resolved_text,
                   const std::vector<std::string>& command, const mpi::Communicator& comm,
                   const Console& console, const Limits& limits = {},
                   const ComparisonShare& share = {});

/// Runs of a comparison that left their result in its folder.
struct EndedRuns {
    std::int64_t done = 0, failed = 0;
};

/// Not collective. Counts them in `directory`, which may be any folder.
EndedRuns count_ended_runs(const std::string& directory);

}  // namespace motley::experiment
