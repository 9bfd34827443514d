// What a study takes, before it is run: its phases are tried on a few of their units of work.
#pragma once

#include <string>
#include <vector>

#include "motley/job/redesign.hpp"

namespace motley::redesign {

/// A phase of a study on the ranks of the plan.
struct PlannedPhase {
    std::string name;
    std::string work;      ///< "10000 scenarios of 3 designs"
    double seconds = 0.0;  ///< at most, by what its parts took here
};

struct StudyPlan {
    std::vector<PlannedPhase> phases;
    double memory = 0.0;  ///< bytes of a rank: the most that this process has had

    double seconds() const;
};

/// Not collective. Runs the search as it is, and of failures, scenarios, flips and fleets of the
/// front a few, from which it concludes. Usage error where no fleet meets demand and budget.
StudyPlan plan_study(const job::Redesign& job, int ranks);

}  // namespace motley::redesign
