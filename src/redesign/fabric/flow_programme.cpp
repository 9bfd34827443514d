// Maximum concurrent flow as a linear programme, one commodity per source.
#include <algorithm>
#include <cmath>

#include "motley/core/error.hpp"
#include "motley/core/index.hpp"
#include "motley/redesign/programme/programme.hpp"
#include "solvers.hpp"

namespace motley::fabric {
namespace {

/// Variable 0 is the throughput; variable 1 + s * arcs + a the flow of source s on arc a.
int flow_variable(const FlowNetwork& network, std::size_t source, std::size_t arc) {
    return static_cast<int>(1 + source * network.arcs() + arc);
}

/// Adds a row per vertex but the source: inflow less outflow less throughput times demand is 0.
void add_conservation(const FlowNetwork& network, std::size_t source,
                      programme::Programme& programme) {
    const Commodity& commodity = network.commodities[source];
    std::vector<programme::Row> rows(at(network.vertices), programme::Row{0.0, 0.0});
    for (std::size_t a = 0; a < network.arcs(); ++a) {
        const int variable = flow_variable(network, source, a);
        rows[at(network.heads[a])].terms.push_back({variable, 1.0});
        rows[at(network.tails[a])].terms.push_back({variable, -1.0});
    }
    for (const Sink& sink : commodity.sinks) {
        rows[at(sink.vertex)].terms.push_back({0, -sink.amount});
    }
    for (int v = 0; v < network.vertices; ++v) {
        if (v != commodity.source) programme.add(std::move(rows[at(v)]));
    }
}

programme::Programme build(const FlowNetwork& network) {
    programme::Programme programme;
    programme.sense = programme::Sense::maximise;
    programme.add(programme::ProgrammeVariable{.cost = 1.0});
    for (const Commodity& commodity : network.commodities) {
        for (std::size_t a = 0; a < network.arcs(); ++a) {
            const bool back = network.heads[a] == commodity.source;
            programme.add(programme::ProgrammeVariable{.high = back ? 0.0 : programme::infinity});
        }
    }
    for (std::size_t a = 0; a < network.arcs(); ++a) {  // rows 0, ..., arcs - 1
        programme::Row row{-programme::infinity, network.capacity[a]};
        for (std::size_t s = 0; s < network.commodities.size(); ++s) {
            row.terms.push_back({flow_variable(network, s, a), 1.0});
        }
        programme.add(std::move(row));
    }
    for (std::size_t s = 0; s < network.commodities.size(); ++s) {
        add_conservation(network, s, programme);
    }
    return programme;
}

}  // namespace

std::size_t programme_size(const FlowNetwork& network) {
    return network.commodities.size() * network.arcs();
}

FlowBound by_programme(const FlowNetwork& network) {
    const auto solution = programme::solve(build(network));
    if (!solution.optimal()) {
        throw internal_error(std::string("fabric: the linear programme of the concurrent flow "
                                         "ended as ") +
                             programme::name_of(solution.status));
    }
    FlowBound bound;
    bound.linear = true;
    bound.low = bound.high = solution.objective;
    for (std::size_t a = 0; a < network.arcs(); ++a) {
        const double price = std::abs(solution.duals[a]) * network.capacity[a] / solution.objective;
        if (price > bound.share * (1.0 + 1e-9)) {
            bound.share = price;
            bound.bottleneck = network.channel[a];
        }
    }
    return bound;
}

}  // namespace motley::fabric
