#include "motley/redesign/study/study_plan.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "motley/redesign/fleet/pareto.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double memory_so_far() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024.0;
}

/// The most failures of all parts of all fabrics that a run solves.
double failures_of(const job::Redesign& job, const RedesignResult& result) {
    double sum = 0.0;
    for (std::size_t i = 0; i < result.designs.size(); ++i) {
        const auto most = static_cast<double>(i < job.designs.size() ? job.designs[i].failures
                                                                     : job::DesignSpec{}.failures);
        for (const FabricLoss& loss : result.designs[i].network.losses) {
            sum += std::min(most, static_cast<double>(loss.possible));
        }
    }
    return sum;
}

class Planner {
  public:
    Planner(const job::Redesign& job, int ranks) : job_(job), ranks_(ranks) {}

    StudyPlan operator()() {
        try_search();
        try_network();
        try_scenarios();
        try_flips();
        add_front_of_fleets();
        plan_.memory = memory_so_far();
        return std::move(plan_);
    }

  private:
    /// Work of `count` units, of which one takes `each` seconds, shared over the ranks.
    double shared(double count, double each) const {
        return std::ceil(count / static_cast<double>(ranks_)) * each;
    }

    void try_search() {
        const double seconds = seconds_of([&] { judge(job_, result_, {}); });
        const std::string search = job_.search.given ? ", the search" : "";
        plan_.phases.push_back({"designs" + search,
                                fmt::format("{} designs on rank 0", result_.designs.size()),
                                seconds});
    }

    void try_network() {
        constexpr std::int64_t tried = 2;
        job::Redesign whole = job_, few = job_;
        for (auto& design : whole.designs) design.failures = 0;
        for (auto& design : few.designs) design.failures = tried;
        RedesignResult copy = result_;
        double without = 0.0, with = 0.0;
        without = seconds_of([&] { limits_ = add_network(whole, self_, copy); });
        const bool given = std::ranges::any_of(
            copy.designs, [](const DesignResult& design) { return design.network.given; });
        if (!given) return;
        copy = result_;
        with = seconds_of([&] { limits_ = add_network(few, self_, copy); });
        const double cases = failures_of(job_, copy), some = failures_of(few, copy);
        const double each = std::max(0.0, with - without) / std::max(1.0, some);
        result_ = std::move(copy);
        plan_.phases.push_back({"network",
                                fmt::format("at most {:.0f} failures of {} fabrics", cases,
                                            std::ranges::count_if(result_.designs,
                                                                  [](const DesignResult& design) {
                                                                      return design.network.given;
                                                                  })),
                                without + shared(cases, each)});
    }

    void try_scenarios() {
        constexpr std::int64_t few = 20, many = 220;
        job::Redesign small = job_;
        bool any = false;
        const auto trial = [&](std::int64_t count) {
            small.uncertainty.scenarios = count;
            RedesignResult copy = result_;
            const double seconds = seconds_of([&] { add_intervals(small, self_, limits_, copy); });
            any = copy.scenarios > 0;
            return seconds;
        };
        const double start = trial(few);
        if (!any) return;
        const double each = std::max(0.0, trial(many) - start) / static_cast<double>(many - few);
        const auto count = static_cast<double>(job_.uncertainty.scenarios);
        plan_.phases.push_back({"scenarios",
                                fmt::format("{:.0f} of {} designs", count, result_.designs.size()),
                                start + shared(count, each)});
    }

    void try_flips() {
        constexpr std::size_t few = 1;
        if (!job_.search.flips) return;
        RedesignResult copy = result_;
        const double start = seconds_of([&] { add_flips(job_, self_, limits_, copy, 0); });
        // The last parameters are demands, which take longest.
        const double each =
            std::max(0.0, seconds_of([&] { add_flips(job_, self_, limits_, copy, few); }) - start);
        const auto count = static_cast<double>(job_.problem.types() + job_.problem.classes());
        plan_.phases.push_back({"flips", fmt::format("{:.0f} prices and demands", count),
                                start + shared(count, each)});
    }

    void add_front_of_fleets() {
        if (job_.search.pareto == 0 || !job_.search.given) return;
        constexpr std::int64_t few = 50;
        const auto count = fleet::count_fleets(job_.problem, job_.limits);
        if (!count) {
            const auto steps = static_cast<double>(job_.search.pareto * 6);
            plan_.phases.push_back({"front", fmt::format("at most {:.0f} searches", steps),
                                    shared(steps, job_.search.seconds)});
            return;
        }
        const std::int64_t tried = std::min(few, *count);
        const double each =
            seconds_of([&] { fleet::measured_fleets(job_.problem, job_.limits, 0, tried); }) /
            static_cast<double>(std::max<std::int64_t>(1, tried));
        plan_.phases.push_back(
            {"front", fmt::format("{} fleets", *count), shared(static_cast<double>(*count), each)});
    }

    const job::Redesign& job_;
    int ranks_;
    mpi::Communicator self_ = mpi::Communicator::alone();
    RedesignResult result_;
    std::vector<double> limits_;
    StudyPlan plan_;
};

}  // namespace

double StudyPlan::seconds() const {
    double sum = 0.0;
    for (const PlannedPhase& phase : phases) sum += phase.seconds;
    return sum;
}

StudyPlan plan_study(const job::Redesign& job, int ranks) {
    return Planner(job, ranks)();
}

}  // namespace motley::redesign
