// The prices and demands at which the best contender changes. A price enters every contender
// linearly; a demand enters the price of serving it as a convex piecewise linear function.
#include <algorithm>
#include <cmath>

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

/// The price of serving the demand as a function of one parameter.
PiecewiseLinear curve(const Problem& problem, const Contender& contender, Parameter parameter,
                      std::size_t index, Surplus surplus) {
    const bool cap = is_capped(contender, surplus);
    const double theta = std::min(contender.most, best_throughput(problem, contender.fleet).theta);
    if (parameter == Parameter::price) {
        const double served = cap ? std::min(theta, 1.0) : theta;
        return [=, &problem](double price) {
            const Problem changed = with(problem, parameter, index, price);
            return Tangent{(contender.fixed + price_of(changed, contender.fleet)) / served,
                           contender.fleet[index] / served};
        };
    }
    const double price = contender.fixed + price_of(problem, contender.fleet);
    return [=, &problem](double demand) {
        const Throughput now =
            best_throughput(with(problem, parameter, index, demand), contender.fleet);
        if (cap && now.theta >= 1.0) return Tangent{price, 0.0};
        return Tangent{price / now.theta, price / now.theta * now.task_prices[index] / demand};
    };
}

/// Finds for one parameter which contender is the cheapest on each piece between two values.
class Race {
  public:
    Race(const Problem& problem, const std::vector<Contender>& contenders, std::size_t own,
         Surplus surplus, Parameter parameter, std::size_t index)
        : contenders_(contenders), own_(own) {
        for (const Contender& each : contenders) {
            curves_.push_back(curve(problem, each, parameter, index, surplus));
        }
        const Task* task = parameter == Parameter::demand ? &problem.tasks[index] : nullptr;
        nominal_ = task != nullptr ? task->demand : problem.devices[index].price;
        flip_.parameter = parameter;
        flip_.index = static_cast<int>(index);
        flip_.nominal = nominal_;
    }

    /// Adds the nearest change of the best between the nominal value and `end` to `out`, if any.
    void add(double end, std::vector<Flip>& out) {
        std::vector<double> ends = breakpoints(std::min(nominal_, end), std::max(nominal_, end));
        if (end < nominal_) std::ranges::reverse(ends);
        const bool leads = margin(nominal_).value <= 0.0;
        for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
            if (add_on_piece(ends[i], ends[i + 1], leads, out)) return;
        }
    }

  private:
    struct Margin {
        double value = 0.0;     ///< price of the own contender less that of the best other one
        std::size_t rival = 0;  ///< the best other one
    };

    Margin margin(double x) const {
        Margin out{unlimited, own_};
        double best = unlimited;
        for (std::size_t c = 0; c < curves_.size(); ++c) {
            if (c == own_) continue;
            const double value = curves_[c](x).value;
            if (value >= best) continue;
            best = value;
            out.rival = c;
        }
        out.value = curves_[own_](x).value - best;
        return out;
    }

    /// The kinks of all curves, and the points where two of them cross.
    std::vector<double> breakpoints(double low, double high) const {
        std::vector<double> out;
        for (const PiecewiseLinear& each : curves_) {
            for (const double x : kinks(each, low, high)) out.push_back(x);
        }
        std::ranges::sort(out);
        const std::vector<double> pieces = out;
        for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
            if (pieces[i + 1] - pieces[i] > same * high) crossings(pieces[i], pieces[i + 1], out);
        }
        std::ranges::sort(out);
        const auto close = [=](double a, double b) { return b - a <= same * high; };
        out.erase(std::unique(out.begin(), out.end(), close), out.end());
        return out;
    }

    /// Adds the crossings on a piece on which every curve is a line.
    void crossings(double low, double high, std::vector<double>& out) const {
        std::vector<double> first, second;
        for (const PiecewiseLinear& each : curves_) {
            first.push_back(each(low).value);
            second.push_back(each(high).value);
        }
        for (std::size_t a = 0; a < curves_.size(); ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                const double before = first[a] - first[b], after = second[a] - second[b];
                if (!(before * after < 0.0)) continue;
                out.push_back(low + (high - low) * before / (before - after));
            }
        }
    }

    /// The margin has one sign within a piece. Adds a flip at its start where the sign has changed.
    bool add_on_piece(double from, double to, bool leads, std::vector<Flip>& out) {
        const Margin middle = margin(0.5 * (from + to));
        const bool leads_here = middle.value <= 0.0;
        if (leads_here == leads) return false;
        flip_.at = from;
        flip_.becomes = leads_here ? "itself" : contenders_[middle.rival].name;
        out.push_back(flip_);
        return true;
    }

    const std::vector<Contender>& contenders_;
    std::size_t own_;
    std::vector<PiecewiseLinear> curves_;
    double nominal_ = 0.0;
    Flip flip_;
};

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

std::vector<Flip> flips(const Problem& problem, const std::vector<Contender>& contenders,
                        std::size_t own, Surplus surplus, double span) {
    std::vector<Flip> out;
    const auto race = [&](Parameter parameter, std::size_t index, double nominal) {
        if (nominal <= 0.0 || contenders.size() < 2) return;
        Race each(problem, contenders, own, surplus, parameter, index);
        each.add(nominal / span, out);
        each.add(nominal * span, out);
    };
    for (std::size_t d = 0; d < problem.types(); ++d) {
        race(Parameter::price, d, problem.devices[d].price);
    }
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        race(Parameter::demand, k, problem.tasks[k].demand);
    }
    return out;
}

std::vector<std::vector<Flip>> flips_of(const Problem& problem,
                                        const std::vector<Contender>& contenders, Surplus surplus,
                                        Parameter parameter, std::size_t index, double span) {
    std::vector<std::vector<Flip>> out(contenders.size());
    const double nominal =
        parameter == Parameter::price ? problem.devices[index].price : problem.tasks[index].demand;
    if (nominal <= 0.0 || contenders.size() < 2) return out;
    for (std::size_t c = 0; c < contenders.size(); ++c) {
        Race race(problem, contenders, c, surplus, parameter, index);
        race.add(nominal / span, out[c]);
        race.add(nominal * span, out[c]);
    }
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
        const double own = price_of(changed, bought.fleet);
        if (!found.found || found.value >= own * (1.0 - same)) return end;
        beyond = found.fleet;
        const double more = bought.fleet[type] - found.fleet[type];
        const double now = problem.devices[type].price;
        const double saved = price_of(problem, found.fleet) - price_of(problem, bought.fleet);
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
