#include "motley/swarm/knowledge/world.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "motley/core/random.hpp"
#include "motley/swarm/knowledge/theory.hpp"

namespace motley::swarm {
namespace {

/// Counters of the numbers of a site; observations and lies follow by round.
enum SiteDraw : std::uint32_t {
    draw_problem,
    draw_truth,
    draw_honest,
    draw_late,
    draw_fields,               // two for each field
    draw_place = 1U << 16U,    // one for each dimension
    draw_observed = 1U << 20U  // one for each round
};

/// Far beyond all truths, in standard deviations of an observation.
constexpr double garbage_spread = 100.0;
constexpr double out_of_range_shift = 1e6;
/// Liars that agree with each other do so up to this share of the noise.
constexpr double agreement = 0.1;

void normalise(std::vector<double>& vector) {
    const double squares = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
    for (double& each : vector) each /= std::sqrt(squares);
}

}  // namespace

std::uint64_t mixed(std::uint64_t seed, std::uint64_t one, std::uint64_t other) {
    return Random(Random(seed, Stream::problem, one).bits(1), Stream::problem, other).bits(2);
}

World::World(const Spec& spec) : spec_(spec), problems_(spec.problem_count()) {
    if (spec.problems.zipf > 0.0) {
        cumulative_ = zipf_shares(problems_, spec.problems.zipf);
        std::partial_sum(cumulative_.begin(), cumulative_.end(), cumulative_.begin());
    }
    if (spec.keys.kind != KeyKind::simhash) return;
    planes_.resize(
        static_cast<std::size_t>(spec.keys.tables * spec.keys.bits * spec.keys.dimensions));
    const Random random(spec.seed, Stream::problem, ~std::uint64_t{0});
    for (std::size_t i = 0; i < planes_.size(); ++i) {
        planes_[i] = random.normal(static_cast<std::uint32_t>(i));
    }
}

std::uint32_t World::problem(std::uint32_t site) const {
    const Random random(spec_.seed, Stream::site, site);
    if (cumulative_.empty()) {
        return static_cast<std::uint32_t>(
            random.below(static_cast<std::uint64_t>(problems_), draw_problem));
    }
    const double at = random.uniform(draw_problem);
    const auto found = std::ranges::upper_bound(cumulative_, at);
    return static_cast<std::uint32_t>(
        std::min<std::int64_t>(found - cumulative_.begin(), problems_ - 1));
}

double World::truth_of_problem(std::uint32_t problem) const {
    return spec_.problems.spread * Random(spec_.seed, Stream::problem, problem).normal(0);
}

double World::truth(std::uint32_t site) const {
    const double common = truth_of_problem(problem(site));
    if (spec_.problems.heterogeneity == 0.0) return common;
    return common + std::sqrt(spec_.problems.heterogeneity) *
                        Random(spec_.seed, Stream::site, site).normal(draw_truth);
}

bool World::honest(std::uint32_t site) const {
    if (spec_.adversaries.share <= 0.0) return true;
    return Random(spec_.seed, Stream::site, site).uniform(draw_honest) >= spec_.adversaries.share;
}

bool World::late(std::uint32_t site) const {
    if (spec_.overlay.late <= 0.0) return false;
    return Random(spec_.seed, Stream::site, site).uniform(draw_late) < spec_.overlay.late;
}

Packet World::observe(std::uint32_t site, std::int64_t round) const {
    const double variance = spec_.own_variance();
    const auto draw = draw_observed + static_cast<std::uint32_t>(round);
    const double error = std::sqrt(variance) * Random(spec_.seed, Stream::site, site).normal(draw);
    return {site, truth(site) + error, 1.0 / variance};
}

Packet World::lie(std::uint32_t site, std::int64_t round, const Packet& own) const {
    const Random random(spec_.seed, Stream::adversary, site);
    const double noise = random.normal(static_cast<std::uint32_t>(round));
    const double deviation = spec_.evidence.noise;
    Packet packet = own;
    switch (spec_.adversaries.attack) {
        case Attack::garbage:
            packet.mean = garbage_spread * deviation * noise;
            break;
        case Attack::out_of_range:
            packet.mean = out_of_range_shift * deviation;
            break;
        case Attack::shift:
            packet.mean = truth(site) + deviation * (spec_.adversaries.shift + agreement * noise);
            break;
        case Attack::targeted:
            packet.mean =
                truth_of_problem(0) + deviation * (spec_.adversaries.shift + agreement * noise);
            break;
        case Attack::silent:
            break;
    }
    return packet;
}

std::uint64_t World::coded(std::uint32_t site, std::uint32_t problem) const {
    std::uint64_t code = mixed(spec_.seed, 0, problem);
    if (spec_.keys.error <= 0.0) return code;
    const Random random(spec_.seed, Stream::site, site);
    for (std::int64_t f = 0; f < spec_.keys.fields; ++f) {
        const auto draw = draw_fields + 2 * static_cast<std::uint32_t>(f);
        if (random.uniform(draw) >= spec_.keys.error) continue;
        const auto wrong =
            1 + random.below(static_cast<std::uint64_t>(spec_.keys.values - 1), draw + 1);
        code = mixed(code, 1 + static_cast<std::uint64_t>(f), wrong);
    }
    return code;
}

void World::keys(std::uint32_t site, std::vector<std::uint64_t>& keys) const {
    const bool aims = spec_.adversaries.attack == Attack::targeted && !honest(site);
    const std::uint32_t topic = aims ? 0 : problem(site);
    keys.clear();
    if (spec_.keys.kind == KeyKind::exact) {
        keys.push_back(aims ? mixed(spec_.seed, 0, 0) : coded(site, topic));
        return;
    }
    std::vector<double> at;
    if (aims) {
        centre(topic, at);
    } else {
        place(site, at);
    }
    const auto bits = static_cast<std::size_t>(spec_.keys.bits);
    for (std::size_t t = 0; t < static_cast<std::size_t>(spec_.keys.tables); ++t) {
        std::uint64_t code = 0;
        for (std::size_t b = 0; b < bits; ++b) {
            const double* plane = planes_.data() + (t * bits + b) * at.size();
            const double side = std::inner_product(at.begin(), at.end(), plane, 0.0);
            code = 2 * code + (side > 0.0 ? 1 : 0);
        }
        keys.push_back(mixed(spec_.seed, 1 + t, code));
    }
}

void World::centre(std::uint32_t problem, std::vector<double>& place) const {
    place.resize(static_cast<std::size_t>(spec_.keys.dimensions));
    const Random random(spec_.seed, Stream::problem, problem);
    for (std::size_t d = 0; d < place.size(); ++d) {
        place[d] = random.normal(1000 + static_cast<std::uint32_t>(d));
    }
    normalise(place);
}

void World::place(std::uint32_t site, std::vector<double>& place) const {
    centre(problem(site), place);
    const Random random(spec_.seed, Stream::site, site);
    const double scale = spec_.keys.spread / std::sqrt(static_cast<double>(place.size()));
    for (std::size_t d = 0; d < place.size(); ++d) {
        place[d] += scale * random.normal(draw_place + static_cast<std::uint32_t>(d));
    }
    normalise(place);
}

double World::similarity(std::uint32_t one, std::uint32_t other) const {
    std::vector<double> a, b;
    place(one, a);
    place(other, b);
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace motley::swarm
