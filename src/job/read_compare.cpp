// The cells of a comparison as runs, and its resolved text.
#include "job/read_compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <set>
#include <utility>

#include "job/checks.hpp"
#include "job/keys.hpp"
#include "job/overrides.hpp"
#include "job/preset.hpp"
#include "job/reader.hpp"
#include "job/seed.hpp"
#include "job/systems.hpp"
#include "motley/core/random.hpp"

namespace motley::job {
namespace {

constexpr double most_runs = 100000;
constexpr std::size_t enough_findings = 1000;

/// A seed that depends on (seed, replicate) only, so that runs of different levels are paired.
std::uint64_t replicate_seed(std::uint64_t seed, std::int64_t replicate) {
    return Random(seed, Stream::replicate, static_cast<std::uint64_t>(replicate)).bits(0) >> 1;
}

/// `label` with letters, digits, '.', '_' and '-' only.
std::string safe(const std::string& label) {
    constexpr std::size_t longest = 60;
    std::string out;
    for (const char c : label) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || c == '.' || c == '_');
        if (plain) {
            out += c;
        } else if (!out.empty() && out.back() != '-') {
            out += '-';
        }
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    while (!out.empty() && out.front() == '.') out.erase(0, 1);
    return out.substr(0, longest);
}

/// "small-world/openness-0.3_elasticity-0.7": one folder for the topology, one for all else. A
/// sample is called by its number.
std::string folder_of(const std::vector<Factor>& factors, const std::vector<std::size_t>& at,
                      std::set<std::string>& used) {
    std::string topology;
    std::string others;
    bool sampled = false;
    for (std::size_t f = 0; f < factors.size(); ++f) {
        const std::string& path = factors[f].path;
        if (factors[f].sampled && std::exchange(sampled, true)) continue;
        const std::string label =
            factors[f].sampled ? std::to_string(at[f]) : safe(factors[f].levels[at[f]].label);
        if (path == "topology") {
            topology = label.empty() ? "topology" : label;
            continue;
        }
        others += others.empty() ? "" : "_";
        others += (factors[f].sampled ? "sample" : path.substr(path.rfind('.') + 1)) + "-" + label;
    }
    constexpr std::size_t longest = 150;
    others = others.substr(0, longest);
    const std::string folder = topology + (topology.empty() || others.empty() ? "" : "/") + others;
    std::string unique = folder;
    for (int i = 2; !used.insert(unique).second; ++i) unique = fmt::format("{}-{}", folder, i);
    return unique;
}

/// Factors in the order in which they are put into the base: whole tables before keys in them.
std::vector<std::size_t> order_of(const std::vector<Factor>& factors) {
    std::vector<std::size_t> order(factors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(
        order, {}, [&](std::size_t f) { return std::ranges::count(factors[f].path, '.'); });
    return order;
}

Run read_combination(const Value& base, const std::vector<Factor>& factors,
                     const std::vector<std::size_t>& at, Findings& findings) {
    Value tree = base;
    put_levels(tree, factors, at, findings);
    apply_preset(tree, findings);
    Run run;
    Reader(base_table(), findings).read(base_table(), tree, &run, "");
    check_run(run, tree, findings);
    leave_out_meaningless(run);
    note_changes(run);
    return run;
}

void add_cells(Compare& compare, const Value& base, const std::vector<Factor>& factors,
               Findings& findings) {
    const FactorLayout layout = make_layout(factors, compare.compared, compare.baseline);
    compare.baselines = layout.baselines;
    std::set<std::string> used;
    for (std::size_t c = 0; c < layout.cells.size() && findings.size() < enough_findings; ++c) {
        const std::vector<std::size_t>& at = layout.cells[c];
        CompareCell cell;
        cell.run = read_combination(base, factors, at, findings);
        cell.cell = static_cast<std::int64_t>(c);
        for (std::size_t f = 0; f < factors.size(); ++f) {
            cell.levels.push_back(factors[f].levels[at[f]].label);
        }
        const std::string folder = folder_of(factors, at, used);
        cell.run.output.directory = compare.output.directory + "/" + compare.name;
        for (std::int64_t r = 0; r < compare.replicates; ++r) {
            cell.replicate = r;
            cell.run.name = fmt::format("{}/r{}", folder, r);
            set_seed(cell.run, replicate_seed(compare.seed, r));
            compare.cells.push_back(cell);
        }
    }
}

/// The factor whose levels are compared: the systems, else the topology, else the first list; -1:
/// all are sampled.
int compared(const std::vector<Factor>& factors) {
    auto found = std::ranges::find(factors, system_path, &Factor::path);
    if (found == factors.end()) found = std::ranges::find(factors, "topology", &Factor::path);
    if (found == factors.end()) found = std::ranges::find(factors, false, &Factor::sampled);
    return found == factors.end() ? -1 : static_cast<int>(found - factors.begin());
}

const Value* given_in_section(const Value& root, const std::string& key) {
    const Member* section = root.find("compare");
    const Member* given = section == nullptr ? nullptr : section->value.find(key);
    return given == nullptr ? nullptr : &given->value;
}

void check_baseline(Compare& compare, const Value& root, const std::vector<Factor>& factors,
                    Findings& findings) {
    const Value* given = given_in_section(root, "baseline");
    if (compare.compared < 0) {
        if (given == nullptr) return;
        findings.add(given->place,
                     "'compare.baseline': all factors are sampled ranges, whose values have no "
                     "names; add a factor with a list of levels, or leave the baseline out");
        return;
    }
    const Factor& factor = factors[static_cast<std::size_t>(compare.compared)];
    std::vector<std::string> labels;
    for (const FactorLevel& level : factor.levels) labels.push_back(level.label);
    if (compare.baseline.empty() && !labels.empty()) compare.baseline = labels.front();
    if (std::ranges::find(labels, compare.baseline) != labels.end()) return;
    if (given == nullptr) return;  // missing levels were reported
    findings.add(
        given->place,
        fmt::format("'compare.baseline' is \"{}\"; it must be a level of the factor '{}': {}",
                    compare.baseline, factor.path, list(labels)),
        [word = compare.baseline, labels] { return nearest(word, labels); });
}

/// Reports what the design lacks.
void check_samples(const Compare& compare, const Value& root, const std::vector<Factor>& factors,
                   Findings& findings) {
    const Value* samples = given_in_section(root, "samples");
    const Value* design = given_in_section(root, "design");
    if (compare.design == Design::factorial) {
        if (samples == nullptr) return;
        findings.add(
            samples->place,
            "'compare.samples' is for design = \"latin-hypercube\"; a factorial runs every "
            "combination");
        return;
    }
    if (samples == nullptr) {
        findings.add(
            design->place,
            "design = \"latin-hypercube\" needs 'compare.samples': how many points to draw");
    }
    if (std::ranges::count(factors, true, &Factor::sampled) == 0) {
        findings.add(design->place,
                     "design = \"latin-hypercube\" needs a factor with a range { from, to }");
    }
}

/// Returns false where there are no runs, or too many, which it reports.
bool check_size(const Compare& compare, const Position& place, const std::vector<Factor>& factors,
                Findings& findings) {
    auto runs = static_cast<double>(compare.replicates);
    bool sampled = false;
    for (const Factor& factor : factors) {
        if (factor.sampled && std::exchange(sampled, true)) continue;
        runs *= static_cast<double>(factor.levels.size());
    }
    if (runs > most_runs) {
        findings.add(place, fmt::format("the factors make {:.0f} runs, more than {:.0f}: leave out "
                                        "levels or replicates",
                                        runs, most_runs));
    }
    return runs >= 1.0 && runs <= most_runs && !factors.empty();
}

bool has_factor(const std::vector<Factor>& factors, const std::string& path) {
    return std::ranges::find(factors, path, &Factor::path) != factors.end();
}

/// The preset of the comparison is that of its base.
void move_preset(const Value& root, Value& base, const std::vector<Factor>& factors,
                 Findings& findings) {
    const Member* above = root.find("preset");
    if (above != nullptr && base.find("preset") == nullptr) base.put("preset", above->value);
    const Member* preset = base.find("preset");
    if (preset != nullptr && has_factor(factors, "preset")) {
        findings.add(preset->place, "'preset' is a factor: leave it out here");
    }
}

/// Reads [base] of the file, and reports its own faults.
Value read_base(Value& root, const std::vector<Factor>& factors, Findings& findings) {
    if (root.find("base") == nullptr) {
        if (root.find("preset") == nullptr) return table_value(root.place);
        root.put("base", table_value(root.place));
    }
    Member* given = root.find("base");
    if (!given->value.is(Value::Type::table)) return {};
    move_preset(root, given->value, factors, findings);
    apply_preset(given->value, findings);
    Run scratch;
    Reader(compare_table(), findings, Extent::part).read(base_table(), given->value, &scratch, "");
    const Member* topology = given->value.find("topology");
    if (topology != nullptr && has_factor(factors, "topology")) {
        findings.add(topology->place,
                     "'topology' is a factor: put these keys into each topology of the factor");
    }
    return given->value;
}

/// Paths of tables that keep only the given keys: a factor puts keys into them, so that the
/// alternative whose defaults they need is still open.
std::set<std::string> undecided(const std::vector<Factor>& factors) {
    std::set<std::string> paths;
    for (const Factor& factor : factors) {
        const std::size_t dot = factor.path.rfind('.');
        if (dot == std::string::npos) continue;
        const std::string around = factor.path.substr(0, dot);
        if (!find_path(base_table(), around)->binding.table->alternatives.empty()) {
            paths.insert(around);
        }
    }
    return paths;
}

/// True where another factor puts keys into the levels of `factor`.
bool has_factor_inside(const Factor& factor, const std::vector<Factor>& factors) {
    return std::ranges::any_of(
        factors, [&](const Factor& other) { return other.path.starts_with(factor.path + "."); });
}

}  // namespace

void put_levels(Value& tree, const std::vector<Factor>& factors, const std::vector<std::size_t>& at,
                Findings& findings) {
    for (const std::size_t f : order_of(factors)) {
        const Value& value = factors[f].levels[at[f]].value;
        if (factors[f].path != system_path) {
            put_at(tree, factors[f].path, value, findings);
            continue;
        }
        for (const Member& section : value.members) tree.put(section.key, section.value);
    }
}

Value levels_of(const std::vector<Factor>& factors) {
    Value lists = table_value();
    for (const Factor& factor : factors) {
        Value levels = array_value({});
        for (const FactorLevel& level : factor.levels) {
            Value value = level.value;
            if (value.is(Value::Type::table)) value.put("name", Value::of(level.label));
            levels.items.push_back(std::move(value));
        }
        lists.put(factor.path, std::move(levels));
    }
    return lists;
}

Compare read_compare(Value& root, Findings& findings, std::vector<Factor>& factors) {
    Compare compare;
    Reader(compare_table(), findings).read(compare_table(), root, &compare, "");
    Member* given = root.find("factors");
    const Member* systems = root.find("systems");
    const bool varies = given != nullptr && given->value.is(Value::Type::table);
    if (!varies && (given != nullptr || systems == nullptr)) {
        if (given == nullptr) {
            findings.add(root.place,
                         "missing [factors], or systems = [...] with the files of runs");
        }
        read_base(root, factors, findings);
        return compare;
    }
    const bool sampled = compare.design == Design::latin_hypercube;
    static const FactorBase base_keys = {
        base_table(), [](Value& part, Findings& found) {
            Run scratch;
            Reader(base_table(), found, Extent::part).read(base_table(), part, &scratch, "");
        }};
    if (varies) {
        factors = read_factors(base_keys, given->value,
                               {sampled, std::max<std::int64_t>(compare.samples, 1), compare.seed},
                               findings);
    }
    add_system_factor(root, factors, findings);
    compare.compared = compared(factors);
    if (!factors.empty()) check_samples(compare, root, factors, findings);
    for (const Factor& factor : factors) compare.factors.push_back(factor.path);
    const Value base = read_base(root, factors, findings);
    if (!base.is(Value::Type::table)) return compare;
    if (!factors.empty()) check_baseline(compare, root, factors, findings);
    const Position& place = varies ? given->value.place : systems->place;
    if (!check_size(compare, place, factors, findings)) return compare;
    add_cells(compare, base, factors, findings);
    const std::string directory = compare.output.directory;
    compare.output = compare.cells.front().run.output;
    compare.output.directory = directory;
    return compare;
}

std::string resolved_text(const Compare& compare, const Value& root,
                          const std::vector<Factor>& factors) {
    const Member* given = root.find("base");
    Value lists = table_value();
    Value systems = array_value({});
    for (const Factor& factor : factors) {
        if (factor.path == system_path) {
            for (const FactorLevel& level : factor.levels) {
                Value system = table_value();
                system.put("name", Value::of(level.label));
                for (const Member& section : level.value.members) {
                    system.put(section.key, section.value);
                }
                systems.items.push_back(std::move(system));
            }
            continue;
        }
        if (factor.sampled) {
            lists.put(factor.path, dump(factor_range_table(), &factor.range));
            continue;
        }
        const bool whole = !has_factor_inside(factor, factors);
        Value levels = array_value({});
        for (const FactorLevel& level : factor.levels) {
            Value value = level.value;
            if (value.is(Value::Type::table)) {
                if (whole) value = complete(*factor.key->binding.table, value);
                value.put("name", Value::of(level.label));
            }
            levels.items.push_back(std::move(value));
        }
        lists.put(factor.path, std::move(levels));
    }
    Value document = dump(compare_table(), &compare);
    const Value base = given == nullptr ? table_value() : given->value;
    std::set<std::string> as_given = undecided(factors);
    if (base.find("topology") == nullptr) as_given.insert("topology");
    if (has_factor(factors, "preset")) as_given.merge(preset_paths());
    Value whole = complete(base_table(), base, as_given);
    // A pool does not take this key, so that its default is no key of the comparison.
    const bool pool = std::ranges::any_of(
        compare.cells, [](const auto& cell) { return cell.run.topology.generator == "pool"; });
    Member* model = pool ? whole.find("model") : nullptr;
    if (model != nullptr) model->value.erase("openness");
    if (systems.items.empty()) {
        document.put("base", std::move(whole));
    } else {
        // Sections of the systems replace those of [base], which is left as it was given.
        document.put("systems", std::move(systems));
        if (given != nullptr) document.put("base", given->value);
    }
    if (!lists.members.empty()) document.put("factors", std::move(lists));
    return to_document(document, "base");
}

}  // namespace motley::job
