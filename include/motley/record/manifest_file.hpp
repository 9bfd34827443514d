// The file `manifest` in a folder of many runs: which of them an earlier start finished. Its first
// line tells the job, and each other line is a run as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace motley::record {

/// Not collective.
class ManifestFile {
  public:
    /// `job`: a hash of all on which the runs depend. No file is touched.
    ManifestFile(std::string folder, std::string job, std::int64_t runs)
        : path_(std::move(folder) + "/manifest"), job_(std::move(job)), runs_(runs) {}

    /// A usage error where the folder has a manifest of another job, or a file that is none.
    void check_owner() const;
    /// The lines of runs; empty where there is no file.
    std::vector<std::string> lines() const;
    /// Replaces the file. `lines` end in '\n'.
    void write(const std::string& lines) const;

  private:
    std::string path_;
    std::string job_;
    std::int64_t runs_;
};

/// How many runs the manifest of a folder lists, and how many a whole job has; zeros where there is
/// none. Not collective.
struct ManifestCount {
    std::int64_t ended = 0, all = 0;
};
ManifestCount count_manifest(const std::string& folder);

}  // namespace motley::record
