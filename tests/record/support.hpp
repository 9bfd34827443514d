// What the tests of run files share: scratch folders seen by all ranks, made-up runs, read-back.
#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"

namespace motley::test {

/// Runs `action` and returns the motley::Error that it throws; a failure when it throws none.
template <class Action>
Error error_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error was thrown";
    return internal_error("no error was thrown");
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Collective: a new folder, the same for all ranks, gone at the end.
class ScratchFolder {
  public:
    explicit ScratchFolder(const mpi::Communicator& comm) : comm_(comm) {
        std::string name;
        if (comm.root()) {
            std::string pattern =
                (std::filesystem::temp_directory_path() / "motley-XXXXXX").string();
            const char* made = ::mkdtemp(pattern.data());
            name = made == nullptr ? "" : made;
        }
        path_ = comm.broadcast(name);
    }
    ~ScratchFolder() {
        comm_.barrier();
        std::error_code ignored;
        if (comm_.root()) std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  private:
    const mpi::Communicator& comm_;
    std::filesystem::path path_;
};

enum class Ownership { block, cyclic, shuffled, last_rank };

/// Global ids of this rank's rows, in an order that is not always ascending.
std::vector<AgentId> owned_ids(const mpi::Communicator& comm, AgentId agents, Ownership kind);

/// The number that a made-up variable has for an agent and a task: distinct, not round.
double made_up(std::int64_t variable, AgentId agent, std::int64_t task);

/// A variable of made-up numbers for the rows `owned`.
record::AgentVariable made_up_variable(const std::string& name, std::int64_t number,
                                       std::int64_t width, const std::vector<AgentId>& owned);

/// This rank's share of the arcs of a made-up graph (a ring with chords), in no order.
std::vector<record::RunFile::StoredArc> made_up_arcs(const mpi::Communicator& comm, AgentId agents);
/// All arcs in the order in which they must be stored.
std::vector<record::RunFile::StoredArc> sorted_arcs(AgentId agents);

std::vector<record::SeriesColumn> made_up_series(std::int64_t rows);

/// A whole made-up run: attributes, names, series, final, two snapshots, topology.
struct RunPlan {
    AgentId agents = 97;
    std::int64_t tasks = 3;
    Ownership ownership = Ownership::block;
    int compression = 0;
    bool single = false;
    std::int64_t steps = 11;
    bool names = true;
    std::int64_t slab_bytes = std::int64_t{16} << 20;
};
/// Collective.
void write_run(const mpi::Communicator& comm, const std::string& path, const RunPlan& plan);

/// Whole dataset converted to doubles, with its extent; read by this process alone.
struct Content {
    std::vector<hsize_t> extent;
    std::vector<double> values;
    bool compressed = false;
    std::size_t element_size = 0;
};
Content read_dataset(const std::string& file, const std::string& dataset);

}  // namespace motley::test
