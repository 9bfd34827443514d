#include "progress.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <cstdio>

#include "motley/core/error.hpp"
#include "motley/core/machine.hpp"

namespace motley::experiment {

Progress::Progress(const std::string& directory, const Console& console, bool writes, LogFile log)
    : console_(console), writes_(writes), start_(Clock::now()), last_line_(start_) {
    if (!writes_) return;
    file_ = std::make_unique<record::StatusFile>(directory + "/status.json", 5.0);
    try {
        auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(directory + "/log.txt",
                                                                        log == LogFile::fresh);
        log_ = std::make_shared<spdlog::logger>("motley", sink);
        log_->set_pattern("%Y-%m-%dT%H:%M:%S.%e %v");
        log_->flush_on(spdlog::level::info);
    } catch (const spdlog::spdlog_ex& error) {
        throw storage_error(std::string("log.txt cannot be written: ") + error.what());
    }
}

Progress::~Progress() = default;

void Progress::log(const std::string& line) {
    if (log_) log_->info(line);
}

void Progress::tell(const std::string& line) {
    log(line);
    if (!writes_ || console_.quiet) return;
    if (open_line_) std::fprintf(stderr, "\n");
    open_line_ = false;
    std::fprintf(stderr, "%s\n", line.c_str());
}

void Progress::begin(std::int64_t step) {
    first_step_ = step;
    start_ = Clock::now();
}

void Progress::step(std::int64_t step, std::int64_t total, const measure::Measures* measures) {
    if (!writes_) return;
    status_.step = step;
    if (measures != nullptr) {
        const auto agents = static_cast<double>(status_.agents);
        status_.productivity = measures->productivity;
        status_.productivity_per_agent = measures->productivity / agents;
        status_.heterogeneity = {measures->heterogeneity_effort, measures->heterogeneity_value};
        status_.demand_entropy = measures->demand_entropy;
        status_.expenditure_entropy = measures->expenditure_entropy;
        status_.gap = measures->gap;
    }
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - start_).count();
    if (seconds > 0.0) {
        status_.agent_steps_per_second =
            static_cast<double>(status_.agents) * static_cast<double>(step - first_step_) / seconds;
    }
    file_->update(status_);
    const std::int64_t percent = total > 0 ? 100 * step / total : 100;
    const double quiet_for = std::chrono::duration<double>(now - last_line_).count();
    const bool due = console_.terminal
                         ? quiet_for >= 0.2
                         : quiet_for >= 30.0 || (percent >= last_percent_ + 5 && quiet_for >= 2.0);
    if (!due) return;
    last_line_ = now;
    last_percent_ = percent;
    line(step, total);
}

void Progress::line(std::int64_t step, std::int64_t total) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const double left = step > first_step_ ? seconds / static_cast<double>(step - first_step_) *
                                                 static_cast<double>(total - step)
                                           : NAN;
    const std::string text = fmt::format(
        "step {}/{}  {:.3g} agent-steps/s  at most {:.0f} s left  {:.0f} MB  P/N {:.6g}{}", step,
        total, status_.agent_steps_per_second, left, static_cast<double>(current_memory()) / 1e6,
        status_.productivity_per_agent,
        std::isfinite(status_.gap) ? fmt::format("  gap {:.2e}", status_.gap) : std::string());
    log(text);
    if (console_.quiet) return;
    if (console_.terminal) {
        std::fprintf(stderr, "\r\033[K%s", text.c_str());
        open_line_ = true;
    } else {
        std::fprintf(stderr, "%s\n", text.c_str());
    }
    std::fflush(stderr);
}

void Progress::finish(record::JobState state, const std::string& message) {
    if (open_line_) std::fprintf(stderr, "\r\033[K");
    open_line_ = false;
    if (!writes_) return;
    status_.state = state;
    status_.message = message;
    log(state == record::JobState::failed ? "failed: " + message : record::name_of(state));
    file_->write(status_);
}

}  // namespace motley::experiment
