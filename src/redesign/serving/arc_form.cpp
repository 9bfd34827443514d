#include "arc_form.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

namespace motley::serving {
namespace {

/// Rows "what comes in is what goes out" of one commodity, made when they are first needed.
class Balance {
  public:
    Balance(Skeleton& skeleton, int vertices) : skeleton_(skeleton), rows_(at(vertices), -1) {}

    void add(int vertex, int variable, double coefficient) {
        int& row = rows_[at(vertex)];
        if (row < 0) row = skeleton_.add_row(0.0, 0.0);
        skeleton_.add_term(row, variable, coefficient);
    }

  private:
    Skeleton& skeleton_;
    std::vector<int> rows_;
};

void add_arc(Skeleton& skeleton, Balance& balance, const Arc& arc, int target) {
    const int variable = skeleton.add_variable(arc.capacity);
    skeleton.add_term(skeleton.channel_row[at(arc.channel)], variable, 1.0);
    balance.add(arc.tail, variable, -1.0);
    if (arc.head != target) balance.add(arc.head, variable, 1.0);
}

/// The shares of flows between pairs of sources and sinks, for one commodity per target.
class Pairing {
  public:
    explicit Pairing(Skeleton& skeleton) : skeleton_(skeleton) {
        for (std::size_t f = 0; f < skeleton.sources.size(); ++f) {
            rows_.emplace_back();
            for (const auto& [vertex, site] : skeleton.sources[f])
                rows_[f].first[vertex] = open(site);
            for (const auto& [vertex, site] : skeleton.sinks[f])
                rows_[f].second[vertex] = open(site);
        }
    }

    void add(int target, const ShortestPaths& paths, Balance& balance) {
        for (std::size_t f = 0; f < rows_.size(); ++f) {
            const auto sink = rows_[f].second.find(target);
            if (sink == rows_[f].second.end()) continue;
            for (const auto& [source, row] : rows_[f].first) {
                if (paths.hops[at(source)] < 0) continue;
                const double most = std::min(skeleton_.sources[f].at(source).most,
                                             skeleton_.sinks[f].at(target).most);
                const int variable = skeleton_.add_variable(most);
                skeleton_.add_term(row, variable, -1.0);
                skeleton_.add_term(sink->second, variable, -1.0);
                if (source != target) balance.add(source, variable, 1.0);
            }
        }
    }

  private:
    int open(const Skeleton::Site& site) {
        const int row = skeleton_.add_row(0.0, 0.0);
        for (const int variable : site.variables) skeleton_.add_term(row, variable, 1.0);
        return row;
    }

    Skeleton& skeleton_;
    std::vector<std::pair<std::map<int, int>, std::map<int, int>>> rows_;
};

/// One variable per vertex: what passes it, split evenly over its next arcs.
void add_even_split(Skeleton& skeleton, const CoreGraph& core, const ShortestPaths& paths,
                    Balance& balance) {
    for (const int vertex : paths.order) {
        if (vertex == paths.target) continue;
        const auto next = paths.next(core, vertex);
        double most = std::numeric_limits<double>::infinity();
        const double share = 1.0 / static_cast<double>(next.size());
        for (const int a : next) most = std::min(most, core.arcs()[at(a)].capacity / share);
        const int variable = skeleton.add_variable(most);
        balance.add(vertex, variable, -1.0);
        for (const int a : next) {
            const Arc& arc = core.arcs()[at(a)];
            skeleton.add_term(skeleton.channel_row[at(arc.channel)], variable, share);
            if (arc.head != paths.target) balance.add(arc.head, variable, share);
        }
    }
}

std::set<int> targets_of(const Skeleton& skeleton, Routing routing) {
    std::set<int> targets;
    for (const auto& [pair, terms] : skeleton.pairs) targets.insert(pair.second);
    if (routing == Routing::best) return targets;
    for (const auto& sinks : skeleton.sinks) {
        for (const auto& [vertex, site] : sinks) targets.insert(vertex);
    }
    return targets;
}

}  // namespace

std::size_t target_variables(const Skeleton& skeleton, const CoreGraph& core, Routing routing) {
    const std::size_t targets = targets_of(skeleton, routing).size();
    std::size_t pairs = 0;
    for (std::size_t f = 0; f < skeleton.sources.size() && routing != Routing::best; ++f) {
        pairs += skeleton.sources[f].size() * skeleton.sinks[f].size();
    }
    const std::size_t each = routing == Routing::ecmp ? at(core.vertices()) : core.arcs().size();
    return pairs + targets * each;
}

void add_merged(Skeleton& skeleton, const CoreGraph& core) {
    for (std::size_t f = 0; f < skeleton.sources.size(); ++f) {
        if (skeleton.sources[f].empty() || skeleton.sinks[f].empty()) {
            for (const auto* sites : {&skeleton.sources[f], &skeleton.sinks[f]}) {
                for (const auto& [vertex, site] : *sites) {
                    for (const int variable : site.variables) {
                        skeleton.programme.variables[at(variable)].high = 0.0;
                    }
                }
            }
            continue;
        }
        Balance balance(skeleton, core.vertices());
        for (const auto& [vertex, site] : skeleton.sources[f]) {
            for (const int variable : site.variables) balance.add(vertex, variable, 1.0);
        }
        for (const auto& [vertex, site] : skeleton.sinks[f]) {
            for (const int variable : site.variables) balance.add(vertex, variable, -1.0);
        }
        for (const Arc& arc : core.arcs()) add_arc(skeleton, balance, arc, -1);
    }
}

void add_targets(Skeleton& skeleton, const CoreGraph& core, Routing routing) {
    std::map<int, std::vector<std::pair<int, programme::Term>>> grouped;
    for (const auto& [pair, terms] : skeleton.pairs) {
        for (const auto& term : terms) grouped[pair.second].emplace_back(pair.first, term);
    }
    std::optional<Pairing> pairing;
    if (routing != Routing::best) pairing.emplace(skeleton);
    for (const int target : targets_of(skeleton, routing)) {
        const ShortestPaths paths(core, target);
        Balance balance(skeleton, core.vertices());
        if (pairing) pairing->add(target, paths, balance);
        for (const auto& [source, term] : grouped[target]) {
            balance.add(source, term.variable, term.coefficient);
        }
        if (routing == Routing::ecmp) {
            add_even_split(skeleton, core, paths, balance);
            continue;
        }
        for (const Arc& arc : core.arcs()) {
            const bool allowed = routing == Routing::best ? arc.tail != target : paths.uses(arc);
            if (allowed) add_arc(skeleton, balance, arc, target);
        }
    }
}

}  // namespace motley::serving
