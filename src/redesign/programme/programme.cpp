#include "motley/redesign/programme/programme.hpp"

#include <algorithm>

namespace motley::programme {

int Programme::add(Variable variable) {
    variables.push_back(std::move(variable));
    return static_cast<int>(variables.size()) - 1;
}

int Programme::add(Row row) {
    rows.push_back(std::move(row));
    return static_cast<int>(rows.size()) - 1;
}

bool Programme::has_integers() const {
    return std::ranges::any_of(variables, &Variable::integer);
}

const char* name_of(Status status) {
    switch (status) {
        case Status::optimal:
            return "optimal";
        case Status::infeasible:
            return "infeasible";
        case Status::unbounded:
            return "unbounded";
        case Status::time_limit:
            return "time limit: not proved";
        case Status::failed:
            return "failed";
    }
    return "failed";
}

}  // namespace motley::programme
