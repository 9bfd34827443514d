// One row per result of a design: all outputs walk this table.
#include <algorithm>

#include "motley/redesign/study/result_columns.hpp"

namespace motley::redesign {
namespace {

using report::Format;

constexpr Format general{};
constexpr Format three{Format::Kind::fixed, 3};
constexpr Format money{Format::Kind::fixed, 2};

double total_demand(const DesignRow& r) {
    return r.job.problem.total_demand();
}

/// Share of what the fleet serves that the network lets through at `limit`.
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

ResultValue object_if(bool there, JsonObject object) {
    return there ? ResultValue(object) : ResultValue();
}

using DesignColumn = ResultColumn<DesignRow>;
using D = const DesignRow&;
using Object = JsonObject;

/// The order is that of every output; where one output needs a column at another place than the
/// others, the column stands twice. An object of redesign.json stands where its own row is.
constexpr DesignColumn designs[] = {
    {.name = "design",
     .unit = "",
     .long_name = "name",
     .get = [](D r) { return r.design.name; },
     .json = {Object::item, "name"},
     .terminal = {"design"}},
    {.name = "fleet",
     .unit = "",
     .long_name = "devices by type",
     .get = [](D r) { return devices_by_type(r.job.problem, r.design.fleet); },
     .json = {Object::item, "fleet"},
     .page = {PageTable::designs, "fleet"},
     .terminal = {"fleet"}},

    {.get = [](D) { return Object::throughput; }, .json = {Object::item, "throughput"}},
    {.unit = "units/s",
     .get =
         [](D r) {
             return std::min(r.design.throughput.theta, r.design.network.bound.high) *
                    total_demand(r);
         },
     .json = {Object::throughput, "bound"}},
    {.unit = "units/s",
     .get =
         [](D r) {
             const bool known = r.design.dynamics.devices > 0 || r.design.network.given;
             return known ? ResultValue(r.design.achieved() * total_demand(r)) : ResultValue();
         },
     .json = {Object::throughput, "achieved"}},

    {.name = "theta",
     .long_name = "share of the demand that it can serve",
     .get = [](D r) { return r.design.theta(); },
     .json = {Object::item, "theta"},
     .page = {PageTable::designs, "theta", three},
     .terminal = {"theta"}},
    {.get = [](D r) { return r.design.interval.theta; },
     .page = {PageTable::designs, "interval"},
     .terminal = {"interval"}},
    {.name = "theta_fleet",
     .long_name = "without the network",
     .get = [](D r) { return r.design.throughput.theta; },
     .json = {Object::item, "theta_fleet"}},
    {.name = "throughput",
     .unit = "units/s",
     .long_name = "theta times the sum of the demands",
     .get = [](D r) { return r.design.theta() * total_demand(r); }},

    {.unit = "GB/s",
     .get = [](D r) { return r.design.network.traffic; },
     .json = {Object::network, "traffic_gb_per_s"},
     .page = {PageTable::network, "traffic", general}},
    {.name = "network_theta",
     .long_name = "share of the demand of which the network carries the traffic, at least",
     .high_name = "at most",
     .get = [](D r) { return r.design.network.bound; },
     .json = {Object::network, "theta"},
     .page = {PageTable::network, "at least", three, nullptr, "at most"}},
    {.name = "network_theta_ecmp",
     .long_name = "by shortest paths",
     .get = [](D r) { return r.design.network.ecmp; },
     .json = {Object::network, "theta_ecmp"},
     .page = {PageTable::network, "ECMP", three}},
    {.get =
         [](D r) {
             const Bracket& bound = r.design.network.bound;
             return Bracket{share_of(r, bound.low), share_of(r, bound.high)};
         },
     .json = {Object::network, "share"}},
    {.get = [](D r) { return share_of(r, r.design.network.ecmp); },
     .json = {Object::network, "share_ecmp"}},
    {.get = [](D r) { return r.design.network.hops; },
     .json = {Object::network, "hops"},
     .page = {PageTable::network, "hops", three}},
    {.get = [](D r) { return r.design.network_binds(); }, .json = {Object::network, "binds"}},
    {.get = [](D r) { return r.design.network.bottleneck; },
     .json = {Object::network, "bottleneck"},
     .page = {PageTable::network, "dearest link"}},
    {.get = [](D r) { return r.design.network.ecmp_bottleneck; },
     .json = {Object::network, "bottleneck_ecmp"},
     .page = {PageTable::network, "ECMP's bottleneck"}},
    {.get = [](D) { return Object::network_losses; }, .json = {Object::network, "n_minus_1"}},

    {.name = "price_per_hour",
     .unit = "$/h",
     .long_name = "of the fleet",
     .get = [](D r) { return r.design.price; },
     .json = {Object::item, "price_per_hour"},
     .page = {PageTable::designs, "price", money},
     .terminal = {"$/h", 2}},
    {.name = "price_to_serve",
     .unit = "$/h",
     .long_name = "for the demand",
     .get = [](D r) { return r.design.price_to_serve; },
     .json = {Object::item, "price_to_serve"},
     .page = {PageTable::designs, "to serve the demand", money}},
    {.name = "power_w",
     .unit = "W",
     .long_name = "at the load that it serves",
     .get = [](D r) { return r.design.power; },
     .json = {Object::item, "power_w"},
     .page = {PageTable::designs, "power", general},
     .terminal = {"W", 0}},
    {.name = "power_peak_w",
     .unit = "W",
     .long_name = "with every device busy",
     .get = [](D r) { return r.design.power_peak; },
     .json = {Object::item, "power_peak_w"}},

    {.get = [](D) { return Object::gain; }, .json = {Object::item, "gain"}},
    {.name = "gain",
     .long_name = "over the best homogeneous fleet",
     .get = [](D r) { return r.design.gain.total; },
     .json = {Object::gain, "total"},
     .page = {PageTable::gains, "total", three},
     .terminal = {"gain"}},
    {.name = "gain_comparative_advantage",
     .long_name = "what unlike rates are worth in the fluid limit",
     .get = [](D r) { return r.design.gain.comparative_advantage; },
     .json = {Object::gain, "comparative_advantage"},
     .page = {PageTable::gains, "comparative advantage", three}},
    {.get = [](D r) { return r.design.gain.comparative_advantage * r.design.gain.calibration; },
     .terminal = {"advantage"}},
    {.name = "gain_granularity",
     .long_name = "what whole nodes and limits add",
     .get = [](D r) { return r.design.gain.granularity; },
     .json = {Object::gain, "granularity"},
     .page = {PageTable::gains, "granularity", three},
     .terminal = {"granularity"}},
    {.name = "gain_mix",
     .long_name = "numbers of this fleet against the best numbers of its types",
     .get = [](D r) { return r.design.gain.mix; },
     .json = {Object::gain, "mix"},
     .page = {PageTable::gains, "mix", three},
     .terminal = {"mix"}},
    {.name = "gain_calibration",
     .long_name = "rates against the plain roofline",
     .get = [](D r) { return r.design.gain.calibration; },
     .json = {Object::gain, "calibration"},
     .page = {PageTable::gains, "calibration", three}},
    {.name = "gain_network",
     .long_name = "what the network lets through of theta; nan: no topology",
     .get = [](D r) { return r.design.gain.network; },
     .json = {Object::gain, "network"},
     .page = {PageTable::gains, "network", three},
     .terminal = {"network"}},
    {.name = "gain_scheduling",
     .long_name = "what devices as agents reach of theta, not in the gain; nan: not looked at",
     .get = [](D r) { return r.design.gain.scheduling; },
     .json = {Object::gain, "scheduling"}},

    {.get =
         [](D r) {
             return r.design.dynamics.devices > 0 ? ResultValue(Object::dynamics)
                                                  : ResultValue(LeftOut());
         },
     .json = {Object::item, "dynamics"}},
    {.get = [](D r) { return r.design.dynamics.theta; }, .json = {Object::dynamics, "theta"}},
    {.get = [](D r) { return r.design.dynamics.steps; }, .json = {Object::dynamics, "steps"}},
    {.get = [](D r) { return r.design.dynamics.messages; },
     .json = {Object::dynamics, "messages_per_step"}},
    {.unit = "nat",
     .get = [](D r) { return r.design.dynamics.heterogeneity; },
     .json = {Object::dynamics, "heterogeneity"}},
    {.unit = "nat",
     .get = [](D r) { return r.design.dynamics.bound; },
     .json = {Object::dynamics, "heterogeneity_bound"}},

    {.get = [](D r) { return object_if(r.design.network.given, Object::network); },
     .json = {Object::item, "network"}},
    {.get =
         [](D r) {
             const bool there = !r.design.specialisation.levels.empty();
             return object_if(there, Object::heterogeneity);
         },
     .json = {Object::item, "heterogeneity"}},
    {.unit = "nat",
     .get = [](D r) { return r.design.specialisation.types; },
     .json = {Object::heterogeneity, "types"}},
    {.unit = "nat",
     .get = [](D r) { return r.design.specialisation.bound; },
     .json = {Object::heterogeneity, "bound"}},
    {.unit = "nat",
     .get = [](D r) { return level_shares(r); },
     .json = {Object::heterogeneity, "levels"}},

    {.unit = "$/h",
     .get = [](D r) { return r.design.fabric_price; },
     .json = {Object::item, "fabric_price_per_hour"}},
    {.name = "bottleneck",
     .unit = "",
     .long_name = "class of the highest price, or link of the network",
     .get = [](D r) { return bottleneck_of(r.job, r.design); },
     .page = {PageTable::designs, "bottleneck"},
     .terminal = {"bottleneck"}},
    {.get =
         [](D r) {
             return r.design.network_binds() ? std::string("network")
                                             : bottleneck_of(r.job, r.design);
         },
     .json = {Object::item, "bottleneck"}},
    {.get = [](D r) { return task_prices(r); }, .json = {Object::item, "task_prices"}},
    {.get = [](D r) { return device_worth(r); }, .json = {Object::item, "device_worth"}},

    {.get = [](D) { return Object::n_minus_1; }, .json = {Object::item, "n_minus_1"}},
    {.name = "n_minus_1_device",
     .long_name = "theta after the worst loss of a device",
     .get = [](D r) { return worst_loss(r, r.design.losses.device); },
     .json = {Object::n_minus_1, "device"}},
    {.name = "n_minus_1_node",
     .long_name = "theta after the worst loss of a node",
     .get = [](D r) { return worst_loss(r, r.design.losses.node); },
     .json = {Object::n_minus_1, "node"},
     .page = {PageTable::designs, "N-1", three},
     .terminal = {"N-1"}},

    {.get = [](D) { return Object::interval; }, .json = {Object::item, "interval"}},
    {.name = "theta",
     .long_name = "lower end of the interval of theta",
     .get = [](D r) { return r.design.interval.theta; },
     .json = {Object::interval, "theta"}},
    {.name = "theta_fixed",
     .long_name = "the same with the nominal allocation kept",
     .get = [](D r) { return r.design.interval.theta_fixed; },
     .json = {Object::interval, "theta_without_reallocation"}},
    {.unit = "units/s",
     .get =
         [](D r) {
             const Bracket& theta = r.design.interval.theta;
             return Bracket{theta.low * total_demand(r), theta.high * total_demand(r)};
         },
     .json = {Object::interval, "throughput"}},
    {.name = "price",
     .unit = "$/h",
     .long_name = "lower end of the interval of the price",
     .get = [](D r) { return r.design.interval.price; },
     .json = {Object::interval, "price_per_hour"}},
    {.unit = "$/h",
     .get = [](D r) { return r.design.interval.price_to_serve; },
     .json = {Object::interval, "price_to_serve"}},
    {.name = "gain",
     .long_name = "lower end of the gain over the best homogeneous fleet",
     .get = [](D r) { return r.design.interval.gain; },
     .json = {Object::interval, "gain"},
     .page = {PageTable::gains, "interval of the total"}},

    {.get = [](D) { return Object::flips; }, .json = {Object::item, "flips"}},
    {.name = "proved",
     .unit = "",
     .long_name = "the optimum of a searched fleet is",
     .get = [](D r) { return r.design.proved; },
     .json = {Object::item, "proved"}},
    {.get = [](D r) { return r.design.searched ? text_of(r.design.proved) : std::string("–"); },
     .page = {PageTable::designs, "proved"}},
    {.name = "optimality_gap",
     .long_name = "relative distance to the bound",
     .get = [](D r) { return r.design.gap; },
     .json = {Object::item, "optimality_gap"}},
};

}  // namespace

std::span<const ResultColumn<DesignRow>> design_columns() {
    return designs;
}

}  // namespace motley::redesign
