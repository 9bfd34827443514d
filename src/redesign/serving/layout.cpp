// Cells of alike hosts: hosts are told apart by keys of numbers, nodes by the keys of their hosts.
#include "layout.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "even.hpp"
#include "motley/core/error.hpp"

namespace motley::serving {
namespace {

using Key = std::vector<double>;

/// A number without the bits that the order of a sum may change.
double rounded(double value) {
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent);
    return std::ldexp(std::round(std::ldexp(mantissa, 40)), exponent);
}

int number_of(std::map<Key, int>& numbers, const Key& key) {
    return numbers.emplace(key, static_cast<int>(numbers.size())).first->second;
}

/// Whether a host has one link, in both directions, to a switch.
bool is_folded(const fabric::FabricGraph& graph, const std::vector<int>& incoming, int host) {
    if (graph.from(host).size() != 1 || incoming[at(host)] != 1) return false;
    const int next = graph.from(host).front().target;
    return !graph.is_host(next) && graph.find(next, host) >= 0;
}

class Builder {
  public:
    Builder(const fabric::FabricGraph& graph, const System& system, const Options& options)
        : graph_(graph), system_(system), options_(options) {}

    Layout build() {
        std::vector<int> incoming(at(graph_.vertices()), 0);
        for (const auto& channel : graph_.channels()) incoming[at(channel.target)] += 1;
        layout_.folded.assign(at(graph_.vertices()), 0);
        for (int host = 0; host < graph_.hosts(); ++host) {
            layout_.folded[at(host)] = is_folded(graph_, incoming, host) ? 1 : 0;
        }
        if (options_.hand_over == HandOver::even) even_.emplace(system_, options_.shares);
        make_keys();
        make_cells();
        if (even_) {
            layout_.activities.push_back(even_->activity(system_, layout_));
        } else {
            add_single();
            for (const Collective& collective : system_.collectives) add_groups(collective);
        }
        return std::move(layout_);
    }

  private:
    const DeviceType& type_of(int host) const {
        return system_.types[at(system_.hosts[at(host)].type)];
    }
    bool has_device(int host) const { return system_.hosts[at(host)].type >= 0; }

    bool in_node(int a, int b) const { return shares_node(system_, a, b); }

    /// What a host of a group sends and takes, in the node and outside of it.
    void add_group_key(int collective, int number, const Group& group) {
        std::map<int, Key> traffic;
        for (const int host : group.hosts) {
            traffic[host] = {double(collective), double(number), 0.0, 0.0, 0.0, 0.0};
        }
        for (const auto& demand : group.demands) {
            if (demand.source == demand.target) continue;
            const std::size_t kind = in_node(demand.source, demand.target) ? 2 : 4;
            traffic[demand.source][kind] += demand.amount;
            traffic[demand.target][kind + 1] += demand.amount;
        }
        for (auto& [host, key] : traffic) {
            for (const double each : key) keys_[at(host)].push_back(rounded(each));
        }
    }

    void make_keys() {
        keys_.resize(system_.hosts.size());
        for (int host = 0; host < graph_.hosts(); ++host) {
            if (!has_device(host)) continue;
            Key& key = keys_[at(host)];
            key.push_back(system_.hosts[at(host)].type);
            if (layout_.folded[at(host)] != 0) {
                const auto& up = graph_.from(host).front();
                const int down = graph_.find(up.target, host);
                key.insert(key.end(),
                           {double(up.target), up.capacity, graph_.channels()[at(down)].capacity});
            } else {
                key.push_back(-1.0 - host);
            }
            if (!even_) continue;
            for (std::size_t k = 0; k < system_.classes(); ++k) {
                key.push_back(rounded(options_.shares[at(host) * system_.classes() + k]));
            }
        }
        for (std::size_t c = 0; c < system_.collectives.size(); ++c) {
            const auto& groups = system_.collectives[c].groups;
            for (std::size_t g = 0; g < groups.size(); ++g) {
                add_group_key(static_cast<int>(c), static_cast<int>(g), groups[g]);
            }
        }
    }

    void make_cells() {
        std::map<Key, int> kinds, domains, cells;
        std::map<int, Key> nodes;  // the kinds of the hosts of each node that has its own network
        std::vector<int> kind(system_.hosts.size(), -1);
        for (int host = 0; host < graph_.hosts(); ++host) {
            if (!has_device(host)) continue;
            kind[at(host)] = number_of(kinds, keys_[at(host)]);
            const int node = system_.hosts[at(host)].node;
            if (node >= 0 && type_of(host).node_bandwidth > 0.0) {
                nodes[node].push_back(kind[at(host)]);
            }
        }
        for (auto& [node, members] : nodes) std::ranges::sort(members);
        layout_.cell_of.assign(system_.hosts.size(), -1);
        for (int host = 0; host < graph_.hosts(); ++host) {
            if (!has_device(host)) continue;
            const auto node = nodes.find(system_.hosts[at(host)].node);
            int domain = -1;
            if (node != nodes.end() && node->second.size() > 1 &&
                type_of(host).node_bandwidth > 0.0) {
                domain = number_of(domains, node->second);
            }
            const int cell = number_of(cells, {double(kind[at(host)]), double(domain)});
            if (cell == static_cast<int>(layout_.cells.size())) open_cell(host, domain);
            layout_.cell_of[at(host)] = cell;
            join(layout_.cells[at(cell)], host);
        }
        layout_.domains = static_cast<int>(domains.size());
    }

    void open_cell(int host, int domain) {
        Cell cell;
        cell.type = system_.hosts[at(host)].type;
        cell.folded = layout_.folded[at(host)] != 0;
        cell.vertex = cell.folded ? graph_.from(host).front().target : host;
        cell.leaf = fabric::leaf_of(graph_, host);
        cell.domain = domain;
        layout_.cells.push_back(std::move(cell));
    }

    void join(Cell& cell, int host) const {
        cell.hosts.push_back(host);
        if (!cell.folded) return;
        cell.up.push_back(graph_.first(host));
        cell.down.push_back(graph_.find(cell.vertex, host));
    }

    void add_single() {
        std::vector<char> grouped(system_.classes(), 0);
        for (const auto& collective : system_.collectives) grouped[at(collective.task)] = 1;
        for (std::size_t c = 0; c < layout_.cells.size(); ++c) {
            for (std::size_t k = 0; k < system_.classes(); ++k) {
                const double rate = system_.types[at(layout_.cells[c].type)].rates[k];
                if (grouped[k] != 0 || rate <= 0.0) continue;
                layout_.activities.push_back(
                    {{{static_cast<int>(k), rate}}, {{static_cast<int>(c), 1.0, rate}}, {}});
            }
        }
    }

    void add_groups(const Collective& collective) {
        for (const Group& group : collective.groups) {
            double slowest = std::numeric_limits<double>::infinity();
            for (const int host : group.hosts) {
                slowest = std::min(slowest, type_of(host).rates[at(collective.task)]);
            }
            if (group.hosts.empty() || slowest <= 0.0) continue;
            add_group(collective.task, group, slowest);
        }
    }

    void add_group(int task, const Group& group, double slowest) {
        const double work = slowest * static_cast<double>(group.hosts.size());
        std::map<int, Part> parts;
        for (const int host : group.hosts) {
            Part& part = parts[layout_.cell_of[at(host)]];
            part.cell = layout_.cell_of[at(host)];
            part.time += slowest / type_of(host).rates[at(task)];
            part.work += slowest;
        }
        std::vector<fabric::Demand> outside;
        for (const auto& demand : group.demands) {
            if (demand.source == demand.target) continue;
            if (!in_node(demand.source, demand.target)) {
                outside.push_back({demand.source, demand.target, demand.amount * work});
                continue;
            }
            parts[layout_.cell_of[at(demand.source)]].outward += demand.amount * work;
            parts[layout_.cell_of[at(demand.target)]].inward += demand.amount * work;
        }
        Activity activity{{{task, work}}, {}, fabric::Traffic(std::move(outside))};
        for (const auto& [cell, part] : parts) activity.parts.push_back(part);
        layout_.activities.push_back(std::move(activity));
    }

    const fabric::FabricGraph& graph_;
    const System& system_;
    const Options& options_;
    std::optional<EvenShares> even_;
    Layout layout_;
    std::vector<Key> keys_;
};

void require(bool condition, const char* what) {
    if (!condition) throw usage_error(std::string("serving: ") + what);
}

void check_groups(const System& system) {
    const int classes = static_cast<int>(system.classes());
    const int hosts = static_cast<int>(system.hosts.size());
    std::vector<char> seen(system.classes(), 0);
    const auto has_device = [&](int host) {
        return host >= 0 && host < hosts && system.hosts[at(host)].type >= 0;
    };
    for (const Collective& collective : system.collectives) {
        require(collective.task >= 0 && collective.task < classes, "a collective of no class");
        require(seen[at(collective.task)]++ == 0, "a class has two collectives: join their groups");
        std::vector<char> member(system.hosts.size(), 0);
        for (const Group& group : collective.groups) {
            for (const int host : group.hosts) {
                require(has_device(host), "a group has a member without a device");
                require(member[at(host)]++ == 0, "a host is in two groups of one class");
            }
            for (const auto& demand : group.demands) {
                require(std::ranges::count(group.hosts, demand.source) == 1 &&
                            std::ranges::count(group.hosts, demand.target) == 1,
                        "a demand of a group is not between its members");
            }
        }
    }
}

void check(const fabric::FabricGraph& graph, const System& system, const Options& options) {
    const int classes = static_cast<int>(system.classes());
    const int types = static_cast<int>(system.types.size());
    require(static_cast<int>(system.hosts.size()) == graph.hosts(),
            "one host per host of the fabric");
    for (const Host& host : system.hosts) require(host.type < types, "a host of no type");
    for (const DeviceType& type : system.types) {
        require(type.rates.size() == system.classes(), "one rate per class of each type");
    }
    require(classes > 0, "there is no class");
    for (const double demand : system.demands) require(demand > 0.0, "a demand is not positive");
    const auto is_class = [&](int task) { return task >= 0 && task < classes; };
    for (const Flow& flow : system.flows) {
        require(is_class(flow.from) && is_class(flow.to), "a flow of no class");
        require(flow.amount >= 0.0, "the amount of a flow is negative");
    }
    for (const Limit& limit : system.limits) {
        require(is_class(limit.task) && limit.type < types, "a limit of no class or type");
    }
    require(options.hand_over != HandOver::even ||
                options.shares.size() == system.hosts.size() * system.classes(),
            "even hand-over needs the share of time of each host and class");
    check_groups(system);
}

}  // namespace

bool shares_node(const System& system, int a, int b) {
    const Host &one = system.hosts[at(a)], &other = system.hosts[at(b)];
    return one.node >= 0 && one.node == other.node && one.type >= 0 && other.type >= 0 &&
           system.types[at(one.type)].node_bandwidth > 0.0 &&
           system.types[at(other.type)].node_bandwidth > 0.0;
}

Layout lay_out(const fabric::FabricGraph& graph, const System& system, const Options& options) {
    check(graph, system, options);
    return Builder(graph, system, options).build();
}

}  // namespace motley::serving
