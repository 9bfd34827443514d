// The throughput of one fleet after many losses of devices.
#pragma once

#include <span>
#include <vector>

#include "allocation.hpp"
#include "motley/redesign/programme/programme.hpp"

namespace motley::fleet {

/// Solves for theta with fewer devices of the types of a fleet, each time from the last solution.
/// Only the options that matter are in the programme: those that were worth most in the whole
/// fleet, and those that a loss makes worth adding, which are looked for among all of them. The
/// problem has no limits beside classes and types (`Problem::has_limits`).
class LossSolver {
  public:
    /// `whole` is the optimum of the whole fleet, with a positive theta.
    LossSolver(const Problem& problem, std::span<const double> fleet, const Throughput& whole);

    /// theta where `left` of the devices of one type work, and all of the others.
    double theta(std::size_t type, double left);

  private:
    void choose_first(const Throughput& whole);
    programme::LinearSolver make_solver();
    bool add_better(const programme::ProgrammeSolution& solution);

    const Problem& problem_;
    std::span<const double> fleet_;
    double scale_;
    std::vector<Option> options_;
    std::vector<double> served_;  ///< per option: share of the demand by all devices of its type
    std::vector<bool> chosen_;    ///< per option: it is in the programme
    std::vector<int> type_rows_;  ///< D; -1: the type does nothing in this fleet
    programme::LinearSolver solver_;
};

}  // namespace motley::fleet
