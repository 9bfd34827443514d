// What users do with run.h5: xarray.open_dataset(path, group=..., engine="h5netcdf").
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "record/support.hpp"

namespace motley::test {
namespace {

struct Outcome {
    int status = -1;
    std::string output;
};

/// Runs a command without the variables by which mpirun's children know each other.
Outcome run_clean(const std::string& command) {
    Outcome outcome;
    FILE* pipe =
        ::popen(("env -i PATH=\"$PATH\" HOME=\"$HOME\" " + command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return outcome;
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
        outcome.output.append(buffer, n);
    }
    outcome.status = ::pclose(pipe);
    return outcome;
}

/// The Python that has xarray: the one CMake found, or the system's; empty when none has.
std::string python_with_xarray() {
    for (const std::string python : {MOTLEY_PYTHON, "/usr/bin/python3"}) {
        if (run_clean(python + " -c 'import xarray, h5netcdf, h5py'").status == 0) return python;
    }
    return "";
}

struct Variant {
    int compression;
    bool single;
    std::int64_t steps;
};

/// The script is called once for all variants, then again with a wrong expectation.
TEST(Xarray, NamesDimensionsUnitsAndValues) {
    const auto world = mpi::Communicator::world();
    const std::string python = world.broadcast(world.root() ? python_with_xarray() : "");
    if (python.empty()) GTEST_SKIP() << "no Python with xarray, h5netcdf and h5py";
    const ScratchFolder folder(world);
    const std::string script = python + " '" MOTLEY_SOURCE_DIR "/tests/record/xarray_reads.py'";
    std::string arguments;
    int number = 0;
    for (const Variant variant :
         {Variant{0, false, 11}, Variant{4, false, 11}, Variant{0, true, 11}, Variant{4, true, 11},
          Variant{0, false, 0}}) {
        RunPlan plan;
        plan.ownership = Ownership::shuffled;
        plan.compression = variant.compression;
        plan.single = variant.single;
        plan.steps = variant.steps;
        const std::string path = folder / ("run-" + std::to_string(number++) + ".h5");
        write_run(world, path, plan);
        arguments += " " + path + " " + std::to_string(plan.agents) + " " +
                     std::to_string(plan.tasks) + " " + std::to_string(plan.steps) +
                     (plan.single ? " float32" : " float64");
    }
    if (!world.root()) return;

    const Outcome outcome = run_clean(script + arguments);
    const Outcome wrong = run_clean(script + " " + (folder / "run-0.h5") + " 97 3 12 float64");

    EXPECT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(wrong.status, 0);
    EXPECT_THAT(wrong.output, testing::HasSubstr("series sizes: found {'step': 11}"));
}

}  // namespace
}  // namespace motley::test
