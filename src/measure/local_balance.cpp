#include "motley/measure/local_balance.hpp"

#include <bit>
#include <cmath>
#include <numeric>

#include "group_rows.hpp"
#include "motley/core/exact_sum.hpp"
#include "motley/core/random.hpp"

namespace motley::measure {
namespace {

/// Groups of each size that are drawn, at least; it is the size of the largest groups that has this
/// many.
constexpr std::int64_t least_groups = 400;
/// At most this many agents are drawn, and this many orders of all agents.
constexpr std::int64_t most_agents = std::int64_t{1} << 20;
constexpr std::int64_t most_orders = 20;

/// A mean over groups that does not depend on how they are spread over ranks.
class MeanOverGroups {
  public:
    void add(double value) {
        sum_.add(value);
        count_ += 1;
    }
    /// Collective; 0 of no groups.
    double value(const mpi::Communicator& comm) const {
        auto sum = sum_;
        comm.sum(std::span<ExactSum>(&sum, 1));
        const std::int64_t count = comm.sum(count_);
        return count > 0 ? sum.value() / static_cast<double>(count) : 0.0;
    }

  private:
    ExactSum sum_;
    std::int64_t count_ = 0;
};

/// Adds the divergences of the 1, 2, 4, ... neighbours among the rows of a group, whose number is a
/// power of two, to `means`. Sums go by pairs, so that their order is that of the ids.
void add_pairs(std::vector<double> rows, std::size_t tasks, std::span<const double> whole,
               std::vector<MeanOverGroups>& means) {
    for (MeanOverGroups& mean : means) {
        for (std::size_t at = 0; at < rows.size(); at += tasks) {
            mean.add(divergence(std::span(rows).subspan(at, tasks), whole));
        }
        std::size_t to = 0;
        for (std::size_t at = 0; at + tasks < rows.size(); at += 2 * tasks, to += tasks) {
            for (std::size_t k = 0; k < tasks; ++k)
                rows[to + k] = rows[at + k] + rows[at + tasks + k];
        }
        rows.resize(to);
    }
}

}  // namespace

double divergence(std::span<const double> part, std::span<const double> whole) {
    const double own = std::accumulate(part.begin(), part.end(), 0.0);
    const double all = std::accumulate(whole.begin(), whole.end(), 0.0);
    if (!(own > 0.0)) return 0.0;
    double sum = 0.0;
    for (std::size_t k = 0; k < part.size(); ++k) {
        const double share = part[k] / own;
        if (share > 0.0) sum += share * std::log(share * all / whole[k]);
    }
    return std::max(sum, 0.0);
}

RandomGroups::RandomGroups(AgentId agents, std::span<const AgentId> ids, int tasks,
                           const std::function<void(std::size_t, double*)>& efforts,
                           std::uint64_t seed, const mpi::Communicator& comm)
    : agents_(agents) {
    const auto width = static_cast<std::size_t>(tasks);
    std::vector<double> row(width);
    std::vector<ExactSum> sums(width);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        efforts(i, row.data());
        for (std::size_t k = 0; k < width; ++k) sums[k].add(row[k]);
    }
    whole_ = values_over_ranks(std::move(sums), comm);
    const double total = std::accumulate(whole_.begin(), whole_.end(), 0.0);
    if (!(total > 0.0) || agents_ < 2) return;

    // The second order: the ball's efforts e differ from its share of the whole by the sum over its
    // agents of e_ik - g_k e_i, whose variance a draw without replacement has in closed form.
    std::vector<ExactSum> squares(width);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        efforts(i, row.data());
        const double own = std::accumulate(row.begin(), row.end(), 0.0);
        for (std::size_t k = 0; k < width; ++k) {
            const double off = row[k] - whole_[k] / total * own;
            squares[k].add(off * off);
        }
    }
    const std::vector<double> variances = values_over_ranks(std::move(squares), comm);
    for (std::size_t k = 0; k < width; ++k) {
        if (whole_[k] > 0.0) limit_ += variances[k] / whole_[k];
    }
    const auto count = static_cast<double>(agents_);
    limit_ *= 0.5 * count / total;

    // Seeded orders of all agents, cut into groups.
    const std::int64_t drawn = std::min<std::int64_t>(agents_, most_agents);
    const std::int64_t orders = std::clamp<std::int64_t>(most_agents / 8 / drawn, 1, most_orders);
    const auto largest = std::bit_floor(static_cast<std::uint64_t>(
        std::max<std::int64_t>(std::min(agents_ / 2, drawn * orders / least_groups), 1)));
    const auto stride = static_cast<AgentId>(largest);
    std::vector<MeanOverGroups> means(static_cast<std::size_t>(std::bit_width(largest)));
    std::vector<AgentId> places(ids.size());
    for (std::int64_t order = 0; order < orders; ++order) {
        const Permutation shuffled(static_cast<std::uint64_t>(agents_), seed, Stream::statistics,
                                   1 + static_cast<std::uint64_t>(order));
        for (std::size_t i = 0; i < ids.size(); ++i) {
            places[i] = static_cast<AgentId>(shuffled(static_cast<std::uint64_t>(ids[i])));
        }
        const GroupRows rows = gather_groups(stride, drawn / stride, places, width, efforts, comm);
        std::size_t begin = 0;
        for (const std::size_t end : rows.ends) {
            add_pairs({rows.row(begin), rows.row(end)}, width, whole_, means);
            begin = end;
        }
    }
    means[0] = {};  // every agent is a group of its own
    for (std::size_t i = 0; i < ids.size(); ++i) {
        efforts(i, row.data());
        means[0].add(divergence(row, whole_));
    }
    for (std::size_t i = 0; i < means.size(); ++i) {
        const double members = std::ldexp(1.0, static_cast<int>(i));
        table_.emplace_back(members,
                            means[i].value(comm) * members * (count - 1.0) / (count - members));
    }
}

double RandomGroups::expected(double members) const {
    const auto count = static_cast<double>(agents_);
    if (table_.empty() || members >= count || !(members >= 1.0)) return 0.0;
    // Linear in 1/n between neighbours of the table; the limit is at 1/n = 0.
    std::size_t i = 0;
    while (i < table_.size() && table_[i].first < members) ++i;
    double f = 0.0;
    if (i == 0) {
        f = table_[0].second;
    } else {
        const auto [from, at_from] = table_[i - 1];
        const double to = i < table_.size() ? 1.0 / table_[i].first : 0.0;
        const double at_to = i < table_.size() ? table_[i].second : limit_;
        const double along = (1.0 / from - 1.0 / members) / (1.0 / from - to);
        f = at_from + along * (at_to - at_from);
    }
    return f * (count - members) / (members * (count - 1.0));
}

double RandomGroups::balance(AgentId stride, std::span<const AgentId> ids,
                             const std::function<void(std::size_t, double*)>& efforts,
                             const mpi::Communicator& comm) const {
    const AgentId groups = (agents_ + stride - 1) / stride;
    const GroupRows rows = gather_groups(stride, groups, ids, whole_.size(), efforts, comm);
    MeanOverGroups mean;
    std::vector<double> group(whole_.size());
    std::size_t i = 0;
    for (const std::size_t end : rows.ends) {
        std::fill(group.begin(), group.end(), 0.0);
        for (; i < end; ++i) {
            for (std::size_t k = 0; k < group.size(); ++k) group[k] += rows.row(i)[k];
        }
        mean.add(divergence(group, whole_));
    }
    const double lacking = mean.value(comm), usual = expected(static_cast<double>(stride));
    return usual > 0.0 ? lacking / usual : 0.0;
}

}  // namespace motley::measure
