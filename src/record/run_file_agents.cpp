// Redistributes per-agent variables to blocks of global ids and writes them slab by slab.
#include <algorithm>

#include "record/redistribution.hpp"
#include "record/run_file.hpp"

namespace motley::record {
namespace {

void transfer(const mpi::Communicator& comm, const std::string& file, Redistribution& rows,
              const std::vector<AgentVariable>& variables,
              const std::vector<layout::NewDataset>& datasets, std::int64_t slab_bytes,
              std::vector<Written>& log) {
    DataPhase phase(comm, file, datasets.front().shape.chunk_rows > 0);
    std::vector<std::unique_ptr<BlockWriter>> writers;
    std::int64_t widest = 1;
    for (const auto& dataset : datasets) {
        writers.push_back(BlockWriter::make(phase, dataset.shape, rows.blocks(), log));
        widest = std::max(widest, dataset.shape.width);
    }
    const std::int64_t limit = slab_bytes / (widest * static_cast<std::int64_t>(sizeof(double)));
    while (rows.next_slab(limit)) {
        for (std::size_t v = 0; v < variables.size(); ++v) {
            writers[v]->append(rows.move(variables[v]));
        }
    }
    for (const auto& writer : writers) writer->finish();
    writers.clear();
    phase.close();
}

}  // namespace

void RunFile::Impl::write_agents(const std::string& group,
                                 const std::vector<AgentVariable>& variables) {
    const std::string folder = "/" + group;
    std::vector<layout::NewDataset> datasets;
    std::int64_t bytes = 0;
    for (const auto& one : variables) {
        if (one.width != 1 && one.width != tasks) {
            throw internal_error("run file: variable " + one.name + " has width " +
                                 std::to_string(one.width) + ", there are " +
                                 std::to_string(tasks) + " tasks");
        }
        std::vector<std::string> dimensions{folder + "/agent"};
        if (one.width > 1) dimensions.push_back(folder + "/task");
        datasets.push_back(
            variable(folder + "/" + one.name,
                     one.single ? hdf5::NumberType::float32 : hdf5::NumberType::float64, agents,
                     one.width, std::move(dimensions)));
        datasets.back().unit = one.unit;
        datasets.back().long_name = one.long_name;
        if (datasets.back().shape.chunk_rows == 0) bytes += datasets.back().shape.bytes();
    }
    const std::int64_t coordinates = options.compression > 0 ? 0 : agents * std::int64_t{8};
    bytes += coordinates + layout::metadata_bytes(datasets);
    change_structure(bytes, [&](hid_t file) {
        layout::require_group(file, folder);
        layout::require_coordinate(file, folder + "/agent", "id of the agent", agents,
                                   options.compression, log);
        layout::require_coordinate(file, folder + "/task", "index of the task", tasks,
                                   options.compression, log);
        for (const auto& dataset : datasets) layout::add_variable(file, dataset);
    });
    if (variables.empty() || agents == 0) return;
    Redistribution rows(comm, agents, owned);
    transfer(comm, temporary, rows, variables, datasets, options.slab_bytes, log);
}

}  // namespace motley::record
