// Made-up runs whose every number follows from a formula.
#include "record/support.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "motley/core/random.hpp"

namespace motley::test {

using record::AgentVariable;
using record::RunFile;
using record::SeriesColumn;

std::vector<AgentId> owned_ids(const mpi::Communicator& comm, AgentId agents, Ownership kind) {
    std::vector<AgentId> ids;
    const AgentId ranks = comm.size();
    const AgentId rank = comm.rank();
    const Permutation shuffle(static_cast<std::uint64_t>(std::max<AgentId>(agents, 1)), 5,
                              Stream::test, 1);
    for (AgentId i = 0; i < agents; ++i) {
        AgentId owner = i * ranks / agents;
        AgentId id = i;
        if (kind == Ownership::cyclic) owner = i % ranks;
        if (kind == Ownership::last_rank) owner = ranks - 1;
        if (kind == Ownership::shuffled) {
            id = static_cast<AgentId>(shuffle(static_cast<std::uint64_t>(i)));
        }
        if (owner == rank) ids.push_back(id);
    }
    if (kind == Ownership::cyclic) std::reverse(ids.begin(), ids.end());
    return ids;
}

double made_up(std::int64_t variable, AgentId agent, std::int64_t task) {
    return std::sin(static_cast<double>(1 + variable * 31 + agent * 7 + task)) +
           static_cast<double>(agent);
}

AgentVariable made_up_variable(const std::string& name, std::int64_t number, std::int64_t width,
                               const std::vector<AgentId>& owned) {
    AgentVariable variable;
    variable.name = name;
    variable.unit = "work";
    variable.long_name = "made-up " + name;
    variable.width = width;
    variable.fill = [number, width, &owned](std::int64_t first, std::int64_t count, double* out) {
        for (std::int64_t row = first; row < first + count; ++row) {
            for (std::int64_t k = 0; k < width; ++k) {
                *out++ = made_up(number, owned.at(static_cast<std::size_t>(row)), k);
            }
        }
    };
    return variable;
}

namespace {

void arcs_of(AgentId agent, AgentId agents, std::vector<RunFile::ArcRow>& out) {
    const double weight = 1.0 + static_cast<double>(agent % 5);
    out.push_back({agent, (agent + 1) % agents, weight, 0.5});
    out.push_back({agent, (agent + agents / 3) % agents, weight, 0.25});
    if (agent % 10 == 0) out.push_back({0, agent, weight, 1.0});  // a hub
}

}  // namespace

std::vector<RunFile::ArcRow> made_up_arcs(const mpi::Communicator& comm, AgentId agents) {
    std::vector<RunFile::ArcRow> arcs;
    for (const AgentId agent : owned_ids(comm, agents, Ownership::shuffled)) {
        arcs_of(agent, agents, arcs);
    }
    return arcs;
}

std::vector<RunFile::ArcRow> sorted_arcs(AgentId agents) {
    std::vector<RunFile::ArcRow> arcs;
    for (AgentId agent = 0; agent < agents; ++agent) arcs_of(agent, agents, arcs);
    std::sort(arcs.begin(), arcs.end(), [](const auto& a, const auto& b) {
        return std::tie(a.source, a.target, a.weight, a.survival) <
               std::tie(b.source, b.target, b.weight, b.survival);
    });
    return arcs;
}

std::vector<SeriesColumn> made_up_series(std::int64_t rows) {
    std::vector<SeriesColumn> columns{{"productivity", "work/step", "consumption of all", {}},
                                      {"step", "1", "number of the step", {}},
                                      {"gap", "1", "relative gap", {}}};
    for (std::int64_t row = 0; row < rows; ++row) {
        columns[0].values.push_back(made_up(50, row, 0));
        columns[1].values.push_back(static_cast<double>(10 * row));
        columns[2].values.push_back(1.0 / static_cast<double>(row + 3));
    }
    return columns;
}

void write_run(const mpi::Communicator& comm, const std::string& path, const RunPlan& plan) {
    const auto owned = owned_ids(comm, plan.agents, plan.ownership);
    RunFile file(comm, path, plan.agents, plan.tasks, owned, {plan.compression, plan.slab_bytes});
    file.write_attributes(
        {{"version", "0.0.0"}, {"job", std::string(100000, 'j')}, {"note", "\u00e5"}});
    if (plan.names) {
        std::vector<std::string> names;
        for (AgentId i = 0; i < plan.agents; ++i) names.push_back("agent-" + std::to_string(i * i));
        file.write_names(names);
    }
    file.write_series(made_up_series(plan.steps));
    std::vector<AgentVariable> variables{made_up_variable("allocation", 1, plan.tasks, owned),
                                         made_up_variable("utility", 2, 1, owned),
                                         made_up_variable("value", 3, plan.tasks, owned)};
    for (auto& variable : variables) variable.single = plan.single;
    file.write_agents("snapshots/step_0", {variables[0]});
    file.write_agents("snapshots/step_20", {variables[0], variables[1]});
    file.write_agents("final", variables);
    file.write_topology(made_up_arcs(comm, plan.agents));
    file.commit();
}

Content read_dataset(const std::string& file, const std::string& dataset) {
    Content content;
    const hid_t opened = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t data = H5Dopen2(opened, dataset.c_str(), H5P_DEFAULT);
    EXPECT_GE(data, 0) << dataset;
    if (data < 0) return content;
    const hid_t space = H5Dget_space(data);
    content.extent.resize(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, content.extent.data(), nullptr);
    content.values.resize(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    EXPECT_GE(
        H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, content.values.data()), 0);
    const hid_t creation = H5Dget_create_plist(data);
    content.compressed = H5Pget_nfilters(creation) > 0;
    const hid_t type = H5Dget_type(data);
    content.element_size = H5Tget_size(type);
    H5Tclose(type);
    H5Pclose(creation);
    H5Sclose(space);
    H5Dclose(data);
    H5Fclose(opened);
    return content;
}

}  // namespace motley::test
