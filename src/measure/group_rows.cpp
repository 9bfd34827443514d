#include "group_rows.hpp"

#include <algorithm>

namespace motley::measure {

GroupRows gather_groups(AgentId stride, AgentId groups, std::span<const AgentId> ids,
                        std::size_t width, const std::function<void(std::size_t, double*)>& numbers,
                        const mpi::Communicator& comm) {
    const auto first_of = [&](int rank) { return groups * rank / comm.size(); };
    std::vector<std::vector<double>> send(static_cast<std::size_t>(comm.size()));
    std::vector<double> row(width + 1);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const AgentId group = ids[i] / stride;
        if (group >= groups) continue;
        int owner = static_cast<int>(group * comm.size() / groups);
        while (owner + 1 < comm.size() && first_of(owner + 1) <= group) ++owner;
        while (first_of(owner) > group) --owner;
        row[0] = static_cast<double>(ids[i]);
        numbers(i, row.data() + 1);
        auto& to = send[static_cast<std::size_t>(owner)];
        to.insert(to.end(), row.begin(), row.end());
    }
    const std::vector<double> received = comm.exchange(send);

    std::vector<std::size_t> order;
    for (std::size_t at = 0; at < received.size(); at += width + 1) order.push_back(at);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return received[a] < received[b]; });
    GroupRows rows;
    rows.width = width;
    for (const std::size_t at : order) {
        const auto id = static_cast<AgentId>(received[at]);
        if (!rows.ids.empty() && rows.ids.back() / stride != id / stride) {
            rows.ends.push_back(rows.ids.size());
        }
        rows.ids.push_back(id);
        const auto* from = received.data() + at + 1;
        rows.numbers.insert(rows.numbers.end(), from, from + width);
    }
    if (!rows.ids.empty()) rows.ends.push_back(rows.ids.size());
    return rows;
}

std::vector<double> values_over_ranks(std::vector<ExactSum> sums, const mpi::Communicator& comm) {
    comm.sum(std::span<ExactSum>(sums));
    std::vector<double> values;
    for (const ExactSum& sum : sums) values.push_back(sum.value());
    return values;
}

}  // namespace motley::measure
