#include "job/factor_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "job/reader.hpp"
#include "motley/core/random.hpp"

namespace motley::job {
namespace {

/// Rounds to 12 digits: 0.3, not 0.30000000000000004.
double rounded(double value) {
    return std::stod(fmt::format("{:.12g}", value));
}

double between(const FactorRange& range, double share) {
    return range.logarithmic ? range.from * std::pow(range.to / range.from, share)
                             : range.from + share * (range.to - range.from);
}

/// Values of `range` in order; ends are included within rounding.
std::vector<double> spread(const FactorRange& range) {
    const bool by_step = range.count < 0;
    const double steps = by_step ? std::floor((range.to - range.from) / range.step + 1e-9)
                                 : static_cast<double>(range.count - 1);
    std::vector<double> values;
    for (double i = 0; i <= steps; i += 1.0) {
        const double share = steps == 0.0 ? 0.0 : i / steps;
        values.push_back(rounded(by_step ? range.from + i * range.step : between(range, share)));
    }
    return values;
}

/// The fault of the ends of a range; empty: there is none.
std::string wrong_ends(const FactorRange& range) {
    if (range.to < range.from) return "'to' is less than 'from'";
    if (range.logarithmic && range.from <= 0.0) return "scale = \"log\" needs 'from' > 0";
    return "";
}

/// The fault of a range of a factorial whose single keys are right; empty: there is none.
std::string wrong_range(const FactorRange& range, const Value& given) {
    const bool step = given.find("step") != nullptr;
    const int counts = (given.find("count") != nullptr) + (given.find("steps") != nullptr);
    if (int{step} + counts != 1) return "give either 'step' or 'count'";
    if (range.to < range.from) return wrong_ends(range);
    if (range.logarithmic && step) return "scale = \"log\" needs 'count'";
    if (const std::string what = wrong_ends(range); !what.empty()) return what;
    if (step && (range.to - range.from) / range.step >= static_cast<double>(most_levels)) {
        return fmt::format("more than {} values", most_levels);
    }
    return "";
}

std::string wrong_sample(const FactorRange& range, const Value& given) {
    for (const char* key : {"step", "count", "steps"}) {
        if (given.find(key) == nullptr) continue;
        return fmt::format(
            "a Latin hypercube draws compare.samples values from 'from' to 'to': "
            "leave out '{}'",
            key);
    }
    return wrong_ends(range);
}

/// The keys of a range table; false where one of them is wrong, which is reported.
bool read_range(Value& given, const std::string& path, FactorRange& range, Findings& findings) {
    const std::size_t before = findings.size();
    Reader(factor_range_table(), findings).read(factor_range_table(), given, &range, path);
    return findings.size() == before;
}

bool is_integer(const Key& key) {
    return key.binding.type == KeyType::integer;
}

/// The order in which a factor goes through the parts of its range.
std::vector<std::int64_t> shuffled(std::int64_t count, const Random& random) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random.below(i, static_cast<std::uint32_t>(i))]);
    }
    return order;
}

/// All integers of a range are equally likely (on a logarithmic scale except for rounding).
Value drawn(const Key& key, const FactorRange& range, double share) {
    if (!is_integer(key)) return Value::of(rounded(between(range, share)));
    const double low = std::ceil(range.from), high = std::floor(range.to);
    const double value = range.logarithmic ? std::round(between(range, share))
                                           : std::floor(low + share * (high - low + 1.0));
    return Value::of(std::llround(std::clamp(value, low, std::max(low, high))));
}

}  // namespace

std::vector<Value> expand_range(const Key& key, Value& given, const std::string& path,
                                Findings& findings) {
    FactorRange range;
    if (!read_range(given, path, range, findings)) return {};
    if (const std::string what = wrong_range(range, given); !what.empty()) {
        findings.add(given.place, fmt::format("factor '{}': {}", path, what));
        return {};
    }
    std::vector<Value> values;
    for (const double number : spread(range)) {
        Value value = is_integer(key) ? Value::of(std::llround(number)) : Value::of(number);
        value.place = given.place;
        const bool same = !values.empty() && values.back().number == value.number;
        if (!same) values.push_back(std::move(value));
    }
    return values;
}

std::vector<Value> sample_range(const Key& key, Value& given, const std::string& path,
                                std::size_t factor, const Sampling& sampling, FactorRange& range,
                                Findings& findings) {
    if (!read_range(given, path, range, findings)) return {};
    if (const std::string what = wrong_sample(range, given); !what.empty()) {
        findings.add(given.place, fmt::format("factor '{}': {}", path, what));
        return {};
    }
    const Random order_random(sampling.seed, Stream::design, 2 * factor);
    const Random place_random(sampling.seed, Stream::design, 2 * factor + 1);
    const std::vector<std::int64_t> order = shuffled(sampling.samples, order_random);
    std::vector<Value> values;
    for (std::size_t s = 0; s < order.size(); ++s) {
        const double place = place_random.uniform(static_cast<std::uint32_t>(s));
        const double share =
            (static_cast<double>(order[s]) + place) / static_cast<double>(sampling.samples);
        values.push_back(drawn(key, range, share));
        values.back().place = given.place;
    }
    return values;
}

}  // namespace motley::job
