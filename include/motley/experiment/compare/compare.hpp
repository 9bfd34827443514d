// kind = "compare": every cell of a design, each run complete in itself.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/compare/comparison.hpp"

namespace motley::experiment {

/// The part of a comparison's runs that one of several starts makes: those whose number leaves
/// `index` when divided by `count`.
struct Share {
    std::int64_t index = 0;
    std::int64_t count = 1;

    bool whole() const { return count == 1; }
    bool has(std::int64_t number) const { return number % count == index; }
};

/// Collective; the same result on every rank. Hands the runs, longest first, to groups of
/// `ranks_per_run` ranks as they become free, and writes manifest, runs.csv, summary.csv,
/// compare.h5 and status.json to <directory>/<name>. A run that fails in order (its ranks agree) is
/// kept with its reason, and the next one starts. Runs that an earlier start of the same job
/// finished are not made again; the tables are the same bits, however often it was interrupted and
/// on however many ranks. When it is set aside, `pause` says why. A usage error where the folder
/// holds another job.
///
/// A `share` of the runs is made beside other shares, each in a program of its own. It writes the
/// folders of its runs and nothing else: a start without a share, later, makes what is missing, and
/// the tables. Shares and a whole start keep each other out of the folder.
Comparison compare(const job::Compare& job, const std::string& resolved_text,
                   const std::vector<std::string>& command, const mpi::Communicator& comm,
                   const Console& console, const Limits& limits = {}, const Share& share = {});

}  // namespace motley::experiment
