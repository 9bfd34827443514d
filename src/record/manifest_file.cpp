#include "motley/record/manifest_file.hpp"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "motley/record/record.hpp"

namespace motley::record {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream in(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
    return lines;
}

}  // namespace

void ManifestFile::check_owner() const {
    std::error_code ignored;
    if (!std::filesystem::exists(path_, ignored)) return;
    const auto found = lines_of(path_);
    const Json head = Json::parse(found.empty() ? "" : found.front(), nullptr, false);
    if (head.is_object() && head.contains("job") && head["job"] == job_) return;
    throw usage_error(
        head.is_object() && head.contains("manifest")
            ? "this folder holds the runs of another job: the job file, --set or, of a swarm, a "
              "file that it reads has changed since; --fresh deletes them and starts over, or give "
              "the job another name"
            : "this is not a manifest of motley; delete or rename it, or give the job another name",
        {path_});
}

std::vector<std::string> ManifestFile::lines() const {
    std::vector<std::string> lines = lines_of(path_);
    if (!lines.empty()) lines.erase(lines.begin());
    return lines;
}

void ManifestFile::write(const std::string& lines) const {
    const Json head = {{"manifest", 1}, {"job", job_}, {"runs", runs_}};
    write_file(path_, head.dump() + "\n" + lines);
}

ManifestCount count_manifest(const std::string& folder) {
    const std::vector<std::string> lines = lines_of(folder + "/manifest");
    if (lines.empty()) return {};
    const Json head = Json::parse(lines.front(), nullptr, false);
    if (!head.is_object() || !head.contains("runs") || !head["runs"].is_number_integer()) return {};
    return {std::ssize(lines) - 1, head["runs"].get<std::int64_t>()};
}

}  // namespace motley::record
