#include "motley/simulation/simulation.hpp"

#include <xxhash.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "contraction.hpp"

namespace motley::simulation {
namespace {

/// Adds the time until it goes out of scope.
class Stopwatch {
  public:
    explicit Stopwatch(double& total) : total_(total), start_(Clock::now()) {}
    ~Stopwatch() { total_ += std::chrono::duration<double>(Clock::now() - start_).count(); }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

  private:
    using Clock = std::chrono::steady_clock;
    double& total_;
    Clock::time_point start_;
};

std::size_t product(std::size_t a, int b) {
    return a * static_cast<std::size_t>(b);
}

}  // namespace

template <class Real>
Simulation<Real>::Simulation(const model::Spec& spec, std::uint64_t seed,
                             network::Network<Real> network, const mpi::Communicator& comm,
                             const ExchangeOptions& exchange, const TableReader& read_table)
    : spec_(spec),
      seed_(seed),
      network_(std::move(network)),
      comm_(comm),
      options_(exchange),
      read_table_(read_table) {
    parameters_.openness = spec.openness;
    parameters_.contraction = contraction_of_flows(network_, spec.openness, comm);
    parameters_.elasticity = spec.elasticity;
    parameters_.returns = spec.returns;
    parameters_.learning_exponent = spec.learning_exponent;
    certificate_ = spec.returns <= 1.0 && spec.learning_rate == 0.0 && spec.growth_rate == 0.0;
    state_.tasks = static_cast<int>(spec.tasks);
    state_.width = model::padded_tasks<Real>(spec.tasks);
    mpi::together(comm_, [&] { draw_state(); });
    draw_demand(spec.demand, seed);
    mpi::together(comm_, [&] {
        model::initial_allocation(spec.noise, seed, network_.ids(), state_);
        allocate_messages();
    });
    if (network_.coupling() == network::Coupling::mean_field) return;
    std::vector<std::byte*> buffers;
    for (auto& buffer : state_.messages) {
        buffers.push_back(reinterpret_cast<std::byte*>(buffer.data()));
    }
    const std::size_t unit =
        product(static_cast<std::size_t>(network_.halves_per_unit()), state_.width) * sizeof(Real);
    exchange_ = mpi::make_halo_exchange(options_.kind, comm_, network_.plan(), unit, buffers,
                                        reinterpret_cast<std::byte*>(state_.ghosts.data()));
    if (spec.growth_rate > 0.0 && spec.growth_local) {
        const auto units =
            static_cast<std::size_t>(network_.plan().first_ghost + network_.ghosts());
        reward_rows_ = Buffer<double>(2 * units, 0.0);
        reward_exchange_ = mpi::make_halo_exchange(
            mpi::ExchangeKind::persistent, comm_, network_.plan(), 2 * sizeof(double),
            reinterpret_cast<std::byte*>(reward_rows_.data()));
    }
    time_exchange();
}

template <class Real>
std::vector<double> Simulation<Real>::read_rows(const std::string& file, std::int64_t width) const {
    // Tables know hosts only.
    std::vector<AgentId> hosts;
    for (const AgentId id : network_.ids()) {
        if (id < network_.hosts()) hosts.push_back(id);
    }
    const std::vector<double> table = read_table_(file, width, hosts);
    if (hosts.size() == network_.ids().size()) return table;
    const auto columns = static_cast<std::size_t>(width);
    std::vector<double> rows(network_.ids().size() * columns, 1.0);
    auto next = table.begin();
    for (LocalId row = 0; row < network_.owned(); ++row) {
        if (network_.is_relay(row)) continue;
        std::copy_n(next, columns, rows.begin() + static_cast<long>(row * columns));
        next += static_cast<long>(columns);
    }
    return rows;
}

template <class Real>
void Simulation<Real>::draw_state() {
    const auto ids = network_.ids();
    const auto rows_of = [&](const model::Distribution& distribution, std::int64_t width) {
        return distribution.kind == model::Distribution::Kind::file
                   ? read_rows(distribution.file, width)
                   : std::vector<double>{};
    };
    state_.capability = Buffer<Real>(product(ids.size(), state_.width));
    state_.allocation = Buffer<Real>(product(ids.size(), state_.width));
    model::fill_rows<Real>(spec_.capability, seed_, Stream::capability, ids, network_.agents(),
                           spec_.tasks, state_.width, false, rows_of(spec_.capability, spec_.tasks),
                           state_.capability.data());
    state_.resource_value = spec_.resource.value;
    const bool same = model::is_common(spec_.resource);
    if (same && spec_.growth_rate == 0.0 && !network_.has_relays()) return;
    state_.resource = Buffer<Real>(ids.size());
    model::fill_rows<Real>(spec_.resource, seed_, Stream::resource, ids, network_.agents(), 1, 1,
                           false, rows_of(spec_.resource, 1), state_.resource.data());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (state_.resource[i] > 0) continue;
        throw input_error("the resource of agent " + std::to_string(ids[i]) + " is " +
                              std::to_string(state_.resource[i]) + "; it must be positive",
                          {spec_.resource.file});
    }
    silence_relays();
}

template <class Real>
void Simulation<Real>::silence_relays() {
    if (!network_.has_relays()) return;
    const auto width = static_cast<std::size_t>(state_.width);
    for (LocalId row = 0; row < network_.owned(); ++row) {
        if (!network_.is_relay(row)) continue;
        state_.resource[row] = 0;
        std::fill_n(state_.capability.data() + row * width, width, Real{0});
    }
}

template <class Real>
void Simulation<Real>::draw_demand(const model::Distribution& demand, std::uint64_t seed) {
    const auto ids = network_.ids();
    std::vector<ExactSum> mean(static_cast<std::size_t>(state_.width));
    mpi::together(comm_, [&] {
        state_.demand_per_agent = !model::is_common(demand);
        const std::size_t rows = state_.demand_per_agent ? ids.size() : 1;
        const AgentId first = 0;
        std::vector<double> table;
        if (demand.kind == model::Distribution::Kind::file) {
            table = read_rows(demand.file, spec_.tasks);
        }
        state_.demand = Buffer<Real>(product(rows, state_.width));
        model::fill_rows<Real>(demand, seed, Stream::demand,
                               state_.demand_per_agent ? ids : std::span<const AgentId>(&first, 1),
                               network_.agents(), spec_.tasks, state_.width, true, table,
                               state_.demand.data());
        const auto width = static_cast<std::size_t>(state_.width);
        for (std::size_t i = 0; i < (state_.demand_per_agent ? ids.size() : 1); ++i) {
            if (state_.demand_per_agent && network_.is_relay(static_cast<LocalId>(i))) continue;
            for (std::size_t k = 0; k < width; ++k) mean[k].add(state_.demand[i * width + k]);
        }
    });
    if (state_.demand_per_agent) comm_.sum(std::span<ExactSum>(mean));
    std::vector<double> weights;
    for (const auto& sum : mean) weights.push_back(sum.value());
    demand_entropy_ = measure::entropy(weights);
}

template <class Real>
void Simulation<Real>::change_demand(const model::Distribution& demand, std::size_t index) {
    draw_demand(demand, seed_ ^ (0x9e3779b97f4a7c15ULL * (index + 1)));
}

template <class Real>
void Simulation<Real>::allocate_messages() {
    const bool mean_field = network_.coupling() == network::Coupling::mean_field;
    const std::size_t size = product(2 * std::size_t{network_.owned()}, state_.width);
    state_.ghosts = Buffer<Real>(product(network_.ghost_halves(), state_.width), Real{0});
    state_.messages[0] = Buffer<Real>(size, Real{0});
    if (!mean_field) state_.messages[1] = Buffer<Real>(size, Real{0});
    if (mean_field) totals_.assign(product(2, state_.width), 0.0);
    if (spec_.growth_rate > 0.0) reward_.assign(network_.owned(), 0.0);
}

template <class Real>
void Simulation<Real>::time_exchange() {
    // All rows are still zero: exchanging them changes nothing.
    constexpr int repetitions = 3;
    comm_.barrier();
    double total = 0.0;
    {
        const Stopwatch watch(total);
        for (int i = 0; i < repetitions; ++i) {
            exchange_->start(0);
            exchange_->finish(0);
        }
    }
    seconds_.exchange_alone = total / repetitions;
}

template <class Real>
void Simulation<Real>::compute(model::StepArguments<Real>& arguments, LocalId begin, LocalId end,
                               bool progress) {
    const Stopwatch watch(seconds_.compute);
    if (!progress) {
        model::step_rows(arguments, begin, end);
        return;
    }
    // In slices, so that the library can move messages on while we compute.
    constexpr LocalId slices = 16;
    const LocalId slice = std::max<LocalId>((end - begin) / slices, 1024);
    for (LocalId at = begin; at < end; at += slice) {
        model::step_rows(arguments, at, std::min<LocalId>(end, at + slice));
        exchange_->progress(parity_);
    }
}

/// The step. With parity b, messages[b] holds what every owned agent sent in the step before, the
/// ghosts are stale; x, a, R are those that this step produces with.
///
///   start     packs rows of messages[b] and sends them                  reads messages[b]
///   interior  rows without ghosts: produce .. adapt      reads messages[b], writes
///             messages[1-b], x (a)
///   finish    ghosts arrive                              writes ghosts
///   boundary  the remaining rows, the same body          reads also ghosts, writes as interior
///   totals    mean field only, instead of the exchange: exact sums of the new messages
///   grow      R from this step's rewards (rho > 0)
///
/// After: messages[1-b] holds the new stocks and values of all owned agents; b flips.
template <class Real>
void Simulation<Real>::step(double rate, model::Tally* tally) {
    parameters_.rate = rate;
    parameters_.learning_rate = rate > 0.0 ? spec_.learning_rate : 0.0;
    model::StepArguments<Real> arguments;
    arguments.network = &network_;
    arguments.state = &state_;
    arguments.parameters = parameters_;
    arguments.parity = parity_;
    arguments.tally = tally;
    const bool growing = rate > 0.0 && spec_.growth_rate > 0.0;
    if (growing) arguments.reward = reward_.data();

    if (network_.coupling() == network::Coupling::mean_field) {
        arguments.totals = totals_.data();
        compute(arguments, 0, network_.owned());
        sum_messages();
    } else if (options_.overlap) {
        {
            const Stopwatch watch(seconds_.pack);
            exchange_->start(parity_);
        }
        compute(arguments, 0, network_.interior(), true);
        {
            const Stopwatch watch(seconds_.wait);
            exchange_->finish(parity_);
        }
        compute(arguments, network_.interior(), network_.owned());
        parity_ = 1 - parity_;
    } else {
        {
            const Stopwatch watch(seconds_.pack);
            exchange_->start(parity_);
        }
        {
            const Stopwatch watch(seconds_.wait);
            exchange_->finish(parity_);
        }
        compute(arguments, 0, network_.owned());
        parity_ = 1 - parity_;
    }
    if (growing) grow_resources();
    steps_ += 1;
}

template <class Real>
void Simulation<Real>::sum_messages() {
    const Stopwatch watch(seconds_.reduce);
    std::vector<ExactSum> sums(totals_.size());
    model::add_messages(state_, network_.owned(), std::span<ExactSum>(sums));
    comm_.sum(std::span<ExactSum>(sums));
    for (std::size_t k = 0; k < totals_.size(); ++k) totals_[k] = sums[k].value();
}

template <class Real>
void Simulation<Real>::grow_resources() {
    const Stopwatch watch(seconds_.reduce);
    const std::size_t owned = network_.owned();
    std::vector<double> mean(owned, 0.0);
    const bool local = spec_.growth_local && network_.coupling() != network::Coupling::mean_field;
    if (!local) {
        std::vector<ExactSum> sums(2);
        for (std::size_t i = 0; i < owned; ++i) {
            sums[0].add(reward_[i] * static_cast<double>(state_.resource[i]));
            sums[1].add(static_cast<double>(state_.resource[i]));
        }
        comm_.sum(std::span<ExactSum>(sums));
        std::fill(mean.begin(), mean.end(), sums[0].value() / sums[1].value());
    } else {
        // Units are whole rows (uniform) or half rows (weighted: stock 2 r, value 2 r + 1); both
        // halves carry the agent's pair, so that in- and out-neighbours find it.
        const auto per_agent = static_cast<std::size_t>(2 / network_.halves_per_unit());
        for (std::size_t u = 0; u < owned * per_agent; ++u) {
            const auto resource = static_cast<double>(state_.resource[u / per_agent]);
            reward_rows_[2 * u] = reward_[u / per_agent] * resource;
            reward_rows_[2 * u + 1] = resource;
        }
        reward_exchange_->start(0);
        reward_exchange_->finish(0);
        const auto& rows = network_.in();
        for (std::size_t i = 0; i < owned; ++i) {
            double earned = reward_rows_[2 * i * per_agent];
            double spent = reward_rows_[2 * i * per_agent + 1];
            for (auto e = rows.offsets[i]; e < rows.offsets[i + 1]; ++e) {
                if (rows.columns[e] == i * per_agent) continue;  // a loop: counted already
                earned += reward_rows_[2 * std::size_t{rows.columns[e]}];
                spent += reward_rows_[2 * std::size_t{rows.columns[e]} + 1];
            }
            mean[i] = earned / spent;
        }
    }
    model::grow(spec_.growth_rate, reward_, mean, state_);
}

template <class Real>
measure::Measures Simulation<Real>::measured_step(double rate) {
    model::Tally tally(state_.tasks);
    step(rate, &tally);
    const Stopwatch watch(seconds_.reduce);
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
    // Rounding has the last word: below it flows keep jittering.
    const bool fell = measures.flow_residual < settling.residual;
    settling.residual = measures.flow_residual;
    if (!fell || settling.done >= max_steps || !(settling.residual > tolerance)) return measures;
    // Flows contract by lambda per step: measure again when that should have paid off.
    const double contraction = std::max(-std::log(std::max(parameters_.contraction, 1e-3)), 1e-4);
    const auto wanted =
        static_cast<std::int64_t>(std::log(settling.residual / tolerance) / contraction);
    settling.batch = std::clamp<std::int64_t>(wanted / 2, 1, max_steps - settling.done);
    return std::nullopt;
}

template <class Real>
void Simulation<Real>::restore(const StateRows& rows, std::size_t changes, std::int64_t steps) {
    if (changes > 0) change_demand(spec_.schedule[changes - 1].demand, changes - 1);
    const auto width = static_cast<std::size_t>(state_.width);
    const auto tasks = static_cast<std::size_t>(state_.tasks);
    const auto take = [&](const std::vector<double>& from, Real* to, std::size_t stride) {
        for (std::size_t i = 0; i * tasks < from.size(); ++i) {
            for (std::size_t k = 0; k < tasks; ++k) {
                to[i * stride + k] = static_cast<Real>(from[i * tasks + k]);
            }
        }
    };
    take(rows.allocation, state_.allocation.data(), width);
    take(rows.capability, state_.capability.data(), width);
    take(rows.stock, state_.messages[0].data(), 2 * width);
    take(rows.value, state_.messages[0].data() + width, 2 * width);
    for (std::size_t i = 0; i < rows.resource.size(); ++i) {
        state_.resource[i] = static_cast<Real>(rows.resource[i]);
    }
    parity_ = 0;
    steps_ = steps;
    if (network_.coupling() == network::Coupling::mean_field) sum_messages();
}

template <class Real>
void Simulation<Real>::check_finite(const measure::Measures& measures) const {
    if (std::isfinite(measures.productivity) && std::isfinite(measures.value)) return;
    mpi::together(comm_, [&] {
        for (LocalId row = 0; row < network_.owned(); ++row) {
            double u = 0.0;
            read_agent(row, nullptr, nullptr, &u);
            const Real* x = state_.allocation.data() + product(row, state_.width);
            bool finite = std::isfinite(u);
            for (int k = 0; k < state_.tasks; ++k) finite = finite && std::isfinite(x[k]);
            if (finite) continue;
            Error error = internal_error(
                "step " + std::to_string(steps_) + ": the state of agent " +
                std::to_string(network_.ids()[row]) +
                " is no longer finite; its inputs exceed the range of the chosen precision");
            error.set_agent(network_.ids()[row]);
            throw error;
        }
    });
    throw internal_error("step " + std::to_string(steps_) +
                         ": global sums are no longer finite; the inputs exceed the range of the "
                         "chosen precision");
}

template <class Real>
void Simulation<Real>::read_agent(LocalId row, double* consumption, double* value,
                                  double* utility) const {
    model::StepArguments<Real> arguments;
    arguments.network = &network_;
    arguments.state = const_cast<model::State<Real>*>(&state_);
    arguments.parameters = parameters_;
    arguments.parity = parity_;
    model::read_agent(arguments, row, consumption, value, utility);
}

template <class Real>
std::uint64_t Simulation<Real>::state_hash() const {
    std::uint64_t hash = 0;
    const auto width = static_cast<std::size_t>(state_.width);
    const std::size_t bytes = product(sizeof(Real), state_.tasks);
    for (std::size_t i = 0; i < network_.owned(); ++i) {
        auto row = static_cast<std::uint64_t>(network_.ids()[i]);
        row = XXH3_64bits_withSeed(state_.allocation.data() + i * width, bytes, row);
        row = XXH3_64bits_withSeed(messages(static_cast<LocalId>(i)), bytes, row);
        row = XXH3_64bits_withSeed(messages(static_cast<LocalId>(i)) + width, bytes, row);
        if (learns()) {
            row = XXH3_64bits_withSeed(state_.capability.data() + i * width, bytes, row);
        }
        if (grows()) {
            row = XXH3_64bits_withSeed(state_.resource.data() + i, sizeof(Real), row);
        }
        hash += row;
    }
    return comm_.sum_wrapping(hash);
}

template class Simulation<double>;
template class Simulation<float>;

}  // namespace motley::simulation
