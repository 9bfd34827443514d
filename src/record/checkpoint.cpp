// The folder of checkpoints: seals, digests, and which checkpoints are kept.
#include "motley/record/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "record/digest.hpp"
#include "record/durable_files.hpp"

namespace motley::record {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kept = 2;

/// The digest of a whole file; each rank reads a part of its bytes.
std::uint64_t digest_together(const mpi::Communicator& comm, const std::string& path,
                              std::int64_t bytes) {
    std::uint64_t digest = 0;
    mpi::together(comm, [&] {
        digest = digest_of_file(path, bytes * comm.rank() / comm.size(),
                                bytes * (comm.rank() + 1) / comm.size());
    });
    return comm.sum_wrapping(digest);
}

std::string text_of(const std::string& path) {
    // A seal is short, so that no longer file is one.
    constexpr std::uintmax_t longest = 4096;
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    if (failed) throw input_error("cannot be looked at: " + failed.message(), {path});
    if (size > longest)
        throw input_error("is not the seal of a checkpoint: it is too long", {path});
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!(text << in.rdbuf())) throw input_error("cannot be read", {path});
    return text.str();
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
    if (fs::is_symlink(folder, failed)) return names;  // it points out of the folder of results
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
    mpi::on_root(comm, [&] {
        seal.bytes = file_bytes(file(seal.step));
        write_file(fmt::format("{}/step_{}.json", path_, seal.step), to_json(seal));
        const auto all = steps();
        for (std::size_t i = kept; i < all.size(); ++i) remove(all[i]);
    });
}

void CheckpointFolder::check(const mpi::Communicator& comm, const Seal& seal) const {
    const std::string path = file(seal.step);
    mpi::together(comm, [&] {
        std::error_code failed;
        const auto bytes = static_cast<std::int64_t>(fs::file_size(path, failed));
        if (failed) throw input_error("cannot be looked at: " + failed.message(), {path});
        if (bytes == seal.bytes) return;
        throw input_error(fmt::format("has {} bytes; {} were written", bytes, seal.bytes), {path});
    });
    if (digest_together(comm, path, seal.bytes) == seal.digest) return;
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
    // The seal goes first, so that remains are not taken for a checkpoint.
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
