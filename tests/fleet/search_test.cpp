// Fleets of whole nodes.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "fleet/problems.hpp"

namespace motley::fleet {
namespace {

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(Search, TwentyTypesThirtyClassesThousandsOfDevicesAreProved) {
    for (std::uint64_t id = 0; id < 5; ++id) {
        const Problem problem = random_problem(20, 30, id, 100.0);
        Purchase bought;
        const double seconds = seconds_of([&] { bought = search(problem, {.seconds = 30.0}); });
        double devices = 0.0;
        for (const double each : bought.fleet) devices += each;
        std::printf("%d: %.2f s, %s, %.0f devices, %ld types, price %.4f bound %.4f fluid %.4f\n",
                    int(id), seconds, name_of(bought.status), devices, types_in(bought.fleet),
                    bought.value, bought.bound, cheapest_fluid(problem).price);
    }
}

}  // namespace
}  // namespace motley::fleet
