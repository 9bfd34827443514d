// What work costs on the simulated processor. Against a real MPI nothing is charged.
#pragma once

namespace motley::scale {

struct WorkCosts {
    double agent_ns = 0.0;  ///< a step of an agent
    double arc_ns = 0.0;    ///< of an arc into it
    double byte_ns = 0.0;   ///< a byte that is copied into or out of a message
};

/// The costs that hold from now on, for all ranks of a process.
WorkCosts& costs();

/// Simulated seconds that a rank has computed so far.
double charged_seconds(int rank);

}  // namespace motley::scale
