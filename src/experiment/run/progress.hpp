// Reports the progress of a run: lines on the console, log.txt, and status.json.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "motley/core/console.hpp"
#include "motley/measure/measures.hpp"
#include "motley/record/status_file.hpp"

namespace spdlog {
class logger;
}

namespace motley::experiment {

/// Whether log.txt starts empty or continues the log of an earlier start.
enum class LogFile { fresh, append };

/// Not collective. Every rank has one, and only that of rank 0 writes.
class Progress {
  public:
    /// `writes`: this is rank 0. A storage error where log.txt cannot be opened.
    Progress(const std::string& directory, const Console& console, bool writes, LogFile log);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    record::Status& status() { return status_; }
    void log(const std::string& line);
    /// Writes to the log and, unless the console is quiet, to the user.
    void tell(const std::string& line);
    /// Starts to count rates; an earlier start made `step` steps.
    void begin(std::int64_t step);
    /// Notes that a step was made. `total` is the last possible one; `measures` is null for a step
    /// that was not measured.
    void step(std::int64_t step, std::int64_t total, const measure::Measures* measures);
    /// Writes the state in which the run ends, and why it failed.
    void finish(record::JobState state, const std::string& message);

  private:
    using Clock = std::chrono::steady_clock;
    void line(std::int64_t step, std::int64_t total);

    Console console_;
    bool writes_;
    record::Status status_;
    std::unique_ptr<record::StatusFile> file_;
    std::shared_ptr<spdlog::logger> log_;
    Clock::time_point start_;
    Clock::time_point last_line_;
    std::int64_t first_step_ = 0;
    std::int64_t last_percent_ = 0;
    bool open_line_ = false;  ///< the line that is redrawn has no newline yet
};

}  // namespace motley::experiment
