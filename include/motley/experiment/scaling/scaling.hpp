// kind = "scaling": measures how the speed of a step depends on the number of ranks, and what a
// step costs per agent, arc, message and byte; predicts from these costs steps on other machines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "motley/core/console.hpp"
#include "motley/experiment/plan/plan.hpp"
#include "motley/job/job.hpp"
#include "motley/measure/cost_model.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::experiment {

/// Seconds per step over the ranks of one measurement.
struct PhaseSpread {
    std::string phase;
    double least = 0.0, mean = 0.0, most = 0.0;
    int slowest = 0;  ///< the rank of `most`
};

/// One system on one number of ranks.
struct ScalingCase {
    bool weak = false;
    int ranks = 1;
    AgentId agents = 0;
    std::int64_t arcs = 0;
    double step_seconds = 0.0;  ///< time of a step in the best repetition
    double spread = 0.0;        ///< slowest over best repetition, minus 1
    double efficiency = 1.0;    ///< relative to the first case of the same kind
    double predicted = 0.0;     ///< time of a step by the cost model, s
    std::int64_t rank_messages = 0, rank_bytes = 0;
    std::vector<PhaseSpread> phases;  ///< compute, pack, wait per step; reduce: one measured sum;
                                      ///< output: writing the final state
};

/// A step on any number of ranks, as predicted: the cost model applied to the partition that the
/// run would have.
struct Projection {
    std::int64_t ranks = 1;
    double step_seconds = 0.0;
    double efficiency = 1.0;      ///< against one rank, both as predicted
    double exchange_share = 0.0;  ///< share of the slowest part's time
    RankShare slowest;            ///< the part that takes longest
    double imbalance = 1.0;       ///< agents of the largest part over the mean
};

struct ScalingResult {
    std::string directory;
    /// What makes the figures doubtful, sentences.
    std::vector<std::string> notes;
    std::vector<ScalingCase> cases;
    /// Fitted to the measurements. The exchange costs 0 when there was one rank only.
    measure::CostModel costs;
    std::vector<Projection> projections;
};

/// Collective. Writes results/<name>/{scaling.csv, projection.csv, report.html, status.json}. A
/// usage error where the job needs more ranks than there are.
ScalingResult scaling(const job::Run& job, const std::string& resolved_text,
                      const std::vector<std::string>& command, const mpi::Communicator& comm,
                      const Console& console);

}  // namespace motley::experiment
