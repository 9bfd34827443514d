#include "manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "motley/core/text_hash.hpp"

namespace motley::experiment {
namespace {

using Json = nlohmann::ordered_json;

/// Writes the shortest digits that read as the same double; JSON numbers are always finite.
Json to_json(double value) {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "nan" : value > 0.0 ? "inf" : "-inf";
}

double to_double(const Json& value) {
    if (value.is_number()) return value.get<double>();
    const auto text = value.get<std::string>();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (text == "inf" || text == "-inf") return text == "inf" ? infinity : -infinity;
    if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
    throw std::invalid_argument("not a number: " + text);
}

const char* name_of(RunState state) {
    return state == RunState::done ? "done" : state == RunState::failed ? "failed" : "open";
}

std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    std::ranges::replace(text, '\r', ' ');
    return text;
}

std::string first_line(const std::string& path) {
    std::ifstream in(path);
    std::string text;
    std::getline(in, text);
    return text;
}

Json parse(const std::string& text) {
    return Json::parse(text, nullptr, false);
}

}  // namespace

Manifest::Manifest(const job::Compare& job, const std::string& resolved_text, std::string program,
                   const ComparisonShare& share)
    : directory_(job.output.directory + "/" + job.name),
      file_(directory_, hash_128(resolved_text), std::ssize(job.cells)),
      program_(std::move(program)),
      share_(share),
      runs_(planned_runs(job)) {
    for (const job::CompareCell& cell : job.cells) {
        run_hashes_.push_back(hash_128(job::to_toml(cell.run)));
    }
    known_.assign(runs_.size(), false);
}

std::string Manifest::line(const ComparedRun& run) const {
    Json json;
    json["number"] = run.number;
    json["run"] = run.name;
    json["job"] = run_hashes_[static_cast<std::size_t>(run.number)];
    json["state"] = name_of(run.state);
    json["reason"] = run.reason;
    if (run.state == RunState::done) {
        json["program"] = run.program;
        json["state_hash"] = run.state_hash;
        for (std::size_t m = 0; m < run.measures.size(); ++m) {
            json["measures"][measure_columns()[m].name] = to_json(run.measures[m]);
        }
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Returns false where the text is not a whole line of this run.
bool Manifest::read(const std::string& text, ComparedRun& run) const {
    try {
        const Json json = parse(text);
        if (!json.is_object() ||
            json.at("job") != run_hashes_[static_cast<std::size_t>(run.number)]) {
            return false;
        }
        ComparedRun read = run;
        read.state = json.at("state") == "done" ? RunState::done : RunState::failed;
        read.reason = json.at("reason").get<std::string>();
        if (read.state == RunState::done) {
            read.program = json.at("program").get<std::string>();
            read.state_hash = json.at("state_hash").get<std::string>();
            read.measures.clear();
            for (const MeasureColumn& column : measure_columns()) {
                read.measures.push_back(to_double(json.at("measures").at(column.name)));
            }
        }
        run = std::move(read);
        return true;
    } catch (const std::exception&) {
        return false;  // the line of another version or of another program
    }
}

bool Manifest::read_result(ComparedRun& run) const {
    const std::string text = first_line(folder(run) + "/result.json");
    return !text.empty() && read(text, run);
}

void Manifest::remove_results() const {
    namespace fs = std::filesystem;
    const fs::path top = fs::weakly_canonical(directory_);
    std::vector<std::string> names;
    for (const ComparedRun& run : runs_) names.push_back(run.name);
    for (const std::string& text : file_.lines()) {
        const Json json = parse(text);
        const bool named = json.is_object() && json.contains("run") && json["run"].is_string();
        if (named) names.push_back(json["run"].get<std::string>());
    }
    std::error_code ignored;
    for (const std::string& name : names) {
        // A name that leads out of the folder is none of a run.
        const fs::path folder = fs::weakly_canonical(top / name);
        const auto [end, unused] = std::ranges::mismatch(top, folder);
        if (folder == top || end != top.end()) continue;
        fs::remove(folder / "result.json", ignored);
        remove_run(folder.string());
        const fs::path around = folder.parent_path();
        if (around != top) fs::remove(around, ignored);
    }
    for (const char* name :
         {"manifest", "runs.csv", "summary.csv", "correlations.csv", "compare.h5", "report.html"}) {
        fs::remove(top / name, ignored);
    }
}

void Manifest::open() {
    namespace fs = std::filesystem;
    file_.check_owner();
    record::make_directory(directory_);
    for (ComparedRun& run : runs_) {
        std::error_code ignored;
        const bool whole = read_result(run) && run.state == RunState::done &&
                           fs::exists(folder(run) + "/run.h5", ignored);
        if (whole) continue;
        run.state = RunState::open;
        run.reason.clear();
        if (share_.has(run.number)) fs::remove(folder(run) + "/result.json", ignored);
    }
    write(runs_);
}

std::string Manifest::ended() const {
    std::string lines;
    for (const ComparedRun& run : runs_) {
        if (run.state != RunState::open && !known_[static_cast<std::size_t>(run.number)])
            lines += line(run);
    }
    return lines;
}

void Manifest::take(const std::string& lines) {
    std::istringstream in(lines);
    for (std::string text; std::getline(in, text);) {
        ComparedRun& run = at(parse(text).at("number").get<std::int64_t>());
        if (!read(text, run)) {
            throw internal_error("manifest: a line of another rank cannot be read: " + text);
        }
        known_[static_cast<std::size_t>(run.number)] = true;
    }
}

std::vector<std::int64_t> Manifest::missing() const {
    std::vector<std::int64_t> numbers;
    for (const ComparedRun& run : runs_) {
        if (run.state == RunState::open && share_.has(run.number)) numbers.push_back(run.number);
    }
    return numbers;
}

void Manifest::write_result(const ComparedRun& run) const {
    record::make_directory(folder(run));
    record::write_file(folder(run) + "/result.json", line(run));
}

void Manifest::end(std::int64_t number, const RunResult& result) {
    ComparedRun run = at(number);
    run.state = RunState::done;
    run.program = program_;
    run.measures = measures_of(result);
    run.state_hash = fmt::format("{:016x}", result.state_hash);
    write_result(run);
    at(number) = std::move(run);
}

void Manifest::fail(std::int64_t number, const std::string& reason) {
    ComparedRun& run = at(number);
    run.state = RunState::failed;
    run.reason = one_line(reason);
    try {
        write_result(run);
    } catch (const Error&) {
        // The disk may be the reason why the run failed; the table has the reason anyway.
    }
}

std::optional<std::int64_t> Manifest::refresh() {
    const auto now = std::chrono::steady_clock::now();
    if (now - written_ < std::chrono::seconds(1)) return std::nullopt;
    written_ = now;
    std::vector<ComparedRun> seen = runs_;
    for (ComparedRun& run : seen) {
        if (run.state == RunState::open) read_result(run);
    }
    try {
        write(seen);
    } catch (const Error&) {
        // The last write, at the end, reports what is wrong with the disk.
    }
    return std::ssize(seen) - std::ranges::count(seen, RunState::open, &ComparedRun::state);
}

void Manifest::write(const std::vector<ComparedRun>& runs) const {
    if (!share_.whole()) return;
    std::string text;
    for (const ComparedRun& run : runs) text += line(run);
    file_.write(text);
}

EndedRuns count_ended_runs(const std::string& directory) {
    EndedRuns ended;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.path().filename() != "result.json") continue;
        const Json json = parse(first_line(entry.path().string()));
        if (!json.is_object()) continue;
        const bool done = json.contains("state") && json["state"] == "done";
        ++(done ? ended.done : ended.failed);
    }
    return ended;
}

}  // namespace motley::experiment
