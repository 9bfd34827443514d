// Findings are the faults of a job file. They are collected while it is read, sorted, and thrown as
// one error.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "job/value.hpp"
#include "motley/core/edit_distance.hpp"

namespace motley::job {

class Findings {
  public:
    /// `hint` returns the word that was probably meant, or nothing. It is called only for findings
    /// that are shown, because a file may hold any number of wrong keys.
    using Hint = std::function<std::string()>;

    void add(const Position& place, std::string what, Hint hint = {});

    bool empty() const { return findings_.empty(); }
    std::size_t size() const { return findings_.size(); }
    /// Throws a usage error with all distinct findings, one a line, in order of position.
    void throw_if_any();

  private:
    struct Finding {
        Position place;
        std::string what;
        Hint hint;
    };
    std::vector<Finding> findings_;
};

}  // namespace motley::job
