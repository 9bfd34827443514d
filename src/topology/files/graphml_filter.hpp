// GraphML cut down to what a topology needs, in the form that boost::read_graphml takes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "motley/core/text.hpp"

namespace motley::topology {

/// Names of the properties that the filtered GraphML has; all others are dropped. `id` repeats the
/// id of a node, which Boost does not hand out.
namespace graphml {
constexpr std::string_view id = "id";
constexpr std::string_view label = "label";
constexpr std::string_view name = "name";
constexpr std::string_view weight = "weight";
constexpr std::string_view survival = "survival";
}  // namespace graphml

struct FilteredGraphml {
    std::string xml;
    std::int64_t nodes = 0;
};

/// Drops foreign elements and unused properties, which Boost's reader refuses (keys without
/// attr.name or of unknown type), flattens nested graphs, and marks every edge as directed: Boost
/// reads no mixed graphs. Nodes and edges keep their order. Input errors: text that is no XML,
/// another root, no graph or two, hyperedges, elements without their attributes.
FilteredGraphml filter_graphml(const TextFile& file);

/// Place of element number `index` (from 0) of this name.
Where place_of_element(const TextFile& file, std::string_view name, std::int64_t index);

}  // namespace motley::topology
