// The rows of the key table that belong to [topology]: generators, their keys, files.
#include "job/keys.hpp"
#include "motley/topology/topology.hpp"

namespace motley::job {
namespace {

using Words = std::vector<std::string>;

std::vector<Alternative> generators() {
    const char* lattice = "agents/shape! dimensions neighbourhood";
    return {
        // name, keys (! must be given, a|b exactly one, a/b at least one), help
        {"isolated", "agents!", "no edges"},
        {"ring", "agents! degree", "linked to the degree/2 nearest on both sides"},
        {"grid", lattice, "lattice with borders; agents is a square or cube number"},
        {"torus", lattice, "lattice without borders; agents is a square or cube number"},
        {"hypercube", "agents!", "linked where ids differ in one bit; agents is a power of two"},
        {"complete", "agents!", "everyone with everyone"},
        {"star", "agents!", "everyone with agent 0"},
        {"tree", "agents! arity", "balanced tree"},
        {"watts-strogatz", "agents! degree rewire", "small world: a ring, partly rewired"},
        {"erdos-renyi", "agents! edge_probability|edges!", "independent random edges"},
        {"random-regular", "agents! degree", "random, the same degree for all"},
        {"barabasi-albert", "agents! degree", "grown by preferential attachment: hubs"},
        {"stochastic-block", "agents! blocks p_inside p_between",
         "dense blocks, few edges between"},
        {"de-bruijn", "base length! agents", "words, linked where one is the other shifted"},
        {"exponential", "agents!", "linked where ids are a power of two apart, around a ring"},
        {"kleinberg", "side! contacts exponent agents", "torus with contacts drawn by distance"},
        {"random-geometric", "agents! radius|mean_degree!", "points of a square, linked if near"},
    };
}

/// Hosts and switches.
std::vector<Alternative> fabrics() {
    return {
        {"fat-tree", "arity! oversubscription agents", "three levels of switches of arity ports"},
        {"leaf-spine", "leaves! spines! hosts_per_leaf! uplink_capacity agents",
         "two levels, every leaf with every spine"},
        {"dragonfly", "h! a p agents", "groups of routers, any two joined by one link"},
        {"hyperx", "shape! hosts_per_switch! agents", "switches linked along every line of a box"},
        {"slim-fly", "q! p agents", "routers two hops apart at most"},
        {"jellyfish", "switches! ports! hosts_per_switch! agents", "random regular switches"},
        {"rail-optimised", "nodes! devices spines! node_capacity uplink_capacity agents",
         "a switch per node and per index of device, joined by spines"},
        {"rail-only", "nodes! devices node_capacity agents",
         "a switch per node and per index of device"},
    };
}

std::vector<Key> generator_keys(const Words& names) {
    using T = topology::Spec;
    return {
        {"generator", word(&T::generator, names), "", "", "kind of graph"},
        {"agents", integer(&T::agents), "[1, 2147483648]", "agents",
         "N: number of agents, switches included; may be left out where other keys say it"},
        {"degree", integer(&T::degree), "[1, inf)", "agents",
         "neighbours per agent; barabasi-albert: twice the edges that each new agent brings"},
        {"rewire", number(&T::rewire), "[0, 1]", "1", "probability that an edge is rewired"},
        {"shape", integers(&T::shape), "[1, 2147483648]", "agents",
         "length of each side: of a lattice, in place of agents and dimensions; of the box of "
         "switches (hyperx)"},
        {"dimensions", integer(&T::dimensions), "[1, 3]", "1", "number of sides of equal length"},
        {"neighbourhood", choice(&T::neighbourhood, {"von-neumann", "moore"}), "", "",
         "along the sides only, or with diagonals"},
        {"arity", integer(&T::arity), "[1, inf)", "agents",
         "tree: children of a parent; fat-tree: k, ports of a switch, even"},
        {"edge_probability", number(&T::edge_probability), "[0, 1]", "1", "of every pair"},
        {"edges", integer(&T::edges), "[0, inf)", "edges", "exact number of edges"},
        {"blocks", integer(&T::blocks), "[1, inf)", "blocks", "of even size"},
        {"p_inside", number(&T::p_inside), "[0, 1]", "1", "probability of an edge in a block"},
        {"p_between", number(&T::p_between), "[0, 1]", "1", "probability of an edge across"},
        {"base", integer(&T::base), "[2, inf)", "letters", "of the alphabet"},
        {"length", integer(&T::length), "[1, inf)", "letters", "of a word; base^length agents"},
        {"side", integer(&T::side), "[3, inf)", "agents", "of the square torus"},
        {"contacts", integer(&T::contacts), "[0, 1048576]", "agents", "drawn by each agent"},
        {"exponent", number(&T::exponent), "[0, inf)", "1",
         "contacts are drawn with probability ~ distance^-exponent"},
        {"radius", number(&T::radius), "(0, 1]", "side of the square",
         "points this near are linked"},
        {"mean_degree", number(&T::mean_degree), "(0, inf)", "agents",
         "expected, in place of radius"},
    };
}

std::vector<Key> fabric_keys() {
    using T = topology::Spec;
    const char* ports = "host ports";
    return {
        {"oversubscription", number(&T::oversubscription), "[1, inf)", "1",
         "hosts per link upwards of an edge switch; 1: full bisection"},
        {"leaves", integer(&T::leaves), "[1, inf)", "switches", "with hosts"},
        {"spines", integer(&T::spines), "[1, inf)", "switches", "that join leaves or rails"},
        {"hosts_per_leaf", integer(&T::hosts_per_leaf), "[1, inf)", "hosts", "of each leaf"},
        {"uplink_capacity", number(&T::uplink_capacity), "(0, inf)", ports,
         "of the cables between a spine and a leaf or rail"},
        {"h", integer(&T::h), "[1, inf)", "links", "to other groups, per router"},
        {"a", integer(&T::a), "[1, inf)", "routers", "per group; default: 2 h, balanced"},
        {"p", integer(&T::p), "[1, inf)", "hosts",
         "per router; default: h (dragonfly), half of the router's links (slim-fly)"},
        {"q", integer(&T::q), "[3, inf)", "1",
         "prime power 4 w - 1, 4 w or 4 w + 1; 2 q^2 routers with about 3 q / 2 links"},
        {"switches", integer(&T::switches), "[2, inf)", "switches", "each with hosts"},
        {"ports", integer(&T::ports), "[2, inf)", "links", "of a switch, those of hosts included"},
        {"hosts_per_switch", integer(&T::hosts_per_switch), "[1, inf)", "hosts", "of each switch"},
        {"nodes", integer(&T::nodes), "[1, inf)", "nodes", "machines with several devices"},
        {"devices", integer(&T::devices), "[1, inf)", "hosts", "per node"},
        {"node_capacity", number(&T::node_capacity), "(0, inf)", ports,
         "of a device's link to the switch in its node"},
    };
}

const KeyTable& level_table() {
    using T = topology::Spec;
    static const KeyTable level = [] {
        KeyTable table{
            .title = "[[topology.level]]", .keys = {}, .defaults = std::make_shared<T>()};
        table.tag = "generator";
        table.alternatives = generators();
        table.keys = generator_keys(names_of(table.alternatives));
        table.keys.push_back({"share", number(&T::share), "[0, 1]", "1",
                              "omega: share of the routing; all levels sum to 1"});
        table.keys.push_back({"survival", number(&T::survival), "(0, 1]", "1",
                              "kappa: what is left of a unit after an edge of this level"});
        table.selected = [](const void* spec) { return static_cast<const T*>(spec)->generator; };
        return table;
    }();
    return level;
}

}  // namespace

const KeyTable& topology_table() {
    using T = topology::Spec;
    static const KeyTable topology = [] {
        KeyTable table{.title = "[topology]", .keys = {}, .defaults = std::make_shared<T>()};
        table.tag = "generator";
        table.alternatives = generators();
        for (Alternative& fabric : fabrics()) table.alternatives.push_back(std::move(fabric));
        table.alternatives.push_back({"nested", "level!", "the product of one graph per level"});
        const Words names = names_of(table.alternatives);
        table.alternatives.push_back({"file", "file! format", "read from a file"});
        table.keys = generator_keys(names);
        for (Key& key : fabric_keys()) table.keys.push_back(std::move(key));
        const std::vector<Key> more = {
            {"level", tables(&T::levels, level_table()), "", "", "of a nested topology"},
            {"file", file(&T::file), "", "", "graph to read, in place of a generator"},
            {"format",
             choice(&T::format,
                    {"automatic", "edge-list", "csv", "graphml", "metis", "matrix-market"}),
             "", "", "of the file; automatic: by extension"},
            {"directed", boolean(&T::directed), "", "", "edges of the file go one way"},
            {"weights", choice(&T::edge_weights, {"uniform", "edge"}), "", "",
             "routing 1/outdegree, or proportional to the edge's weight"},
            {"survival", number(&T::survival), "(0, 1]", "1",
             "kappa: what is left of a unit after an edge; a file's survival column overrides it"},
        };
        table.keys.insert(table.keys.end(), more.begin(), more.end());
        table.selected = [](const void* object) {
            const std::string& generator = static_cast<const T*>(object)->generator;
            return generator.empty() ? std::string("file") : generator;
        };
        table.select = [](void* object, const std::string&) {
            static_cast<T*>(object)->generator.clear();
        };
        return table;
    }();
    return topology;
}

}  // namespace motley::job
