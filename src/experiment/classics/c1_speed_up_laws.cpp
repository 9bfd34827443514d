// C1: Amdahl's and Gustafson's laws as power means of a machine's rates.
#include <fmt/format.h>

#include <cmath>

#include "results.hpp"

namespace motley::experiment {
namespace {

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
                solved.productivity(), machine.best(elasticity), solved_tolerance);
        }
    }
}

/// Time divided as the work is, for good.
std::vector<std::string> fixed(std::vector<std::string> set) {
    for (const char* key : {"solve.mode=\"dynamics\"", "solve.steps=3", "model.adapt=false",
                            "model.allocation=\"demand\""}) {
        set.emplace_back(key);
    }
    return set;
}

void add_laws(const ClassicJobs& jobs, ClassicResult& result) {
    for (const Machine& machine : machines) {
        const auto speed_up = [&](double elasticity) {
            return jobs.solve("c1-speed-up-laws", fixed(machine.keys(elasticity))).productivity();
        };
        result.add(machine.name() + "Amdahl (elasticity 1/2)", speed_up(0.5), machine.amdahl(),
                   1e-12 * machine.cores);
        result.add(machine.name() + "Gustafson (perfect substitutes)", speed_up(INFINITY),
                   machine.gustafson(), 1e-12 * machine.cores);
    }
}

/// Hill and Marty (Computer 41, 2008): of 256 base cores r make one that is sqrt(r) times as fast.
struct Chip {
    const char* name;
    double r;       ///< at which its speed-up is greatest
    double serial;  ///< rate of serial work
    double parallel;
    double best;  ///< the greatest speed-up
};

void add_chips(const ClassicJobs& jobs, ClassicResult& result) {
    constexpr double cores = 256.0, parallel_share = 0.975;
    const auto speed_up = [&](double serial, double parallel) {
        return jobs
            .solve("c1-speed-up-laws",
                   fixed({"model.elasticity=0.5",
                          set_key("model.capability.weights", {serial, parallel}),
                          set_key("model.demand.weights", {1.0 - parallel_share, parallel_share})}))
            .productivity();
    };
    const double symmetric = 6.564102381029037, asymmetric = 66.00357255163401;
    const std::vector<Chip> chips = {
        {"symmetric", symmetric, std::sqrt(symmetric), cores / std::sqrt(symmetric),
         51.24100921762786},
        {"asymmetric", asymmetric, std::sqrt(asymmetric),
         std::sqrt(asymmetric) + cores - asymmetric, 125.02427344631904},
        {"dynamic", cores, std::sqrt(cores), cores, 186.1818181818182},
    };
    for (const Chip& chip : chips) {
        result.add(fmt::format("Hill and Marty, f 0.975, n 256, {}, r {:.4g}", chip.name, chip.r),
                   speed_up(chip.serial, chip.parallel), chip.best, solved_tolerance);
    }
}

/// A way to divide the time of a machine, by the number of its cores.
struct Line {
    const char* name;
    double elasticity;
    bool fixed;  ///< as the work is, not as it is best
};

void draw_speed_ups(const ClassicJobs& jobs, ClassicResult& result) {
    report::Chart& figure = result.figure;
    figure.title = "Speed-up laws are power means";
    figure.caption = "A twentieth of the work is serial; every point is a run.";
    figure.x = {"cores", "", report::Scale::logarithmic};
    figure.y = {"speed-up", "", report::Scale::logarithmic};
    for (const Line& line : {Line{"Gustafson: time as the work, elasticity inf", INFINITY, true},
                             Line{"best division, elasticity 1", 1.0, false},
                             Line{"best division, elasticity 0.05", 0.05, false},
                             Line{"Amdahl: time as the work, elasticity 1/2", 0.5, true}}) {
        report::ChartSeries series{line.name, {}};
        for (double cores = 1.0; cores <= 256.0; cores *= 2.0) {
            const auto keys = Machine{0.05, cores}.keys(line.elasticity);
            const Solved solved = jobs.solve("c1-speed-up-laws", line.fixed ? fixed(keys) : keys);
            series.points.push_back({cores, solved.productivity()});
        }
        figure.series.push_back(std::move(series));
    }
}

void measure_speed_up(const ClassicJobs& jobs, ClassicResult& result) {
    add_laws(jobs, result);
    add_best_division(jobs, result);
    add_chips(jobs, result);
    draw_speed_ups(jobs, result);
}

}  // namespace

const Classic speed_up_laws = {
    .id = "C1",
    .field = "computing",
    .title = "Speed-up laws are power means",
    .source = "Amdahl 1967; Gustafson 1988; Hill and Marty 2008",
    .job = "c1-speed-up-laws",
    .says =
        "A machine has a serial and a parallel kind of work. With its time divided as the work "
        "is, productivity at elasticity 1/2 is Amdahl's speed-up, with perfect substitutes "
        "Gustafson's. A machine that divides its time as it is best makes (sum D "
        "a^(sigma-1))^(1/(sigma-1)), which comes near Amdahl's as elasticity goes to 0.",
    .not_reproduced =
        "latency: as a pool of unequal machines (1 large, 192 small) a stream of jobs reaches 200, "
        "more than any of these laws, because different jobs overlap.",
    .measure = measure_speed_up,
};

}  // namespace motley::experiment
