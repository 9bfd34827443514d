// The phases of a study, in the order in which `redesign` runs them (docs/redesign.md).
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "fleet_traffic.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "motley/record/tables.hpp"
#include "motley/redesign/fleet/queue.hpp"
#include "motley/redesign/study/study.hpp"

namespace motley::redesign {

/// The options of a search for fleets, from the section [search].
fleet::SearchOptions options_of(const job::Redesign& job);
/// Whether throughput beyond the demand counts: it is worthless where the objective is cost.
fleet::Surplus surplus_of(const job::Redesign& job);
/// The useful part of theta: theta, or at most 1 where a surplus is worthless.
double served_of(const job::Redesign& job, double theta);

/// Takes a line that says how far the study is.
using Progress = std::function<void(const std::string&)>;

/// Not collective: makes the designs and all results that follow from the nominal numbers.
void judge(const job::Redesign& job, RedesignResult& result, const Progress& progress);
/// Adds the searched fleet, or the best fleet of one type, bought for the least multiple of the
/// demand at which it meets the conditions of a proposal. Usage error where no fleet can be had.
void add_search(const job::Redesign& job, RedesignResult& result, const Progress& progress);
void add_homogeneous(const job::Redesign& job, RedesignResult& result, const Progress& progress);
/// Adds the results that follow from the fleet of a design and the nominal numbers.
void complete(const job::Redesign& job, DesignResult& design);
/// Judges one design on this rank alone: its nominal results, its share of scenarios and its
/// conditions.
void judge_alone(const job::Redesign& job, DesignResult& design);
/// Adds what the fabric of a design carries, on this rank alone; `spec` is null where the design is
/// not one of the job. Failures are tried only where a condition asks for them.
void add_network_alone(const job::Redesign& job, const job::DesignSpec* spec, DesignResult& design);
/// Adds how long requests wait at the load that the demand makes; needs the network.
void add_waits(const job::Redesign& job, DesignResult& design);
/// Adds how long the requests of workflows take and what they cost; needs the waits.
void add_requests(const job::Redesign& job, DesignResult& design);
/// Adds which times of units are not known, so that the time of a request is not known either.
void note_latencies(const job::Redesign& job, RedesignResult& result);
/// What the job says of a class; the defaults where it has no section.
job::TaskClass class_of(const job::Redesign& job, std::size_t task);
/// The queue before the places of a class at the load that the demand makes.
fleet::Queue queue_of(const job::Redesign& job, const DesignResult& design, std::size_t task);
/// The share of the scenarios in which a design serves the demand; nothing where no number is
/// uncertain. At most 10,000 scenarios are drawn; where that is not all of them, it is a lower
/// bound of three standard errors.
std::optional<double> chance_alone(const job::Redesign& job, const DesignResult& design);
/// The conditions of a proposal, and which of them the design meets.
std::vector<Condition> conditions_of(const job::Redesign& job, const DesignResult& design);
/// Collective: adds what the fabrics carry. Returns on every rank, for each design, the largest
/// theta that its fabric carries; infinite where it has none.
std::vector<double> add_network(const job::Redesign& job, const mpi::Communicator& comm,
                                RedesignResult& result);
/// Not collective: adds how much devices, nodes and racks differ in the allocation of each design.
void add_specialisation(const job::Redesign& job, RedesignResult& result);
/// Not collective: the same for one design whose devices have been placed by a search.
void specialise(const job::Redesign& job, const job::DesignSpec& spec,
                const std::vector<Seat>& seats, DesignResult& design);
/// Collective: adds the intervals over the scenarios, and the verdict. `limits` are those that
/// `add_network` returns; `result.designs` is complete on rank 0.
void add_intervals(const job::Redesign& job, const mpi::Communicator& comm,
                   const std::vector<double>& limits, RedesignResult& result);
/// Collective: adds the prices and demands at which the comparison turns; `limits` are those that
/// `add_network` returns. With `most` only the last parameters, for trials.
void add_flips(const job::Redesign& job, const mpi::Communicator& comm,
               const std::vector<double>& limits, RedesignResult& result,
               std::size_t most = std::numeric_limits<std::size_t>::max());
/// Collective: adds what devices as agents reach of the optimum.
void add_dynamics(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result);
/// Collective: adds the price ranges of the searched fleet.
void add_ranges(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result);
/// Collective: adds the Pareto front.
void add_front(const job::Redesign& job, const mpi::Communicator& comm, RedesignResult& result);
/// Not collective: adds which conditions of a proposal each design meets.
void add_conditions(const job::Redesign& job, RedesignResult& result);
/// Not collective: adds whether to change, and to what: the best of the designs that meet all
/// conditions. It needs their advantages and conditions.
void add_verdict(const job::Redesign& job, RedesignResult& result);
/// The design that proposals are compared with.
std::size_t index_of_baseline(const job::Redesign& job, const RedesignResult& result);

std::string redesign_json(const job::Redesign& job, const RedesignResult& result);
std::vector<record::Table> redesign_tables(const job::Redesign& job, const RedesignResult& result);
std::string redesign_html(const job::Redesign& job, const RedesignResult& result,
                          const record::Provenance& provenance);

}  // namespace motley::redesign
