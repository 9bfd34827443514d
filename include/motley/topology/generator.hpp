// The catalogue of generators. Each generator is one file in src/topology/graphs or fabrics, which
// exports its row. The keys of job files, the JSON schema, the reference page and the suggestions
// for misspelt names are all made from the rows.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/topology/spec.hpp"

namespace motley::topology {

class Topology;
class Arguments;

/// A key of [topology] that belongs to generators.
struct Parameter {
    enum class Type { integer, number, integers, word };

    const char* name;
    Type type;
    const char* range;  ///< as "[1, inf)", for each item of a list; empty for words
    const char* unit;
    const char* help;
    std::optional<double> standard = {};      ///< default of an integer or a number
    std::span<const char* const> words = {};  ///< allowed words; the first is the default

    std::optional<ParameterValue> standard_value() const;
};

// These functions make the parameters that rows declare.
constexpr Parameter integer(const char* name, const char* range, const char* unit, const char* help,
                            std::optional<double> standard = {}) {
    return {name, Parameter::Type::integer, range, unit, help, standard};
}
constexpr Parameter number(const char* name, const char* range, const char* unit, const char* help,
                           std::optional<double> standard = {}) {
    return {name, Parameter::Type::number, range, unit, help, standard};
}
constexpr Parameter integers(const char* name, const char* range, const char* unit,
                             const char* help) {
    return {name, Parameter::Type::integers, range, unit, help};
}
constexpr Parameter word(const char* name, std::span<const char* const> words, const char* help) {
    return {name, Parameter::Type::word, "", "", help, {}, words};
}

/// A fault of one key of a Spec; the message continues a sentence whose subject is the key.
struct KeyFault {
    std::string key;
    std::string message;
};

/// Coordinates of a vertex; the last ones of a flat graph are 0.
using Place = std::array<double, 3>;

/// The row of one generator.
struct Generator {
    /// Fabrics have hosts and switches; graphs have agents only, and may be levels of a product.
    enum class Kind { graph, fabric, product };
    /// How a drawing places the vertices: by forces, on a circle, or row by row.
    enum class Drawing { forces, circle, rows };

    const char* name;
    Kind kind = Kind::graph;
    const char* help;
    /// The keys that it takes, including `agents` and those of other rows. "key!" must be given; of
    /// "a|b!" exactly one must be given, of "a/b!" at least one.
    const char* keys;
    /// The keys that this row declares; each key of the catalogue is declared once.
    std::span<const Parameter> parameters = {};
    std::unique_ptr<Topology> (*make)(const Arguments&);
    /// Finds keys of a job that contradict each other; null where there is nothing to check.
    std::vector<KeyFault> (*check)(const Spec&) = nullptr;
    Drawing drawing = Drawing::forces;
    /// The places that the vertices have by the definition of the graph; null where they have none.
    std::vector<Place> (*places)(const Arguments&) = nullptr;
};

/// All rows, in the order of the reference page.
std::span<const Generator* const> generators();
/// Returns the row of this name, or null.
const Generator* find_generator(const std::string& name);
/// Returns the parameter of this name, or null.
const Parameter* find_parameter(const std::string& name);

/// The places of the vertices of `make(spec)`, of which there are `vertices`: cells of lattices,
/// points of random geometric graphs, a circle for graphs along a ring. Empty for other graphs.
std::vector<Place> places(const Spec& spec, AgentId vertices);
/// Vertices in the order of their numbers on a circle, about 1 apart.
std::vector<Place> circle(AgentId vertices);

}  // namespace motley::topology
