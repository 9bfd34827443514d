// run.h5: the same content for every partition, rank count, precision and compression.
#include <gtest/gtest.h>

#include <tuple>

#include "record/hdf5.hpp"
#include "record/support.hpp"

namespace motley::test {
namespace {

using record::RunFile;

class WholeRun : public testing::TestWithParam<std::tuple<Ownership, int, bool, AgentId>> {
  protected:
    RunPlan plan() const {
        RunPlan plan;
        std::tie(plan.ownership, plan.compression, plan.single, plan.agents) = GetParam();
        return plan;
    }
};

void expect_agents(const std::string& path, const std::string& dataset, const RunPlan& plan,
                   std::int64_t number, std::int64_t width) {
    const Content content = read_dataset(path, dataset);
    std::vector<hsize_t> extent{static_cast<hsize_t>(plan.agents)};
    if (width > 1) extent.push_back(static_cast<hsize_t>(width));
    EXPECT_EQ(content.extent, extent) << dataset;
    EXPECT_EQ(content.element_size, plan.single ? 4U : 8U);
    EXPECT_EQ(content.compressed, plan.compression > 0);
    std::size_t wrong = 0;
    for (AgentId agent = 0; agent < plan.agents; ++agent) {
        for (std::int64_t k = 0; k < width; ++k) {
            double expected = made_up(number, agent, k);
            if (plan.single) expected = static_cast<float>(expected);
            wrong += content.values.at(static_cast<std::size_t>(agent * width + k)) != expected;
        }
    }
    EXPECT_EQ(wrong, 0U) << dataset;
}

void expect_every_number(const std::string& path, const RunPlan& run) {
    for (const std::string group : {"/final", "/snapshots/step_0", "/snapshots/step_20"}) {
        expect_agents(path, group + "/allocation", run, 1, run.tasks);
    }
    expect_agents(path, "/final/utility", run, 2, 1);
    expect_agents(path, "/snapshots/step_20/utility", run, 2, 1);
    expect_agents(path, "/final/value", run, 3, run.tasks);
    const Content agent = read_dataset(path, "/final/agent");
    for (AgentId i = 0; i < run.agents; ++i) {
        EXPECT_EQ(agent.values.at(static_cast<std::size_t>(i)), static_cast<double>(i));
    }
    for (const auto& column : made_up_series(run.steps)) {
        EXPECT_EQ(read_dataset(path, "/series/" + column.name).values, column.values);
    }
    std::vector<double> source, target, weight, survival;
    for (const auto& arc : sorted_arcs(run.agents)) {
        source.push_back(static_cast<double>(arc.source));
        target.push_back(static_cast<double>(arc.target));
        weight.push_back(arc.weight);
        survival.push_back(arc.survival);
    }
    EXPECT_EQ(read_dataset(path, "/topology/source").values, source);
    EXPECT_EQ(read_dataset(path, "/topology/target").values, target);
    EXPECT_EQ(read_dataset(path, "/topology/weight").values, weight);
    EXPECT_EQ(read_dataset(path, "/topology/survival").values, survival);
}

/// What all ranks write is what the formulas say and, structure included, what one rank writes.
TEST_P(WholeRun, IsTheSameForAnyRanksAndOwners) {
    const auto world = mpi::Communicator::world();
    const ScratchFolder folder(world);
    const std::string path = folder / "all.h5";
    const RunPlan run = plan();

    write_run(world, path, run);

    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
    if (!world.root()) return;
    expect_every_number(path, run);
    if (run.compression > 0) return;  // then chunks may lie in another order
    RunPlan alone = run;
    alone.ownership = Ownership::block;
    write_run(mpi::Communicator::self(), folder / "one.h5", alone);
    EXPECT_TRUE(read_file(path) == read_file(folder / "one.h5"));
}

/// What a rank moves at once is bounded; the bound must not show in the file.
TEST(RunFileSlabs, AnyNumberOfSlabsGivesTheSameFile) {
    const auto world = mpi::Communicator::world();
    const ScratchFolder folder(world);
    for (const int compression : {0, 4}) {
        RunPlan plan;
        plan.agents = 311;
        plan.compression = compression;
        write_run(world, folder / "one.h5", plan);
        for (const Ownership ownership :
             {Ownership::block, Ownership::shuffled, Ownership::last_rank}) {
            for (const std::int64_t bytes : {1, 1000}) {
                plan.slab_bytes = bytes;
                plan.ownership = ownership;
                write_run(world, folder / "many.h5", plan);
                if (!world.root()) continue;
                for (const std::string dataset :
                     {"/final/value", "/final/utility", "/topology/source", "/topology/target",
                      "/topology/weight", "/topology/survival", "/topology/value"}) {
                    EXPECT_EQ(read_dataset(folder / "one.h5", dataset).values,
                              read_dataset(folder / "many.h5", dataset).values)
                        << dataset << " compression " << compression << " slab " << bytes;
                }
                if (compression == 0) {
                    EXPECT_TRUE(read_file(folder / "one.h5") == read_file(folder / "many.h5"));
                }
            }
        }
    }
}

TEST(RunFileEdges, EmptyThingsAreLegal) {
    const auto world = mpi::Communicator::world();
    const ScratchFolder folder(world);
    for (const int compression : {0, 4}) {
        const std::string path = folder / ("empty-" + std::to_string(compression) + ".h5");
        const std::vector<AgentId> none;
        RunFile file(world, path, 0, 3, none, {.compression = compression});
        file.write_attributes({{"nothing", ""}});
        file.write_names({});
        file.write_series(made_up_series(0));
        file.write_agents("final", {made_up_variable("value", 1, 3, none)});
        file.write_agents("snapshots/step_1", {});
        file.write_topology({});
        file.commit();
        if (!world.root()) continue;
        EXPECT_EQ(read_dataset(path, "/final/value").extent, (std::vector<hsize_t>{0, 3}));
        EXPECT_EQ(read_dataset(path, "/final/task").values, (std::vector<double>{0, 1, 2}));
        EXPECT_EQ(read_dataset(path, "/series/step").extent, (std::vector<hsize_t>{0}));
        EXPECT_EQ(read_dataset(path, "/topology/source").extent, (std::vector<hsize_t>{0}));
    }
}

TEST(RunFileEdges, ASecondCallReplacesAttributes) {
    const auto world = mpi::Communicator::world();
    const ScratchFolder folder(world);
    const std::vector<AgentId> none;
    RunFile file(world, folder / "run.h5", 0, 1, none, {});
    file.write_attributes({{"state", "running"}, {"seed", "1"}});
    file.write_attributes({{"state", "done"}});
    file.commit();
    if (!world.root()) return;
    const hid_t opened = H5Fopen((folder / "run.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    EXPECT_EQ(record::hdf5::read_attribute(opened, "state"), "done");
    EXPECT_EQ(record::hdf5::read_attribute(opened, "seed"), "1");
    H5Fclose(opened);
}

TEST(RunFileEdges, WithoutCommitNothingStays) {
    const auto world = mpi::Communicator::world();
    const ScratchFolder folder(world);
    const std::string path = folder / "run.h5";
    if (world.root()) record::write_file(path, "an older result");
    {
        const auto owned = owned_ids(world, 10, Ownership::block);
        RunFile file(world, path, 10, 1, owned, {});
        file.write_agents("final", {made_up_variable("value", 1, 1, owned)});
        world.barrier();
        EXPECT_TRUE(std::filesystem::exists(path + ".tmp"));
        world.barrier();
    }
    world.barrier();
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
    EXPECT_EQ(read_file(path), "an older result");
}

INSTANTIATE_TEST_SUITE_P(Variants, WholeRun,
                         testing::Combine(testing::Values(Ownership::block, Ownership::cyclic,
                                                          Ownership::shuffled,
                                                          Ownership::last_rank),
                                          testing::Values(0, 4), testing::Values(false, true),
                                          testing::Values<AgentId>(2, 30011)));

}  // namespace
}  // namespace motley::test
