#include "motley/experiment/attack/attack.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "motley/experiment/attack/orders.hpp"
#include "motley/measure/giant_component.hpp"
#include "motley/partition/shared_topology.hpp"
#include "motley/topology/shared_statistics.hpp"

namespace motley::experiment {
namespace {

using job::AttackOrder;

constexpr double settled_to = 1e-12;
constexpr std::int64_t settle_limit = 20000;

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
             const AttackBoundary& boundary, const AttackStart& from)
        : target_(target),
          attack_(*target.job.attack),
          comm_(comm),
          boundary_(boundary),
          from_(from),
          spec_(rules_after(target.job)),
          agents_(target.topology.hosts()) {}

    AttackResult run() {
        Rest whole = left({});
        result_.agents = agents_;
        result_.before = whole.settle();
        note_incomes(*whole.system);
        if (target_.certified) measure_certified();
        take_singles(whole);
        for (const AttackOrder order : attack_.orders) {
            for (std::int64_t r = 0; r < attack_.curves(order); ++r) add_curve(order, r, whole);
        }
        if (!result_.interrupted) result_.summaries = summarise(result_.points, attack_);
        return std::move(result_);
    }

  private:
    /// What is left of the solved system.
    struct Rest {
        topology::LivingPart part;
        std::unique_ptr<Simulation> system;

        /// P once flows have settled with frozen allocations.
        double settle() { return system->settle(settled_to, settle_limit).productivity; }
    };

    /// What is left when `taken` (ascending) are taken.
    Rest left(const std::vector<AgentId>& taken) const {
        const bool gone = attack_.taken == job::Taken::agent;
        Rest rest{{target_.topology, gone ? taken : std::vector<AgentId>{}, attack_.senders}, {}};
        std::vector<std::int32_t> owners;
        for (AgentId id = 0; id < rest.part.agents(); ++id) {
            owners.push_back(target_.partition.owner(rest.part.in_whole(id)));
        }
        const auto partition = partition::Partition::from_owners(std::move(owners), comm_.size());
        const simulation::Survivors survivors = {
            [&](AgentId id) { return rest.part.in_whole(id); },
            [&](AgentId id) { return !std::ranges::binary_search(taken, id); }};
        auto graph = network::DistributedGraph<Real>::build(rest.part, partition, comm_,
                                                            network::storage_for(spec_));
        rest.system =
            std::make_unique<Simulation>(target_.solved, spec_, std::move(graph), survivors);
        return rest;
    }

    /// The ids in the whole of all that live and are not yet taken, first taken first.
    std::vector<AgentId> queue(AttackOrder order, std::int64_t replicate, const Rest& rest,
                               const std::vector<AgentId>& taken) const {
        std::vector<AgentId> ids;
        for (const AgentId id :
             attack_order(order, *rest.system, target_.job.seed, replicate, group(), comm_)) {
            const AgentId in_whole = rest.part.in_whole(id);
            if (!std::ranges::binary_search(taken, in_whole)) ids.push_back(in_whole);
        }
        return ids;
    }

    void add_curve(AttackOrder order, std::int64_t replicate, const Rest& whole) {
        std::vector<AgentId> taken;  // ascending
        std::vector<AgentId> next = queue(order, replicate, whole, taken);
        auto first = next.begin();
        for (std::int64_t j = 1; j <= attack_.points && !result_.interrupted; ++j) {
            const std::int64_t wanted =
                std::llround(static_cast<double>(j) * static_cast<double>(agents_) /
                             static_cast<double>(attack_.points));
            for (; std::ssize(taken) < wanted; ++first) taken.push_back(*first);
            std::ranges::sort(taken);
            const AttackPoint* known = at(from_.points, result_.points.size());
            AttackPoint point = known == nullptr ? AttackPoint{} : *known;
            point.order = order;
            point.replicate = replicate;
            point.taken = wanted;
            point.share = static_cast<double>(wanted) / static_cast<double>(agents_);
            const bool follows = attack_.recompute && !is_drawn(order);
            if (wanted < agents_ && (known == nullptr || follows)) {
                Rest rest = left(taken);
                const double settled = rest.settle();
                if (known == nullptr) measure(rest, settled, taken, point);
                if (follows) {
                    next = queue(order, replicate, rest, taken);
                    first = next.begin();
                }
                if (known == nullptr && attack_.adapt > 0) recover(*rest.system, point);
            } else if (known == nullptr && attack_.adapt > 0) {
                point.final = point.recovery = point.t90 = point.area = 0.0;
            }
            result_.points.push_back(point);
            if (known == nullptr) stop_if_asked();
        }
    }

    /// Element `i` of what an earlier start made; null where it made less.
    template <class Made>
    static const Made* at(const std::vector<Made>& made, std::size_t i) {
        return i < made.size() ? &made[i] : nullptr;
    }

    void stop_if_asked() {
        if (boundary_ && boundary_(result_)) result_.interrupted = true;
    }

    /// What is left at once.
    void measure(const Rest& rest, double settled, const std::vector<AgentId>& taken,
                 AttackPoint& point) const {
        point.settled = settled;
        point.resistance = point.settled / result_.before;
        point.bound = bound(taken);
        const auto& graph = rest.system->graph();
        // Relays that pass nothing on stand for those that are gone.
        const auto lives = [&](LocalId row) {
            return !graph.is_relay(row) || graph.has_outgoing(row);
        };
        point.giant = static_cast<double>(measure::giant_component(graph, lives, comm_)) /
                      static_cast<double>(agents_);
        if (attack_.spectral) set_spectrum(rest.part, point);
    }

    /// Flows settle like (lambda mu_2)^t.
    void set_spectrum(const topology::LivingPart& part, AttackPoint& point) const {
        point.mu2 = second_modulus_of(part);
        const double shrinks = spec_.openness * point.mu2;
        if (std::isnan(shrinks) || spec_.openness_rate > 0.0) return;
        point.settling = shrinks > 0.0 ? -1.0 / std::log(shrinks) : 0.0;
    }
    double second_modulus_of(const topology::LivingPart& part) const {
        const topology::Traits traits = part.traits();
        constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
        if (traits.pool || part.agents() != part.hosts()) return undefined;
        if (traits.complete) {
            return part.hosts() > 1 ? traits.survival / static_cast<double>(part.hosts() - 1) : 0.0;
        }
        return traits.survival * topology::second_modulus(part, partition::Ranks(comm_));
    }

    /// What comes back. Step t measures the state after t adaptations.
    void recover(Simulation& rest, AttackPoint& point) const {
        std::vector<double> course = {point.settled};
        rest.step(target_.job.solve.rate, nullptr);
        for (std::int64_t t = 1; t < attack_.adapt; ++t) {
            course.push_back(rest.measured_step(target_.job.solve.rate).productivity);
        }
        course.push_back(rest.measured_step(0.0).productivity);
        set_recovery(course, result_.before, point);
    }

    /// Theorem: at an optimum with gap g and gamma <= 1 the prices bound the problem without the
    /// production of a set, so that no adaptation reaches more than P (1 + g) less its income.
    double bound(const std::vector<AgentId>& taken) const {
        if (!target_.certified || attack_.taken != job::Taken::production) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        ExactSum sum;
        for (const AgentId id : taken) sum.add(incomes_[static_cast<std::size_t>(id)]);
        return (1.0 + target_.gap) - sum.value() / result_.before;
    }

    void note_incomes(const Simulation& whole) {
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
    }

    /// Takes drawn agents alone.
    void take_singles(const Rest& whole) {
        if (attack_.singles == 0) return;
        std::vector<AgentId> drawn = queue(AttackOrder::random, 0, whole, {});
        drawn.resize(
            static_cast<std::size_t>(std::min<std::int64_t>(attack_.singles, agents_ - 1)));
        for (const AgentId id : drawn) {
            if (const Single* known = at(from_.singles, result_.singles.size())) {
                result_.singles.push_back(*known);
                continue;
            }
            Single single;
            single.agent = id;
            single.income = incomes_[static_cast<std::size_t>(id)] / result_.before;
            single.loss = 1.0 - left({id}).settle() / result_.before;
            single.criticality = single.income > 0.0 ? single.loss / single.income
                                                     : std::numeric_limits<double>::quiet_NaN();
            result_.singles.push_back(single);
            stop_if_asked();
            if (result_.interrupted) return;
        }
    }

    void measure_certified() {
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
        return levels.empty() ? 1 : group_size(levels, agents_, attack_.level);
    }

    const AttackTarget<Real>& target_;
    const job::Attack& attack_;
    const mpi::Communicator& comm_;
    const AttackBoundary& boundary_;
    const AttackStart& from_;
    model::Spec spec_;
    AgentId agents_;
    AttackResult result_;
    std::vector<double> incomes_;  ///< of every agent
};

}  // namespace

template <class Real>
AttackResult attack(const AttackTarget<Real>& target, const mpi::Communicator& comm,
                    const AttackBoundary& boundary, const AttackStart& from) {
    return Attacker<Real>(target, comm, boundary, from).run();
}

template AttackResult attack(const AttackTarget<double>&, const mpi::Communicator&,
                             const AttackBoundary&, const AttackStart&);
template AttackResult attack(const AttackTarget<float>&, const mpi::Communicator&,
                             const AttackBoundary&, const AttackStart&);

}  // namespace motley::experiment
