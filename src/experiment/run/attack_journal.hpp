// What an unfinished attack has made, in a file of the run's folder, so that the next start goes
// on.
#pragma once

#include <string>

#include "motley/experiment/attack/attack.hpp"

namespace motley::experiment {

/// The file attacks.part. Not collective; rank 0 uses it.
class AttackJournal {
  public:
    /// `job`: hash of all that the points depend on.
    AttackJournal(const std::string& directory, std::string job);

    /// What earlier starts made; nothing where there is no file. An input error where it cannot be
    /// read, and a usage error where it belongs to another job.
    AttackStart read() const;
    void write(const AttackResult& so_far) const;
    void remove() const;

    static bool exists(const std::string& directory);

  private:
    std::string path_, job_;
};

}  // namespace motley::experiment
