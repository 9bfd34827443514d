// The state of a swarm on this rank, and the phases of a round in their order.
#pragma once

#include <span>
#include <vector>

#include "bucket.hpp"
#include "holders.hpp"
#include "motley/swarm/overlay/walks_to.hpp"
#include "motley/swarm/round/swarm.hpp"
#include "records.hpp"
#include "site_part.hpp"

namespace motley::swarm {

/// Whether sites find holders through the overlay.
inline bool uses_overlay(Policy policy) {
    return policy == Policy::full || policy == Policy::cap || policy == Policy::aggregate;
}
/// Whether packets meet by their key.
inline bool uses_keys(Policy policy) {
    return policy != Policy::none && policy != Policy::average;
}

struct Swarm::Impl {
    Impl(const Spec& given, const mpi::Communicator& communicator, const WalkGraph* walks,
         Watch* watch_messages);

    RoundResult step();

    void observe();
    void publish();  ///< collective
    void ask();      ///< collective
    void answer();   ///< collective
    void take(const std::vector<AnswerRecord>& answers);
    void deliver();        ///< collective
    void average();        ///< collective
    void discover();       ///< collective
    RoundResult finish();  ///< collective

    /// Costs of policies that need no overlay; collective.
    void add_costs();
    void spread_gossip();
    void climb_groups();
    void find_greedily();

    /// Brings the site of a later visit into the cache: visits go to sites in no order.
    void expect(const Visit& visit) const;
    /// The keys of all sites of this rank, in their order.
    std::vector<Visit> visits_of_sites() const;
    /// What one lookup costs the site of the visit; false where it failed.
    bool look_up(Visit& visit, Site target, Wanted wanted, std::uint32_t draw,
                 std::span<const Site> holders);
    /// Which of these holders got the packet of the site: a bit each.
    std::uint64_t store(Site site, std::uint32_t draw, std::span<const Site> sites);
    void watch_path(Site site, std::span<const Site> path);
    /// A packet there and one back.
    void watch_exchange(Site site, Site other);
    void charge(std::size_t local, std::int64_t messages, std::int64_t bytes);
    /// Whether the answer to a site is lost on its way.
    bool loses_answer(Site site) const;
    bool is_away(Site site) const { return !away.empty() && away[site] != 0; }
    /// Whether packets are chosen by their readers, not by holders.
    bool readers_choose() const { return spec.keys.tables > 1 || spec.keys.threshold > -1.0; }
    /// Calls `action(deposits, questions)` for each key of this rank.
    template <class Action>
    void for_each_key(Action&& action);

    Spec spec;
    const mpi::Communicator& comm;
    const WalkGraph* graph;
    Watch* watch;
    World world;
    Overlay overlay;
    SitePart part;
    Holders holders;
    WalksTo walks_to;
    /// By key: sites with the same key come one after the other, because they ask the same holders.
    std::vector<Visit> visits;
    std::int64_t round = 0;
    std::int64_t together = -1;  ///< share of this rank in RoundCounts::together; -1: not counted

    // By site of this rank.
    std::vector<Packet> evidence;  ///< sum of what it observed: mean and weight
    std::vector<Opinion> opinions;
    std::vector<std::uint32_t> used;   ///< packets in its opinion
    std::vector<std::int64_t> caused;  ///< bytes of this round

    std::vector<std::uint8_t> away;  ///< by site of the whole swarm, in this round; empty: none
    std::vector<std::int64_t> walk_hops;  ///< greedy: hops of each own site to its holder; -1: lost
    std::vector<DepositRecord> deposits;  ///< by key and site
    std::vector<QuestionRecord> questions;
    std::vector<LoadRecord> loads;
    RoundCounts counts;
    std::int64_t most_hops = 0, steps = 0, largest_bucket = 0;
};

template <class Action>
void Swarm::Impl::for_each_key(Action&& action) {
    std::size_t d = 0, q = 0;
    while (d < deposits.size() || q < questions.size()) {
        const bool by_deposit =
            q == questions.size() || (d < deposits.size() && deposits[d].key <= questions[q].key);
        const std::uint64_t key = by_deposit ? deposits[d].key : questions[q].key;
        const std::size_t first_deposit = d, first_question = q;
        while (d < deposits.size() && deposits[d].key == key) ++d;
        while (q < questions.size() && questions[q].key == key) ++q;
        action(
            std::span<const DepositRecord>(deposits).subspan(first_deposit, d - first_deposit),
            std::span<const QuestionRecord>(questions).subspan(first_question, q - first_question));
    }
}

}  // namespace motley::swarm
