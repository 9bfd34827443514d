#include "motley/job/time_limit.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace motley::job {
namespace {

/// A number that is finite and not negative.
std::optional<double> number_of(const std::string& text) {
    double value = 0.0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || !(value >= 0.0) || std::isinf(value)) return {};
    return value;
}

/// The numbers between colons; nothing where one is no number.
std::optional<std::vector<double>> parts_of(const std::string& text) {
    std::vector<double> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(':', begin), text.size());
        const auto number = number_of(text.substr(begin, end - begin));
        if (!number) return {};
        parts.push_back(*number);
        begin = end + 1;
    }
    return parts;
}

}  // namespace

std::optional<double> parse_time_limit(const std::string& text) {
    const auto dash = text.find('-');
    const bool has_days = dash != std::string::npos;
    const auto days = has_days ? number_of(text.substr(0, dash)) : 0.0;
    auto parts = parts_of(has_days ? text.substr(dash + 1) : text);
    if (!days || !parts) return {};
    // After days, the first part is hours. Else one part is minutes, and two are minutes and
    // seconds.
    if (has_days) {
        parts->resize(std::max<std::size_t>(parts->size(), 3), 0.0);
    } else if (parts->size() == 1) {
        *parts = {0.0, parts->front(), 0.0};
    } else if (parts->size() == 2) {
        parts->insert(parts->begin(), 0.0);
    }
    if (parts->size() != 3) return {};
    return 86400.0 * *days + 3600.0 * (*parts)[0] + 60.0 * (*parts)[1] + (*parts)[2];
}

std::optional<double> slurm_time_left() {
    const char* end = std::getenv("SLURM_JOB_END_TIME");
    if (end == nullptr) return {};
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::strtod(end, nullptr) - std::chrono::duration<double>(now).count();
}

}  // namespace motley::job
