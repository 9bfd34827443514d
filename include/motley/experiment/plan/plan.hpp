// Predicts what a run needs: memory per rank, disk, time, and data exchanged between ranks.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/job/job.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::experiment {

/// One part of the partition, which one rank would hold.
struct RankShare {
    std::int64_t agents = 0;
    std::int64_t interior = 0;  ///< agents without neighbours in other parts
    std::int64_t arcs = 0;      ///< arcs into owned agents, all couplings
    std::int64_t ghosts = 0;    ///< rows (uniform) or half rows (weighted) from other ranks
    std::int64_t sent = 0;      ///< rows or half rows for other ranks
    std::int64_t leaving = 0;   ///< of those of all ranks of its node, for ranks of other nodes
    std::int64_t crossing = 0;  ///< of those of its island, on the link to others that has most
    std::int64_t messages = 0;  ///< parts to which it sends
    std::int64_t memory = 0;    ///< predicted peak resident bytes, libraries included
};

struct RunPlan {
    AgentId agents = 0;
    std::int64_t arcs = 0;
    std::int64_t ghosts = 0;
    std::int64_t bytes_per_step = 0;  ///< between ranks
    std::int64_t memory_max = 0, memory_total = 0;
    std::int64_t disk = 0;           ///< bytes of run.h5, snapshots and series.csv
    std::int64_t checkpoint = 0;     ///< bytes of one checkpoint; up to three exist at once
    double rate = 0.0;               ///< agent-steps/s of one rank, measured by the probe
    double seconds = 0.0;            ///< for all steps that the job may make, and its attacks
    std::int64_t attack_points = 0;  ///< of all curves
    double attack_seconds = 0.0;     ///< about
    std::int64_t steps = 0;
    std::vector<RankShare> shares;  ///< one per rank
};

/// Collective on the ranks that plan; the run may have another number of ranks. Generates the
/// topology and its partition into `ranks` parts; a short probe measures the speed here.
RunPlan plan(const job::Run& job, int ranks, const mpi::Communicator& comm);

}  // namespace motley::experiment
