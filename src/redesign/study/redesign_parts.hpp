// The parts of a redesign, in the order in which they are made.
#pragma once

#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "motley/record/tables.hpp"
#include "motley/redesign/study/redesign.hpp"

namespace motley::redesign {

fleet::SearchOptions options_of(const job::Redesign& job);
/// True where a fleet that does more than the demand is worth no more.
bool is_capped(const job::Redesign& job);

/// Not collective: every design with what follows from its nominal numbers.
void judge(const job::Redesign& job, RedesignResult& result);
/// Collective: what the fabrics of the designs carry. Returns on every rank, for each design, the
/// largest share of the demand that its fabric lets through; infinite where there is none.
std::vector<double> add_network(const job::Redesign& job, const mpi::Communicator& comm,
                                RedesignResult& result);
/// Not collective: how far the allocation of each design tells devices, nodes and racks apart.
void add_specialisation(const job::Redesign& job, RedesignResult& result);
/// Collective: intervals over the scenarios, with the `limits` of the network. `result.designs` is
/// complete on rank 0.
void add_intervals(const job::Redesign& job, const mpi::Communicator& comm,
                   const std::vector<double>& limits, RedesignResult& result);
/// Collective: root's fleets on every rank.
std::vector<fleet::Fleet> shared_fleets(const mpi::Communicator& comm, const RedesignResult& result,
                                        std::size_t types);
/// Collective: what devices as agents reach of the optimum.
void add_dynamics(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result);
/// Collective: price ranges of the searched fleet.
void add_ranges(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result);
/// Collective: the Pareto front.
void add_front(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result);
/// Not collective: whether to change. Needs the prices to serve in every scenario, designs x
/// scenarios, as they are left by `add_intervals`.
void add_verdict(const job::Redesign& job, RedesignResult& result);

std::string redesign_json(const job::Redesign& job, const RedesignResult& result);
std::vector<record::Table> redesign_tables(const job::Redesign& job, const RedesignResult& result);
std::string redesign_html(const job::Redesign& job, const RedesignResult& result,
                          const record::Provenance& provenance);

}  // namespace motley::redesign
