#include "skeleton.hpp"

#include <algorithm>
#include <cmath>

#include "motley/redesign/fabric/flow.hpp"

namespace motley::serving {
namespace {

/// Variables get limits of twice what they can be, which never bind and make bounds by duals
/// finite.
constexpr double loose = 2.0;
constexpr double none = -programme::infinity;

}  // namespace

Skeleton::Skeleton(const fabric::FabricGraph& graph, const System& system, const Layout& layout,
                   const CoreGraph& core, const Options& options)
    : graph_(graph), system_(system), layout_(layout), core_(core), options_(options) {
    programme.sense = programme::Sense::maximise;
    add_variable(1.0, 1.0);  // theta
    add_activities();
    if (scale <= 0.0) return;
    add_limits();
    add_capacities();
    add_traffic();
    if (options.hand_over != HandOver::even) add_flows();
}

int Skeleton::add_variable(double most_value, double cost) {
    return programme.add(programme::ProgrammeVariable{.high = loose * most_value, .cost = cost});
}

void Skeleton::add_term(int row, int variable, double coefficient) {
    if (coefficient != 0.0) programme.rows[at(row)].terms.push_back({variable, coefficient});
}

int Skeleton::add_row(double low, double high) {
    return programme.add(programme::Row{low, high});
}

void Skeleton::add_activities() {
    std::vector<double> reachable(system_.classes(), 0.0);
    for (const Activity& activity : layout_.activities) {
        double units = std::numeric_limits<double>::infinity();
        for (const Part& part : activity.parts) {
            if (part.time > 0.0) {
                units = std::min(units, layout_.cells[at(part.cell)].devices() / part.time);
            }
        }
        most.push_back(std::isfinite(units) ? units : 0.0);
        activities.push_back(add_variable(most.back()));
        for (const auto& [task, work] : activity.works) reachable[at(task)] += work * most.back();
    }
    scale = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < system_.classes(); ++k) {
        scale = std::min(scale, reachable[k] / system_.demands[k]);
    }
    if (scale <= 0.0) return;
    for (std::size_t k = 0; k < system_.classes(); ++k) {
        class_rows.push_back(add_row(0.0, programme::infinity));
        add_term(class_rows.back(), 0, -1.0);
    }
    std::vector<int> time_rows;
    for (const Cell& cell : layout_.cells) time_rows.push_back(add_row(none, cell.devices()));
    for (std::size_t j = 0; j < activities.size(); ++j) {
        for (const auto& [task, work] : layout_.activities[j].works) {
            add_term(class_rows[at(task)], activities[j],
                     work / (system_.demands[at(task)] * scale));
        }
        for (const Part& part : layout_.activities[j].parts) {
            add_term(time_rows[at(part.cell)], activities[j], part.time);
        }
    }
}

void Skeleton::add_limits() {
    if (options_.hand_over == HandOver::even) return;
    for (const Limit& limit : system_.limits) {
        const int row = add_row(none, limit.most_devices);
        for (std::size_t j = 0; j < activities.size(); ++j) {
            const Activity& activity = layout_.activities[j];
            if (activity.works.front().first != limit.task) continue;
            double time = 0.0;
            for (const Part& part : activity.parts) {
                const bool counts =
                    limit.type < 0 || layout_.cells[at(part.cell)].type == limit.type;
                if (counts) time += part.time;
            }
            add_term(row, activities[j], time);
        }
    }
}

void Skeleton::add_capacities() {
    channel_row.assign(graph_.channels().size(), -1);
    const auto open = [&](double capacity, std::vector<int> channels) {
        const int row = add_row(none, capacity);
        for (const int channel : channels) channel_row[at(channel)] = row;
        capacities.push_back({row, capacity, std::move(channels)});
        return row;
    };
    for (const Cell& cell : layout_.cells) {
        const double node = system_.types[at(cell.type)].node_bandwidth * cell.devices();
        node_out_rows_.push_back(cell.domain >= 0 ? open(node, {}) : -1);
        node_in_rows_.push_back(cell.domain >= 0 ? open(node, {}) : -1);
        if (!cell.folded) continue;
        open(graph_.channels()[at(cell.up.front())].capacity * cell.devices(), cell.up);
        open(graph_.channels()[at(cell.down.front())].capacity * cell.devices(), cell.down);
    }
    for (const Arc& arc : core_.arcs()) open(arc.capacity, {arc.channel});
}

void Skeleton::add_traffic() {
    for (std::size_t j = 0; j < activities.size(); ++j) {
        for (const Part& part : layout_.activities[j].parts) {
            if (part.outward > 0.0) {
                add_term(node_out_rows_[at(part.cell)], activities[j], part.outward);
            }
            if (part.inward > 0.0) {
                add_term(node_in_rows_[at(part.cell)], activities[j], part.inward);
            }
        }
        if (layout_.activities[j].traffic.empty()) continue;
        if (options_.routing == Routing::ecmp) {
            load_ecmp(j);
        } else {
            load_pairs(j);
        }
    }
}

void Skeleton::load_ecmp(std::size_t activity) {
    const auto routed = fabric::ecmp(graph_, layout_.activities[activity].traffic);
    const int variable = activities[activity];
    if (routed.unreachable > 0) programme.variables[at(variable)].high = 0.0;
    std::map<int, double> rows;
    for (std::size_t c = 0; c < routed.loads.size(); ++c) {
        if (routed.loads[c] > 0.0) rows[channel_row[c]] += routed.loads[c];
    }
    for (const auto& [row, load] : rows) add_term(row, variable, load);
}

void Skeleton::load_pairs(std::size_t activity) {
    std::map<int, double> rows;
    std::map<std::pair<int, int>, double> core;
    const auto enter = [&](int host, bool out, double amount) {
        const Cell& cell = layout_.cells[at(layout_.cell_of[at(host)])];
        if (cell.folded) rows[channel_row[at(out ? cell.up.front() : cell.down.front())]] += amount;
        return cell.vertex;
    };
    for (const auto& demand : layout_.activities[activity].traffic.demands()) {
        const int source = enter(demand.source, true, demand.amount);
        const int target = enter(demand.target, false, demand.amount);
        if (source != target) core[{source, target}] += demand.amount;
    }
    for (const auto& [row, load] : rows) add_term(row, activities[activity], load);
    for (const auto& [pair, amount] : core) {
        pairs[pair].push_back({activities[activity], amount});
    }
}

void Skeleton::add_flows() {
    ends.resize(system_.flows.size() * layout_.cells.size());
    sources.resize(system_.flows.size());
    sinks.resize(system_.flows.size());
    for (std::size_t f = 0; f < system_.flows.size(); ++f) {
        if (system_.flows[f].amount > 0.0) add_flow(static_cast<int>(f));
    }
}

/// Rows of what each cell sends and takes of a flow.
void Skeleton::add_flow(int number) {
    const Flow& flow = system_.flows[at(number)];
    const double taken =
        flow.amount * system_.demands[at(flow.from)] / system_.demands[at(flow.to)];
    const std::size_t cells = layout_.cells.size();
    std::vector<std::vector<programme::Term>> send(cells), take(cells);
    std::vector<double> most_sent(cells, 0.0), most_taken(cells, 0.0);
    for (std::size_t j = 0; j < activities.size(); ++j) {
        const int task = layout_.activities[j].works.front().first;
        for (const Part& part : layout_.activities[j].parts) {
            const auto c = at(part.cell);
            if (task == flow.from) {
                send[c].push_back({activities[j], flow.amount * part.work});
                most_sent[c] += flow.amount * part.work * most[j];
            }
            if (task == flow.to) {
                take[c].push_back({activities[j], taken * part.work});
                most_taken[c] += taken * part.work * most[j];
            }
        }
    }
    for (std::size_t c = 0; c < cells; ++c) {
        const Ends end = add_ends(number, static_cast<int>(c), most_sent[c], most_taken[c]);
        const auto balance = [&](std::vector<programme::Term> terms, std::array<int, 3> ways) {
            if (terms.empty()) return;
            for (const int way : ways) {
                if (way >= 0) terms.push_back({way, -1.0});
            }
            programme.add(programme::Row{0.0, 0.0, std::move(terms)});
        };
        balance(std::move(send[c]), {end.self, end.node_out, end.out});
        balance(std::move(take[c]), {end.self, end.node_in, end.in});
    }
    add_hubs(number);
    if (options_.hand_over == HandOver::rack) add_rack(number);
}

Ends Skeleton::add_ends(int flow, int number, double sent, double taken) {
    const Cell& cell = layout_.cells[at(number)];
    Ends& end = ends[at(flow) * layout_.cells.size() + at(number)];
    const auto enter = [&](double amount, std::vector<std::map<int, Site>>& sites, int access) {
        const int variable = add_variable(amount);
        if (cell.folded) add_term(channel_row[at(access)], variable, 1.0);
        if (options_.hand_over != HandOver::rack) {
            Site& site = sites[at(flow)][cell.vertex];
            site.variables.push_back(variable);
            site.most += amount;
        }
        return variable;
    };
    if (sent > 0.0 && taken > 0.0) end.self = add_variable(std::min(sent, taken));
    if (sent > 0.0) {
        end.out = enter(sent, sources, cell.folded ? cell.up.front() : -1);
        if (cell.domain >= 0) end.node_out = add_variable(sent);
    }
    if (taken > 0.0) {
        end.in = enter(taken, sinks, cell.folded ? cell.down.front() : -1);
        if (cell.domain >= 0) end.node_in = add_variable(taken);
    }
    if (end.node_out >= 0) add_term(node_out_rows_[at(number)], end.node_out, 1.0);
    if (end.node_in >= 0) add_term(node_in_rows_[at(number)], end.node_in, 1.0);
    return end;
}

/// What leaves the devices of nodes of one kind for their mates also arrives there.
void Skeleton::add_hubs(int flow) {
    std::vector<programme::Row> hubs(at(layout_.domains), programme::Row{0.0, 0.0});
    for (std::size_t c = 0; c < layout_.cells.size(); ++c) {
        const Ends& end = ends[at(flow) * layout_.cells.size() + c];
        if (layout_.cells[c].domain < 0) continue;
        auto& terms = hubs[at(layout_.cells[c].domain)].terms;
        if (end.node_out >= 0) terms.push_back({end.node_out, 1.0});
        if (end.node_in >= 0) terms.push_back({end.node_in, -1.0});
    }
    for (auto& hub : hubs) {
        if (!hub.terms.empty()) programme.add(std::move(hub));
    }
}

/// What leaves the hosts of a leaf switch for others of the same switch also arrives there.
void Skeleton::add_rack(int flow) {
    std::map<int, programme::Row> leaves;
    for (std::size_t c = 0; c < layout_.cells.size(); ++c) {
        const Cell& cell = layout_.cells[c];
        const Ends& end = ends[at(flow) * layout_.cells.size() + c];
        for (const auto& [variable, sign] : {std::pair(end.out, 1.0), std::pair(end.in, -1.0)}) {
            if (variable < 0) continue;
            const int from = sign > 0.0 ? cell.vertex : cell.leaf;
            const int to = sign > 0.0 ? cell.leaf : cell.vertex;
            const int channel = cell.folded || cell.leaf < 0 ? -1 : graph_.find(from, to);
            if (cell.leaf < 0 || (!cell.folded && channel < 0)) {
                programme.variables[at(variable)].high = 0.0;
                continue;
            }
            if (channel >= 0) add_term(channel_row[at(channel)], variable, 1.0);
            leaves[cell.leaf].low = leaves[cell.leaf].high = 0.0;
            leaves[cell.leaf].terms.push_back({variable, sign});
        }
    }
    for (auto& [leaf, row] : leaves) programme.add(std::move(row));
}

}  // namespace motley::serving
