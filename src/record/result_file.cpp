#include "motley/record/result_file.hpp"

#include <array>

#include "record/hdf5.hpp"
#include "record/hdf5_layout.hpp"

namespace motley::record {

struct ResultFile::Impl {
    std::string path;
    hdf5::SilentErrors silent = {};
    hdf5::Handle file = {};

    /// An error of HDF5 becomes an input error about the file.
    template <class Action>
    auto read(const Action& action) const {
        try {
            return action();
        } catch (const Error& error) {
            throw input_error(std::string("cannot be read: ") + error.what(), {path});
        }
    }
};

namespace {

std::string text_attribute(hid_t dataset, const std::string& name) {
    const htri_t there = H5Aexists(dataset, name.c_str());
    return there > 0 ? hdf5::read_attribute(dataset, name) : std::string();
}

std::string name_at(hid_t group, hsize_t index) {
    // Groups that the layout made keep the order; the root and its kin do not.
    for (const H5_index_t order : {H5_INDEX_CRT_ORDER, H5_INDEX_NAME}) {
        std::array<char, 256> name{};
        const auto length = H5Lget_name_by_idx(group, ".", order, H5_ITER_INC, index, name.data(),
                                               name.size(), H5P_DEFAULT);
        if (length >= 0) return name.data();
    }
    hdf5::fail("reading the names in a group");
}

}  // namespace

ResultFile::ResultFile(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) {
    impl_->read([&] { impl_->file = hdf5::open_file(impl_->path); });
}

ResultFile::~ResultFile() = default;

std::string ResultFile::attribute(const std::string& name) const {
    return impl_->read([&] { return hdf5::read_attribute(impl_->file, name); });
}

bool ResultFile::has(const std::string& path) const {
    return impl_->read([&] { return layout::exists(impl_->file, path); });
}

std::vector<std::string> ResultFile::names(const std::string& group) const {
    return impl_->read([&] {
        std::vector<std::string> names;
        if (!layout::exists(impl_->file, group)) return names;
        const hdf5::Handle opened{H5Gopen2(impl_->file, group.c_str(), H5P_DEFAULT), H5Gclose,
                                  "opening group " + group};
        H5G_info_t info;
        hdf5::check(H5Gget_info(opened, &info), "H5Gget_info");
        for (hsize_t i = 0; i < info.nlinks; ++i) names.push_back(name_at(opened, i));
        return names;
    });
}

ResultVariable ResultFile::read(const std::string& path) const {
    return impl_->read([&] {
        const hdf5::Handle dataset = hdf5::open_dataset(impl_->file, path);
        ResultVariable variable;
        variable.name = path.substr(path.rfind('/') + 1);
        variable.unit = text_attribute(dataset, "units");
        variable.long_name = text_attribute(dataset, "long_name");
        const hdf5::Handle space{H5Dget_space(dataset), H5Sclose, "H5Dget_space"};
        std::array<hsize_t, 2> extent = {0, 1};
        if (const int rank = H5Sget_simple_extent_ndims(space); rank < 1 || rank > 2) {
            throw input_error("dataset " + path + " is no table");
        }
        hdf5::check(H5Sget_simple_extent_dims(space, extent.data(), nullptr),
                    "H5Sget_simple_extent_dims");
        variable.rows = static_cast<std::int64_t>(extent[0]);
        variable.width = static_cast<std::int64_t>(extent[1]);
        const H5T_class_t kind = hdf5::class_of(dataset);
        if (kind == H5T_STRING) {
            variable.texts = layout::read_text(impl_->file, path);
            return variable;
        }
        variable.integer = kind == H5T_INTEGER;
        variable.numbers.resize(static_cast<std::size_t>(variable.rows * variable.width));
        hdf5::read_rows(dataset, hdf5::NumberType::float64, 0, variable.rows,
                        variable.numbers.data(), path);
        return variable;
    });
}

}  // namespace motley::record
