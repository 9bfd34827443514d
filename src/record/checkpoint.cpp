// The folder of checkpoints: seals, digests, what is kept and what goes.
#include "motley/record/checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "record/files.hpp"

namespace motley::record {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::int64_t block_bytes = std::int64_t{4} << 20;
constexpr std::size_t kept = 2;

/// A file that is open for reading.
class Input {
  public:
    explicit Input(const std::string& path)
        : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (file_ < 0) fail("cannot be opened", errno);
    }
    ~Input() { ::close(file_); }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    std::int64_t size() const {
        struct stat info {};
        if (::fstat(file_, &info) != 0) fail("cannot be looked at", errno);
        return info.st_size;
    }
    void read(std::int64_t at, std::vector<char>& out) const {
        for (std::size_t done = 0; done < out.size();) {
            const auto got = ::pread(file_, out.data() + done, out.size() - done,
                                     at + static_cast<std::int64_t>(done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) fail("cannot be read", errno);
            if (got == 0) throw input_error("ends early", {path_});
            done += static_cast<std::size_t>(got);
        }
    }

  private:
    [[noreturn]] void fail(const std::string& what, int error) const {
        throw input_error(what + ": " + std::make_error_code(std::errc(error)).message(), {path_});
    }
    std::string path_;
    int file_;
};

/// Sum over blocks of 4 MiB of their hashes, each seeded with its number: ranks share the blocks.
std::uint64_t digest_of(const mpi::Communicator& comm, const std::string& path,
                        std::int64_t bytes) {
    std::uint64_t digest = 0;
    mpi::together(comm, [&] {
        const Input file(path);
        std::vector<char> block;
        const std::int64_t blocks = (bytes + block_bytes - 1) / block_bytes;
        const std::int64_t first = blocks * comm.rank() / comm.size();
        const std::int64_t last = blocks * (comm.rank() + 1) / comm.size();
        for (std::int64_t b = first; b < last; ++b) {
            const std::int64_t at = b * block_bytes;
            block.resize(static_cast<std::size_t>(std::min(block_bytes, bytes - at)));
            file.read(at, block);
            digest +=
                XXH3_64bits_withSeed(block.data(), block.size(), static_cast<std::uint64_t>(b) + 1);
        }
    });
    return comm.sum_wrapping(digest);
}

std::string text_of(const std::string& path) {
    // A seal is short: nothing longer is one.
    constexpr std::int64_t longest = 4096;
    const Input file(path);
    const std::int64_t size = file.size();
    if (size > longest)
        throw input_error("is not the seal of a checkpoint: it is too long", {path});
    std::vector<char> text(static_cast<std::size_t>(size));
    file.read(0, text);
    return {text.begin(), text.end()};
}

/// n of step_<n><ending>; -1 for other names.
std::int64_t step_in(const std::string& name, const std::string& ending) {
    const std::string front = "step_";
    if (!name.starts_with(front) || !name.ends_with(ending)) return -1;
    const char* begin = name.data() + front.size();
    const char* end = name.data() + name.size() - ending.size();
    std::int64_t step = -1;
    const auto [stop, error] = std::from_chars(begin, end, step);
    return error == std::errc() && stop == end && begin < end ? step : -1;
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        names.push_back(entry.path().filename().string());
    }
    return names;
}

}  // namespace

std::string to_json(const Seal& seal) {
    const Json json = {{"motley_checkpoint", seal.format},
                       {"step", seal.step},
                       {"job", seal.job},
                       {"program", seal.program},
                       {"bytes", seal.bytes},
                       {"digest", fmt::format("{:016x}", seal.digest)}};
    return json.dump(2) + "\n";
}

Seal seal_from_json(const std::string& text, const std::string& path) {
    Seal seal;
    try {
        const Json json = Json::parse(text);
        seal.format = json.at("motley_checkpoint").get<std::int64_t>();
        seal.step = json.at("step").get<std::int64_t>();
        seal.job = json.at("job").get<std::string>();
        seal.program = json.at("program").get<std::string>();
        seal.bytes = json.at("bytes").get<std::int64_t>();
        const std::string digest = json.at("digest").get<std::string>();
        const char* end = digest.data() + digest.size();
        const auto [stop, error] = std::from_chars(digest.data(), end, seal.digest, 16);
        if (error != std::errc() || stop != end) throw input_error("digest");
    } catch (const std::exception&) {
        throw input_error("is not the seal of a checkpoint, or is damaged", {path});
    }
    if (seal.format != Seal::current_format) {
        throw input_error(fmt::format("has the format {}; this program reads format {}",
                                      seal.format, Seal::current_format),
                          {path});
    }
    return seal;
}

std::string CheckpointFolder::file(std::int64_t step) const {
    return fmt::format("{}/step_{}.h5", path_, step);
}

std::vector<std::int64_t> CheckpointFolder::steps() const {
    std::vector<std::int64_t> steps;
    for (const auto& name : names_in(path_)) {
        const std::int64_t step = step_in(name, ".json");
        if (step >= 0) steps.push_back(step);
    }
    std::ranges::sort(steps, std::greater());
    return steps;
}

Seal CheckpointFolder::seal(std::int64_t step) const {
    const std::string path = fmt::format("{}/step_{}.json", path_, step);
    Seal seal = seal_from_json(text_of(path), path);
    if (seal.step != step) throw input_error("is the seal of another checkpoint", {path});
    return seal;
}

void CheckpointFolder::close(const mpi::Communicator& comm, Seal seal) const {
    mpi::together(comm, [&] { seal.bytes = Input(file(seal.step)).size(); });
    seal.digest = digest_of(comm, file(seal.step), seal.bytes);
    mpi::together(comm, [&] {
        if (!comm.root()) return;
        write_file(fmt::format("{}/step_{}.json", path_, seal.step), to_json(seal));
        const auto all = steps();
        for (std::size_t i = kept; i < all.size(); ++i) remove(all[i]);
    });
}

void CheckpointFolder::check(const mpi::Communicator& comm, const Seal& seal) const {
    const std::string path = file(seal.step);
    mpi::together(comm, [&] {
        const std::int64_t bytes = Input(path).size();
        if (bytes == seal.bytes) return;
        throw input_error(fmt::format("has {} bytes; {} were written", bytes, seal.bytes), {path});
    });
    if (digest_of(comm, path, seal.bytes) == seal.digest) return;
    Error error = input_error("is damaged: its bytes are not those that were written", {path});
    error.set_everywhere();
    throw error;
}

void CheckpointFolder::remove_remains() const {
    const auto sealed = steps();
    for (const auto& name : names_in(path_)) {
        const std::int64_t step = step_in(name, ".h5");
        const bool unsealed = step >= 0 && std::ranges::find(sealed, step) == sealed.end();
        const bool temporary = name.starts_with("step_") && name.ends_with(".tmp");
        if (unsealed || temporary) remove_quietly(path_ + "/" + name);
    }
}

void CheckpointFolder::remove(std::int64_t step) const {
    // The seal first: what is left is not taken for a checkpoint.
    remove_quietly(fmt::format("{}/step_{}.json", path_, step));
    remove_quietly(file(step));
}

void CheckpointFolder::remove() const {
    for (const std::int64_t step : steps()) remove(step);
    remove_remains();
    std::error_code ignored;
    fs::remove(path_, ignored);
}

}  // namespace motley::record
