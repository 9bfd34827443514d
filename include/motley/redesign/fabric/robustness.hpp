// What failures leave of the throughput of a fabric.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "motley/redesign/fabric/flow.hpp"

namespace motley::fabric {

enum class Part {
    link,
    switches,  ///< one switch
    host,
    rack  ///< a leaf switch and its hosts
};
/// "link", "switch", "host", "rack".
const char* name_of(Part part);

/// Every failure of one such part: all N-1 cases, in the order of their numbers.
std::vector<Failure> every(const Graph& graph, Part part);

/// Links that a random failure can hit.
enum class Links { all, between_switches };

/// `count` different links that fail together, drawn without bias: sample `number` of `seed`, the
/// same whatever else is drawn. Usage error where there are fewer links.
Failure random_links(const Graph& graph, Links which, int count, std::uint64_t seed,
                     std::uint64_t number);

/// What is left after a failure. Demands of failed hosts are gone; `served` is the share of the
/// traffic that is still asked for and has a path.
struct Outcome {
    Failure failure;
    double ecmp = 0.0;  ///< throughput of what still has a path
    FlowBound optimum;  ///< the same; bounds as far as they were asked for
    double served = 1.0;
    int disconnected = 0;  ///< demands between hosts in service that have no path any more
};

/// `bounds`: also the concurrent flow of each case, within `options`.
Outcome after(const Graph& graph, const Traffic& traffic, Failure failure, bool bounds,
              const FlowOptions& options = {});

/// Cases in the order given, and the one with the least throughput; ties: the first.
struct Robustness {
    std::vector<Outcome> outcomes;
    std::size_t worst = 0;  ///< least ECMP throughput times share served
    double mean = 0.0;      ///< of the same product
    int disconnecting = 0;  ///< cases after which a demand has no path
};
Robustness survey(const Graph& graph, const Traffic& traffic, const std::vector<Failure>& failures,
                  bool bounds, const FlowOptions& options = {});

}  // namespace motley::fabric
