// redesign.json: the names that other programs rely on.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "redesign_parts.hpp"

namespace motley::redesign {
namespace {

using Json = nlohmann::ordered_json;

/// What does not exist is null.
Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json_of(const Spread& spread) {
    return Json::array({number(spread.low), number(spread.high)});
}

Json fleet_json(const fleet::Problem& problem, const fleet::Fleet& fleet) {
    Json out = Json::object();
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        if (fleet[d] > 0.0) out[problem.devices[d].name] = fleet[d];
    }
    return out;
}

Json flips_json(const job::Redesign& job, const DesignResult& design,
                const RedesignResult& result) {
    const fleet::Problem& problem = job.problem;
    Json out = Json::array();
    for (const fleet::Flip& flip : design.flips) {
        const auto index = static_cast<std::size_t>(flip.index);
        const bool price = flip.parameter == fleet::Parameter::price;
        out.push_back({{"parameter", price ? "price_per_hour" : "demand"},
                       {"of", price ? problem.devices[index].name : problem.tasks[index].name},
                       {"nominal", flip.nominal},
                       {"at", flip.at},
                       {"ratio", flip.at / flip.nominal},
                       {"becomes", flip.becomes}});
    }
    if (!design.searched) return out;
    for (const FleetRange& range : result.ranges) {
        const fleet::Device& device = problem.devices[static_cast<std::size_t>(range.type)];
        const auto add = [&](double at, const fleet::Fleet& becomes) {
            if (becomes.empty()) return;
            out.push_back({{"parameter", "price_per_hour"},
                           {"of", device.name},
                           {"nominal", device.price},
                           {"at", at},
                           {"ratio", at / device.price},
                           {"becomes", fleet_json(problem, becomes)},
                           {"proved", range.range.proved}});
        };
        add(range.range.low, range.range.below);
        add(range.range.high, range.range.above);
    }
    return out;
}

Json loss_json(const fleet::Problem& problem, const fleet::Loss& loss) {
    if (loss.type < 0) return nullptr;
    return {{"theta", loss.theta},
            {"theta_without_reallocation", loss.theta_fixed},
            {"worst", problem.devices[static_cast<std::size_t>(loss.type)].name}};
}

/// Nats; null where the fleet is not one of whole devices.
Json specialisation_json(const Specialisation& specialisation) {
    if (specialisation.levels.empty()) return nullptr;
    Json levels = Json::object();
    for (const auto& level : specialisation.levels) levels[level.name] = level.heterogeneity;
    return {{"types", specialisation.types},
            {"bound", specialisation.bound},
            {"levels", std::move(levels)}};
}

Json network_json(const DesignResult& design) {
    const NetworkResult& network = design.network;
    if (!network.given) return nullptr;
    const double theta = design.throughput.theta;
    const auto share = [&](double limit) { return std::min(1.0, limit / theta); };
    Json out = {{"traffic_gb_per_s", network.traffic},
                {"theta", json_of(network.bound)},
                {"theta_ecmp", number(network.ecmp)},
                {"share", {share(network.bound.low), share(network.bound.high)}},
                {"share_ecmp", share(network.ecmp)},
                {"hops", network.hops},
                {"binds", design.network_binds()},
                {"bottleneck", network.bottleneck},
                {"bottleneck_ecmp", network.ecmp_bottleneck}};
    out["n_minus_1"] = Json::object();
    for (const FabricLoss& loss : network.losses) {
        out["n_minus_1"][loss.part] = {{"theta", loss.theta},
                                       {"worst", loss.worst},
                                       {"served", loss.served},
                                       {"theta_ecmp", number(loss.ecmp)},
                                       {"theta_bounds", json_of(loss.bound)},
                                       {"disconnecting", loss.disconnecting},
                                       {"tried", loss.tried},
                                       {"possible", loss.possible}};
    }
    return out;
}

Json design_json(const job::Redesign& job, const DesignResult& design,
                 const RedesignResult& result) {
    const fleet::Problem& problem = job.problem;
    const double total = problem.total_demand();
    const fleet::Throughput& throughput = design.throughput;
    Json out;
    out["name"] = design.name;
    out["fleet"] = fleet_json(problem, design.fleet);
    out["throughput"] = {{"bound", std::min(throughput.theta, design.network.bound.high) * total},
                         {"achieved", design.dynamics.devices > 0 || design.network.given
                                          ? Json(design.achieved() * total)
                                          : Json(nullptr)}};
    out["theta"] = design.theta();
    out["theta_fleet"] = throughput.theta;
    out["price_per_hour"] = design.price;
    out["price_to_serve"] = number(design.price_to_serve);
    out["power_w"] = design.power;
    out["power_peak_w"] = design.power_peak;
    out["gain"] = {{"total", number(design.gain.total)},
                   {"comparative_advantage", number(design.gain.comparative_advantage)},
                   {"granularity", number(design.gain.granularity)},
                   {"mix", number(design.gain.mix)},
                   {"calibration", number(design.gain.calibration)},
                   {"network", number(design.gain.network)},
                   {"scheduling", number(design.gain.scheduling)}};
    if (design.dynamics.devices > 0) {
        out["dynamics"] = {{"theta", design.dynamics.theta},
                           {"steps", design.dynamics.steps},
                           {"messages_per_step", design.dynamics.messages},
                           {"heterogeneity", design.dynamics.heterogeneity},
                           {"heterogeneity_bound", design.dynamics.bound}};
    }
    out["network"] = network_json(design);
    out["heterogeneity"] = specialisation_json(design.specialisation);
    out["fabric_price_per_hour"] = design.fabric_price;
    out["bottleneck"] = design.network_binds()
                            ? "network"
                            : problem.tasks[static_cast<std::size_t>(throughput.bottleneck)].name;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        out["task_prices"][problem.tasks[k].name] = throughput.task_prices[k];
    }
    for (std::size_t d = 0; d < problem.types(); ++d) {
        out["device_worth"][problem.devices[d].name] = throughput.device_worth[d];
    }
    out["n_minus_1"] = {{"device", loss_json(problem, design.losses.device)},
                        {"node", loss_json(problem, design.losses.node)}};
    const DesignIntervals& interval = design.interval;
    out["interval"] = {
        {"theta", json_of(interval.theta)},
        {"theta_without_reallocation", json_of(interval.theta_fixed)},
        {"throughput", json_of({interval.theta.low * total, interval.theta.high * total})},
        {"price_per_hour", json_of(interval.price)},
        {"price_to_serve", json_of(interval.price_to_serve)},
        {"gain", json_of(interval.gain)}};
    out["flips"] = flips_json(job, design, result);
    out["proved"] = design.proved;
    out["optimality_gap"] = number(design.gap);
    return out;
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
            {"interval", json_of(verdict.interval)},
            {"required", verdict.required}};
}

}  // namespace

std::string redesign_json(const job::Redesign& job, const RedesignResult& result) {
    const fleet::Problem& problem = job.problem;
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
        out["spare"] = {{"fleet", fleet_json(problem, result.spare_fleet)},
                        {"price_per_hour", result.spare_price}};
    }
    out["front"] = Json::array();
    for (const ParetoFleet& each : result.front) {
        out["front"].push_back({{"fleet", fleet_json(problem, each.fleet)},
                                {"price_per_hour", each.price},
                                {"power_peak_w", each.power},
                                {"theta", each.theta},
                                {"n_minus_1", each.n_minus_1}});
    }
    out["scenarios"] = result.scenarios;
    out["notes"] = result.notes;
    return out.dump(2) + "\n";
}

}  // namespace motley::redesign
