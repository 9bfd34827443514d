// What a swarm is: sites that observe problems, the packets that they share, and by which policy.
#pragma once

#include <cstdint>
#include <vector>

namespace motley::swarm {

/// Who reads which packets. The words of the job file are in this order.
enum class Policy {
    none,          ///< nobody reads anything
    average,       ///< one mean of all sites, whatever their problem
    central,       ///< a server adds up the packets of each key
    broadcast,     ///< every site gets every packet, and keeps those of its key
    gossip,        ///< the same, spread by push and pull between random pairs
    full,          ///< every site reads all packets of its key at their holder
    cap,           ///< at most `cap` of them
    aggregate,     ///< the holder adds the packets of a key up, and every site reads one sum
    hierarchical,  ///< sums pass through groups of groups of sites
    greedy,        ///< as aggregate; holders are found by greedy walks on a given graph
};
inline constexpr int policy_count = 10;
const char* name_of(Policy policy);

enum class TaskKind { estimation, discovery, complementarity };
enum class KeyKind { exact, simhash };
/// How a site makes one number of its own and of the packets that it read.
enum class Operator { mean, shrink, median, trimmed, krum, rejection };
/// Where the variance between the sites of a key comes from (operator shrink).
enum class Variance { known, dersimonian_laird, paule_mandel };
/// What a site publishes: its own observations, or all that it believes after it read others.
enum class Deposit { own, posterior };
enum class Observe { once, every_round };
enum class Attack { garbage, out_of_range, shift, targeted, silent };
enum class LookupKind { recursive, iterative };
/// Which rank computes a site: by the highest bits of its id, or by a hash of its number.
enum class SitePartition { prefix, hash };
/// How a site chooses what to try next: at random, or so that no two of a key try the same.
enum class Choice { random, divided };

struct ProblemSpec {
    double count = 16.0;         ///< C = count x sites^growth problems, at least 1
    double growth = 0.0;         ///< g
    double zipf = 0.0;           ///< the r-th problem is drawn with weight r^-zipf
    double spread = 3.0;         ///< standard deviation of the truths of problems
    double heterogeneity = 0.0;  ///< tau^2: variance between the sites of one problem
};

struct EvidenceSpec {
    std::int64_t observations = 1;  ///< per site and round
    double noise = 1.0;             ///< standard deviation of one observation
    Observe observe = Observe::every_round;
};

struct KeySpec {
    KeyKind kind = KeyKind::exact;
    std::int64_t fields = 10;      ///< exact: categorical fields of a key
    std::int64_t values = 5;       ///< values of a field
    double error = 0.0;            ///< chance that a site codes a field wrongly
    std::int64_t bits = 12;        ///< simhash: bits of a key
    std::int64_t tables = 1;       ///< keys of a site
    std::int64_t dimensions = 32;  ///< of the space in which similarity is measured
    double spread = 0.3;           ///< distance of a site to the centre of its problem
    double threshold = -1.0;       ///< least cosine similarity of a packet that is used
};

struct OverlaySpec {
    std::int64_t contacts = 20;     ///< per bucket
    std::int64_t replication = 20;  ///< sites that hold a key
    LookupKind lookup = LookupKind::recursive;
    std::int64_t parallel = 3;  ///< iterative: requests at a time
    double loss = 0.0;          ///< share of the messages that are lost
    /// Mean number of rounds that a site stays; a share 1 - exp(-1/session) is away when sites
    /// query. 0: all stay.
    double session = 0.0;
    double late = 0.0;  ///< share of the sites that only read: they come after the publishing
    std::vector<std::int64_t> groups = {64,
                                        16};  ///< hierarchical: members of a group, level by level
};

struct SynthesisSpec {
    Operator op = Operator::shrink;
    Variance variance = Variance::known;
    double trim = 0.2;     ///< trimmed: share that is cut off at each end
    double assumed = 0.2;  ///< krum: share of the packets that may be false
    double sigmas = 3.0;   ///< rejection: packets further from the mean are left out
    double range = 0.0;    ///< packets beyond +-range are left out; 0: no check
    Deposit deposit = Deposit::own;
};

struct AdversarySpec {
    double share = 0.0;  ///< of the sites
    Attack attack = Attack::shift;
    double shift = 2.0;  ///< by which truths are shifted, in standard deviations of an observation
};

struct DiscoverySpec {
    std::int64_t approaches = 20;  ///< of which one works
    std::int64_t delay = 0;        ///< rounds until a result can be read
    Choice choice = Choice::random;
};

struct Spec {
    std::uint64_t seed = 1;
    std::int64_t sites = 4096;
    std::int64_t rounds = 1;
    Policy policy = Policy::cap;
    std::int64_t cap = 20;
    TaskKind task = TaskKind::estimation;
    double pair_value = 1.0;  ///< complementarity: worth of a pair of sites that combine results
    ProblemSpec problems;
    EvidenceSpec evidence;
    KeySpec keys;
    OverlaySpec overlay;
    SynthesisSpec synthesis;
    AdversarySpec adversaries;
    DiscoverySpec discovery;
    SitePartition partition = SitePartition::prefix;

    std::int64_t problem_count() const;
    /// Variance of what one site knows after a round by itself.
    double own_variance() const {
        return evidence.noise * evidence.noise / static_cast<double>(evidence.observations);
    }
    /// Share of the sites that is away when sites query.
    double away() const;
};

/// Sizes on the wire, in bytes.
inline constexpr std::int64_t packet_bytes = 512;
inline constexpr std::int64_t header_bytes = 64;

}  // namespace motley::swarm
