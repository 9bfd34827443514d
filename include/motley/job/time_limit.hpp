// Time limits as users and SLURM write them.
#pragma once

#include <optional>
#include <string>

namespace motley::job {

/// The seconds in "90" or "0.5" (minutes), "12:30" (minutes and seconds), "1:00:00", "2-00" or
/// "2-00:00:00" (days and hours first), as in `sbatch --time`. Nothing where the text is none of
/// these.
std::optional<double> parse_time_limit(const std::string& text);

/// Seconds from now to the end of the SLURM job that this process belongs to; nothing outside
/// SLURM.
std::optional<double> slurm_time_left();

}  // namespace motley::job
