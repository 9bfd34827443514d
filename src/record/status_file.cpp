// Writes status.json.
#include "motley/record/status_file.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace motley::record {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has neither NaN nor infinity.
Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json text(const std::string& value) {
    return value.empty() ? Json(nullptr) : Json(value);
}

}  // namespace

const char* name_of(JobState state) {
    switch (state) {
        case JobState::running:
            return "running";
        case JobState::done:
            return "done";
        case JobState::checkpointed:
            return "checkpointed";
        case JobState::failed:
            return "failed";
    }
    throw internal_error("status: no such state");
}

std::string to_json(const Status& status) {
    Json json;
    json["state"] = name_of(status.state);
    json["step"] = status.step;
    json["productivity"] = number(status.productivity);
    json["productivity_per_agent"] = number(status.productivity_per_agent);
    json["heterogeneity"] = {{"effort", number(status.heterogeneity.effort)},
                             {"value", number(status.heterogeneity.value)}};
    json["demand_entropy"] = number(status.demand_entropy);
    json["expenditure_entropy"] = number(status.expenditure_entropy);
    if (std::isfinite(status.spatial_scale)) json["spatial_scale"] = status.spatial_scale;
    if (std::isfinite(status.balance_radius)) json["balance_radius"] = status.balance_radius;
    if (!status.levels.empty()) json["levels"] = Json::object();
    for (const auto& [level, effort] : status.levels) json["levels"][level] = number(effort);
    if (!status.level_balance.empty()) json["level_balance"] = Json::object();
    for (const auto& [level, balance] : status.level_balance) {
        json["level_balance"][level] = number(balance);
    }
    if (!status.certified_losses.empty()) json["certified_losses"] = Json::object();
    for (const auto& [of, loss] : status.certified_losses) {
        json["certified_losses"][of] = number(loss);
    }
    if (!status.criticality.empty()) json["criticality"] = Json::object();
    for (const auto& [what, value] : status.criticality) {
        json["criticality"][what] = number(value);
    }
    json["gap"] = number(status.gap);
    json["certified"] = status.certified;
    json["state_hash"] = text(status.state_hash);
    json["agents"] = status.agents;
    if (status.relays > 0) json["relays"] = status.relays;
    json["arcs"] = status.arcs;
    json["tasks"] = status.tasks;
    json["ranks"] = status.ranks;
    json["agent_steps_per_second"] = number(status.agent_steps_per_second);
    json["memory_bytes"] = {{"max", status.memory_bytes.max}, {"total", status.memory_bytes.total}};
    json["wall_seconds"] = Json::object();
    for (const auto& [phase, seconds] : status.wall_seconds) {
        json["wall_seconds"][phase] = number(seconds);
    }
    if (!status.by_task.effort.empty()) {
        json["by_task"] = {{"effort", status.by_task.effort},
                           {"value", status.by_task.value},
                           {"expenditure", status.by_task.expenditure}};
    }
    if (status.state == JobState::failed) json["message"] = status.message;
    json["provenance"] = Json::object();
    for (const auto& [name, value] : status.provenance) json["provenance"][name] = value;
    // A command line may hold bytes that are not UTF-8; the status is written anyway.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

StatusFile::StatusFile(std::string path, double interval)
    : path_(std::move(path)), interval_(interval) {}

bool StatusFile::update(const Status& status) {
    const std::chrono::duration<double> age = Clock::now() - last_;
    if (written_ && age.count() < interval_) return false;
    write(status);
    return true;
}

void StatusFile::write(const Status& status) {
    write_file(path_, to_json(status));
    last_ = Clock::now();
    written_ = true;
}

}  // namespace motley::record
