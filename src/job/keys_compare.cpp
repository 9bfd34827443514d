// Keys of kind = "compare" and kind = "robustness".
#include "job/keys.hpp"
#include "motley/job/job.hpp"

namespace motley::job {
namespace {

const KeyTable& compare_section_table() {
    using C = Compare;
    static const KeyTable section = table_of<C>(
        "[compare]",
        {
            {"replicates", integer(&C::replicates), "[1, 100000]", "runs",
             "runs per combination of levels; replicate r has the same seed in each"},
            {"design", choice(&C::design, {"factorial", "latin-hypercube"}), "", "",
             "factorial: all combinations of levels are run; latin-hypercube: ranges are sampled "
             "together, "
             "and lists are combined with every sample"},
            {"samples", integer(&C::samples), "[1, 10000]", "1",
             "latin-hypercube: number of points that are drawn from the ranges; every level of the "
             "lists gets the same"},
            {"baseline", text(&C::baseline), "", "",
             "level with which the others are compared: of the topology, else of the first list; "
             "default: its first level"},
            {"ranks_per_run", integer_or("auto", &C::ranks_per_run), "[1, 1000000]", "ranks",
             "number of MPI ranks that work on one run; auto: it follows from the memory and the "
             "number of runs"},
        });
    return section;
}

/// The keys of a comparison, whose kind is called `kind`.
std::vector<Key> keys_of(const char* kind, const char* help) {
    return {
        {"name", name(&Compare::name), "", "",
         "name of the folder of results; default: the name of the job file without its extension"},
        {"kind", constant(kind), "", "", help, true},
        {"seed", integer(&Compare::seed), "[0, inf)", "1",
         "the seed of each replicate is derived from it"},
        preset_key<Compare>(),
        {"compare", same(compare_section_table()), "", "", "how runs are combined and compared"},
        {"output", table(&Compare::output, compare_output_table()), "", "",
         "where the files are written"},
        {"base", elsewhere(base_table()), "", "", "keys that all runs share"},
        {"systems", elsewhere_listed(base_table()), "", "",
         "files of runs that are compared, or tables with a name and sections of a run; their "
         "sections replace those of [base]"},
        {"factors", elsewhere(factors_table()), "", "",
         "keys in which runs differ, with their values; may be left out where there are systems"},
    };
}

}  // namespace

const KeyTable& factors_table() {
    static const KeyTable none{.title = "[factors]", .keys = {}, .defaults = nullptr};
    return none;
}

const KeyTable& compare_table() {
    static const KeyTable compare =
        table_of<Compare>("kind = \"compare\"", keys_of("compare", "a designed set of runs"));
    return compare;
}

const KeyTable& robustness_table() {
    static const KeyTable robustness = [] {
        std::vector<Key> keys = keys_of("robustness", "a comparison whose runs are all attacked");
        keys.push_back({"attack", elsewhere(attack_table()), "", "",
                        "what the solved systems lose when agents are taken away", true});
        return table_of<Compare>("kind = \"robustness\"", keys);
    }();
    return robustness;
}

const KeyTable& factor_range_table() {
    using F = FactorRange;
    static const KeyTable range = table_of<F>(
        "range of a factor",
        {
            {"from", number(&F::from), "", "", "first value", true},
            {"to", number(&F::to), "", "", "last value", true},
            {"step", number(&F::step), "(0, inf)", "", "distance between two values"},
            {"count", integer(&F::count), "[2, 10000]", "values", "number of values"},
            {"steps", integer(&F::count), "[2, 10000]", "values", "the same as count"},
            {"scale", choice(&F::logarithmic, {"linear", "log"}), "", "",
             "linear: distances between values are even; log: their ratios are (with count)"},
        });
    return range;
}

}  // namespace motley::job
