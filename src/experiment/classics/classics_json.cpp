// The measured results as JSON.
#include <nlohmann/json.hpp>

#include "motley/experiment/classics/classics.hpp"

namespace motley::experiment {
namespace {

using Json = nlohmann::ordered_json;

const char* word(Relation relation) {
    switch (relation) {
        case Relation::at_most:
            return "at most";
        case Relation::at_least:
            return "at least";
        default:
            return "equal";
    }
}

Json to_json(const Finding& finding) {
    return {{"quantity", finding.quantity},       {"measured", finding.measured},
            {"relation", word(finding.relation)}, {"reference", finding.reference},
            {"tolerance", finding.tolerance},     {"holds", finding.holds()}};
}

Json to_json(const report::Chart& chart) {
    Json series = Json::array();
    for (const auto& each : chart.series) {
        Json x = Json::array(), y = Json::array();
        for (const auto& point : each.points) {
            x.push_back(point.x);
            y.push_back(point.y);
        }
        series.push_back({{"name", each.name}, {"x", std::move(x)}, {"y", std::move(y)}});
    }
    return {{"x", chart.x.label}, {"y", chart.y.label}, {"series", std::move(series)}};
}

}  // namespace

std::string to_json(const std::vector<ClassicResult>& results) {
    Json all = Json::array();
    for (const ClassicResult& result : results) {
        const Classic& classic = *result.classic;
        Json findings = Json::array();
        for (const Finding& finding : result.findings) findings.push_back(to_json(finding));
        all.push_back({{"id", classic.id},
                       {"field", classic.field},
                       {"title", classic.title},
                       {"source", classic.source},
                       {"job", std::string("jobs/classics/") + classic.job + ".toml"},
                       {"says", classic.says},
                       {"not_reproduced", classic.not_reproduced},
                       {"holds", result.holds()},
                       {"findings", std::move(findings)},
                       {"figure", to_json(result.figure)}});
    }
    return Json{{"classics", std::move(all)}}.dump(1) + "\n";
}

}  // namespace motley::experiment
