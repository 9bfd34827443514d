// How long requests wait before they are served, at the load that the demand makes.
#include <algorithm>
#include <cmath>

#include "motley/redesign/fleet/queue.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// The places at which requests of a class are served at the same time: those of the groups of
/// devices that the allocation gives to the class.
std::int64_t places_of(const job::Redesign& job, const DesignResult& design,
                       const job::TaskClass& spec, std::size_t task) {
    double devices = 0.0;
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        devices += design.throughput.allocated(d, task, job.problem.classes());
    }
    const double groups = devices / static_cast<double>(std::max<std::int64_t>(1, spec.group));
    const double whole = std::max(1.0, std::floor(groups + 1e-9));
    return static_cast<std::int64_t>(whole * std::max(1.0, std::floor(spec.batch)));
}

/// One pool of all places that serves every class: its service time is the mixture of theirs.
fleet::Queue pooled(const std::vector<fleet::Queue>& queues) {
    fleet::Queue pool{.servers = 0};
    double first = 0.0, second = 0.0;  // moments of the service time, times all arrivals
    for (const fleet::Queue& each : queues) {
        const double mean = 1.0 / each.rate;
        pool.servers += each.servers;
        pool.arrivals += each.arrivals;
        first += each.arrivals * mean;
        second += each.arrivals * mean * mean * (1.0 + each.cv_service * each.cv_service);
    }
    first /= pool.arrivals;
    second /= pool.arrivals;
    pool.rate = 1.0 / first;
    pool.cv_service = std::sqrt(std::max(0.0, second / (first * first) - 1.0));
    return pool;
}

}  // namespace

job::TaskClass class_of(const job::Redesign& job, std::size_t task) {
    const auto found =
        std::ranges::find(job.tasks, job.problem.tasks[task].name, &job::TaskClass::name);
    return found == job.tasks.end() ? job::TaskClass{} : *found;
}

fleet::Queue queue_of(const job::Redesign& job, const DesignResult& design, std::size_t task) {
    const job::TaskClass spec = class_of(job, task);
    fleet::Queue queue;
    queue.servers = places_of(job, design, spec, task);
    queue.arrivals = job.problem.tasks[task].demand * job.base_units[task] / spec.units_per_request;
    queue.rate = design.theta() * queue.arrivals / static_cast<double>(queue.servers);
    queue.cv_service = spec.service_cv;
    return queue;
}

void add_waits(const job::Redesign& job, DesignResult& design) {
    design.waits.clear();
    if (!(design.theta() > 0.0) || design.network.pipeline) return;
    std::vector<fleet::Queue> queues;
    for (std::size_t k = 0; k < job.problem.classes(); ++k) {
        queues.push_back(queue_of(job, design, k));
        const fleet::Wait wait = fleet::wait(queues.back());
        design.waits.push_back({queues.back().servers, queues.back().load(), wait.mean, wait.p95,
                                class_of(job, k).p95_wait});
    }
    design.pooled_wait = fleet::wait(pooled(queues)).p95;
}

}  // namespace motley::redesign
