// Writes redesign.json, whose names other programs rely on.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "motley/redesign/study/result_columns.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

using Json = nlohmann::ordered_json;

/// The number, or null where it does not exist.
Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json_of(const Bracket& bracket) {
    return Json::array({number(bracket.low), number(bracket.high)});
}

Json json_of(const NamedNumbers& numbers) {
    Json out = Json::object();
    for (const auto& [name, value] : numbers) out[name] = number(value);
    return out;
}

Json json_of(const WorstLoss& worst) {
    if (worst.type.empty()) return nullptr;
    return {{"theta", worst.loss.theta},
            {"theta_without_reallocation", worst.loss.theta_fixed},
            {"worst", worst.type}};
}

Json json_of(const ResultValue& value) {
    if (const auto* yes = std::get_if<bool>(&value)) return *yes;
    if (const auto* count = std::get_if<std::int64_t>(&value)) return *count;
    if (const auto* real = std::get_if<double>(&value)) return number(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* bracket = std::get_if<Bracket>(&value)) return json_of(*bracket);
    if (const auto* numbers = std::get_if<NamedNumbers>(&value)) return json_of(*numbers);
    if (const auto* worst = std::get_if<WorstLoss>(&value)) return json_of(*worst);
    return nullptr;
}

/// The columns of one object. `nested` makes the objects in it.
template <class Row, class Nested>
Json object_of(std::span<const ResultColumn<Row>> columns, JsonObject object, const Row& row,
               Nested nested) {
    Json out = Json::object();
    for (const ResultColumn<Row>& column : columns) {
        if (column.json.object != object) continue;
        const ResultValue value = column.get.call(row);
        if (std::holds_alternative<LeftOut>(value)) continue;
        const auto* inner = std::get_if<JsonObject>(&value);
        out[column.json.key] = inner != nullptr ? nested(*inner) : json_of(value);
    }
    return out;
}

/// The columns of a row that has no objects in it.
template <class Row>
Json item_of(std::span<const ResultColumn<Row>> columns, const Row& row) {
    return object_of(columns, JsonObject::item, row, [](JsonObject) { return Json(); });
}

Json design_object(JsonObject object, const DesignRow& row) {
    if (object == JsonObject::flips) {
        Json out = Json::array();
        for (const FlipRow& flip : flip_rows(row.job, row.result, row.design)) {
            out.push_back(item_of(flip_columns(), flip));
        }
        return out;
    }
    if (object == JsonObject::conditions) {
        Json out = Json::array();
        for (const Condition& each : row.design.conditions) {
            out.push_back({{"name", each.name},
                           {"value", number(each.value)},
                           {"limit", number(each.limit)},
                           {"met", each.met},
                           {"text", each.text}});
        }
        return out;
    }
    if (object == JsonObject::network_losses) {
        Json out = Json::object();
        for (const FabricLoss& loss : row.design.network.losses) {
            out[loss.part] = item_of(fabric_loss_columns(), FabricLossRow{row.design, loss});
        }
        return out;
    }
    if (object == JsonObject::requests) {
        Json out = Json::object();
        for (const RequestResult& request : row.design.requests) {
            out[request.name] = item_of(request_columns(), RequestRow{row.design, request});
        }
        return out;
    }
    return object_of(design_columns(), object, row,
                     [&](JsonObject inner) { return design_object(inner, row); });
}

Json design_json(const job::Redesign& job, const DesignResult& design,
                 const RedesignResult& result) {
    return design_object(JsonObject::item, {job, result, design});
}

Json homogeneous_json(const job::Redesign& job, const RedesignResult& result) {
    const DesignResult& last = result.designs.back();
    if (!last.homogeneous) return nullptr;
    Json out = design_json(job, last, result);
    out["fluid_price_per_hour"] = number(result.fluid_homogeneous_price);
    return out;
}

Json verdict_json(const Verdict& verdict) {
    return {{"recommendation", verdict.recommendation},
            {"text", verdict.text},
            {"baseline", verdict.baseline},
            {"gain", number(verdict.gain)},
            {"interval", verdict.interval ? json_of(*verdict.interval) : Json(nullptr)},
            {"because", verdict.because},
            {"required", verdict.required}};
}

}  // namespace

std::string redesign_json(const job::Redesign& job, const RedesignResult& result) {
    Json out;
    out["designs"] = Json::array();
    for (const DesignResult& design : result.designs) {
        if (!design.homogeneous) out["designs"].push_back(design_json(job, design, result));
    }
    out["best_homogeneous"] = homogeneous_json(job, result);
    out["verdict"] = verdict_json(result.verdict);
    out["fluid"] = {{"price_per_hour", number(result.fluid_price)},
                    {"homogeneous_price_per_hour", number(result.fluid_homogeneous_price)},
                    {"gain", number(result.fluid_gain)}};
    if (!result.spare_fleet.empty()) {
        out["spare"] = {{"fleet", json_of(devices_by_type(job.problem, result.spare_fleet))},
                        {"price_per_hour", result.spare_price}};
    }
    out["front"] = Json::array();
    for (const ParetoFleet& each : result.front) {
        out["front"].push_back(item_of(front_columns(), FrontRow{job, each}));
    }
    out["front_complete"] = result.front_complete;
    out["scenarios"] = result.scenarios;
    out["notes"] = result.notes;
    return out.dump(2) + "\n";
}

}  // namespace motley::redesign
