// The jobs of jobs/classics, which are built into the program, and their solution in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "motley/job/job.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/simulation/solve.hpp"

namespace motley::experiment {

/// A system with the rows of all agents in the order of their ids, on every rank.
struct Solved {
    simulation::Solution solution;
    std::size_t agents = 0;
    std::size_t tasks = 0;
    double returns = 1.0;
    std::vector<double> resource, utility;                           ///< one per agent
    std::vector<double> openness;                                    ///< empty where it is fixed
    std::vector<double> allocation, capability, consumption, value;  ///< agents x tasks
    std::vector<double> demand;                                      ///< agents x tasks

    double productivity() const { return solution.measures.productivity; }
    std::size_t at(std::size_t agent, std::size_t task) const { return agent * tasks + task; }
    /// y = R a x^gamma.
    double output(std::size_t agent, std::size_t task) const;
    /// v = sum_k q_k y_k.
    double income(std::size_t agent) const;
};

/// Looks at a system while it evolves.
struct Watch {
    std::int64_t every = 0;  ///< steps between two looks; 0: never
    /// Called on every rank before step 0, every, 2 every, ... with what the last step gave.
    std::function<void(std::int64_t step, const Solved& now)> look = {};
};

/// The files of jobs/classics in a temporary folder of this process, so that a job finds its
/// tables wherever the program runs.
class ClassicJobs {
  public:
    /// Collective.
    explicit ClassicJobs(const mpi::Communicator& comm);
    ~ClassicJobs();
    ClassicJobs(const ClassicJobs&) = delete;
    ClassicJobs& operator=(const ClassicJobs&) = delete;

    /// The job `name` (without extension) with overrides as of `--set`. Paths of files in them are
    /// relative to jobs/classics. Collective.
    job::Run read(const std::string& name, const std::vector<std::string>& set = {}) const;
    /// Collective. Reads and solves a job.
    Solved solve(const std::string& name, const std::vector<std::string>& set = {},
                 const Watch& watch = {}) const;
    const mpi::Communicator& comm() const { return comm_; }

  private:
    const mpi::Communicator& comm_;
    std::filesystem::path folder_;
};

/// "path=value" with all digits.
std::string set_key(const std::string& path, double value);
std::string set_key(const std::string& path, const std::vector<double>& values);

}  // namespace motley::experiment
