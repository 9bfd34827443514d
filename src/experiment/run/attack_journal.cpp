#include "attack_journal.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "attack_files.hpp"
#include "motley/core/error.hpp"
#include "motley/core/text.hpp"
#include "motley/record/record.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* file_name = "/attacks.part";

}  // namespace

AttackJournal::AttackJournal(const std::string& directory, std::string job)
    : path_(directory + file_name), job_(std::move(job)) {}

bool AttackJournal::exists(const std::string& directory) {
    std::error_code ignored;
    return fs::exists(directory + file_name, ignored);
}

void AttackJournal::write(const AttackResult& so_far) const {
    const Json json = {
        {"job", job_}, {"points", attacks_csv(so_far)}, {"singles", criticality_csv(so_far)}};
    record::write_file(path_, json.dump());
}

AttackStart AttackJournal::read() const {
    std::error_code ignored;
    if (!fs::exists(path_, ignored)) return {};
    AttackStart start;
    std::string job;
    try {
        const Json json = Json::parse(TextFile(path_).text());
        job = json.at("job").get<std::string>();
        start.points = read_attacks({json.at("points").get<std::string>(), path_});
        start.singles = read_singles({json.at("singles").get<std::string>(), path_});
    } catch (const Json::exception&) {
        throw input_error("this file is damaged; delete it, and the attack starts over", {path_});
    }
    if (job != job_) {
        throw usage_error(
            "this folder holds an unfinished attack of another job: the job file, --set or a file "
            "that it reads has changed since; --fresh starts over, or give the job another name",
            {path_});
    }
    return start;
}

void AttackJournal::remove() const {
    std::error_code ignored;
    fs::remove(path_, ignored);
}

}  // namespace motley::experiment
