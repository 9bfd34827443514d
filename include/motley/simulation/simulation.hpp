// A production system on this rank's part of the network, and its step.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "motley/measure/measures.hpp"
#include "motley/model/growth.hpp"
#include "motley/model/step_rows.hpp"
#include "motley/mpi/halo_exchange.hpp"
#include "motley/network/arc_exchange.hpp"
#include "motley/network/distributed_graph.hpp"
#include "motley/simulation/agent_groups.hpp"
#include "motley/simulation/options.hpp"

namespace motley::simulation {

/// Reads the rows of `ids` from a table file: ids.size() x width numbers.
using TableReader = std::function<std::vector<double>(const std::string& path, std::int64_t width,
                                                      std::span<const AgentId> ids)>;

/// Seconds that this rank spent in each phase.
struct PhaseSeconds {
    double compute = 0.0;         ///< kernels
    double pack = 0.0;            ///< starting an exchange
    double wait = 0.0;            ///< finishing it
    double reduce = 0.0;          ///< global sums
    double exchange_alone = 0.0;  ///< one exchange with nothing to hide it, measured at the start
};

/// Progress of settling: steps with frozen allocations, of which some are measured.
struct Settling {
    std::int64_t done = 0;       ///< steps made
    std::int64_t batch = 1;      ///< steps until the next measurement, that one included
    double residual = INFINITY;  ///< at the last measurement
};

/// An arc, what it carries of what its source passes on, and what that is worth to its target.
struct ArcValue {
    AgentId source, target;
    double factor;  ///< kappa w
    double value;   ///< kappa w sum_k z q, z what the source passes on, q the values of the target
};

/// Per-agent rows that decide the future of a simulation, in local order, K numbers each
/// (`resource`: one). Rows that are not part of the state of this simulation are empty.
struct StateRows {
    std::vector<double> allocation, stock, value, capability, resource;
    std::vector<double> utility;   ///< u of the last step, one number; log welfare only
    std::vector<double> openness;  ///< one number; where it is chosen
    /// Where agents may fail, one number each: the resource without losses, and the factor of it
    /// that is there.
    std::vector<double> own_resource, factor;
    bool rewired = false;  ///< the arcs are not those of the topology; `routing` has them
    /// Arcs out of owned agents; where routing is chosen or arcs are replaced.
    struct RoutedArc {
        AgentId source, target;
        double weight;
    };
    std::vector<RoutedArc> routing;
    /// Accelerated searches only; `moves` is one number. The earlier messages are those before
    /// `stock` and `value`; a mean field has none.
    std::vector<double> velocity, moves, earlier_stock, earlier_value;
    bool accelerated = false;  ///< the same on all ranks
};

/// What becomes of the share w that an agent sends along an arc.
enum class Passage : std::uint8_t {
    open,
    lost,     ///< the share is lost
    rerouted  ///< it is divided among the other arcs of the agent, by their weights
};

/// Who the agents of a part of a system are.
struct Survivors {
    std::function<AgentId(AgentId)> in_whole;  ///< the agent of the whole that an agent is
    std::function<bool(AgentId)> makes;        ///< whether that agent of the whole makes anything
};

/// All members are collective unless they say not. The exchange reads the plan of `graph_` and
/// writes into buffers of `state_`, so a simulation cannot be moved.
template <class Real>
class Simulation {
  public:
    /// Takes the graph over; `comm` must outlive the simulation. Draws or reads the initial state;
    /// input errors are thrown together.
    Simulation(const model::Spec& spec, std::uint64_t seed, network::DistributedGraph<Real> graph,
               const mpi::Communicator& comm, const ExchangeOptions& exchange,
               const TableReader& read_table);
    /// What is left of `whole` when agents are gone: `graph` is that of the living, each on the
    /// rank that it had. Goes on from the state of `whole` by the rules of `spec`, which differs
    /// from its own in rates only.
    Simulation(const Simulation& whole, const model::Spec& spec,
               network::DistributedGraph<Real> graph, const Survivors& survivors);
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// Advances the system by one step (step.cpp). `rate` = eta; 0 freezes allocations (and
    /// capabilities and resources) while flows go on settling. `tally` (or null) receives what the
    /// step did.
    void step(double rate, model::Tally* tally);

    /// A step that is measured.
    measure::Measures measured_step(double rate);

    /// Repeats steps with frozen allocations until flows settle: until the unsettled part of the
    /// certificate is below `tolerance` or no longer falls. Returns the measures of the last step.
    measure::Measures settle(double tolerance, std::int64_t max_steps);
    /// Makes one step of settling. Returns the measures when it was the last.
    std::optional<measure::Measures> settle_step(Settling& settling, double tolerance,
                                                 std::int64_t max_steps);

    /// Draws or reads a new demand (schedule entry `index`).
    void change_demand(const model::Distribution& demand, std::size_t index);

    /// Sets the demand of all agents, K numbers that sum to 1.
    void set_demand(std::span<const double> shares);
    /// The demand of all agents as it stands, K numbers. It must be common to them.
    std::vector<double> common_demand() const;

    // Losses (fallible.cpp), where the rules say that agents may fail or arcs change.

    /// The resource of every row is its own one times a factor from now on. Own resources go on
    /// changing while the factor is positive; with factor 0 they wait. Not collective.
    void scale_resources(std::span<const double> factors);
    /// Rows that come back start with nothing under way, as agents do at the start of a run.
    void clear_messages(std::span<const LocalId> rows);
    /// What becomes of the share of every out-arc from now on, in the order of the out-rows.
    void set_passages(std::span<const Passage> passages);
    /// The state moves to other arcs between the same agents on the same ranks; all arcs are open.
    void take_graph(network::DistributedGraph<Real> graph);
    bool fallible() const { return spec_.fallible; }
    bool arcs_change() const { return spec_.arcs_change; }
    /// Where agents may fail, one number per row: see StateRows.
    const std::vector<double>& own_resources() const { return own_resource_; }
    const std::vector<double>& resource_factors() const { return factor_; }

    /// Continues from the state of another simulation of the same system, on any number of ranks.
    /// That simulation made `steps` steps and `changes` entries of the demand's schedule.
    void restore(const StateRows& rows, std::size_t changes, std::int64_t steps);
    /// Capabilities change, so that they are part of the state.
    bool learns() const { return spec_.learning_rate > 0.0; }
    bool grows() const { return spec_.growth_rate > 0.0; }
    /// Agents send resource along their arcs.
    bool migrates() const { return spec_.migration > 0.0; }
    /// Resources change, so that they are part of the state.
    bool resources_change() const { return model::resources_change(spec_); }
    /// Resources grow at the rate of adaptation from now on, not at their own: in a search for the
    /// optimum both find their own speed.
    void grow_with_adaptation() { growth_follows_ = true; }
    /// Steps that adapt look ahead and have momentum from now on (acceleration.cpp); does nothing
    /// when they do already. `stop_accelerating` makes them common steps again.
    void accelerate();
    void stop_accelerating();
    /// Momentum and the earlier messages are part of the state.
    bool accelerates() const { return parameters_.acceleration.on; }
    /// Agents choose their openness, so that it is part of the state.
    bool opens() const { return spec_.openness_rate > 0.0; }
    /// Agents choose their routing, so that the weights of arcs are part of the state.
    bool routes() const { return spec_.routing_rate > 0.0; }
    /// The sum of ln u is maximised, so that the utilities of the last step are part of the state.
    bool log_welfare() const { return spec_.welfare == model::Welfare::log; }

    /// Hash, independent of order, of the whole state over all ranks: allocations, messages, and
    /// capabilities and resources if they change.
    std::uint64_t state_hash() const;

    /// The arcs out of owned agents, as they stand after the last step; none where sums over all
    /// agents replace arcs. Exchanges the messages once; the state stays. `wanted`: a mark per row
    /// whose arcs are wanted; empty: all are.
    std::vector<ArcValue> arc_values(std::span<const std::uint8_t> wanted = {});

    // The rest is not collective.

    /// The message that the agent of the row sent in the last step: stock, then value, each
    /// `state().width` numbers; the stock is scaled as in messages.
    const Real* messages(LocalId row) const;
    /// The message of the step before that. Only where agents are linked by arcs.
    const Real* earlier_messages(LocalId row) const;
    /// Writes what the agent of the row got in the last step to `out`: consumption c and values q
    /// (K numbers each), then utility u.
    void read_consumption(LocalId row, double* out) const;
    void read_values(LocalId row, double* out) const;
    double read_utility(LocalId row) const;
    /// Income v = sum_k q y and expenditure e = sum_k p c of the agent of the row; see
    /// model::read_income.
    double read_income(LocalId row) const;
    double read_expenditure(LocalId row) const;

    std::int64_t steps() const { return steps_; }  ///< all steps, settling ones included
    const network::DistributedGraph<Real>& graph() const { return graph_; }
    const model::State<Real>& state() const { return state_; }
    /// Arcs out of owned agents with the share w of each, sorted by target within a row. Of arcs
    /// that may be closed it is the share while all are open.
    std::vector<network::RoutedArc> routing() const;
    /// The same shares alone, in the order of the out-rows.
    std::span<const double> shares() const { return routing_.span(); }
    /// u of every row in the last step; empty unless the sum of ln u is maximised.
    const std::vector<double>& utilities() const { return utility_; }
    const PhaseSeconds& seconds() const { return seconds_; }
    /// Null for the mean field.
    const mpi::HaloExchange* exchange() const { return exchange_.get(); }
    /// P of the initial state if agents passed nothing on; nan unless capabilities change.
    double isolated_productivity() const { return isolated_productivity_; }
    double demand_entropy() const { return demand_entropy_; }
    bool certificate() const { return certificate_; }
    /// Sums over all agents replace arcs: a complete graph or a pool.
    bool mean_field() const { return !graph_.has_arcs(); }
    /// Flows settle as fast as those of agents that pass on this share.
    double contraction() const { return parameters_.contraction; }
    std::size_t bytes() const { return graph_.bytes() + state_.bytes(); }

  private:
    using Arguments = model::StepArguments<Real>;

    // Set-up (initial_state.cpp).
    void draw_capability_and_resource();
    void set_change_rules();
    void draw_allocation();
    void measure_isolated();
    void draw_demand(const model::Distribution& demand, std::uint64_t seed);
    std::vector<double> read_rows(const std::string& file, std::int64_t width) const;
    std::vector<double> file_rows(const model::Distribution& distribution,
                                  std::int64_t width) const;
    void silence_relays();
    void allocate_messages();
    void make_exchange();
    void time_exchange();

    // What is left of another simulation (survivors.cpp).
    std::vector<LocalId> rows_in(const Simulation& whole, const Survivors& survivors) const;
    void copy_survivors(const Simulation& whole, const Survivors& survivors,
                        std::span<const LocalId> rows);
    void copy_messages(const Simulation& whole, std::span<const LocalId> rows);

    // The phases of a step (step.cpp).
    void pass(const Arguments& arguments);
    void start();
    void interior(const Arguments& arguments);
    void finish();
    void boundary(const Arguments& arguments);
    void totals();
    void add_over_pool(Arguments& pass, double* totals);
    void price_for_all(Arguments& pass);
    void pool_passes(const Arguments& arguments);
    // Resources that change (growth.cpp, migration.cpp).
    void prepare_resources();
    void grow();
    void conserve(const std::vector<double>& before);
    std::vector<double> mean_reward_of_groups(const std::vector<double>& spent) const;
    std::vector<double> mean_reward_of_neighbours();
    std::vector<double> group_resources() const;
    void bound_growth(model::Tally& tally, const std::vector<double>& resources) const;
    // Chosen routing (routing.cpp).
    void prepare_routing();
    void choose_routing();
    void set_weights();
    void share_migration();
    // Arcs that change (fallible.cpp).
    void prepare_losses();
    std::uint64_t hash_arcs(LocalId row, std::uint64_t hash) const;
    void note_routing();
    void set_open_weights(std::span<const Passage> passages);
    void move_rows(std::span<const LocalId> from);
    void restore_losses(const StateRows& rows);
    void restore_routing(std::span<const StateRows::RoutedArc> arcs);
    void prepare_migration();
    void migrate();
    void migrate_evenly();
    void exchange_agent_rows();
    // Own rules of flows (flow_rules.cpp).
    void set_flow_rules();
    void allocate_for_flow_rules();
    void expect_utility();
    void average_utility();
    void restore_flow_rules(const StateRows& rows);
    // Accelerated searches (acceleration.cpp).
    void restore_acceleration(const StateRows& rows);

    Arguments arguments_of_step(model::Tally* tally);
    Arguments arguments_of_reading() const;
    void check_finite(const measure::Measures& measures) const;
    /// True when resources grow in this step.
    bool growing() const { return grows() && parameters_.rate > 0.0; }
    /// The gap counts that resources may grow elsewhere.
    bool bounds_growth() const { return grows() && certificate_; }
    bool pool() const { return graph_.coupling() == model::Coupling::pool; }

    model::Spec spec_;
    std::uint64_t seed_;
    network::DistributedGraph<Real> graph_;
    const mpi::Communicator& comm_;
    ExchangeOptions options_;
    TableReader read_table_;
    model::State<Real> state_;
    model::Parameters parameters_;
    std::unique_ptr<mpi::HaloExchange> exchange_;  ///< null for the mean field
    std::vector<double> totals_;         ///< mean field: sums of stock and value, 2 x width
    std::vector<double> reward_;         ///< growth only
    std::vector<double> utility_;        ///< log welfare only: u of every row in the last step
    std::optional<AgentGroups> groups_;  ///< growth, but local: with whom an agent is compared
    bool growth_follows_ = false;
    // Chosen routing and arcs that change: the share w of each out-arc, and the exchange of
    // weights. Chosen routing only: what an arc is worth per unit of survival.
    Buffer<double> routing_, arc_worth_;
    std::unique_ptr<network::ArcExchange<Real>> arc_exchange_;
    /// Two numbers of every agent that its neighbours read, and their exchange: local growth and
    /// migration only. Of owned units and ghosts.
    std::unique_ptr<mpi::HaloExchange> agent_exchange_;
    Buffer<double> agent_rows_;
    /// Migration: how much of its resource an agent sends per unit of weight of its arcs; 0 where
    /// it has none.
    std::vector<double> migration_share_;
    Buffer<std::uint8_t> migration_arcs_;  ///< in-arcs that are used; empty: all
    // Where agents may fail: R without losses, and the factor of each.
    std::vector<double> own_resource_, factor_;
    int parity_ = 0;  ///< messages[parity_] is what agents sent last
    std::int64_t steps_ = 0;
    double demand_entropy_ = 0.0;
    double isolated_productivity_ = std::numeric_limits<double>::quiet_NaN();
    bool certificate_ = true;
    PhaseSeconds seconds_;
};

extern template class Simulation<double>;
extern template class Simulation<float>;

}  // namespace motley::simulation
