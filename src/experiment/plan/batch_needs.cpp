#include "motley/experiment/plan/batch_needs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "motley/job/batch.hpp"
#include "motley/job/runs.hpp"

namespace motley::experiment {
namespace {

int ranks_per_run(const job::Compare& job) {
    return std::max(1, job.ranks_per_run);
}

}  // namespace

int batch_ranks(const job::Job& job, int cores, int elements) {
    if (job.kind != job::JobKind::compare) return cores;
    const int width = ranks_per_run(job.compare);
    if (elements > 0) return width;
    const auto runs = std::ssize(job.compare.cells);
    return static_cast<int>(std::clamp<std::int64_t>(runs * width, width, std::max(cores, width)));
}

BatchNeeds batch_needs(const job::Job& job, int ranks, int elements,
                       const mpi::Communicator& comm) {
    const bool compares = job.kind == job::JobKind::compare;
    const int width = compares ? ranks_per_run(job.compare) : ranks;
    std::vector<const job::Run*> runs;
    mpi::together(comm, [&] { runs = job::distinct_runs(job); });
    BatchNeeds needs;
    for (const job::Run* run : runs) {
        const RunPlan planned = plan(*run, width, comm);
        needs.megabytes = std::max(needs.megabytes, batch_megabytes(planned.memory_max));
        needs.seconds += planned.seconds;
    }
    if (!compares) return needs;
    needs.seconds *= static_cast<double>(job.compare.replicates);
    needs.seconds /= static_cast<double>(std::max(1, ranks / width) * std::max(1, elements));
    return needs;
}

std::int64_t batch_megabytes(std::int64_t bytes) {
    return static_cast<std::int64_t>(static_cast<double>(bytes) * 1.25 / 1048576.0) + 64;
}

std::int64_t batch_minutes(double seconds) {
    return static_cast<std::int64_t>(seconds * 1.5 / 60.0) + 2;
}

std::string batch_time_limit(const BatchNeeds& needs) {
    constexpr std::int64_t day = 24 * 60;
    return job::batch_time(std::min(batch_minutes(needs.seconds), day));
}

std::string sbatch_lines(std::size_t ranks, const BatchNeeds& needs) {
    return fmt::format(
        "#SBATCH --ntasks={}\n#SBATCH --cpus-per-task=1\n#SBATCH --mem-per-cpu={}M\n"
        "#SBATCH --time={}\n",
        ranks, needs.megabytes, job::batch_time(batch_minutes(needs.seconds)));
}

}  // namespace motley::experiment
