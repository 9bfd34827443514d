// N2: at constant returns a pool needs few pairs of an agent and a task.
#include <fmt/format.h>

#include <algorithm>

#include "results.hpp"
#include "theory.hpp"

namespace motley::experiment {
namespace {

constexpr double neurons = 40.0, stimuli = 6.0;

struct Code {
    double pairs = 0.0;        ///< of a neuron and a stimulus that are used
    double generalists = 0.0;  ///< neurons with more than one stimulus
    double sparseness = 0.0;   ///< Treves and Rolls: (mean x)^2 / mean x^2, mean over neurons
    double gap = 0.0;
};

Code code_of(const Solved& population) {
    Code code;
    code.gap = population.solution.measures.gap;
    for (std::size_t i = 0; i < population.agents; ++i) {
        const std::size_t done = tasks_done(population, i);
        code.pairs += static_cast<double>(done);
        code.generalists += done > 1 ? 1.0 : 0.0;
        double squares = 0.0;
        for (std::size_t k = 0; k < population.tasks; ++k) {
            const double share = population.allocation[population.at(i, k)];
            squares += share * share;
        }
        const auto tasks = static_cast<double>(population.tasks);
        code.sparseness += 1.0 / (tasks * squares) / static_cast<double>(population.agents);
    }
    return code;
}

Code solve_code(const ClassicJobs& jobs, double elasticity, int seed,
                const std::vector<std::string>& more = {}) {
    std::vector<std::string> set = {set_key("model.elasticity", elasticity),
                                    fmt::format("seed={}", seed)};
    set.insert(set.end(), more.begin(), more.end());
    return code_of(jobs.solve("n2-sparse-codes", set));
}

void measure_codes(const ClassicJobs& jobs, ClassicResult& result) {
    result.figure.kind = report::ChartKind::scatter;
    result.figure.title = "Sparse codes: used pairs of a neuron and a stimulus";
    result.figure.caption =
        "Six draws of gains for each elasticity. The line is the bound N + K - 1 = 45; 40 neurons "
        "with a single stimulus each have 40 pairs.";
    result.figure.x = {"elasticity", "", report::Scale::logarithmic};
    result.figure.y = {"used pairs"};
    result.figure.references = {{neurons + stimuli - 1.0, "bound N + K - 1"}};
    report::ChartSeries points{"a draw", {}};
    for (const double elasticity : {0.3, 0.5, 1.0, 3.0}) {
        Code most;
        for (int seed = 1; seed <= 6; ++seed) {
            const Code code = solve_code(jobs, elasticity, seed);
            most.pairs = std::max(most.pairs, code.pairs);
            most.generalists = std::max(most.generalists, code.generalists);
            most.sparseness = std::max(most.sparseness, code.sparseness);
            most.gap = std::max(most.gap, code.gap);
            points.points.push_back({elasticity, code.pairs});
        }
        const std::string which = fmt::format("elasticity {:g}, 6 draws: ", elasticity);
        result.add(which + "most used pairs", most.pairs, neurons + stimuli - 1.0, 0.0,
                   Relation::at_most);
        result.add(which + "most neurons with several stimuli", most.generalists, stimuli - 1.0,
                   0.0, Relation::at_most);
        result.add(which + "largest gap to the optimum", most.gap, 1e-11, 0.0, Relation::at_most);
        // A neuron with one stimulus has 1/K; K - 1 others may have up to 1.
        result.add(which + "largest Treves-Rolls sparseness", most.sparseness,
                   (1.0 + (stimuli - 1.0) / neurons * (stimuli - 1.0)) / stimuli, 0.0,
                   Relation::at_most);
    }
    result.figure.series = {std::move(points)};
    // Off the pool the theorem ends: few exchange with each other.
    for (const char* where : {"{generator = \"ring\", agents = 40, degree = 2}",
                              "{generator = \"isolated\", agents = 40}"}) {
        const bool ring = std::string(where).find("ring") != std::string::npos;
        const Code code =
            solve_code(jobs, 0.5, 1,
                       {std::string("topology=") + where, "model.openness=0.9", "solve.gap=1e-7"});
        result.add(ring ? "ring of degree 2, openness 0.9: neurons with several stimuli"
                        : "isolated: neurons with several stimuli",
                   code.generalists, ring ? stimuli : neurons, 0.0, Relation::at_least);
    }
}

}  // namespace

const Classic sparse_codes = {
    .id = "N2",
    .field = "neuroscience",
    .title = "Sparse codes",
    .source =
        "basic solutions of linear programmes: Dantzig 1951; sparseness: Treves and Rolls 1991",
    .job = "n2-sparse-codes",
    .says =
        "At constant returns a pool of N neurons and K stimuli has an optimum with at most "
        "N + K - 1 used pairs, because they form a forest; so at most K - 1 neurons answer more "
        "than one stimulus. The same theorem says that at most K - 1 countries are diversified.",
    .not_reproduced =
        "the theorem is one of pools: on a ring, where neurons exchange with few others, most "
        "answer "
        "several stimuli, and isolated ones all.",
    .measure = measure_codes,
};

}  // namespace motley::experiment
