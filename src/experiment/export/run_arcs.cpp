// The arcs of a run: those in run.h5, else those of the topology that its job describes.
#include <fmt/format.h>

#include "motley/core/error.hpp"
#include "motley/job/job.hpp"
#include "motley/topology/generator.hpp"
#include "motley/topology/graph_statistics.hpp"
#include "run_folder.hpp"

namespace motley::experiment {
namespace {

/// All pairs of a larger complete graph are no picture, and no table to read.
constexpr AgentId largest_complete = 5000;

report::GraphColumn weight_column() {
    return {"weight", "1", "relative routing weight", false, {}};
}

report::GraphColumn survival_column() {
    return {"survival", "1", "share that survives the transfer", false, {}};
}

void read_stored(const record::ResultFile& file, RunArcs& arcs) {
    const auto sources = file.read("topology/source").numbers;
    const auto targets = file.read("topology/target").numbers;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        arcs.ends.emplace_back(static_cast<std::int64_t>(sources[i]),
                               static_cast<std::int64_t>(targets[i]));
    }
    for (const char* name : {"weight", "survival", "value"}) {
        const std::string path = std::string("topology/") + name;
        if (!file.has(path)) continue;
        record::ResultVariable variable = file.read(path);
        arcs.columns.push_back(
            {variable.name, variable.unit, variable.long_name, false, std::move(variable.numbers)});
    }
}

void make_again(const topology::Topology& topology, RunArcs& arcs) {
    const topology::Traits traits = topology.traits();
    if (traits.pool) {
        throw usage_error("a pool has no arcs: every agent gets the same share of what all make");
    }
    if (traits.complete && topology.agents() > largest_complete) {
        throw usage_error(fmt::format(
            "every pair of the {} agents of a complete graph is an arc; they are written for up "
            "to {} agents",
            topology.agents(), largest_complete));
    }
    const topology::Csr rows = topology::gather_rows(topology);
    report::GraphColumn weight = weight_column(), survival = survival_column();
    weight.numbers = rows.weights;
    weight.numbers.resize(rows.targets.size(), 1.0);
    survival.numbers = rows.survivals;
    survival.numbers.resize(rows.targets.size(), traits.survival);
    for (AgentId source = 0; source < rows.agents; ++source) {
        const auto row = static_cast<std::size_t>(source);
        for (std::int64_t i = rows.offsets[row]; i < rows.offsets[row + 1]; ++i) {
            arcs.ends.emplace_back(source, rows.targets[static_cast<std::size_t>(i)]);
        }
    }
    arcs.columns = {std::move(weight), std::move(survival)};
}

}  // namespace

RunArcs arcs_of(const RunFolder& run) {
    RunArcs arcs;
    if (run.file().has("topology/source")) read_stored(run.file(), arcs);
    const auto vertices = std::ssize(run.names());
    job::Job job;
    try {
        job = job::parse(run.file().attribute("job"), run.path(), {});
    } catch (const Error&) {
        // Where the graph's file is gone the arcs that are stored do; files give no places anyway.
        if (!arcs.ends.empty()) return arcs;
        throw;
    }
    arcs.places = topology::places(job.run.topology, vertices);
    if (!arcs.ends.empty()) return arcs;
    const auto topology = topology::make(job.run.topology);
    if (topology->agents() != vertices) {
        throw input_error(fmt::format("the graph of the job has {} vertices now, and the run had "
                                      "{}: its file has changed; run the job again",
                                      topology->agents(), vertices),
                          {run.path()});
    }
    make_again(*topology, arcs);
    return arcs;
}

}  // namespace motley::experiment
