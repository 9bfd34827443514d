// State of a RunFile that its source files share: the temporary file, and the rows written so far.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "motley/record/record.hpp"
#include "record/block_writer.hpp"
#include "record/hdf5.hpp"
#include "record/hdf5_layout.hpp"

namespace motley::record {

struct RunFile::Impl {
    Impl(const mpi::Communicator& parent, const std::string& final_path, AgentId agent_count,
         std::int64_t task_count, std::span<const AgentId> owned_ids, WriteOptions file_options);

    /// Runs one collective member; after an error, the temporary file is removed and
    /// later calls fail.
    void run(const std::function<void()>& action);
    /// Rank 0 alone changes the structure. It reserves `extra` bytes before, and all allocated
    /// bytes after. Between calls no rank has the file open.
    void change_structure(std::int64_t extra, const std::function<void(hid_t file)>& build);
    void discard();

    layout::NewDataset variable(const std::string& where, hdf5::NumberType type, std::int64_t rows,
                                std::int64_t width, std::vector<std::string> dimensions) const;

    void write_series(const std::vector<SeriesColumn>& columns, const std::string& group,
                      const std::string& coordinate);
    void write_agents(const std::string& group, const std::vector<AgentVariable>& variables);
    void write_topology(const std::vector<ArcRow>& arcs);
    void verify() const;
    std::uint64_t digest() const;
    void commit();

    mpi::Communicator comm;
    std::string path;
    std::string temporary;
    AgentId agents;
    std::int64_t tasks;
    std::span<const AgentId> owned;
    WriteOptions options;
    hdf5::SilentErrors silent;
    bool open = false;
    std::vector<Written> log;        ///< this rank's rows
    Provenance attributes;           ///< root attributes, on every rank
    std::vector<std::string> names;  ///< names of the agents, when they were written
};

}  // namespace motley::record
