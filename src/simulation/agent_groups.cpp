#include "motley/simulation/agent_groups.hpp"

#include <algorithm>
#include <unordered_map>

namespace motley::simulation {

AgentGroups::AgentGroups(std::span<const AgentId> ids, AgentId agents, AgentId size,
                         const mpi::Communicator& comm)
    : comm_(comm), group_(ids.size()) {
    const auto all = static_cast<std::size_t>((agents + size - 1) / size);
    // Number of ranks that own agents of each group.
    std::vector<std::int64_t> owners(all, 0);
    for (const AgentId id : ids) owners[static_cast<std::size_t>(id / size)] = 1;
    comm_.sum(std::span<std::int64_t>(owners));
    std::unordered_map<AgentId, std::size_t> place;
    for (std::size_t g = 0; g < all; ++g) {
        if (owners[g] > 1) place.emplace(static_cast<AgentId>(g), shared_++);
    }
    for (std::size_t row = 0; row < ids.size(); ++row) {
        const auto [found, added] = place.emplace(ids[row] / size, shared_ + own_);
        if (added) ++own_;
        group_[row] = found->second;
    }
}

std::vector<double> AgentGroups::sums(const std::function<double(LocalId)>& value) const {
    std::vector<ExactSum> sums(count());
    for (LocalId row = 0; row < group_.size(); ++row) sums[group_[row]].add(value(row));
    comm_.sum(std::span<ExactSum>(sums.data(), shared_));
    std::vector<double> values;
    for (const ExactSum& sum : sums) values.push_back(sum.value());
    return values;
}

std::vector<double> AgentGroups::maxima(const std::function<double(LocalId)>& value) const {
    std::vector<double> largest(count(), 0.0);
    for (LocalId row = 0; row < group_.size(); ++row) {
        double& top = largest[group_[row]];
        top = std::max(top, value(row));
    }
    comm_.max(std::span<double>(largest.data(), shared_));
    return largest;
}

double AgentGroups::total(std::span<const double> of_groups) const {
    std::vector<ExactSum> sum(1);
    for (std::size_t g = comm_.root() ? 0 : shared_; g < count(); ++g) sum[0].add(of_groups[g]);
    comm_.sum(std::span<ExactSum>(sum));
    return sum[0].value();
}

}  // namespace motley::simulation
