#include "slurm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "motley/core/error.hpp"
#include "motley/record/record.hpp"
#include "process.hpp"

namespace motley::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

Finished sbatch(std::vector<std::string> options, const std::string& script) {
    options.insert(options.begin(), "sbatch");
    options.push_back(script);
    auto finished = run_process(options);
    if (!finished) throw usage_error("sbatch cannot be started");
    if (finished->code == 0) return *finished;
    throw usage_error("SLURM refuses the job: " + trimmed(finished->err) +
                          "; change it by options of motley submit (--nodes, --time, --partition, "
                          "...) or look at `sinfo`",
                      {script});
}

}  // namespace

bool slurm_present() {
    return run_process({"sbatch", "--version"}).has_value();
}

std::optional<int> slurm_cores(const std::string& partition) {
    std::vector<std::string> command = {"sinfo", "--noheader", "--exact", "--format=%c"};
    if (!partition.empty()) command.push_back("--partition=" + partition);
    const auto finished = run_process(command);
    if (!finished || finished->code != 0) return {};
    std::istringstream in(finished->out);
    int least = 0;
    for (int cores = 0; in >> cores;) least = least == 0 ? cores : std::min(least, cores);
    return least > 0 ? std::optional(least) : std::nullopt;
}

std::string submit_script(const std::string& script, const std::vector<std::string>& options) {
    sbatch({"--test-only"}, script);
    std::vector<std::string> all = options;
    all.emplace_back("--parsable");
    const std::string out = trimmed(sbatch(all, script).out);
    return out.substr(0, out.find(';'));  // "id;cluster"
}

bool QueuedJob::active() const {
    constexpr std::array ended = {"COMPLETED",     "FAILED",    "CANCELLED",
                                  "TIMEOUT",       "BOOT_FAIL", "NODE_FAIL",
                                  "OUT_OF_MEMORY", "DEADLINE",  "PREEMPTED"};
    return std::ranges::none_of(ended, [&](const char* one) { return state == one; });
}

std::optional<std::vector<QueuedJob>> queued_jobs(const std::vector<std::string>& ids) {
    std::vector<QueuedJob> jobs;
    for (const auto& id : ids) {
        const auto finished = run_process({"squeue", "--noheader", "--array", "--states=all",
                                           "--jobs=" + id, "--format=%i|%T|%M|%l|%R"});
        if (!finished) return {};
        std::istringstream in(finished->out);
        for (std::string line; std::getline(in, line);) {
            std::array<std::string, 5> cells;
            std::istringstream row(line);
            for (auto& cell : cells) std::getline(row, cell, '|');
            jobs.push_back({cells[0], cells[1], cells[2], cells[3], cells[4]});
        }
    }
    return jobs;
}

void write_submission(const std::string& directory, const std::vector<std::string>& ids) {
    const Json json = {{"jobs", ids}};
    record::write_file(directory + "/submit.json", json.dump(1) + "\n");
}

std::vector<std::string> read_submission(const std::string& directory) {
    std::ifstream in(directory + "/submit.json");
    const Json json = Json::parse(in, nullptr, false);
    std::vector<std::string> ids;
    if (!json.is_object() || !json.contains("jobs") || !json["jobs"].is_array()) return ids;
    for (const auto& id : json["jobs"]) {
        if (id.is_string()) ids.push_back(id.get<std::string>());
    }
    return ids;
}

}  // namespace motley::cli
