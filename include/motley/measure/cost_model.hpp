// Costs per unit from measured times: non-negative least squares with few unknowns; and how much of
// the work on interior rows messages travel behind.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace motley::measure {

/// Kinds of units, at most; unused ones are 0.
constexpr std::size_t unit_kinds = 4;
using Units = std::array<double, unit_kinds>;

/// `seconds` were spent on so many units of each kind.
struct CostSample {
    Units units{};
    double seconds = 0.0;
};

/// seconds ~ sum over kinds of units x per_unit, all costs >= 0.
struct Costs {
    Units per_unit{};
    double residual = 0.0;  ///< root mean square of predicted / measured - 1
    double predict(const Units& units) const;
};

/// The costs with the least sum of squared relative errors. Kinds that the samples cannot tell
/// apart go to the first of them. Samples of no time are left out; without samples all members are
/// 0.
Costs fit_costs(std::span<const CostSample> samples);

/// What one rank holds, and sends in an exchange by messages from rank to rank.
struct RankLoad {
    double agents = 0.0;
    double interior = 0.0;  ///< agents without neighbours on other ranks
    double arcs = 0.0;      ///< into its agents, those that cost something
    double messages = 0.0;
    double bytes = 0.0;
    double leaving = 0.0;  ///< bytes that all ranks of its node send to ranks of other nodes
    /// Bytes on the link from its island to others that carries most; see Islands.
    double crossing = 0.0;
};

/// Seconds of an exchange. Messages and bytes cost the processor; on their way messages take a
/// constant and the time of what leaves the node, or of what crosses to other islands where that is
/// longer, while the processor works on the other messages.
struct ExchangeCosts {
    double message = 0.0, byte = 0.0, leaving = 0.0, constant = 0.0;
    double crossing = 0.0;  ///< 0 without islands
    double residual = 0.0;  ///< root mean square of predicted / measured - 1

    /// What a rank's messages cost its processor.
    double processor(const RankLoad& load) const;
    /// What remains of their way when the processor is through with all messages.
    double way(const RankLoad& load) const;
    /// An exchange with nothing else to do: 0 without messages.
    double seconds(const RankLoad& load) const { return processor(load) + way(load); }
};

struct ExchangeSample {
    RankLoad load;
    double seconds = 0.0;
};

/// The costs with a least sum of squared relative errors, found by turns: the costs for given
/// limits of the samples (the processor, the link of the node, that of the island), and the limits
/// under these costs. `crossing` is known, s per byte. Samples of no time or no messages are left
/// out; without samples all other members are 0.
ExchangeCosts fit_exchange(std::span<const ExchangeSample> samples, double crossing = 0.0);

/// What one rank does in a step, seconds.
struct StepWork {
    double compute = 0.0;   ///< all rows
    double interior = 0.0;  ///< of `compute`, what can go on while messages travel
    double messages = 0.0;  ///< what messages and their bytes cost the processor
    double way = 0.0;       ///< what remains of their way after that
    /// Seconds when messages travel during the share `overlap` of the work on interior rows.
    double seconds(double overlap) const;
};

/// Seconds of the slowest rank.
double step_seconds(std::span<const StepWork> ranks, double overlap);

/// The time of a step is the largest over ranks of work on agents, arcs and messages, and of what
/// of the way of messages is longer than `overlap` of the work on interior rows.
struct CostModel {
    Costs compute;  ///< per agent, per arc
    ExchangeCosts exchange;
    double overlap = 0.0;  ///< in [0, 1]

    static Units compute_units(const RankLoad& load) { return {load.agents, load.arcs}; }
    StepWork work(const RankLoad& load) const;
};

/// A step of all ranks, and how long it took.
struct OverlapSample {
    std::vector<StepWork> ranks;
    double seconds = 0.0;
};

/// The share in {0, 0.01, ..., 1} with the least sum of squared relative errors of `step_seconds`,
/// the least such share; 0 without samples.
double fit_overlap(std::span<const OverlapSample> samples);

}  // namespace motley::measure
