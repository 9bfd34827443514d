// Keys of [attack].
#include "job/key_choices.hpp"
#include "job/keys.hpp"
#include "motley/job/attack.hpp"

namespace motley::job {

const KeyTable& attack_table() {
    using A = Attack;
    static const KeyTable after = table_of<A>(
        "attack.after",
        {
            {"adapt", integer(&A::adapt), "[0, 1000000]", "steps",
             "steps in which the rest adapts after each point; 0: allocations are frozen"},
            {"learn", boolean(&A::learn), "", "",
             "whether capabilities go on learning in these steps"},
        });
    static const KeyTable attack = table_of<A>(
        "[attack]",
        {
            {"orders", choices(&A::orders, {attack_order_names.begin(), attack_order_names.end()}),
             "", "",
             "who is taken first: a drawn order; most arcs; highest income; all whose largest "
             "share "
             "is the same task, one task after another; whole groups of a nested topology"},
            {"points", integer(&A::points), "[1, 100000]", "1",
             "number of points of a curve: the agents are taken in as many steps, until none is "
             "left"},
            {"replicates", integer(&A::replicates), "[1, 10000]", "1",
             "number of drawn orders, for random and group"},
            {"recompute", boolean(&A::recompute), "", "",
             "whether the order follows the system as it is left after each point"},
            {"mode", choice(&A::taken, {"agent", "production"}), "", "",
             "agent: those taken are gone with their arcs; production: they make nothing, but "
             "still "
             "pass on and consume"},
            {"share", choice(&A::senders, {"reroute", "lose"}), "", "",
             "what becomes of the share that goes to one that is gone: it is divided among the "
             "living, or lost"},
            {"level", integer(&A::level), "[1, 16]", "",
             "level of the groups that order \"group\" takes; 1: the outermost"},
            {"after", same(after), "", "", "what the rest does after each point"},
            quiet({"spectral", boolean(&A::spectral), "", "",
                   "whether each point has the second eigenvalue by modulus of the routing matrix "
                   "of what is left, and the time in which flows settle there; undirected "
                   "topologies without switches only"}),
            quiet({"singles", integer(&A::singles), "[0, 1000000]", "agents",
                   "number of drawn agents that are taken alone, each from the whole, to hold what "
                   "is lost against what it earned (criticality); 0: none"}),
            {"fraction", number(&A::fraction), "(0, 1)", "1",
             "share of the agents that is gone where tables say what is left and what comes back"},
        });
    return attack;
}

}  // namespace motley::job
