// The files of a run: run.h5, series.csv, status.json, log.txt. Each is written to a temporary
// name, synced and renamed, so that a file that a reader can see is whole.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::record {

/// Not collective. Creates the folder and its parents; a storage error names the obstacle.
void make_directory(const std::string& path);
/// Not collective. The same inside a folder of results: links out of it are refused.
void make_inner_directory(const std::string& path);
/// Not collective. Writes `text` to `path` atomically (temporary name, fsync, rename).
void write_file(const std::string& path, const std::string& text);

/// Ordered text attributes: version, commit, compiler, MPI, job text, seed, ranks, hosts, ...
using Provenance = std::vector<std::pair<std::string, std::string>>;
/// Not collective. The facts known when the program was built, and its libraries: those that record
/// uses itself, and `libraries` (names and versions: partition::library_versions()).
Provenance build_provenance(const Provenance& libraries);
/// Not collective. "<version> <commit>".
std::string program_version();
/// Not collective. Attributes of a result that do not depend on when, where or on how many ranks it
/// was computed: Conventions, version, commit, dirty, job (`job_text`, resolved), seed.
Provenance reproducible_attributes(const std::string& job_text, std::uint64_t seed);
/// Collective. Build part + command line, hosts, SLURM ids, start time (UTC), ranks.
Provenance run_provenance(const mpi::Communicator& comm, const std::vector<std::string>& command,
                          const Provenance& libraries);

/// A column of the series: name, unit, long name, one value per recorded step.
struct SeriesColumn {
    std::string name;
    std::string unit;
    std::string long_name;
    std::vector<double> values;
};

/// A per-agent variable: this rank's rows in local order, given by a callback so that no second
/// copy of the state is needed. `fill(first, count, out)` writes rows [first, first + count) of
/// `width` doubles each.
struct AgentVariable {
    std::string name;
    std::string unit;
    std::string long_name;
    std::int64_t width = 1;  ///< 1: dimension (agent); K: dimensions (agent, task)
    bool single = false;     ///< stored as 32-bit floats
    std::function<void(std::int64_t first, std::int64_t count, double* out)> fill;
    /// Used instead of `fill` where rows lie in memory as they are stored: row i is at `data` +
    /// i * stride bytes.
    const std::byte* data = nullptr;
    std::size_t stride = 0;
};

/// One parallel HDF5 file that `xarray.open_dataset(path, group=...)` reads with named dimensions.
/// All members are collective.
class RunFile {
  public:
    struct WriteOptions {
        int compression = 0;  ///< deflate level, 0: none
        /// Bytes that a rank moves at once; its buffers hold about four times as much.
        std::int64_t slab_bytes = std::int64_t{1} << 20;
        /// Where `commit` puts the digest of the file (docs/formats.md); null: it is not computed.
        std::uint64_t* digest = nullptr;
    };
    /// Opens `path` + ".tmp". `owned` are the global ids of this rank's rows, in local order;
    /// kept by reference until commit. Each agent has one owner (else an internal error).
    RunFile(const mpi::Communicator& comm, const std::string& path, AgentId agents,
            std::int64_t tasks, std::span<const AgentId> owned, WriteOptions options);
    /// Removes the temporary file where `commit` was not called. Every member throws the same error
    /// on all ranks, a storage error when the disk is full, and then removes that file, too.
    ~RunFile();
    RunFile(const RunFile&) = delete;
    RunFile& operator=(const RunFile&) = delete;

    /// Writes text attributes of the root; a second call replaces those of the same name.
    void write_attributes(const Provenance& provenance);
    /// Writes the names of all agents, the same on every rank; does nothing when there are none.
    void write_names(const std::vector<std::string>& names);
    /// Stores rank 0's columns in `group`. The column `coordinate` is its dimension.
    void write_series(const std::vector<SeriesColumn>& columns, const std::string& group = "series",
                      const std::string& coordinate = "step");
    /// Writes the group `final`, or `snapshots/step_<n>`: variables with dimensions and units.
    void write_agents(const std::string& group, const std::vector<AgentVariable>& variables);
    /// An arc of the group `topology`: source, target, weight, survival, value. A rank gives its
    /// arcs in any order; they are stored sorted by (source, target).
    struct ArcRow {
        AgentId source, target;
        double weight, survival;
        double value = 0.0;  ///< utility
    };
    void write_topology(const std::vector<ArcRow>& arcs);
    /// Closes, verifies what is on the disk, syncs, and renames to the final name.
    void commit();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Not collective. Text of series.csv: header row, then one line per step, 17 digits.
std::string series_csv(const std::vector<SeriesColumn>& columns);

/// Not collective: every rank reads the file and keeps its rows. A table `agent,<task 1>,...` in
/// the order of the header, or `agent,resource` when `width` is 1; or HDF5 with the datasets
/// `values` (N x width) and, unless its rows are in the order of ids, `agent`. Returns the rows of
/// `owned` (row-major, owned.size() x width). Without `names` agents are named by their id, else by
/// name. Input errors carry file:line:column and are the same on every rank: unknown agent, twice
/// the same, missing agent, not a number, not finite, negative, wrong number of columns, empty
/// file.
std::vector<double> read_table(const std::string& path, std::int64_t width, AgentId agents,
                               std::span<const AgentId> owned,
                               const std::vector<std::string>& names);

}  // namespace motley::record
