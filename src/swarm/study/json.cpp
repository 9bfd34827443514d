// Writes swarm.json, whose names other programs rely on.
#include <cmath>
#include <nlohmann/json.hpp>

#include "phases.hpp"

namespace motley::swarm {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json_of(const Estimate& estimate) {
    return Json::array({number(estimate.mean), number(estimate.low), number(estimate.high)});
}

Json setting_of(const job::Swarm& job, Policy policy, Operator op, std::size_t variant) {
    Json out = {{"policy", name_of(policy)}, {"operator", name_of(op)}};
    for (std::size_t f = 0; f < job.factors.size(); ++f) {
        const job::SwarmFactor& factor = job.factors[f];
        const std::size_t level = job.variants[variant].levels[f];
        out[factor.key] =
            factor.numbers.empty() ? Json(factor.labels[level]) : Json(factor.numbers[level]);
    }
    return out;
}

Json json_of(const job::Swarm& job, const CellResult& cell) {
    Json out = setting_of(job, cell.policy, cell.op, cell.variant);
    out["sites"] = cell.spec.sites;
    out["problems"] = cell.spec.problem_count();
    for (std::size_t m = 0; m < measures().size(); ++m) {
        out[measures()[m].name] = json_of(cell.values[m]);
    }
    if (cell.difference.count > 0) {
        out["difference"] = {{"of", compared_measure(job.spec.task)},
                             {"to", job.baseline},
                             {"mean", number(cell.difference.mean)},
                             {"interval", Json::array({number(cell.difference.interval.low),
                                                       number(cell.difference.interval.high)})},
                             {"p_holm", number(cell.p_corrected)}};
    }
    out["error_by_packets"] = Json::array();
    for (const auto& [packets, error] : cell.error_by_packets) {
        out["error_by_packets"].push_back(Json::array({packets, number(error)}));
    }
    if (cell.place) {
        out["place"] = {{"hops", number(cell.place->hops)},
                        {"stretch", number(cell.place->stretch)},
                        {"busiest_link_bytes", number(cell.place->busiest)},
                        {"link_bytes", number(cell.place->total)}};
    }
    return out;
}

}  // namespace

std::string study_json(const job::Swarm& job, const SwarmStudy& study) {
    Json out;
    out["cells"] = Json::array();
    for (const CellResult& cell : study.cells) out["cells"].push_back(json_of(job, cell));
    out["growth"] = Json::array();
    for (const Growth& growth : study.growth) {
        Json one = setting_of(job, growth.policy, growth.op, growth.variant);
        one["measure"] = growth.measure;
        one["exponent"] = json_of(growth.exponent);
        one["exponent_last"] = number(growth.last);
        one["r2"] = number(growth.r2);
        out["growth"].push_back(std::move(one));
    }
    out["hops"] = nullptr;
    if (study.hops) {
        out["hops"] = {{"slope", json_of(study.hops->slope)},
                       {"start", study.hops->start},
                       {"r2", study.hops->r2},
                       {"expected_slope", study.hops->expected},
                       {"worst_gap", study.hops->worst_gap}};
    }
    out["claims"] = Json::array();
    for (const Claim& claim : study.claims) {
        out["claims"].push_back({{"claim", claim.claim},
                                 {"verdict", claim.verdict},
                                 {"evidence", claim.evidence},
                                 {"mechanism", claim.mechanism}});
    }
    out["pareto_front"] = study.front;
    return out.dump(2) + "\n";
}

}  // namespace motley::swarm
