#include "finished_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "phases.hpp"

namespace motley::swarm {
namespace {

using Json = nlohmann::ordered_json;

/// Numbers as the shortest digits that read as the same double; what is no number as a word.
Json to_json(double value) {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "nan" : value > 0.0 ? "inf" : "-inf";
}

double to_double(const Json& value) {
    if (value.is_number()) return value.get<double>();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto word = value.get<std::string>();
    if (word == "inf" || word == "-inf") return word == "inf" ? infinity : -infinity;
    return std::nan("");
}

}  // namespace

FinishedRuns::FinishedRuns(const job::Swarm& job, const std::string& directory,
                           std::string identity)
    : file_(directory, std::move(identity),
            std::ssize(cells_of(job)) * static_cast<std::int64_t>(job.replicates)),
      runs_(cells_of(job).size() * static_cast<std::size_t>(job.replicates)) {}

std::int64_t FinishedRuns::open_runs() const {
    return std::ranges::count(runs_, false, &SwarmRun::done);
}

std::string FinishedRuns::line(std::size_t number) const {
    const SwarmRun& run = runs_[number];
    Json json = {{"number", number}, {"state_hash", fmt::format("{:016x}", run.state_hash)}};
    for (std::size_t m = 0; m < run.values.size(); ++m) {
        json["measures"][measures()[m].name] = to_json(run.values[m]);
    }
    json["classes"] = Json::array();
    for (std::size_t c = 0; c < use_classes; ++c) {
        if (run.class_sites[c] == 0) continue;
        json["classes"].push_back(
            {c, run.class_sites[c], run.class_packets[c], to_json(run.class_error[c])});
    }
    if (run.place) {
        json["place"] = {to_json(run.place->hops), to_json(run.place->stretch),
                         to_json(run.place->busiest), to_json(run.place->total)};
    }
    return json.dump() + "\n";
}

/// Leaves a run open whose line is damaged, or of a program with other measures.
void FinishedRuns::take(const std::string& line) {
    try {
        const Json json = Json::parse(line);
        SwarmRun run;
        run.state_hash = std::stoull(json.at("state_hash").get<std::string>(), nullptr, 16);
        for (const Measure& measure : measures()) {
            run.values.push_back(to_double(json.at("measures").at(measure.name)));
        }
        for (const Json& each : json.at("classes")) {
            const auto c = each.at(0).get<std::size_t>();
            run.class_sites.at(c) = each.at(1).get<std::int64_t>();
            run.class_packets.at(c) = each.at(2).get<std::int64_t>();
            run.class_error.at(c) = to_double(each.at(3));
        }
        if (json.contains("place")) {
            const Json& place = json["place"];
            run.place = PlaceLoad{to_double(place.at(0)), to_double(place.at(1)),
                                  to_double(place.at(2)), to_double(place.at(3))};
        }
        run.done = true;
        runs_.at(json.at("number").get<std::size_t>()) = std::move(run);
    } catch (const std::exception&) {
        return;
    }
}

void FinishedRuns::read() {
    file_.check_owner();
    for (const std::string& text : file_.lines()) take(text);
}

void FinishedRuns::open(const mpi::Communicator& comm) {
    const std::string lines = mpi::on_root(comm, [&] {
        read();
        std::string all;
        for (std::size_t n = 0; n < runs_.size(); ++n) {
            if (runs_[n].done) all += line(n);
        }
        return all;
    });
    std::istringstream in(lines);
    for (std::string text; std::getline(in, text);) take(text);
}

void FinishedRuns::write() {
    const auto start = Clock::now();
    std::string lines;
    for (std::size_t n = 0; n < runs_.size(); ++n) {
        if (runs_[n].done) lines += line(n);
    }
    file_.write(lines);
    written_ = Clock::now();
    cost_ = written_ - start;
}

bool FinishedRuns::write_if_due() {
    constexpr int share = 50;
    const auto interval = std::max<Clock::duration>(std::chrono::seconds(1), share * cost_);
    if (Clock::now() - written_ < interval) return false;
    write();
    return true;
}

}  // namespace motley::swarm
