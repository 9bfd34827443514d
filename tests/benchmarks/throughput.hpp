// The other measurements of the throughput programs: memory bandwidth and peak memory.
#pragma once

#include <mpi.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "motley/core/buffer.hpp"

namespace motley::benchmarks {

/// Every program makes this many steps first and prints the mean utility of the last one. Programs
/// that make the same step must print the same utility.
constexpr int check_steps = 5;

inline double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

inline double reduce(double value, MPI_Op operation) {
    double result = 0.0;
    MPI_Allreduce(&value, &result, 1, MPI_DOUBLE, operation, MPI_COMM_WORLD);
    return result;
}

/// Bandwidth of a[i] = b[i] + s c[i] on all ranks together, counted as STREAM does (24 bytes per
/// element), best of several passes; GB/s.
inline double triad_bandwidth() {
    constexpr std::size_t size = std::size_t{1} << 23;
    Buffer<double> a(size, 0.0), b(size, 1.0), c(size, 2.0);
    double* __restrict to = a.data();
    const double* __restrict left = b.data();
    const double* __restrict right = c.data();
    double best = 1e30;
    for (int pass = 0; pass < 12; ++pass) {
        MPI_Barrier(MPI_COMM_WORLD);
        const double start = now();
        for (std::size_t i = 0; i < size; ++i) to[i] = left[i] + 3.0 * right[i];
        asm volatile("" : : "r"(to) : "memory");
        best = std::min(best, reduce(now() - start, MPI_MAX));
    }
    int ranks = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    return static_cast<double>(ranks) * 24.0 * static_cast<double>(size) / best / 1e9;
}

/// Peak resident bytes of this process.
inline double peak_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

inline double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace motley::benchmarks
