// The description of a topology in a job file: a generator with its parameters, a file, or levels.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "motley/core/ids.hpp"

namespace motley::topology {

/// How a graph file is read. An edge list and a CSV file are both tables of edges; what separates
/// their fields, and whether there is a header, is seen in the file.
enum class FileFormat {
    automatic,
    edge_list,
    csv,
    graphml,
    metis,
    matrix_market,
    adjacency_list,
    matrix,
    gml,
    gexf,
    pajek,
    dimacs,
    lgl,
    cluster
};

/// How arcs are replaced while a system runs.
struct Dynamic {
    enum class Rule {
        none,
        random,   ///< an agent drops a drawn arc for a drawn partner
        value,    ///< it drops the arc that is worth least
        search,   ///< and takes the best partner of its partners, if that is worth more
        one_peer  ///< in each step one arc is open, to the agent 2^t further (exponential graphs)
    };
    Rule rule = Rule::none;
    std::int64_t every = 100;  ///< steps between epochs
    double share = 0.25;       ///< chance of an agent to act in an epoch
    std::int64_t until = 0;    ///< last step of an epoch; 0: all
};

/// The value of a generator's parameter: a whole number, a number, a word or a list.
using ParameterValue = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>>;

/// The contents of [topology] in a job file (and, for nested ones, of [[topology.level]]).
struct Spec {
    std::string generator;  ///< empty: the topology is read from `file`
    std::optional<AgentId> agents;

    /// Sets a parameter that some generator declares (generator.hpp); a generator ignores the
    /// parameters that it does not take. Throws a usage error where no generator declares `name`
    /// or where the value has another type; a whole number may stand for a number.
    Spec& set(const std::string& name, ParameterValue value);
    Spec& set(const std::string& name, std::initializer_list<std::int64_t> list);
    void unset(const std::string& name);

    /// True where the parameter was set; a default does not count.
    bool has(const std::string& name) const { return parameters_.contains(name); }
    /// Returns the parameter as it was set, or else its default. It is an internal error if there
    /// is neither, or if the parameter has another type.
    std::int64_t integer(const std::string& name) const;
    double number(const std::string& name) const;
    std::string word(const std::string& name) const;
    std::vector<std::int64_t> integers(const std::string& name) const;  ///< empty: not set
    /// Returns a parameter of any type; nothing where it is not set and has no default.
    std::optional<ParameterValue> value(const std::string& name) const;

    std::string file;  ///< absolute, or relative to the working directory
    /// CSV file `node[,switch][,capacity]` beside the graph's file: which vertices are switches,
    /// and what the vertices can serve; empty: none. It overrides what a GraphML file says.
    std::string node_file;
    FileFormat format = FileFormat::automatic;
    /// What the columns of an edge list or a CSV file are: source, target, weight, survival,
    /// capacity, or any other word for one that is not used. Nothing: by the header of a CSV file,
    /// or by what stands in the columns of an edge list.
    std::optional<std::vector<std::string>> columns;
    /// The two columns of a table of edges, or rows and columns of a matrix, are vertices of two
    /// kinds, whose ids have nothing to do with each other.
    bool bipartite = false;
    bool directed = false;
    bool edge_weights = false;  ///< weights = "edge": routing proportional to the edge's weight,
                                ///< which is the link's capacity where the file gives none
    double survival = 1.0;      ///< survival of every edge; a file's survival column overrides it

    std::vector<Spec> levels;        ///< generator = "nested"
    double share = 1.0;              ///< omega of this level
    std::optional<Dynamic> dynamic;  ///< arcs change while a system runs
    /// Arcs are replaced in epochs.
    bool rewires() const {
        return dynamic && dynamic->rule != Dynamic::Rule::none &&
               dynamic->rule != Dynamic::Rule::one_peer;
    }
    /// In each step one arc of every agent is open.
    bool one_peer() const { return dynamic && dynamic->rule == Dynamic::Rule::one_peer; }
    std::uint64_t seed = 1;

  private:
    std::map<std::string, ParameterValue> parameters_;  ///< those that were set
};

}  // namespace motley::topology
