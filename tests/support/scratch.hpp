// Temporary folders of a test that all ranks see, and checks of errors that a test expects.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "motley/mpi/communicator.hpp"

namespace motley::test {

/// Runs `action` and returns the motley::Error that it throws. The test fails if it throws none.
template <class Action>
Error error_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error was thrown";
    return internal_error("no error was thrown");
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Collective. A new folder, the same for all ranks, which is removed at the end.
class ScratchFolder {
  public:
    explicit ScratchFolder(const mpi::Communicator& comm) : comm_(comm) {
        std::string name;
        if (comm.root()) {
            std::string pattern =
                (std::filesystem::temp_directory_path() / "motley-XXXXXX").string();
            const char* made = ::mkdtemp(pattern.data());
            name = made == nullptr ? "" : made;
        }
        path_ = comm.broadcast(name);
    }
    ~ScratchFolder() {
        comm_.barrier();
        std::error_code ignored;
        if (comm_.root()) std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  private:
    const mpi::Communicator& comm_;
    std::filesystem::path path_;
};

}  // namespace motley::test
