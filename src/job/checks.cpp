// Conditions between keys of a run.
#include "job/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "job/key_table.hpp"
#include "motley/topology/generator.hpp"

namespace motley::job {
namespace {

constexpr std::size_t most_nested_levels = 16;

/// Position of the value at a dotted path, or of the deepest table on that path that exists.
Position place_at(const Value& root, const std::string& path) {
    const Value* at = &root;
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        const Member* member = at->find(path.substr(begin, end - begin));
        if (member == nullptr) break;
        at = &member->value;
        begin = end + 1;
    }
    return at->place;
}

bool given_at(const Value& root, const std::string& key) {
    return root.find(key) != nullptr;
}

void check_weights(const model::Distribution& rows, std::int64_t tasks, const std::string& path,
                   const Position& place, Findings& findings) {
    if (rows.kind != model::Distribution::Kind::weights || rows.weights.empty()) return;
    const auto count = static_cast<std::int64_t>(rows.weights.size());
    if (count != tasks) {
        findings.add(place, fmt::format("'{}.weights' has {} numbers, but model.tasks = {}: give "
                                        "one per task",
                                        path, count, tasks));
    }
    if (std::accumulate(rows.weights.begin(), rows.weights.end(), 0.0) <= 0.0) {
        const std::string what = path.substr(path.rfind('.') + 1);
        findings.add(place, what + " sums to zero: one weight at least must be positive");
    }
}

/// Tasks must fill a square, and centres be points of the space.
void check_skills(const model::Distribution& rows, std::int64_t tasks, const std::string& path,
                  const Value& given, const std::string& key, Findings& findings) {
    using Shape = model::SkillSpace::Shape;
    if (rows.kind != model::Distribution::Kind::skill) return;
    const bool square = rows.space == Shape::square;
    const auto side =
        static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(tasks))));
    if (square && side * side != tasks) {
        findings.add(
            place_at(given, key + ".space"),
            fmt::format("'{}.space' is a square, but model.tasks = {} is no square number: "
                        "write {} or {}",
                        path, tasks, side * side, (side + 1) * (side + 1)));
    }
    const std::size_t numbers = square ? 2 : 1;
    const auto check = [&](const std::vector<double>& centre, const std::string& place) {
        if (centre.size() == numbers) return;
        findings.add(place_at(given, place),
                     fmt::format("'{}' has a centre of {} numbers; in a {} it has {}", path,
                                 centre.size(), square ? "square" : "line or circle", numbers));
    };
    for (const model::Bump& bump : rows.bumps) check(bump.centre, key + ".bumps");
    if (rows.bumps.empty() && rows.centres == model::SkillSpace::Centres::same) {
        check(rows.centre, key + ".centre");
    }
}

void check_model(const Run& run, const Value& given, Findings& findings) {
    const model::Spec& model = run.model;
    for (const auto& [name, rows] : {std::pair("model.capability", &model.capability),
                                     std::pair("model.demand", &model.demand)}) {
        const Position place = place_at(given, std::string(name) + ".weights");
        check_weights(*rows, model.tasks, name, place, findings);
        check_skills(*rows, model.tasks, name, given, name, findings);
    }
    const Member* section = given.find("model");
    const Member* schedule = section == nullptr ? nullptr : section->value.find("schedule");
    if (schedule == nullptr) return;
    for (std::size_t i = 0; i < model.schedule.size(); ++i) {
        const Value& item = schedule->value.items[i];
        const std::string path = fmt::format("model.schedule[{}]", i + 1);
        check_weights(model.schedule[i].demand, model.tasks, path + ".demand",
                      place_at(item, "demand.weights"), findings);
        check_skills(model.schedule[i].demand, model.tasks, path + ".demand", item, "demand",
                     findings);
        if (i > 0 && model.schedule[i].step <= model.schedule[i - 1].step) {
            findings.add(place_at(item, "step"),
                         fmt::format("'{}.step' is {}; it must be greater than the step before, {}",
                                     path, model.schedule[i].step, model.schedule[i - 1].step));
        }
    }
}

/// The certificate of an optimum needs a concave problem that stands still (model, section 4).
void check_certificate(const Run& run, const Value& given, Findings& findings) {
    if (run.solve.mode != simulation::Mode::optimum) return;
    const auto refuse = [&](bool wrong, const std::string& path, const std::string& condition) {
        if (!wrong) return;
        findings.add(place_at(given, path),
                     fmt::format("mode = \"optimum\" has no certificate with {}: use solve.mode = "
                                 "\"dynamics\"",
                                 condition));
    };
    refuse(run.model.returns > 1.0, "model.returns", "returns > 1");
    refuse(run.model.learning_rate > 0.0, "model.learning.rate", "learning.rate > 0");
    refuse(run.model.routing_rate > 0.0, "model.routing_rate", "routing_rate > 0");
    refuse(run.model.migration > 0.0, "model.migration", "migration > 0");
    refuse(run.model.mutation > 0.0, "model.mutation", "mutation > 0");
    const bool grows = run.model.growth_rate > 0.0;
    refuse(grows && run.model.growth_scope == model::GrowthScope::local, "model.growth.scope",
           "growth.scope = \"local\"");
    refuse(run.model.openness_rate > 0.0, "model.openness_rate", "openness_rate > 0");
    refuse(!run.model.schedule.empty(), "model.schedule", "a schedule of demands");
}

/// What may change in a search for the optimum, and what must stay.
void check_search(const Run& run, const Value& given, Findings& findings) {
    if (run.solve.mode != simulation::Mode::optimum) return;
    const model::Spec& model = run.model;
    const bool grows = model.growth_rate > 0.0;
    if (grows && !model.growth_conserve) {
        findings.add(
            place_at(given, "model.growth.rate"),
            "mode = \"optimum\" seeks the best distribution of a given total of resources: "
            "set model.growth.conserve = true, or solve.mode = \"dynamics\"");
    }
    if (!grows && !model.adapt) {
        findings.add(place_at(given, "model.adapt"),
                     "mode = \"optimum\" has nothing to search where allocations stay as they are "
                     "(adapt = false) and resources do not grow: use solve.mode = \"dynamics\"");
    }
}

/// Keys that refer to the levels of a nested topology.
void check_levels_of_model(const Run& run, const Value& given, Findings& findings) {
    const model::Spec& model = run.model;
    const bool nested = run.topology.generator == "nested";
    const std::string topology =
        run.topology.generator.empty() ? "a file" : fmt::format("'{}'", run.topology.generator);
    if (model.growth_scope == model::GrowthScope::group && !nested) {
        findings.add(
            place_at(given, "model.growth.scope"),
            fmt::format("growth.scope = \"group\" needs a nested topology, whose innermost "
                        "groups are meant; {} has no levels",
                        topology));
    }
    if (model.migration_level.empty()) return;
    const Position place = place_at(given, "model.migration_level");
    if (!nested) {
        findings.add(place,
                     fmt::format("'model.migration_level' needs a nested topology; {} has no "
                                 "levels: leave it out",
                                 topology));
        return;
    }
    std::vector<std::string> names;
    for (std::size_t l = 0; l < run.topology.levels.size(); ++l) {
        names.push_back(topology::level_name(run.topology.levels, l));
    }
    if (std::ranges::find(names, model.migration_level) != names.end()) return;
    findings.add(place, fmt::format("'model.migration_level' is \"{}\"; the levels of the topology "
                                    "are {}",
                                    model.migration_level, list(names)));
}

void check_allocation(const Run& run, const Value& given, Findings& findings) {
    const bool wanted = run.model.allocation == model::FirstAllocation::file;
    if (wanted && run.model.allocation_file.empty()) {
        findings.add(place_at(given, "model.allocation"),
                     "model.allocation = \"file\" needs 'model.allocation_file'");
    }
    if (!wanted && !run.model.allocation_file.empty()) {
        findings.add(place_at(given, "model.allocation_file"),
                     "'model.allocation_file' is used with model.allocation = \"file\" only");
    }
}

/// In a pool nothing travels, so that keys about what is passed on have no meaning.
void check_pool(const Run& run, const Value& given, Findings& findings) {
    if (run.topology.generator != "pool") return;
    const auto refuse = [&](bool wrong, const std::string& path) {
        if (!wrong) return;
        findings.add(place_at(given, path),
                     fmt::format("'{}' has no meaning in a pool, where everyone gets the same "
                                 "share of what all make in the same step: leave it out",
                                 path));
    };
    const Member* model = given.find("model");
    const bool table = model != nullptr && model->value.is(Value::Type::table);
    refuse(table && given_at(model->value, "openness"), "model.openness");
    refuse(!run.model.relay, "model.relay");
    refuse(run.model.openness_rate > 0.0, "model.openness_rate");
    refuse(run.model.routing_rate > 0.0, "model.routing_rate");
}

void check_partition(const Run& run, const Value& given, Findings& findings) {
    using partition::Method;
    const Method method = run.partition.method;
    const Position place = place_at(given, "partition.method");
    const Member* section = given.find("partition");
    const bool file = section != nullptr && given_at(section->value, "file");
    if (method == Method::file && !file) {
        findings.add(place, "partition.method = \"file\" needs 'partition.file'");
    }
    if (method != Method::file && file) {
        findings.add(place_at(given, "partition.file"),
                     fmt::format("'partition.file' is not used by partition.method = \"{}\": set "
                                 "it to \"file\"",
                                 section->value.find("method") == nullptr
                                     ? "block"
                                     : section->value.find("method")->value.text));
    }
    if (method == Method::levels && run.topology.generator != "nested") {
        findings.add(place, "partition.method = \"levels\" needs topology.generator = \"nested\"");
    }
}

/// Keys of one generator that contradict each other.
void check_generator(const topology::Spec& topology, const Value& given, const std::string& path,
                     Findings& findings) {
    const topology::Generator* generator = topology::find_generator(topology.generator);
    if (generator == nullptr || generator->check == nullptr) return;
    for (const auto& [key, message] : generator->check(topology)) {
        findings.add(place_at(given, key), fmt::format("'{}' {}", join(path, key), message));
    }
}

void check_levels(const topology::Spec& topology, const Value& given, Findings& findings) {
    const Member* level = given.find("level");
    if (level == nullptr || !level->value.is(Value::Type::array)) return;
    const std::size_t count = level->value.items.size();
    if (count < 1 || count > most_nested_levels) {
        findings.add(level->value.place,
                     fmt::format("a nested topology has 1 to {} [[topology.level]], not {}",
                                 most_nested_levels, count));
        return;
    }
    double shares = 0.0;
    for (std::size_t i = 0; i < topology.levels.size(); ++i) {
        shares += topology.levels[i].share;
        if (topology.levels[i].generator == "pool") {
            findings.add(place_at(level->value.items[i], "generator"),
                         fmt::format("'topology.level[{}].generator': a pool has no arcs, so that "
                                     "it cannot be a level; take \"complete\"",
                                     i + 1));
        }
        check_generator(topology.levels[i], level->value.items[i],
                        fmt::format("topology.level[{}]", i + 1), findings);
    }
    if (topology.levels.size() == count && std::abs(shares - 1.0) > 1e-9) {
        findings.add(level->value.place,
                     fmt::format("the shares of the levels must sum to 1, not {:.12g}", shares));
    }
}

/// An attack takes agents out of the network, so that what depends on its levels or on chosen
/// weights has no meaning in what is left.
void check_attack(const Run& run, const Value& given, Findings& findings) {
    if (!run.attack) return;
    const Attack& attack = *run.attack;
    const Member* section = given.find("attack");
    const auto refuse = [&](bool wrong, const char* key, const std::string& why) {
        if (!wrong) return;
        const Position place = section == nullptr ? given.place : place_at(section->value, key);
        findings.add(place, fmt::format("'attack.{}' {}", key, why));
    };
    const bool group = std::ranges::count(attack.orders, AttackOrder::group) > 0;
    const std::size_t levels = run.topology.levels.size();
    refuse(attack.orders.empty(), "orders", "is empty: name at least one");
    refuse(group && levels < 2, "orders",
           "has \"group\", which needs a nested topology with groups of agents");
    refuse(
        group && levels >= 2 && attack.level >= static_cast<std::int64_t>(levels), "level",
        fmt::format("is {}; the topology has groups at levels 1 to {}", attack.level, levels - 1));
    const bool only_drawn = std::ranges::all_of(attack.orders, is_drawn);
    refuse(attack.recompute && only_drawn, "recompute",
           "has no meaning for drawn orders, which do not follow the system");
    refuse(
        run.model.routing_rate > 0.0, "orders",
        "cannot be used with model.routing_rate: what is left of a chosen routing is not defined");
    refuse(
        run.model.growth_scope == model::GrowthScope::group || !run.model.migration_level.empty(),
        "orders",
        "cannot be used with model.growth.scope = \"group\" or model.migration_level: what is "
        "left of a nested topology has no levels");
    const bool lose = attack.senders == topology::Senders::lose;
    refuse(lose && run.topology.generator == "pool", "share",
           "= \"lose\" has no meaning in a pool, where nothing is sent");
    refuse(lose && (!run.model.relay || run.model.migration > 0.0), "share",
           "= \"lose\" cannot be used with model.relay = false or model.migration");
}

}  // namespace

void check_topology(const topology::Spec& topology, const Value& given, Findings& findings) {
    if (!topology.generator.empty() && topology.directed) {
        findings.add(place_at(given, "directed"),
                     "'topology.directed' is for graphs from a file: what a generator makes is "
                     "undirected");
    }
    if (topology.generator == "nested" && topology.survival != 1.0) {
        findings.add(place_at(given, "survival"),
                     "'topology.survival': a nested topology has its survival in each level");
    }
    for (const char* end : {"source", "target"}) {
        if (!topology.columns) break;
        const auto count = std::ranges::count(*topology.columns, end);
        if (count == 1) continue;
        findings.add(place_at(given, "columns"),
                     fmt::format("'topology.columns' has '{}' {} times: it must stand there once, "
                                 "as in columns = [\"source\", \"target\", \"time\"]",
                                 end, count));
    }
    const auto in_pool = [&](bool wrong, const std::string& key) {
        if (!wrong || topology.generator != "pool") return;
        findings.add(place_at(given, key),
                     fmt::format("'topology.{}' has no meaning in a pool, which has no arcs: leave "
                                 "it out",
                                 key));
    };
    in_pool(topology.survival != 1.0, "survival");
    in_pool(topology.edge_weights, "weights");
    in_pool(!topology.levels.empty(), "level");
    check_generator(topology, given, "topology", findings);
    check_levels(topology, given, findings);
}

void leave_out_meaningless(Run& run) {
    constexpr double none = -1.0;  // not in the range of the key
    if (run.topology.generator == "pool") run.model.openness = none;
}

void check_run(const Run& run, const Value& given, Findings& findings) {
    if (const Member* topology = given.find("topology")) {
        check_topology(run.topology, topology->value, findings);
    }
    check_model(run, given, findings);
    check_certificate(run, given, findings);
    check_search(run, given, findings);
    check_levels_of_model(run, given, findings);
    check_allocation(run, given, findings);
    check_pool(run, given, findings);
    check_attack(run, given, findings);
    check_partition(run, given, findings);
    check_changes(run, given, findings);
}

}  // namespace motley::job
