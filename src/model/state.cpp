// Initial rows: constants, draws keyed by agent and task, or rows of tables.
#include "motley/model/state.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "motley/core/random.hpp"

namespace motley::model {
namespace {

Stream group_stream(Stream stream) {
    return static_cast<Stream>(static_cast<std::uint32_t>(stream) + 1);
}

/// One row in double precision, before it is normalised and padded.
class RowSource {
  public:
    RowSource(const Distribution& distribution, const RowRequest& request)
        : distribution_(distribution), request_(request) {}

    double entry(std::size_t position, AgentId agent, std::int64_t task) const {
        const auto counter = static_cast<std::uint32_t>(task);
        switch (distribution_.kind) {
            case Distribution::Kind::constant:
                return distribution_.value;
            case Distribution::Kind::uniform:
                return 1.0;
            case Distribution::Kind::zipf:
                return std::pow(static_cast<double>(task + 1), -distribution_.exponent);
            case Distribution::Kind::weights:
                return distribution_.weights[static_cast<std::size_t>(task)];
            case Distribution::Kind::file:
                return request_.table[position * static_cast<std::size_t>(request_.tasks) +
                                      static_cast<std::size_t>(task)];
            case Distribution::Kind::dirichlet: {
                const bool grouped = distribution_.groups > 1;
                const Random random(request_.seed,
                                    grouped ? group_stream(request_.stream) : request_.stream,
                                    static_cast<std::uint64_t>(grouped ? group(agent) : agent));
                return random.gamma(distribution_.concentration, counter);
            }
            case Distribution::Kind::lognormal:
                return lognormal(agent, counter);
            case Distribution::Kind::skill:
                break;  // made row by row
        }
        return 0.0;
    }

    /// All entries of an agent.
    void fill(std::size_t position, AgentId agent, std::vector<double>& row) const {
        if (distribution_.kind == Distribution::Kind::skill) return fill_skills(agent, row);
        for (std::size_t k = 0; k < row.size(); ++k) {
            row[k] = entry(position, agent, static_cast<std::int64_t>(k));
        }
    }

  private:
    std::int64_t group(AgentId agent) const {
        return agent * distribution_.groups / request_.agents;
    }

    void fill_skills(AgentId agent, std::vector<double>& row) const {
        const Distribution& skill = distribution_;
        const double area = skill.area > 0.0 ? skill.area : static_cast<double>(row.size());
        std::ranges::fill(row, 0.0);
        if (skill.bumps.empty()) {
            add_bump(skill.space, centre(agent), skill.breadth, area, row);
            return;
        }
        double weights = 0.0;
        for (const Bump& bump : skill.bumps) weights += bump.weight;
        for (const Bump& bump : skill.bumps) {
            add_bump(skill.space, point(bump.centre), bump.breadth, area * bump.weight / weights,
                     row);
        }
    }

    static SkillPoint point(const std::vector<double>& centre) {
        return {centre[0], centre.size() > 1 ? centre[1] : 0.0};
    }

    SkillPoint centre(AgentId agent) const {
        const Distribution& skill = distribution_;
        switch (skill.centres) {
            case SkillSpace::Centres::same:
                return point(skill.centre);
            case SkillSpace::Centres::random: {
                const Random random(request_.seed, request_.stream,
                                    static_cast<std::uint64_t>(agent));
                const bool square = skill.space == SkillSpace::Shape::square;
                return {random.uniform(0), square ? random.uniform(1) : 0.0};
            }
            case SkillSpace::Centres::even:
                return even_centre(skill.space, agent, request_.agents);
            case SkillSpace::Centres::groups:
                break;
        }
        // The first agent of group g is ceil(g agents / groups).
        const auto first = [&](std::int64_t g) {
            return (g * request_.agents + distribution_.groups - 1) / distribution_.groups;
        };
        const std::int64_t own = group(agent);
        return even_centre(skill.space, agent - first(own), first(own + 1) - first(own));
    }

    double lognormal(AgentId agent, std::uint32_t counter) const {
        const Random own(request_.seed, request_.stream, static_cast<std::uint64_t>(agent));
        double exponent = distribution_.sigma * own.normal(counter);
        if (distribution_.group_sigma > 0.0) {
            const Random shared(request_.seed, group_stream(request_.stream),
                                static_cast<std::uint64_t>(group(agent)));
            exponent += distribution_.group_sigma * shared.normal(counter);
        }
        return std::exp(exponent);
    }

    const Distribution& distribution_;
    const RowRequest& request_;
};

}  // namespace

bool is_common(const Distribution& distribution) {
    switch (distribution.kind) {
        case Distribution::Kind::constant:
        case Distribution::Kind::uniform:
        case Distribution::Kind::zipf:
        case Distribution::Kind::weights:
            return true;
        case Distribution::Kind::skill:
            return !distribution.bumps.empty() || distribution.centres == SkillSpace::Centres::same;
        default:
            return false;
    }
}

template <class Real>
void fill_rows(const Distribution& distribution, const RowRequest& request, Real* out) {
    const RowSource source(distribution, request);
    std::vector<double> row(static_cast<std::size_t>(request.tasks));
    for (std::size_t i = 0; i < request.ids.size(); ++i) {
        const AgentId agent = request.ids[i];
        source.fill(i, agent, row);
        double total = 0.0;
        for (const double entry : row) total += entry;
        if (request.shares && !(total > 0.0)) {
            Error error = input_error("the demand of agent " + std::to_string(agent) +
                                          " sums to zero; every agent must need something",
                                      {distribution.file});
            error.set_agent(agent);
            throw error;
        }
        Real* to = out + i * static_cast<std::size_t>(request.width);
        for (int k = 0; k < request.width; ++k) {
            const double entry = k < request.tasks ? row[static_cast<std::size_t>(k)] : 0.0;
            to[k] = static_cast<Real>(request.shares ? entry / total : entry);
        }
    }
}

namespace {

[[noreturn]] void throw_of_agent(const AllocationRequest& request, AgentId agent,
                                 const std::string& what) {
    Error error = input_error("the initial allocation of agent " + std::to_string(agent) + what,
                              {request.file});
    error.set_agent(agent);
    throw error;
}

/// Weight of task k in the first allocation of the agent in `row`, before noise.
template <class Real>
double first_weight(const AllocationRequest& request, const State<Real>& state, std::size_t row,
                    std::size_t k) {
    if (request.kind == FirstAllocation::even) return 1.0;
    if (request.kind == FirstAllocation::demand) {
        return static_cast<double>(state.demand_of(row)[k]);
    }
    return request.table[row * static_cast<std::size_t>(state.tasks) + k];
}

}  // namespace

template <class Real>
void initial_allocation(const AllocationRequest& request, State<Real>& state) {
    const auto width = static_cast<std::size_t>(state.width);
    const auto tasks = static_cast<std::size_t>(state.tasks);
    std::vector<double> row(tasks);
    for (std::size_t i = 0; i < request.ids.size(); ++i) {
        const AgentId agent = request.ids[i];
        const Random random(request.seed, Stream::noise, static_cast<std::uint64_t>(agent));
        const Real* able = state.capability.data() + i * width;
        bool any = false;
        for (std::size_t k = 0; k < tasks; ++k) any = any || able[k] > 0;
        double total = 0.0;
        for (std::size_t k = 0; k < tasks; ++k) {
            // Relays can do nothing; their shares have no effect.
            const double weight = any ? first_weight(request, state, i, k) : 1.0;
            const bool possible = !any || able[k] > 0;
            if (!possible && weight > 0.0 && request.kind == FirstAllocation::file) {
                throw_of_agent(request, agent,
                               " gives effort to task " + std::to_string(k) +
                                   ", for which it has no capability: give it 0 there");
            }
            row[k] = possible ? weight * std::exp(request.noise *
                                                  random.normal(static_cast<std::uint32_t>(k)))
                              : 0.0;
            total += row[k];
        }
        if (!(total > 0.0)) {
            throw_of_agent(request, agent,
                           " is zero for all tasks that it can do: every agent must do something");
        }
        Real* to = state.allocation.data() + i * width;
        for (std::size_t k = 0; k < width; ++k) {
            to[k] = static_cast<Real>(k < tasks ? row[k] / total : 0.0);
        }
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                  \
    template void fill_rows<Real>(const Distribution&, const RowRequest&, Real*); \
    template void initial_allocation<Real>(const AllocationRequest&, State<Real>&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model
