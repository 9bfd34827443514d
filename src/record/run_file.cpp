// RunFile from the temporary name to the final one; attributes, names and series.
#include "record/run_file.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <system_error>

#include "record/digest.hpp"
#include "record/durable_files.hpp"

namespace motley::record {
namespace {

/// The same error with the file's name in front and, for a full disk, with advice.
Error placed(const Error& error, const std::string& path) {
    if (!error.where().file.empty()) return error;
    std::string text = error.what();
    const std::string full = std::make_error_code(std::errc::no_space_on_device).message();
    if (text.find(full) != std::string::npos) text += full_disk_advice;
    Error out(error.kind(), text, Where{path});
    out.set_rank(error.rank());
    out.set_agent(error.agent());
    return out;
}

std::int64_t text_bytes(const Provenance& provenance) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : provenance) bytes += name.size() + value.size() + 512;
    return static_cast<std::int64_t>(bytes);
}

const SeriesColumn& coordinate_column(const std::vector<SeriesColumn>& columns,
                                      const std::string& name) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.name == name; });
    if (found == columns.end()) throw internal_error("series: there is no column named " + name);
    for (const auto& column : columns) {
        if (column.values.size() != found->values.size()) {
            throw internal_error("series: column " + column.name + " has " +
                                 std::to_string(column.values.size()) + " values, " + name +
                                 " has " + std::to_string(found->values.size()));
        }
    }
    for (const double step : found->values) {
        if (std::nearbyint(step) != step || std::abs(step) > 9e15) {
            throw internal_error("series: " + name + " " + std::to_string(step) +
                                 " is not a whole number");
        }
    }
    return *found;
}

void write_column(hid_t file, const DatasetShape& shape, const std::vector<double>& values,
                  std::vector<Written>& log) {
    std::vector<std::int64_t> whole;
    const void* data = values.data();
    if (shape.type == hdf5::NumberType::int64) {
        whole.assign(values.begin(), values.end());
        data = whole.data();
    }
    if (shape.rows == 0) return;
    hdf5::Handle dataset = hdf5::open_dataset(file, shape.path);
    hdf5::write_rows(dataset, shape.type, 0, shape.rows, data, shape.path);
    log.push_back(describe_rows(shape, dataset, 0, shape.rows, data));
    dataset.close("closing dataset " + shape.path);
}

}  // namespace

RunFile::Impl::Impl(const mpi::Communicator& parent, const std::string& final_path,
                    AgentId agent_count, std::int64_t task_count,
                    std::span<const AgentId> owned_ids, WriteOptions file_options)
    : comm(parent.duplicate()),
      path(final_path),
      temporary(final_path + ".tmp"),
      agents(agent_count),
      tasks(task_count),
      owned(owned_ids),
      options(file_options) {}

void RunFile::Impl::run(const std::function<void()>& action) {
    if (!open) {
        throw internal_error("run file " + path + " is used after it failed or was committed");
    }
    try {
        action();
    } catch (const Error& error) {
        discard();
        throw placed(error, path);
    } catch (...) {
        discard();
        throw;
    }
}

void RunFile::Impl::change_structure(std::int64_t extra,
                                     const std::function<void(hid_t file)>& build) {
    mpi::on_root(comm, [&] {
        reserve_beyond_end(temporary, extra);
        hdf5::WritableFile file = hdf5::WritableFile::open(temporary);
        build(file);
        file.close("closing the file");
        reserve_whole(temporary);
    });
}

void RunFile::Impl::discard() {
    open = false;
    if (comm.root()) remove_quietly(temporary);
}

layout::NewDataset RunFile::Impl::variable(const std::string& where, hdf5::NumberType type,
                                           std::int64_t rows, std::int64_t width,
                                           std::vector<std::string> dimensions) const {
    layout::NewDataset out;
    out.shape = {where,
                 type,
                 rows,
                 width,
                 layout::chunk_rows(rows, width, type, options.compression),
                 options.compression};
    out.dimensions = std::move(dimensions);
    return out;
}

void RunFile::Impl::write_series(const std::vector<SeriesColumn>& columns, const std::string& group,
                                 const std::string& coordinate) {
    const std::string folder = "/" + group + "/";
    const std::string scale = folder + coordinate;
    change_structure(std::int64_t{128} << 10, [&](hid_t file) {
        const auto rows =
            static_cast<std::int64_t>(coordinate_column(columns, coordinate).values.size());
        std::vector<layout::NewDataset> variables;
        std::int64_t bytes = 0;
        for (const auto& column : columns) {
            const bool whole = column.name == coordinate;
            variables.push_back(variable(
                folder + column.name, whole ? hdf5::NumberType::int64 : hdf5::NumberType::float64,
                rows, 1, {scale}));
            variables.back().unit = column.unit;
            variables.back().long_name = column.long_name;
            bytes += variables.back().shape.bytes();
        }
        reserve_beyond_end(temporary, bytes + layout::metadata_bytes(variables));
        layout::require_group(file, "/" + group);
        // The scale must be made before others refer to it, whatever the position of its column.
        const auto step = std::find_if(variables.begin(), variables.end(),
                                       [&](const auto& one) { return one.shape.path == scale; });
        layout::add_variable(file, *step);
        layout::make_scale(file, scale);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (variables[i].shape.path != scale) layout::add_variable(file, variables[i]);
            write_column(file, variables[i].shape, columns[i].values, log);
        }
    });
}

void RunFile::Impl::verify() const {
    mpi::together(comm, [&] {
        const hdf5::Handle file = hdf5::open_file(temporary);
        for (const auto& written : log) verify_rows(file, temporary, written);
        if (!comm.root()) return;
        for (const auto& [name, value] : attributes) {
            if (hdf5::read_attribute(file, name) != value) {
                throw storage_error("attribute " + name +
                                    ": what the disk gives back is not what was written");
            }
        }
        if (!names.empty() && layout::read_text(file, "/final/agent_name") != names) {
            throw storage_error(
                "the names of the agents: what the disk gives back is not what was "
                "written");
        }
    });
}

/// The digest of the rows that `verify` has checked, plus that of the bytes between datasets.
std::uint64_t RunFile::Impl::digest() const {
    std::uint64_t sum = 0;
    mpi::together(comm, [&] {
        for (const auto& written : log) sum += written.digest;
        if (!comm.root()) return;
        std::map<std::int64_t, std::int64_t> areas;  // rank 0 has rows of every dataset
        for (const auto& written : log) {
            if (written.dataset_begin >= 0) areas[written.dataset_begin] = written.dataset_bytes;
        }
        std::int64_t at = 0;
        for (const auto& [begin, bytes] : areas) {
            sum += digest_of_file(temporary, at, begin);
            at = begin + bytes;
        }
        sum += digest_of_file(temporary, at, file_bytes(temporary));
    });
    return comm.sum_wrapping(sum);
}

void RunFile::Impl::commit() {
    mpi::together(comm, [&] {
        if (comm.root()) release_beyond_end(temporary);
        // Each host writes its own pages back, so that a late write error appears on its own rank.
        sync_file(temporary);
    });
    verify();
    if (options.digest != nullptr) *options.digest = digest();
    mpi::on_root(comm, [&] { rename_durably(temporary, path); });
    open = false;
}

RunFile::RunFile(const mpi::Communicator& comm, const std::string& path, AgentId agents,
                 std::int64_t tasks, std::span<const AgentId> owned, WriteOptions options)
    : impl_(std::make_unique<Impl>(comm, path, agents, tasks, owned, options)) {
    impl_->open = true;
    impl_->run([&] {
        mpi::together(impl_->comm, [&] {
            for (const AgentId id : owned) {
                if (id < 0 || id >= agents) {
                    throw internal_error("run file: agent " + std::to_string(id) + " of " +
                                         std::to_string(agents) + " is not possible");
                }
            }
        });
        const auto total = impl_->comm.sum(static_cast<std::int64_t>(owned.size()));
        if (total != agents) {
            throw internal_error("run file: " + std::to_string(total) +
                                 " rows are owned, there are " + std::to_string(agents) +
                                 " agents");
        }
        mpi::on_root(impl_->comm, [&] {
            write_file(impl_->temporary, "");
            reserve_beyond_end(impl_->temporary, std::int64_t{64} << 10);
            hdf5::WritableFile::create(impl_->temporary).close("closing the new file");
        });
    });
}

RunFile::~RunFile() {
    if (impl_->open) impl_->discard();
}

void RunFile::write_attributes(const Provenance& provenance) {
    impl_->run([&] {
        Provenance all{{"Conventions", "netCDF-4 dimension scales, group by group; UTF-8"}};
        all.insert(all.end(), provenance.begin(), provenance.end());
        impl_->change_structure((std::int64_t{64} << 10) + text_bytes(all), [&](hid_t file) {
            for (const auto& [name, value] : all) hdf5::write_attribute(file, name, value);
        });
        for (const auto& entry : all) {
            std::erase_if(impl_->attributes,
                          [&](const auto& old) { return old.first == entry.first; });
            impl_->attributes.push_back(entry);
        }
    });
}

void RunFile::write_names(const std::vector<std::string>& names) {
    impl_->run([&] {
        if (names.empty()) return;
        if (static_cast<AgentId>(names.size()) != impl_->agents) {
            throw internal_error("run file: " + std::to_string(names.size()) + " names for " +
                                 std::to_string(impl_->agents) + " agents");
        }
        std::int64_t bytes = std::int64_t{128} << 10;
        for (const auto& name : names) bytes += static_cast<std::int64_t>(name.size()) + 64;
        impl_->change_structure(bytes, [&](hid_t file) {
            layout::require_group(file, "/final");
            layout::require_coordinate(file, "/final/agent", "id of the agent", impl_->agents,
                                       impl_->options.compression, impl_->log);
            layout::add_text(file, "/final/agent_name", "/final/agent", "name of the agent", names);
        });
        if (impl_->comm.root()) impl_->names = names;
    });
}

void RunFile::write_series(const std::vector<SeriesColumn>& columns, const std::string& group,
                           const std::string& coordinate) {
    impl_->run([&] { impl_->write_series(columns, group, coordinate); });
}

void RunFile::write_agents(const std::string& group, const std::vector<AgentVariable>& variables) {
    impl_->run([&] { impl_->write_agents(group, variables); });
}

void RunFile::write_topology(const std::vector<ArcRow>& arcs) {
    impl_->run([&] { impl_->write_topology(arcs); });
}

void RunFile::commit() {
    impl_->run([&] { impl_->commit(); });
}

}  // namespace motley::record
