// THE table of keys: path, type, range, unit, help, and by the field that it is bound to also the
// default of every key of the job file. Nothing else in the program knows the keys: parsing,
// `--set`, resolved texts, `motley schema` and docs/reference.md all come from these rows and, for
// [topology] and kind = "redesign", those of keys_topology.cpp and keys_redesign.cpp.
#include "job/keys.hpp"

#include <algorithm>

#include "motley/job/job.hpp"

namespace motley::job {
namespace {

using Words = std::vector<std::string>;

/// A table without alternatives, with the defaults of S.
template <class S>
Table table_of(const char* title, std::vector<Key> keys) {
    return {.title = title, .keys = std::move(keys), .defaults = std::make_shared<S>()};
}

/// In the order of Distribution::Kind.
const std::vector<Alternative>& distributions() {
    static const std::vector<Alternative> all = {
        // name, keys (! must be given), help
        {"value", "value!", "the same for all"},
        {"uniform", "", "the same weight for every task"},
        {"lognormal", "sigma group_sigma groups", "exp(sigma normal) per entry"},
        {"dirichlet", "concentration groups", "random shares, per agent or per group"},
        {"zipf", "exponent", "weight of task k = 0, 1, ... is (k + 1)^-exponent"},
        {"weights", "weights!", "one weight per task"},
        {"file", "file!", "CSV or HDF5 table by agent name or id"},
    };
    return all;
}

std::vector<Key> distribution_keys() {
    using D = model::Distribution;
    return {
        // name, bound to, range, unit, help
        {"value", number(&D::value), "(0, inf)", "1", "value of every entry"},
        {"sigma", number(&D::sigma), "[0, inf)", "1", "standard deviation of the logarithm"},
        {"group_sigma", number(&D::group_sigma), "[0, inf)", "1", "the same, shared by a group"},
        {"groups", integer(&D::groups), "[1, inf)", "groups", "contiguous, of even size"},
        {"concentration", number(&D::concentration), "(0, inf)", "1", "small: uneven shares"},
        {"exponent", number(&D::exponent), "[0, inf)", "1", "of the power law"},
        {"weights", numbers(&D::weights), "[0, inf)", "1", "one per task"},
        {"file", file(&D::file), "", "", "`agent,<task 1>,<task 2>,...` or `agent,resource`"},
    };
}

/// A distribution that takes only the alternatives `names`.
Table distribution_of(const Words& names, const char* title) {
    using D = model::Distribution;
    const Words all = names_of(distributions());
    Table table{.title = title, .keys = {}, .defaults = std::make_shared<D>()};
    table.tag = "distribution";
    for (const std::string& each : names) {
        const auto index = std::ranges::find(all, each) - all.begin();
        table.alternatives.push_back(distributions()[static_cast<std::size_t>(index)]);
    }
    table.keys = {{table.tag, choice(&D::kind, all), "", "", "how entries are drawn"}};
    for (const Key& key : distribution_keys()) {
        if (!table.common(key.name)) table.keys.push_back(key);
    }
    table.keys.front().binding.words = table.tags();
    table.selected = [all](const void* object) {
        return all[static_cast<std::size_t>(static_cast<const D*>(object)->kind)];
    };
    table.select = [all](void* object, const std::string& name) {
        const auto index = std::ranges::find(all, name) - all.begin();
        static_cast<D*>(object)->kind = static_cast<D::Kind>(index);
    };
    return table;
}

const Table& schedule_table() {
    using C = model::DemandChange;
    static const Table schedule = table_of<C>(
        "model.schedule",
        {
            {"step", integer(&C::step), "[1, inf)", "steps", "rising along the list", true},
            {"demand", table(&C::demand, distribution_table()), "", "", "from then on", true},
        });
    return schedule;
}

const Table& learning_table() {
    using M = model::Spec;
    static const Table learning =
        table_of<M>("model.learning",
                    {
                        {"rate", number(&M::learning_rate), "[0, inf)", "1/step", "mu; 0: none"},
                        {"exponent", number(&M::learning_exponent), "(0, inf)", "1",
                         "p: the sum of the p-th powers of an agent's capabilities stays"},
                    });
    return learning;
}

const Table& growth_table() {
    using M = model::Spec;
    static const Table growth = table_of<M>(
        "model.growth", {
                            {"rate", number(&M::growth_rate), "[0, inf)", "1/step", "rho; 0: none"},
                            {"scope", choice(&M::growth_local, {"global", "local"}), "", "",
                             "compare with the whole system or with the neighbourhood"},
                        });
    return growth;
}

const Table& resource_table() {
    static const Table resource =
        distribution_of({"value", "uniform", "lognormal", "file"}, "model.resource");
    return resource;
}

const Table& model_table() {
    using M = model::Spec;
    static const Table model = table_of<M>(
        "[model]",
        {
            {"tasks", integer(&M::tasks), "[1, 4096]", "tasks", "K: number of tasks"},
            {"openness", number(&M::openness), "[0, 1)", "1",
             "lambda: share of its stock that an agent passes on"},
            {"elasticity", number(&M::elasticity), "[0.05, 100]", "1",
             "sigma: of substitution between tasks"},
            {"returns", number(&M::returns), "(0, 10]", "1",
             "gamma: returns to specialisation; optimum: at most 1"},
            {"precision", choice(&M::precision, {"double", "single"}), "", "", "of the state"},
            {"capability", table(&M::capability, distribution_table()), "", "",
             "a: output per unit of effort, agents x tasks"},
            {"resource", table(&M::resource, resource_table()), "", "",
             "R: effort per step, agents"},
            {"demand", table(&M::demand, distribution_table()), "", "",
             "D: weight of each task in what an agent needs; rows are normalised"},
            {"schedule", tables(&M::schedule, schedule_table()), "", "",
             "changes of the demand; dynamics only"},
            {"noise", number(&M::noise), "[0, inf)", "1",
             "of the initial allocation: exp(noise normal)"},
            {"learning", same(learning_table()), "", "", "capabilities follow use"},
            {"growth", same(growth_table()), "", "", "resources follow value"},
        });
    return model;
}

const Table& solve_table() {
    static const Table solve = table_of<simulation::SolveOptions>(
        "[solve]",
        {
            {"mode", choice(&simulation::SolveOptions::mode, {"optimum", "dynamics"}), "", "",
             "find the optimum with a certificate, or follow the system as it evolves"},
            {"gap", number(&simulation::SolveOptions::gap), "(0, inf)", "1",
             "optimum: relative gap of the certificate to reach"},
            {"max_steps", integer(&simulation::SolveOptions::max_steps), "[1, inf)", "steps",
             "optimum: limit"},
            {"steps", integer(&simulation::SolveOptions::steps), "[0, inf)", "steps",
             "dynamics: length"},
            {"rate", number(&simulation::SolveOptions::rate), "(0, inf)", "1/step",
             "dynamics: eta, speed of adaptation"},
        });
    return solve;
}

const Table& partition_table() {
    using P = partition::Spec;
    static const Table partition = table_of<P>(
        "[partition]",
        {
            {"method", choice(&P::method, {"block", "random", "levels", "metis", "scotch", "file"}),
             "", "", "how agents are shared out among ranks; results do not depend on it"},
            {"file", file(&P::file), "", "", "METIS .part file: line i: part of agent i"},
        });
    return partition;
}

const Table& exchange_table() {
    static const Table exchange = table_of<simulation::ExchangeOptions>(
        "[exchange]",
        {
            {"method",
             choice(&simulation::ExchangeOptions::kind, {"persistent", "neighbour", "dense"}), "",
             "", "MPI pattern of the boundary exchange"},
            {"overlap", boolean(&simulation::ExchangeOptions::overlap), "", "",
             "compute while messages travel"},
        });
    return exchange;
}

const Table& checkpoint_table() {
    using C = Checkpoint;
    static const Table checkpoint = table_of<C>(
        "[checkpoint]",
        {
            {"every_steps", integer(&C::every_steps), "[0, inf)", "steps",
             "between checkpoints; 0: by time only"},
            {"every_minutes", number_or("auto", &C::every_minutes), "(0, inf)", "minutes",
             "between checkpoints; auto: 10, or more where writing one takes over 2 % of that"},
        });
    return checkpoint;
}

const Table& measure_table() {
    static const Table measure = table_of<Measure>(
        "[measure]",
        {
            {"centres", integer(&Measure::centres), "[0, 1000000]", "agents",
             "sampled centres of balls for I(r) and the spatial scale xi; 0: not measured"},
            {"graph", boolean(&Measure::graph), "", "",
             "properties of the topology: degrees, clustering, path length, spectral gap, "
             "bisection"},
        });
    return measure;
}

/// A comparison decides where its runs write, and they what.
Table output_of(const char* title, bool where, bool what) {
    using O = Output;
    std::vector<Key> keys;
    if (where) {
        keys.push_back(
            {"directory", text(&O::directory), "", "", "results go to `<directory>/<name>`"});
    }
    const std::vector<Key> contents = {
        {"every", integer(&O::every), "[1, inf)", "steps", "between rows of the series"},
        {"snapshots", integer(&O::snapshots), "[0, inf)", "steps", "between; 0: none"},
        {"compression", integer(&O::compression), "[0, 9]", "1", "deflate level of run.h5"},
        {"topology", boolean(&O::topology), "", "", "store the arcs in run.h5"},
        {"partition", boolean(&O::partition), "", "", "store each agent's rank in run.h5"},
    };
    if (what) keys.insert(keys.end(), contents.begin(), contents.end());
    return table_of<O>(title, keys);
}

const Table& output_table() {
    static const Table output = output_of("[output]", true, true);
    return output;
}

const Table& base_output_table() {
    static const Table output = output_of("[base] output", false, true);
    return output;
}

const Table& compare_output_table() {
    static const Table output = output_of("[output] of a comparison", true, false);
    return output;
}

/// The sections of a run; a comparison's base has another [output].
std::vector<Key> section_keys(const Table& output) {
    return {
        {"topology", table(&Run::topology, topology_table()), "", "",
         "who is linked with whom; a string names a file in topologies/", true},
        {"model", table(&Run::model, model_table()), "", "", "production and environment"},
        {"solve", table(&Run::solve, solve_table()), "", "", "what is computed"},
        {"partition", table(&Run::partition, partition_table()), "", "", "who owns what"},
        {"exchange", table(&Run::exchange, exchange_table()), "", "", "communication"},
        {"measure", table(&Run::measure, measure_table()), "", "", "what is measured at the end"},
        {"output", table(&Run::output, output), "", "", "files"},
        {"checkpoint", table(&Run::checkpoint, checkpoint_table()), "", "",
         "what a run that was stopped goes on from; results do not depend on it"},
    };
}

const Table& compare_section_table() {
    using C = Compare;
    static const Table section = table_of<C>(
        "[compare]",
        {
            {"replicates", integer(&C::replicates), "[1, 100000]", "runs",
             "per combination; replicate r has the same seed everywhere"},
            {"design", choice(&C::design, {"factorial", "latin-hypercube"}), "", "",
             "every combination of all levels, or ranges sampled together, crossed with the lists"},
            {"samples", integer(&C::samples), "[1, 10000]", "1",
             "latin-hypercube: points drawn, the same for every level of the lists"},
            {"baseline", text(&C::baseline), "", "",
             "level of the topology (else the first list) to compare with; default: its first"},
            {"ranks_per_run", integer_or("auto", &C::ranks_per_run), "[1, 1000000]", "ranks",
             "MPI ranks that work on one run; auto: by its memory, and by how many runs there are"},
        });
    return section;
}

const Table& no_keys() {
    static const Table none{.title = "[factors]", .keys = {}, .defaults = nullptr};
    return none;
}

}  // namespace

const Table& distribution_table() {
    static const Table distribution = distribution_of(names_of(distributions()), "distributions");
    return distribution;
}

const Table& run_table() {
    static const Table run = [] {
        std::vector<Key> keys = {
            {"name", name(&Run::name), "", "", "of the results' folder; default: the file's stem"},
            {"kind", constant("run"), "", "", "one experiment", true},
            {"seed", integer(&Run::seed), "[0, inf)", "1", "of all random numbers"},
        };
        for (Key& key : section_keys(output_table())) keys.push_back(std::move(key));
        return table_of<Run>("kind = \"run\"", keys);
    }();
    return run;
}

const Table& scaling_table() {
    using S = Scaling;
    static const Table section = table_of<S>(
        "[scaling]",
        {
            {"ranks", integers(&S::ranks), "[1, 1000000]", "ranks",
             "numbers of ranks to measure on; default: powers of two, and all there are"},
            {"strong", boolean(&S::strong), "", "", "the same system on more ranks"},
            {"weak", boolean(&S::weak), "", "",
             "agents (or the first length of shape) grow with the ranks"},
            {"steps", integer(&S::steps), "[1, 1000000]", "steps", "per repetition"},
            {"repetitions", integer(&S::repetitions), "[1, 1000]", "", "of which the best counts"},
            {"project", integers(&S::project), "[1, 1000000]", "ranks",
             "numbers of ranks to project to, with the real partition into as many parts"},
        });
    static const Table scaling = [] {
        std::vector<Key> keys = {
            {"name", name(&Run::name), "", "", "of the results' folder; default: the file's stem"},
            {"kind", constant("scaling"), "", "", "how speed depends on the number of ranks", true},
            {"seed", integer(&Run::seed), "[0, inf)", "1", "of all random numbers"},
            {"scaling", table(&Run::scaling, section), "", "", "what to measure"},
        };
        for (Key& key : section_keys(output_table())) keys.push_back(std::move(key));
        return table_of<Run>("kind = \"scaling\"", keys);
    }();
    return scaling;
}

const Table& base_table() {
    static const Table base = table_of<Run>("[base]", section_keys(base_output_table()));
    return base;
}

const Table& compare_table() {
    static const Table compare = table_of<Compare>(
        "kind = \"compare\"",
        {
            {"name", name(&Compare::name), "", "",
             "of the results' folder; default: the file's stem"},
            {"kind", constant("compare"), "", "", "a designed set of runs", true},
            {"seed", integer(&Compare::seed), "[0, inf)", "1",
             "the seed of each replicate is derived from it"},
            {"compare", same(compare_section_table()), "", "", "how to compare"},
            {"output", table(&Compare::output, compare_output_table()), "", "", "files"},
            {"base", elsewhere(base_table()), "", "", "what all runs share"},
            {"factors", elsewhere(no_keys()), "", "", "what differs", true},
        });
    return compare;
}

const Table& factor_range_table() {
    using F = FactorRange;
    static const Table range =
        table_of<F>("range of a factor",
                    {
                        {"from", number(&F::from), "", "", "first value", true},
                        {"to", number(&F::to), "", "", "last value", true},
                        {"step", number(&F::step), "(0, inf)", "", "distance of values"},
                        {"count", integer(&F::count), "[2, 10000]", "values", "number of values"},
                        {"steps", integer(&F::count), "[2, 10000]", "values", "the same as count"},
                        {"scale", choice(&F::logarithmic, {"linear", "log"}), "", "",
                         "even distances or even ratios (with count)"},
                    });
    return range;
}

const Table& description_table() {
    using D = Description;
    static const Table description =
        table_of<D>("named topologies",
                    {
                        {"description", text(&D::description), "", "", "what the topology is"},
                        {"source", text(&D::source), "", "", "where it comes from"},
                    });
    return description;
}

}  // namespace motley::job
