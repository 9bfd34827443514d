#include "contraction.hpp"

#include <algorithm>

#include "motley/mpi/halo_exchange.hpp"

namespace motley::simulation {
namespace {

/// A number per unit of the message buffer. Like values, it is sent against the direction of arcs.
template <class Real>
class Backward {
  public:
    Backward(const network::DistributedGraph<Real>& graph, double openness,
             const mpi::Communicator& comm)
        : graph_(graph),
          openness_(openness),
          units_(static_cast<std::size_t>(graph.units_per_agent())),
          rows_(graph.outgoing()),
          numbers_(graph.units(), 1.0),
          next_(graph.owned()) {
        exchange_ =
            mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm, graph.plan(),
                                    sizeof(double), reinterpret_cast<std::byte*>(numbers_.data()));
    }

    Backward(const Backward&) = delete;
    Backward& operator=(const Backward&) = delete;

    /// Collective. Replaces the numbers d by M d.
    void step() {
        exchange_->start(0);
        exchange_->finish(0);
        for (LocalId row = 0; row < graph_.owned(); ++row) {
            double sum = 0.0;
            const std::uint64_t begin = rows_.offsets[row], end = rows_.offsets[row + 1];
            for (auto e = begin; e < end; ++e) {
                const double weight = rows_.weights.empty()
                                          ? graph_.survival() / static_cast<double>(end - begin)
                                          : static_cast<double>(rows_.weights[e]);
                sum += weight * numbers_[rows_.columns[e]];
            }
            next_[row] = (graph_.is_relay(row) ? 1.0 : openness_) * sum;
        }
        for (LocalId row = 0; row < graph_.owned(); ++row) {
            for (std::size_t u = 0; u < units_; ++u) numbers_[units_ * row + u] = next_[row];
        }
    }
    const std::vector<double>& numbers() const { return next_; }

  private:
    const network::DistributedGraph<Real>& graph_;
    const double openness_;
    const std::size_t units_;  ///< number of units per agent
    const model::Rows<Real>& rows_;
    std::vector<double> numbers_, next_;
    std::unique_ptr<mpi::HaloExchange> exchange_;
};

}  // namespace

template <class Real>
double contraction_of_flows(const network::DistributedGraph<Real>& graph, double openness,
                            const mpi::Communicator& comm) {
    if (!graph.has_relays()) return openness;
    Backward<Real> backward(graph, openness, comm);
    std::vector<double> total(graph.owned(), 1.0);
    constexpr int most_steps = 100000;
    constexpr double enough = 0.5;
    double left = 1.0;
    for (int i = 0; i < most_steps && left > enough; ++i) {
        backward.step();
        left = 0.0;
        for (std::size_t row = 0; row < total.size(); ++row)
            left = std::max(left, backward.numbers()[row]);
        left = comm.max(left);
        // The sum has the terms M^t 1 up to the step before the one that is small enough.
        if (left <= enough) break;
        for (std::size_t row = 0; row < total.size(); ++row) total[row] += backward.numbers()[row];
    }
    if (left > enough) return 1.0 - 1e-9;  // there are relays from which no host can be reached
    double largest = 0.0;
    for (const double t : total) largest = std::max(largest, t);
    return 1.0 - (1.0 - left) / comm.max(largest);
}

template double contraction_of_flows(const network::DistributedGraph<double>&, double,
                                     const mpi::Communicator&);
template double contraction_of_flows(const network::DistributedGraph<float>&, double,
                                     const mpi::Communicator&);

}  // namespace motley::simulation
