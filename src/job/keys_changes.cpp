// Keys of [[event]] and [[failure]].
#include "job/keys.hpp"
#include "motley/job/changes.hpp"

namespace motley::job {
namespace {

constexpr const char* mode_help =
    "agent: those taken are gone with their arcs; production: they make nothing, but still pass on "
    "and consume";
constexpr const char* share_help =
    "what becomes of the share that goes to one that is gone, or along a link that is: it is "
    "divided among the arcs that are left, or lost";

const KeyTable& selection_table() {
    using S = Selection;
    static const KeyTable selection = table_of<S>(
        "event.select",
        {
            {"order", choice(&S::order, {"random", "degree", "value", "type", "group", "list"}), "",
             "",
             "who is taken first: a drawn order; most arcs; highest income; all whose largest "
             "share "
             "is the same task, one task after another; whole groups of a nested topology in a "
             "drawn order; those of a list. Links are taken in a drawn order"},
            {"fraction", number(&S::fraction), "[0, 1]", "1",
             "share of those that can be taken: agents that are there (to restore: that are gone), "
             "groups, or links"},
            {"count", integer(&S::count), "[0, inf)", "1",
             "number of agents, with order = \"group\" of groups, or of links; in place of "
             "fraction"},
            {"level", integer(&S::level), "[1, 16]", "",
             "level of the groups that order \"group\" takes; 1: the outermost"},
            {"file", file(&S::file), "", "",
             "text file with a name or an id of an agent in each line, for order = \"list\""},
        });
    return selection;
}

/// A table whose keys depend on the word of one of them, which an enumeration numbers.
template <class S, class E>
KeyTable table_by(const char* tag, E S::*member, std::vector<Alternative> alternatives,
                  KeyTable table) {
    const std::vector<std::string> words = names_of(alternatives);
    table.tag = tag;
    table.alternatives = std::move(alternatives);
    table.selected = [=](const void* object) {
        return words[static_cast<std::size_t>(static_cast<const S*>(object)->*member)];
    };
    return table;
}

}  // namespace

const KeyTable& event_table() {
    using E = Event;
    static const std::vector<Alternative> kinds = {
        {"remove", "step! select! mode share duration", "agents are taken away, or what they make"},
        {"restore", "step! select", "agents that events took come back"},
        {"scale", "step! select! factor! duration", "resources of agents are multiplied"},
        {"demand", "step! to! over duration", "the demand of all changes"},
        {"links", "step! select! share duration", "links close"},
    };
    static const KeyTable event = table_by(
        "kind", &E::kind, kinds,
        table_of<E>(
            "[[event]]",
            {
                {"step", integer(&E::step), "[0, inf)", "steps",
                 "the event acts before this step; several at one step act in the order of the "
                 "file"},
                {"kind", choice(&E::kind, names_of(kinds)), "", "", "what happens"},
                {"select", table(&E::select, selection_table()), "", "",
                 "which agents or links; to restore: all that are gone, if it is left out"},
                {"mode", choice(&E::taken, {"agent", "production"}), "", "", mode_help},
                {"share", choice(&E::senders, {"reroute", "lose"}), "", "", share_help},
                {"factor", number(&E::factor), "(0, 1000]", "1",
                 "what resources are multiplied by"},
                {"to", table(&E::demand, distribution_table()), "", "",
                 "weight of each task from now on"},
                {"over", integer(&E::over), "[0, inf)", "steps",
                 "steps in which the demand goes straight from the one before to the new one"},
                {"duration", integer(&E::duration), "[0, inf)", "steps",
                 "steps after which everything is as before; 0: it stays"},
            }));
    return event;
}

const KeyTable& failure_table() {
    using F = Failure;
    static const std::vector<Alternative> units = {
        {"agent", "rate! heal mode share", "each agent by itself"},
        {"group", "level rate! heal mode share", "all agents of a group of a nested topology"},
        {"link", "rate! heal share", "a link, in both directions"},
    };
    static const KeyTable failure = table_by(
        "unit", &F::unit, units,
        table_of<F>("[[failure]]",
                    {
                        {"unit", choice(&F::unit, names_of(units)), "", "", "what fails at once"},
                        {"level", integer(&F::level), "[1, 16]", "",
                         "level of the groups; 1: the outermost"},
                        {"rate", number(&F::rate), "[0, 1]", "1/step",
                         "chance of a unit that works to fail in a step"},
                        {"heal", number(&F::heal), "[0, 1]", "1/step",
                         "chance of a unit that has failed to work again in a step"},
                        {"mode", choice(&F::taken, {"agent", "production"}), "", "", mode_help},
                        {"share", choice(&F::senders, {"reroute", "lose"}), "", "", share_help},
                    }));
    return failure;
}

}  // namespace motley::job
