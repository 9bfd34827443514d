// A rough estimate, without a probe, of the cost of the runs of a comparison. It is enough to start
// the longest run first and to choose how many ranks work on a run.
#pragma once

#include <vector>

#include "motley/job/job.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::experiment {

struct Estimate {
    double work = 0.0;        ///< (agents + arcs) x tasks x steps
    std::int64_t memory = 0;  ///< bytes on all ranks together
    AgentId agents = 0;
};

/// Steps that a run will make: those of the dynamics; of an optimum, at most max_steps and about
/// 50 ln(1 / gap) / min(elasticity, 1), which is within a factor of about two of the table of steps
/// in docs/model.md.
double expected_steps(const job::Run& run);

/// What changes of agents and arcs cost, in steps of the run: epochs of rewiring, and failures that
/// may change something in every step.
double change_steps(const job::Run& run);

/// About as many steps of the whole system as the points of an attack cost: half of the agents live
/// in the mean; a point is built anew, settles to 1e-12 and adapts in measured steps. 0 without
/// one.
double attack_steps(const job::Run& run);

/// The cost of a run whose topology has `agents` agents and `arcs` arcs: memory as in `plan`, but
/// without ghosts.
Estimate estimate(const job::Run& run, AgentId agents, std::int64_t arcs);

/// Not collective. The cost of a run of every cell of `job`, in their order. Makes the topologies
/// (reads files) to know their arcs; one that cannot be made costs nothing, because its runs fail
/// and give the reason.
std::vector<Estimate> estimate_cells(const job::Compare& job);

/// The numbers `runs`, sorted by falling work of their cells; runs of equal work keep their order.
std::vector<std::int64_t> longest_first(const job::Compare& job,
                                        const std::vector<Estimate>& estimates,
                                        std::vector<std::int64_t> runs);

/// Ranks for each run when the job says "auto": as many as the largest run needs to fit into 70 %
/// of `memory`, the bytes that a rank has. A run gets more only where there are fewer runs than
/// ranks, and then at most one rank for every 10,000 agents.
int automatic_ranks(const std::vector<Estimate>& estimates, std::int64_t runs, int ranks,
                    std::int64_t memory);

/// Collective. Free memory of a node divided by its ranks, bytes; the least of all nodes.
std::int64_t memory_per_rank(const mpi::Communicator& comm);

}  // namespace motley::experiment
