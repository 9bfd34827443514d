// The rows of the key table for kind = "swarm".
#include "job/keys.hpp"
#include "job/swarm/read_swarm.hpp"

namespace motley::job {
namespace {

/// A row of [swarm] whose field is in the part that all swarms of the job have.
Binding of_spec(Binding inner) {
    Binding binding = inner;
    binding.get = [inner](const void* object) {
        return inner.get(&static_cast<const Swarm*>(object)->spec);
    };
    binding.set = [inner](void* object, const Value& value) {
        inner.set(&static_cast<Swarm*>(object)->spec, value);
    };
    return binding;
}

/// A section whose fields are in that part.
template <class T>
Binding section_of_spec(T swarm::Spec::*member, const KeyTable& inner) {
    Binding binding;
    binding.type = KeyType::table;
    binding.table = &inner;
    binding.open = [member](void* object) -> void* {
        return &(static_cast<Swarm*>(object)->spec.*member);
    };
    return binding;
}

Binding word_list(std::vector<std::string> Swarm::*member) {
    return field(KeyType::texts, member);
}

const KeyTable& swarm_section_table() {
    using S = Swarm;
    using P = swarm::Spec;
    static const KeyTable section = table_of<S>(
        "[swarm]",
        {
            {"sites", integers(&S::sites), "[2, 2000000000]", "sites",
             "numbers of sites; each is run, and growth is fitted over them"},
            {"policies", word_list(&S::policy_words), "", "",
             "who reads what, each of which is run: none; average: one mean of all sites; central: "
             "a server adds up the packets of each key; broadcast: all packets to all; gossip: the "
             "same by push and pull; full: all packets of the own key at their holder; cap: at "
             "most `cap` of them; aggregate: their sum by the holder; hierarchical: sums through "
             "groups; greedy: sums at holders that greedy walks on a graph find"},
            {"rounds", of_spec(integer(&P::rounds)), "[1, 1000]", "rounds",
             "rounds of observing, publishing and reading; results are of the last one"},
            {"cap", of_spec(integer(&P::cap)), "[1, 4096]", "packets",
             "most packets that a site reads with policy cap"},
            {"task", of_spec(choice(&P::task, {"estimation", "discovery", "complementarity"})), "",
             "",
             "estimation: the truth of the own problem; discovery: which of some approaches works; "
             "complementarity: each pair of sites that combine results has a worth"},
            {"pair_value", of_spec(number(&P::pair_value)), "[0, inf)", "1",
             "complementarity: worth of a pair"},
            {"replicates", integer(&S::replicates), "[1, 100000]", "1",
             "swarms with other random numbers; results are means over them, with intervals; "
             "replicate r is the same world in all settings"},
            {"baseline", text(&S::baseline), "", "",
             "level with which the others are compared, in pairs of replicates: of the policies "
             "where there are several, else of the operators, else of the first factor; default: "
             "the first"},
            {"partition", of_spec(choice(&P::partition, {"prefix", "hash"})), "", "",
             "which rank computes a site: by its id, or by a hash; results do not depend on it"},
        });
    return section;
}

const KeyTable& problems_table() {
    using P = swarm::ProblemSpec;
    static const KeyTable problems = table_of<P>(
        "[problems]", {
                          {"count", number(&P::count), "(0, inf)", "problems",
                           "number of problems, with `growth` the factor c of c N^growth"},
                          {"growth", number(&P::growth), "[0, 2]", "1",
                           "exponent by which problems grow with the sites"},
                          {"zipf", number(&P::zipf), "[0, 10]", "1",
                           "the r-th problem is drawn with weight r^-zipf; 0: all alike"},
                          {"spread", number(&P::spread), "[0, inf)", "1",
                           "standard deviation of the truths of problems"},
                          {"heterogeneity", number(&P::heterogeneity), "[0, inf)", "1",
                           "tau^2: variance of the truths of sites with one problem"},
                      });
    return problems;
}

const KeyTable& evidence_table() {
    using E = swarm::EvidenceSpec;
    static const KeyTable evidence = table_of<E>(
        "[evidence]",
        {
            {"observations", integer(&E::observations), "[1, 1000000000]", "1",
             "observations of a site in a round"},
            {"noise", number(&E::noise), "(0, inf)", "1", "standard deviation of one observation"},
            {"observe", choice(&E::observe, {"once", "every-round"}), "", "",
             "once: in the first round only"},
        });
    return evidence;
}

const KeyTable& keys_table() {
    using K = swarm::KeySpec;
    static const KeyTable keys = table_of<K>(
        "[keys]",
        {
            {"kind", choice(&K::kind, {"exact", "simhash"}), "", "",
             "exact: sites code their problem by categorical fields; simhash: by the sides of "
             "random planes on which its place in a space lies"},
            {"fields", integer(&K::fields), "[1, 1000]", "1", "exact: fields of a key"},
            {"values", integer(&K::values), "[2, 1000000]", "1", "exact: values of a field"},
            {"error", number(&K::error), "[0, 1]", "1",
             "exact: chance that a site codes a field wrongly"},
            {"bits", integer(&K::bits), "[1, 60]", "bits", "simhash: planes of a key"},
            {"tables", integer(&K::tables), "[1, 60]", "1",
             "simhash: keys of a site; packets of any of them are read"},
            {"dimensions", integer(&K::dimensions), "[2, 4096]", "1", "dimensions of the space"},
            {"spread", number(&K::spread), "[0, inf)", "1",
             "distance of a site to the centre of its problem"},
            {"threshold", number(&K::threshold), "[-1, 1]", "1",
             "least cosine similarity of a packet that is used; -1: all are"},
        });
    return keys;
}

const KeyTable& overlay_table() {
    using O = swarm::OverlaySpec;
    static const KeyTable overlay = table_of<O>(
        "[overlay]",
        {
            {"contacts", integer(&O::contacts), "[1, 255]", "sites",
             "contacts that a site knows in each subtree of ids (k of Kademlia)"},
            {"replication", integer(&O::replication), "[1, 64]", "sites", "holders of a key"},
            {"lookup", choice(&O::lookup, {"recursive", "iterative"}), "", "",
             "recursive: sites pass a question on; iterative: the asking site steers, and needs "
             "more messages"},
            {"parallel", integer(&O::parallel), "[1, 64]", "1",
             "iterative: questions at a time (alpha of Kademlia)"},
            {"loss", number(&O::loss), "[0, 1)", "1", "share of the messages that are lost"},
            {"session", number_or("infinite", &O::session), "[0, inf)", "rounds",
             "mean time that a site stays; a share 1 - exp(-1 / session) is away when sites read"},
            {"late", number(&O::late), "[0, 1)", "1",
             "share of the sites that come after the publishing, and only read"},
            {"groups", integers(&O::groups), "[2, 1000000000]", "1",
             "hierarchical: sites in a group, groups in a group of groups, ..."},
        });
    return overlay;
}

const KeyTable& synthesis_table() {
    using S = swarm::SynthesisSpec;
    static const KeyTable synthesis = table_of<S>(
        "[synthesis]",
        {
            {"variance", choice(&S::variance, {"known", "dersimonian-laird", "paule-mandel"}), "",
             "", "shrink: where the variance between sites comes from"},
            {"trim", number(&S::trim), "[0, 0.5)", "1", "trimmed: share cut off at each end"},
            {"assumed", number(&S::assumed), "[0, 1)", "1",
             "krum: share of the packets that may be false"},
            {"sigmas", number(&S::sigmas), "(0, inf)", "1",
             "rejection: packets further from the mean are left out, in standard deviations"},
            {"range", number_or("unchecked", &S::range), "[0, inf)", "1",
             "packets beyond +-range are left out"},
            {"deposit", choice(&S::deposit, {"own", "posterior"}), "", "",
             "own: sites publish what they observed; posterior: what they believe, which counts "
             "evidence twice"},
        });
    return synthesis;
}

const KeyTable& operators_table() {
    using S = Swarm;
    static const KeyTable operators = table_of<S>(
        "[operators]",
        {
            {"use", word_list(&S::operator_words), "", "",
             "how a site combines packets, each of which is run: mean: inverse variance; shrink: "
             "the best linear estimate of its own truth; median; trimmed; krum; rejection: the "
             "mean without outliers"},
        });
    return operators;
}

const KeyTable& adversaries_table() {
    using A = swarm::AdversarySpec;
    static const KeyTable adversaries = table_of<A>(
        "[adversaries]",
        {
            {"share", number(&A::share), "[0, 1]", "1", "share of the sites that are dishonest"},
            {"attack",
             choice(&A::attack, {"garbage", "out-of-range", "shift", "targeted", "silent"}), "", "",
             "garbage: random packets; out-of-range: impossible ones; shift: all shifted alike; "
             "targeted: shifted, and all under the key of the first problem; silent: as holders "
             "they do not answer"},
            {"shift", number(&A::shift), "", "1",
             "shift and targeted: in standard deviations of an observation"},
        });
    return adversaries;
}

const KeyTable& discovery_table() {
    using D = swarm::DiscoverySpec;
    static const KeyTable discovery = table_of<D>(
        "[discovery]", {
                           {"approaches", integer(&D::approaches), "[1, 100000]", "1",
                            "approaches to a problem, of which one works"},
                           {"delay", integer(&D::delay), "[0, 10000]", "rounds",
                            "rounds until results can be read"},
                           {"choice", choice(&D::choice, {"random", "divided"}), "", "",
                            "what a site tries next: any open approach, or one that no other "
                            "site of its key tries"},
                       });
    return discovery;
}

const KeyTable& graph_table() {
    using G = SwarmGraph;
    static const KeyTable graph =
        table_of<G>("[graph]", {
                                   {"topology", table(&G::topology, topology_table()), "", "",
                                    "graph of greedy walks, with an agent for each site", true},
                               });
    return graph;
}

const KeyTable& place_table() {
    using L = SwarmPlace;
    static const KeyTable place = table_of<L>(
        "[place]",
        {
            {"topology", table(&L::topology, topology_table()), "", "",
             "network on whose hosts the sites live", true},
            {"placement", choice(&L::placement, {"random", "packed"}), "", "",
             "random: sites of any id on a host; packed: sites with near ids on one host"},
        });
    return place;
}

const KeyTable& swarm_output_table() {
    static const KeyTable output =
        table_of<Swarm>("[output] of a swarm", {
                                                   {"directory", text(&Swarm::directory), "", "",
                                                    "the results are written to "
                                                    "`<directory>/<name>`"},
                                               });
    return output;
}

const KeyTable& swarm_checkpoint_table() {
    static const KeyTable checkpoint = table_of<Swarm>(
        "[checkpoint] of a swarm",
        {
            {"every_minutes", number_or("auto", &Swarm::checkpoint_minutes), "(0, inf)", "minutes",
             "minutes between checkpoints; auto: 10, or more where writing them would take over 2 "
             "% of the time"},
        });
    return checkpoint;
}

/// [swarm] without what is a list by itself, or one for the whole job.
const KeyTable& varied_section_table() {
    static const KeyTable section = [] {
        std::vector<Key> keys;
        for (const Key& key : swarm_section_table().keys) {
            const bool whole = key.name == "sites" || key.name == "policies" ||
                               key.name == "replicates" || key.name == "baseline" ||
                               key.name == "task" || key.name == "partition";
            if (!whole) keys.push_back(key);
        }
        return table_of<Swarm>("[swarm]", keys);
    }();
    return section;
}

}  // namespace

const KeyTable& swarm_table() {
    using S = Swarm;
    using P = swarm::Spec;
    static const KeyTable table = table_of<S>(
        "kind = \"swarm\"",
        {
            {"name", name(&S::name), "", "",
             "name of the folder of the results; default: the stem of the file"},
            {"kind", constant("swarm"), "", "", "a test of outcome routing among sites", true},
            {"seed", integer(&S::seed), "[0, inf)", "1", "seed of all random numbers"},
            {"swarm", same(swarm_section_table()), "", "", "sites, policies and rounds"},
            {"problems", section_of_spec(&P::problems, problems_table()), "", "",
             "what the sites want to know"},
            {"evidence", section_of_spec(&P::evidence, evidence_table()), "", "",
             "what a site observes itself"},
            {"keys", section_of_spec(&P::keys, keys_table()), "", "",
             "how sites with the same problem find each other"},
            {"overlay", section_of_spec(&P::overlay, overlay_table()), "", "",
             "how the holder of a key is found"},
            {"operators", same(operators_table()), "", "", "how packets are combined"},
            {"synthesis", section_of_spec(&P::synthesis, synthesis_table()), "", "",
             "parameters of the operators"},
            {"adversaries", section_of_spec(&P::adversaries, adversaries_table()), "", "",
             "dishonest sites"},
            {"discovery", section_of_spec(&P::discovery, discovery_table()), "", "",
             "task = \"discovery\""},
            {"factors", elsewhere(swarm_factors_table()), "", "",
             "keys with lists or ranges of values, of which all combinations are run, with each "
             "policy, operator and number of sites"},
            {"graph", optional_table(&S::graph, graph_table()), "", "",
             "graph of policy greedy; default: 8 similar and 8 random sites"},
            {"place", optional_table(&S::place, place_table()), "", "",
             "a network on which the sites live"},
            {"output", same(swarm_output_table()), "", "", "the files that are written"},
            {"checkpoint", same(swarm_checkpoint_table()), "", "",
             "when the state of a swarm is written; results do not depend on it"},
        });
    return table;
}

const KeyTable& swarm_factors_table() {
    static const KeyTable none{.title = "[factors] of a swarm", .keys = {}, .defaults = nullptr};
    return none;
}

const KeyTable& swarm_base_table() {
    static const KeyTable base = [] {
        std::vector<Key> keys;
        for (const Key& key : swarm_table().keys) {
            const bool has_spec = key.name == "swarm" || key.name == "problems" ||
                                  key.name == "evidence" || key.name == "keys" ||
                                  key.name == "overlay" || key.name == "synthesis" ||
                                  key.name == "adversaries" || key.name == "discovery";
            if (has_spec) keys.push_back(key);
            if (key.name == "swarm") keys.back().binding = same(varied_section_table());
        }
        return table_of<Swarm>("factors of a swarm", keys);
    }();
    return base;
}

}  // namespace motley::job
