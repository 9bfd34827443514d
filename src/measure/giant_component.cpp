#include "motley/measure/giant_component.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

#include "motley/mpi/halo_exchange.hpp"

namespace motley::measure {
namespace {

using Label = std::uint64_t;
constexpr Label dead = std::numeric_limits<Label>::max();

/// Rows of this rank, joined where an arc between two living ones joins them.
class JoinedRows {
  public:
    explicit JoinedRows(std::size_t rows) : parent_(rows) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }
    std::size_t root(std::size_t row) {
        while (parent_[row] != row) row = parent_[row] = parent_[parent_[row]];
        return row;
    }
    void join(std::size_t a, std::size_t b) {
        a = root(a);
        b = root(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

  private:
    std::vector<std::size_t> parent_;
};

/// Labels of the components: that of a row is the least id that is known in its component.
template <class Real>
class Components {
  public:
    Components(const network::DistributedGraph<Real>& graph,
               const std::function<bool(LocalId)>& alive, const mpi::Communicator& comm)
        : graph_(graph),
          comm_(comm),
          halves_(static_cast<std::size_t>(graph.units_per_agent())),
          alive_(graph.owned()),
          rows_(graph.owned()),
          labels_(graph.owned(), dead),
          units_(graph.units(), dead) {
        for (LocalId r = 0; r < graph.owned(); ++r) alive_[r] = alive(r) ? 1 : 0;
        each_arc([&](std::size_t row, std::uint32_t column) {
            if (column >= first_ghost()) return;
            const std::size_t other = column / halves_;
            if (alive_[other] != 0) rows_.join(row, other);
        });
        for (std::size_t r = 0; r < graph.owned(); ++r) {
            if (alive_[r] == 0) continue;
            Label& label = labels_[rows_.root(r)];
            label = std::min(label, static_cast<Label>(graph.ids()[r]));
        }
    }

    /// Collective.
    void settle() {
        const auto exchange =
            mpi::make_halo_exchange(mpi::ExchangeKind::persistent, comm_, graph_.plan(),
                                    sizeof(Label), reinterpret_cast<std::byte*>(units_.data()));
        for (std::int64_t changed = 1; changed > 0;) {
            for (std::size_t r = 0; r < graph_.owned(); ++r) {
                std::fill_n(units_.begin() + static_cast<std::ptrdiff_t>(halves_ * r), halves_,
                            label(r));
            }
            exchange->start(0);
            exchange->finish(0);
            std::int64_t here = 0;
            each_arc([&](std::size_t row, std::uint32_t column) {
                if (column < first_ghost() || units_[column] == dead) return;
                Label& known = labels_[rows_.root(row)];
                if (units_[column] >= known) return;
                known = units_[column];
                here = 1;
            });
            changed = comm_.max(here);
        }
    }

    /// Collective. The number of agents with the label that most have.
    std::int64_t largest() {
        std::unordered_map<Label, std::int64_t> here;
        for (std::size_t r = 0; r < graph_.owned(); ++r) {
            if (alive_[r] != 0 && !graph_.is_relay(static_cast<LocalId>(r))) here[label(r)] += 1;
        }
        // One rank adds up the parts of a component.
        struct Part {
            Label label;
            std::int64_t count;
        };
        std::vector<std::vector<Part>> send(static_cast<std::size_t>(comm_.size()));
        for (const auto& [label, count] : here) {
            send[label % send.size()].push_back({label, count});
        }
        std::unordered_map<Label, std::int64_t> sizes;
        std::int64_t most = 0;
        for (const auto& [label, count] : comm_.exchange(send)) {
            most = std::max(most, sizes[label] += count);
        }
        return comm_.max(most);
    }

  private:
    std::uint32_t first_ghost() const { return static_cast<std::uint32_t>(graph_.first_ghost()); }
    Label label(std::size_t row) { return alive_[row] == 0 ? dead : labels_[rows_.root(row)]; }

    /// Runs `f(row, column)` for every arc in or out of a living row.
    template <class F>
    void each_arc(F f) {
        for (const auto* rows : {&graph_.in(), &graph_.out()}) {
            if (rows->offsets.empty()) continue;
            for (std::size_t r = 0; r < graph_.owned(); ++r) {
                if (alive_[r] == 0) continue;
                for (auto e = rows->offsets[r]; e < rows->offsets[r + 1]; ++e) {
                    f(r, rows->columns[e]);
                }
            }
        }
    }

    const network::DistributedGraph<Real>& graph_;
    const mpi::Communicator& comm_;
    const std::size_t halves_;  ///< units per agent
    std::vector<std::uint8_t> alive_;
    JoinedRows rows_;
    std::vector<Label> labels_;  ///< of the roots
    std::vector<Label> units_;
};

}  // namespace

template <class Real>
std::int64_t giant_component(const network::DistributedGraph<Real>& graph,
                             const std::function<bool(LocalId)>& alive,
                             const mpi::Communicator& comm) {
    if (!graph.has_arcs()) {
        std::int64_t living = 0;
        for (LocalId r = 0; r < graph.owned(); ++r) living += alive(r) ? 1 : 0;
        return comm.sum(living);
    }
    Components<Real> components(graph, alive, comm);
    components.settle();
    return components.largest();
}

template std::int64_t giant_component(const network::DistributedGraph<double>&,
                                      const std::function<bool(LocalId)>&,
                                      const mpi::Communicator&);
template std::int64_t giant_component(const network::DistributedGraph<float>&,
                                      const std::function<bool(LocalId)>&,
                                      const mpi::Communicator&);

}  // namespace motley::measure
