// Conditions of [[event]], [[failure]] and [topology.dynamic].
#include <fmt/format.h>

#include <algorithm>

#include "job/checks.hpp"
#include "motley/model/state.hpp"

namespace motley::job {
namespace {

using Kind = Event::Kind;
using Order = Selection::Order;

/// The most events and failures that take agents or links: each has a bit of a number that a
/// checkpoint keeps exactly.
constexpr std::ptrdiff_t most_takers = 52;

/// Findings about one item of a list of tables.
class Item {
  public:
    Item(const Value& given, const char* list, std::size_t index, Findings& findings)
        : path_(fmt::format("{}[{}]", list, index + 1)), findings_(findings) {
        const Member* member = given.find(list);
        place_ = member == nullptr ? given.place : member->value.place;
        if (member != nullptr && index < member->value.items.size()) {
            value_ = &member->value.items[index];
            place_ = value_->place;
        }
    }

    bool has(const std::string& key) const { return find(key) != nullptr; }
    void refuse(bool wrong, const std::string& key, const std::string& why) const {
        if (!wrong) return;
        const Value* value = find(key);
        findings_.add(value == nullptr ? place_ : value->place,
                      fmt::format("'{}.{}' {}", path_, key, why));
    }

  private:
    /// The value at a path of one or two keys, or null.
    const Value* find(const std::string& key) const {
        if (value_ == nullptr) return nullptr;
        const std::size_t dot = key.find('.');
        const Member* member = value_->find(key.substr(0, dot));
        if (member == nullptr || dot == std::string::npos) {
            return member == nullptr ? nullptr : &member->value;
        }
        const Member* inner = member->value.find(key.substr(dot + 1));
        return inner == nullptr ? nullptr : &inner->value;
    }

    std::string path_;
    Findings& findings_;
    Position place_;
    const Value* value_ = nullptr;
};

std::string levels_of(const topology::Spec& topology) {
    const std::size_t levels = topology.levels.size();
    if (topology.generator != "nested") {
        return fmt::format("needs a nested topology; {} has no levels",
                           topology.generator.empty() ? "a file" : "'" + topology.generator + "'");
    }
    return levels < 2 ? "needs a nested topology of two levels or more"
                      : fmt::format(
                            "must be one of the levels 1 to {} of the topology, whose "
                            "members are groups",
                            levels - 1);
}

bool has_level(const topology::Spec& topology, std::int64_t level) {
    return topology.generator == "nested" &&
           level < static_cast<std::int64_t>(topology.levels.size());
}

/// What an agent or a link that is taken needs of the rest of the job.
void check_taking(const Run& run, const Item& item, Taken taken, topology::Senders senders,
                  bool closes_arcs, const std::string& key) {
    const bool pool = run.topology.generator == "pool";
    item.refuse(closes_arcs && pool, key,
                "closes arcs, and a pool has none: set mode = \"production\"");
    item.refuse(senders == topology::Senders::lose && !closes_arcs, "share",
                "has no meaning with mode = \"production\", where agents still pass on");
    item.refuse(closes_arcs && run.model.routing_rate > 0.0, key,
                "cannot be used with model.routing_rate: what is left of a chosen routing is not "
                "defined");
    item.refuse(closes_arcs && run.model.welfare == model::Welfare::log, key,
                "cannot be used with model.welfare = \"log\": ln u of an agent that is gone is "
                "minus infinity; set mode = \"production\"");
    item.refuse(taken == Taken::production && run.model.migration > 0.0, "mode",
                "= \"production\" cannot be used with model.migration, which would bring resource "
                "to those that have lost it");
}

void check_selection(const Run& run, const Event& event, const Item& item) {
    const Selection& select = event.select;
    const bool links = event.kind == Kind::links;
    item.refuse(select.fraction >= 0.0 && select.count >= 0, "select.count",
                "is given beside 'fraction': give one of them");
    const bool said = item.has("select.fraction") || item.has("select.count");
    item.refuse(!select.given() && !said && event.kind != Kind::restore, "select",
                "must say how many are taken: give 'fraction' or 'count', or a list");
    item.refuse(links && select.order != Order::random, "select.order",
                "must be \"random\" for links");
    const bool file = !select.file.empty();
    item.refuse(select.order == Order::list && !file, "select.order",
                "= \"list\" needs 'select.file'");
    item.refuse(select.order != Order::list && file, "select.file",
                "is used with order = \"list\" only");
    item.refuse(select.order == Order::list && (select.fraction >= 0.0 || select.count >= 0),
                "select.order",
                "= \"list\" takes the whole list: leave out 'fraction' and 'count'");
    item.refuse(select.order == Order::group && !has_level(run.topology, select.level),
                "select.order", "= \"group\" " + levels_of(run.topology));
    const bool by_state = select.order == Order::degree || select.order == Order::value ||
                          select.order == Order::type;
    item.refuse(event.kind == Kind::restore && by_state, "select.order",
                "of agents to restore must be \"random\", \"group\" or \"list\"");
    item.refuse(event.kind == Kind::remove && event.taken == Taken::agent && select.fraction == 1.0,
                "select.fraction",
                "= 1 removes all agents; only [attack] takes the last ones, where P is 0");
}

void check_event(const Run& run, const Event& event, const Item& item) {
    item.refuse(event.step >= run.solve.steps && run.solve.mode == simulation::Mode::dynamics,
                "step",
                fmt::format("is {}, but the run has the steps 0 to {} (solve.steps = {})",
                            event.step, run.solve.steps - 1, run.solve.steps));
    const bool demand = event.kind == Kind::demand, scale = event.kind == Kind::scale;
    const bool remove = event.kind == Kind::remove, links = event.kind == Kind::links;
    item.refuse(demand && !run.model.schedule.empty(), "kind",
                "= \"demand\" cannot be used with model.schedule: write all changes as events");
    item.refuse(demand && event.over > 0 &&
                    (!model::is_common(event.demand) || !model::is_common(run.model.demand)),
                "over", "needs demands that are the same for all agents");
    if (demand) return;
    check_selection(run, event, item);
    const bool closes = links || (remove && event.taken == Taken::agent);
    if (remove || links) {
        check_taking(run, item, event.taken, event.senders, closes, "kind");
    }
    item.refuse(scale && run.model.migration > 0.0, "kind",
                "= \"scale\" cannot be used with model.migration, where resource is passed around");
}

void check_failure(const Run& run, const Failure& failure, const Item& item) {
    const bool link = failure.unit == Failure::Unit::link;
    item.refuse(failure.unit == Failure::Unit::group && !has_level(run.topology, failure.level),
                "unit", "= \"group\" " + levels_of(run.topology));
    check_taking(run, item, failure.taken, failure.senders, link || failure.taken == Taken::agent,
                 "unit");
}

void check_dynamic(const Run& run, const Value& given, Findings& findings) {
    const topology::Spec& topology = run.topology;
    if (!topology.rewires() && !topology.one_peer()) return;
    const Member* section = given.find("topology");
    const Member* dynamic = section == nullptr ? nullptr : section->value.find("dynamic");
    const Member* rule = dynamic == nullptr ? nullptr : dynamic->value.find("rule");
    const Position place = rule == nullptr ? given.place : rule->value.place;
    const auto refuse = [&](bool wrong, const std::string& why) {
        if (wrong) findings.add(place, "'topology.dynamic.rule' " + why);
    };
    const std::string& generator = topology.generator;
    refuse(
        generator == "complete" || generator == "pool",
        fmt::format("has no meaning on '{}', where everyone reaches everyone: set it to \"none\"",
                    generator));
    refuse(topology.rewires() && generator == "nested",
           "is not defined for a nested topology, whose levels would be lost");
    refuse(
        topology.one_peer() && generator != "exponential",
        "= \"one-peer\" needs topology.generator = \"exponential\", whose arcs it opens in turn");
    refuse(topology.one_peer() && topology.agents && *topology.agents < 2,
           "= \"one-peer\" needs two agents or more");
    refuse(run.model.routing_rate > 0.0,
           "cannot be used with model.routing_rate: both choose arcs");
    refuse(run.attack.has_value(),
           "cannot be used with [attack]: what is left of arcs that change is not defined");
}

/// An optimum is that of a problem that stands still.
void check_mode(const Run& run, const Value& given, Findings& findings) {
    if (run.solve.mode != simulation::Mode::optimum) return;
    const auto refuse = [&](bool wrong, const char* key, const char* what) {
        if (!wrong) return;
        const Member* member = given.find(key);
        findings.add(member == nullptr ? given.place : member->value.place,
                     fmt::format("mode = \"optimum\" has no certificate with {}: use solve.mode = "
                                 "\"dynamics\"",
                                 what));
    };
    refuse(!run.events.empty(), "event", "events");
    refuse(!run.failures.empty(), "failure", "failures");
    refuse(run.topology.rewires() || run.topology.one_peer(), "topology", "arcs that change");
}

bool takes(const Event& event) {
    return event.kind != Kind::demand && event.kind != Kind::restore;
}

}  // namespace

void check_changes(const Run& run, const Value& given, Findings& findings) {
    for (std::size_t i = 0; i < run.events.size(); ++i) {
        check_event(run, run.events[i], Item(given, "event", i, findings));
    }
    for (std::size_t i = 0; i < run.failures.size(); ++i) {
        check_failure(run, run.failures[i], Item(given, "failure", i, findings));
    }
    const auto takers = std::ranges::count_if(run.events, takes) + std::ssize(run.failures);
    if (takers > most_takers) {
        findings.add(given.place,
                     fmt::format("the job has {} events and failures that take agents or links; "
                                 "at most {} are possible: take more at once",
                                 takers, most_takers));
    }
    const bool attacked = run.attack && (!run.events.empty() || !run.failures.empty());
    if (attacked) {
        const Member* attack = given.find("attack");
        findings.add(attack == nullptr ? given.place : attack->value.place,
                     "[attack] cannot be used with events and failures, which have changed the "
                     "system already: use one of them");
    }
    check_dynamic(run, given, findings);
    check_mode(run, given, findings);
}

void note_changes(Run& run) {
    model::Spec& model = run.model;
    for (const Event& event : run.events) {
        const bool removes = event.kind == Kind::remove;
        if (removes || event.kind == Kind::scale) model.fallible = true;
        if ((removes && event.taken == Taken::agent) || event.kind == Kind::links) {
            model.arcs_change = true;
        }
    }
    for (const Failure& failure : run.failures) {
        const bool link = failure.unit == Failure::Unit::link;
        if (!link) model.fallible = true;
        if (link || failure.taken == Taken::agent) model.arcs_change = true;
    }
    if (run.topology.rewires() || run.topology.one_peer()) model.arcs_change = true;
}

void refuse_dynamic(const topology::Spec& topology, const Value& given, Findings& findings) {
    if (!topology.dynamic) return;
    const Member* dynamic = given.find("dynamic");
    findings.add(dynamic == nullptr ? given.place : dynamic->value.place,
                 "'topology.dynamic' is for runs and comparisons: here the graph stands still");
}

}  // namespace motley::job
