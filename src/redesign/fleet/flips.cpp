// The prices and demands at which the best contender changes. A price enters every contender
// linearly; a demand enters the price of serving it as a convex piecewise linear function.
#include <algorithm>
#include <cmath>

#include "demand_curve.hpp"
#include "motley/redesign/fleet/gain.hpp"

namespace motley::fleet {
namespace {

constexpr double same = 1e-10;

void add_kinks(const PiecewiseLinear& function, double low, Tangent at_low, double high,
               Tangent at_high, int depth, std::vector<double>& out) {
    const double difference = at_low.slope - at_high.slope;
    const double scale = std::abs(at_low.value) + std::abs(at_high.value);
    if (depth == 0 || std::abs(difference) * (high - low) <= same * scale) return;
    const double meet =
        (at_high.value - at_low.value + at_low.slope * low - at_high.slope * high) / difference;
    if (!(meet > low) || !(meet < high)) return;
    const double tangent = at_low.value + at_low.slope * (meet - low);
    const Tangent there = function(meet);
    if (std::abs(there.value - tangent) <= same * scale) {
        out.push_back(meet);
        return;
    }
    add_kinks(function, low, at_low, meet, there, depth - 1, out);
    out.push_back(meet);
    add_kinks(function, meet, there, high, at_high, depth - 1, out);
}

Problem with(const Problem& problem, Parameter parameter, std::size_t index, double value) {
    Problem out = problem;
    (parameter == Parameter::price ? out.devices[index].price : out.tasks[index].demand) = value;
    return out;
}

/// Whether the throughput of a contender beyond the demand is worthless.
bool is_capped(const Contender& contender, Surplus surplus) {
    return surplus == Surplus::worthless && !contender.scales;
}

struct Point {
    double x = 0.0, value = 0.0;
};
/// The price of serving the demand as a function of one parameter, by its kinks and ends.
using Curve = std::vector<Point>;

/// The value of a curve at x, from the point number `at`, which is moved on to x.
double value_at(const Curve& curve, double x, std::size_t& at) {
    while (at + 2 < curve.size() && curve[at + 1].x < x) ++at;
    const Point& a = curve[at];
    const Point& b = curve[at + 1];
    if (x <= a.x) return a.value;
    if (x >= b.x) return b.value;
    return a.value + (b.value - a.value) * ((x - a.x) / (b.x - a.x));
}

/// All curves at a value of the parameter.
struct Level {
    double x = 0.0;
    std::vector<double> values;
};

/// The values of all curves at every kink of one of them, by rising x.
std::vector<Level> levels_of(const std::vector<Curve>& curves, double nominal) {
    std::vector<double> all = {nominal};
    for (const Curve& curve : curves) {
        for (const Point& point : curve) all.push_back(point.x);
    }
    std::ranges::sort(all);
    std::vector<Level> out;
    std::vector<std::size_t> at(curves.size(), 0);
    for (const double x : all) {
        if (!out.empty() && x - out.back().x <= same * x) {
            if (x == nominal) out.back().x = nominal;
            continue;
        }
        Level& level = out.emplace_back(Level{x, {}});
        for (std::size_t c = 0; c < curves.size(); ++c) {
            level.values.push_back(value_at(curves[c], x, at[c]));
        }
    }
    return out;
}

/// Looks for the nearest change of the cheapest contender on the way from one level to the next.
/// Every curve is a line between two levels.
class Walk {
  public:
    Walk(const std::vector<Contender>& contenders, std::size_t own)
        : contenders_(contenders), own_(own) {}

    bool leads(const Level& level) const {
        for (std::size_t c = 0; c < level.values.size(); ++c) {
            if (margin(level, c) > 0.0) return false;
        }
        return true;
    }

    /// True, with the flip's place and the better one beyond, where the best changes.
    bool flips(const Level& from, const Level& to, bool leading, Flip& flip) const {
        return leading ? loses(from, to, flip) : wins(from, to, flip);
    }

  private:
    /// The own price less that of another; differences by rounding are none.
    double margin(const Level& level, std::size_t other) const {
        const double own = level.values[own_], price = level.values[other];
        if (own == price) return 0.0;
        const double difference = own - price;
        return std::abs(difference) <= same * (std::abs(own) + std::abs(price)) ? 0.0 : difference;
    }

    /// Share of the way at which a margin that runs from `before` to `after` is zero.
    static double zero(double before, double after) {
        if (!std::isfinite(before) || !std::isfinite(after)) return 0.0;
        return std::clamp(before / (before - after), 0.0, 1.0);
    }

    bool loses(const Level& from, const Level& to, Flip& flip) const {
        double first = unlimited, steepest = 0.0;
        std::size_t rival = own_;
        for (std::size_t c = 0; c < from.values.size(); ++c) {
            const double before = margin(from, c), after = margin(to, c);
            if (!(after > 0.0)) continue;
            const double at = before < 0.0 ? zero(before, after) : 0.0;
            const double slope = after - before;
            const bool same_place = std::abs(at - first) <= same;
            if (same_place ? slope <= steepest : at >= first) continue;
            first = at;
            steepest = slope;
            rival = c;
        }
        if (rival == own_) return false;
        flip.at = from.x + first * (to.x - from.x);
        flip.becomes = contenders_[rival].name;
        return true;
    }

    /// The margins over all others are lines: the own contender leads where all are at most 0.
    bool wins(const Level& from, const Level& to, Flip& flip) const {
        double low = 0.0, high = 1.0;
        for (std::size_t c = 0; c < from.values.size(); ++c) {
            const double before = margin(from, c), after = margin(to, c);
            if (before > 0.0 && after > 0.0) return false;
            if (before > 0.0) low = std::max(low, zero(before, after));
            if (after > 0.0) high = std::min(high, before < 0.0 ? zero(before, after) : 0.0);
        }
        if (high - low <= same) return false;
        flip.at = from.x + low * (to.x - from.x);
        flip.becomes = "itself";
        return true;
    }

    const std::vector<Contender>& contenders_;
    std::size_t own_;
};

/// The flips of one contender at the nearest lower and the nearest higher value.
std::vector<Flip> flips_between(const std::vector<Level>& levels,
                                const std::vector<Contender>& contenders, std::size_t own,
                                Flip flip) {
    const Walk walk(contenders, own);
    const auto now = std::ranges::find(levels, flip.nominal, &Level::x) - levels.begin();
    const auto last = std::ssize(levels) - 1;
    const bool leading = walk.leads(levels[static_cast<std::size_t>(now)]);
    std::vector<Flip> out;
    for (const std::ptrdiff_t step : {-1, 1}) {
        for (std::ptrdiff_t i = now; i + step >= 0 && i + step <= last; i += step) {
            if (!walk.flips(levels[static_cast<std::size_t>(i)],
                            levels[static_cast<std::size_t>(i + step)], leading, flip)) {
                continue;
            }
            out.push_back(flip);
            break;
        }
    }
    return out;
}

}  // namespace

std::vector<double> kinks(const PiecewiseLinear& function, double low, double high) {
    constexpr int deepest = 30;
    std::vector<double> out = {low};
    add_kinks(function, low, function(low), high, function(high), deepest, out);
    out.push_back(high);
    return out;
}

double price_to_serve(const Problem& problem, const Contender& contender, Surplus surplus) {
    const double theta = std::min(contender.most, best_throughput(problem, contender.fleet).theta);
    const bool cap = is_capped(contender, surplus);
    const double price = contender.fixed + price_of(problem, contender.fleet);
    return price / (cap ? std::min(theta, 1.0) : theta);
}

struct FlipFinder::State {
    const Problem& problem;
    std::vector<Contender> contenders;
    Surplus surplus;
    double span;
    std::vector<DemandCurve> thetas;

    Curve price_curve(std::size_t c, std::size_t index) const {
        const Contender& contender = contenders[c];
        const double theta = std::min(contender.most, thetas[c].theta());
        const double served = is_capped(contender, surplus) ? std::min(theta, 1.0) : theta;
        const Device& device = problem.devices[index];
        const double bought = bought_of(device, contender.fleet[index]);
        const double fixed =
            contender.fixed + price_of(problem, contender.fleet) - bought * device.price;
        Curve out;
        for (const double price : {device.price / span, device.price, device.price * span}) {
            out.push_back({price, (fixed + bought * price) / served});
        }
        return out;
    }

    Curve demand_curve(std::size_t c, std::size_t index) {
        const Contender& contender = contenders[c];
        const bool cap = is_capped(contender, surplus);
        const double price = contender.fixed + price_of(problem, contender.fleet);
        const double now = problem.tasks[index].demand;
        DemandCurve& theta = thetas[c];
        if (theta.theta() <= 0.0) return {{now / span, unlimited}, {now * span, unlimited}};
        theta.choose(index);
        Curve out;
        const PiecewiseLinear function = [&](double demand) {
            Tangent inverse = theta.inverse_theta(demand);
            if (inverse.value < 1.0 / contender.most) inverse = {1.0 / contender.most, 0.0};
            const bool worthless = cap && inverse.value <= 1.0;
            const Tangent there = worthless ? Tangent{price, 0.0}
                                            : Tangent{price * inverse.value, price * inverse.slope};
            out.push_back({demand, there.value});
            return there;
        };
        kinks(function, now / span, now * span);
        std::ranges::sort(out, {}, &Point::x);
        return out;
    }
};

FlipFinder::FlipFinder(const Problem& problem, std::vector<Contender> contenders, Surplus surplus,
                       double span)
    : state_(std::make_unique<State>(State{problem, std::move(contenders), surplus, span, {}})) {
    for (const Contender& each : state_->contenders) {
        state_->thetas.emplace_back(problem, each.fleet);
    }
}
FlipFinder::~FlipFinder() = default;
FlipFinder::FlipFinder(FlipFinder&&) noexcept = default;

std::vector<std::vector<Flip>> FlipFinder::of(Parameter parameter, std::size_t index,
                                              std::size_t owners) {
    State& state = *state_;
    const std::size_t count = state.contenders.size();
    std::vector<std::vector<Flip>> out(std::min(owners, count));
    const bool price = parameter == Parameter::price;
    const double nominal =
        price ? state.problem.devices[index].price : state.problem.tasks[index].demand;
    if (nominal <= 0.0 || count < 2) return out;
    std::vector<Curve> curves;
    for (std::size_t c = 0; c < count; ++c) {
        curves.push_back(price ? state.price_curve(c, index) : state.demand_curve(c, index));
    }
    const std::vector<Level> levels = levels_of(curves, nominal);
    const Flip flip{.parameter = parameter,
                    .index = static_cast<int>(index),
                    .nominal = nominal,
                    .at = nominal,
                    .becomes = {}};
    for (std::size_t c = 0; c < out.size(); ++c) {
        out[c] = flips_between(levels, state.contenders, c, flip);
    }
    return out;
}

std::vector<std::vector<Flip>> flips_of(const Problem& problem,
                                        const std::vector<Contender>& contenders, Surplus surplus,
                                        Parameter parameter, std::size_t index, double span) {
    return FlipFinder(problem, contenders, surplus, span).of(parameter, index);
}

std::vector<Flip> flips(const Problem& problem, const std::vector<Contender>& contenders,
                        std::size_t own, Surplus surplus, double span) {
    std::vector<Flip> out;
    FlipFinder finder(problem, contenders, surplus, span);
    const auto add = [&](Parameter parameter, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::vector<std::vector<Flip>> all = finder.of(parameter, i, own + 1);
            out.insert(out.end(), all[own].begin(), all[own].end());
        }
    };
    add(Parameter::price, problem.types());
    add(Parameter::demand, problem.classes());
    return out;
}

namespace {

/// One end of a price range. It starts at the far end. Each cheaper fleet that is found moves it
/// towards the nominal price, to the point where that fleet and `bought` cost the same.
double range_end(const Problem& problem, const Purchase& bought, std::size_t type,
                 const SearchOptions& options, double end, Fleet& beyond, bool& proved) {
    constexpr int most_searches = 40;
    for (int i = 0; i < most_searches; ++i) {
        const Problem changed = with(problem, Parameter::price, type, end);
        const Purchase found = search(changed, options);
        proved = proved && found.proved();
        const double own =
            price_of(changed, bought.fleet) + price_of_new_types(options, bought.fleet);
        if (!found.found || found.value >= own * (1.0 - same)) return end;
        beyond = found.fleet;
        const Device& device = problem.devices[type];
        const double more =
            bought_of(device, bought.fleet[type]) - bought_of(device, found.fleet[type]);
        const double now = problem.devices[type].price;
        const double saved = price_of(problem, found.fleet) - price_of(problem, bought.fleet) +
                             price_of_new_types(options, found.fleet) -
                             price_of_new_types(options, bought.fleet);
        const double meet = now + saved / more;
        if (!(std::abs(meet - now) < std::abs(end - now))) return end;
        end = meet;
    }
    proved = false;
    return end;
}

}  // namespace

PriceRange price_range(const Problem& problem, const Purchase& bought, std::size_t type,
                       const SearchOptions& options, double span) {
    const double now = problem.devices[type].price;
    PriceRange out;
    const double low = range_end(problem, bought, type, options, now / span, out.below, out.proved);
    const double high =
        range_end(problem, bought, type, options, now * span, out.above, out.proved);
    if (!out.below.empty()) out.low = low;
    if (!out.above.empty()) out.high = high;
    return out;
}

}  // namespace motley::fleet
