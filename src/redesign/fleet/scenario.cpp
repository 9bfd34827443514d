#include "motley/redesign/fleet/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "motley/core/random.hpp"

namespace motley::fleet {
namespace {

/// First counter of the draws of failures; those of the uncertain numbers are below.
constexpr std::uint32_t failures_from = 1U << 24;

class Draws {
  public:
    Draws(std::uint64_t seed, std::uint64_t id) : random_(seed, Stream::scenario, id) {}

    double operator()(const Uncertain& number) {
        const std::uint32_t counter = next_++;
        if (number.known()) return number.value;
        const bool normal = number.shape == Uncertain::Shape::lognormal;
        return number.draw(normal ? 0.5 : random_.uniform(counter),
                           normal ? random_.normal(counter) : 0.0);
    }
    double normal() { return random_.normal(next_++); }

  private:
    Random random_;
    std::uint32_t next_ = 0;
};

}  // namespace

Uncertain exactly(double value) {
    return {value, value, value, Uncertain::Shape::uniform};
}

double Uncertain::draw(double u, double normal) const {
    constexpr double z_97_5 = 1.959963984540054;
    switch (shape) {
        case Shape::uniform:
            return low + u * (high - low);
        case Shape::triangular: {
            const double rise = (value - low) / (high - low);
            if (u < rise) return low + std::sqrt(u * (high - low) * (value - low));
            return high - std::sqrt((1.0 - u) * (high - low) * (high - value));
        }
        case Shape::lognormal:
            return value * std::exp(normal * std::log(high / low) / (2.0 * z_97_5));
    }
    return value;
}

bool Uncertainty::rates_known() const {
    return std::ranges::all_of(rates, &Uncertain::known);
}

bool Uncertainty::demands_known() const {
    return drift <= 0.0 && std::ranges::all_of(demands, &Uncertain::known);
}

void draw(const Uncertainty& uncertainty, std::uint64_t seed, std::uint64_t id, Scenario& out) {
    Draws draws(seed, id);
    const auto fill = [&](const std::vector<Uncertain>& from, std::vector<double>& to) {
        to.clear();
        for (const Uncertain& number : from) to.push_back(draws(number));
    };
    fill(uncertainty.prices, out.prices);
    fill(uncertainty.rates, out.rates);
    fill(uncertainty.demands, out.demands);
    if (uncertainty.drift <= 0.0) return;
    for (double& demand : out.demands) demand *= std::exp(uncertainty.drift * draws.normal());
}

WorkingDevices::WorkingDevices(const Problem& problem, std::span<const double> fleet,
                               const Uncertainty& uncertainty)
    : fleet_(fleet.begin(), fleet.end()), slowed_(1.0 - uncertainty.straggler_speed) {
    for (std::size_t d = 0; d < problem.types(); ++d) {
        node_.push_back(static_cast<double>(problem.devices[d].node_size));
        const auto nodes = static_cast<std::int64_t>(std::ceil(fleet[d] / node_.back()));
        down_.emplace_back(nodes, uncertainty.failure);
        slow_.emplace_back(nodes, uncertainty.straggler_share);
    }
}

void WorkingDevices::draw(std::uint64_t seed, std::uint64_t id, std::vector<double>& left) const {
    const Random random(seed, Stream::scenario, id);
    left.assign(fleet_.begin(), fleet_.end());
    for (std::size_t d = 0; d < fleet_.size(); ++d) {
        const auto counter = failures_from + 2 * static_cast<std::uint32_t>(d);
        const auto down = static_cast<double>(down_[d](random.uniform(counter)));
        const auto slow = static_cast<double>(slow_[d](random.uniform(counter + 1)));
        left[d] = std::max(0.0, left[d] - down * node_[d]);
        left[d] = std::max(0.0, left[d] - std::min(slow * node_[d], left[d]) * slowed_);
    }
}

}  // namespace motley::fleet
