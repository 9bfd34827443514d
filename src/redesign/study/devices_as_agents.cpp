// The only file of a study that uses the simulator: every device is an agent that adapts, linked
// with every other, and tasks are demanded in fixed proportions. It finds the share of the optimum
// of the linear programme that the agents reach.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "fleet_messages.hpp"
#include "motley/core/exact_sum.hpp"
#include "motley/partition/partition.hpp"
#include "motley/simulation/solve.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// Type of every device, in the order of the types.
std::vector<std::size_t> types_of(const fleet::Fleet& fleet) {
    std::vector<std::size_t> types;
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        types.insert(types.end(), static_cast<std::size_t>(std::llround(fleet[d])), d);
    }
    return types;
}

/// Whether all devices are whole, each can do a class, and each class has a device.
bool is_market(const fleet::Problem& problem, const fleet::Fleet& fleet) {
    if (!(fleet::best_throughput(problem, fleet).theta > 0.0)) return false;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        if (fleet[d] != std::round(fleet[d])) return false;
        bool any = fleet[d] <= 0.0;
        for (std::size_t k = 0; k < problem.classes(); ++k) any |= problem.rate(d, k) > 0.0;
        if (!any) return false;
    }
    return true;
}

model::Spec model_of(const job::Redesign& job) {
    model::Spec model;
    model.tasks = static_cast<std::int64_t>(job.problem.classes());
    model.openness = job.dynamics.openness;
    model.elasticity = job.dynamics.elasticity;
    model.capability.kind = model::Distribution::Kind::file;
    return model;
}

/// The devices as agents. Capabilities a are in units of the demand, so that every task has the
/// same demand: served / demand is the sum of a x over the agents, with x their allocation.
class Market {
  public:
    Market(const job::Redesign& job, const fleet::Fleet& fleet, const mpi::Communicator& comm)
        : job_(job), comm_(comm), types_(types_of(fleet)), simulation_(make()) {}

    /// The theta of the allocation that the devices have reached.
    double theta() const {
        const auto& state = simulation_.state();
        const auto width = static_cast<std::size_t>(state.width);
        std::vector<ExactSum> served(job_.problem.classes());
        const auto& owned = simulation_.graph().ids();
        for (std::size_t row = 0; row < owned.size(); ++row) {
            const std::size_t type = types_[static_cast<std::size_t>(owned[row])];
            for (std::size_t k = 0; k < served.size(); ++k) {
                served[k].add(state.allocation[row * width + k] * capability(type, k));
            }
        }
        comm_.sum(served);
        double theta = fleet::unlimited;
        for (const ExactSum& sum : served) theta = std::min(theta, sum.value());
        return theta;
    }

    DynamicsResult run() {
        DynamicsResult out;
        out.devices = std::ssize(types_);
        simulation::SolveOptions solve;
        solve.gap = job_.dynamics.gap;
        solve.max_steps = job_.dynamics.steps;
        const model::Spec model = model_of(job_);
        const simulation::Solution solution =
            simulation::solve_optimum<double>(simulation_, model, solve, solve.max_steps,
                                              [](std::int64_t, const measure::Measures*, bool) {});
        const measure::Measures& measures = solution.measures;
        out.theta = theta();
        out.steps = solution.steps;
        out.heterogeneity = measures.heterogeneity_effort;
        out.bound = measures.task_entropy;
        out.messages = comm_.sum(simulation_.graph().arcs());
        return out;
    }

  private:
    double capability(std::size_t type, std::size_t task) const {
        return job_.problem.rate(type, task) / job_.problem.tasks[task].demand;
    }

    simulation::Simulation<double> make() {
        topology::Spec spec;
        spec.generator = "complete";
        spec.agents = std::ssize(types_);
        const auto topology = topology::make(spec);
        const auto partition = partition::Partition::block(topology->agents(), comm_.size());
        const auto tables = [this](const std::string&, std::int64_t, std::span<const AgentId> ids) {
            std::vector<double> rows;
            for (const AgentId id : ids) {
                for (std::size_t k = 0; k < job_.problem.classes(); ++k) {
                    rows.push_back(capability(types_[static_cast<std::size_t>(id)], k));
                }
            }
            return rows;
        };
        return simulation::Simulation<double>(
            model_of(job_), job_.seed,
            network::DistributedGraph<double>::build(*topology, partition, comm_), comm_, {},
            tables);
    }

    const job::Redesign& job_;
    const mpi::Communicator& comm_;
    std::vector<std::size_t> types_;
    simulation::Simulation<double> simulation_;
};

}  // namespace

void add_dynamics(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result) {
    if (job.dynamics.steps == 0 || !job.pipelines.empty()) return;
    const auto fleets = broadcast_fleets(comm, result, job.problem.types());
    for (std::size_t i = 0; i < fleets.size(); ++i) {
        const double devices = std::accumulate(fleets[i].begin(), fleets[i].end(), 0.0);
        if (devices < 2.0 || devices > static_cast<double>(job.dynamics.devices)) continue;
        if (!is_market(job.problem, fleets[i])) continue;
        const DynamicsResult found = Market(job, fleets[i], comm).run();
        if (!comm.root()) continue;
        DesignResult& design = result.designs[i];
        design.dynamics = found;
        design.gain.scheduling = found.theta / design.throughput.theta;
    }
}

}  // namespace motley::redesign
