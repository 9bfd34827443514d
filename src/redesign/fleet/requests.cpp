#include "motley/redesign/fleet/requests.hpp"

#include <algorithm>
#include <cmath>

namespace motley::fleet {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// The end of each step, and the step before it on its longest path.
struct Ends {
    std::vector<double> seconds;
    std::vector<std::size_t> before;
    std::size_t last = none;
};

Ends ends_of(const std::vector<Step>& steps, std::span<const double> seconds) {
    Ends out{std::vector<double>(steps.size(), 0.0), std::vector<std::size_t>(steps.size(), none)};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        double start = 0.0;
        for (const std::size_t other : steps[i].after) {
            if (out.before[i] != none && out.seconds[other] <= start) continue;
            start = out.seconds[other];
            out.before[i] = other;
        }
        out.seconds[i] = start + seconds[i];
        if (out.last == none || out.seconds[i] > out.seconds[out.last]) out.last = i;
    }
    return out;
}

/// For each step whether every path passes it: all others end before it begins, or begin after it
/// ends.
std::vector<bool> on_every_path(const std::vector<Step>& steps) {
    const std::size_t count = steps.size();
    std::vector<std::vector<bool>> earlier(count, std::vector<bool>(count, false));
    std::vector<std::size_t> related(count, 1);
    for (std::size_t i = 0; i < count; ++i) {
        for (const std::size_t other : steps[i].after) {
            earlier[i][other] = true;
            for (std::size_t j = 0; j < other; ++j) {
                if (earlier[other][j]) earlier[i][j] = true;
            }
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (!earlier[i][j]) continue;
            ++related[i];
            ++related[j];
        }
    }
    std::vector<bool> out(count);
    for (std::size_t i = 0; i < count; ++i) out[i] = related[i] == count;
    return out;
}

double mean_of(const std::vector<StepTime>& times) {
    double sum = 0.0;
    for (const StepTime& each : times) sum += each.probability * each.seconds;
    return sum;
}

double longest_of(const std::vector<StepTime>& times) {
    double longest = 0.0;
    for (const StepTime& each : times) longest = std::max(longest, each.seconds);
    return longest;
}

/// The mean of the longest path over all combinations of times.
double mean_of_all_cases(const std::vector<Step>& steps,
                         const std::vector<std::vector<StepTime>>& times) {
    std::vector<std::size_t> chosen(steps.size(), 0);
    std::vector<double> seconds(steps.size());
    double sum = 0.0;
    for (;;) {
        double probability = 1.0;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            seconds[i] = times[i][chosen[i]].seconds;
            probability *= times[i][chosen[i]].probability;
        }
        sum += probability * time_of_request(steps, seconds);
        std::size_t i = 0;
        while (i < steps.size() && ++chosen[i] == times[i].size()) chosen[i++] = 0;
        if (i == steps.size()) return sum;
    }
}

/// The mean of the longest path of steps, none of which every path passes.
MeanTime mean_of_parallel(const std::vector<Step>& steps,
                          const std::vector<std::vector<StepTime>>& times, double most_cases) {
    double cases = 1.0;
    for (const auto& each : times) cases *= static_cast<double>(each.size());
    if (cases <= most_cases) {
        const double mean = mean_of_all_cases(steps, times);
        return {mean, mean};
    }
    std::vector<double> means, longest;
    double sum = 0.0;
    for (const auto& each : times) {
        means.push_back(mean_of(each));
        longest.push_back(longest_of(each));
        sum += means.back();
    }
    return {time_of_request(steps, means), std::min(sum, time_of_request(steps, longest))};
}

}  // namespace

std::vector<std::size_t> critical_path(const std::vector<Step>& steps,
                                       std::span<const double> seconds) {
    const Ends ends = ends_of(steps, seconds);
    std::vector<std::size_t> path;
    for (std::size_t at = ends.last; at != none; at = ends.before[at]) path.push_back(at);
    std::ranges::reverse(path);
    return path;
}

double time_of_request(const std::vector<Step>& steps, std::span<const double> seconds) {
    if (steps.empty()) return 0.0;
    const Ends ends = ends_of(steps, seconds);
    return ends.seconds[ends.last];
}

MeanTime mean_time(const std::vector<Step>& steps, const std::vector<std::vector<StepTime>>& times,
                   double most_cases) {
    const std::vector<bool> single = on_every_path(steps);
    // Every path passes the single steps in their order. A step between two of them has a higher
    // number than the one and a lower number than the other.
    MeanTime out;
    std::vector<Step> between;
    std::vector<std::vector<StepTime>> their_times;
    std::size_t first = 0;
    const auto close = [&] {
        if (between.empty()) return;
        const MeanTime part = mean_of_parallel(between, their_times, most_cases);
        out.low += part.low;
        out.high += part.high;
        between.clear();
        their_times.clear();
    };
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (single[i]) {
            close();
            first = i + 1;
            out.low += mean_of(times[i]);
            out.high += mean_of(times[i]);
            continue;
        }
        Step step = steps[i];
        std::erase_if(step.after, [&](std::size_t other) { return other < first; });
        for (std::size_t& other : step.after) other -= first;
        between.push_back(std::move(step));
        their_times.push_back(times[i]);
    }
    close();
    return out;
}

}  // namespace motley::fleet
