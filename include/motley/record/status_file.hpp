// status.json: the state of a run, for people and programs outside.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "motley/record/record.hpp"

namespace motley::record {

enum class JobState { running, done, checkpointed, failed };
/// The name of the state in the file.
const char* name_of(JobState state);

/// The content of status.json, field by field. A NaN stands for "not known (yet)" and becomes null.
struct Status {
    static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

    JobState state = JobState::running;
    std::int64_t step = 0;
    double productivity = unknown;
    double productivity_per_agent = unknown;
    struct Heterogeneity {
        double effort = unknown;
        double value = unknown;
    } heterogeneity;
    double demand_entropy = unknown;
    double expenditure_entropy = unknown;
    double spatial_scale = unknown;   ///< xi; the key is written only where it was measured
    double balance_radius = unknown;  ///< hops; likewise
    std::vector<std::pair<std::string, double>> levels;         ///< I by level of a nested topology
    std::vector<std::pair<std::string, double>> level_balance;  ///< of its groups, by level
    /// Largest share of P that one agent, or one group of a level, earns; attacked optima only.
    std::vector<std::pair<std::string, double>> certified_losses;
    /// Mean, least and largest loss of one agent over its income, of those taken alone.
    std::vector<std::pair<std::string, double>> criticality;
    double gap = unknown;    ///< relative distance to the proved bound
    bool certified = false;  ///< the gap is below the requested tolerance
    std::string state_hash;  ///< hexadecimal; empty: not known, null in the file
    std::int64_t agents = 0;
    std::int64_t relays = 0;  ///< the key is written only where there are relays
    std::int64_t arcs = 0;
    std::int64_t tasks = 0;
    std::int64_t ranks = 1;
    double agent_steps_per_second = unknown;
    struct Memory {
        std::int64_t max = 0;    ///< memory of the rank that uses most
        std::int64_t total = 0;  ///< memory of all ranks
    } memory_bytes;
    std::vector<std::pair<std::string, double>> wall_seconds;  ///< per phase, in this order
    /// Sums over agents at the end, one per task; empty before.
    struct ByTask {
        std::vector<double> effort, value, expenditure;
    } by_task;
    std::string message;  ///< reason, when `state` is failed
    Provenance provenance;
};

/// Not collective. The text of status.json, keys in the order above; `message` is written only
/// when the run failed.
std::string to_json(const Status& status);

/// Not collective. Reads the text again; `path` is named in messages. Input error unless `text` is
/// what `to_json` writes.
Status status_from_json(const std::string& text, const std::string& path);

/// Keeps one status.json up to date. Not collective: one rank owns it.
class StatusFile {
  public:
    /// `interval`: the least seconds between two rewrites by `update`.
    StatusFile(std::string path, double interval);
    /// Writes when the interval has passed since the last write, or when nothing was written yet.
    /// True when it wrote. Storage errors as those of `write_file`.
    bool update(const Status& status);
    /// Writes now, as at the end of a run.
    void write(const Status& status);

  private:
    using Clock = std::chrono::steady_clock;
    std::string path_;
    double interval_;
    bool written_ = false;
    Clock::time_point last_;
};

}  // namespace motley::record
