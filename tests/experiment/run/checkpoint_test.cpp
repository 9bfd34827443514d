// A run that is set aside anywhere and goes on elsewhere ends with the bits of one that never
// stopped; checkpoints that are not whole, or not ours, are not used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <fstream>

#include "experiment/run/checkpoints.hpp"
#include "motley/experiment/pause/pause.hpp"
#include "motley/partition/distributed.hpp"
#include "simulation/systems.hpp"
#include "support/scratch.hpp"

namespace motley::test {
namespace {

using experiment::Checkpoints;
using simulation::SolverState;
using testing::HasSubstr;

job::Job job_of(const System& system, simulation::Mode mode) {
    job::Job job;
    job.run.name = "test";
    job.run.topology = shape("ring", 67);
    job.run.model = system.model;
    job.run.solve.mode = mode;
    job.run.solve.steps = 25;
    job.run.solve.gap = 1e-3;
    job.run.solve.max_steps = 600;
    return job;
}

/// The end of a run, to the last bit.
struct End {
    std::uint64_t hash = 0;
    std::int64_t steps = 0;
    std::vector<std::vector<double>> series;

    bool operator==(const End& other) const {
        if (hash != other.hash || steps != other.steps) return false;
        for (std::size_t c = 0; c < series.size(); ++c) {
            if (series[c].size() != other.series[c].size()) return false;
            for (std::size_t i = 0; i < series[c].size(); ++i) {
                const double a = series[c][i];
                const double b = other.series[c][i];
                if (a != b && !(std::isnan(a) && std::isnan(b))) return false;
            }
        }
        return true;
    }
};

class CheckpointTest : public testing::Test {
  protected:
    const mpi::Communicator world = mpi::Communicator::world();
    const mpi::Communicator self = mpi::Communicator::self();
    std::vector<std::string> warnings;

    Checkpoints checkpoints(const job::Job& job, const std::string& folder,
                            const mpi::Communicator& comm, const std::string& inputs = "") {
        return {job.run, inputs, folder, comm,
                [this](const std::string& line) { warnings.push_back(line); }};
    }

    /// Runs to its end, or until boundary number `stop`, where a checkpoint is written.
    template <class Real>
    End run(const System& system, const job::Job& job, const mpi::Communicator& comm,
            const std::string& folder, std::int64_t stop, partition::Method method,
            mpi::ExchangeKind kind) {
        partition::Spec spec;
        spec.method = method;
        auto simulation =
            simulation_of<Real>(*system.topology, partition::make(spec, *system.topology, comm),
                                system.model, 5, comm, {}, {kind, true});
        experiment::TimeSeries series(system.topology->agents());
        auto store = checkpoints(job, folder, comm);
        SolverState from;
        if (store.find()) from = store.restore(simulation, nullptr, series);
        const auto observer = [&](std::int64_t step, const measure::Measures* measures, bool last) {
            if (measures != nullptr && (step % 3 == 0 || last)) series.add(step, *measures);
        };
        std::int64_t boundary = 0;
        const auto stops = [&](const SolverState& state) {
            if (boundary++ != stop) return false;
            store.write(simulation, nullptr, state, series, {{"job", "none"}});
            return true;
        };
        const auto solve = job.run.solve.mode == simulation::Mode::optimum
                               ? simulation::solve_optimum<Real>
                               : simulation::solve_dynamics<Real>;
        const auto solution =
            solve(simulation, system.model, job.run.solve, 3, observer, stops, from);
        End end{simulation.state_hash(), solution.steps, {}};
        for (const auto& column : series.columns()) end.series.push_back(column.values);
        return end;
    }

    /// Stopped twice, on other ranks and partitions each time.
    template <class Real>
    void compare(const System& system, simulation::Mode mode, std::int64_t first,
                 std::int64_t second) {
        const job::Job job = job_of(system, mode);
        const ScratchFolder nothing(self);
        const ScratchFolder folder(world);
        const End expected = run<Real>(system, job, self, nothing.path(), -1,
                                       partition::Method::block, mpi::ExchangeKind::persistent);
        run<Real>(system, job, world, folder.path(), first, partition::Method::random,
                  mpi::ExchangeKind::persistent);
        run<Real>(system, job, world, folder.path(), second, partition::Method::metis,
                  mpi::ExchangeKind::dense);
        world.barrier();
        // Every rank alone reads what all have written.
        EXPECT_EQ(run<Real>(system, job, self, folder.path(), -1, partition::Method::block,
                            mpi::ExchangeKind::neighbour),
                  expected)
            << system.name << ", stopped at " << first << " and " << second;
        EXPECT_EQ(run<Real>(system, job, world, folder.path(), -1, partition::Method::block,
                            mpi::ExchangeKind::persistent),
                  expected)
            << system.name << ", stopped at " << first << " and " << second;
        EXPECT_THAT(warnings, testing::IsEmpty());
    }
};

TEST_F(CheckpointTest, DynamicsGoOnBitwise) {
    for (auto& system : systems(world.rank())) {
        model::DemandChange change;
        change.step = 9;
        change.demand.kind = model::Distribution::Kind::dirichlet;
        system.model.schedule = {change, change};
        system.model.schedule[1].step = 17;
        compare<double>(system, simulation::Mode::dynamics, 0, 9);
        compare<double>(system, simulation::Mode::dynamics, 12, 13);
        compare<float>(system, simulation::Mode::dynamics, 5, 19);
    }
}

TEST_F(CheckpointTest, TheSearchGoesOnBitwiseAlsoWhileFlowsSettle) {
    const auto all = systems(world.rank());
    for (const std::size_t which : {0, 4, 9}) {
        compare<double>(all[which], simulation::Mode::optimum, 37, 150);
    }
    // Sums over all agents, for which there are no earlier messages, and single precision.
    const System sums{"complete", topology::make(shape("complete", 50)), plain_model()};
    compare<double>(sums, simulation::Mode::optimum, 23, 20);
    compare<float>(all[6], simulation::Mode::optimum, 15, 20);
    // Every boundary of a whole stretch, settling included.
    for (std::int64_t first = 60; first < 110; first += 7) {
        compare<double>(all[6], simulation::Mode::optimum, first, 1);
    }
}

TEST_F(CheckpointTest, TwoAreKeptAndADamagedOneIsPassedOver) {
    const auto system = std::move(systems(world.rank())[0]);
    const job::Job job = job_of(system, simulation::Mode::dynamics);
    const ScratchFolder folder(world);
    for (const std::int64_t stop : {5, 5, 5}) {
        run<double>(system, job, world, folder.path(), stop, partition::Method::block,
                    mpi::ExchangeKind::persistent);
    }
    const record::CheckpointFolder files(folder / "checkpoint");
    world.barrier();
    EXPECT_EQ(files.steps(), (std::vector<std::int64_t>{15, 10}));
    const auto at = [&](const char* what) {
        warnings.clear();
        auto store = checkpoints(job, folder.path(), world);
        EXPECT_TRUE(store.find()) << what;
        return store;
    };
    EXPECT_EQ(at("whole").step(), 15);
    const auto size = std::filesystem::file_size(files.file(15));
    world.barrier();
    if (world.root()) {
        std::fstream file(files.file(15), std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(size / 2));
        const char before = static_cast<char>(file.get());
        file.seekp(static_cast<std::streamoff>(size / 2));
        file.put(static_cast<char>(before ^ 1));
    }
    world.barrier();
    EXPECT_EQ(at("one bit").step(), 10);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_THAT(warnings[0], HasSubstr("step_15.h5"));
    EXPECT_THAT(warnings[0], HasSubstr("damaged"));
    world.barrier();
    if (world.root()) std::filesystem::resize_file(files.file(15), size / 3);
    world.barrier();
    EXPECT_EQ(at("truncated").step(), 10);
    EXPECT_THAT(warnings.at(0), HasSubstr("bytes"));
    world.barrier();
    if (world.root()) std::filesystem::remove(files.file(15));
    world.barrier();
    EXPECT_EQ(at("missing").step(), 10);
    if (world.root())
        std::ofstream(folder / "checkpoint/step_15.json") << "{\"motley_checkpoint\": 9";
    world.barrier();
    EXPECT_EQ(at("seal").step(), 10);
    EXPECT_THAT(warnings.at(0), HasSubstr("step_15.json"));
    world.barrier();
    if (world.root()) std::filesystem::resize_file(files.file(10), 100);
    world.barrier();
    auto store = checkpoints(job, folder.path(), world);
    EXPECT_FALSE(store.find());
    world.barrier();
}

TEST_F(CheckpointTest, OfAnotherJobOrOtherInputsIsRefused) {
    const auto system = std::move(systems(world.rank())[0]);
    job::Job job = job_of(system, simulation::Mode::dynamics);
    const ScratchFolder folder(world);
    run<double>(system, job, world, folder.path(), 4, partition::Method::block,
                mpi::ExchangeKind::persistent);
    job.run.partition.method = partition::Method::metis;
    job.run.exchange.overlap = false;
    job.run.checkpoint.every_steps = 3;
    job.run.output.snapshots = 7;
    job.run.output.compression = 2;
    job.run.name = "moved";
    EXPECT_TRUE(checkpoints(job, folder.path(), world).find()) << "results do not depend on these";
    auto other = checkpoints(job, folder.path(), world, "graph.csv: 0123\n");
    EXPECT_THAT(error_of([&] { other.find(); }).what(), HasSubstr("another job"));
    job.run.model.openness = 0.5;
    auto changed = checkpoints(job, folder.path(), world);
    const Error error = error_of([&] { changed.find(); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("--fresh"));
    world.barrier();
}

TEST_F(CheckpointTest, RemainsOfAKilledWriterGo) {
    const ScratchFolder folder(world);
    const record::CheckpointFolder files(folder / "checkpoint");
    if (!world.root()) return;
    std::filesystem::create_directories(files.path());
    for (const char* name : {"step_3.h5", "step_4.h5.tmp", "step_4.json.77.tmp", "mine.txt"}) {
        std::ofstream(files.path() + "/" + name) << "x";
    }
    files.remove_remains();
    std::vector<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator(files.path())) {
        left.push_back(entry.path().filename().string());
    }
    EXPECT_THAT(left, testing::ElementsAre("mine.txt"));
}

TEST(PausesTest, TheDefaultIntervalCostsAtMostTwoPerCent) {
    EXPECT_EQ(experiment::Pauses::automatic_interval(0.0), 600.0);
    EXPECT_EQ(experiment::Pauses::automatic_interval(12.0), 600.0);
    EXPECT_NEAR(experiment::Pauses::automatic_interval(60.0), 3000.0, 1e-9);
}

TEST(PausesTest, ByStepsAtTheSameStepsWhateverTheRanksAndTheClock) {
    const auto world = mpi::Communicator::world();
    job::Checkpoint job;
    job.every_steps = 10;
    experiment::Pauses pauses(world, job, {});
    std::vector<std::int64_t> at;
    for (std::int64_t step = 4; step < 45; ++step) {
        if (pauses.at(step) != experiment::Pauses::Request::checkpoint) continue;
        at.push_back(step);
        pauses.wrote(step, 0.0);
    }
    EXPECT_THAT(at, testing::ElementsAre(10, 20, 30, 40));
}

TEST(PausesTest, ASignalOnOneRankStopsAllAtTheSameBoundary) {
    const auto world = mpi::Communicator::world();
    const experiment::SignalWatch watch;
    experiment::Pauses pauses(world, {}, {});
    std::int64_t boundary = 0;
    for (;; ++boundary) {
        if (boundary == 5000 && world.rank() == world.size() - 1) std::raise(SIGUSR1);
        if (pauses.at(boundary) == experiment::Pauses::Request::stop) break;
        ASSERT_LT(boundary, 2000000000);
    }
    EXPECT_GE(boundary, 5000);
    EXPECT_STREQ(pauses.reason(), "SIGUSR1");
    EXPECT_EQ(world.max(boundary), boundary);
    EXPECT_EQ(world.min(boundary), boundary);
}

TEST(PausesTest, TheDeadlineStops) {
    const auto world = mpi::Communicator::world();
    experiment::Limits limits;
    limits.deadline = limits.start + std::chrono::milliseconds(1500);
    experiment::Pauses pauses(world, {}, limits);
    while (pauses.at(0) != experiment::Pauses::Request::stop) {
        ASSERT_LT(experiment::Limits::Clock::now(), limits.deadline);
    }
    EXPECT_STREQ(pauses.reason(), "the time limit is near");
}

}  // namespace
}  // namespace motley::test
