// The rows of the key table for kind = "redesign".
#include <algorithm>

#include "job/keys.hpp"
#include "job/redesign/read_redesign.hpp"
#include "motley/job/job.hpp"

namespace motley::job {
namespace {

const KeyTable& rates_table() {
    using R = Redesign;
    static const KeyTable rates = table_of<R>(
        "[rates]",
        {
            {"file", file(&R::rates_file), "", "",
             "measured rates: a CSV table `device,task,rate,unit,source`; further columns "
             "may be low, high, quality, batch, context, latency_s, precision, "
             "software"},
        });
    return rates;
}

const KeyTable& power_table() {
    using D = DeviceType;
    static const KeyTable power =
        table_of<D>("[device.NAME] power_w",
                    {
                        {"idle", number(&D::power_idle), "[0, inf)", "W", "power without load"},
                        {"busy", number(&D::power_busy), "[0, inf)", "W", "power at full load"},
                    });
    return power;
}

const KeyTable& device_table() {
    using D = DeviceType;
    static const KeyTable device = table_of<D>(
        "[device.NAME]",
        {
            {"price_per_hour", amount(&D::price), "(0, inf)", "$/h",
             "price of one device; an interval where sources differ", true},
            {"power_w", same(power_table()), "", "", "power of one device"},
            {"node_size", integer(&D::node_size), "[1, 1000000]", "devices",
             "devices in a node: whole nodes are bought, and fail"},
            {"available", integer(&D::available), "[1, inf)", "devices",
             "most devices that can be had; default: any number"},
            {"memory_gb", number(&D::memory), "(0, inf)", "GB", "memory of one device"},
            {"peak_tflops", number(&D::peak), "(0, inf)", "TFLOP/s",
             "peak of dense (never sparse) arithmetic, for the roofline"},
            {"bandwidth_gb_s", number(&D::bandwidth), "(0, inf)", "GB/s",
             "bandwidth of the memory, for the roofline"},
            {"efficiency", amount(&D::efficiency), "(0, 10]", "1",
             "share of the roofline that classes without a calibration of their own reach"},
            {"calibration", amounts(&D::calibration), "(0, 10]", "1",
             "share of the roofline by class"},
            {"rate", amounts(&D::rate), "(0, inf)", "units/s",
             "rates by class, instead of rows in the table"},
            {"source", text(&D::source), "", "", "where `rate` comes from"},
            {"node_gb_per_s", number(&D::node_bandwidth), "(0, inf)", "GB/s",
             "bandwidth of a device to the others of its node, each way; default: they talk "
             "through "
             "the fabric"},
            {"rack_units", number(&D::rack_units), "[0, inf)", "U", "height of one device"},
            {"owned", integer(&D::owned), "[0, inf)", "devices",
             "devices that are there already: their price is sunk"},
            {"resale_per_hour", number(&D::resale), "[0, inf)", "$/h",
             "what an owned device brings if it is sold, at most its price"},
            {"keep", integer(&D::keep), "[0, inf)", "devices",
             "devices that every searched fleet has at least"},
            {"quality", amounts(&D::quality), "[0, 1]", "1",
             "quality of its answers by class; default: 1"},
            {"latency_s", amounts(&D::latency), "(0, inf)", "s",
             "measured time from the start of one unit to its end by class, for [workflow.NAME]"},
        });
    return device;
}

const KeyTable& flow_table() {
    using F = FlowSpec;
    static const KeyTable flow = table_of<F>(
        "task.NAME.flows",
        {
            {"to", text(&F::to), "", "", "task class that receives the data", true},
            {"bytes", number(&F::bytes), "(0, inf)", "B/unit", "data passed on per unit", true},
        });
    return flow;
}

const KeyTable& collective_table() {
    using C = CollectiveSpec;
    static const KeyTable collective = table_of<C>(
        "task.NAME.collectives",
        {
            {"kind",
             choice(&C::kind,
                    {"all-reduce", "all-reduce-tree", "all-reduce-halving-doubling",
                     "all-reduce-hierarchical", "all-gather", "reduce-scatter", "all-to-all"}),
             "", "", "the operation; all-reduce, all-gather and reduce-scatter use a ring", true},
            {"bytes", number(&C::bytes), "(0, inf)", "B/unit",
             "size of the vector, per unit that a group does; all-to-all: what one member holds",
             true},
            {"group", integer(&C::group), "[2, inf)", "devices",
             "devices of one type that work on a unit together; there are whole groups only", true},
        });
    return collective;
}

const KeyTable& task_table() {
    using T = TaskClass;
    static const KeyTable task = table_of<T>(
        "[task.NAME]",
        {
            {"unit", text(&T::unit), "", "",
             "unit of the demand and of inline rates, as \"tokens/s\"; default: that of the table"},
            {"flops", number(&T::flops), "(0, inf)", "FLOP/unit",
             "arithmetic per unit, for the roofline"},
            {"bytes", number(&T::bytes), "(0, inf)", "B/unit",
             "memory traffic per unit, for the roofline"},
            {"memory_gb", number(&T::memory), "(0, inf)", "GB",
             "memory that a group needs to serve the class; a group is one device unless `group` "
             "says otherwise"},
            {"parameters", number(&T::parameters), "(0, inf)", "1",
             "weights of the model, instead of `memory_gb`"},
            {"bits", number(&T::bits), "(0, 64]", "bit", "size of a weight; 8, 4: quantised"},
            {"kv_cache_gb", number(&T::cache), "[0, inf)", "GB", "cache of one request in flight"},
            {"batch", number(&T::batch), "[1, inf)", "requests",
             "requests that a group serves at the same time"},
            {"group", integer(&T::group), "[1, inf)", "devices",
             "devices of one type that hold the model and do a unit together"},
            {"max_devices", integer(&T::max_devices), "[1, inf)", "devices",
             "most devices that work on the class at the same time; default: any number"},
            {"indivisible", boolean(&T::indivisible), "", "",
             "true: one job that runs as a whole, on one device type at a time"},
            {"efficiency", amounts(&T::efficiency), "(0, 1.5]", "1",
             "share of the rate that is kept on so many devices, as { 8 = 0.97, 16 = 0.93 }"},
            {"node_efficiency", amounts(&T::node_efficiency), "(0, 1.5]", "1",
             "further share that a group keeps over so many nodes, as { 2 = 0.95, 4 = 0.9 }; "
             "between two of them that of the larger"},
            {"least_quality", number(&T::least_quality), "[0, 1]", "1",
             "devices of a lower quality cannot serve the class"},
            {"units_per_request", number(&T::units_per_request), "(0, inf)", "units",
             "units of the demand in one request, for the wait"},
            {"service_cv", number(&T::service_cv), "[0, 100]", "1",
             "standard deviation of the time of service over its mean"},
            {"p95_wait_s", optional_number(&T::p95_wait), "(0, inf)", "s",
             "condition: 95 % of the requests wait no longer before they are served"},
            {"layers", integer(&T::layers), "[1, 1000000]", "1",
             "layers of a model that is spread over the stages of a pipeline; every design then "
             "has `stages`"},
            {"stage_bytes", optional_number(&T::stage_bytes), "[0, inf)", "B/unit",
             "data that a unit carries from stage to stage of a pipeline"},
            {"request_bytes", optional_number(&T::request_bytes), "[0, inf)", "B/unit",
             "data that a unit carries from the coordinator of a pipeline to its first stage, and "
             "again from its last stage back"},
            {"flows", tables(&T::flows, flow_table()), "", "",
             "data that the class sends to other classes"},
            {"collectives", tables(&T::collectives, collective_table()), "", "",
             "operations in which the devices of a group send data to one another"},
        });
    return task;
}

const KeyTable& design_table() {
    using D = DesignSpec;
    static const KeyTable design = table_of<D>(
        "[design.NAME]",
        {
            {"fleet", amounts(&D::fleet), "[0, inf)", "devices",
             "devices by type; only a design with `stages` may leave it out"},
            {"topology", optional_table(&D::topology, topology_table()), "", "",
             "network of its hosts, with one device on each host: a name, a file, or keys"},
            {"link_gb_per_s", number(&D::link), "(0, inf)", "GB/s",
             "bandwidth of a host port in each direction; it is the capacity 1 of the topology"},
            {"placement", choice(&D::placement, {"packed", "spread", "search"}), "", "",
             "packed: nodes on hosts in the order of device types and task classes; spread: nodes "
             "of "
             "every type and class in turn; search: the best one that a local search finds"},
            {"placement_trials", optional_integer(&D::placement_trials), "[2, 1000000]", "1",
             "placements that a search tries at most; default: 200"},
            {"fabric_price_per_hour", number(&D::fabric_price), "[0, inf)", "$/h",
             "price of switches, cables and their power, beside the devices"},
            {"hand_over", choice(&D::hand_over, {"free", "rack", "even"}), "", "",
             "work goes on to any device, stays in the rack, or goes evenly to all devices of the "
             "next class"},
            {"routing", choice(&D::routing, {"best", "ecmp", "adaptive"}), "", "",
             "any paths; evenly over the shortest paths; in any shares over the shortest paths"},
            {"failures", integer(&D::failures), "[0, inf)", "cases",
             "most single failures that are solved of nodes, of links, of switches and of racks; "
             "fewer in large fabrics, the dearest links first"},
            {"stages", file(&D::stages), "", "",
             "machines of a pipeline: a CSV table `node,first,last[,rate][,device][,unit]`; layers "
             "are counted from 1"},
            {"coordinator", text(&D::coordinator), "", "",
             "vertex of the topology that sends every unit into the pipeline and gets it back; "
             "default: units start and end at any first and last stage"},
            {"partial", optional_boolean(&D::partial), "", "",
             "whether a unit may enter a stage at a later layer than its first; default: true"},
        });
    return design;
}

const KeyTable& budget_table() {
    using B = fleet::Budget;
    static const KeyTable budget = table_of<B>(
        "search.budget",
        {
            {"price_per_hour", number(&B::price), "(0, inf)", "$/h", "price of the whole fleet"},
            {"power_w", number(&B::power), "(0, inf)", "W", "power with every device busy"},
            {"devices", number(&B::devices), "(0, inf)", "devices", "devices of all types"},
            {"rack_units", number(&B::rack_units), "(0, inf)", "U",
             "height of devices and switches"},
        });
    return budget;
}

const KeyTable& search_table() {
    using S = SearchSpec;
    static const KeyTable search = table_of<S>(
        "[search]",
        {
            {"objective", choice(&S::objective, {"cost", "throughput"}), "", "",
             "cost: the cheapest fleet for the demand; throughput: the most of the demanded mix "
             "within "
             "the budget"},
            {"budget", table(&S::budget, budget_table()), "", "", "limits of the whole fleet"},
            {"integer", boolean(&S::integer), "", "", "true: whole nodes; false: the fluid limit"},
            {"time_limit", number(&S::seconds), "(0, inf)", "s",
             "time limit of one integer programme"},
            {"spare", boolean(&S::spare), "", "",
             "also finds the cheapest fleet that serves the demand after the loss of any one node"},
            {"pareto", integer(&S::pareto), "[0, 100]", "1",
             "above 0: finds the Pareto front; steps of price and of power where there are more "
             "than "
             "200,000 fleets"},
            {"flips", boolean(&S::flips), "", "",
             "also finds the prices and demands at which the comparison turns"},
        });
    return search;
}

const std::vector<std::string> lost_parts = {"device", "node", "link", "switch", "rack"};

/// Words and shares, in the order of the job.
Binding survivals(std::vector<Survival> ProposalSpec::*member) {
    Binding binding;
    binding.type = KeyType::losses;
    binding.words = lost_parts;
    binding.get = [member](const void* object) {
        Value out;
        out.type = Value::Type::array;
        for (const Survival& each : static_cast<const ProposalSpec*>(object)->*member) {
            if (each.part == Survival::Part::share) {
                Value share = table_value();
                share.put("devices", Value::of(each.share));
                out.items.push_back(std::move(share));
            } else {
                out.items.push_back(Value::of(lost_parts[static_cast<std::size_t>(each.part)]));
            }
        }
        return out.items.empty() ? Value() : out;
    };
    binding.set = [member](void* object, const Value& value) {
        auto& out = static_cast<ProposalSpec*>(object)->*member;
        for (const Value& item : value.items) {
            if (item.is(Value::Type::table)) {
                out.push_back({Survival::Part::share, share_of(item)});
                continue;
            }
            const auto found = std::ranges::find(lost_parts, item.text);
            out.push_back({static_cast<Survival::Part>(found - lost_parts.begin()), 0.0});
        }
    };
    return binding;
}

const KeyTable& proposal_table() {
    using P = ProposalSpec;
    static const KeyTable proposal = table_of<P>(
        "[proposal]", {
                          {"baseline", text(&P::baseline), "", "",
                           "design to compare with; default: the first design, or without designs "
                           "the best fleet of "
                           "one type"},
                          {"migration_cost", number(&P::migration_cost), "[0, inf)", "$",
                           "cost of leaving the baseline, paid once"},
                          {"horizon_hours", number(&P::horizon), "(0, inf)", "h",
                           "time over which the migration is paid"},
                          {"type_cost_per_hour", number(&P::type_cost), "[0, inf)", "$/h",
                           "cost of each device type beyond those of the baseline"},
                          {"least_gain", number(&P::least_gain), "[0, inf)", "1",
                           "gain below which the verdict is 'no change'; 0.05: 5 %"},
                          {"serve", number(&P::serve), "[0, 1]", "1",
                           "share of the scenarios in which a proposal must serve the demand; 0: "
                           "by nominal numbers only"},
                          {"survive", survivals(&P::survive), "", "",
                           "losses after which a proposal must still serve the demand: \"device\", "
                           "\"node\", \"link\", \"switch\", \"rack\", { devices = \"10%\" }"},
                      });
    return proposal;
}

const KeyTable& uncertainty_table() {
    using U = UncertaintySpec;
    static const KeyTable uncertainty = table_of<U>(
        "[uncertainty]",
        {
            {"scenarios", integer(&U::scenarios), "[0, 100000000]", "1",
             "number of random draws of prices, rates, demands and failures"},
            {"confidence", number(&U::confidence), "(0, 1)", "1",
             "confidence level of the intervals"},
            {"demand_drift", number(&U::drift), "[0, 10]", "1",
             "sigma: each demand is multiplied by exp(sigma normal)"},
            {"node_failure", number(&U::failure), "[0, 1)", "1", "probability that a node is down"},
            {"straggler_share", number(&U::straggler_share), "[0, 1)", "1",
             "probability that a node is slow"},
            {"straggler_speed", number(&U::straggler_speed), "(0, 1]", "1",
             "relative speed of a slow node"},
        });
    return uncertainty;
}

const KeyTable& dynamics_table() {
    using D = DynamicsSpec;
    static const KeyTable dynamics = table_of<D>(
        "[dynamics]",
        {
            {"steps", integer(&D::steps), "[0, inf)", "steps",
             "most steps of the check in which every device is an agent of the model; 0: no check"},
            {"devices", integer(&D::devices), "[2, 1000000]", "devices",
             "most devices of a fleet that is checked"},
            {"openness", number(&D::openness), "[0, 1)", "1",
             "lambda: share of its work that a device gives away"},
            {"elasticity", number(&D::elasticity), "[0.05, 100]", "1",
             "sigma: the nearer to 0, the closer the mix of tasks is to that of the demand"},
            {"gap", number(&D::gap), "(0, inf)", "1",
             "gap of the certificate at which the check stops"},
        });
    return dynamics;
}

const KeyTable& redesign_output_table() {
    using R = Redesign;
    static const KeyTable output = table_of<R>(
        "[output] of a redesign", {
                                      {"directory", text(&R::directory), "", "",
                                       "the results are written to `<directory>/<name>`"},
                                  });
    return output;
}

}  // namespace

const KeyTable& redesign_table() {
    using R = Redesign;
    static const KeyTable redesign = table_of<R>(
        "kind = \"redesign\"",
        {
            {"name", name(&R::name), "", "",
             "name of the folder of the results; default: the stem of the file"},
            {"kind", constant("redesign"), "", "", "a test of a redesign of a cluster", true},
            {"seed", integer(&R::seed), "[0, inf)", "1", "seed of all random numbers"},
            {"demand", amounts(&R::demand), "(0, inf)", "units/s",
             "task classes and how much of each is wanted"},
            {"units_per_rack", number(&R::units_per_rack), "(0, inf)", "U",
             "height of a rack, for devices and power by rack"},
            {"period_hours", number(&R::period_hours), "(0, inf)", "h",
             "[demand] is work that is done once, within this time, not per second"},
            {"workflow", named(&R::workflows, workflow_table()), "", "",
             "requests of several steps, which add to [demand]"},
            {"fabric", optional_table(&R::fabric, fabric_table()), "", "",
             "network of searched fleets and of designs without a topology"},
            {"budget", table(&R::budget, budget_table()), "", "", "limits of every design"},
            {"rates", same(rates_table()), "", "", "rate of one device for one class"},
            {"device", named(&R::devices, device_table()), "", "", "device types", true},
            {"task", named(&R::tasks, task_table()), "", "",
             "further properties of the task classes"},
            {"design", named(&R::designs, design_table()), "", "",
             "fleets to judge; the first one is the present one"},
            {"search", table(&R::search, search_table()), "", "", "a search for a better fleet"},
            {"proposal", table(&R::proposal, proposal_table()), "", "",
             "what a change costs, and how much it must gain"},
            {"uncertainty", table(&R::uncertainty, uncertainty_table()), "", "",
             "random draws for the intervals of the results"},
            {"dynamics", table(&R::dynamics, dynamics_table()), "", "",
             "a check how near devices come to the optimum without a scheduler"},
            {"output", same(redesign_output_table()), "", "", "the files that are written"},
        });
    return redesign;
}

}  // namespace motley::job
