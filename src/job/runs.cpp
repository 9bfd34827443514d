#include "motley/job/runs.hpp"

#include "motley/core/error.hpp"

namespace motley::job {

const std::string& name_of(const Job& job) {
    switch (job.kind) {
        case JobKind::compare:
            return job.compare.name;
        case JobKind::redesign:
            return job.redesign.name;
        case JobKind::swarm:
            return job.swarm.name;
        default:
            return job.run.name;
    }
}

std::string directory_of(const Job& job) {
    if (job.kind == JobKind::redesign) return job.redesign.directory + "/" + name_of(job);
    if (job.kind == JobKind::swarm) return job.swarm.directory + "/" + name_of(job);
    const Output& output = job.kind == JobKind::compare ? job.compare.output : job.run.output;
    return output.directory + "/" + name_of(job);
}

std::vector<const Run*> distinct_runs(const Job& job) {
    if (job.kind == JobKind::redesign || job.kind == JobKind::swarm) {
        throw internal_error("a redesign or a swarm has no runs");
    }
    if (job.kind != JobKind::compare) return {&job.run};
    std::vector<const Run*> runs;
    for (const CompareCell& cell : job.compare.cells) {
        if (cell.replicate == 0) runs.push_back(&cell.run);
    }
    return runs;
}

}  // namespace motley::job
