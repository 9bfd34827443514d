// kind = "run": makes one run, from its job to its files.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/console.hpp"
#include "motley/experiment/attack/attack.hpp"
#include "motley/experiment/pause/pause.hpp"
#include "motley/job/job.hpp"
#include "motley/measure/spatial.hpp"
#include "motley/model/skill_space.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "motley/simulation/solve.hpp"

namespace motley::experiment {

/// Properties of the topology, relays included; definitions in
/// motley/topology/graph_statistics.hpp.
struct GraphProperties {
    static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    double degree_mean = unknown, degree_deviation = unknown, degree_skewness = unknown;
    double clustering = unknown;
    double path_length = unknown;
    double spectral_gap = unknown;
    double assortativity = unknown;
    double bisection = unknown;  ///< edges between two halves by METIS, per vertex
};

/// What a run with skills makes and needs, as shares over its tasks, which are points of a space;
/// empty without skills.
struct SkillProfile {
    std::vector<model::SkillPoint> place;     ///< of each task
    std::vector<double> demand;               ///< mean over agents
    std::vector<double> ability;              ///< R a of all agents: what they could make
    std::vector<double> output;               ///< what they make
    AgentId agent = 0;                        ///< in the middle of the ids
    std::vector<std::int64_t> radius;         ///< hops around it; empty in a pool
    std::vector<std::vector<double>> within;  ///< what is made within that radius
};

/// The result of a run; the same on every rank.
struct RunResult {
    std::string directory;
    std::string preset;  ///< field whose words tables have; empty: none
    simulation::Solution solution;
    AgentId agents = 0;
    AgentId relays = 0;  ///< switches, on top of the agents
    std::int64_t arcs = 0;
    std::int64_t tasks = 0;
    std::vector<double> density;  ///< of the arcs of a large graph file, on rank 0; else empty
    std::uint64_t state_hash = 0;
    std::vector<measure::LevelHeterogeneity> levels;  ///< nested topologies only
    std::vector<double> level_balance;                ///< local balance of their groups
    measure::SpatialScale spatial;                    ///< empty unless the job asks for it
    SkillProfile skills;                              ///< empty without skills
    AttackResult attack;                              ///< empty unless the job attacks
    GraphProperties graph;                            ///< nan unless the job asks for it
    /// Rank correlation of productivity and effort heterogeneity over the rows of the series.
    double rise = std::numeric_limits<double>::quiet_NaN();
    std::int64_t rank_messages = 0;  ///< MPI messages per step, all ranks
    std::int64_t rank_bytes = 0;     ///< bytes that cross ranks per step
    std::string pause;               ///< why the run was set aside; empty: it was completed
    bool paused() const { return !pause.empty(); }
    double hidden_share = 0.0;  ///< share of the exchange hidden behind interior rows
    double agent_steps_per_second = 0.0;
    std::int64_t memory_max = 0, memory_total = 0;        ///< peak resident bytes
    std::vector<std::pair<std::string, double>> seconds;  ///< per phase, largest over ranks
};

/// Collective. Runs the job and writes results/<name>/{run.h5, series.csv, report.html,
/// status.json, log.txt}. Resumes from the newest whole checkpoint in that folder, with the same
/// bits as if it had never stopped. When it is set aside, it writes one, and `pause` gives the
/// reason. On an error status.json says "failed" with the message, and only checkpoints and
/// snapshots stay.
RunResult run(const job::Run& job, const std::string& resolved_text,
              const std::vector<std::string>& command, const mpi::Communicator& comm,
              const Console& console, const Limits& limits = {});

/// Not collective. Deletes what a run writes into its folder, checkpoints too, and the folder where
/// nothing else is in it. A storage error where a result cannot be deleted.
void remove_run(const std::string& directory);

}  // namespace motley::experiment
