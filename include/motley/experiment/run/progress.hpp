// What a running job tells: progress on the console, log.txt, status.json. Rank 0 speaks.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "motley/experiment/run/run.hpp"
#include "motley/record/status_file.hpp"

namespace spdlog {
class logger;
}

namespace motley::experiment {

/// Resident memory of this process, bytes: the peak so far, and now.
std::int64_t peak_memory();
std::int64_t current_memory();

/// Not collective: every rank has one, only rank 0 writes.
class Progress {
  public:
    /// `append`: log.txt goes on.
    Progress(const std::string& directory, const Console& console, bool speaks, bool append);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    record::Status& status() { return status_; }
    void log(const std::string& line);
    /// To the log and, unless the console is quiet, to the user.
    void tell(const std::string& line);
    /// Rates count from here: `step` steps were made by an earlier start.
    void begin(std::int64_t step);
    /// A step was made; `total` is the last possible one.
    void step(std::int64_t step, std::int64_t total, const measure::Measures* measures);
    /// The last word: done or failed.
    void finish(record::JobState state, const std::string& message);

  private:
    using Clock = std::chrono::steady_clock;
    void line(std::int64_t step, std::int64_t total);

    Console console_;
    bool speaks_;
    record::Status status_;
    std::unique_ptr<record::StatusFile> file_;
    std::shared_ptr<spdlog::logger> log_;
    Clock::time_point start_;
    Clock::time_point last_line_;
    std::int64_t first_step_ = 0;
    std::int64_t last_percent_ = 0;
    bool open_line_ = false;
};

}  // namespace motley::experiment
