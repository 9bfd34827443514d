// C1: Amdahl's and Gustafson's laws as power means of a machine's rates.
#include <fmt/format.h>

#include <cmath>

#include "results.hpp"

namespace motley::experiment {
namespace {

constexpr double tolerance = 1e-6;

struct Machine {
    double serial, cores;

    double amdahl() const { return 1.0 / (serial + (1.0 - serial) / cores); }
    double gustafson() const { return serial + (1.0 - serial) * cores; }
    /// The best division of its time: (sum_k D_k a_k^(sigma-1))^(1/(sigma-1)).
    double best(double elasticity) const {
        if (elasticity == 1.0) return std::pow(cores, 1.0 - serial);
        const double power = elasticity - 1.0;
        return std::pow(serial + (1.0 - serial) * std::pow(cores, power), 1.0 / power);
    }
    std::vector<std::string> keys(double elasticity) const {
        return {set_key("model.elasticity", elasticity),
                set_key("model.capability.weights", {1.0, cores}),
                set_key("model.demand.weights", {serial, 1.0 - serial})};
    }
    std::string name() const {
        return fmt::format("serial share {:g}, {:g} cores: ", serial, cores);
    }
};

const std::vector<Machine> machines = {{0.05, 16.0}, {0.1, 64.0}, {0.5, 4.0}};

void add_best_division(const ClassicJobs& jobs, ClassicResult& result) {
    for (const Machine& machine : machines) {
        for (const double elasticity : {0.05, 0.1, 1.0}) {
            const Solved solved = jobs.solve("c1-speed-up-laws", machine.keys(elasticity));
            result.add(
                fmt::format("{}best division of time, elasticity {:g}", machine.name(), elasticity),
                solved.productivity(), machine.best(elasticity), tolerance);
        }
    }
}

void draw(const ClassicJobs& jobs, ClassicResult& result) {
    report::Chart& figure = result.figure;
    figure.title = "Speed-up laws are power means";
    figure.caption = "A twentieth of the work is serial; every point is a run.";
    figure.x = {"cores", "", report::Scale::logarithmic};
    figure.y = {"speed-up", "", report::Scale::logarithmic};
    for (const double elasticity : {0.05, 0.5, 1.0, 2.0}) {
        report::ChartSeries line{fmt::format("best division, elasticity {:g}", elasticity), {}};
        for (double cores = 1.0; cores <= 256.0; cores *= 2.0) {
            const Machine machine{0.05, cores};
            const Solved solved = jobs.solve("c1-speed-up-laws", machine.keys(elasticity));
            line.points.push_back({cores, solved.productivity()});
        }
        figure.series.push_back(std::move(line));
    }
}

void measure_speed_up(const ClassicJobs& jobs, ClassicResult& result) {
    add_best_division(jobs, result);
    draw(jobs, result);
}

}  // namespace

const Classic speed_up_laws = {
    .id = "C1",
    .field = "computing",
    .title = "Speed-up laws are power means",
    .source = "Amdahl 1967; Gustafson 1988; Hill and Marty 2008",
    .job = "c1-speed-up-laws",
    .says =
        "A machine has a serial and a parallel kind of work. A machine that divides its time as "
        "it is best makes (sum D a^(sigma-1))^(1/(sigma-1)), which comes near Amdahl's speed-up "
        "as elasticity goes to 0.",
    .not_reproduced =
        "latency: as a pool of unequal machines (1 large, 192 small) a stream of jobs reaches 200, "
        "more than any of these laws, because different jobs overlap.",
    .measure = measure_speed_up,
};

}  // namespace motley::experiment
