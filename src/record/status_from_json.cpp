// Reads status.json.
#include <nlohmann/json.hpp>

#include "motley/record/status_file.hpp"

namespace motley::record {
namespace {

using Json = nlohmann::ordered_json;

JobState state_of(const std::string& name) {
    for (const JobState state :
         {JobState::running, JobState::done, JobState::checkpointed, JobState::failed}) {
        if (name == name_of(state)) return state;
    }
    throw internal_error("status: no such state");
}

double number(const Json& json) {
    return json.is_null() ? Status::unknown : json.get<double>();
}

std::string text(const Json& json) {
    return json.is_null() ? std::string() : json.get<std::string>();
}

std::vector<std::pair<std::string, double>> numbers(const Json& json) {
    std::vector<std::pair<std::string, double>> out;
    for (const auto& [name, value] : json.items()) out.emplace_back(name, number(value));
    return out;
}

/// Reads the keys that every file has.
Status required(const Json& json) {
    Status status;
    status.state = state_of(json.at("state"));
    status.step = json.at("step");
    status.productivity = number(json.at("productivity"));
    status.productivity_per_agent = number(json.at("productivity_per_agent"));
    const Json& heterogeneity = json.at("heterogeneity");
    status.heterogeneity = {number(heterogeneity.at("effort")), number(heterogeneity.at("value"))};
    status.demand_entropy = number(json.at("demand_entropy"));
    status.expenditure_entropy = number(json.at("expenditure_entropy"));
    status.gap = number(json.at("gap"));
    status.certified = json.at("certified");
    status.state_hash = text(json.at("state_hash"));
    status.agents = json.at("agents");
    status.arcs = json.at("arcs");
    status.tasks = json.at("tasks");
    status.ranks = json.at("ranks");
    status.agent_steps_per_second = number(json.at("agent_steps_per_second"));
    const Json& memory = json.at("memory_bytes");
    status.memory_bytes = {memory.at("max"), memory.at("total")};
    status.wall_seconds = numbers(json.at("wall_seconds"));
    for (const auto& [name, value] : json.at("provenance").items()) {
        status.provenance.emplace_back(name, value.get<std::string>());
    }
    return status;
}

std::vector<double> amounts(const Json& json) {
    std::vector<double> out;
    for (const auto& value : json) out.push_back(number(value));
    return out;
}

}  // namespace

Status status_from_json(const std::string& text, const std::string& path) {
    try {
        const Json json = Json::parse(text);
        Status status = required(json);
        if (json.contains("spatial_scale")) status.spatial_scale = number(json["spatial_scale"]);
        if (json.contains("balance_radius")) status.balance_radius = number(json["balance_radius"]);
        if (json.contains("levels")) status.levels = numbers(json["levels"]);
        if (json.contains("level_balance")) {
            status.level_balance = numbers(json["level_balance"]);
        }
        if (json.contains("certified_losses")) {
            status.certified_losses = numbers(json["certified_losses"]);
        }
        if (json.contains("criticality")) status.criticality = numbers(json["criticality"]);
        if (json.contains("relays")) status.relays = json["relays"];
        if (json.contains("message")) status.message = json["message"];
        if (json.contains("by_task")) {
            const Json& tasks = json["by_task"];
            status.by_task = {amounts(tasks.at("effort")), amounts(tasks.at("value")),
                              amounts(tasks.at("expenditure"))};
        }
        return status;
    } catch (const std::exception& error) {
        throw input_error(std::string("is not a status.json of this version of motley: ") +
                              error.what() + "; run the job again",
                          {path});
    }
}

}  // namespace motley::record
