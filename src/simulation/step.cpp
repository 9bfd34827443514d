// clang-format off
// A step of the distributed system. With parity b, messages[b] holds what every owned agent sent in
// the step before, and the ghosts are stale; x, a, R are those that this step produces with. Its
// phases, in order:
//
//   phase     does                                                reads                 writes
//   start     packs rows of messages[b] and sends them            messages[b]           nothing
//   interior  rows without ghosts: produce, price, adapt, learn   messages[b]           messages[1-b], x, a
//   finish    ghosts arrive                                       nothing               ghosts
//   boundary  the remaining rows, the same arithmetic             messages[b], ghosts   as interior
//   totals    mean field only, instead of start and finish:       messages              totals
//             exact sums of the new messages over all ranks
//   pool      pool only, instead of interior to totals: makes,    x, a, R               messages, x, a
//             prices and adapts, with exact sums in between
//   utility   log welfare only: exact mean of the utilities       utilities             ubar
//   routing   weights of arcs follow what they are worth          worth of arcs         weights
//   grow      resources follow rewards (rho > 0)                  rewards               R
//   migrate   resources move along arcs (d > 0)                   R                     R
//
// After it messages[1-b] holds the new stocks and values of all owned agents, and b flips. Without
// overlap, interior comes after finish. A mean field has only interior rows, nothing to exchange,
// and one message buffer, which is updated in place.
// clang-format on
#include <algorithm>

#include "motley/model/expectations.hpp"
#include "motley/simulation/simulation.hpp"
#include "stopwatch.hpp"

namespace motley::simulation {

template <class Real>
void Simulation<Real>::step(double rate, model::Tally* tally) {
    parameters_.rate = rate;
    parameters_.learning_rate = rate > 0.0 ? spec_.learning_rate : 0.0;
    parameters_.flows.openness_rate = rate > 0.0 ? spec_.openness_rate : 0.0;
    const Arguments arguments = arguments_of_step(tally);

    if (pool()) {
        pool_passes(arguments);
    } else {
        pass(arguments);
    }
    if (log_welfare()) average_utility();
    if (routes() && rate > 0.0) choose_routing();
    if (growing()) grow();
    if (migrates() && rate > 0.0) migrate();
    steps_ += 1;
    model::expect_state(graph_, state_, mean_field() ? 0 : parity_);
}

template <class Real>
void Simulation<Real>::pass(const Arguments& arguments) {
    start();
    if (options_.overlap) interior(arguments);
    finish();
    if (!options_.overlap) interior(arguments);
    boundary(arguments);
    if (!mean_field()) parity_ = 1 - parity_;
    if (mean_field()) totals();
}

/// Flows of a pool settle within the step: output, its sum, prices, their sum, adaptation. Nothing
/// is sent, so that messages stay 0.
template <class Real>
void Simulation<Real>::pool_passes(const Arguments& arguments) {
    Arguments one = arguments;
    one.tally = nullptr;
    one.reward = nullptr;
    one.pass = model::PoolPass::make;
    add_over_pool(one, totals_.data());
    one.pass = model::PoolPass::price;
    if (state_.demand_per_agent || log_welfare()) {
        add_over_pool(one, totals_.data() + state_.width);
    } else {
        price_for_all(one);
    }
    one = arguments;
    one.pass = model::PoolPass::adapt;
    interior(one);
}

/// totals <- exact sums over all agents of what a pass makes.
template <class Real>
void Simulation<Real>::add_over_pool(Arguments& pass, double* totals) {
    std::vector<ExactSum> sums(static_cast<std::size_t>(state_.width));
    pass.sums = sums.data();
    interior(pass);
    const Stopwatch watch(seconds_.reduce);
    comm_.sum(std::span<ExactSum>(sums));
    for (const ExactSum& sum : sums) *totals++ = sum.value();
}

/// Where all want the same, all have the same price. Each rank takes it from its first row, and
/// multiplies it by N, which gives the bits of the exact sum.
template <class Real>
void Simulation<Real>::price_for_all(Arguments& pass) {
    const Stopwatch watch(seconds_.compute);
    const auto width = static_cast<std::size_t>(state_.width);
    const auto agents = static_cast<double>(graph_.agents());
    std::vector<ExactSum> sums(width);
    pass.sums = sums.data();
    model::step_rows(pass, 0, std::min<LocalId>(1, graph_.owned()));
    for (std::size_t k = 0; k < width; ++k) totals_[width + k] = agents * sums[k].value();
}

template <class Real>
model::StepArguments<Real> Simulation<Real>::arguments_of_step(model::Tally* tally) {
    Arguments arguments;
    arguments.graph = &graph_;
    arguments.state = &state_;
    arguments.parameters = parameters_;
    arguments.parity = parity_;
    arguments.tally = tally;
    if (mean_field()) arguments.totals = totals_.data();
    if (growing()) arguments.reward = reward_.data();  // null on a rank without agents
    if (log_welfare()) arguments.utility = utility_.data();
    if (routes() && parameters_.rate > 0.0) arguments.arc_worth = arc_worth_.data();
    return arguments;
}

template <class Real>
void Simulation<Real>::start() {
    if (!exchange_) return;
    const Stopwatch watch(seconds_.pack);
    exchange_->start(parity_);
}

template <class Real>
void Simulation<Real>::interior(const Arguments& arguments) {
    const Stopwatch watch(seconds_.compute);
    const LocalId end = graph_.interior();
    if (!exchange_ || !options_.overlap) {
        model::step_rows(arguments, 0, end);
        return;
    }
    // Rows are computed in slices, so that the library can advance messages between them.
    constexpr LocalId slices = 16;
    const LocalId slice = std::max<LocalId>(end / slices, 1024);
    for (LocalId at = 0; at < end; at += slice) {
        model::step_rows(arguments, at, std::min<LocalId>(end, at + slice));
        exchange_->progress(parity_);
    }
}

template <class Real>
void Simulation<Real>::finish() {
    if (!exchange_) return;
    const Stopwatch watch(seconds_.wait);
    exchange_->finish(parity_);
}

template <class Real>
void Simulation<Real>::boundary(const Arguments& arguments) {
    const Stopwatch watch(seconds_.compute);
    model::step_rows(arguments, graph_.interior(), graph_.owned());
}

template <class Real>
void Simulation<Real>::totals() {
    const Stopwatch watch(seconds_.reduce);
    std::vector<ExactSum> sums(totals_.size());
    model::add_messages(state_, graph_.owned(), std::span<ExactSum>(sums));
    comm_.sum(std::span<ExactSum>(sums));
    for (std::size_t k = 0; k < totals_.size(); ++k) totals_[k] = sums[k].value();
}

#define MOTLEY_INSTANTIATE(Real)                                                            \
    template void Simulation<Real>::step(double, model::Tally*);                            \
    template model::StepArguments<Real> Simulation<Real>::arguments_of_step(model::Tally*); \
    template void Simulation<Real>::start();                                                \
    template void Simulation<Real>::interior(const Arguments&);                             \
    template void Simulation<Real>::finish();                                               \
    template void Simulation<Real>::boundary(const Arguments&);                             \
    template void Simulation<Real>::totals();                                               \
    template void Simulation<Real>::add_over_pool(Arguments&, double*);                     \
    template void Simulation<Real>::price_for_all(Arguments&);                              \
    template void Simulation<Real>::pass(const Arguments&);                                 \
    template void Simulation<Real>::pool_passes(const Arguments&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation
