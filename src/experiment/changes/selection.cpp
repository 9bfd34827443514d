#include "selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>

#include "motley/core/error.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/attack/orders.hpp"

namespace motley::experiment {
namespace {

using Order = job::Selection::Order;

job::AttackOrder order_of(Order order) {
    switch (order) {
        case Order::degree:
            return job::AttackOrder::degree;
        case Order::value:
            return job::AttackOrder::value;
        case Order::type:
            return job::AttackOrder::type;
        case Order::group:
            return job::AttackOrder::group;
        default:
            return job::AttackOrder::random;
    }
}

/// All agents of the first `groups` groups that `ids` meets.
std::vector<AgentId> first_groups(const std::vector<AgentId>& ids, AgentId group,
                                  const job::Selection& select, std::size_t index,
                                  const job::Event& event) {
    std::vector<AgentId> order;
    for (const AgentId id : ids) {
        if (std::ranges::find(order, id / group) == order.end()) order.push_back(id / group);
    }
    const std::int64_t groups = number_taken(select, std::ssize(order));
    if (groups > std::ssize(order)) {
        refuse(index, event,
               fmt::format("takes {} groups, but {} have agents that can be taken", groups,
                           order.size()));
    }
    order.resize(static_cast<std::size_t>(groups));
    std::vector<AgentId> taken;
    for (const AgentId id : ids) {
        if (std::ranges::find(order, id / group) != order.end()) taken.push_back(id);
    }
    return taken;
}

}  // namespace

std::string name_of(std::size_t index, const job::Event& event) {
    return fmt::format("event[{}] at step {}", index + 1, event.step);
}

void refuse(std::size_t index, const job::Event& event, const std::string& why) {
    Error error = usage_error(name_of(index, event) + " " + why);
    error.set_everywhere();
    throw error;
}

std::vector<AgentId> read_list(const std::string& file, AgentId hosts,
                               const std::vector<std::string>& names) {
    std::ifstream in(file);
    if (!in) throw input_error("cannot be read", {file});
    std::map<std::string, AgentId> ids;
    for (std::size_t i = 0; i < names.size(); ++i) ids[names[i]] = static_cast<AgentId>(i);
    std::map<AgentId, std::int64_t> lines;
    std::string text;
    for (std::int64_t line = 1; std::getline(in, text); ++line) {
        const std::string word(trim(text));
        if (word.empty() || word[0] == '#') continue;
        const auto wrong = [&](const std::string& why) {
            return input_error(fmt::format("\"{}\" {}", word, why), {file, line, 1});
        };
        AgentId id = -1;
        if (names.empty()) {
            const auto end = word.data() + word.size();
            const auto [last, fault] = std::from_chars(word.data(), end, id);
            if (fault != std::errc() || last != end) throw wrong("is no id of an agent");
        } else if (const auto found = ids.find(word); found != ids.end()) {
            id = found->second;
        } else {
            throw wrong("is no name of an agent of the topology");
        }
        if (id < 0 || id >= hosts) {
            throw wrong(fmt::format("is no agent: the ids are 0 to {}", hosts - 1));
        }
        const auto [first, fresh] = lines.emplace(id, line);
        if (!fresh) throw wrong(fmt::format("is in line {} already", first->second));
    }
    std::vector<AgentId> list;
    for (const auto& [id, line] : lines) list.push_back(id);
    return list;
}

std::int64_t number_taken(const job::Selection& select, std::int64_t all) {
    if (select.count >= 0) return select.count;
    if (select.fraction < 0.0) return all;
    return std::llround(select.fraction * static_cast<double>(all));
}

template <class Real>
std::vector<AgentId> selected(const job::Event& event, std::size_t index,
                              const std::vector<AgentId>& list,
                              const simulation::Simulation<Real>& simulation, std::uint64_t seed,
                              const std::function<bool(AgentId)>& can,
                              const mpi::Communicator& comm) {
    const job::Selection& select = event.select;
    std::vector<AgentId> taken;
    if (select.order == Order::list) {
        for (const AgentId id : list) {
            if (can(id)) {
                taken.push_back(id);
            } else if (event.kind == job::Event::Kind::restore) {
                refuse(index, event,
                       fmt::format("restores agent {}, which no event has taken", id));
            }
        }
        return taken;
    }
    const auto& graph = simulation.graph();
    const AgentId group = group_size(graph.levels(), graph.hosts(), select.level);
    std::vector<AgentId> ids =
        attack_order(order_of(select.order), simulation, seed, static_cast<std::int64_t>(index),
                     select.order == Order::group ? group : AgentId{1}, comm);
    std::erase_if(ids, [&](AgentId id) { return !can(id); });
    if (select.order == Order::group) {
        taken = first_groups(ids, group, select, index, event);
    } else {
        const std::int64_t number = number_taken(select, std::ssize(ids));
        if (number > std::ssize(ids)) {
            refuse(index, event,
                   fmt::format("takes {} agents, but there are {} that can be taken", number,
                               ids.size()));
        }
        ids.resize(static_cast<std::size_t>(number));
        taken = std::move(ids);
    }
    std::ranges::sort(taken);
    return taken;
}

template std::vector<AgentId> selected(const job::Event&, std::size_t, const std::vector<AgentId>&,
                                       const simulation::Simulation<double>&, std::uint64_t,
                                       const std::function<bool(AgentId)>&,
                                       const mpi::Communicator&);
template std::vector<AgentId> selected(const job::Event&, std::size_t, const std::vector<AgentId>&,
                                       const simulation::Simulation<float>&, std::uint64_t,
                                       const std::function<bool(AgentId)>&,
                                       const mpi::Communicator&);

}  // namespace motley::experiment
