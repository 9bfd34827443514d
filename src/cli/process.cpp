#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "motley/core/error.hpp"

namespace motley::cli {
namespace {

std::vector<std::string> first_environment() {
    std::ifstream in("/proc/self/environ", std::ios::binary);
    std::vector<std::string> all;
    for (std::string one; std::getline(in, one, '\0');) all.push_back(one);
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

struct Pipe {
    std::array<int, 2> ends{-1, -1};
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw storage_error("cannot create a pipe");
    }
    ~Pipe() {
        for (const int end : ends) {
            if (end >= 0) ::close(end);
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_writer() {
        ::close(ends[1]);
        ends[1] = -1;
    }
};

/// Reads both pipes until every writer has closed them.
void drain(const Pipe& out, const Pipe& err, Finished& finished) {
    std::array<pollfd, 2> ends{pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
    const std::array<std::string*, 2> texts{&finished.out, &finished.err};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) return;
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends[i].fd < 0 || ends[i].revents == 0) continue;
            std::array<char, 4096> buffer{};
            const auto count = ::read(ends[i].fd, buffer.data(), buffer.size());
            if (count > 0) texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
            if (count == 0 || (count < 0 && errno != EINTR)) ends[i].fd = -1;
        }
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw internal_error("lost a program that was started");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::optional<Finished> run_process(const std::vector<std::string>& command) {
    std::vector<std::string> words = command;
    std::vector<std::string> environment = first_environment();
    Pipe out, err;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
    pid_t child = -1;
    const int failed = ::posix_spawnp(&child, words[0].c_str(), &actions, nullptr,
                                      pointers(words).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return std::nullopt;
    out.close_writer();
    err.close_writer();
    Finished finished;
    drain(out, err, finished);
    finished.code = wait_for(child);
    return finished;
}

}  // namespace motley::cli
