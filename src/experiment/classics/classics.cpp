#include "motley/experiment/classics/classics.hpp"

#include <algorithm>
#include <cmath>

#include "motley/core/clock.hpp"
#include "results.hpp"

namespace motley::experiment {
namespace {

const Classic* const table[] = {
    &comparative_advantage,
    &gravity,
    &division_of_labour,  // economics
    &exclusion,
    &biodiversity,
    &dispersal,  // ecology
    &tuning,
    &sparse_codes,
    &distance_rule,  // neuroscience
    &speed_up_laws,
    &placement,
    &diffusion,  // computing
};

}  // namespace

bool Finding::holds() const {
    if (!std::isfinite(measured) || !std::isfinite(reference)) return false;
    switch (relation) {
        case Relation::equal:
            return std::abs(measured - reference) <= tolerance;
        case Relation::at_most:
            return measured <= reference + tolerance;
        case Relation::at_least:
            return measured >= reference - tolerance;
    }
    return false;
}

bool ClassicResult::holds() const {
    return !findings.empty() && std::ranges::all_of(findings, &Finding::holds);
}

void ClassicResult::add(std::string quantity, double measured, double reference, double tolerance,
                        Relation relation) {
    findings.push_back({std::move(quantity), measured, reference, tolerance, relation});
}

std::span<const Classic* const> classics() {
    return table;
}

std::vector<const Classic*> classics_of(const std::string& field) {
    std::vector<const Classic*> chosen;
    for (const Classic* classic : table) {
        if (field.empty() || field == classic->field) chosen.push_back(classic);
    }
    return chosen;
}

ClassicResult measure(const Classic& classic, const mpi::Communicator& comm) {
    const auto start = Clock::now();
    const ClassicJobs jobs(comm);
    ClassicResult result;
    result.classic = &classic;
    result.figure.title = classic.title;
    classic.measure(jobs, result);
    result.seconds = comm.max(seconds_since(start));
    return result;
}

}  // namespace motley::experiment
