// Benchmarks of kernels on one core, in caches, without MPI: functions of vectors, exact sums, and
// one step for each coupling, precision and number of tasks. Items are agents when a step is made,
// else numbers.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "motley/core/exact_lanes.hpp"
#include "motley/core/random.hpp"
#include "motley/core/simd.hpp"
#include "motley/model/growth.hpp"
#include "motley/model/step_rows.hpp"
#include "support/local_graph.hpp"

namespace {

using namespace motley;

constexpr int lanes = vector_bytes / 8;
using V = Simd<double, lanes>;

Buffer<double> numbers(std::size_t count, double low, double high) {
    Buffer<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = low + (high - low) * Random(1, Stream::test, i).uniform(0);
    }
    return values;
}

/// Times a function of vectors over 4096 numbers, in packs of as many vectors as in the step.
template <class F>
void vectors(benchmark::State& state, double low, double high, F f) {
    constexpr std::size_t count = 4096;
    const Buffer<double> from = numbers(count, low, high);
    Buffer<double> to(count);
    for (auto _ : state) {
        for (std::size_t i = 0; i < count; i += lanes * lanes) {
            typename V::template Pack<lanes> pack;
            for (int j = 0; j < lanes; ++j) pack.v[j] = V::load(from.data() + i + lanes * j);
            const auto result = f(pack);
            for (int j = 0; j < lanes; ++j) V::store(to.data() + i + lanes * j, result.v[j]);
        }
        benchmark::DoNotOptimize(to.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
void exponential(benchmark::State& state) {
    vectors(state, -5, 5, [](const auto& pack) { return V::exp_in_range(pack); });
}
BENCHMARK(exponential);
void logarithm(benchmark::State& state) {
    vectors(state, 0.01, 10, [](const auto& pack) { return V::log_of_normal(pack); });
}
BENCHMARK(logarithm);
void exponential_of_libm(benchmark::State& state) {
    vectors(state, -5, 5, [](auto pack) {
        for (auto& v : pack.v) {
            for (int i = 0; i < lanes; ++i) v[i] = std::exp(v[i]);
        }
        return pack;
    });
}
BENCHMARK(exponential_of_libm);

void exact_sum(benchmark::State& state) {
    const Buffer<double> values = numbers(4096, -1, 1);
    ExactSum sum;
    for (auto _ : state) {
        for (const double value : values) sum.add(value);
    }
    benchmark::DoNotOptimize(sum.value());
    state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(exact_sum);
void exact_sum_of_vectors(benchmark::State& state) {
    const Buffer<double> values = numbers(4096, -1, 1);
    ExactSum sums[lanes];
    ExactLanes<lanes> total;
    for (auto _ : state) {
        for (std::size_t i = 0; i < values.size(); i += lanes) {
            total.add(V::load(values.data() + i), sums);
        }
    }
    total.flush(sums);
    benchmark::DoNotOptimize(sums[0].value());
    state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(exact_sum_of_vectors);

constexpr AgentId side = 64;
constexpr AgentId agents = side * side;

/// Each agent linked to the eight around it.
test::SmallGraph torus() {
    test::SmallGraph graph{agents, {}, {.symmetric_uniform = true}};
    for (AgentId i = 0; i < agents; ++i) {
        for (const AgentId dy : {side - 1, AgentId{0}, AgentId{1}}) {
            for (const AgentId dx : {side - 1, AgentId{0}, AgentId{1}}) {
                if (dx == 0 && dy == 0) continue;
                const AgentId row = (i / side + dy) % side, column = (i % side + dx) % side;
                graph.arcs.push_back({i, row * side + column});
            }
        }
    }
    return graph;
}

/// A directed graph: half of the arcs to the sixteen nearest on a ring, with random weights.
test::SmallGraph weighted() {
    test::SmallGraph graph{agents};
    for (AgentId i = 0; i < agents; ++i) {
        for (AgentId d = 1; d <= 16; ++d) {
            const Random random(1, Stream::test, static_cast<std::uint64_t>(16 * i + d));
            if (random.uniform(0) < 0.5) continue;
            graph.arcs.push_back(
                {i, (i + d - (d > 8 ? 17 : 0) + agents) % agents, 0.5 + random.uniform(1), 1.0});
        }
    }
    return graph;
}

test::SmallGraph complete() {
    return {agents, {}, {.complete = true}};
}

/// A system of default distributions and its step, as the simulation makes it on one rank.
template <class Real>
class System {
  public:
    System(const test::SmallGraph& graph, std::int64_t tasks, double elasticity)
        : graph_(test::local_graph<Real>(graph)) {
        state_.tasks = static_cast<int>(tasks);
        state_.width = model::padded_tasks<Real>(tasks);
        const auto width = static_cast<std::size_t>(state_.width);
        const model::Spec spec;
        const AgentId first = 0;
        model::RowRequest request{
            .ids = graph_.ids(), .agents = agents, .tasks = tasks, .width = state_.width};
        state_.capability = Buffer<Real>(graph_.owned() * width);
        state_.allocation = Buffer<Real>(graph_.owned() * width);
        model::fill_rows<Real>(spec.capability, request, state_.capability.data());
        request.ids = {&first, 1};
        request.shares = true;
        state_.demand = Buffer<Real>(width);
        model::fill_rows<Real>(spec.demand, request, state_.demand.data());
        model::initial_allocation<Real>({.noise = 0.1, .ids = graph_.ids()}, state_);
        for (auto& messages : state_.messages) {
            messages = Buffer<Real>(2 * graph_.owned() * width, Real{0});
        }
        totals_.assign(2 * width, 0.0);
        arguments_.graph = &graph_;
        arguments_.state = &state_;
        arguments_.parameters.elasticity = elasticity;
        arguments_.totals = totals_.data();
    }
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    void step() {
        model::step_rows(arguments_, 0, graph_.owned());
        if (graph_.coupling() != model::Coupling::mean_field) {
            arguments_.parity = 1 - arguments_.parity;
            return;
        }
        std::vector<ExactSum> sums(totals_.size());
        model::add_messages(state_, graph_.owned(), std::span<ExactSum>(sums));
        for (std::size_t k = 0; k < sums.size(); ++k) totals_[k] = sums[k].value();
    }
    double measured_step() {
        model::Tally tally(state_.tasks);
        arguments_.tally = &tally;
        step();
        arguments_.tally = nullptr;
        return tally.sums[model::Tally::productivity].value();
    }

  private:
    model::LocalGraph<Real> graph_;
    model::State<Real> state_;
    std::vector<double> totals_;
    model::StepArguments<Real> arguments_;
};

/// Arguments: tasks, 100 sigma, 1 where the step is measured.
template <class Real>
void step(benchmark::State& state, const test::SmallGraph& graph) {
    System<Real> system(graph, state.range(0), static_cast<double>(state.range(1)) / 100.0);
    for (auto _ : state) {
        if (state.range(2) != 0) {
            benchmark::DoNotOptimize(system.measured_step());
        } else {
            system.step();
        }
    }
    state.SetItemsProcessed(state.iterations() * agents);
}
void uniform_double(benchmark::State& state) {
    step<double>(state, torus());
}
BENCHMARK(uniform_double)
    ->ArgNames({"K", "sigma%", "measured"})
    ->ArgsProduct({{2, 4, 8, 16, 40}, {70}, {0}})
    ->Args({8, 100, 0})
    ->Args({8, 70, 1});
void uniform_single(benchmark::State& state) {
    step<float>(state, torus());
}
BENCHMARK(uniform_single)
    ->ArgNames({"K", "sigma%", "measured"})
    ->Args({8, 70, 0})
    ->Args({16, 70, 0});
void weighted_double(benchmark::State& state) {
    step<double>(state, weighted());
}
BENCHMARK(weighted_double)->ArgNames({"K", "sigma%", "measured"})->Args({8, 70, 0});
void mean_field_double(benchmark::State& state) {
    step<double>(state, complete());
}
BENCHMARK(mean_field_double)->ArgNames({"K", "sigma%", "measured"})->Args({8, 70, 0});

}  // namespace
