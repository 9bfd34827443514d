#include "motley/experiment/attack/attack.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "motley/measure/giant_component.hpp"
#include "orders.hpp"

namespace motley::experiment {
namespace {

using job::AttackOrder;

constexpr double settled_to = 1e-12;
constexpr std::int64_t settle_limit = 20000;

bool is_drawn(AttackOrder order) {
    return order == AttackOrder::random || order == AttackOrder::group;
}

/// The rules of the rest: capabilities learn only where the attack says so.
model::Spec rules_after(const job::Run& job) {
    model::Spec spec = job.model;
    if (!job.attack->learn) spec.learning_rate = 0.0;
    return spec;
}

template <class Real>
class Attacker {
  public:
    using Simulation = simulation::Simulation<Real>;

    Attacker(const AttackTarget<Real>& target, const mpi::Communicator& comm,
             const std::function<void(std::int64_t, std::int64_t)>& progress)
        : target_(target),
          attack_(*target.job.attack),
          comm_(comm),
          progress_(progress),
          spec_(rules_after(target.job)),
          agents_(target.topology.hosts()) {}

    AttackResult run() {
        for (const AttackOrder order : attack_.orders) {
            all_ += (is_drawn(order) ? attack_.replicates : 1) * attack_.points;
        }
        const auto whole = left({});
        result_.agents = agents_;
        result_.before = settled(*whole);
        measure_certified(*whole);
        for (const AttackOrder order : attack_.orders) {
            const std::int64_t replicates = is_drawn(order) ? attack_.replicates : 1;
            for (std::int64_t r = 0; r < replicates; ++r) add_curve(order, r, *whole);
        }
        result_.summaries = summarise(result_.points, attack_);
        return std::move(result_);
    }

  private:
    /// P once flows have settled with frozen allocations. Without a certificate no step knows how
    /// far flows are from settled; then steps go on until P stands still over as many as flows take
    /// to lose most of a difference.
    double settled(Simulation& system) {
        if (system.certificate()) return system.settle(settled_to, settle_limit).productivity;
        const double lag = 1.0 / std::max(1.0 - system.contraction(), 1e-3);
        const auto batch = static_cast<std::int64_t>(std::max(20.0, std::ceil(2.0 * lag)));
        double last = system.measured_step(0.0).productivity;
        for (std::int64_t steps = 1; steps < settle_limit; steps += batch) {
            for (std::int64_t i = 1; i < batch; ++i) system.step(0.0, nullptr);
            const double now = system.measured_step(0.0).productivity;
            if (std::abs(now - last) <= settled_to * now) return now;
            last = now;
        }
        return last;
    }

    /// What is left when `taken` (ascending) are taken.
    std::unique_ptr<Simulation> left(const std::vector<AgentId>& taken) {
        const bool gone = attack_.taken == job::Taken::agent;
        const topology::LivingPart part(target_.topology, gone ? taken : std::vector<AgentId>{},
                                        attack_.senders);
        std::vector<std::int32_t> owners;
        for (AgentId id = 0; id < part.agents(); ++id) {
            owners.push_back(target_.partition.owner(part.in_whole(id)));
        }
        const auto partition = partition::Partition::from_owners(std::move(owners), comm_.size());
        const simulation::Survivors survivors = {
            [&](AgentId id) { return part.in_whole(id); },
            [&](AgentId id) { return !std::ranges::binary_search(taken, id); }};
        return std::make_unique<Simulation>(
            target_.solved, spec_,
            network::DistributedGraph<Real>::build(part, partition, comm_,
                                                   network::storage_for(spec_)),
            survivors);
    }

    void add_curve(AttackOrder order, std::int64_t replicate, const Simulation& whole) {
        std::vector<AgentId> taken;  // in the order in which they were taken
        std::vector<AgentId> next =
            attack_order(order, whole, target_.job.seed, replicate, group(), comm_);
        std::size_t at = 0;
        for (std::int64_t j = 1; j <= attack_.points; ++j) {
            const auto wanted = static_cast<std::size_t>(
                std::llround(static_cast<double>(j) * static_cast<double>(agents_) /
                             static_cast<double>(attack_.points)));
            for (; taken.size() < wanted; ++at) taken.push_back(next[at]);
            std::vector<AgentId> sorted = taken;
            std::ranges::sort(sorted);
            AttackPoint point;
            point.order = order;
            point.replicate = replicate;
            point.taken = static_cast<std::int64_t>(taken.size());
            point.share = static_cast<double>(taken.size()) / static_cast<double>(agents_);
            if (point.taken < agents_) {
                next = measure(sorted, point, std::move(next), at);
            } else {
                point.final = point.recovery = attack_.adapt > 0 ? 0.0 : point.final;
                point.t90 = point.area = attack_.adapt > 0 ? 0.0 : point.t90;
            }
            result_.points.push_back(point);
            progress_(++done_, all_);
        }
    }

    /// Measures the point; returns whom to take next, from `at` on.
    std::vector<AgentId> measure(const std::vector<AgentId>& taken, AttackPoint& point,
                                 std::vector<AgentId> next, std::size_t& at) {
        const auto rest = left(taken);
        const double before = result_.before;
        point.settled = settled(*rest);
        point.resistance = point.settled / before;
        point.giant = giant_of(*rest) / static_cast<double>(agents_);
        point.bound = bound(taken);
        if (attack_.recompute && !is_drawn(point.order)) {
            next = order_of_rest(point.order, *rest, taken);
            at = 0;
        }
        if (attack_.adapt > 0) recover(*rest, point);
        return next;
    }

    /// The ids in the whole of the living, in the order in which the rest would be taken.
    std::vector<AgentId> order_of_rest(AttackOrder order, const Simulation& rest,
                                       const std::vector<AgentId>& taken) {
        const bool gone = attack_.taken == job::Taken::agent;
        const topology::LivingPart part(target_.topology, gone ? taken : std::vector<AgentId>{},
                                        attack_.senders);
        std::vector<AgentId> ids;
        for (const AgentId id :
             attack_order(order, rest, target_.job.seed, std::int64_t{0}, group(), comm_)) {
            const AgentId in_whole = part.in_whole(id);
            if (!std::ranges::binary_search(taken, in_whole)) ids.push_back(in_whole);
        }
        return ids;
    }

    double giant_of(const Simulation& rest) {
        const auto& graph = rest.graph();
        return static_cast<double>(measure::giant_component(
            graph,
            [&](LocalId row) {
                // Relays that pass nothing on stand for those that are gone.
                return !graph.is_relay(row) || graph.has_outgoing(row);
            },
            comm_));
    }

    void recover(Simulation& rest, AttackPoint& point) {
        std::vector<double> course;
        for (std::int64_t t = 0; t < attack_.adapt; ++t) {
            course.push_back(rest.measured_step(target_.job.solve.rate).productivity);
        }
        course.push_back(rest.measured_step(0.0).productivity);
        // The step t measures the state after t adaptations, so that the first is P(0+).
        const double last = course.back(), before = result_.before;
        point.final = last / before;
        const double lost = before - point.settled;
        point.recovery = lost > 1e-12 * before ? (last - point.settled) / lost : 1.0;
        point.t90 = 0.0;
        if (last > point.settled) {
            const double wanted = point.settled + 0.9 * (last - point.settled);
            while (course[static_cast<std::size_t>(point.t90)] < wanted) point.t90 += 1.0;
        }
        point.area = 0.0;
        for (std::size_t t = 0; t + 1 < course.size(); ++t) {
            point.area += std::max(0.0, last - course[t]) / before;
        }
    }

    /// Theorem: at an optimum with gap g and gamma <= 1 the prices bound the problem without the
    /// production of a set, so that no adaptation reaches more than P (1 + g) less its income.
    double bound(const std::vector<AgentId>& taken) const {
        if (incomes_.empty() || attack_.taken != job::Taken::production) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        ExactSum sum;
        for (const AgentId id : taken) sum.add(incomes_[static_cast<std::size_t>(id)]);
        return (1.0 + target_.gap) - sum.value() / result_.before;
    }

    void measure_certified(const Simulation& whole) {
        if (!target_.certified) return;
        struct Income {
            AgentId id;
            double income;
        };
        std::vector<Income> own;
        for (LocalId row = 0; row < whole.graph().owned(); ++row) {
            if (whole.graph().is_relay(row)) continue;
            own.push_back({whole.graph().ids()[row], whole.read_income(row)});
        }
        incomes_.assign(static_cast<std::size_t>(agents_), 0.0);
        for (const Income& each : comm_.all_gather(own)) {
            incomes_[static_cast<std::size_t>(each.id)] = each.income;
        }
        const auto largest = [&](AgentId size) {
            double most = 0.0;
            for (AgentId first = 0; first < agents_; first += size) {
                ExactSum sum;
                for (AgentId id = first; id < std::min(first + size, agents_); ++id) {
                    sum.add(incomes_[static_cast<std::size_t>(id)]);
                }
                most = std::max(most, sum.value() / result_.before);
            }
            return most;
        };
        AgentId size = agents_;
        const auto& levels = target_.topology.levels();
        for (std::size_t l = 0; l + 1 < levels.size(); ++l) {
            size /= levels[l].groups;
            result_.certified.push_back({levels[l].name, largest(size)});
        }
        result_.certified.push_back({"agent", largest(1)});
    }

    /// Agents of a group of the attacked level; 1 where the order does not need it.
    AgentId group() const {
        const auto& levels = target_.topology.levels();
        AgentId size = agents_;
        for (std::size_t l = 0; l < levels.size() && l < static_cast<std::size_t>(attack_.level);
             ++l) {
            size /= levels[l].groups;
        }
        return levels.empty() ? 1 : size;
    }

    const AttackTarget<Real>& target_;
    const job::Attack& attack_;
    const mpi::Communicator& comm_;
    const std::function<void(std::int64_t, std::int64_t)>& progress_;
    model::Spec spec_;
    AgentId agents_;
    AttackResult result_;
    std::vector<double> incomes_;  ///< of every agent, where the system is a certified optimum
    std::int64_t done_ = 0, all_ = 0;
};

}  // namespace

template <class Real>
AttackResult attack(const AttackTarget<Real>& target, const mpi::Communicator& comm,
                    const std::function<void(std::int64_t, std::int64_t)>& progress) {
    return Attacker<Real>(target, comm, progress).run();
}

template AttackResult attack(const AttackTarget<double>&, const mpi::Communicator&,
                             const std::function<void(std::int64_t, std::int64_t)>&);
template AttackResult attack(const AttackTarget<float>&, const mpi::Communicator&,
                             const std::function<void(std::int64_t, std::int64_t)>&);

const char* name_of(job::AttackOrder order) {
    constexpr const char* names[] = {"random", "degree", "value", "type", "group"};
    return names[static_cast<std::size_t>(order)];
}

}  // namespace motley::experiment
