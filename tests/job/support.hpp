// What the tests of job files share: folders for files, the examples of the design, caught errors.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/job/job.hpp"

namespace motley::test {

/// A fresh folder that is removed at the end.
class Folder {
  public:
    Folder() {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("motley_job_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
        std::filesystem::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string write(const std::string& name, const std::string& text) const {
        const std::filesystem::path path = path_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path.string();
    }
    std::string path(const std::string& name = "") const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

/// The message of the error that `act` throws, without the folder; empty when it throws nothing.
template <class Act>
std::string error_in(const Folder& folder, ErrorKind kind, Act act) {
    try {
        act();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind) << error.what();
        std::string message = error.what();
        for (std::size_t at; (at = message.find(folder.path())) != std::string::npos;) {
            message.erase(at, folder.path().size());
        }
        return message;
    }
    return "";
}

/// `text` with its first `from`, which it has, replaced.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

/// The usage error that `act` throws, as text; empty when it throws nothing.
template <class Act>
std::string usage_error_of(Act act) {
    try {
        act();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        return error.what();
    }
    return "";
}

inline std::string errors_in(const std::string& text,
                             const std::vector<std::string>& overrides = {},
                             const std::string& path = "job.toml") {
    return usage_error_of([&] { job::parse(text, path, overrides); });
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// A small job that is right, to which tests add sections.
inline const std::string small_run =
    "kind = \"run\"\ntopology = { generator = \"ring\", agents = 8 }\n";

/// The examples of the design, as they stand there.
extern const char* const run_example;
extern const char* const compare_example;

}  // namespace motley::test
