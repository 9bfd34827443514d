// The initial state of a simulation: capabilities, resources, demands and allocations that are
// drawn or read, message buffers, and the exchange between them.
#include <cmath>

#include "motley/simulation/simulation.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {

template <class Real>
std::vector<double> Simulation<Real>::read_rows(const std::string& file, std::int64_t width) const {
    // Tables have rows for hosts only.
    std::vector<AgentId> hosts;
    for (const AgentId id : graph_.ids()) {
        if (id < graph_.hosts()) hosts.push_back(id);
    }
    const std::vector<double> table = read_table_(file, width, hosts);
    if (hosts.size() == graph_.ids().size()) return table;
    const auto columns = static_cast<std::size_t>(width);
    std::vector<double> rows(graph_.ids().size() * columns, 1.0);
    auto next = table.begin();
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        if (graph_.is_relay(row)) continue;
        std::copy_n(next, columns, rows.begin() + static_cast<long>(row * columns));
        next += static_cast<long>(columns);
    }
    return rows;
}

template <class Real>
std::vector<double> Simulation<Real>::file_rows(const model::Distribution& distribution,
                                                std::int64_t width) const {
    if (distribution.kind != model::Distribution::Kind::file) return {};
    return read_rows(distribution.file, width);
}

template <class Real>
void Simulation<Real>::draw_capability_and_resource() {
    const auto ids = graph_.ids();
    const auto size = ids.size() * static_cast<std::size_t>(state_.width);
    state_.capability = Buffer<Real>(size);
    state_.allocation = Buffer<Real>(size);
    const auto abilities = file_rows(spec_.capability, spec_.tasks);
    model::fill_rows<Real>(spec_.capability,
                           {.seed = seed_,
                            .stream = Stream::capability,
                            .ids = ids,
                            .agents = graph_.agents(),
                            .tasks = spec_.tasks,
                            .width = state_.width,
                            .table = abilities},
                           state_.capability.data());
    state_.resource_value = spec_.resource.value;
    const bool same = model::is_common(spec_.resource);
    if (same && !resources_change() && !spec_.fallible && !graph_.has_relays()) return;
    state_.resource = Buffer<Real>(ids.size());
    const auto resources = file_rows(spec_.resource, 1);
    model::fill_rows<Real>(spec_.resource,
                           {.seed = seed_,
                            .stream = Stream::resource,
                            .ids = ids,
                            .agents = graph_.agents(),
                            .table = resources},
                           state_.resource.data());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (state_.resource[i] > 0) continue;
        throw input_error("the resource of agent " + std::to_string(ids[i]) + " is " +
                              std::to_string(state_.resource[i]) + "; it must be positive",
                          {spec_.resource.file});
    }
    silence_relays();
}

template <class Real>
void Simulation<Real>::draw_allocation() {
    std::vector<double> table;
    if (spec_.allocation == model::FirstAllocation::file) {
        table = read_rows(spec_.allocation_file, spec_.tasks);
    }
    model::initial_allocation({.kind = spec_.allocation,
                               .noise = spec_.noise,
                               .seed = seed_,
                               .ids = graph_.ids(),
                               .table = table,
                               .file = spec_.allocation_file},
                              state_);
}

template <class Real>
void Simulation<Real>::measure_isolated() {
    const auto tasks = static_cast<std::size_t>(state_.tasks);
    const auto width = static_cast<std::size_t>(state_.width);
    std::vector<double> made(tasks), wanted(tasks);
    std::vector<ExactSum> sum(1);
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        if (graph_.is_relay(row)) continue;
        for (std::size_t k = 0; k < tasks; ++k) {
            const auto share = static_cast<double>(state_.allocation[row * width + k]);
            made[k] = state_.resource_of(row) *
                      static_cast<double>(state_.capability[row * width + k]) *
                      std::pow(share, spec_.returns);
            wanted[k] = static_cast<double>(state_.demand_of(row)[k]);
        }
        sum[0].add(model::utility(made.data(), wanted.data(), state_.tasks, spec_.elasticity));
    }
    comm_.sum(std::span<ExactSum>(sum));
    isolated_productivity_ = sum[0].value();
}

template <class Real>
void Simulation<Real>::silence_relays() {
    if (!graph_.has_relays()) return;
    const auto width = static_cast<std::size_t>(state_.width);
    for (LocalId row = 0; row < graph_.owned(); ++row) {
        if (!graph_.is_relay(row)) continue;
        state_.resource[row] = 0;
        std::fill_n(state_.capability.data() + row * width, width, Real{0});
    }
}

template <class Real>
void Simulation<Real>::draw_demand(const model::Distribution& demand, std::uint64_t seed) {
    const auto width = static_cast<std::size_t>(state_.width);
    std::vector<ExactSum> mean(width);
    mpi::together(comm_, [&] {
        // One row is enough when all agents need the same.
        state_.demand_per_agent = !model::is_common(demand);
        const AgentId first = 0;
        const auto ids =
            state_.demand_per_agent ? graph_.ids() : std::span<const AgentId>(&first, 1);
        const auto table = file_rows(demand, spec_.tasks);
        state_.demand = Buffer<Real>(ids.size() * width);
        model::fill_rows<Real>(demand,
                               {.seed = seed,
                                .stream = Stream::demand,
                                .ids = ids,
                                .agents = graph_.agents(),
                                .tasks = spec_.tasks,
                                .width = state_.width,
                                .shares = true,
                                .table = table},
                               state_.demand.data());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (state_.demand_per_agent && graph_.is_relay(static_cast<LocalId>(i))) continue;
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
    const auto width = static_cast<std::size_t>(state_.width);
    const std::size_t size = 2 * std::size_t{graph_.owned()} * width;
    state_.ghosts = Buffer<Real>(graph_.ghost_halves() * width, Real{0});
    state_.messages[0] = Buffer<Real>(size, Real{0});
    if (!mean_field()) state_.messages[1] = Buffer<Real>(size, Real{0});
    if (mean_field()) totals_.assign(2 * width, 0.0);
    if (grows()) reward_.assign(graph_.owned(), 0.0);
}

template <class Real>
void Simulation<Real>::make_exchange() {
    std::vector<std::byte*> buffers;
    for (auto& buffer : state_.messages) {
        buffers.push_back(reinterpret_cast<std::byte*>(buffer.data()));
    }
    const auto numbers = static_cast<std::size_t>(graph_.halves_per_unit() * state_.width);
    exchange_ = mpi::make_halo_exchange(options_.kind, comm_, graph_.plan(), numbers * sizeof(Real),
                                        buffers, reinterpret_cast<std::byte*>(state_.ghosts.data()),
                                        static_cast<int>(options_.ranks_per_node));
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
    restore_losses(rows);
    restore_flow_rules(rows);
    if (rows.accelerated) restore_acceleration(rows);
    parity_ = 0;
    steps_ = steps;
    if (mean_field()) totals();
}

#define MOTLEY_INSTANTIATE(Real)                                                               \
    template std::vector<double> Simulation<Real>::read_rows(const std::string&, std::int64_t) \
        const;                                                                                 \
    template std::vector<double> Simulation<Real>::file_rows(const model::Distribution&,       \
                                                             std::int64_t) const;              \
    template void Simulation<Real>::draw_capability_and_resource();                            \
    template void Simulation<Real>::silence_relays();                                          \
    template void Simulation<Real>::measure_isolated();                                        \
    template void Simulation<Real>::draw_allocation();                                         \
    template void Simulation<Real>::draw_demand(const model::Distribution&, std::uint64_t);    \
    template void Simulation<Real>::change_demand(const model::Distribution&, std::size_t);    \
    template void Simulation<Real>::allocate_messages();                                       \
    template void Simulation<Real>::make_exchange();                                           \
    template void Simulation<Real>::time_exchange();                                           \
    template void Simulation<Real>::restore(const StateRows&, std::size_t, std::int64_t);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
