// Reads what RunFile wrote in blocks of global ids, and passes rows on to the owners of agents.
#include <algorithm>
#include <numeric>

#include "motley/record/checkpoint.hpp"
#include "record/block_writer.hpp"
#include "record/hdf5.hpp"

namespace motley::record {

struct RunFileReader::Impl {
    const mpi::Communicator& comm;
    std::string path;
    hdf5::SilentErrors silent = {};
    hdf5::Handle file = {};

    /// Every rank reads for itself. An error of HDF5 becomes an input error about the file.
    template <class Action>
    void read(const Action& action) const {
        mpi::together(comm, [&] {
            try {
                action();
            } catch (const Error& error) {
                throw input_error(std::string("cannot be read: ") + error.what(), {path});
            }
        });
    }

    std::vector<double> numbers(const std::string& dataset, std::int64_t first, std::int64_t count,
                                std::int64_t width) const {
        std::vector<double> out(static_cast<std::size_t>(count * width));
        if (out.empty()) return out;
        const hdf5::Handle opened = hdf5::open_dataset(file, dataset);
        check_extent(opened, dataset, first + count, width);
        hdf5::read_rows(opened, hdf5::NumberType::float64, first, count, out.data(), dataset);
        return out;
    }

    /// Number of rows of a dataset.
    std::int64_t length(const std::string& dataset) const {
        const hdf5::Handle opened = hdf5::open_dataset(file, dataset);
        const hdf5::Handle space(H5Dget_space(opened), H5Sclose, "H5Dget_space");
        hsize_t extent[2] = {0, 1};
        hdf5::check(H5Sget_simple_extent_dims(space, extent, nullptr), "H5Sget_simple_extent_dims");
        return static_cast<std::int64_t>(extent[0]);
    }

    static void check_extent(hid_t dataset, const std::string& name, std::int64_t rows,
                             std::int64_t width) {
        const hdf5::Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
        hsize_t extent[2] = {0, 1};
        const int rank = H5Sget_simple_extent_ndims(space);
        if (rank < 1 || rank > 2) throw input_error("dataset " + name + " has another shape");
        hdf5::check(H5Sget_simple_extent_dims(space, extent, nullptr), "H5Sget_simple_extent_dims");
        if (extent[0] < static_cast<hsize_t>(rows) || extent[1] != static_cast<hsize_t>(width)) {
            throw input_error("dataset " + name + " has another shape");
        }
    }
};

RunFileReader::RunFileReader(const mpi::Communicator& comm, const std::string& path)
    : impl_(std::make_unique<Impl>(comm, path)) {
    impl_->read([&] { impl_->file = hdf5::open_file(path); });
}

RunFileReader::~RunFileReader() = default;

std::string RunFileReader::attribute(const std::string& name) const {
    std::string value;
    impl_->read([&] { value = hdf5::read_attribute(impl_->file, name); });
    return value;
}

std::vector<double> RunFileReader::column(const std::string& path, std::int64_t rows) const {
    std::vector<double> values;
    impl_->read([&] { values = impl_->numbers(path, 0, rows, 1); });
    return values;
}

std::vector<double> RunFileReader::rows(const std::string& path, AgentId agents, std::int64_t width,
                                        std::span<const AgentId> owned) const {
    const auto& comm = impl_->comm;
    const auto blocks = even_blocks(agents, comm.size());
    const auto ranks = static_cast<std::size_t>(comm.size());
    const auto columns = static_cast<std::size_t>(width);
    // Finds the rank that has the row of an agent, and the place of the row in its answer.
    std::vector<std::vector<AgentId>> asked(ranks);
    std::vector<std::vector<std::size_t>> places(ranks);
    for (std::size_t i = 0; i < owned.size(); ++i) {
        const auto after = std::upper_bound(blocks.begin(), blocks.end(), owned[i]);
        const auto rank = static_cast<std::size_t>(after - blocks.begin() - 1);
        asked[rank].push_back(owned[i]);
        places[rank].push_back(i);
    }
    std::vector<std::int64_t> counts;
    const std::vector<AgentId> wanted = comm.exchange(asked, &counts);
    const auto rank = static_cast<std::size_t>(comm.rank());
    std::vector<std::vector<double>> send(ranks);
    impl_->read([&] {
        const auto block =
            impl_->numbers(path, blocks[rank], blocks[rank + 1] - blocks[rank], width);
        auto next = wanted.begin();
        for (std::size_t r = 0; r < ranks; ++r) {
            send[r].reserve(static_cast<std::size_t>(counts[r]) * columns);
            for (std::int64_t i = 0; i < counts[r]; ++i, ++next) {
                const auto at = block.begin() + (*next - blocks[rank]) * width;
                send[r].insert(send[r].end(), at, at + width);
            }
        }
    });
    const std::vector<double> received = comm.exchange(send);
    std::vector<double> rows(owned.size() * columns);
    auto from = received.begin();
    for (std::size_t r = 0; r < ranks; ++r) {
        for (const std::size_t place : places[r]) {
            std::copy_n(from, columns, rows.begin() + static_cast<long>(place * columns));
            from += width;
        }
    }
    return rows;
}

std::vector<RunFile::ArcRow> RunFileReader::arcs(std::span<const AgentId> owned) const {
    constexpr std::int64_t slice = std::int64_t{1} << 17;
    std::vector<AgentId> sorted(owned.begin(), owned.end());
    std::sort(sorted.begin(), sorted.end());
    std::vector<RunFile::ArcRow> arcs;
    impl_->read([&] {
        const std::int64_t total = impl_->length("/topology/source");
        for (std::int64_t first = 0; first < total; first += slice) {
            const std::int64_t count = std::min(slice, total - first);
            const auto source = impl_->numbers("/topology/source", first, count, 1);
            const auto target = impl_->numbers("/topology/target", first, count, 1);
            const auto weight = impl_->numbers("/topology/weight", first, count, 1);
            const auto survival = impl_->numbers("/topology/survival", first, count, 1);
            const auto value = impl_->numbers("/topology/value", first, count, 1);
            for (std::size_t i = 0; i < source.size(); ++i) {
                const auto agent = static_cast<AgentId>(source[i]);
                if (!std::binary_search(sorted.begin(), sorted.end(), agent)) continue;
                arcs.push_back(
                    {agent, static_cast<AgentId>(target[i]), weight[i], survival[i], value[i]});
            }
        }
    });
    return arcs;
}

}  // namespace motley::record
