// Columns of results of which a design has several, and texts of values.
#include "motley/redesign/study/result_columns.hpp"

#include <fmt/format.h>

#include <limits>

namespace motley::redesign {
namespace {

using report::NumberFormat;
using Object = JsonObject;

constexpr NumberFormat general{};
constexpr NumberFormat three{NumberFormat::Notation::fixed, 3};
constexpr NumberFormat percent{NumberFormat::Notation::percent, 1};

using L = const FabricLossRow&;

constexpr ResultColumn<FabricLossRow> fabric_losses[] = {
    {{"design", "", "name"}, [](L r) { return r.design.name; }},
    {{"lost", "", "what"},
     [](L r) { return r.loss.part; },
     {},
     {ResultTable::fabric_losses, "lost"}},
    {{"worst", "", "failure"},
     [](L r) { return r.loss.worst; },
     {},
     {ResultTable::fabric_losses, "worst"}},
    {{"theta", "1", "share of the demand that is served after it"},
     [](L r) { return r.loss.theta; },
     {Object::item, "theta"},
     {ResultTable::fabric_losses, "theta", three}},
    {{}, [](L r) { return r.loss.worst; }, {Object::item, "worst"}},
    {{"theta", "1", "the same, at least", "at most"},
     [](L r) { return r.loss.bound; },
     {Object::item, "theta_bounds"},
     {ResultTable::fabric_losses, "proved"}},
    {{"disconnecting", "1", "failures that leave hosts without a path"},
     [](L r) { return std::int64_t{r.loss.disconnecting}; },
     {Object::item, "disconnecting"},
     {ResultTable::fabric_losses, "cut off", general, "cases"}},
    {{"tried", "1", "failures"},
     [](L r) { return r.loss.tried; },
     {Object::item, "tried"},
     {ResultTable::fabric_losses, "tried", general, "cases"}},
    {{"possible", "1", "failures"},
     [](L r) { return r.loss.possible; },
     {Object::item, "possible"}},
};

using S = const StageRow&;

constexpr ResultColumn<StageRow> stages[] = {
    {{"design", "", "name"}, [](S r) { return r.design.name; }},
    {{"node", "", "vertex of the topology"},
     [](S r) { return r.stage.node; },
     {},
     {ResultTable::pipeline, "node"}},
    {{"device", "", "type"},
     [](S r) { return r.job.problem.devices[r.stage.type].name; },
     {},
     {ResultTable::pipeline, "device"}},
    {{"first", "1", "layer that it holds, counted from 1"},
     [](S r) { return std::int64_t{r.stage.first}; },
     {},
     {ResultTable::pipeline, "first layer", general}},
    {{"last", "1", "layer that it holds"},
     [](S r) { return std::int64_t{r.stage.last}; },
     {},
     {ResultTable::pipeline, "last layer", general}},
    {{"rate", "units/s", "that it could pass"},
     [](S r) { return r.stage.rate; },
     {},
     {ResultTable::pipeline, "rate", general}},
    {{"units", "units/s", "that it passes"},
     [](S r) { return r.stage.units; },
     {},
     {ResultTable::pipeline, "passes", general}},
    {{"price", "1", "throughput that one unit/s more of its rate adds"},
     [](S r) { return r.stage.price; },
     {},
     {ResultTable::pipeline, "price", three}},
};

using F = const FlipRow&;

constexpr const char* parameter_name(FlipRow::Kind kind) {
    switch (kind) {
        case FlipRow::Kind::price:
            return "price";
        case FlipRow::Kind::demand:
            return "demand";
        default:
            return "price (any fleet)";
    }
}

constexpr ResultColumn<FlipRow> flips[] = {
    {{"design", "", "name"}, [](F r) { return r.design; }},
    {{}, [](F r) { return r.text; }, {}, {ResultTable::flips, "change"}},
    {{"parameter", "", "price of a device or demand of a class"},
     [](F r) { return std::string(parameter_name(r.kind)); }},
    {{},
     [](F r) { return std::string(r.kind == FlipRow::Kind::demand ? "demand" : "price_per_hour"); },
     {Object::item, "parameter"}},
    {{"of", "", "device or class"}, [](F r) { return r.of; }, {Object::item, "of"}},
    {{"nominal", "$/h or units/s", "value now"},
     [](F r) { return r.nominal; },
     {Object::item, "nominal"}},
    {{"at", "$/h or units/s", "value where the comparison turns"},
     [](F r) { return r.at; },
     {Object::item, "at"}},
    {{"ratio", "1", "of the two"},
     [](F r) { return r.at / r.nominal; },
     {Object::item, "ratio"},
     {ResultTable::flips, "ratio", three}},
    {{"becomes", "", "what is better beyond; itself: the design comes to be the best"},
     [](F r) { return r.becomes; },
     {Object::item, "becomes"}},
    {{},
     [](F r) { return r.proved ? ResultValue(*r.proved) : ResultValue(LeftOut()); },
     {Object::item, "proved"}},
};

using P = const FrontRow&;

constexpr ResultColumn<FrontRow> front[] = {
    {{"fleet", "", "devices by type"},
     [](P r) { return devices_by_type(r.job.problem, r.fleet.fleet); },
     {Object::item, "fleet"}},
    {{"price_per_hour", "$/h", "of the fleet"},
     [](P r) { return r.fleet.price; },
     {Object::item, "price_per_hour"}},
    {{"power_peak_w", "W", "with every device busy"},
     [](P r) { return r.fleet.power; },
     {Object::item, "power_peak_w"}},
    {{"theta", "1", "share of the demand that it can serve"},
     [](P r) { return r.fleet.theta; },
     {Object::item, "theta"}},
    {{"n_minus_1_node", "1", "theta after the worst loss of a node"},
     [](P r) { return r.fleet.n_minus_1; },
     {Object::item, "n_minus_1"}},
};

}  // namespace

std::string text_of(const ResultValue& value) {
    if (const auto* yes = std::get_if<bool>(&value)) return *yes ? "yes" : "no";
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    const auto* numbers = std::get_if<NamedNumbers>(&value);
    if (numbers == nullptr) return "";
    std::string text;
    for (const auto& [name, number] : *numbers) {
        text += (text.empty() ? "" : " + ") + fmt::format("{:.6g} {}", number, name);
    }
    return text.empty() ? "nothing" : text;
}

double number_of(const ResultValue& value) {
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* count = std::get_if<std::int64_t>(&value)) return static_cast<double>(*count);
    if (const auto* worst = std::get_if<WorstLoss>(&value)) return worst->loss.theta;
    return std::numeric_limits<double>::quiet_NaN();
}

bool is_text(const ResultValue& value) {
    return std::holds_alternative<bool>(value) || std::holds_alternative<std::string>(value) ||
           std::holds_alternative<NamedNumbers>(value);
}

std::vector<FlipRow> flip_rows(const job::Redesign& job, const RedesignResult& result,
                               const DesignResult& design) {
    const fleet::Problem& problem = job.problem;
    std::vector<FlipRow> rows;
    for (const fleet::Flip& flip : design.flips) {
        const auto index = static_cast<std::size_t>(flip.index);
        const bool price = flip.parameter == fleet::Parameter::price;
        rows.push_back({design.name,
                        price ? FlipRow::Kind::price : FlipRow::Kind::demand,
                        price ? problem.devices[index].name : problem.tasks[index].name,
                        flip.nominal,
                        flip.at,
                        flip.becomes,
                        flip_text(problem, flip),
                        {}});
    }
    if (!design.searched) return rows;
    for (const FleetRange& range : result.ranges) {
        const fleet::Device& device = problem.devices[static_cast<std::size_t>(range.type)];
        const auto add = [&](double at, const fleet::Fleet& becomes) {
            if (becomes.empty()) return;
            rows.push_back({design.name, FlipRow::Kind::fleet_price, device.name, device.price, at,
                            devices_by_type(problem, becomes), "", range.range.proved});
        };
        add(range.range.low, range.range.below);
        add(range.range.high, range.range.above);
    }
    return rows;
}

NamedNumbers devices_by_type(const fleet::Problem& problem, const fleet::Fleet& fleet) {
    NamedNumbers out;
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        if (fleet[d] > 0.0) out.emplace_back(problem.devices[d].name, fleet[d]);
    }
    return out;
}

std::string bottleneck_of(const job::Redesign& job, const DesignResult& design) {
    if (design.network_binds() || design.network.pipeline) return design.network.bottleneck;
    return job.problem.tasks[static_cast<std::size_t>(design.throughput.bottleneck)].name;
}

std::string fleet_text(const fleet::Problem& problem, const fleet::Fleet& fleet) {
    constexpr std::size_t most_types = 12;
    NamedNumbers devices = devices_by_type(problem, fleet);
    if (devices.size() <= most_types) return text_of(devices);
    double others = 0.0;
    for (std::size_t i = most_types; i < devices.size(); ++i) others += devices[i].second;
    const std::size_t types = devices.size() - most_types;
    devices.resize(most_types);
    return fmt::format("{} + {:g} of {} other types", text_of(devices), others, types);
}

std::string flip_text(const fleet::Problem& problem, const fleet::Flip& flip) {
    const auto index = static_cast<std::size_t>(flip.index);
    const bool price = flip.parameter == fleet::Parameter::price;
    return fmt::format("{} of {} from {:.6g} to {:.6g} ({:+.1f} %): then {}",
                       price ? "price" : "demand",
                       price ? problem.devices[index].name : problem.tasks[index].name,
                       flip.nominal, flip.at, 100.0 * (flip.at / flip.nominal - 1.0),
                       flip.becomes == "itself" ? "it is the cheapest to serve the demand"
                                                : "'" + flip.becomes + "' is cheaper");
}

std::span<const ResultColumn<FabricLossRow>> fabric_loss_columns() {
    return fabric_losses;
}
std::span<const ResultColumn<StageRow>> stage_columns() {
    return stages;
}
std::span<const ResultColumn<FlipRow>> flip_columns() {
    return flips;
}
std::span<const ResultColumn<FrontRow>> front_columns() {
    return front;
}

}  // namespace motley::redesign
