// Where initial rows come from: constants, draws keyed by agent and task, or tables.
#include "motley/model/state.hpp"

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
    RowSource(const Distribution& distribution, std::uint64_t seed, Stream stream, AgentId agents,
              std::int64_t tasks, std::span<const double> table)
        : distribution_(distribution),
          seed_(seed),
          stream_(stream),
          agents_(agents),
          tasks_(tasks),
          table_(table) {}

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
                return table_[position * static_cast<std::size_t>(tasks_) +
                              static_cast<std::size_t>(task)];
            case Distribution::Kind::dirichlet: {
                const bool grouped = distribution_.groups > 1;
                const Random random(seed_, grouped ? group_stream(stream_) : stream_,
                                    static_cast<std::uint64_t>(grouped ? group(agent) : agent));
                return random.gamma(distribution_.concentration, counter);
            }
            case Distribution::Kind::lognormal:
                return lognormal(agent, counter);
        }
        return 0.0;
    }

  private:
    std::int64_t group(AgentId agent) const { return agent * distribution_.groups / agents_; }

    double lognormal(AgentId agent, std::uint32_t counter) const {
        const Random own(seed_, stream_, static_cast<std::uint64_t>(agent));
        double exponent = distribution_.sigma * own.normal(counter);
        if (distribution_.group_sigma > 0.0) {
            const Random shared(seed_, group_stream(stream_),
                                static_cast<std::uint64_t>(group(agent)));
            exponent += distribution_.group_sigma * shared.normal(counter);
        }
        return std::exp(exponent);
    }

    const Distribution& distribution_;
    std::uint64_t seed_;
    Stream stream_;
    AgentId agents_;
    std::int64_t tasks_;
    std::span<const double> table_;
};

}  // namespace

bool is_common(const Distribution& distribution) {
    switch (distribution.kind) {
        case Distribution::Kind::constant:
        case Distribution::Kind::uniform:
        case Distribution::Kind::zipf:
        case Distribution::Kind::weights:
            return true;
        default:
            return false;
    }
}

template <class Real>
void fill_rows(const Distribution& distribution, std::uint64_t seed, Stream stream,
               std::span<const AgentId> ids, AgentId agents, std::int64_t tasks, int width,
               bool normalise, std::span<const double> table, Real* out) {
    const RowSource source(distribution, seed, stream, agents, tasks, table);
    std::vector<double> row(static_cast<std::size_t>(tasks));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        double total = 0.0;
        for (std::int64_t k = 0; k < tasks; ++k) {
            total += row[static_cast<std::size_t>(k)] = source.entry(i, ids[i], k);
        }
        if (normalise && !(total > 0.0)) {
            Error error = input_error("the demand of agent " + std::to_string(ids[i]) +
                                          " sums to zero; every agent must need something",
                                      {distribution.file});
            error.set_agent(ids[i]);
            throw error;
        }
        Real* to = out + i * static_cast<std::size_t>(width);
        for (int k = 0; k < width; ++k) {
            const double entry = k < tasks ? row[static_cast<std::size_t>(k)] : 0.0;
            to[k] = static_cast<Real>(normalise ? entry / total : entry);
        }
    }
}

template <class Real>
void initial_allocation(double noise, std::uint64_t seed, std::span<const AgentId> ids,
                        State<Real>& state) {
    const auto width = static_cast<std::size_t>(state.width);
    const auto tasks = static_cast<std::size_t>(state.tasks);
    std::vector<double> row(tasks);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Random random(seed, Stream::noise, static_cast<std::uint64_t>(ids[i]));
        const Real* able = state.capability.data() + i * width;
        bool any = false;
        for (std::size_t k = 0; k < tasks; ++k) any = any || able[k] > 0;
        double total = 0.0;
        for (std::size_t k = 0; k < tasks; ++k) {
            row[k] = any && !(able[k] > 0)
                         ? 0.0
                         : std::exp(noise * random.normal(static_cast<std::uint32_t>(k)));
            total += row[k];
        }
        Real* to = state.allocation.data() + i * width;
        for (std::size_t k = 0; k < width; ++k) {
            to[k] = static_cast<Real>(k < tasks ? row[k] / total : 0.0);
        }
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                              \
    template void fill_rows<Real>(const Distribution&, std::uint64_t, Stream,                 \
                                  std::span<const AgentId>, AgentId, std::int64_t, int, bool, \
                                  std::span<const double>, Real*);                            \
    template void initial_allocation<Real>(double, std::uint64_t, std::span<const AgentId>,   \
                                           State<Real>&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model
