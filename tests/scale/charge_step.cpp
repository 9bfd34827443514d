// On SMPI the linker puts these functions before the kernel of the step and before the packing of
// messages (--wrap): they do the same work, then the simulated processor is busy for the time that
// the options say. Overlap is that of the real code: the kernel runs in slices while messages
// travel. The real time of the work does not count (smpi/simulate-computation:no).
#include <mpi.h>

#include <map>

#include "charge.hpp"
#include "motley/model/step_rows.hpp"
#include "mpi/copy_units.hpp"

namespace motley::scale {
namespace {

std::map<int, double>& charged() {
    static std::map<int, double> seconds;
    return seconds;
}

void charge(double nanoseconds) {
    if (!(nanoseconds > 0.0)) return;
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    charged()[rank] += nanoseconds * 1e-9;
    smpi_execute_flops(nanoseconds);  // hosts compute 10^9 per second
}

}  // namespace

WorkCosts& costs() {
    static WorkCosts costs;
    return costs;
}

double charged_seconds(int rank) {
    return charged()[rank];
}

void charge_rows(const model::StepArguments<double>& arguments, LocalId begin, LocalId end) {
    const auto& offsets = arguments.graph->in().offsets;
    const auto arcs = static_cast<double>(offsets[end] - offsets[begin]);
    charge(costs().agent_ns * static_cast<double>(end - begin) + costs().arc_ns * arcs);
}

void charge_copy(std::size_t bytes) {
    charge(costs().byte_ns * static_cast<double>(bytes));
}

}  // namespace motley::scale

using Arguments = motley::model::StepArguments<double>;
using Units = std::span<const std::uint32_t>;

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the names that the linker gives them.
void __real__ZN6motley5model9step_rowsIdEEvRKNS0_13StepArgumentsIT_EEjj(const Arguments&,
                                                                        motley::LocalId,
                                                                        motley::LocalId);
void __wrap__ZN6motley5model9step_rowsIdEEvRKNS0_13StepArgumentsIT_EEjj(const Arguments& arguments,
                                                                        motley::LocalId begin,
                                                                        motley::LocalId end) {
    __real__ZN6motley5model9step_rowsIdEEvRKNS0_13StepArgumentsIT_EEjj(arguments, begin, end);
    motley::scale::charge_rows(arguments, begin, end);
}

std::byte* __real__ZN6motley3mpi12gather_unitsEPKSt4byteSt4spanIKjLm18446744073709551615EEmPS1_(
    const std::byte*, Units, std::size_t, std::byte*);
std::byte* __wrap__ZN6motley3mpi12gather_unitsEPKSt4byteSt4spanIKjLm18446744073709551615EEmPS1_(
    const std::byte* from, Units units, std::size_t unit_bytes, std::byte* to) {
    std::byte* const end =
        __real__ZN6motley3mpi12gather_unitsEPKSt4byteSt4spanIKjLm18446744073709551615EEmPS1_(
            from, units, unit_bytes, to);
    motley::scale::charge_copy(units.size() * unit_bytes);
    return end;
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"
