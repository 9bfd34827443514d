#include "motley/redesign/programme/programme.hpp"

#include <algorithm>

namespace motley::programme {

int Programme::add(ProgrammeVariable variable) {
    variables.push_back(std::move(variable));
    return static_cast<int>(variables.size()) - 1;
}

int Programme::add(Row row) {
    rows.push_back(std::move(row));
    return static_cast<int>(rows.size()) - 1;
}

bool Programme::has_integers() const {
    return std::ranges::any_of(variables, &ProgrammeVariable::integer);
}

const char* name_of(SolverStatus status) {
    switch (status) {
        case SolverStatus::optimal:
            return "optimal";
        case SolverStatus::infeasible:
            return "infeasible";
        case SolverStatus::unbounded:
            return "unbounded";
        case SolverStatus::time_limit:
            return "time limit: not proved";
        case SolverStatus::failed:
            return "failed";
    }
    return "failed";
}

}  // namespace motley::programme
