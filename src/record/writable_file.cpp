// The file driver of WritableFile: POSIX calls, and the pieces that could not be written.
#include "record/writable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <new>
#include <system_error>
#include <vector>

#include "record/durable_files.hpp"

namespace motley::record::hdf5 {
namespace {

using Fault = WritableFile::Fault;

/// The data that the access property list carries to the driver.
struct DriverInfo {
    Fault* fault;
};

/// A piece of metadata that is not on the disk. HDF5 may read it back until it closes the file.
struct LostPiece {
    haddr_t begin;
    std::vector<std::byte> bytes;
};

struct DiskFile {
    H5FD_t base;  // must come first: HDF5 sees only this part
    int descriptor = -1;
    haddr_t eoa = 0;
    haddr_t eof = 0;
    Fault* fault = nullptr;
    std::vector<LostPiece> lost;
};

DiskFile& self(H5FD_t* file) {
    return *reinterpret_cast<DiskFile*>(file);
}
const DiskFile& self(const H5FD_t* file) {
    return *reinterpret_cast<const DiskFile*>(file);
}

void remember(Fault& fault, int error) {
    if (fault.error == 0) fault.error = error;
}

H5FD_t* open_disk(const char* name, unsigned flags, hid_t access, haddr_t /*maxaddr*/) {
    const auto* info = static_cast<const DriverInfo*>(H5Pget_driver_info(access));
    if (info == nullptr) return nullptr;
    int mode = (flags & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY;
    if ((flags & H5F_ACC_CREAT) != 0) mode |= O_CREAT;
    if ((flags & H5F_ACC_TRUNC) != 0) mode |= O_TRUNC;
    if ((flags & H5F_ACC_EXCL) != 0) mode |= O_EXCL;
    const int descriptor = ::open(name, mode | O_CLOEXEC, 0666);
    struct stat status {};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
        remember(*info->fault, errno);
        if (descriptor >= 0) ::close(descriptor);
        return nullptr;
    }
    auto* file = new (std::nothrow) DiskFile{};
    if (file == nullptr) {
        ::close(descriptor);
        return nullptr;
    }
    file->descriptor = descriptor;
    file->eof = static_cast<haddr_t>(status.st_size);
    file->fault = info->fault;
    return &file->base;
}

herr_t close_disk(H5FD_t* file) {
    DiskFile& disk = self(file);
    if (::close(disk.descriptor) != 0 && errno != EINTR) remember(*disk.fault, errno);
    delete &disk;
    return 0;
}

/// Answers as HDF5's own driver for plain files does, so that the layout is the same.
herr_t query_disk(const H5FD_t* /*file*/, unsigned long* flags) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

haddr_t get_eoa(const H5FD_t* file, H5FD_mem_t /*type*/) {
    return self(file).eoa;
}

herr_t set_eoa(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t address) {
    self(file).eoa = address;
    return 0;
}

haddr_t get_eof(const H5FD_t* file, H5FD_mem_t /*type*/) {
    return self(file).eof;
}

/// Bytes beyond the end are zero, as HDF5 expects.
herr_t read_disk(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t address,
                 std::size_t size, void* buffer) {
    const DiskFile& disk = self(file);
    auto* out = static_cast<std::byte*>(buffer);
    std::memset(out, 0, size);
    for (std::size_t at = 0; at < size;) {
        const ssize_t n =
            ::pread(disk.descriptor, out + at, size - at, static_cast<off_t>(address + at));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        at += static_cast<std::size_t>(n);
    }
    for (const LostPiece& piece : disk.lost) {
        const haddr_t begin = std::max(address, piece.begin);
        const haddr_t end = std::min(address + size, piece.begin + piece.bytes.size());
        if (begin < end) {
            std::memcpy(out + (begin - address), piece.bytes.data() + (begin - piece.begin),
                        end - begin);
        }
    }
    return 0;
}

herr_t write_disk(H5FD_t* file, H5FD_mem_t type, hid_t /*transfer*/, haddr_t address,
                  std::size_t size, const void* buffer) {
    DiskFile& disk = self(file);
    const auto* bytes = static_cast<const std::byte*>(buffer);
    disk.eof = std::max(disk.eof, address + size);
    if (disk.fault->error == 0) {
        const int error =
            write_at(disk.descriptor, static_cast<std::int64_t>(address), {bytes, size});
        if (error == 0) return 0;
        remember(*disk.fault, error);
    }
    if (type == H5FD_MEM_DRAW) return 0;  // the numbers of a lost file are never read
    try {
        disk.lost.push_back({address, {bytes, bytes + size}});
    } catch (const std::bad_alloc&) {
        return -1;
    }
    return 0;
}

herr_t truncate_disk(H5FD_t* file, hid_t /*transfer*/, hbool_t /*closing*/) {
    DiskFile& disk = self(file);
    if (disk.eoa == disk.eof) return 0;
    if (disk.fault->error == 0 && ::ftruncate(disk.descriptor, static_cast<off_t>(disk.eoa)) != 0) {
        remember(*disk.fault, errno);
    }
    disk.eof = disk.eoa;
    return 0;
}

H5FD_class_t driver_class() {
    H5FD_class_t driver{};
    driver.name = "motley-disk";
    driver.maxaddr = (haddr_t{1} << 62) - 1;
    driver.fc_degree = H5F_CLOSE_WEAK;
    driver.fapl_size = sizeof(DriverInfo);
    driver.open = open_disk;
    driver.close = close_disk;
    driver.query = query_disk;
    driver.get_eoa = get_eoa;
    driver.set_eoa = set_eoa;
    driver.get_eof = get_eof;
    driver.read = read_disk;
    driver.write = write_disk;
    driver.truncate = truncate_disk;
    const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
    std::copy(std::begin(map), std::end(map), std::begin(driver.fl_map));
    return driver;
}

hid_t driver_id() {
    static const H5FD_class_t driver = driver_class();
    static hid_t id = H5I_INVALID_HID;
    // HDF5 forgets its drivers when it is shut down and started again.
    if (id < 0 || H5Iis_valid(id) <= 0) id = check(H5FDregister(&driver), "H5FDregister");
    return id;
}

}  // namespace

WritableFile::WritableFile(const std::string& path, bool create)
    : fault_(std::make_unique<Fault>()) {
    const Handle access = access_list();
    const DriverInfo info{fault_.get()};
    hdf5::check(H5Pset_driver(access, driver_id(), &info), "H5Pset_driver");
    const Handle creation = property_list(H5P_FILE_CREATE);
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hdf5::check(H5Pset_link_creation_order(creation, order), "H5Pset_link_creation_order");
    hdf5::check(H5Pset_obj_track_times(creation, false), "H5Pset_obj_track_times");
    const char* what = create ? "creating the file" : "opening the file";
    const hid_t id = create ? H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access)
                            : H5Fopen(path.c_str(), H5F_ACC_RDWR, access);
    if (id < 0) check(what);
    file_ = Handle(id, H5Fclose, what);
}

WritableFile WritableFile::create(const std::string& path) {
    return {path, true};
}
WritableFile WritableFile::open(const std::string& path) {
    return {path, false};
}
WritableFile::~WritableFile() = default;
WritableFile::WritableFile(WritableFile&&) noexcept = default;
WritableFile& WritableFile::operator=(WritableFile&&) noexcept = default;

void WritableFile::check(std::string_view what) const {
    if (fault_->error == 0) return;
    throw storage_error(std::string(what) + ": " + std::system_category().message(fault_->error));
}

void WritableFile::close(std::string_view what) {
    file_.close(what);
    check(what);
}

}  // namespace motley::record::hdf5
