// The state of this rank's agents and the parameters of the step.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "motley/core/buffer.hpp"
#include "motley/core/ids.hpp"
#include "motley/core/random.hpp"
#include "motley/model/change_rules.hpp"
#include "motley/model/flow_rules.hpp"
#include "motley/model/spec.hpp"

namespace motley::model {

/// Rows are padded to this many tasks, so that vectors never have a scalar tail. Padded tasks have
/// no capability and no demand; they stay exactly 0.
template <class Real>
int padded_tasks(std::int64_t tasks);

/// Allocations are kept at or above this share where the capability is positive, so that a task
/// that was given up can be taken up again.
inline constexpr double allocation_floor = 1e-15;

/// rho = (sigma - 1) / sigma; 1 where sigma is infinite.
double exponent_of(double elasticity);

/// How a search for the optimum makes fewer steps (docs/model.md). Only steps that adapt look ahead
/// and have momentum; steps with frozen allocations are the same with it and without.
struct Acceleration {
    /// False: the common step. True: the state has the rows `velocity` and `moves`.
    bool on = false;
    /// How far stocks and values are looked ahead: in units of their change since the rows that
    /// the step overwrites, which are two steps old, or one for a mean field. 0: not at all.
    double ahead = 0.0;
};

/// Parameters of one step; symbols of docs/model.md.
struct Parameters {
    double openness = 0.9;  ///< lambda
    /// Flows settle as if every agent passed on this share: lambda, or more where there are relays.
    double contraction = 0.9;
    double elasticity = 0.7;         ///< sigma
    double returns = 1.0;            ///< gamma
    double rate = 0.05;              ///< eta; 0: allocations are frozen
    double learning_rate = 0.0;      ///< mu
    double learning_exponent = 1.0;  ///< p
    /// False: allocations stay as they are, whatever the rate.
    bool adapts = true;
    FlowRules flows;
    ChangeRules changes;
    Acceleration acceleration;
};

/// Rows of the owned agents, in the local order of the network.
template <class Real>
struct State {
    int tasks = 0;            ///< K
    int width = 0;            ///< K padded
    Buffer<Real> allocation;  ///< x, owned x width
    Buffer<Real> capability;  ///< a, owned x width
    Buffer<Real> resource;    ///< R, owned; empty when all are `resource_value`
    double resource_value = 1.0;
    bool demand_per_agent = false;
    Buffer<Real> demand;  ///< D, owned x width, or one row of width when common
    /// Messages (stock | value) of owned agents, 2 x width per agent, two parities.
    /// Uniform coupling stores the stock divided by the degree (see `stock_scale`). The mean field
    /// keeps one buffer, updated in place.
    std::array<Buffer<Real>, 2> messages;
    Buffer<Real> openness;  ///< lambda_i, owned; empty unless agents choose it
    /// With own rules of flows, what the last step gave: consumption | value, 2 x width per agent.
    Buffer<Real> received;
    // Accelerated searches only.
    Buffer<Real> velocity;  ///< m, the last change of ln x before it was normalised, owned x width
    Buffer<Real> moves;     ///< n, steps since the momentum of the agent started anew, owned
    /// Units of other ranks, of the parity that is read. Each exchange overwrites them.
    Buffer<Real> ghosts;

    double resource_of(std::size_t row) const {
        return resource.empty() ? resource_value : static_cast<double>(resource[row]);
    }
    const Real* demand_of(std::size_t row) const {
        return demand.data() +
               (demand_per_agent ? row * static_cast<std::size_t>(width) : std::size_t{0});
    }
    std::size_t bytes() const {
        return allocation.bytes() + capability.bytes() + resource.bytes() + demand.bytes() +
               messages[0].bytes() + messages[1].bytes() + ghosts.bytes() + openness.bytes() +
               received.bytes() + velocity.bytes() + moves.bytes();
    }
};

/// A request for rows: which agents they are for, and the layout of the rows.
struct RowRequest {
    std::uint64_t seed = 1;
    Stream stream = Stream::capability;
    std::span<const AgentId> ids;  ///< one row each
    AgentId agents = 0;            ///< number of agents of the whole system
    std::int64_t tasks = 1;
    int width = 1;                    ///< numbers per row; those from `tasks` on are 0
    bool shares = false;              ///< every row is scaled so that it sums to 1
    std::span<const double> table{};  ///< the rows of a file, ids.size() x tasks; else empty
};

/// Draws or copies rows into `out`, ids.size() x width: entry k of agent i depends on (seed,
/// stream, i, k) only. Where rows are shares, an input error names the agent whose row sums to 0.
template <class Real>
void fill_rows(const Distribution& distribution, const RowRequest& request, Real* out);

/// True when every agent has the same row, so that one row is enough.
bool is_common(const Distribution& distribution);

/// How initial allocations are made.
struct AllocationRequest {
    FirstAllocation kind = FirstAllocation::even;
    double noise = 0.0;
    std::uint64_t seed = 1;
    std::span<const AgentId> ids;
    std::span<const double> table{};  ///< the rows of a file, ids.size() x tasks; else empty
    std::string file{};               ///< for messages
};

/// Initial allocation: even, like the demand, or as given, over the tasks that the agent can do,
/// times exp(noise normal). An input error names an agent that is given effort for a task that it
/// cannot do, or that has no task left.
template <class Real>
void initial_allocation(const AllocationRequest& request, State<Real>& state);

}  // namespace motley::model
