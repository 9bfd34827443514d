// Classical results as plain text for the terminal.
#include <fmt/format.h>

#include <algorithm>

#include "output.hpp"

namespace motley::cli {
namespace {

/// Exit code where a result does not come out.
constexpr int not_reproduced = 1;

std::size_t number_held(const std::vector<experiment::ClassicResult>& results) {
    return static_cast<std::size_t>(std::ranges::count_if(
        results, [](const experiment::ClassicResult& result) { return result.holds(); }));
}

}  // namespace

std::string summary(const experiment::ClassicResult& result) {
    const experiment::Classic& classic = *result.classic;
    std::string text = fmt::format("{} {} ({})\n", classic.id, classic.title, classic.source);
    std::vector<std::vector<std::string>> rows = {
        {classic.field, "measured", "reference", "tolerance", "verdict"}};
    for (const auto& finding : result.findings) {
        rows.push_back({finding.quantity, experiment::number_text(finding.measured),
                        experiment::reference_text(finding), fmt::format("{:g}", finding.tolerance),
                        finding.holds() ? "holds" : "FAILS"});
    }
    text += table(rows);
    text += fmt::format("not reproduced: {}\n", classic.not_reproduced);
    text += fmt::format("job: jobs/classics/{}.toml; {:.1f} s\n\n", classic.job, result.seconds);
    return text;
}

std::string closing_line(const std::vector<experiment::ClassicResult>& results) {
    std::string failed;
    for (const auto& result : results) {
        if (result.holds()) continue;
        failed += failed.empty() ? "; these are not: " : ", ";
        failed += result.classic->id;
    }
    return fmt::format("{} of {} classical results are reproduced{}\n", number_held(results),
                       results.size(), failed);
}

int exit_code(const std::vector<experiment::ClassicResult>& results) {
    return number_held(results) == results.size() ? 0 : not_reproduced;
}

}  // namespace motley::cli
