#include "motley/redesign/fleet/queue.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace motley::fleet {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// The wait of M/D/c over that of M/M/c: 1/2 for one server, and more for many at a low load.
double deterministic_ratio(double servers, double load) {
    constexpr double largest = 0.24;
    const double excess = (1.0 - load) * (servers - 1.0) * (std::sqrt(4.0 + 5.0 * servers) - 2.0) /
                          (16.0 * servers * load);
    return 0.5 * (1.0 + std::min(largest, excess));
}

/// The mean wait over that of M/M/c.
double ratio_of(const Queue& queue) {
    const double service = queue.cv_service * queue.cv_service;
    const double arrivals = queue.cv_arrivals * queue.cv_arrivals;
    const double allen_cunneen = 0.5 * (arrivals + service);
    const double ratio = deterministic_ratio(static_cast<double>(queue.servers), queue.load());
    return allen_cunneen * 2.0 / (2.0 * service + (1.0 - service) / ratio);
}

}  // namespace

double erlang_b(std::int64_t servers, double erlangs) {
    constexpr std::int64_t most_steps = 1'000'000;
    if (erlangs <= 0.0) return servers == 0 ? 1.0 : 0.0;
    if (servers > most_steps) {
        // erlangs^c exp(-erlangs) / c! over the same sum from 0 to c.
        const double above = static_cast<double>(servers) + 1.0;
        return boost::math::gamma_p_derivative(above, erlangs) /
               boost::math::gamma_q(above, erlangs);
    }
    double blocked = 1.0;
    for (std::int64_t c = 1; c <= servers; ++c) {
        const double offered = erlangs * blocked;
        blocked = offered / (static_cast<double>(c) + offered);
    }
    return blocked;
}

double erlang_c(std::int64_t servers, double erlangs) {
    const double load = erlangs / static_cast<double>(servers);
    if (!(load < 1.0)) return 1.0;
    const double blocked = erlang_b(servers, erlangs);
    return blocked / (1.0 - load * (1.0 - blocked));
}

double Wait::quantile(double q) const {
    if (!(delayed > 1.0 - q)) return 0.0;
    return std::isinf(mean) ? never : mean / delayed * std::log(delayed / (1.0 - q));
}

double Wait::mean_of_longest(double units) const {
    if (delayed <= 0.0 || std::isinf(mean)) return mean;
    double sum = 0.0, none = 1.0;  // the probability that none of j units waits
    for (double j = 1.0; j <= units; j += 1.0) {
        none *= 1.0 - delayed;
        sum += (1.0 - none) / j;
    }
    return mean / delayed * sum;
}

Wait wait(const Queue& queue) {
    Wait out;
    if (queue.arrivals <= 0.0) return out;
    if (!(queue.load() < 1.0)) return {1.0, never, never};
    const double spare = static_cast<double>(queue.servers) * queue.rate - queue.arrivals;
    out.delayed = erlang_c(queue.servers, queue.arrivals / queue.rate);
    out.mean = out.delayed / spare * ratio_of(queue);
    out.p95 = out.mean > 0.0 ? out.quantile(0.95) : 0.0;
    return out;
}

std::int64_t servers_for(double limit, const Queue& queue, double q) {
    const auto enough = [&](std::int64_t servers) {
        Queue tried = queue;
        tried.servers = servers;
        const Wait found = wait(tried);
        return std::isfinite(found.mean) && found.quantile(q) <= limit;
    };
    std::int64_t low = static_cast<std::int64_t>(std::floor(queue.arrivals / queue.rate));
    std::int64_t step = 1;
    while (!enough(low + step)) {
        low += step;
        step *= 2;
    }
    std::int64_t high = low + step;  // enough, and `low` is not
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (enough(middle) ? high : low) = middle;
    }
    return std::max<std::int64_t>(high, 1);
}

}  // namespace motley::fleet
