// The measurements of a scaling experiment.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "motley/experiment/scaling/scaling.hpp"
#include "motley/measure/exchange_load.hpp"

namespace motley::experiment {

/// The share of one rank in a measurement, and its times.
struct RankSample {
    measure::RankLoad load;
    double compute = 0.0;         ///< s per step
    double exchange_alone = 0.0;  ///< s per exchange with nothing to hide it
};

/// False where rows may go through nodes, so that the exchange of the measured steps is not the one
/// that the cost model describes.
bool from_rank_to_rank(const simulation::ExchangeOptions& exchange);

/// The islands of the job's machine, as the cost model counts them.
measure::Islands islands_of(const job::Scaling& scaling);

/// Collective over `group`. Builds the system, times its steps and its output into `directory`.
/// Samples of all ranks come back on every rank of the group.
ScalingCase measure_case(const job::Run& job, const std::string& directory,
                         const mpi::Communicator& group, std::vector<RankSample>& samples);

/// Collective. Times exchanges around rings of all ranks with messages from 64 bytes to 4 MB.
std::vector<RankSample> measure_messages(const mpi::Communicator& comm, int ranks_per_node,
                                         const measure::Islands& islands);

}  // namespace motley::experiment
