// The rows of the key table that belong to [topology]: those of the generators, from the catalogue
// of the topology layer, and those of files and levels.
#include "job/keys.hpp"
#include "motley/topology/generator.hpp"

namespace motley::job {
namespace {

using topology::Generator;
using topology::Parameter;
using topology::Spec;

KeyType type_of(const Parameter& parameter) {
    switch (parameter.type) {
        case Parameter::Type::integer:
            return KeyType::integer;
        case Parameter::Type::number:
            return KeyType::number;
        case Parameter::Type::integers:
            return KeyType::integers;
        case Parameter::Type::word:
            return KeyType::choice;
    }
    return KeyType::text;
}

topology::ParameterValue parameter_value(const Parameter& parameter, const Value& value) {
    switch (parameter.type) {
        case Parameter::Type::integer:
            return value.as<std::int64_t>();
        case Parameter::Type::number:
            return value.as<double>();
        case Parameter::Type::integers:
            return value.as<std::vector<std::int64_t>>();
        case Parameter::Type::word:
            return value.text;
    }
    return {};
}

/// The key of a generator's parameter.
Key key_of(const Parameter& parameter) {
    Binding binding;
    binding.type = type_of(parameter);
    binding.words.assign(parameter.words.begin(), parameter.words.end());
    binding.get = [name = parameter.name](const void* spec) {
        const auto value = static_cast<const Spec*>(spec)->value(name);
        return value ? std::visit([](const auto& held) { return Value::of(held); }, *value)
                     : Value();
    };
    binding.set = [&parameter](void* spec, const Value& value) {
        static_cast<Spec*>(spec)->set(parameter.name, parameter_value(parameter, value));
    };
    return {parameter.name, std::move(binding), parameter.range, parameter.unit, parameter.help};
}

/// A table that takes the generators `taken`, with their keys.
template <class Taken>
KeyTable generator_table(const char* title, Taken taken) {
    KeyTable table{.title = title, .keys = {}, .defaults = std::make_shared<Spec>()};
    table.tag = "generator";
    for (const Generator* generator : topology::generators()) {
        if (!taken(*generator)) continue;
        table.alternatives.emplace_back(generator->name, generator->keys, generator->help);
    }
    table.keys = {
        {"generator", word(&Spec::generator, names_of(table.alternatives)), "", "",
         "kind of graph"},
        {"agents", optional_integer(&Spec::agents), "[1, 2147483648]", "agents",
         "N: number of agents, switches included; may be left out where other keys say it"},
    };
    for (const Generator* generator : topology::generators()) {
        if (!taken(*generator)) continue;
        for (const Parameter& each : generator->parameters) table.keys.push_back(key_of(each));
    }
    return table;
}

const KeyTable& level_table() {
    static const KeyTable level = [] {
        KeyTable table = generator_table("[[topology.level]]", [](const Generator& generator) {
            return generator.kind == Generator::Kind::graph;
        });
        table.keys.push_back({"share", number(&Spec::share), "[0, 1]", "1",
                              "omega: share of the routing; all levels sum to 1"});
        table.keys.push_back({"survival", number(&Spec::survival), "(0, 1]", "1",
                              "kappa: what is left of a unit after an edge of this level"});
        table.selected = [](const void* spec) { return static_cast<const Spec*>(spec)->generator; };
        return table;
    }();
    return level;
}

const KeyTable& dynamic_table() {
    using D = topology::Dynamic;
    static const KeyTable dynamic = table_of<D>(
        "topology.dynamic",
        {
            {"rule", choice(&D::rule, {"none", "random", "value", "search", "one-peer"}), "", "",
             "how arcs are replaced. random: an agent drops a drawn arc for a drawn partner; "
             "value: "
             "it drops the arc that is worth least; search: and takes the best partner of its "
             "partners, if that one is worth more; one-peer: in step t one arc of every agent is "
             "open, to the agent 2^t further, in turn (exponential graphs)"},
            {"every", integer(&D::every), "[1, inf)", "steps", "steps between two epochs"},
            {"share", number(&D::share), "[0, 1]", "1",
             "chance of an agent to replace an arc in an epoch"},
            {"until", integer(&D::until), "[0, inf)", "steps",
             "last step with an epoch; 0: there are epochs until the end"},
        });
    return dynamic;
}

}  // namespace

const KeyTable& topology_table() {
    static const KeyTable topology = [] {
        KeyTable table = generator_table("[topology]", [](const Generator&) { return true; });
        table.alternatives.push_back(
            {"file", "file! format columns bipartite node_file", "read from a file"});
        const std::vector<Key> more = {
            {"level", tables(&Spec::levels, level_table()), "", "",
             "levels of a nested topology, outermost first"},
            {"file", file(&Spec::file), "", "", "graph to read, in place of a generator"},
            {"format",
             choice(&Spec::format, {"automatic", "edge-list", "csv", "graphml", "metis",
                                    "matrix-market", "adjacency-list", "matrix", "gml", "gexf",
                                    "pajek", "dimacs", "lgl", "cluster"}),
             "", "", "format of the file; automatic: by its text and extension"},
            {"columns", optional_texts(&Spec::columns), "", "",
             "what the columns of an edge list or CSV file are: source, target, weight, survival, "
             "capacity; any other word: not used"},
            {"node_file", file(&Spec::node_file), "", "",
             "CSV file node[,switch][,capacity]: which vertices of the graph are switches, and "
             "what "
             "a vertex can serve"},
            quiet({"bipartite", boolean(&Spec::bipartite), "", "",
                   "whether the two columns of the file are two kinds of vertices, as users and "
                   "things are, with ids of their own"}),
            {"directed", boolean(&Spec::directed), "", "",
             "whether the edges of the file go one way"},
            {"weights", choice(&Spec::edge_weights, {"uniform", "edge"}), "", "",
             "whether an agent routes evenly or in proportion to the weights of its edges, which "
             "are "
             "then also the capacities of links where the file gives none"},
            {"survival", number(&Spec::survival), "(0, 1]", "1",
             "kappa: what is left of a unit after an edge; a file's survival column overrides it"},
            {"dynamic", optional_table(&Spec::dynamic, dynamic_table()), "", "",
             "arcs that are replaced while a system runs; only with solve.mode = \"dynamics\""},
        };
        table.keys.insert(table.keys.end(), more.begin(), more.end());
        table.selected = [](const void* object) {
            const std::string& generator = static_cast<const Spec*>(object)->generator;
            return generator.empty() ? std::string("file") : generator;
        };
        table.select = [](void* object, const std::string&) {
            static_cast<Spec*>(object)->generator.clear();
        };
        return table;
    }();
    return topology;
}

}  // namespace motley::job
