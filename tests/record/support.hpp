// What the tests of run files share: scratch folders seen by all ranks, made-up runs, read-back.
#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>

#include <string>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "support/scratch.hpp"

namespace motley::test {

enum class Ownership { block, cyclic, shuffled, last_rank };

/// Global ids of this rank's rows, in an order that is not always ascending.
std::vector<AgentId> owned_ids(const mpi::Communicator& comm, AgentId agents, Ownership kind);

/// The number that a made-up variable has for an agent and a task: distinct, not round.
double made_up(std::int64_t variable, AgentId agent, std::int64_t task);

/// A variable of made-up numbers for the rows `owned`.
record::AgentVariable made_up_variable(const std::string& name, std::int64_t number,
                                       std::int64_t width, const std::vector<AgentId>& owned);

/// This rank's share of the arcs of a made-up graph (a ring with chords), in no order.
std::vector<record::RunFile::ArcRow> made_up_arcs(const mpi::Communicator& comm, AgentId agents);
/// All arcs in the order in which they must be stored.
std::vector<record::RunFile::ArcRow> sorted_arcs(AgentId agents);

std::vector<record::SeriesColumn> made_up_series(std::int64_t rows);

/// A whole made-up run: attributes, names, series, final, two snapshots, topology.
struct RunPlan {
    AgentId agents = 97;
    std::int64_t tasks = 3;
    Ownership ownership = Ownership::block;
    int compression = 0;
    bool single = false;
    std::int64_t steps = 11;
    bool names = true;
    std::int64_t slab_bytes = std::int64_t{16} << 20;
};
/// Collective.
void write_run(const mpi::Communicator& comm, const std::string& path, const RunPlan& plan);

/// Whole dataset converted to doubles, with its extent; read by this process alone.
struct Content {
    std::vector<hsize_t> extent;
    std::vector<double> values;
    bool compressed = false;
    std::size_t element_size = 0;
};
Content read_dataset(const std::string& file, const std::string& dataset);

}  // namespace motley::test
