// I(r) and b(r): breadth-first searches, and exact sums over what they reach.
#include "motley/measure/spatial.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "ball_search.hpp"
#include "motley/core/nan.hpp"
#include "motley/core/random.hpp"
#include "motley/measure/measures.hpp"

namespace motley::measure {
namespace {

/// The sums from which the statistic of a ball is computed: total, joint, agents, members, tasks.
class BallSums {
  public:
    BallSums(std::size_t balls, int tasks)
        : tasks_(static_cast<std::size_t>(tasks)), sums_(balls * width()) {}

    /// Adds one agent to the balls of `mask`.
    void add(std::uint64_t mask, const double* efforts) {
        double total = 0.0, joint = 0.0;
        for (std::size_t k = 0; k < tasks_; ++k) {
            total += efforts[k];
            joint += entropy_term(efforts[k]);
        }
        if (!(total > 0.0)) return;  // relays make no effort
        const double own = entropy_term(total);
        for (; mask != 0; mask &= mask - 1) {
            ExactSum* ball =
                sums_.data() + static_cast<std::size_t>(std::countr_zero(mask)) * width();
            ball[0].add(total);
            ball[1].add(joint);
            ball[2].add(own);
            ball[3].add(1.0);
            for (std::size_t k = 0; k < tasks_; ++k) ball[4 + k].add(efforts[k]);
        }
    }

    struct Balls {
        std::vector<double> heterogeneity, members;
        std::vector<double> divergence;  ///< of the ball's task shares from those of the system
        std::vector<double> expected;    ///< that of as many agents drawn at random
    };
    /// Collective.
    Balls evaluate(const RandomGroups& random, const mpi::Communicator& comm) const {
        auto sums = sums_;
        comm.sum(std::span<ExactSum>(sums));
        Balls balls;
        std::vector<double> tasks(tasks_);
        for (auto* ball = sums.data(); ball != sums.data() + sums.size(); ball += width()) {
            for (std::size_t k = 0; k < tasks_; ++k) tasks[k] = ball[4 + k].value();
            balls.heterogeneity.push_back(
                mutual_information(ball[0].value(), ball[1].value(), ball[2].value(), tasks));
            balls.members.push_back(ball[3].value());
            balls.divergence.push_back(divergence(tasks, random.whole()));
            balls.expected.push_back(random.expected(balls.members.back()));
        }
        return balls;
    }

    /// The members of `Balls`: a number per ball each.
    static constexpr std::vector<double> Balls::*columns[] = {
        &Balls::heterogeneity, &Balls::members, &Balls::divergence, &Balls::expected};

  private:
    std::size_t width() const { return 4 + tasks_; }

    std::size_t tasks_;
    std::vector<ExactSum> sums_;
};

/// The next radius that is recorded.
std::int64_t after(std::int64_t radius) {
    return radius < 64 ? radius + 1 : radius + radius / 10;
}

/// I by radius and centre. The balls of the last radius hold all agents that can be reached.
struct Curves {
    std::vector<std::int64_t> radius;
    std::vector<BallSums::Balls> balls;  ///< by radius; centres of all passes in a row
};

/// Adds the curves of one pass. A pass that ended earlier stays at its last value.
void append(Curves& all, const Curves& pass, std::size_t centres_before) {
    const std::size_t radii = std::max(all.radius.size(), pass.radius.size());
    const auto last = [](const Curves& curves, std::size_t i) {
        return curves.balls[std::min(i, curves.balls.size() - 1)];
    };
    Curves joined;
    for (std::size_t i = 0; i < radii; ++i) {
        joined.radius.push_back(i < all.radius.size() ? all.radius[i] : pass.radius[i]);
        BallSums::Balls balls;
        if (centres_before > 0) balls = last(all, i);
        const BallSums::Balls more = last(pass, i);
        for (const auto column : BallSums::columns) {
            (balls.*column)
                .insert((balls.*column).end(), (more.*column).begin(), (more.*column).end());
        }
        joined.balls.push_back(std::move(balls));
    }
    all = std::move(joined);
}

template <class Real>
Curves one_pass(BallSearch<Real>& search, std::span<const AgentId> centres, int tasks,
                const std::function<void(std::size_t, double*)>& efforts,
                const RandomGroups& random, const mpi::Communicator& comm) {
    Curves curves;
    BallSums sums(centres.size(), tasks);
    std::vector<double> row(static_cast<std::size_t>(tasks));
    search.start(centres);
    std::int64_t wanted = 0;
    bool more = true;
    for (std::int64_t radius = 0; more; ++radius) {
        for (const auto& [agent, mask] : search.frontier()) {
            efforts(agent, row.data());
            sums.add(mask, row.data());
        }
        more = search.advance();
        if (radius != wanted && more) continue;
        // If nothing new was reached, this ball is also the one at the next recorded radius.
        curves.radius.push_back(wanted);
        curves.balls.push_back(sums.evaluate(random, comm));
        wanted = after(radius);
    }
    return curves;
}

/// A complete graph: everything is one hop away.
Curves mean_field_curves(std::size_t centres, double total, const RandomGroups& random) {
    const auto same = [&](double value) { return std::vector<double>(centres, value); };
    const double alone = random.expected(1.0);
    return {{0, 1},
            {{same(0.0), same(1.0), same(alone), same(alone)},
             {same(total), same(static_cast<double>(random.agents())), same(0.0), same(0.0)}}};
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation_of(const std::vector<double>& values, double mean) {
    if (values.size() < 2) return 0.0;
    double squares = 0.0;
    for (const double v : values) squares += (v - mean) * (v - mean);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

/// The least radius, linearly interpolated, at which the curve is at `target` or beyond it, seen
/// from its first point.
double crossing(const std::vector<std::int64_t>& radius, const std::vector<double>& curve,
                double target) {
    const double side = curve.front() < target ? 1.0 : -1.0;
    for (std::size_t i = 1; i < radius.size(); ++i) {
        const double before = curve[i - 1], here = curve[i];
        if (!(side * (here - target) >= 0.0)) continue;
        const auto from = static_cast<double>(radius[i - 1]);
        const auto to = static_cast<double>(radius[i]);
        return from + (to - from) * (target - before) / (here - before);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

/// D / D0, means over centres; 0 where no ball lacks anything, since each holds the whole system.
double balance_of(const BallSums::Balls& balls) {
    const double expected = mean_of(balls.expected);
    return expected > 0.0 ? mean_of(balls.divergence) / expected : 0.0;
}

}  // namespace

std::vector<AgentId> sample_centres(AgentId agents, std::int64_t count, std::uint64_t seed) {
    count = std::min<std::int64_t>(count, agents);
    const Permutation order(static_cast<std::uint64_t>(agents), seed, Stream::statistics, 0);
    std::vector<AgentId> centres;
    for (std::int64_t i = 0; i < count; ++i) {
        centres.push_back(static_cast<AgentId>(order(static_cast<std::uint64_t>(i))));
    }
    std::sort(centres.begin(), centres.end());
    return centres;
}

template <class Real>
SpatialScale spatial_scale(const network::DistributedGraph<Real>& graph, int tasks,
                           const std::function<void(std::size_t, double*)>& efforts, double total,
                           const RandomGroups& random, const std::vector<AgentId>& centres,
                           const mpi::Communicator& comm) {
    Curves curves;
    if (!graph.has_arcs()) {
        curves = mean_field_curves(centres.size(), total, random);
    } else {
        BallSearch<Real> search(graph, comm);
        constexpr std::size_t width = BallSearch<Real>::width;
        for (std::size_t first = 0; first < centres.size(); first += width) {
            const std::span<const AgentId> some(centres.data() + first,
                                                std::min(width, centres.size() - first));
            append(curves, one_pass(search, some, tasks, efforts, random, comm), first);
        }
    }
    SpatialScale result;
    result.centres = static_cast<std::int64_t>(centres.size());
    result.radius = curves.radius;
    for (const auto& balls : curves.balls) {
        result.heterogeneity.push_back(mean_of(balls.heterogeneity));
        result.spread.push_back(deviation_of(balls.heterogeneity, result.heterogeneity.back()));
        result.ball.push_back(mean_of(balls.members));
        result.balance.push_back(balance_of(balls));
    }
    const double apart = std::exp(-1.0);
    const bool differ = total > 0.0;  // else there is nothing that has a scale
    result.scale =
        differ ? crossing(result.radius, result.heterogeneity, (1.0 - apart) * total) : nan;
    result.balance_radius = differ ? crossing(result.radius, result.balance, apart) : nan;
    return result;
}

template SpatialScale spatial_scale(const network::DistributedGraph<double>&, int,
                                    const std::function<void(std::size_t, double*)>&, double,
                                    const RandomGroups&, const std::vector<AgentId>&,
                                    const mpi::Communicator&);
template SpatialScale spatial_scale(const network::DistributedGraph<float>&, int,
                                    const std::function<void(std::size_t, double*)>&, double,
                                    const RandomGroups&, const std::vector<AgentId>&,
                                    const mpi::Communicator&);

}  // namespace motley::measure
