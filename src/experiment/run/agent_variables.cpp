#include "agent_variables.hpp"

#include <algorithm>

namespace motley::experiment {
namespace {

template <class Real>
constexpr bool single = std::is_same_v<Real, float>;

/// Rows of `stride` numbers in memory, of which the first `tasks` are stored.
template <class Real>
record::AgentVariable row_variable(const char* name, const char* unit, const char* long_name,
                                   const Buffer<Real>& rows, int stride, std::int64_t tasks) {
    const auto fill = [&rows, stride, tasks](std::int64_t first, std::int64_t count, double* out) {
        for (std::int64_t i = first; i < first + count; ++i) {
            out = std::copy_n(rows.data() + i * stride, tasks, out);
        }
    };
    return {name, unit, long_name, tasks, single<Real>, fill};
}

template <class Real>
record::AgentVariable resource_variable(const simulation::Simulation<Real>& simulation) {
    const auto fill = [&simulation](std::int64_t first, std::int64_t count, double* out) {
        for (std::int64_t i = first; i < first + count; ++i) {
            *out++ = simulation.state().resource_of(static_cast<std::size_t>(i));
        }
    };
    return {"resource", "effort", "effort per step R", 1, single<Real>, fill};
}

/// A variable that follows from the messages of the last step; `read(agent, out)` writes `width`
/// numbers of one agent.
template <class Real, class Read>
record::AgentVariable message_variable(const char* name, const char* unit, const char* long_name,
                                       std::int64_t width, Read read) {
    const auto fill = [read, width](std::int64_t first, std::int64_t count, double* out) {
        for (std::int64_t i = first; i < first + count; ++i, out += width) {
            read(static_cast<LocalId>(i), out);
        }
    };
    return {name, unit, long_name, width, single<Real>, fill};
}

}  // namespace

template <class Real>
record::AgentVariable allocation_variable(const simulation::Simulation<Real>& simulation) {
    const auto& state = simulation.state();
    return row_variable("allocation", "1", "share of the effort by task x", state.allocation,
                        state.width, state.tasks);
}

template <class Real>
record::AgentVariable capability_variable(const simulation::Simulation<Real>& simulation) {
    const auto& state = simulation.state();
    return row_variable("capability", "output per effort", "output per unit of effort a",
                        state.capability, state.width, state.tasks);
}

template <class Real>
std::vector<record::AgentVariable> final_variables(const simulation::Simulation<Real>& simulation) {
    const std::int64_t tasks = simulation.state().tasks;
    std::vector<record::AgentVariable> variables = {
        allocation_variable(simulation),
        capability_variable(simulation),
        resource_variable(simulation),
        message_variable<Real>(
            "consumption", "output", "consumption c", tasks,
            [&simulation](LocalId agent, double* out) { simulation.read_consumption(agent, out); }),
        message_variable<Real>(
            "value", "utility per output", "value of a unit of output q", tasks,
            [&simulation](LocalId agent, double* out) { simulation.read_values(agent, out); }),
        message_variable<Real>(
            "utility", "utility", "utility u", 1,
            [&simulation](LocalId agent, double* out) { *out = simulation.read_utility(agent); }),
        message_variable<Real>(
            "income", "utility", "income v, the worth of what the agent makes: sum of q y", 1,
            [&simulation](LocalId agent, double* out) { *out = simulation.read_income(agent); }),
        message_variable<Real>("expenditure", "utility",
                               "expenditure e, the worth of what the agent consumes: sum of p c", 1,
                               [&simulation](LocalId agent, double* out) {
                                   *out = simulation.read_expenditure(agent);
                               })};
    if (simulation.opens()) {
        variables.push_back(
            row_variable("openness", "1", "openness lambda", simulation.state().openness, 1, 1));
    }
    return variables;
}

record::AgentVariable rank_variable(int rank) {
    const double value = rank;
    const auto fill = [value](std::int64_t, std::int64_t count, double* out) {
        std::fill(out, out + count, value);
    };
    return {"rank", "1", "MPI rank that owned the agent", 1, false, fill};
}

#define MOTLEY_INSTANTIATE(Real)                                                                   \
    template record::AgentVariable allocation_variable<Real>(const simulation::Simulation<Real>&); \
    template record::AgentVariable capability_variable<Real>(const simulation::Simulation<Real>&); \
    template std::vector<record::AgentVariable> final_variables<Real>(                             \
        const simulation::Simulation<Real>&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::experiment
