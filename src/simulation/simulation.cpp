#include "motley/simulation/simulation.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "contraction.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {

static_assert(!std::is_move_constructible_v<Simulation<double>>,
              "the exchange refers to members of the simulation");

template <class Real>
Simulation<Real>::Simulation(const model::Spec& spec, std::uint64_t seed,
                             network::DistributedGraph<Real> graph, const mpi::Communicator& comm,
                             const ExchangeOptions& exchange, const TableReader& read_table)
    : spec_(spec),
      seed_(seed),
      graph_(std::move(graph)),
      comm_(comm),
      options_(exchange),
      read_table_(read_table) {
    parameters_.openness = spec.openness;
    set_flow_rules();
    parameters_.elasticity = spec.elasticity;
    parameters_.returns = spec.returns;
    parameters_.learning_exponent = spec.learning_exponent;
    set_change_rules();
    state_.tasks = static_cast<int>(spec.tasks);
    state_.width = model::padded_tasks<Real>(spec.tasks);
    mpi::together(comm_, [&] { draw_capability_and_resource(); });
    draw_demand(spec.demand, seed);
    mpi::together(comm_, [&] {
        draw_allocation();
        allocate_messages();
        allocate_for_flow_rules();
    });
    if (!mean_field()) {
        make_exchange();
        time_exchange();
    }
    if (learns()) measure_isolated();
    if (resources_change()) prepare_resources();
    if (routes()) prepare_routing();
    prepare_losses();
    if (log_welfare()) expect_utility();
}

/// What changes besides allocations, and whether the gap is a bound for all of it.
template <class Real>
void Simulation<Real>::set_change_rules() {
    parameters_.adapts = spec_.adapt;
    parameters_.changes = {
        .learning = spec_.learning_rule, .floor = spec_.learning_floor, .mutation = spec_.mutation};
    // Fixed allocations and growing resources are a linear problem, whatever the returns are.
    const bool concave = spec_.returns <= 1.0 || (grows() && !spec_.adapt);
    const bool stands_still = !learns() && !opens() && !routes() && !migrates() && !arcs_change();
    certificate_ =
        concave && stands_still && !(grows() && spec_.growth_scope == model::GrowthScope::local);
}

template <class Real>
measure::Measures Simulation<Real>::measured_step(double rate) {
    model::Tally tally(state_.tasks);
    std::vector<double> resources;
    if (bounds_growth()) {
        tally.bounds.assign(2 * std::size_t{graph_.owned()}, 0.0);
        resources = group_resources();
    }
    step(rate, &tally);
    const Stopwatch watch(seconds_.reduce);
    if (bounds_growth()) bound_growth(tally, resources);
    measure::Measures measures = measure::reduce(tally, comm_, parameters_, certificate_);
    measures.demand_entropy = demand_entropy_;
    check_finite(measures);
    return measures;
}

template <class Real>
measure::Measures Simulation<Real>::settle(double tolerance, std::int64_t max_steps) {
    Settling settling;
    for (;;) {
        if (const auto measures = settle_step(settling, tolerance, max_steps)) return *measures;
    }
}

template <class Real>
std::optional<measure::Measures> Simulation<Real>::settle_step(Settling& settling, double tolerance,
                                                               std::int64_t max_steps) {
    settling.done += 1;
    settling.batch -= 1;
    if (settling.batch > 0) {
        step(0.0, nullptr);
        return std::nullopt;
    }
    const measure::Measures measures = measured_step(0.0);
    // Below the rounding of the sums the residual no longer falls.
    const bool fell = measures.flow_residual < settling.residual;
    settling.residual = measures.flow_residual;
    if (!fell || settling.done >= max_steps || !(settling.residual > tolerance)) return measures;
    // Flows contract by `contraction` per step. The next measurement comes after half the steps
    // that should take the residual to the tolerance.
    const double contraction = std::max(-std::log(std::max(parameters_.contraction, 1e-3)), 1e-4);
    const auto wanted =
        static_cast<std::int64_t>(std::log(settling.residual / tolerance) / contraction);
    settling.batch = std::clamp<std::int64_t>(wanted / 2, 1, max_steps - settling.done);
    return std::nullopt;
}

template <class Real>
void Simulation<Real>::check_finite(const measure::Measures& measures) const {
    if (std::isfinite(measures.productivity) && std::isfinite(measures.value)) return;
    mpi::together(comm_, [&] {
        for (LocalId row = 0; row < graph_.owned(); ++row) {
            const Real* x = state_.allocation.data() + std::size_t{row} * std::size_t(state_.width);
            bool finite = std::isfinite(read_utility(row));
            for (int k = 0; k < state_.tasks; ++k) finite = finite && std::isfinite(x[k]);
            if (finite) continue;
            Error error = internal_error(
                "step " + std::to_string(steps_) + ": the state of agent " +
                std::to_string(graph_.ids()[row]) +
                " is no longer finite; its inputs exceed the range of the chosen precision");
            error.set_agent(graph_.ids()[row]);
            throw error;
        }
    });
    throw internal_error("step " + std::to_string(steps_) +
                         ": global sums are no longer finite; the inputs exceed the range of the "
                         "chosen precision");
}

template <class Real>
const Real* Simulation<Real>::messages(LocalId row) const {
    const auto parity = static_cast<std::size_t>(mean_field() ? 0 : parity_);
    return state_.messages[parity].data() +
           2 * std::size_t{row} * static_cast<std::size_t>(state_.width);
}

template <class Real>
model::StepArguments<Real> Simulation<Real>::arguments_of_reading() const {
    Arguments arguments;
    arguments.graph = &graph_;
    arguments.state = const_cast<model::State<Real>*>(&state_);
    arguments.parameters = parameters_;
    arguments.parity = parity_;
    if (mean_field()) arguments.totals = totals_.data();
    return arguments;
}

template <class Real>
void Simulation<Real>::read_consumption(LocalId row, double* out) const {
    model::read_consumption(arguments_of_reading(), row, out);
}

template <class Real>
void Simulation<Real>::read_values(LocalId row, double* out) const {
    model::read_values(arguments_of_reading(), row, out);
}

template <class Real>
double Simulation<Real>::read_utility(LocalId row) const {
    return model::read_utility(arguments_of_reading(), row);
}

template <class Real>
double Simulation<Real>::read_income(LocalId row) const {
    return model::read_income(arguments_of_reading(), row);
}

template <class Real>
double Simulation<Real>::read_expenditure(LocalId row) const {
    return model::read_expenditure(arguments_of_reading(), row);
}

/// Hash of the arcs out of an agent: targets and weights as they stand.
template <class Real>
std::uint64_t Simulation<Real>::hash_arcs(LocalId row, std::uint64_t hash) const {
    const auto& out = graph_.out();
    for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
        hash = XXH3_64bits_withSeed(
            &out.weights[e], sizeof(Real),
            hash + static_cast<std::uint64_t>(graph_.agent_of(out.columns[e])));
    }
    return hash;
}

template <class Real>
std::uint64_t Simulation<Real>::state_hash() const {
    std::uint64_t hash = 0;
    const auto width = static_cast<std::size_t>(state_.width);
    const std::size_t bytes = sizeof(Real) * static_cast<std::size_t>(state_.tasks);
    for (std::size_t i = 0; i < graph_.owned(); ++i) {
        auto row = static_cast<std::uint64_t>(graph_.ids()[i]);
        row = XXH3_64bits_withSeed(state_.allocation.data() + i * width, bytes, row);
        row = XXH3_64bits_withSeed(messages(static_cast<LocalId>(i)), bytes, row);
        row = XXH3_64bits_withSeed(messages(static_cast<LocalId>(i)) + width, bytes, row);
        if (learns()) {
            row = XXH3_64bits_withSeed(state_.capability.data() + i * width, bytes, row);
        }
        if (resources_change() || fallible()) {
            row = XXH3_64bits_withSeed(state_.resource.data() + i, sizeof(Real), row);
        }
        if (opens()) row = XXH3_64bits_withSeed(state_.openness.data() + i, sizeof(Real), row);
        if (log_welfare()) row = XXH3_64bits_withSeed(utility_.data() + i, sizeof(double), row);
        if (arcs_change()) row = hash_arcs(static_cast<LocalId>(i), row);
        if (routes()) {
            const auto begin = graph_.out().offsets[i], end = graph_.out().offsets[i + 1];
            row =
                XXH3_64bits_withSeed(routing_.data() + begin, (end - begin) * sizeof(double), row);
        }
        hash += row;
    }
    return comm_.sum_wrapping(hash);
}

template class Simulation<double>;
template class Simulation<float>;

}  // namespace motley::simulation
