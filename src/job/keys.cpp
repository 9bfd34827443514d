// The table of keys of the job file. A row gives the name, the member that takes the value (and has
// the default), the range, the unit and the help text. Nothing else in the program lists the keys:
// parsing, `--set`, resolved texts, `motley schema` and docs/reference.md use these rows.
// Other files have those of distributions, of [topology] and of kind = "redesign" (keys.hpp).
#include "job/keys.hpp"

#include "motley/job/job.hpp"
#include "motley/job/preset.hpp"

namespace motley::job {
namespace {

const KeyTable& schedule_table() {
    using C = model::DemandChange;
    static const KeyTable schedule = table_of<C>(
        "model.schedule", {
                              {"step", integer(&C::step), "[1, inf)", "steps",
                               "first step of this demand; steps must rise along the list", true},
                              {"demand", table(&C::demand, distribution_table()), "", "",
                               "demand from that step on", true},
                          });
    return schedule;
}

const KeyTable& learning_table() {
    using M = model::Spec;
    static const KeyTable learning =
        table_of<M>("model.learning",
                    {
                        {"rate", number(&M::learning_rate), "[0, inf)", "1/step",
                         "mu: speed of learning; 0: capabilities are fixed"},
                        {"exponent", number(&M::learning_exponent), "(0, inf)", "1",
                         "p: learning keeps the sum of the p-th powers of an agent's capabilities"},
                        quiet({"rule", choice(&M::learning_rule, {"doing", "marginal"}), "", "",
                               "what learning follows: what a task earns, or what the system gains "
                               "per unit of a^p"}),
                        quiet({"floor", number(&M::learning_floor), "[0, 1)", "1",
                               "phi: a^p of a task that an agent can do stays at least at this "
                               "share of its mean over the tasks"}),
                    });
    return learning;
}

const KeyTable& growth_table() {
    using M = model::Spec;
    static const KeyTable growth = table_of<M>(
        "model.growth",
        {
            {"rate", number(&M::growth_rate), "[0, inf)", "1/step",
             "rho: speed of growth; 0: resources are fixed"},
            {"scope", choice(&M::growth_scope, {"global", "local", "group"}), "", "",
             "with whom an agent is compared: the whole system, its neighbourhood, or its "
             "innermost group in a nested topology"},
            quiet({"conserve", boolean(&M::growth_conserve), "", "",
                   "whether growth keeps the total resource, of each group with scope = "
                   "\"group\""}),
        });
    return growth;
}

const KeyTable& model_table() {
    using M = model::Spec;
    static const KeyTable model = table_of<M>(
        "[model]",
        {
            {"tasks", integer(&M::tasks), "[1, 4096]", "tasks", "K: number of tasks"},
            {"openness", number(&M::openness), "[0, 1)", "1",
             "lambda: share of its stock that an agent passes on"},
            {"elasticity", number(&M::elasticity), "[0.05, inf]", "1",
             "sigma: elasticity of substitution between tasks; inf: utility is their sum"},
            {"returns", number(&M::returns), "(0, 10]", "1",
             "gamma: returns to specialisation; at most 1 where an optimum is certified"},
            {"precision", choice(&M::precision, {"double", "single"}), "", "",
             "floating-point precision of the state"},
            {"capability", table(&M::capability, distribution_table()), "", "",
             "a: output per unit of effort, for each agent and task"},
            {"resource", table(&M::resource, resource_table()), "", "",
             "R: effort that each agent has per step"},
            {"demand", table(&M::demand, distribution_table()), "", "",
             "D: weight of each task in what an agent needs; the weights of an agent are "
             "normalised"},
            {"schedule", tables(&M::schedule, schedule_table()), "", "",
             "changes of the demand over time; only with solve.mode = \"dynamics\""},
            quiet({"relay", boolean(&M::relay), "", "",
                   "whether agents pass on what they received, too; false: only what they make"}),
            quiet({"welfare", choice(&M::welfare, {"sum", "log"}), "", "",
                   "what is maximised: the sum of the utilities u, or of ln u"}),
            quiet({"openness_rate", number(&M::openness_rate), "[0, 10]", "1/step",
                   "speed at which agents choose their openness, from model.openness on; 0: it is "
                   "fixed"}),
            quiet({"routing_rate", number(&M::routing_rate), "[0, 10]", "1/step",
                   "speed at which agents choose how they divide what they pass on among their "
                   "arcs, from the weights of the topology on; 0: it is fixed"}),
            quiet({"allocation", choice(&M::allocation, {"even", "demand", "file"}), "", "",
                   "the initial allocation over the tasks that an agent can do: even, like its "
                   "demand, or read from allocation_file"}),
            quiet({"allocation_file", file(&M::allocation_file), "", "",
                   "path of a table with the columns `agent,<task 1>,<task 2>,...`"}),
            {"noise", number(&M::noise), "[0, inf)", "1",
             "noise of the initial allocation: each entry is multiplied by exp(noise normal)"},
            quiet({"adapt", boolean(&M::adapt), "", "",
                   "whether allocations follow what they gain; false: they stay as at the start"}),
            quiet({"mutation", number(&M::mutation), "[0, 1)", "1",
                   "eps: share of an allocation that is spread over all tasks in each step"}),
            quiet({"migration", number(&M::migration), "[0, 1]", "1/step",
                   "d: share of its resource that an agent sends along its arcs in each step"}),
            quiet({"migration_level", text(&M::migration_level), "", "",
                   "level of a nested topology along whose arcs resources migrate; default: all"}),
            {"learning", same(learning_table()), "", "",
             "whether capabilities follow what agents do"},
            {"growth", same(growth_table()), "", "",
             "whether resources follow the value that agents produce"},
        });
    return model;
}

const KeyTable& solve_table() {
    static const KeyTable solve = table_of<simulation::SolveOptions>(
        "[solve]",
        {
            {"mode", choice(&simulation::SolveOptions::mode, {"optimum", "dynamics"}), "", "",
             "find the optimum with a certificate, or follow the system as it evolves"},
            {"gap", number(&simulation::SolveOptions::gap), "(0, inf)", "1",
             "optimum: relative gap of the certificate at which the search ends"},
            {"max_steps", integer(&simulation::SolveOptions::max_steps), "[1, inf)", "steps",
             "optimum: number of steps after which the search ends"},
            {"steps", integer(&simulation::SolveOptions::steps), "[0, inf)", "steps",
             "dynamics: number of steps"},
            {"rate", number(&simulation::SolveOptions::rate), "(0, inf)", "1/step",
             "dynamics: eta, speed of adaptation"},
            {"acceleration", boolean(&simulation::SolveOptions::acceleration), "", "",
             "optimum: steps look ahead of flows and have momentum, so that fewer are needed; not "
             "where resources grow or there are switches"},
        });
    return solve;
}

const KeyTable& partition_table() {
    using P = partition::Spec;
    static const KeyTable partition = table_of<P>(
        "[partition]",
        {
            {"method", choice(&P::method, {"block", "random", "levels", "metis", "scotch", "file"}),
             "", "", "how agents are divided among ranks; results do not depend on it"},
            {"file", file(&P::file), "", "",
             "path of a METIS .part file, whose line i holds the part of agent i"},
        });
    return partition;
}

const KeyTable& exchange_table() {
    static const KeyTable exchange = table_of<simulation::ExchangeOptions>(
        "[exchange]",
        {
            {"method",
             choice(&simulation::ExchangeOptions::kind,
                    {mpi::exchange_words.begin(), mpi::exchange_words.end()}),
             "", "",
             "how boundaries travel: one message from rank to rank (persistent, or as one of two "
             "collectives), or through memory that the ranks of a node share, with one message "
             "between two nodes (node); auto: node where messages are many and short"},
            {"ranks_per_node", integer(&simulation::ExchangeOptions::ranks_per_node),
             "[0, 1048576]", "ranks",
             "the most consecutive ranks that are taken for a node by method \"node\"; 0: all "
             "that share memory"},
            {"overlap", boolean(&simulation::ExchangeOptions::overlap), "", "",
             "whether interior rows are computed while messages travel"},
        });
    return exchange;
}

const KeyTable& checkpoint_table() {
    using C = Checkpoint;
    static const KeyTable checkpoint = table_of<C>(
        "[checkpoint]",
        {
            {"every_steps", integer(&C::every_steps), "[0, inf)", "steps",
             "steps between checkpoints; 0: checkpoints are written by time only"},
            {"every_minutes", number_or("auto", &C::every_minutes), "(0, inf)", "minutes",
             "minutes between checkpoints; auto: 10, or more where writing them would take over 2 "
             "% of the time"},
        });
    return checkpoint;
}

const KeyTable& measure_table() {
    static const KeyTable measure = table_of<Measure>(
        "[measure]", {
                         {"centres", integer(&Measure::centres), "[0, 1000000]", "agents",
                          "number of agents around which I(r), b(r), the spatial scale xi and the "
                          "balance radius are "
                          "measured; 0: they are not measured"},
                         {"graph", boolean(&Measure::graph), "", "",
                          "whether properties of the topology are measured: degrees, clustering, "
                          "path length, spectral gap, "
                          "bisection"},
                     });
    return measure;
}

/// A comparison has the key for the folder of results; its runs have the keys for their content.
KeyTable output_of(const char* title, bool where, bool what) {
    using O = Output;
    std::vector<Key> keys;
    if (where) {
        keys.push_back({"directory", text(&O::directory), "", "",
                        "parent of the folder of results, which is `<directory>/<name>`"});
    }
    const std::vector<Key> contents = {
        {"every", integer(&O::every), "[1, inf)", "steps", "steps between rows of the series"},
        {"snapshots", integer(&O::snapshots), "[0, inf)", "steps",
         "steps between snapshots of the state; 0: there are none"},
        {"compression", integer(&O::compression), "[0, 9]", "1",
         "deflate level of run.h5; 0: it is not compressed"},
        {"topology", boolean(&O::topology), "", "", "whether the arcs are stored in run.h5"},
        {"partition", boolean(&O::partition), "", "",
         "whether the rank of each agent is stored in run.h5"},
    };
    if (what) keys.insert(keys.end(), contents.begin(), contents.end());
    return table_of<O>(title, keys);
}

const KeyTable& output_table() {
    static const KeyTable output = output_of("[output]", true, true);
    return output;
}

const KeyTable& base_output_table() {
    static const KeyTable output = output_of("[base] output", false, true);
    return output;
}

/// The sections of a run; a comparison's base has another [output].
std::vector<Key> section_keys(const KeyTable& output) {
    return {
        {"topology", table(&Run::topology, topology_table()), "", "",
         "which agents are linked; a string names a file in topologies/", true},
        {"model", table(&Run::model, model_table()), "", "",
         "production of the agents, and their environment"},
        {"solve", table(&Run::solve, solve_table()), "", "",
         "whether an optimum or a course over time is computed, and how far"},
        {"partition", table(&Run::partition, partition_table()), "", "",
         "which rank owns which agents"},
        {"exchange", table(&Run::exchange, exchange_table()), "", "",
         "how ranks exchange their boundaries"},
        {"measure", table(&Run::measure, measure_table()), "", "",
         "what is measured beyond the series"},
        {"attack", optional_table(&Run::attack, attack_table()), "", "",
         "what the solved system loses when agents are taken away"},
        {"event", tables(&Run::events, event_table()), "", "",
         "what happens at a step: agents or links fail or come back, resources or the demand "
         "change; only with solve.mode = \"dynamics\""},
        {"failure", tables(&Run::failures, failure_table()), "", "",
         "agents, groups or links that fail and heal at random; only with solve.mode = "
         "\"dynamics\""},
        {"output", table(&Run::output, output), "", "", "which files are written, and where"},
        {"checkpoint", table(&Run::checkpoint, checkpoint_table()), "", "",
         "when a state is written from which a stopped run goes on; results do not depend on it"},
    };
}

/// Sections that change what a run finds, and that a measurement of its speed leaves out.
bool is_of_results(const Key& key) {
    return key.name == "attack" || key.name == "event" || key.name == "failure";
}

}  // namespace

const KeyTable& run_table() {
    static const KeyTable run = [] {
        std::vector<Key> keys = {
            {"name", name(&Run::name), "", "",
             "name of the folder of results; default: the name of the job file without its "
             "extension"},
            {"kind", constant("run"), "", "", "one experiment", true},
            {"seed", integer(&Run::seed), "[0, inf)", "1", "seed of all random numbers"},
            preset_key<Run>(),
        };
        for (Key& key : section_keys(output_table())) keys.push_back(std::move(key));
        return table_of<Run>("kind = \"run\"", keys);
    }();
    return run;
}

const KeyTable& islands_table() {
    using I = Islands;
    static const KeyTable islands = table_of<I>(
        "[scaling.islands]",
        {
            {"nodes", integer(&I::nodes), "[1, 1000000]", "nodes",
             "number of consecutive nodes in an island", true},
            {"link_gb_per_s", number(&I::link_gb_per_s), "(0, inf)", "GB/s",
             "bandwidth of a link between islands, each way", true},
            {"links", choice(&I::links, {"pairs", "shared"}), "", "",
             "pairs: any two islands have a link of their own, as groups of a dragonfly; shared: "
             "an "
             "island has one link to all others, as a subtree of a fat tree with fewer links up "
             "than down"},
        });
    return islands;
}

const KeyTable& scaling_table() {
    using S = Scaling;
    static const KeyTable section = table_of<S>(
        "[scaling]",
        {
            {"ranks", integers(&S::ranks), "[1, 1000000]", "ranks",
             "numbers of ranks on which to measure; default: powers of two, and all ranks that "
             "there are"},
            {"strong", boolean(&S::strong), "", "",
             "whether the same system is measured on more ranks"},
            {"weak", boolean(&S::weak), "", "",
             "whether a system is measured whose agents (or the first length of whose shape) grow "
             "with the ranks"},
            {"steps", integer(&S::steps), "[1, 1000000]", "steps", "steps per repetition"},
            {"repetitions", integer(&S::repetitions), "[1, 1000]", "",
             "number of repetitions; the fastest one counts"},
            {"project", integers(&S::project), "[1, 1000000]", "ranks",
             "numbers of ranks to which the cost model is extrapolated, with the real partition "
             "into as many parts"},
            {"islands", optional_table(&S::islands, islands_table()), "", "",
             "groups of nodes of the machine between which there is less bandwidth than within; "
             "default: none"},
        });
    static const KeyTable scaling = [] {
        std::vector<Key> keys = {
            {"name", name(&Run::name), "", "",
             "name of the folder of results; default: the name of the job file without its "
             "extension"},
            {"kind", constant("scaling"), "", "", "how speed depends on the number of ranks", true},
            {"seed", integer(&Run::seed), "[0, inf)", "1", "seed of all random numbers"},
            preset_key<Run>(),
            {"scaling", table(&Run::scaling, section), "", "",
             "what is measured, and on how many ranks"},
        };
        for (Key& key : section_keys(output_table())) {
            if (!is_of_results(key)) keys.push_back(std::move(key));
        }
        return table_of<Run>("kind = \"scaling\"", keys);
    }();
    return scaling;
}

const KeyTable& compare_output_table() {
    static const KeyTable output = output_of("[output] of a comparison", true, false);
    return output;
}

const KeyTable& base_table() {
    static const KeyTable base = [] {
        std::vector<Key> keys = section_keys(base_output_table());
        keys.insert(keys.begin(), preset_key<Run>());
        return table_of<Run>("[base]", keys);
    }();
    return base;
}

const KeyTable& description_table() {
    using D = Description;
    static const KeyTable description =
        table_of<D>("named topologies",
                    {
                        {"description", text(&D::description), "", "", "what the topology is"},
                        {"source", text(&D::source), "", "", "where the topology comes from"},
                    });
    return description;
}

}  // namespace motley::job
