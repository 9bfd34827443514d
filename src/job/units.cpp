#include "job/units.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "motley/core/text.hpp"

namespace motley::job {
namespace {

struct Word {
    std::string_view text, base;
};
constexpr std::array words = {
    Word{"token", "tokens"},   Word{"tok", "tokens"},      Word{"request", "requests"},
    Word{"req", "requests"},   Word{"query", "requests"},  Word{"querie", "requests"},
    Word{"step", "steps"},     Word{"iteration", "steps"}, Word{"it", "steps"},
    Word{"sample", "samples"}, Word{"image", "images"},    Word{"frame", "frames"},
    Word{"flop", "flop"},      Word{"byte", "bytes"},      Word{"unit", "units"},
    Word{"job", "jobs"},       Word{"1", "units"},
};

struct Time {
    std::string_view text;
    double seconds;
};
constexpr std::array times = {
    Time{"s", 1.0},     Time{"sec", 1.0},     Time{"second", 1.0}, Time{"ms", 1e-3},
    Time{"min", 60.0},  Time{"minute", 60.0}, Time{"h", 3600.0},   Time{"hour", 3600.0},
    Time{"d", 86400.0}, Time{"day", 86400.0},
};

struct Prefix {
    char letter;
    double factor;
};
constexpr std::array prefixes = {Prefix{'k', 1e3}, Prefix{'K', 1e3},  Prefix{'M', 1e6},
                                 Prefix{'G', 1e9}, Prefix{'T', 1e12}, Prefix{'P', 1e15}};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

std::optional<std::string> known(std::string_view text) {
    if (text == "B") return "bytes";
    std::string word = lower(text);
    if (word.size() > 2 && word.back() == 's') word.pop_back();
    const auto found = std::ranges::find(words, std::string_view(word), &Word::text);
    if (found == words.end()) return std::nullopt;
    return std::string(found->base);
}

/// Reads a known unit, which may have a prefix, or any other word, which is a unit of its own.
std::optional<RateUnit> work_of(std::string_view text) {
    if (const auto base = known(text)) return RateUnit{*base, 1.0};
    for (const Prefix& prefix : prefixes) {
        if (text.size() < 2 || text.front() != prefix.letter) continue;
        if (const auto base = known(text.substr(1))) return RateUnit{*base, prefix.factor};
    }
    const bool word = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalpha(c) != 0 || c == '_' || c == '-' || c == ' ';
    });
    if (!word) return std::nullopt;
    return RateUnit{lower(text), 1.0};
}

}  // namespace

std::optional<RateUnit> parse_rate_unit(std::string_view text) {
    text = trim(text);
    const std::size_t slash = text.rfind('/');
    if (slash == std::string_view::npos) {
        const bool flops = lower(text).ends_with("flops");  // TFLOPS stands for TFLOP/s
        return flops ? work_of(text) : std::nullopt;
    }
    std::string time = lower(trim(text.substr(slash + 1)));
    auto found = std::ranges::find(times, std::string_view(time), &Time::text);
    if (found == times.end() && time.size() > 2 && time.back() == 's') {
        time.pop_back();
        found = std::ranges::find(times, std::string_view(time), &Time::text);
    }
    auto work = work_of(trim(text.substr(0, slash)));
    if (found == times.end() || !work) return std::nullopt;
    work->factor /= found->seconds;
    return work;
}

}  // namespace motley::job
