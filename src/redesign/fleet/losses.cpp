#include "motley/redesign/fleet/losses.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "allocation.hpp"
#include "loss_solver.hpp"
#include "rounding.hpp"

namespace motley::fleet {
namespace {

/// The throughput of what is left, with and without moving work.
Loss loss_to(const Problem& problem, std::span<const double> fleet, const Throughput& whole,
             std::span<const double> left) {
    std::vector<double> allocation = whole.allocation;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        if (left[d] == fleet[d]) continue;
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            allocation[d * problem.classes() + k] *= left[d] / fleet[d];
        }
    }
    Loss out;
    out.theta = best_throughput(problem, left).theta;
    if (whole.groups.empty()) {
        out.theta_fixed = theta_of(problem, allocation);
        return out;
    }
    std::vector<double> demands;
    for (const Task& task : problem.tasks) demands.push_back(task.demand);
    out.theta_fixed = theta_of_groups(problem, fleet, whole, left, problem.rates, demands);
    return out;
}

/// The throughput after the loss of devices of one type, of which there is one loss after another.
class SingleLosses {
  public:
    SingleLosses(const Problem& problem, std::span<const double> fleet, const Throughput& whole)
        : problem_(problem), fleet_(fleet), whole_(whole) {
        if (whole.theta > 0.0 && !problem.has_limits()) solver_.emplace(problem, fleet, whole);
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            double served = 0.0;
            for (std::size_t d = 0; d < problem.types(); ++d) served += served_by(d, k);
            served_.push_back(served);
        }
    }

    Loss of(std::size_t type, double lost) {
        const double left = std::max(0.0, fleet_[type] - lost);
        Loss out;
        if (solver_) {
            out = {solver_->theta(type, left), theta_fixed(type, 1.0 - left / fleet_[type])};
        } else {
            Fleet rest(fleet_.begin(), fleet_.end());
            rest[type] = left;
            out = loss_to(problem_, fleet_, whole_, rest);
        }
        out.type = static_cast<int>(type);
        return out;
    }

  private:
    double served_by(std::size_t type, std::size_t task) const {
        return problem_.rate(type, task) * whole_.allocated(type, task, problem_.classes());
    }

    /// theta of the old allocation without a share of the type's devices.
    double theta_fixed(std::size_t type, double lost) const {
        double theta = unlimited;
        for (std::size_t k = 0; k < served_.size(); ++k) {
            const double left = served_[k] - lost * served_by(type, k);
            theta = std::min(theta, left / problem_.tasks[k].demand);
        }
        return std::max(0.0, theta);
    }

    const Problem& problem_;
    std::span<const double> fleet_;
    const Throughput& whole_;
    std::optional<LossSolver> solver_;
    std::vector<double> served_;  ///< K
};

const Loss& worst_of(const std::vector<Loss>& losses) {
    return *std::ranges::min_element(losses, {}, &Loss::theta);
}

}  // namespace

double theta_of_groups(const Problem& problem, std::span<const double> fleet,
                       const Throughput& whole, std::span<const double> left,
                       std::span<const double> rates, std::span<const double> demands) {
    const std::size_t classes = problem.classes();
    std::vector<double> served(classes, 0.0);
    for (const GroupedDevices& group : whole.groups) {
        const double before = groups_in(fleet[group.type], group.size);
        const double now = groups_in(left[group.type], group.size);
        const double kept = std::min(left[group.type] / fleet[group.type], now / before);
        const double faster =
            rates[group.type * classes + group.task] / problem.rate(group.type, group.task);
        served[group.task] += group.rate * faster * group.devices * kept;
    }
    double theta = unlimited;
    for (std::size_t k = 0; k < classes; ++k) theta = std::min(theta, served[k] / demands[k]);
    return theta;
}

double theta_of(const Problem& problem, std::span<const double> allocation) {
    double theta = unlimited;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        double served = 0.0;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            served += problem.rate(d, k) * allocation[d * problem.classes() + k];
        }
        theta = std::min(theta, served / problem.tasks[k].demand);
    }
    return theta;
}

NMinusOne n_minus_1(const Problem& problem, std::span<const double> fleet,
                    const Throughput& whole) {
    NMinusOne out;
    SingleLosses losses(problem, fleet, whole);
    for (std::size_t d = 0; d < problem.types(); ++d) {
        if (fleet[d] <= 0.0) continue;
        const auto node = static_cast<double>(problem.devices[d].node_size);
        out.devices.push_back(losses.of(d, 1.0));
        out.nodes.push_back(node > 1.0 ? losses.of(d, node) : out.devices.back());
    }
    if (out.devices.empty()) return out;
    out.device = worst_of(out.devices);
    out.node = worst_of(out.nodes);
    return out;
}

namespace {

/// Keeps the worst loss of those that it is shown.
class WorstLoss {
  public:
    WorstLoss(const Problem& problem, std::span<const double> fleet, const Throughput& whole)
        : problem_(problem), fleet_(fleet), whole_(whole) {
        worst.theta = unlimited;
    }

    void show(const Fleet& lost) {
        Fleet left(fleet_.begin(), fleet_.end());
        for (std::size_t d = 0; d < left.size(); ++d) left[d] -= lost[d];
        const Loss loss = loss_to(problem_, fleet_, whole_, left);
        if (loss.theta >= worst.theta) return;
        static_cast<Loss&>(worst) = loss;
        worst.lost = lost;
        worst.type = static_cast<int>(std::ranges::max_element(lost) - lost.begin());
    }

    ShareLoss worst;

  private:
    const Problem& problem_;
    std::span<const double> fleet_;
    const Throughput& whole_;
};

/// Shows every vertex: each set of types that fits into `count` as a whole, and each type that can
/// take the rest.
void show_vertices(std::span<const double> fleet, const std::vector<std::size_t>& types,
                   double count, WorstLoss& out) {
    for (std::size_t set = 0; set < std::size_t{1} << types.size(); ++set) {
        Fleet lost(fleet.size(), 0.0);
        double rest = count;
        for (std::size_t i = 0; i < types.size(); ++i) {
            if ((set >> i & 1U) == 0) continue;
            lost[types[i]] = fleet[types[i]];
            rest -= fleet[types[i]];
        }
        if (rest == 0.0) out.show(lost);
        if (rest <= 0.0) continue;
        for (std::size_t i = 0; i < types.size(); ++i) {
            if ((set >> i & 1U) != 0 || fleet[types[i]] <= rest) continue;
            Fleet both = lost;
            both[types[i]] = rest;
            out.show(both);
        }
    }
}

/// Takes, one after the other, the type whose loss leaves least, for each first type.
void show_greedy(const Problem& problem, std::span<const double> fleet,
                 const std::vector<std::size_t>& types, double count, WorstLoss& out) {
    for (const std::size_t first : types) {
        Fleet lost(fleet.size(), 0.0);
        lost[first] = std::min(count, fleet[first]);
        double rest = count - lost[first];
        while (rest > 0.0) {
            double least = unlimited;
            std::size_t next = types.front();
            for (const std::size_t d : types) {
                if (lost[d] > 0.0) continue;
                Fleet left(fleet.begin(), fleet.end());
                for (std::size_t e = 0; e < left.size(); ++e) left[e] -= lost[e];
                left[d] -= std::min(rest, fleet[d]);
                const double theta = best_throughput(problem, left).theta;
                if (theta >= least) continue;
                least = theta;
                next = d;
            }
            lost[next] = std::min(rest, fleet[next]);
            rest -= lost[next];
        }
        out.show(lost);
    }
}

}  // namespace

ShareLoss worst_share(const Problem& problem, std::span<const double> fleet,
                      const Throughput& whole, double share) {
    constexpr std::size_t most_types = 6;
    std::vector<std::size_t> types;
    double devices = 0.0;
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        devices += fleet[d];
        if (fleet[d] > 0.0) types.push_back(d);
    }
    const double count = std::min(devices, std::ceil(share * devices * (1.0 - rounding)));
    WorstLoss out(problem, fleet, whole);
    const bool all = types.size() <= most_types;
    if (count <= 0.0) {
        out.show(Fleet(fleet.size(), 0.0));
        out.worst.type = -1;
    } else if (all) {
        show_vertices(fleet, types, count, out);
    } else {
        show_greedy(problem, fleet, types, count, out);
    }
    const auto sized = [](const Task& task) { return !task.sizes.empty(); };
    out.worst.exact = all && std::ranges::none_of(problem.tasks, sized);
    return out.worst;
}

}  // namespace motley::fleet
