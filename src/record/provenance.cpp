// Provenance of a result: the program, its libraries, the machine, the command.
#include <hdf5.h>
#include <mpi.h>

#include <array>
#include <boost/version.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>

#include "motley/core/machine.hpp"
#include "motley/record/record.hpp"
#include "record/build_info.hpp"

namespace motley::record {
namespace {

std::string dotted(long major, long minor, long patch) {
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string hdf5_version() {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned patch = 0;
    if (H5get_libversion(&major, &minor, &patch) < 0) return "unknown";
    return dotted(major, minor, patch);
}

std::string utc_now() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    if (::gmtime_r(&now, &parts) == nullptr) return "unknown";
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

/// The command as it can be pasted into a shell.
std::string shell_text(const std::vector<std::string>& command) {
    constexpr const char* plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
    std::string text;
    for (const auto& word : command) {
        if (!text.empty()) text += ' ';
        if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
            text += word;
            continue;
        }
        text += '\'';
        for (const char c : word) {
            if (c == '\'') {
                text.append("'\\''");
            } else {
                text += c;
            }
        }
        text += '\'';
    }
    return text;
}

/// "nodeA*4 nodeB*4": every host with the number of its ranks.
std::string host_list(const std::vector<std::string>& names) {
    std::map<std::string, int> ranks;
    for (const auto& name : names) ++ranks[name];
    std::string text;
    for (const auto& [name, count] : ranks) {
        if (!text.empty()) text += ' ';
        text += name;
        text += '*';
        text += std::to_string(count);
    }
    return text;
}

/// Rank 0's value of an environment variable; empty where it is not set.
std::string environment(const mpi::Communicator& comm, const char* name) {
    const char* value = std::getenv(name);
    return comm.broadcast(value == nullptr ? std::string() : std::string(value));
}

}  // namespace

Provenance build_provenance(const Provenance& libraries) {
    Provenance all = {
        {"version", build_info::version},
        {"commit", build_info::commit},
        {"dirty", build_info::dirty},
        {"compiler", build_info::compiler},
        {"flags", build_info::flags},
        {"build_type", build_info::build_type},
        {"mpi", mpi::Environment::library_version()},
        {"mpi_standard", std::to_string(MPI_VERSION) + "." + std::to_string(MPI_SUBVERSION)},
        {"hdf5", hdf5_version()},
        {"boost", dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
    };
    all.insert(all.end(), libraries.begin(), libraries.end());
    all.emplace_back("nlohmann_json",
                     dotted(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                            NLOHMANN_JSON_VERSION_PATCH));
    return all;
}

std::string program_version() {
    return std::string(build_info::version) + " " + build_info::commit;
}

Provenance reproducible_attributes(const std::string& job_text, std::uint64_t seed) {
    return {
        {"Conventions", "netCDF-4 dimension scales, group by group; UTF-8"},
        {"version", build_info::version},
        {"commit", build_info::commit},
        {"dirty", build_info::dirty},
        {"job", job_text},
        {"seed", std::to_string(seed)},
    };
}

Provenance run_provenance(const mpi::Communicator& comm, const std::vector<std::string>& command,
                          const Provenance& libraries) {
    Provenance all = build_provenance(libraries);
    all.emplace_back("command", comm.broadcast(shell_text(command)));
    all.emplace_back("ranks", std::to_string(comm.size()));
    all.emplace_back("hosts", host_list(comm.all_gather(host_name())));
    for (const char* name :
         {"SLURM_JOB_ID", "SLURM_JOB_NAME", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID",
          "SLURM_STEP_ID", "SLURM_RESTART_COUNT", "SLURM_JOB_NODELIST", "SLURM_CLUSTER_NAME"}) {
        const std::string value = environment(comm, name);
        if (!value.empty()) all.emplace_back(name, value);
    }
    all.emplace_back("started", comm.broadcast(utc_now()));
    return all;
}

}  // namespace motley::record
