#include "job/swarm/read_swarm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "job/checks.hpp"
#include "job/keys.hpp"
#include "job/overrides.hpp"
#include "job/read_compare.hpp"
#include "job/reader.hpp"
#include "motley/core/error.hpp"

namespace motley::job {
namespace {

/// Greedy walks without a graph compare all pairs of sites.
constexpr std::int64_t most_compared_sites = 20000;
constexpr double most_problems = 2147483648.0;
/// Bits times tables of the keys by SimHash.
constexpr std::int64_t most_planes = 1024;

/// The place of an item of a list, or of the list.
Position place_of_item(const Value& root, const std::string& section, const std::string& key,
                       std::size_t item) {
    const Member* owner = root.find(section);
    const Member* list = owner == nullptr ? nullptr : owner->value.find(key);
    const bool has = list != nullptr && item < list->value.items.size();
    return has ? list->value.items[item].place : root.reach({section, key}).place;
}

template <class E>
std::vector<E> chosen(const std::vector<std::string>& given, const std::vector<std::string>& known,
                      const std::string& section, const std::string& key, const Value& root,
                      Findings& findings) {
    std::vector<E> out;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto found = std::ranges::find(known, given[i]);
        const Position place = place_of_item(root, section, key, i);
        if (found == known.end()) {
            findings.add(place,
                         fmt::format("'{}.{}' has no \"{}\"; it takes {}", section, key, given[i],
                                     list(known)),
                         [word = given[i], &known] { return nearest(word, known); });
            continue;
        }
        const auto each = static_cast<E>(found - known.begin());
        if (std::ranges::find(out, each) != out.end()) {
            findings.add(place, fmt::format("'{}.{}' names \"{}\" twice", section, key, given[i]));
        }
        out.push_back(each);
    }
    if (given.empty()) {
        findings.add(
            root.reach({section, key}).place,
            fmt::format("'{}.{}' is empty: name one or more of {}", section, key, list(known)));
    }
    return out;
}

bool has_policy(const Swarm& job, swarm::Policy policy) {
    return std::ranges::find(job.policies, policy) != job.policies.end();
}

void check_variant(const Swarm& job, const swarm::Spec& spec, const Value& root,
                   Findings& findings) {
    const auto [fewest, most] = std::ranges::minmax(job.sites);
    if (has_policy(job, swarm::Policy::cap) && spec.cap >= fewest) {
        findings.add(root.reach({"swarm", "cap"}).place,
                     fmt::format("'swarm.cap' is {}, but a site among {} has {} others: take at "
                                 "most {}",
                                 spec.cap, fewest, fewest - 1, fewest - 1));
    }
    swarm::Spec largest = spec;
    largest.sites = most;
    const double problems =
        spec.problems.count * std::pow(static_cast<double>(most), spec.problems.growth);
    if (problems > most_problems) {
        findings.add(root.reach({"problems"}).place,
                     fmt::format("{:.4g} problems of {} sites are too many: take fewer or a "
                                 "smaller 'problems.growth'",
                                 problems, most));
    }
    const std::int64_t planes = spec.keys.bits * spec.keys.tables;
    if (spec.keys.kind == swarm::KeyKind::simhash && planes > most_planes) {
        // One table of any number of bits is possible, so that the tables were given.
        findings.add(root.reach({"keys", "tables"}).place,
                     fmt::format("'keys.bits' times 'keys.tables' is {} x {} = {}: for its keys a "
                                 "site looks at so many planes, at most {} are possible",
                                 spec.keys.bits, spec.keys.tables, planes, most_planes));
    }
    const bool several = spec.keys.kind == swarm::KeyKind::simhash && spec.keys.tables > 1;
    if (!several && spec.keys.threshold <= -1.0) return;
    for (const swarm::Policy policy : job.policies) {
        using enum swarm::Policy;
        if (policy == none || policy == average || policy == full || policy == cap) continue;
        findings.add(
            root.reach({"keys", several ? "tables" : "threshold"}).place,
            fmt::format("with '{}' readers choose among single packets, but policy {} adds them "
                        "up before: use policies none, full and cap",
                        several ? "keys.tables" : "keys.threshold", swarm::name_of(policy)));
        return;
    }
}

/// The number of vertices of a topology of the job; 0 where it cannot be made.
std::int64_t size_of(const topology::Spec& spec, const std::string& key, const Value& root,
                     Findings& findings) {
    try {
        return topology::make(spec)->hosts();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::usage) throw;
        findings.add(root.reach({key, "topology"}).place,
                     fmt::format("'{}.topology': {}", key, error.what()));
        return 0;
    }
}

void check_graphs(Swarm& job, const Value& root, Findings& findings) {
    const bool greedy = has_policy(job, swarm::Policy::greedy);
    if (job.graph) {
        job.graph->topology.seed = job.seed;
        check_topology(job.graph->topology, root, findings);
        refuse_dynamic(job.graph->topology, root, findings);
        const std::int64_t size = size_of(job.graph->topology, "graph", root, findings);
        for (std::size_t i = 0; size > 0 && i < job.sites.size(); ++i) {
            if (job.sites[i] == size) continue;
            findings.add(place_of_item(root, "swarm", "sites", i),
                         fmt::format("'swarm.sites' has {}, but 'graph.topology' has {} agents: "
                                     "they must be equal",
                                     job.sites[i], size));
        }
    } else if (greedy && std::ranges::max(job.sites) > most_compared_sites) {
        findings.add(root.reach({"swarm", "sites"}).place,
                     fmt::format("policy greedy without [graph] compares all pairs of sites, at "
                                 "most {}: give a [graph] or fewer sites",
                                 most_compared_sites));
    }
    if (job.place) {
        job.place->topology.seed = job.seed;
        check_topology(job.place->topology, root, findings);
        refuse_dynamic(job.place->topology, root, findings);
        constexpr std::int64_t most_hosts = 2048;
        const std::int64_t hosts = size_of(job.place->topology, "place", root, findings);
        if (hosts > most_hosts) {
            findings.add(root.reach({"place", "topology"}).place,
                         fmt::format("'place.topology' has {} hosts; at most {} are possible",
                                     hosts, most_hosts));
        }
    }
}

std::string defining_text(const Swarm& job, const Value& root) {
    const Swarm standard;
    Swarm bare = job;
    bare.name = "swarm";
    bare.directory = standard.directory;
    bare.baseline.clear();
    bare.checkpoint_minutes = standard.checkpoint_minutes;
    bare.spec.partition = standard.spec.partition;
    return resolved_text(bare, root);
}

const FactorBase& factor_base() {
    static const FactorBase base = {swarm_base_table(), [](Value& part, Findings& findings) {
                                        Swarm scratch;
                                        Reader(swarm_base_table(), findings, Extent::part)
                                            .read(swarm_base_table(), part, &scratch, "");
                                    }};
    return base;
}

/// The choice whose levels are compared, and its baseline.
void choose_baseline(Swarm& job, const Value& root, Findings& findings) {
    std::vector<std::string> levels;
    if (job.policies.size() > 1) {
        job.compared = SwarmCompared::policies;
        levels = job.policy_words;
    } else if (job.operators.size() > 1) {
        job.compared = SwarmCompared::operators;
        levels = job.operator_words;
    } else if (!job.factors.empty()) {
        job.compared = SwarmCompared::factor;
        levels = job.factors.front().labels;
    }
    const Position place = root.reach({"swarm", "baseline"}).place;
    if (levels.empty()) {
        if (job.baseline.empty()) return;
        findings.add(place,
                     "'swarm.baseline' needs several policies, operators or levels of a factor: "
                     "there is nothing to compare");
        return;
    }
    if (job.baseline.empty()) job.baseline = levels.front();
    if (std::ranges::find(levels, job.baseline) != levels.end()) return;
    findings.add(
        place,
        fmt::format("'swarm.baseline' is \"{}\"; it must be one of {}", job.baseline, list(levels)),
        [word = job.baseline, levels] { return nearest(word, levels); });
}

SwarmFactor summary_of(const Factor& factor) {
    SwarmFactor out{factor.path, {}, {}};
    for (const FactorLevel& level : factor.levels) {
        out.labels.push_back(level.label);
        if (level.value.is_number()) out.numbers.push_back(level.value.number);
    }
    if (out.numbers.size() != out.labels.size()) out.numbers.clear();
    return out;
}

/// Reads the job once for each combination of the levels of [factors].
void add_variants(Swarm& job, Value& root, Findings& findings) {
    Member* given = root.find("factors");
    if (given == nullptr) {
        job.variants = {{{}, job.spec}};
        check_variant(job, job.spec, root, findings);
        return;
    }
    if (!given->value.is(Value::Type::table)) return;  // it was reported
    const std::vector<Factor> factors = read_factors(factor_base(), given->value, {}, findings);
    findings.throw_if_any();
    double settings = 1.0;
    for (const Factor& factor : factors) {
        job.factors.push_back(summary_of(factor));
        settings *= static_cast<double>(factor.levels.size());
    }
    constexpr double most_settings = 10000;
    if (settings > most_settings) {
        findings.add(given->place, fmt::format("the factors make {:.0f} settings, more than {:.0f}",
                                               settings, most_settings));
        findings.throw_if_any();
    }
    for (const std::vector<std::size_t>& at : make_layout(factors, -1, "").cells) {
        Value tree = root;
        put_levels(tree, factors, at, findings);
        Swarm varied;
        Reader(swarm_table(), findings).read(swarm_table(), tree, &varied, "");
        job.variants.push_back({at, varied.spec});
        check_variant(job, varied.spec, tree, findings);
    }
    given->value = levels_of(factors);
}

}  // namespace

const std::vector<std::string>& policy_words() {
    static const std::vector<std::string> words = [] {
        std::vector<std::string> all;
        for (int p = 0; p < swarm::policy_count; ++p) {
            all.emplace_back(swarm::name_of(static_cast<swarm::Policy>(p)));
        }
        return all;
    }();
    return words;
}

const std::vector<std::string>& operator_words() {
    static const std::vector<std::string> words = {"mean",    "shrink", "median",
                                                   "trimmed", "krum",   "rejection"};
    return words;
}

std::string resolved_text(const Swarm& job, const Value& root) {
    Value document = dump(swarm_table(), &job);
    const Member* factors = root.find("factors");
    if (factors != nullptr) document.put("factors", factors->value);
    return to_document(document);
}

Swarm read_swarm(Value& root, Findings& findings) {
    Swarm job;
    Reader(swarm_table(), findings).read(swarm_table(), root, &job, "");
    findings.throw_if_any();
    job.policies = chosen<swarm::Policy>(job.policy_words, policy_words(), "swarm", "policies",
                                         root, findings);
    job.operators = chosen<swarm::Operator>(job.operator_words, operator_words(), "operators",
                                            "use", root, findings);
    findings.throw_if_any();
    check_graphs(job, root, findings);
    add_variants(job, root, findings);
    findings.throw_if_any();
    choose_baseline(job, root, findings);
    findings.throw_if_any();
    job.defining_text = defining_text(job, root);
    return job;
}

}  // namespace motley::job
