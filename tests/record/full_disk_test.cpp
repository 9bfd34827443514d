// A full disk: a storage error on every rank, no run.h5, nothing left behind, nothing hangs.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "motley/core/random.hpp"
#include "record/support.hpp"

namespace {
bool disk_can_reserve = true;
}

/// Stands before the C library's: some network file systems have no fallocate, and then only the
/// checks of the writes themselves are left.
extern "C" int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    if (!disk_can_reserve) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fallocate, descriptor, mode, offset, length));
}

namespace motley::test {
namespace {

using record::RunFile;
using testing::AnyOf;
using testing::HasSubstr;

/// Collective: a file system in memory with very little room, mounted on a scratch folder.
class TinyDisk {
  public:
    TinyDisk(const mpi::Communicator& comm, int megabytes) : comm_(comm), folder_(comm) {
        std::string problem;
        if (comm.root()) {
            const std::string options = "size=" + std::to_string(megabytes) + "m";
            if (::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, options.c_str()) != 0) {
                problem = std::string("cannot mount a tmpfs: ") + std::strerror(errno);
            }
        }
        problem_ = comm.broadcast(problem);
    }
    ~TinyDisk() {
        comm_.barrier();
        if (comm_.root() && problem_.empty()) ::umount(folder_.path().c_str());
    }
    TinyDisk(const TinyDisk&) = delete;
    TinyDisk& operator=(const TinyDisk&) = delete;

    const std::string& problem() const { return problem_; }
    const std::filesystem::path& path() const { return folder_.path(); }
    std::size_t files() const {
        comm_.barrier();  // rank 0 removes, all look
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(path()), {}));
    }

  private:
    const mpi::Communicator& comm_;
    ScratchFolder folder_;
    std::string problem_;
};

#define MOTLEY_NEEDS_TINY_DISK(disk) \
    if (!(disk).problem().empty()) GTEST_SKIP() << (disk).problem()

struct Variant {
    int compression;
    bool reserve;
};

class FullDisk : public testing::TestWithParam<Variant> {
  protected:
    void SetUp() override { disk_can_reserve = GetParam().reserve; }
    void TearDown() override { disk_can_reserve = true; }

    mpi::Communicator world = mpi::Communicator::world();
    std::vector<AgentId> owned = owned_ids(world, agents, Ownership::shuffled);

    /// What does not fit, even compressed: 2.4 MB of noise.
    static constexpr AgentId agents = 100000;
    static constexpr std::int64_t tasks = 3;
    static double noise(AgentId agent, std::int64_t task) {
        return Random(7, Stream::test, static_cast<std::uint64_t>(agent))
            .uniform(static_cast<std::uint32_t>(task));
    }
    record::AgentVariable noisy_variable() const {
        record::AgentVariable variable = made_up_variable("allocation", 1, tasks, owned);
        variable.fill = [this](std::int64_t first, std::int64_t count, double* out) {
            for (std::int64_t row = first; row < first + count; ++row) {
                for (std::int64_t k = 0; k < tasks; ++k) {
                    *out++ = noise(owned[static_cast<std::size_t>(row)], k);
                }
            }
        };
        return variable;
    }

    /// Runs `write` on a run file on a disk of 1 MB; it must fail, and leave the disk usable.
    void expect_failure(const std::function<void(RunFile&)>& write) {
        const TinyDisk disk(world, 1);
        MOTLEY_NEEDS_TINY_DISK(disk);
        const std::string path = disk.path() / "run.h5";
        {
            RunFile file(world, path, agents, tasks, owned,
                         RunFile::WriteOptions{.compression = GetParam().compression});
            const Error error = error_of([&] { write(file); });
            EXPECT_EQ(error.kind(), ErrorKind::storage) << error.what();
            EXPECT_EQ(error.exit_code(), 74);
            EXPECT_EQ(error.where().file.substr(0, path.size()), path) << error.what();
            // Parallel writes know of a short write only; the free space beside it tells why.
            EXPECT_THAT(error.what(), AnyOf(HasSubstr("No space left on device"),
                                            HasSubstr(" bytes were to be written, ")));
            EXPECT_THAT(error.what(), HasSubstr("; free some space"));
            const Error late = error_of([&] { file.commit(); });
            EXPECT_EQ(late.kind(), ErrorKind::internal);
            EXPECT_THAT(late.what(), HasSubstr("after it failed"));
        }
        EXPECT_EQ(disk.files(), 0U);
        RunPlan small;
        small.compression = GetParam().compression;
        write_run(world, path, small);
        EXPECT_EQ(disk.files(), 1U);
    }
};

TEST_P(FullDisk, Attributes) {
    expect_failure([](RunFile& file) {
        file.write_attributes({{"job", std::string(std::size_t{4} << 20, 'j')}});
    });
}

TEST_P(FullDisk, Names) {
    expect_failure([](RunFile& file) {
        file.write_names(std::vector<std::string>(agents, "a name that is not short"));
    });
}

TEST_P(FullDisk, Series) {
    expect_failure([](RunFile& file) {
        auto series = made_up_series(100000);
        for (std::size_t row = 0; row < 100000; ++row) {
            series[0].values[row] = noise(static_cast<AgentId>(row), 0);
            series[2].values[row] = noise(static_cast<AgentId>(row), 1);
        }
        file.write_series(series);
    });
}

TEST_P(FullDisk, Agents) {
    expect_failure([this](RunFile& file) { file.write_agents("final", {noisy_variable()}); });
}

TEST_P(FullDisk, Snapshots) {
    expect_failure([this](RunFile& file) {
        for (int step = 0; step < 3; ++step) {
            file.write_agents("snapshots/step_" + std::to_string(step), {noisy_variable()});
        }
    });
}

TEST_P(FullDisk, Topology) {
    expect_failure([this](RunFile& file) {
        std::vector<RunFile::ArcRow> arcs;
        for (const AgentId id : owned) {
            const auto target = static_cast<AgentId>(noise(id, 0) * static_cast<double>(agents));
            arcs.push_back({id, target, noise(id, 1), noise(id, 2)});
        }
        file.write_topology(arcs);
    });
}

TEST_P(FullDisk, ANewFile) {
    const TinyDisk disk(world, 1);
    MOTLEY_NEEDS_TINY_DISK(disk);
    if (world.root()) {
        std::ofstream filler(disk.path() / "filler", std::ios::binary);
        while (filler << std::string(4096, 'x') << std::flush) continue;
    }
    world.barrier();

    const Error error = error_of([&] {
        RunFile file(world, disk.path() / "run.h5", agents, tasks, owned,
                     RunFile::WriteOptions{.compression = GetParam().compression});
    });

    EXPECT_EQ(error.kind(), ErrorKind::storage);
    EXPECT_THAT(error.what(), HasSubstr("No space left on device"));
    EXPECT_EQ(disk.files(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Variants, FullDisk,
                         testing::Values(Variant{0, true}, Variant{4, true}, Variant{0, false},
                                         Variant{4, false}));

TEST(FullDiskText, KeepsTheOldFile) {
    const auto world = mpi::Communicator::world();
    const TinyDisk disk(world, 1);
    MOTLEY_NEEDS_TINY_DISK(disk);
    if (world.root()) {
        const std::string path = disk.path() / "status.json";
        record::write_file(path, "old");

        const Error error =
            error_of([&] { record::write_file(path, std::string(std::size_t{2} << 20, 'x')); });

        EXPECT_EQ(error.kind(), ErrorKind::storage);
        EXPECT_EQ(error.where().file, path);
        EXPECT_THAT(error.what(), HasSubstr("No space left on device"));
        EXPECT_EQ(read_file(path), "old");
    }
    EXPECT_EQ(disk.files(), 1U);
}

}  // namespace
}  // namespace motley::test
