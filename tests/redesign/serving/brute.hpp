// The joint programme written down host by host and path by path, for tiny fabrics.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "motley/redesign/fabric/flow.hpp"
#include "motley/redesign/programme/programme.hpp"
#include "motley/redesign/serving/serving.hpp"

namespace motley::serving::test {

using Path = std::vector<std::pair<int, double>>;  ///< channels with the load of one unit

/// All simple paths from `source` to `target`.
inline std::vector<Path> simple_paths(const fabric::FabricGraph& graph, int source, int target) {
    std::vector<Path> paths;
    std::vector<char> seen(static_cast<std::size_t>(graph.vertices()), 0);
    Path path;
    const std::function<void(int)> go = [&](int vertex) {
        if (vertex == target) return paths.push_back(path);
        seen[static_cast<std::size_t>(vertex)] = 1;
        int channel = graph.first(vertex);
        for (const auto& each : graph.from(vertex)) {
            path.emplace_back(channel++, 1.0);
            if (seen[static_cast<std::size_t>(each.target)] == 0) go(each.target);
            path.pop_back();
        }
        seen[static_cast<std::size_t>(vertex)] = 0;
    };
    go(source);
    return paths;
}

inline std::vector<Path> routes(const fabric::FabricGraph& graph, int source, int target,
                                Routing routing) {
    if (routing == Routing::ecmp) {
        const auto routed = fabric::ecmp(graph, fabric::Traffic({{source, target, 1.0}}));
        if (routed.unreachable > 0) return {};
        Path path;
        for (std::size_t c = 0; c < routed.loads.size(); ++c) {
            if (routed.loads[c] > 0.0) path.emplace_back(static_cast<int>(c), routed.loads[c]);
        }
        return {path};
    }
    auto paths = simple_paths(graph, source, target);
    if (routing == Routing::best || paths.empty()) return paths;
    std::size_t least = paths.front().size();
    for (const Path& path : paths) least = std::min(least, path.size());
    std::erase_if(paths, [&](const Path& path) { return path.size() > least; });
    return paths;
}

/// theta by the programme with a variable per host and class, and per pair of hosts and path.
class Brute {
  public:
    Brute(const fabric::FabricGraph& graph, const System& system, const Options& options)
        : graph_(graph), system_(system), options_(options), hosts_(graph.hosts()) {
        programme_.sense = programme::Sense::maximise;
        programme_.add(programme::ProgrammeVariable{.cost = 1.0});
        for (const auto& channel : graph.channels()) {
            programme_.add(programme::Row{.high = channel.capacity});
        }
        for (int port = 0; port < 2 * hosts_; ++port) {
            const int type = system.hosts[at(port / 2)].type;
            programme_.add(
                programme::Row{.high = type < 0 ? 0.0 : system.types[at(type)].node_bandwidth});
        }
        add_times();
        add_groups();
        for (const Flow& flow : system.flows) add_flow(flow);
    }

    double theta() const { return programme::solve(programme_).objective; }

  private:
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    double rate(int host, int task) const {
        const int type = system_.hosts[at(host)].type;
        return type < 0 ? 0.0 : system_.types[at(type)].rates[at(task)];
    }
    int time(int host, int task) const { return times_.at({host, task}); }
    void term(int row, int variable, double coefficient) {
        for (auto& each : programme_.rows[at(row)].terms) {
            if (each.variable == variable) {
                each.coefficient += coefficient;
                return;
            }
        }
        programme_.rows[at(row)].terms.push_back({variable, coefficient});
    }
    bool mates(int a, int b) const {
        const auto &one = system_.hosts[at(a)], &other = system_.hosts[at(b)];
        return one.node >= 0 && one.node == other.node &&
               system_.types[at(one.type)].node_bandwidth > 0.0 &&
               system_.types[at(other.type)].node_bandwidth > 0.0;
    }

    void add_times() {
        const int classes = static_cast<int>(system_.classes());
        for (int h = 0; h < hosts_; ++h) {
            programme::Row row{.high = 1.0};
            for (int k = 0; k < classes; ++k) {
                times_[{h, k}] = programme_.add(
                    programme::ProgrammeVariable{.high = rate(h, k) > 0.0 ? 1.0 : 0.0});
                row.terms.push_back({time(h, k), 1.0});
            }
            programme_.add(row);
        }
        for (int k = 0; k < classes; ++k) {
            programme::Row row{.low = 0.0, .terms = {{0, -system_.demands[at(k)]}}};
            for (int h = 0; h < hosts_; ++h) row.terms.push_back({time(h, k), rate(h, k)});
            programme_.add(row);
        }
        for (const Limit& limit : system_.limits) {
            programme::Row row{.high = limit.most_devices};
            for (int h = 0; h < hosts_; ++h) {
                const int type = system_.hosts[at(h)].type;
                if (type < 0 || (limit.type >= 0 && type != limit.type)) continue;
                row.terms.push_back({time(h, limit.task), 1.0});
            }
            programme_.add(row);
        }
    }

    void add_groups() {
        for (const Collective& collective : system_.collectives) {
            std::vector<char> member(at(hosts_), 0);
            for (const Group& group : collective.groups) {
                const int work = programme_.add(programme::ProgrammeVariable{});
                for (const int host : group.hosts) {
                    member[at(host)] = 1;
                    programme_.add(
                        programme::Row{0.0,
                                       0.0,
                                       {{time(host, collective.task), rate(host, collective.task)},
                                        {work, -1.0 / static_cast<double>(group.hosts.size())}}});
                }
                for (const auto& demand : group.demands) {
                    send(demand.source, demand.target, {{work, demand.amount}}, false);
                }
            }
            for (int h = 0; h < hosts_; ++h) {
                auto& variable = programme_.variables[at(time(h, collective.task))];
                if (member[at(h)] == 0) variable.high = 0.0;
            }
        }
    }

    /// Adds ways from a host to another; without `terms` they are returned, else their sum is that
    /// of the terms. Traffic of groups takes the node's network where there is one.
    std::vector<int> send(int source, int target, std::vector<programme::Term> terms, bool rack) {
        std::vector<int> ways;
        const bool node = mates(source, target);
        if (node) {
            ways.push_back(programme_.add(programme::ProgrammeVariable{}));
            const int ports = static_cast<int>(graph_.channels().size());
            term(ports + 2 * source, ways.back(), 1.0);
            term(ports + 2 * target + 1, ways.back(), 1.0);
        }
        std::vector<Path> paths;
        const int leaf = fabric::leaf_of(graph_, source);
        if (!rack && (terms.empty() || !node)) {
            paths = routes(graph_, source, target, options_.routing);
        } else if (rack && leaf >= 0 && leaf == fabric::leaf_of(graph_, target)) {
            paths = {{{graph_.find(source, leaf), 1.0}, {graph_.find(leaf, target), 1.0}}};
        }
        for (const Path& path : paths) {
            ways.push_back(programme_.add(programme::ProgrammeVariable{}));
            for (const auto& [channel, load] : path) term(channel, ways.back(), load);
        }
        if (!terms.empty()) {
            for (const int way : ways) terms.push_back({way, -1.0});
            programme_.add(programme::Row{0.0, 0.0, terms});
        }
        return ways;
    }

    void add_flow(const Flow& flow) {
        std::vector<programme::Row> sent, taken;
        const double back = system_.demands[at(flow.from)] / system_.demands[at(flow.to)];
        for (int h = 0; h < hosts_; ++h) {
            sent.push_back({0.0, 0.0, {{time(h, flow.from), flow.amount * rate(h, flow.from)}}});
            taken.push_back(
                {0.0, 0.0, {{time(h, flow.to), flow.amount * back * rate(h, flow.to)}}});
        }
        for (int a = 0; a < hosts_; ++a) {
            for (int b = 0; b < hosts_; ++b) {
                if (rate(a, flow.from) <= 0.0 || rate(b, flow.to) <= 0.0) continue;
                const auto ways = a == b
                                      ? std::vector{programme_.add(programme::ProgrammeVariable{})}
                                      : send(a, b, {}, options_.hand_over == HandOver::rack);
                for (const int way : ways) {
                    sent[at(a)].terms.push_back({way, -1.0});
                    taken[at(b)].terms.push_back({way, -1.0});
                }
            }
        }
        for (auto& row : sent) programme_.add(row);
        for (auto& row : taken) programme_.add(row);
    }

    const fabric::FabricGraph& graph_;
    const System& system_;
    const Options& options_;
    int hosts_;
    programme::Programme programme_;
    std::map<std::pair<int, int>, int> times_;
};

}  // namespace motley::serving::test
