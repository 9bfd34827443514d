// Columns of what designs have several of, and how values become text.
#include "motley/redesign/study/result_columns.hpp"

#include <fmt/format.h>

#include <limits>

namespace motley::redesign {
namespace {

using report::Format;
using Object = JsonObject;

constexpr Format general{};
constexpr Format three{Format::Kind::fixed, 3};
constexpr Format percent{Format::Kind::percent, 1};

using L = const FabricLossRow&;

constexpr ResultColumn<FabricLossRow> fabric_losses[] = {
    {.name = "design", .unit = "", .long_name = "name", .get = [](L r) { return r.design.name; }},
    {.name = "lost",
     .unit = "",
     .long_name = "what",
     .get = [](L r) { return r.loss.part; },
     .page = {PageTable::fabric_losses, "lost"}},
    {.name = "worst",
     .unit = "",
     .long_name = "failure",
     .get = [](L r) { return r.loss.worst; },
     .page = {PageTable::fabric_losses, "worst"}},
    {.name = "theta",
     .long_name = "share of the demand carried after it, by ECMP",
     .get = [](L r) { return r.loss.theta; },
     .json = {Object::item, "theta"},
     .page = {PageTable::fabric_losses, "theta", three}},
    {.get = [](L r) { return r.loss.worst; }, .json = {Object::item, "worst"}},
    {.name = "served",
     .long_name = "share of the traffic that still has ends and a path",
     .get = [](L r) { return r.loss.served; },
     .json = {Object::item, "served"},
     .page = {PageTable::fabric_losses, "traffic left", percent}},
    {.name = "theta_ecmp",
     .long_name = "multiple of the demand, of that traffic",
     .get = [](L r) { return r.loss.ecmp; },
     .json = {Object::item, "theta_ecmp"}},
    {.name = "theta",
     .long_name = "the same by the best routing, at least",
     .high_name = "at most",
     .get = [](L r) { return r.loss.bound; },
     .json = {Object::item, "theta_bounds"},
     .page = {PageTable::fabric_losses, "by the best routing"}},
    {.name = "disconnecting",
     .long_name = "failures that leave hosts without a path",
     .get = [](L r) { return std::int64_t{r.loss.disconnecting}; },
     .json = {Object::item, "disconnecting"},
     .page = {PageTable::fabric_losses, "cut off", general, "cases"}},
    {.name = "tried",
     .long_name = "failures",
     .get = [](L r) { return r.loss.tried; },
     .json = {Object::item, "tried"},
     .page = {PageTable::fabric_losses, "tried", general, "cases"}},
    {.name = "possible",
     .long_name = "failures",
     .get = [](L r) { return r.loss.possible; },
     .json = {Object::item, "possible"}},
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
    {.name = "design", .unit = "", .long_name = "name", .get = [](F r) { return r.design; }},
    {.get = [](F r) { return r.text; }, .page = {PageTable::flips, "change"}},
    {.name = "parameter",
     .unit = "",
     .long_name = "price of a device or demand of a class",
     .get = [](F r) { return std::string(parameter_name(r.kind)); }},
    {.get =
         [](F r) {
             return std::string(r.kind == FlipRow::Kind::demand ? "demand" : "price_per_hour");
         },
     .json = {Object::item, "parameter"}},
    {.name = "of",
     .unit = "",
     .long_name = "device or class",
     .get = [](F r) { return r.of; },
     .json = {Object::item, "of"}},
    {.name = "nominal",
     .unit = "$/h or units/s",
     .long_name = "value now",
     .get = [](F r) { return r.nominal; },
     .json = {Object::item, "nominal"}},
    {.name = "at",
     .unit = "$/h or units/s",
     .long_name = "value where the comparison turns",
     .get = [](F r) { return r.at; },
     .json = {Object::item, "at"}},
    {.name = "ratio",
     .long_name = "of the two",
     .get = [](F r) { return r.at / r.nominal; },
     .json = {Object::item, "ratio"},
     .page = {PageTable::flips, "ratio", three}},
    {.name = "becomes",
     .unit = "",
     .long_name = "what is better beyond; itself: the design comes to be the best",
     .get = [](F r) { return r.becomes; },
     .json = {Object::item, "becomes"}},
    {.get = [](F r) { return r.proved ? ResultValue(*r.proved) : ResultValue(LeftOut()); },
     .json = {Object::item, "proved"}},
};

using P = const FrontRow&;

constexpr ResultColumn<FrontRow> front[] = {
    {.name = "fleet",
     .unit = "",
     .long_name = "devices by type",
     .get = [](P r) { return devices_by_type(r.job.problem, r.fleet.fleet); },
     .json = {Object::item, "fleet"}},
    {.name = "price_per_hour",
     .unit = "$/h",
     .long_name = "of the fleet",
     .get = [](P r) { return r.fleet.price; },
     .json = {Object::item, "price_per_hour"}},
    {.name = "power_peak_w",
     .unit = "W",
     .long_name = "with every device busy",
     .get = [](P r) { return r.fleet.power; },
     .json = {Object::item, "power_peak_w"}},
    {.name = "theta",
     .long_name = "share of the demand that it can serve",
     .get = [](P r) { return r.fleet.theta; },
     .json = {Object::item, "theta"}},
    {.name = "n_minus_1_node",
     .long_name = "theta after the worst loss of a node",
     .get = [](P r) { return r.fleet.n_minus_1; },
     .json = {Object::item, "n_minus_1"}},
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
    if (design.network_binds()) return design.network.bottleneck;
    return job.problem.tasks[static_cast<std::size_t>(design.throughput.bottleneck)].name;
}

std::string fleet_text(const fleet::Problem& problem, const fleet::Fleet& fleet) {
    return text_of(devices_by_type(problem, fleet));
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
std::span<const ResultColumn<FlipRow>> flip_columns() {
    return flips;
}
std::span<const ResultColumn<FrontRow>> front_columns() {
    return front;
}

}  // namespace motley::redesign
