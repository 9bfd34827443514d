// Attack curves: what a solved system loses when agents are taken away, and what comes back.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "motley/job/job.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/partition/partition.hpp"
#include "motley/simulation/simulation.hpp"
#include "motley/topology/topology.hpp"

namespace motley::experiment {

/// One point of a curve.
struct AttackPoint {
    job::AttackOrder order = job::AttackOrder::random;
    std::int64_t replicate = 0;
    std::int64_t taken = 0;   ///< number of agents
    double share = 0.0;       ///< of all agents
    double settled = 0.0;     ///< P once flows have settled, allocations as before; utility
    double resistance = 0.0;  ///< the same / P before
    double giant = 0.0;       ///< agents in the largest component of the living / all agents
    /// Second largest modulus of an eigenvalue of kappa w among the living, and the steps in which
    /// flows settle by a factor e; nan where `attack.spectral` is off, or where it is not defined.
    double mu2 = std::numeric_limits<double>::quiet_NaN();
    double settling = std::numeric_limits<double>::quiet_NaN();
    /// After `attack.after.adapt` steps; nan where that is 0.
    double final = std::numeric_limits<double>::quiet_NaN();     ///< P then / P before
    double recovery = std::numeric_limits<double>::quiet_NaN();  ///< of what was lost; 1: all
    /// First step with at least nine tenths of what comes back; 0 where nothing does.
    double t90 = std::numeric_limits<double>::quiet_NaN();
    /// sum over steps of max(0, P at the end - P) / P before, steps.
    double area = std::numeric_limits<double>::quiet_NaN();
    /// A proved upper bound of P / P before, whatever the rest does: lost production of a certified
    /// optimum only (docs/model.md), else nan.
    double bound = std::numeric_limits<double>::quiet_NaN();
};

/// An order in short: means over its replicates.
struct AttackSummary {
    job::AttackOrder order = job::AttackOrder::random;
    double r_index = 0.0;  ///< mean of resistance over the points; 0 where all are gone
    double r_index_final = std::numeric_limits<double>::quiet_NaN();  ///< after adaptation
    double threshold = 0.0;  ///< share taken at which the giant component falls most steeply
    AttackPoint at;          ///< at the point next to `attack.fraction`
};

/// Production that can be lost at once, as a share of P, with nothing worse than this: the largest
/// income of an agent, and of a group by level of a nested topology.
struct CertifiedLoss {
    std::string of;  ///< "agent", or the name of a level
    double largest = 0.0;
};

/// One agent taken alone, with frozen allocations.
struct Single {
    AgentId agent = 0;
    double income = 0.0;       ///< v / P before
    double loss = 0.0;         ///< (P before - P without it) / P before
    double criticality = 0.0;  ///< loss / income; nan where it earned nothing
};

struct AttackResult {
    double before = 0.0;  ///< P of the whole system, settled
    std::int64_t agents = 0;
    std::vector<AttackPoint> points;
    std::vector<AttackSummary> summaries;
    std::vector<Single> singles;
    std::vector<CertifiedLoss> certified;  ///< empty unless the system is a certified optimum
    bool interrupted = false;              ///< `AttackBoundary` ended it: singles or points lack
};

/// What an earlier start made of the same attack: its first singles, then its first points.
struct AttackStart {
    std::vector<Single> singles;
    std::vector<AttackPoint> points;
};

/// Called on every rank after each single and each point with all that was made; it returns true to
/// end the attack there.
using AttackBoundary = std::function<bool(const AttackResult& so_far)>;

/// What a solved run leaves to an attack.
template <class Real>
struct AttackTarget {
    const job::Run& job;
    const simulation::Simulation<Real>& solved;
    const topology::Topology& topology;
    const partition::Partition& partition;
    bool certified = false;
    double gap = 0.0;
};

/// Collective. All curves of job.attack. Each point is a system of its own, which has the living
/// agents of the solved one and their state; it is settled, and then adapts. What `from` holds is
/// not made again. The same bits on any ranks, and however often it was interrupted.
template <class Real>
AttackResult attack(const AttackTarget<Real>& target, const mpi::Communicator& comm,
                    const AttackBoundary& boundary = {}, const AttackStart& from = {});

/// Sets what comes back of the point from the course of P: course[t] is that after t steps of
/// adaptation, the first one that of the settled rest; P was `before` before anything was taken.
void set_recovery(const std::vector<double>& course, double before, AttackPoint& point);

/// Curves in short, in the order of attack.orders; those that are not whole are left out.
std::vector<AttackSummary> summarise(const std::vector<AttackPoint>& points,
                                     const job::Attack& attack);

}  // namespace motley::experiment
