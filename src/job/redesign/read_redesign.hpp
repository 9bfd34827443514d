// kind = "redesign": reads the keys and the table of rates, and makes a problem of them.
#pragma once

#include "job/findings.hpp"
#include "job/key_table.hpp"
#include "motley/job/job.hpp"

namespace motley::job {

/// Reads a whole redesign and its table of rates. Throws a usage error with all findings in the
/// job, or an input error of the table. `root` is the job file, in which paths are resolved.
Redesign read_redesign(Value& root, Findings& findings);

/// Keys of [fabric] and of [workflow.NAME].
const KeyTable& fabric_table();
const KeyTable& workflow_table();

/// Checks that flows go to classes of the demand, and that every topology is complete, is connected
/// and has a host for each device of its fleet. Gives the seed of the job to the topologies.
void check_networks(Redesign& redesign, const Value& root, const std::vector<std::string>& tasks,
                    Findings& findings);

/// Checks names and order of the steps of workflows, and times of units.
void check_workflows(const Redesign& redesign, const Value& root, Findings& findings);
/// Writes latencies and workflows to `redesign.problem`; needs its tasks and devices.
void add_workflows(Redesign& redesign);
/// Checks, after all rates were read, that a condition on a latency has all times that it needs.
void check_latencies(const Redesign& redesign, const Value& root, Findings& findings);

/// Checks nodes, groups and prices, and adds what looks wrong to `redesign.suspicions`.
void check_numbers(Redesign& redesign, const Value& root, Findings& findings);
/// After all rates were read: adds rates above what the device can reach, and those that were
/// measured under unlike conditions.
void suspect_rates(Redesign& redesign);
void suspect_conditions(Redesign& redesign);
/// Checks, after all rates were read, that the demand needs a number of devices that exists.
void check_sizes(const Redesign& redesign, const Value& root, Findings& findings);
/// Memory in GB that a group needs: as it is given, or weights and caches of the requests in
/// flight.
double memory_of(const TaskClass& task);
/// What to do where a class does not fit in the memory of any device; empty where it does.
std::string memory_advice(const Redesign& redesign, const std::string& task);

/// Checks that the keys of a pipeline fit together; no file is read.
void check_pipelines(const Redesign& redesign, const Value& root, Findings& findings);
/// Reads the stages of every design to `redesign.pipelines`. Throws an input error of a file.
void read_pipelines(Redesign& redesign, const Value& root, Findings& findings);
/// The devices of a design: as given, or one for each of its stages.
fleet::Fleet fleet_of(const Redesign& redesign, std::size_t design);
/// The rate of a device type in a pipeline without a network: rate times layers held over layers,
/// the mean over the stages of a design, of the design in which it is largest. Every unit passes
/// all layers, so that no pipeline of these stages does more.
double fluid_rate(const Redesign& redesign, std::size_t type);

/// Writes the rates of the table, of the job and of rooflines to `redesign.problem`.
void add_rates(Redesign& redesign);

}  // namespace motley::job
