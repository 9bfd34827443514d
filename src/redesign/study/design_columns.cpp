// One row per result of a design. All outputs use this table.
#include <algorithm>
#include <cmath>

#include "motley/redesign/study/result_columns.hpp"

namespace motley::redesign {
namespace {

using report::NumberFormat;

constexpr NumberFormat general{};
constexpr NumberFormat three{NumberFormat::Notation::fixed, 3};
constexpr NumberFormat share{NumberFormat::Notation::percent, 1};
constexpr NumberFormat money{NumberFormat::Notation::fixed, 2};

double total_demand(const DesignRow& r) {
    return r.job.problem.total_demand();
}

/// Share of the throughput of the fleet that the network carries at `limit`.
double share_of(const DesignRow& r, double limit) {
    return std::min(1.0, limit / r.design.throughput.theta);
}

WorstLoss worst_loss(const DesignRow& r, const fleet::Loss& loss) {
    const auto& devices = r.job.problem.devices;
    return {loss, loss.type < 0 ? "" : devices[static_cast<std::size_t>(loss.type)].name};
}

NamedNumbers level_shares(const DesignRow& r) {
    NamedNumbers out;
    for (const auto& level : r.design.specialisation.levels) {
        out.emplace_back(level.name, level.heterogeneity);
    }
    return out;
}

NamedNumbers task_prices(const DesignRow& r) {
    NamedNumbers out;
    for (std::size_t k = 0; k < r.job.problem.classes(); ++k) {
        out.emplace_back(r.job.problem.tasks[k].name, r.design.throughput.task_prices[k]);
    }
    return out;
}

NamedNumbers device_worth(const DesignRow& r) {
    NamedNumbers out;
    for (std::size_t d = 0; d < r.job.problem.types(); ++d) {
        out.emplace_back(r.job.problem.devices[d].name, r.design.throughput.device_worth[d]);
    }
    return out;
}

/// An interval over the scenarios; not numbers where there are none.
Bracket interval_of(const DesignRow& r, Bracket DesignIntervals::*member) {
    return r.design.interval ? (*r.design.interval).*member
                             : Bracket{fleet::unknown, fleet::unknown};
}

double chance_of(const DesignRow& r) {
    return r.design.interval ? r.design.interval->chance : fleet::unknown;
}

/// The price of a million units of each class: the price of the design, shared out by the prices of
/// the classes.
NamedNumbers price_per_million(const DesignRow& r) {
    constexpr double million = 1e6, hour = 3600.0;
    const double served = std::min(1.0, r.design.theta());
    NamedNumbers out;
    for (std::size_t k = 0; k < r.job.problem.classes(); ++k) {
        const fleet::Task& task = r.job.problem.tasks[k];
        const double units = served * task.demand * r.job.base_units[k] * hour;
        out.emplace_back(task.name,
                         million * r.design.price * r.design.throughput.task_prices[k] / units);
    }
    return out;
}

NamedNumbers waits_of(const DesignRow& r) {
    NamedNumbers out;
    for (std::size_t k = 0; k < r.design.waits.size(); ++k) {
        out.emplace_back(r.job.problem.tasks[k].name, r.design.waits[k].p95);
    }
    return out;
}

double served_units(const DesignRow& r) {
    return std::min(1.0, r.design.theta()) * total_demand(r);
}

/// The theta after the worst failure of any part of the fabric that was tried; nan: none was.
double after_fabric_loss(const DesignRow& r) {
    double worst = fleet::unknown;
    for (const FabricLoss& loss : r.design.network.losses) {
        if (loss.tried > 0) worst = std::isnan(worst) ? loss.theta : std::min(worst, loss.theta);
    }
    return worst;
}

std::string failed_conditions(const DesignRow& r) {
    std::string text;
    for (const Condition& each : r.design.conditions) {
        if (!each.met) text += (text.empty() ? "" : ", ") + each.name;
    }
    return text.empty() ? "–" : text;
}

ResultValue object_if(bool there, JsonObject object) {
    return there ? ResultValue(object) : ResultValue();
}

using DesignColumn = ResultColumn<DesignRow>;
using D = const DesignRow&;
using Object = JsonObject;

/// Every output has this order. A column that one output needs at another place than the others has
/// two rows. An object of redesign.json is placed where its own row is.
constexpr DesignColumn designs[] = {
    {{"design", "", "name"},
     [](D r) { return r.design.name; },
     {Object::item, "name"},
     {},
     {"design"}},
    {{"fleet", "", "devices by type"},
     [](D r) { return devices_by_type(r.job.problem, r.design.fleet); },
     {Object::item, "fleet"},
     {ResultTable::designs, "fleet"},
     {"fleet"}},
    {{}, [](D) { return Object::throughput; }, {Object::item, "throughput"}},
    {{"", "units/s"},
     [](D r) {
         return std::min(r.design.throughput.theta, r.design.network.bound.high) * total_demand(r);
     },
     {Object::throughput, "bound"}},
    {{"", "units/s"},
     [](D r) {
         const bool known = r.design.dynamics.devices > 0 || r.design.network.given;
         return known ? ResultValue(r.design.achieved() * total_demand(r)) : ResultValue();
     },
     {Object::throughput, "achieved"}},
    {{"theta", "1", "share of the demand that it can serve"},
     [](D r) { return r.design.theta(); },
     {Object::item, "theta"},
     {ResultTable::designs, "theta", three},
     {"theta"}},
    {{},
     [](D r) { return interval_of(r, &DesignIntervals::theta); },
     {},
     {ResultTable::designs, "interval"},
     {"interval"}},
    {{"chance", "1", "share of the scenarios in which the demand is served"},
     [](D r) { return chance_of(r); },
     {Object::item, "chance"},
     {ResultTable::designs, "serves it in", share},
     {"chance"}},
    {{"makespan", "h", "of work that is done once; nan: the demand is per second"},
     [](D r) {
         const double period = r.job.period_hours;
         return period > 0.0 ? period / r.design.theta() : fleet::unknown;
     },
     {Object::item, "makespan_hours"}},
    {{"theta_fleet", "1", "without the network"},
     [](D r) { return r.design.throughput.theta; },
     {Object::item, "theta_fleet"}},
    {{"throughput", "units/s", "theta times the sum of the demands"},
     [](D r) { return r.design.theta() * total_demand(r); }},
    {{"", "GB/s"},
     [](D r) { return r.design.network.traffic; },
     {Object::network, "traffic_gb_per_s"},
     {ResultTable::network, "traffic", general}},
    {{"fabric", "", "network of the design"},
     [](D r) { return r.design.network.fabric; },
     {Object::network, "fabric"},
     {ResultTable::network, "fabric"}},
    {{"routing", "", "of its traffic"},
     [](D r) { return r.design.network.routing; },
     {Object::network, "routing"},
     {ResultTable::network, "routing"}},
    {{"hand_over", "", "of work from class to class"},
     [](D r) { return r.design.network.hand_over; },
     {Object::network, "hand_over"},
     {ResultTable::network, "hand-over"}},
    {{"network_theta", "1", "share of the demand that devices and network serve, at least",
      "at most"},
     [](D r) { return r.design.network.bound; },
     {Object::network, "theta"},
     {ResultTable::network, "at least", three, nullptr, "at most"}},
    {{"network_theta_best", "1", "the same by the best routing, at least", "at most"},
     [](D r) { return r.design.network.best; },
     {Object::network, "theta_best_routing"},
     {ResultTable::network, "best routing, at least", three, nullptr, "at most"}},
    {{"network_theta_even", "1", "by ECMP where all work is handed over evenly"},
     [](D r) { return r.design.network.even; },
     {Object::network, "theta_even_ecmp"},
     {ResultTable::network, "even hand-over, ECMP", three}},
    {{},
     [](D r) {
         const Bracket& bound = r.design.network.bound;
         return Bracket{share_of(r, bound.low), share_of(r, bound.high)};
     },
     {Object::network, "share"}},
    {{},
     [](D r) { return r.design.network.hops; },
     {Object::network, "hops"},
     {ResultTable::network, "hops", three}},
    {{}, [](D r) { return r.design.network_binds(); }, {Object::network, "binds"}},
    {{},
     [](D r) { return r.design.network.bottleneck; },
     {Object::network, "bottleneck"},
     {ResultTable::network, "dearest link"}},
    {{}, [](D) { return Object::network_losses; }, {Object::network, "n_minus_1"}},
    {{"price_per_hour", "$/h", "of the fleet"},
     [](D r) { return r.design.price; },
     {Object::item, "price_per_hour"},
     {ResultTable::designs, "price", money},
     {"$/h", 2}},
    {{"price_to_serve", "$/h", "for the demand"},
     [](D r) { return r.design.price_to_serve; },
     {Object::item, "price_to_serve"},
     {ResultTable::designs, "to serve the demand", money}},
    {{"power_w", "W", "at the load that it serves"},
     [](D r) { return r.design.power; },
     {Object::item, "power_w"},
     {ResultTable::designs, "power", general},
     {"W", 0}},
    {{"power_peak_w", "W", "with every device busy"},
     [](D r) { return r.design.power_peak; },
     {Object::item, "power_peak_w"}},
    {{"rack_units", "1", "height of devices and switches"},
     [](D r) { return r.design.rack_units; },
     {Object::item, "rack_units"}},
    {{"", "$/1M units"},
     [](D r) { return price_per_million(r); },
     {Object::item, "price_per_million"}},
    {{"throughput_per_watt", "units/s/W", "of the demand that is served"},
     [](D r) { return r.design.power > 0.0 ? served_units(r) / r.design.power : fleet::unknown; },
     {Object::item, "throughput_per_watt"}},
    {{"throughput_per_price", "units/s/($/h)", "of the demand that is served"},
     [](D r) { return r.design.price > 0.0 ? served_units(r) / r.design.price : fleet::unknown; },
     {Object::item, "throughput_per_price"}},
    {{"", "s"}, [](D r) { return waits_of(r); }, {Object::item, "p95_wait_s"}},
    {{"p95_wait_pooled", "s", "wait of 95 % of the requests if all places were one pool"},
     [](D r) { return r.design.pooled_wait; },
     {Object::item, "p95_wait_pooled_s"}},
    {{"advantage", "1", "over the baseline, costs of the change included"},
     [](D r) { return r.design.advantage; },
     {Object::item, "advantage"}},
    {{"advantage", "1", "lower end of the interval of the advantage"},
     [](D r) { return interval_of(r, &DesignIntervals::advantage); },
     {Object::interval, "advantage"}},
    {{"passes", "", "all conditions of a proposal are met"},
     [](D r) { return r.design.passes(); },
     {Object::item, "passes"},
     {},
     {"passes"}},
    {{"fails", "", "conditions that are not met"},
     [](D r) { return failed_conditions(r); },
     {},
     {ResultTable::designs, "fails"},
     {"fails"}},
    {{}, [](D) { return Object::conditions; }, {Object::item, "conditions"}},
    {{"n_minus_1_fabric", "1", "theta after the worst loss of a part of the network; nan: none"},
     [](D r) { return after_fabric_loss(r); },
     {},
     {ResultTable::designs, "N-1 network", three},
     {"N-1 network"}},
    {{}, [](D) { return Object::gain; }, {Object::item, "gain"}},
    {{"gain", "1", "over the best homogeneous fleet"},
     [](D r) { return r.design.gain.total; },
     {Object::gain, "total"},
     {ResultTable::gains, "total", three},
     {"gain"}},
    {{"gain_comparative_advantage", "1", "what unlike rates are worth in the fluid limit"},
     [](D r) { return r.design.gain.comparative_advantage; },
     {Object::gain, "comparative_advantage"},
     {ResultTable::gains, "comparative advantage", three}},
    {{"gain_granularity", "1", "what whole nodes and limits add"},
     [](D r) { return r.design.gain.granularity; },
     {Object::gain, "granularity"},
     {ResultTable::gains, "granularity", three}},
    {{"gain_mix", "1", "numbers of this fleet against the best numbers of its types"},
     [](D r) { return r.design.gain.mix; },
     {Object::gain, "mix"},
     {ResultTable::gains, "mix", three}},
    {{"gain_calibration", "1", "rates against the plain roofline"},
     [](D r) { return r.design.gain.calibration; },
     {Object::gain, "calibration"},
     {ResultTable::gains, "calibration", three}},
    {{"gain_network", "1", "what the network lets through of theta; nan: no topology"},
     [](D r) { return r.design.gain.network; },
     {Object::gain, "network"},
     {ResultTable::gains, "network", three}},
    {{"gain_scheduling", "1",
      "what devices as agents reach of theta, not in the gain; nan: not looked at"},
     [](D r) { return r.design.gain.scheduling; },
     {Object::gain, "scheduling"}},
    {{},
     [](D r) {
         return r.design.dynamics.devices > 0 ? ResultValue(Object::dynamics)
                                              : ResultValue(LeftOut());
     },
     {Object::item, "dynamics"}},
    {{}, [](D r) { return r.design.dynamics.theta; }, {Object::dynamics, "theta"}},
    {{}, [](D r) { return r.design.dynamics.steps; }, {Object::dynamics, "steps"}},
    {{}, [](D r) { return r.design.dynamics.messages; }, {Object::dynamics, "messages_per_step"}},
    {{"", "nat"},
     [](D r) { return r.design.dynamics.heterogeneity; },
     {Object::dynamics, "heterogeneity"}},
    {{"", "nat"},
     [](D r) { return r.design.dynamics.bound; },
     {Object::dynamics, "heterogeneity_bound"}},
    {{},
     [](D r) { return object_if(r.design.network.given, Object::network); },
     {Object::item, "network"}},
    {{},
     [](D r) {
         const bool there = !r.design.specialisation.levels.empty();
         return object_if(there, Object::heterogeneity);
     },
     {Object::item, "heterogeneity"}},
    {{"", "nat"},
     [](D r) { return r.design.specialisation.types; },
     {Object::heterogeneity, "types"}},
    {{"", "nat"},
     [](D r) { return r.design.specialisation.bound; },
     {Object::heterogeneity, "bound"}},
    {{"", "nat"}, [](D r) { return level_shares(r); }, {Object::heterogeneity, "levels"}},
    {{"", "$/h"},
     [](D r) { return r.design.fabric_price; },
     {Object::item, "fabric_price_per_hour"}},
    {{"bottleneck", "", "class of the highest price, or link of the network"},
     [](D r) { return bottleneck_of(r.job, r.design); },
     {},
     {ResultTable::designs, "bottleneck"},
     {"bottleneck"}},
    {{},
     [](D r) {
         return r.design.network_binds() ? std::string("network") : bottleneck_of(r.job, r.design);
     },
     {Object::item, "bottleneck"}},
    {{}, [](D r) { return task_prices(r); }, {Object::item, "task_prices"}},
    {{}, [](D r) { return device_worth(r); }, {Object::item, "device_worth"}},
    {{}, [](D) { return Object::n_minus_1; }, {Object::item, "n_minus_1"}},
    {{"n_minus_1_device", "1", "theta after the worst loss of a device"},
     [](D r) { return worst_loss(r, r.design.losses.device); },
     {Object::n_minus_1, "device"}},
    {{"n_minus_1_node", "1", "theta after the worst loss of a node"},
     [](D r) { return worst_loss(r, r.design.losses.node); },
     {Object::n_minus_1, "node"},
     {ResultTable::designs, "N-1", three},
     {"N-1"}},
    {{},
     [](D r) { return object_if(r.design.interval.has_value(), Object::interval); },
     {Object::item, "interval"}},
    {{"theta", "1", "lower end of the interval of theta"},
     [](D r) { return interval_of(r, &DesignIntervals::theta); },
     {Object::interval, "theta"}},
    {{"theta_fixed", "1", "the same with the nominal allocation kept"},
     [](D r) { return interval_of(r, &DesignIntervals::theta_fixed); },
     {Object::interval, "theta_without_reallocation"}},
    {{"", "units/s"},
     [](D r) {
         const Bracket theta = interval_of(r, &DesignIntervals::theta);
         return Bracket{theta.low * total_demand(r), theta.high * total_demand(r)};
     },
     {Object::interval, "throughput"}},
    {{"price", "$/h", "lower end of the interval of the price"},
     [](D r) { return interval_of(r, &DesignIntervals::price); },
     {Object::interval, "price_per_hour"}},
    {{"", "$/h"},
     [](D r) { return interval_of(r, &DesignIntervals::price_to_serve); },
     {Object::interval, "price_to_serve"}},
    {{"gain", "1", "lower end of the gain over the best homogeneous fleet"},
     [](D r) { return interval_of(r, &DesignIntervals::gain); },
     {Object::interval, "gain"},
     {ResultTable::gains, "interval of the total"}},
    {{}, [](D) { return Object::flips; }, {Object::item, "flips"}},
    {{"proved", "", "the optimum of a searched fleet is"},
     [](D r) { return r.design.proved; },
     {Object::item, "proved"}},
    {{},
     [](D r) { return r.design.searched ? text_of(r.design.proved) : std::string("–"); },
     {},
     {ResultTable::designs, "proved"}},
    {{"optimality_gap", "1", "relative distance to the bound"},
     [](D r) { return r.design.gap; },
     {Object::item, "optimality_gap"}},
    // The small table of the verdict.
    {{},
     [](D r) { return devices_by_type(r.job.problem, r.design.fleet); },
     {},
     {ResultTable::verdict, "fleet"}},
    {{}, [](D r) { return r.design.network.fabric; }, {}, {ResultTable::verdict, "fabric"}},
    {{}, [](D r) { return r.design.price; }, {}, {ResultTable::verdict, "price", money, "$/h"}},
    {{},
     [](D r) { return r.design.power_peak / 1000.0; },
     {},
     {ResultTable::verdict, "power, all busy", general, "kW"}},
    {{},
     [](D r) { return r.design.rack_units; },
     {},
     {ResultTable::verdict, "rack units", general}},
    {{}, [](D r) { return r.design.theta(); }, {}, {ResultTable::verdict, "theta", three}},
    {{}, [](D r) { return chance_of(r); }, {}, {ResultTable::verdict, "serves it in", share}},
    {{},
     [](D r) { return r.design.losses.node.theta; },
     {},
     {ResultTable::verdict, "N-1 of nodes", three}},
    {{},
     [](D r) { return after_fabric_loss(r); },
     {},
     {ResultTable::verdict, "N-1 of the network", three}},
    {{}, [](D r) { return failed_conditions(r); }, {}, {ResultTable::verdict, "fails"}},
};

}  // namespace

std::span<const ResultColumn<DesignRow>> design_columns() {
    return designs;
}

}  // namespace motley::redesign
