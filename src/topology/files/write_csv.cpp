// Writes a topology as a CSV file that `read_csv` reads back, whole or not at all.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "motley/core/text.hpp"
#include "topology/statistics/rows.hpp"

namespace motley::topology {
namespace {

/// A file that receives its name only after it is complete and on the disk.
class AtomicFile {
  public:
    explicit AtomicFile(const std::string& path)
        : path_(path), temporary_(path + ".tmp" + std::to_string(::getpid())) {
        fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (fd_ < 0) fail("cannot be created");
    }
    ~AtomicFile() {
        if (fd_ >= 0) ::close(fd_);
        if (!committed_) ::unlink(temporary_.c_str());
    }
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t written = ::write(fd_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail("cannot be written");
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    void commit() {
        if (::fsync(fd_) != 0) fail("cannot be synced");
        if (::close(std::exchange(fd_, -1)) != 0) fail("cannot be written");
        if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot be renamed");
        committed_ = true;
    }

  private:
    [[noreturn]] void fail(const char* what) const {
        const int error = errno;
        throw storage_error(fmt::format("{}: {}; check the folder, the disk space and the rights",
                                        what, std::strerror(error)),
                            {path_});
    }

    std::string path_;
    std::string temporary_;
    int fd_ = -1;
    bool committed_ = false;
};

std::string vertex_name(const std::vector<std::string>& names, AgentId agent) {
    if (names.empty()) return std::to_string(agent);
    return csv_field(names[static_cast<std::size_t>(agent)]);
}

/// Whether an arc has another capacity than a host port.
bool has_capacities(const Topology& topology, const Csr& rows) {
    for (AgentId source = 0; source < rows.agents; ++source) {
        for (const AgentId target : row_of(rows, source)) {
            if (topology.link(source, target).capacity != 1.0) return true;
        }
    }
    return false;
}

}  // namespace

void write_csv(const Topology& topology, const std::string& path) {
    constexpr std::size_t flush_at = std::size_t{1} << 20;
    const Csr rows = gather_rows(topology);
    const double survival = topology.traits().survival;
    AtomicFile file(path);
    const bool capacities = has_capacities(topology, rows);
    std::string text = "source,target,weight,survival";
    text += capacities ? ",capacity\n" : "\n";
    std::size_t index = 0;
    for (AgentId source = 0; source < rows.agents; ++source) {
        const std::string source_name = vertex_name(topology.names(), source);
        for (const AgentId target : row_of(rows, source)) {
            // The format writes the shortest digits from which the double is recovered, at most 17.
            fmt::format_to(std::back_inserter(text), "{},{},{},{}", source_name,
                           vertex_name(topology.names(), target),
                           rows.weights.empty() ? 1.0 : rows.weights[index],
                           rows.survivals.empty() ? survival : rows.survivals[index]);
            if (capacities) {
                fmt::format_to(std::back_inserter(text), ",{}",
                               topology.link(source, target).capacity);
            }
            text += '\n';
            index += 1;
        }
        if (text.size() > flush_at) {
            file.write(text);
            text.clear();
        }
    }
    file.write(text);
    file.commit();
}

}  // namespace motley::topology
