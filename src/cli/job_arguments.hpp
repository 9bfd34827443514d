// The arguments of commands that read a job file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "motley/job/job.hpp"

namespace CLI {
class Option;
}

namespace motley::cli {

struct JobArguments {
    std::string path;
    std::vector<std::string> set;  ///< "key=value"
};

/// Adds JOB and --set; returns the option of JOB.
CLI::Option* add_job_arguments(CLI::App& command, JobArguments& arguments);

/// The ranks that plan a job. `motley plan` needs no MPI, unless a run of the job is partitioned by
/// PT-Scotch: then it is started now.
class PlanningRanks {
  public:
    PlanningRanks(const job::Job& job, const mpi::Communicator& comm);
    const mpi::Communicator& comm() const { return started_ ? world_ : given_; }

  private:
    const mpi::Communicator& given_;
    std::optional<mpi::Environment> started_;
    mpi::Communicator world_;
};

/// Collective. Where the graph is a pipe, rank 0 reads it and gives it to the others, because only
/// rank 0 gets what is piped to mpirun.
void share_pipe(const topology::Spec& topology, const mpi::Communicator& comm);

/// Collective. Reads and checks the job on every rank, and shares the pipes that its runs read.
job::Job load_job(const JobArguments& arguments, const Context& context);

}  // namespace motley::cli
