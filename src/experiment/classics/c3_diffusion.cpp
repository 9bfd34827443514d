// C3: load balancing by diffusion converges by the second eigenvalue of its network.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "results.hpp"

namespace motley::experiment {
namespace {

constexpr std::size_t compared_steps = 20;

/// Distance of the loads from their mean, step by step.
std::vector<double> errors(const ClassicJobs& jobs, const std::vector<std::string>& set) {
    std::vector<double> distances;
    const Watch watch{1, [&](std::int64_t, const Solved& now) {
                          double sum = 0.0;
                          for (const double load : now.resource) sum += (load - 1.0) * (load - 1.0);
                          distances.push_back(std::sqrt(sum));
                      }};
    jobs.solve("c3-diffusion", set, watch);
    return distances;
}

/// The factor per step over the last 20 errors above 1e-9.
double factor(const std::vector<double>& distances) {
    std::size_t last = 0;
    while (last + 1 < distances.size() && distances[last + 1] > 1e-9) ++last;
    if (last < compared_steps) return distances.back() < 1e-9 ? 0.0 : std::nan("");
    return std::pow(distances[last] / distances[last - compared_steps], 1.0 / compared_steps);
}

struct Network {
    const char* name;
    const char* topology;
    const char* load;
    double migration;
    double second;  ///< the eigenvalue of its routing that is closest to 1, but 1
    double last;    ///< the least one
    int steps;

    /// Cybenko (Journal of Parallel and Distributed Computing 7, 1989): max |1 - d (1 - mu)|.
    double theory() const {
        return std::max(std::abs(1.0 - migration * (1.0 - second)),
                        std::abs(1.0 - migration * (1.0 - last)));
    }
};

void add_load(const ClassicJobs& jobs, ClassicResult& result) {
    using std::numbers::pi;
    const double turn32 = std::cos(2.0 * pi / 32.0), turn16 = std::cos(2.0 * pi / 16.0);
    const std::vector<Network> networks = {
        {"hypercube of 256, d = 8/9", "{generator = \"hypercube\", agents = 256}", "c3-load.csv",
         8.0 / 9.0, 0.75, -1.0, 150},
        {"hypercube of 256, d = 1/2", "{generator = \"hypercube\", agents = 256}", "c3-load.csv",
         0.5, 0.75, -1.0, 250},
        {"torus of 16 x 16, d = 1/2", "{generator = \"torus\", shape = [16, 16]}", "c3-load.csv",
         0.5, (1.0 + turn16) / 2.0, -1.0, 1500},
        {"ring of 32, d = 1/2", "{generator = \"ring\", agents = 32, degree = 2}", "c3-load-32.csv",
         0.5, turn32, -1.0, 3000},
        {"complete graph of 32, d = 31/32", "{generator = \"complete\", agents = 32}",
         "c3-load-32.csv", 31.0 / 32.0, -1.0 / 31.0, -1.0 / 31.0, 30},
    };
    for (const Network& network : networks) {
        const std::vector<double> distances =
            errors(jobs, {std::string("topology=") + network.topology,
                          fmt::format("model.resource.file=\"{}\"", network.load),
                          set_key("model.migration", network.migration),
                          fmt::format("solve.steps={}", network.steps)});
        result.add(fmt::format("{}: factor of the error per step", network.name), factor(distances),
                   network.theory(), solved_tolerance);
        report::ChartSeries line{network.name, {}};
        for (std::size_t t = 0; t < distances.size() && t <= 100; ++t) {
            if (distances[t] > 1e-10) line.points.push_back({static_cast<double>(t), distances[t]});
        }
        result.figure.series.push_back(std::move(line));
    }
}

/// Flows settle likewise: mode m of a ring by openness x cos(2 pi m / N).
void add_flows(const ClassicJobs& jobs, ClassicResult& result) {
    constexpr double openness = 0.9;
    constexpr std::size_t agents = 32, mode = 3;
    std::vector<double> amplitudes;
    double before = 0.0;
    const auto amplitude = [&](const Solved& now) {
        double sum = 0.0;
        for (std::size_t i = 0; i < agents; ++i) {
            const double angle = 2.0 * std::numbers::pi * static_cast<double>(mode * i) / agents;
            sum += std::cos(angle) * now.consumption[i];
        }
        return sum;
    };
    const Watch watch{1, [&](std::int64_t step, const Solved& now) {
                          if (step == 0) return;
                          const double here = amplitude(now);
                          if (step > 1) amplitudes.push_back(here - before);
                          before = here;
                      }};
    jobs.solve("c3-diffusion",
               {"topology={generator = \"ring\", agents = 32, degree = 2}",
                "model.resource.file=\"c3-load-32.csv\"", "model.migration=0",
                set_key("model.openness", openness), "model.elasticity=2.0", "solve.steps=40"},
               watch);
    const double settles = std::pow(amplitudes[35] / amplitudes[15], 1.0 / 20.0);
    result.add("flows on a ring of 32, openness 0.9, mode 3: factor per step", settles,
               openness * std::cos(2.0 * std::numbers::pi * mode / agents), solved_tolerance);
}

void measure_diffusion(const ClassicJobs& jobs, ClassicResult& result) {
    result.figure.title = "Load balancing by diffusion";
    result.figure.caption = "All load starts at one device.";
    result.figure.x = {"step"};
    result.figure.y = {"distance from even load", "", report::Scale::logarithmic};
    add_load(jobs, result);
    add_flows(jobs, result);
}

}  // namespace

const Classic diffusion = {
    .id = "C3",
    .field = "computing",
    .title = "Diffusive load balancing",
    .source = "Cybenko 1989",
    .job = "c3-diffusion",
    .says =
        "Devices send a share d of their load to their neighbours in each step. The distance "
        "from even load falls by max |1 - d (1 - mu)| per step, mu the eigenvalues of the "
        "routing but the first: 7/9 on a hypercube of 256 with d = 8/9, one step on a complete "
        "graph. Flows settle likewise.",
    .not_reproduced = "load is divisible, and every device moves it in the same step.",
    .measure = measure_diffusion,
};

}  // namespace motley::experiment
