// The rows of the key table for workflows and for the network of fleets that have none.
#include "job/keys.hpp"
#include "job/redesign/read_redesign.hpp"
#include "motley/job/job.hpp"

namespace motley::job {
namespace {

const KeyTable& step_table() {
    using S = StepSpec;
    static const KeyTable step = table_of<S>(
        "workflow.NAME.steps",
        {
            {"task", text(&S::task), "", "", "task class of the step", true},
            {"count", number(&S::count), "(0, inf)", "units", "units of the class in one request"},
            {"name", text(&S::name), "", "",
             "name of the step for `after`; default: its task; needed where a task occurs twice"},
            {"after", optional_texts(&S::after), "", "",
             "steps that end before it begins, [] for none; default: the step before it in the "
             "list"},
            {"parallel", optional_integer(&S::parallel), "[1, 1000000]", "units",
             "units that run at the same time; default: 1, one after the other"},
        });
    return step;
}

}  // namespace

const KeyTable& fabric_table() {
    using F = FabricSpec;
    static const KeyTable fabric = table_of<F>(
        "[fabric]",
        {
            {"topology", optional_table(&F::topology, topology_table()), "", "",
             "network of the fleets that have none of their own; its size follows their devices",
             true},
            {"link_gb_per_s", number(&F::link), "(0, inf)", "GB/s",
             "bandwidth of a host port in each direction", true},
            {"price_per_port", number(&F::port_price), "[0, inf)", "$/h", "of a port of a switch"},
            {"price_per_cable", number(&F::cable_price), "[0, inf)", "$/h", "of a cable"},
            {"price_per_switch", number(&F::switch_price), "[0, inf)", "$/h", "of a switch"},
            {"power_w_per_switch", number(&F::switch_power), "[0, inf)", "W", "of a switch"},
            {"rack_units_per_switch", number(&F::switch_rack_units), "[0, inf)", "U",
             "height of a switch"},
        });
    return fabric;
}

const KeyTable& workflow_table() {
    using W = WorkflowSpec;
    static const KeyTable workflow = table_of<W>(
        "[workflow.NAME]",
        {
            {"demand", amount(&W::demand), "(0, inf)", "requests/s",
             "each step adds its count times as much to the demand of its class", true},
            {"steps", tables(&W::steps, step_table()), "", "", "classes that a request needs"},
            {"quality", choice(&W::quality, {"product", "mean"}), "", "",
             "how the qualities of the steps make that of a request"},
            {"least_quality", number(&W::least_quality), "[0, 1]", "1",
             "condition on the quality of a request"},
            {"latency_s", optional_number(&W::latency), "(0, inf)", "s",
             "condition: a request takes no longer on the average, waits not counted; it needs "
             "`latency_s` of the devices"},
        });
    return workflow;
}

}  // namespace motley::job
