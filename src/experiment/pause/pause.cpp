#include "motley/experiment/pause/pause.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <span>

#include "motley/core/error.hpp"

namespace motley::experiment {
namespace {

constexpr std::array watched = {SIGUSR1, SIGUSR2, SIGTERM};
volatile std::sig_atomic_t caught_signal = 0;
std::array<struct sigaction, watched.size()> before;

extern "C" void note_signal(int number) {
    caught_signal = number;
}

double seconds_between(Limits::Clock::time_point from, Limits::Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

const char* name_of(int signal) {
    return signal == SIGUSR1 ? "SIGUSR1" : signal == SIGUSR2 ? "SIGUSR2" : "SIGTERM";
}

}  // namespace

void Limits::stop_after(double seconds) {
    constexpr double longest = 3e8;  // within the range of the clock
    deadline = start + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>(std::min(seconds, longest)));
}

bool Limits::near(Clock::time_point now, double cost) const {
    if (deadline == Clock::time_point::max()) return false;
    const double margin =
        2.0 * cost + std::clamp(0.05 * seconds_between(start, deadline), 1.0, 60.0);
    return seconds_between(now, deadline) <= margin;
}

SignalWatch::SignalWatch() {
    caught_signal = 0;
    struct sigaction action {};
    action.sa_handler = note_signal;
    // Interrupted calls (a write to a file, a wait for a message) are restarted.
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < watched.size(); ++i) sigaction(watched[i], &action, &before[i]);
}

SignalWatch::~SignalWatch() {
    for (std::size_t i = 0; i < watched.size(); ++i) sigaction(watched[i], &before[i], nullptr);
    caught_signal = 0;
}

const char* SignalWatch::caught() {
    return caught_signal == 0 ? nullptr : name_of(caught_signal);
}

Pauses::Pauses(const mpi::Communicator& comm, const job::Checkpoint& job, const Limits& limits,
               Agreement agreement)
    : comm_(comm),
      job_(job),
      limits_(limits),
      agreement_(agreement),
      last_checkpoint_(Clock::now()),
      last_agreement_(last_checkpoint_) {}

double Pauses::automatic_interval(double cost) {
    constexpr double least = 600.0;
    constexpr double share = 0.02;
    return std::max(least, cost / share);
}

Pauses::Wish Pauses::wish(Clock::time_point now, double ahead) const {
    if (caught_signal != 0) return Wish::signalled;
    if (!comm_.root()) return Wish::nothing;
    const auto then =
        now + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(ahead));
    if (limits_.near(then, cost_)) return Wish::near_limit;
    const double interval =
        job_.every_minutes > 0.0 ? 60.0 * job_.every_minutes : automatic_interval(cost_);
    return seconds_between(last_checkpoint_, now) >= interval ? Wish::due : Wish::nothing;
}

std::int64_t Pauses::next_interval(Clock::time_point now) const {
    constexpr double period = 0.1;  // seconds from one agreement to the next
    const double elapsed = std::max(seconds_between(last_agreement_, now), 1e-9);
    const double fitting = static_cast<double>(waited_) * period / elapsed;
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(fitting, 1e9)), 1,
                                    4 * interval_);
}

Pauses::Request Pauses::agree(double ahead) {
    const auto now = Clock::now();
    // The strongest wish of all ranks, the signal behind it, and the interval that rank 0 chooses.
    std::array<std::int64_t, 3> numbers = {static_cast<std::int64_t>(wish(now, ahead)),
                                           caught_signal, comm_.root() ? next_interval(now) : 1};
    last_agreement_ = now;
    waited_ = 0;
    comm_.max(std::span<std::int64_t>(numbers));
    const auto [strongest, signal, interval] = numbers;
    interval_ = interval;
    const auto wish = static_cast<Wish>(strongest);
    reason_ = wish == Wish::signalled    ? name_of(static_cast<int>(signal))
              : wish == Wish::near_limit ? "the time limit is near"
                                         : "it was due";
    if (wish >= Wish::near_limit) return Request::stop;
    return wish == Wish::due ? Request::checkpoint : Request::none;
}

Pauses::Request Pauses::at(std::int64_t steps, double ahead) {
    if (first_) {
        wrote(steps, 0.0);
        first_ = false;
    }
    Request request = Request::none;
    if (++waited_ >= interval_ || agreement_ == Agreement::always) request = agree(ahead);
    if (request == Request::stop || steps < next_step_) return request;
    reason_ = "it was due";
    return Request::checkpoint;
}

void Pauses::wrote(std::int64_t steps, double seconds) {
    cost_ = seconds;
    last_checkpoint_ = Clock::now();
    if (job_.every_steps > 0) next_step_ = (steps / job_.every_steps + 1) * job_.every_steps;
}

}  // namespace motley::experiment
