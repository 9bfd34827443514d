// What happens to a system while it runs, besides its dynamics: events, failures at random, links
// that close, arcs that are replaced.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "motley/job/job.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/partition/partition.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {

/// True where the job has anything that changes so.
bool has_changes(const job::Run& job);
/// True where links may close, so that a checkpoint needs the marks of arcs.
bool marks_arcs(const job::Run& job);

/// An arc with the marks of the events and failures that have closed it.
struct MarkedArc {
    network::RoutedArc arc;
    std::uint64_t marks = 0;
};

/// The changes of one run. All members are collective unless they say not. Random numbers depend on
/// (seed, what, step, id), so that nothing depends on ranks.
template <class Real>
class Changes {
  public:
    /// `job`, `simulation`, `partition` and `comm` must outlive this. `names`: of the agents, or
    /// empty. Reads the lists of events; input errors carry file and line.
    Changes(const job::Run& job, simulation::Simulation<Real>& simulation,
            const partition::Partition& partition, const std::vector<std::string>& names,
            const mpi::Communicator& comm);
    ~Changes();
    Changes(const Changes&) = delete;
    Changes& operator=(const Changes&) = delete;

    /// Does what happens before step `step`. A usage error where an event cannot take what it
    /// should.
    void before_step(std::int64_t step);

    // What a checkpoint before a step holds, besides the state of the simulation. Not collective.

    /// Per row: bit n is that of the n-th event or failure that takes agents or links.
    std::span<const std::uint64_t> marks() const;
    /// The arcs out of owned agents, as they stand.
    std::vector<MarkedArc> arcs() const;

    /// Where arcs are replaced: gives the simulation the arcs that were stored, those out of owned
    /// agents. Its state must be restored after this, because the order of rows may change.
    void restore_arcs(std::span<const MarkedArc> arcs);
    /// Goes on before step `step` with what was stored: the marks of every row, and, where links
    /// close or arcs are replaced, the arcs out of owned agents, in any order. The state of the
    /// simulation must be restored before.
    void restore(std::int64_t step, std::span<const double> marks, std::span<const MarkedArc> arcs);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

extern template class Changes<double>;
extern template class Changes<float>;

}  // namespace motley::experiment
