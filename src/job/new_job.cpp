// The jobs of `motley new`.
#include <string_view>

#include "job/new_jobs.hpp"
#include "motley/core/error.hpp"
#include "motley/job/help.hpp"

namespace motley::job {
namespace {

constexpr std::string_view extension = ".toml";

std::string kind_of(const NewJob& job) {
    const std::string_view file = job.file;
    return std::string(file.substr(0, file.size() - extension.size()));
}

}  // namespace

std::vector<std::string> job_kinds() {
    std::vector<std::string> kinds;
    for (const NewJob& job : new_jobs) kinds.push_back(kind_of(job));
    return kinds;
}

std::string new_job(const std::string& kind) {
    for (const NewJob& job : new_jobs) {
        if (kind_of(job) == kind) return job.text;
    }
    throw internal_error("there is no job of kind " + kind + " to start from");
}

}  // namespace motley::job
