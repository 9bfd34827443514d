// kind = "swarm": runs swarms of several sizes under several policies, fits how they grow, and says
// which claims on outcome routing hold.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "motley/core/console.hpp"
#include "motley/experiment/pause/pause.hpp"
#include "motley/job/swarm.hpp"
#include "motley/measure/replicate_statistics.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "motley/swarm/round/round_result.hpp"

namespace motley::swarm {

/// A mean over replicates with its interval of 95 %, whose ends are nan where there is one
/// replicate.
struct Estimate {
    double mean = 0.0, low = 0.0, high = 0.0;
};

/// A number that a round gives, as a column of all results.
struct Measure {
    const char* name;
    const char* unit;
    const char* meaning;
    double (*get)(const RoundResult& result, const Spec& spec);
    const char* heading;  ///< on the terminal; null: not shown there
    int digits;           ///< significant digits there
    bool grows;           ///< whether its growth with the sites is fitted
};
std::span<const Measure> measures();
std::size_t measure_number(const std::string& name);
/// The measure that settings are compared by.
const char* compared_measure(TaskKind task);

/// How messages of a swarm load the network on which its sites live.
struct PlaceLoad {
    double hops = 0.0;     ///< links of the network that a message passes, mean
    double stretch = 0.0;  ///< links that a lookup passes over those of the shortest way, mean
    double busiest = 0.0;  ///< bytes over the busiest direction of a link
    double total = 0.0;    ///< bytes times links
};

/// One replicate of one setting, after its last round.
struct SwarmRun {
    bool done = false;
    std::vector<double> values;  ///< by measure
    std::array<std::int64_t, use_classes> class_sites{};
    std::array<std::int64_t, use_classes> class_packets{};
    std::array<double, use_classes> class_error{};
    std::optional<PlaceLoad> place;
    std::uint64_t state_hash = 0;  ///< of all opinions
};

/// All replicates of one setting.
struct CellResult {
    Policy policy = Policy::none;
    Operator op = Operator::shrink;
    std::size_t variant = 0;  ///< combination of levels of the factors
    Spec spec;
    std::vector<Estimate> values;  ///< by measure
    std::int64_t baseline = -1;    ///< the cell with which this one is compared; -1: none
    /// Compared measure less that of the baseline, in pairs of replicates; count 0: not compared.
    measure::PairedDifference difference;
    double p_corrected = 0.0;  ///< p for all comparisons of the study (Holm)
    /// Mean squared error of the sites that used m packets: pairs (m, error).
    std::vector<std::pair<double, double>> error_by_packets;
    std::optional<PlaceLoad> place;

    const Estimate& at(const std::string& measure) const { return values[measure_number(measure)]; }
};

/// y = factor x sites^exponent, fitted by least squares to the logarithms of the means.
struct Growth {
    Policy policy = Policy::none;
    Operator op = Operator::shrink;
    std::size_t variant = 0;
    std::string measure;
    Estimate exponent;
    double r2 = 0.0;
    double last = 0.0;  ///< slope between the two largest sizes
    std::int64_t points = 0;
};

/// hops = slope x log2(sites) + start.
struct HopGrowth {
    Estimate slope;
    double start = 0.0, r2 = 0.0;
    double expected = 0.0;   ///< one over the bits that a hop fixes
    double worst_gap = 0.0;  ///< largest distance to the recursion, hops
};

struct Claim {
    std::string claim;
    std::string verdict;  ///< holds, holds in part, fails
    std::string evidence;
    std::string mechanism;
};

struct SwarmStudy {
    std::string directory;
    std::vector<SwarmRun> runs;  ///< cell by cell, replicate by replicate
    std::string pause;           ///< why the study was set aside; empty: it was completed
    std::int64_t open = 0;       ///< runs that are still to be made
    std::vector<CellResult> cells;
    std::vector<Growth> growth;
    std::optional<HopGrowth> hops;
    std::vector<Claim> claims;
    std::vector<std::size_t> front;  ///< cells that no other beats in error and in bytes per site
};

/// Collective. Runs the job and writes its files into `<directory>/<name>`. Goes on where an
/// earlier start ended, with the same bits as if it had never stopped: finished runs are kept, and
/// a run under way goes on from its last checkpoint. When the study is set aside, `pause` gives the
/// reason, and there are no cells.
SwarmStudy study(const job::Swarm& job, const std::string& resolved_text,
                 const std::vector<std::string>& command, const mpi::Communicator& comm,
                 const Console& console, const experiment::Limits& limits = {});

/// Not collective. report.html from the files of a finished study, as `study` wrote it. An input
/// error where the folder has none.
std::string report_of(const std::string& directory);

/// What a run needs, by what a small part of it took here. Not collective.
struct SwarmPlan {
    std::int64_t cells = 0, rounds = 0;
    double seconds = 0.0;
    double memory = 0.0;  ///< bytes of a rank
};
SwarmPlan plan_study(const job::Swarm& job, int ranks);

const char* name_of(Operator op);

}  // namespace motley::swarm
