#include "partners.hpp"

#include <algorithm>

namespace motley::experiment {

template <class Real>
Partners<Real>::Partners(const simulation::Simulation<Real>& simulation,
                         const partition::Partition& partition, const mpi::Communicator& comm)
    : simulation_(simulation), partition_(partition), comm_(comm) {
    rows_.assign(static_cast<std::size_t>(simulation.graph().agents()), -1);
    const auto ids = simulation.graph().ids();
    for (std::size_t row = 0; row < ids.size(); ++row) {
        rows_[static_cast<std::size_t>(ids[row])] = static_cast<std::int32_t>(row);
    }
}

template <class Real>
template <class Number, class Answer>
std::vector<Number> Partners<Real>::ask(std::vector<AgentId> ids, Answer answer,
                                        std::vector<std::int64_t>& lengths) {
    std::erase_if(ids, [&](AgentId id) { return row_of(id) >= 0; });
    std::ranges::sort(ids);
    const auto same = std::ranges::unique(ids);
    ids.erase(same.begin(), same.end());
    const auto ranks = static_cast<std::size_t>(comm_.size());
    std::vector<std::vector<AgentId>> asked(ranks);
    for (const AgentId id : ids) {
        asked[static_cast<std::size_t>(partition_.owner(id))].push_back(id);
    }
    std::vector<std::int64_t> counts;
    const std::vector<AgentId> wanted = comm_.exchange(asked, &counts);
    std::vector<std::vector<Number>> answers(ranks);
    std::vector<std::vector<std::int64_t>> sizes(ranks);
    auto next = wanted.begin();
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        for (std::int64_t n = 0; n < counts[rank]; ++n, ++next) {
            const std::size_t before = answers[rank].size();
            answer(static_cast<LocalId>(row_of(*next)), answers[rank]);
            sizes[rank].push_back(static_cast<std::int64_t>(answers[rank].size() - before));
        }
    }
    lengths = comm_.exchange(sizes);
    places_ = rows_;
    auto place = static_cast<std::int32_t>(simulation_.graph().owned());
    for (const auto& of_rank : asked) {
        for (const AgentId id : of_rank) places_[static_cast<std::size_t>(id)] = place++;
    }
    return comm_.exchange(answers);
}

template <class Real>
void Partners<Real>::fetch_targets(std::vector<AgentId> ids) {
    const auto& graph = simulation_.graph();
    std::vector<std::int64_t> lengths;
    targets_ = ask<AgentId>(
        std::move(ids),
        [&](LocalId row, std::vector<AgentId>& to) {
            const auto& out = graph.out();
            for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
                to.push_back(graph.agent_of(out.columns[e]));
            }
        },
        lengths);
    offsets_.assign(1, 0);
    for (const std::int64_t length : lengths) {
        offsets_.push_back(offsets_.back() + static_cast<std::size_t>(length));
    }
}

template <class Real>
void Partners<Real>::fetch_values(std::vector<AgentId> ids) {
    const auto& state = simulation_.state();
    std::vector<std::int64_t> lengths;
    values_ = ask<Real>(
        std::move(ids),
        [&](LocalId row, std::vector<Real>& to) {
            const Real* value = simulation_.messages(row) + state.width;
            to.insert(to.end(), value, value + state.tasks);
        },
        lengths);
}

template <class Real>
std::span<const Real> Partners<Real>::values_of(AgentId id) const {
    const auto tasks = static_cast<std::size_t>(simulation_.state().tasks);
    const auto place = static_cast<std::size_t>(places_[static_cast<std::size_t>(id)]);
    const std::size_t owned = simulation_.graph().owned();
    if (place >= owned) return std::span(values_).subspan((place - owned) * tasks, tasks);
    return {simulation_.messages(static_cast<LocalId>(place)) + simulation_.state().width, tasks};
}

template class Partners<double>;
template class Partners<float>;

}  // namespace motley::experiment
