#include "share_rows.hpp"

#include <utility>

namespace motley::fleet {

void add_shares(programme::Programme& programme, const Problem& problem,
                std::vector<programme::Row> capacity, std::optional<int> served) {
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        programme::Row row{.low = served ? 0.0 : 1.0, .name = problem.tasks[k].name};
        if (served) row.terms.push_back({*served, -1.0});
        for (std::size_t d = 0; d < problem.types(); ++d) {
            if (problem.rate(d, k) <= 0.0) continue;
            const int share = programme.add(programme::ProgrammeVariable{});
            row.terms.push_back({share, 1.0});
            capacity[d].terms.push_back({share, problem.tasks[k].demand / problem.rate(d, k)});
        }
        programme.add(std::move(row));
    }
    for (auto& row : capacity) programme.add(std::move(row));
}

}  // namespace motley::fleet
