// Kernels on one rank, in caches: functions of vectors, exact sums, one step for each coupling,
// precision and number of tasks. Items are agents where a step is made, numbers elsewhere.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <vector>

#include "graphs.hpp"
#include "motley/core/exact_lanes.hpp"
#include "motley/core/random.hpp"
#include "motley/simulation/simulation.hpp"

namespace {

using namespace motley;

constexpr int lanes = 8;
using V = Simd<double, lanes>;

Buffer<double> numbers(std::size_t count, double low, double high) {
    Buffer<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = low + (high - low) * Random(1, Stream::test, i).uniform(0);
    }
    return values;
}

/// A function of vectors over 4096 numbers, in packs of eight vectors as the step has them.
template <class F>
void vectors(benchmark::State& state, double low, double high, F f) {
    constexpr std::size_t count = 4096;
    const Buffer<double> from = numbers(count, low, high);
    Buffer<double> to(count);
    for (auto _ : state) {
        for (std::size_t i = 0; i < count; i += 8 * lanes) {
            typename V::template Pack<8> pack;
            for (int j = 0; j < 8; ++j) pack.v[j] = V::load(from.data() + i + lanes * j);
            const auto result = f(pack);
            for (int j = 0; j < 8; ++j) V::store(to.data() + i + lanes * j, result.v[j]);
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

template <class Real>
simulation::Simulation<Real> simulation(const std::string& graph, std::int64_t tasks,
                                        double elasticity, const mpi::Communicator& comm) {
    const auto topology = benchmarks::make_graph(graph, 4096, 8, 1);
    model::Spec spec;
    spec.tasks = tasks;
    spec.elasticity = elasticity;
    spec.noise = 0.1;
    return {spec,
            1,
            network::Network<Real>::build(*topology, partition::Partition::block(4096, 1), comm),
            comm,
            {},
            [](const std::string&, std::int64_t, std::span<const AgentId>) {
                return std::vector<double>{};
            }};
}

/// Arguments: tasks, 100 sigma, 1 where the step is measured.
template <class Real>
void step(benchmark::State& state, const std::string& graph) {
    const auto comm = mpi::Communicator::self();
    auto system =
        simulation<Real>(graph, state.range(0), static_cast<double>(state.range(1)) / 100.0, comm);
    for (auto _ : state) {
        if (state.range(2) != 0) {
            benchmark::DoNotOptimize(system.measured_step(0.05));
        } else {
            system.step(0.05, nullptr);
        }
    }
    state.SetItemsProcessed(state.iterations() * 4096);
}
void uniform_double(benchmark::State& state) {
    step<double>(state, "torus");
}
BENCHMARK(uniform_double)
    ->ArgNames({"K", "sigma%", "measured"})
    ->ArgsProduct({{2, 4, 8, 16, 40}, {70}, {0}})
    ->Args({8, 100, 0})
    ->Args({8, 70, 1});
void uniform_single(benchmark::State& state) {
    step<float>(state, "torus");
}
BENCHMARK(uniform_single)
    ->ArgNames({"K", "sigma%", "measured"})
    ->Args({8, 70, 0})
    ->Args({16, 70, 0});
void weighted_double(benchmark::State& state) {
    step<double>(state, "weighted");
}
BENCHMARK(weighted_double)->ArgNames({"K", "sigma%", "measured"})->Args({8, 70, 0});
void mean_field_double(benchmark::State& state) {
    step<double>(state, "complete");
}
BENCHMARK(mean_field_double)->ArgNames({"K", "sigma%", "measured"})->Args({8, 70, 0});

}  // namespace

int main(int argc, char** argv) {
    const mpi::Environment environment(argc, argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
