// Partitions by PT-Scotch, which runs on all ranks: each rank gives its rows of the undirected
// simple graph, and every rank gets the owners of all agents.
#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <utility>

#include "motley/partition/distributed.hpp"

// Scotch's headers use FILE and, with 64-bit ids, int64_t without including them, so they come
// last.
// clang-format off
#ifdef MOTLEY_PTSCOTCH
#include <ptscotch.h>
#endif
// clang-format on

#ifndef MOTLEY_PTSCOTCH

namespace motley::partition {

bool has_scotch() {
    return false;
}

Partition by_scotch(const topology::Topology&, const mpi::Communicator&, int, std::uint64_t) {
    Error error = usage_error(
        "partition method \"scotch\" is asked for, but this motley was built without PT-Scotch "
        "(MOTLEY_PTSCOTCH); use \"metis\", \"levels\" or \"block\"");
    error.set_everywhere();
    throw error;
}

}  // namespace motley::partition

#else

namespace {

/// Scotch's last error message; it becomes part of the Error instead of going to stderr.
std::string& last_message() {
    static std::string text;
    return text;
}

}  // namespace

// Scotch reports errors through these three functions and leaves it to the program to define them;
// the definitions in its own library print. Warnings are dropped, because the return code decides.
extern "C" {
void SCOTCH_errorProg(const char* const) {}
void SCOTCH_errorPrintW(const char* const, ...) {}
void SCOTCH_errorPrint(const char* const format, ...) {
    char text[512];
    std::va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    last_message() = text;
}
}

namespace motley::partition {
namespace {

struct VertexPair {
    AgentId source;
    AgentId target;
    auto operator<=>(const VertexPair&) const = default;
};

void check_count(const char* what, std::int64_t count) {
    if (count < std::numeric_limits<SCOTCH_Num>::max()) return;
    throw usage_error("the graph has " + std::to_string(count) + " " + what +
                      ", too many for this build of PT-Scotch, whose ids have " +
                      std::to_string(std::numeric_limits<SCOTCH_Num>::digits + 1) +
                      " bits; use partition method \"levels\", \"block\" or \"file\"");
}

/// Collective. Throws on every rank when a call of Scotch failed on any.
void check_all(const mpi::Communicator& comm, int code, const char* call) {
    mpi::together(comm, [&] {
        if (code == 0) return;
        throw internal_error(std::string(call) + " failed: " +
                             (last_message().empty() ? "no reason given" : last_message()) +
                             "; use another partition method");
    });
}

/// Collective. The sorted distinct pairs (source, target) without loops whose source lies in this
/// rank's block. Each pair is in both directions, whether or not the topology has both arcs.
std::vector<VertexPair> own_pairs(const topology::Topology& topology,
                                  const mpi::Communicator& comm) {
    const Partition block = Partition::block(topology.agents(), comm.size());
    const bool both_given = topology.traits().symmetric_uniform;
    std::vector<std::vector<VertexPair> > send(static_cast<std::size_t>(comm.size()));
    const auto add = [&](AgentId source, AgentId target) {
        send[static_cast<std::size_t>(block.owner(source))].push_back({source, target});
    };
    mpi::together(comm, [&] {
        topology.arcs(comm.rank(), comm.size(), [&](std::span<const topology::Arc> arcs) {
            for (const auto& arc : arcs) {
                if (arc.source == arc.target) continue;
                add(arc.source, arc.target);
                if (!both_given) add(arc.target, arc.source);
            }
        });
    });
    std::vector<VertexPair> pairs = comm.exchange(send);
    std::ranges::sort(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return pairs;
}

/// This rank's rows in Scotch's form, base 0.
struct ScotchRows {
    SCOTCH_Num vertices;
    std::vector<SCOTCH_Num> offsets;
    std::vector<SCOTCH_Num> targets;

    ScotchRows(const std::vector<VertexPair>& pairs, topology::ChunkRange own)
        : vertices(static_cast<SCOTCH_Num>(own.end - own.begin)),
          offsets(static_cast<std::size_t>(vertices) + 1, 0) {
        targets.reserve(std::max<std::size_t>(pairs.size(), 1));  // Scotch takes no null pointer
        for (const VertexPair& pair : pairs) {
            ++offsets[static_cast<std::size_t>(pair.source - own.begin) + 1];
            targets.push_back(static_cast<SCOTCH_Num>(pair.target));
        }
        for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
    }
};

/// Owns a Scotch object between its init and its exit function.
template <class Raw, void (*Exit)(Raw*)>
class Owned {
  public:
    Owned() = default;
    ~Owned() {
        if (alive_) Exit(&raw_);
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;

    /// Owns the object from now on if `code`, which its init function returned, means success.
    /// Returns `code`.
    int started(int code) {
        alive_ = code == 0;
        return code;
    }
    Raw* get() { return &raw_; }

  private:
    Raw raw_;
    bool alive_ = false;
};

using Context = Owned<SCOTCH_Context, SCOTCH_contextExit>;
using Graph = Owned<SCOTCH_Dgraph, SCOTCH_dgraphExit>;
using Strategy = Owned<SCOTCH_Strat, SCOTCH_stratExit>;

/// Collective. Sets one thread, deterministic algorithms and the seed, so that the same input on
/// the same number of ranks gives the same parts.
void start(Context& context, const mpi::Communicator& comm, std::uint64_t seed) {
    constexpr std::uint64_t bound = std::uint64_t{1} << 31;
    check_all(comm, context.started(SCOTCH_contextInit(context.get())), "SCOTCH_contextInit");
    check_all(comm, SCOTCH_contextThreadSpawn(context.get(), 1, nullptr),
              "SCOTCH_contextThreadSpawn");
    check_all(comm, SCOTCH_contextOptionSetNum(context.get(), SCOTCH_OPTIONNUMDETERMINISTIC, 1),
              "SCOTCH_contextOptionSetNum");
    check_all(comm, SCOTCH_contextOptionSetNum(context.get(), SCOTCH_OPTIONNUMRANDOMFIXEDSEED, 1),
              "SCOTCH_contextOptionSetNum");
    SCOTCH_contextRandomSeed(
        context.get(), static_cast<SCOTCH_Num>(Random(seed, Stream::partition, 2).below(bound, 0)));
    SCOTCH_contextRandomReset(context.get());
}

/// Collective. Parts of this rank's own vertices.
std::vector<SCOTCH_Num> own_parts(ScotchRows& rows, const mpi::Communicator& comm, int parts,
                                  std::uint64_t seed) {
    constexpr double imbalance = 0.03;                    // as METIS allows by default
    const mpi::Communicator own_comm = comm.duplicate();  // keeps Scotch's messages apart
    last_message().clear();
    Context context;
    Graph plain;
    Graph graph;
    Strategy strategy;
    start(context, comm, seed);
    check_all(comm, plain.started(SCOTCH_dgraphInit(plain.get(), own_comm.native())),
              "SCOTCH_dgraphInit");
    const auto arcs = static_cast<SCOTCH_Num>(rows.targets.size());
    check_all(comm,
              SCOTCH_dgraphBuild(plain.get(), 0, rows.vertices, rows.vertices, rows.offsets.data(),
                                 rows.offsets.data() + 1, nullptr, nullptr, arcs, arcs,
                                 rows.targets.data(), nullptr, nullptr),
              "SCOTCH_dgraphBuild");
    check_all(comm,
              graph.started(SCOTCH_contextBindDgraph(context.get(), plain.get(), graph.get())),
              "SCOTCH_contextBindDgraph");
    check_all(comm, strategy.started(SCOTCH_stratInit(strategy.get())), "SCOTCH_stratInit");
    check_all(comm,
              SCOTCH_stratDgraphMapBuild(strategy.get(), SCOTCH_STRATDEFAULT, comm.size(), parts,
                                         imbalance),
              "SCOTCH_stratDgraphMapBuild");
    std::vector<SCOTCH_Num> result(std::max<std::size_t>(rows.offsets.size() - 1, 1));
    check_all(comm, SCOTCH_dgraphPart(graph.get(), parts, strategy.get(), result.data()),
              "SCOTCH_dgraphPart");
    result.resize(rows.offsets.size() - 1);
    return result;
}

}  // namespace

bool has_scotch() {
    return true;
}

Partition by_scotch(const topology::Topology& topology, const mpi::Communicator& comm, int parts,
                    std::uint64_t seed) {
    const AgentId agents = topology.agents();
    if (parts < 1) throw internal_error("PT-Scotch over " + std::to_string(parts) + " parts");
    check_count("agents", agents);
    // With an agent per part, or with one part, every partition has the same ghosts.
    if (parts == 1 || parts >= agents) return Partition::block(agents, parts);

    std::vector<VertexPair> pairs = own_pairs(topology, comm);
    const std::int64_t arcs = comm.sum(static_cast<std::int64_t>(pairs.size()));
    check_count("arcs", arcs);
    if (arcs == 0) return Partition::block(agents, parts);  // without arcs blocks balance best
    ScotchRows rows(pairs, topology::chunk_range(agents, comm.rank(), comm.size()));
    pairs = {};

    const std::vector<SCOTCH_Num> own = own_parts(rows, comm, parts, seed);
    // Blocks in rank order are the agents in order of their ids.
    return Partition::from_owners(
        comm.all_gather(std::vector<std::int32_t>(own.begin(), own.end())), parts);
}

}  // namespace motley::partition

#endif
