// N1: the share of a budget that a stimulus gets follows its probability.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results.hpp"
#include "theory.hpp"

namespace motley::experiment {
namespace {

const std::vector<double> prior = {0.4, 0.3, 0.2, 0.1};

struct Tuning {
    const char* name;
    double elasticity, returns;
    /// First-order condition of an isolated agent with a = 1 and D ~ p^sigma.
    double exponent() const { return elasticity / (elasticity * (1.0 - returns) + returns); }
};

const std::vector<Tuning> tunings = {
    {"infomax", 1.0, 1.0},
    {"infomax, returns 1/2", 1.0, 0.5},
    {"squared error ~ 1 / x (square root)", 0.5, 1.0},
    {"squared error ~ 1 / x^2 (cube root)", 0.5, 2.0},
    {"squared error ~ x^(-1/2) (power 2/3)", 0.5, 0.5},
    {"substitutes", 2.0, 0.5},
};

std::vector<double> power_of_prior(double exponent) {
    std::vector<double> shares;
    double sum = 0.0;
    for (const double p : prior) sum += std::pow(p, exponent);
    for (const double p : prior) shares.push_back(std::pow(p, exponent) / sum);
    return shares;
}

/// Slope of ln x on ln p.
double slope(const std::vector<double>& shares) {
    double mean_p = 0.0, mean_x = 0.0, over = 0.0, under = 0.0;
    const auto count = static_cast<double>(prior.size());
    for (std::size_t k = 0; k < prior.size(); ++k) {
        mean_p += std::log(prior[k]) / count;
        mean_x += std::log(shares[k]) / count;
    }
    for (std::size_t k = 0; k < prior.size(); ++k) {
        over += (std::log(prior[k]) - mean_p) * (std::log(shares[k]) - mean_x);
        under += (std::log(prior[k]) - mean_p) * (std::log(prior[k]) - mean_p);
    }
    return over / under;
}

/// A population that learns: how its neurons are shared out among the stimuli.
void add_population(const ClassicJobs& jobs, ClassicResult& result) {
    const Solved population = jobs.solve("n1-population");
    std::vector<double> counts(prior.size(), 0.0);
    for (std::size_t i = 0; i < population.agents; ++i) counts[main_task(population, i)] += 1.0;
    double variation = 0.0;
    for (std::size_t k = 0; k < prior.size(); ++k) {
        const double share = counts[k] / static_cast<double>(population.agents);
        variation += std::abs(share - prior[k]) / 2.0;
        result.add(fmt::format("100 neurons that learn: at stimulus {}", k + 1), counts[k],
                   100.0 * prior[k], 10.0);
    }
    result.add("100 neurons that learn: total variation from the prior", variation, 0.1, 0.0,
               Relation::at_most);
    result.add("100 neurons that learn: heterogeneity by firing, nats",
               population.solution.measures.heterogeneity_value, entropy(prior), 1e-6);
}

void measure_tuning(const ClassicJobs& jobs, ClassicResult& result) {
    result.figure.title = "Tuning follows the prior";
    result.figure.caption = "Lines: the power law of the theory. Points: the model.";
    result.figure.x = {"probability of the stimulus", "", report::Scale::logarithmic};
    result.figure.y = {"share of the budget", "", report::Scale::logarithmic};
    for (const Tuning& each : tunings) {
        const Solved neuron = jobs.solve(
            "n1-tuning",
            {set_key("model.elasticity", each.elasticity), set_key("model.returns", each.returns),
             set_key("model.demand.weights", power_of_prior(each.elasticity))});
        const std::vector<double> theory = power_of_prior(each.exponent());
        double error = 0.0;
        report::ChartSeries line{each.name, {}, report::Look::line_and_points};
        for (std::size_t k = 0; k < prior.size(); ++k) {
            error = std::max(error, std::abs(neuron.allocation[k] - theory[k]));
            line.points.push_back({prior[k], neuron.allocation[k]});
        }
        result.add(fmt::format("{}: exponent of the prior", each.name), slope(neuron.allocation),
                   each.exponent(), 1e-7);
        result.add(fmt::format("{}: largest error of a share", each.name), error, 1e-8, 0.0,
                   Relation::at_most);
        result.figure.series.push_back(std::move(line));
    }
    add_population(jobs, result);
}

}  // namespace

const Classic tuning = {
    .id = "N1",
    .field = "neuroscience",
    .title = "Tuning follows the prior",
    .source = "Ganguli and Simoncelli 2014",
    .job = "n1-tuning",
    .says =
        "A neuron divides its budget over stimuli of unequal probability p. The best share goes "
        "with p^e, e = sigma / (sigma (1 - gamma) + gamma): p itself where information is "
        "maximised, its square root or cube root where a squared error is minimised.",
    .not_reproduced =
        "density and gain of tuning curves are one thing here, noise is not correlated, and "
        "nothing "
        "is negative, so that excitation and inhibition cannot balance.",
    .measure = measure_tuning,
};

}  // namespace motley::experiment
