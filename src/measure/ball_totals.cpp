#include "motley/measure/ball_totals.hpp"

#include "group_rows.hpp"
#include "measure/ball_search.hpp"
#include "motley/core/exact_sum.hpp"

namespace motley::measure {
template <class Real>
std::vector<double> totals(const network::DistributedGraph<Real>& graph, std::size_t width,
                           const RowNumbers& numbers, const mpi::Communicator& comm) {
    std::vector<ExactSum> sums(width);
    std::vector<double> row(width);
    for (std::size_t r = 0; r < graph.owned(); ++r) {
        if (graph.is_relay(static_cast<LocalId>(r))) continue;
        numbers(r, row.data());
        for (std::size_t k = 0; k < width; ++k) sums[k].add(row[k]);
    }
    return values_over_ranks(std::move(sums), comm);
}

template <class Real>
std::vector<std::vector<double>> ball_totals(const network::DistributedGraph<Real>& graph,
                                             std::size_t width, const RowNumbers& numbers,
                                             AgentId centre, std::span<const std::int64_t> radii,
                                             const mpi::Communicator& comm) {
    std::vector<std::vector<double>> balls;
    if (!graph.has_arcs()) {
        const auto only_centre = [&](std::size_t r, double* out) {
            numbers(r, out);
            if (graph.ids()[r] != centre) std::fill_n(out, width, 0.0);
        };
        for (const std::int64_t radius : radii) {
            balls.push_back(
                totals(graph, width, radius > 0 ? numbers : RowNumbers(only_centre), comm));
        }
        return balls;
    }
    BallSearch<Real> search(graph, comm);
    search.start(std::span<const AgentId>(&centre, 1));
    std::vector<ExactSum> sums(width);
    std::vector<double> row(width);
    std::int64_t hops = 0;
    const auto take = [&] {
        for (const auto& [r, mask] : search.frontier()) {
            if (graph.is_relay(static_cast<LocalId>(r))) continue;
            numbers(r, row.data());
            for (std::size_t k = 0; k < width; ++k) sums[k].add(row[k]);
        }
    };
    take();
    for (const std::int64_t radius : radii) {
        for (; hops < radius && search.advance(); ++hops) take();
        balls.push_back(values_over_ranks(sums, comm));
    }
    return balls;
}

#define MOTLEY_INSTANTIATE(Real)                                                             \
    template std::vector<double> totals(const network::DistributedGraph<Real>&, std::size_t, \
                                        const RowNumbers&, const mpi::Communicator&);        \
    template std::vector<std::vector<double>> ball_totals(                                   \
        const network::DistributedGraph<Real>&, std::size_t, const RowNumbers&, AgentId,     \
        std::span<const std::int64_t>, const mpi::Communicator&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::measure
