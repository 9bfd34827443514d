#include "motley/swarm/round/swarm.hpp"

#include <algorithm>
#include <cmath>

#include "by_key.hpp"
#include "motley/core/expect.hpp"
#include "motley/core/random.hpp"
#include "swarm_impl.hpp"

namespace motley::swarm {
namespace {

/// Lookups of a site in a round: one to publish and one to ask, for each table.
std::uint32_t draw_of(std::int64_t round, std::size_t table, bool asks) {
    constexpr std::uint32_t most_tables = 64;
    const auto base = static_cast<std::uint32_t>(round) * 2 * most_tables;
    return base + 2 * static_cast<std::uint32_t>(table) + (asks ? 1 : 0);
}

constexpr std::uint64_t loss_of_copies = std::uint64_t{1} << 33;
constexpr std::uint64_t loss_of_answers = std::uint64_t{1} << 34;
constexpr std::uint64_t absences = std::uint64_t{1} << 35;

HoldersNeeded needed_holders(const Spec& spec, const Watch* watch) {
    const bool calm = spec.overlay.loss <= 0.0 && spec.away() <= 0.0 && watch == nullptr &&
                      spec.adversaries.attack != Attack::silent &&
                      spec.overlay.lookup == LookupKind::recursive;
    return calm || !uses_overlay(spec.policy) ? HoldersNeeded::first : HoldersNeeded::all;
}

/// Lists to send to each rank, of about `all` records together.
template <class Record>
std::vector<std::vector<Record>> parts(const mpi::Communicator& comm, std::size_t all) {
    const auto ranks = static_cast<std::size_t>(comm.size());
    std::vector<std::vector<Record>> out(ranks);
    for (std::vector<Record>& part : out) part.reserve(all / ranks);
    return out;
}

/// What the ranks sent to this one, one after the other. One rank alone copies nothing. Collective.
template <class Record>
std::vector<Record> exchanged(const mpi::Communicator& comm,
                              std::vector<std::vector<Record>>&& send,
                              std::vector<std::int64_t>* counts = nullptr) {
    if (comm.size() > 1) return comm.exchange(send, counts);
    if (counts != nullptr) counts->assign(1, std::ssize(send.front()));
    return std::move(send.front());
}

/// The same by key and site; each rank sends in that order. Collective.
template <class Record>
std::vector<Record> gathered(const mpi::Communicator& comm,
                             std::vector<std::vector<Record>>&& send) {
    std::vector<std::int64_t> counts;
    std::vector<Record> records = exchanged(comm, std::move(send), &counts);
    return merged(std::move(records), counts);
}

}  // namespace

Swarm::Swarm(const Spec& spec, const mpi::Communicator& comm, const WalkGraph* graph, Watch* watch)
    : impl_(std::make_unique<Impl>(spec, comm, graph, watch)) {}
Swarm::~Swarm() = default;

RoundResult Swarm::step() {
    return impl_->step();
}
const std::vector<Site>& Swarm::own_sites() const {
    return impl_->part.own();
}
const std::vector<Packet>& Swarm::evidence() const {
    return impl_->evidence;
}
const std::vector<Opinion>& Swarm::opinions() const {
    return impl_->opinions;
}

void Swarm::restore(std::int64_t rounds, std::vector<Packet> evidence,
                    std::vector<Opinion> opinions) {
    MOTLEY_EXPECT(evidence.size() == impl_->part.own().size() && opinions.size() == evidence.size(),
                  "a state has a row for each own site");
    impl_->round = rounds;
    impl_->evidence = std::move(evidence);
    impl_->opinions = std::move(opinions);
}

Swarm::Impl::Impl(const Spec& given, const mpi::Communicator& communicator, const WalkGraph* walks,
                  Watch* watch_messages)
    : spec(given),
      comm(communicator),
      graph(walks),
      watch(watch_messages),
      world(spec),
      overlay(spec.sites, static_cast<int>(spec.overlay.contacts), spec.seed),
      part(overlay, spec.partition, comm),
      holders(overlay, static_cast<std::size_t>(spec.overlay.replication),
              needed_holders(spec, watch)),
      walks_to(overlay),
      visits(visits_of_sites()),
      evidence(part.own().size()),
      opinions(part.own().size()),
      used(part.own().size()),
      caused(part.own().size()) {}

std::vector<Visit> Swarm::Impl::visits_of_sites() const {
    std::vector<Visit> all;
    if (!uses_keys(spec.policy)) return all;
    all.reserve(part.own().size() * static_cast<std::size_t>(spec.keys.tables));
    std::vector<std::uint64_t> keys;
    for (std::size_t i = 0; i < part.own().size(); ++i) {
        world.keys(part.own()[i], keys);
        for (std::size_t t = 0; t < keys.size(); ++t) {
            all.push_back({keys[t], static_cast<std::uint32_t>(i), static_cast<std::uint16_t>(t)});
        }
    }
    return by_key(all);
}

RoundResult Swarm::Impl::step() {
    counts = {};
    most_hops = steps = largest_bucket = 0;
    loads.clear();
    std::ranges::fill(caused, 0);
    away.clear();
    observe();
    if (spec.policy == Policy::average) average();
    if (uses_keys(spec.policy)) {
        if (spec.policy == Policy::greedy) find_greedily();
        publish();
        ask();
        if (readers_choose()) {
            deliver();
        } else {
            answer();
        }
        if (!uses_overlay(spec.policy)) add_costs();
    }
    if (spec.task == TaskKind::discovery) discover();
    deposits.clear();
    questions.clear();
    RoundResult result = finish();
    ++round;
    return result;
}

void Swarm::Impl::observe() {
    const bool looks = round == 0 || spec.evidence.observe == Observe::every_round;
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        const Site site = part.own()[i];
        // With posteriors, what a site believes takes the place of what it observed.
        Packet before = evidence[i];
        if (spec.synthesis.deposit == Deposit::posterior && round > 0) {
            before = {site, opinions[i].mean, 1.0 / opinions[i].variance};
        }
        if (!looks) {
            evidence[i] = before;
        } else {
            const Packet seen = world.observe(site, round);
            const double weight = before.weight + seen.weight;
            evidence[i] = {site, (before.weight * before.mean + seen.weight * seen.mean) / weight,
                           weight};
        }
        opinions[i] = {evidence[i].mean, 1.0 / evidence[i].weight};
        used[i] = 1;
    }
}

void Swarm::Impl::charge(std::size_t local, std::int64_t messages, std::int64_t bytes) {
    counts.messages += messages;
    counts.bytes += bytes;
    caused[local] += bytes;
}

bool Swarm::Impl::look_up(Visit& visit, Site target, Wanted wanted, std::uint32_t draw,
                          std::span<const Site> key_holders) {
    const std::size_t local = visit.site;
    const Site site = part.own()[local];
    ++counts.lookups;
    if (spec.overlay.lookup == LookupKind::iterative) {
        const auto lookup = iterate(overlay, site, visit.key,
                                    static_cast<int>(spec.overlay.parallel), wanted, key_holders);
        counts.hops += lookup.rounds;
        most_hops = std::max<std::int64_t>(most_hops, lookup.rounds);
        charge(local, 2 * lookup.requests, 2 * lookup.requests * header_bytes);
        return lookup.found;
    }
    // A lookup that nothing disturbs is the same when it is made again.
    const bool steady = away.empty() && spec.overlay.loss <= 0.0 && target == key_holders.front();
    std::vector<Site> path;
    Lookup lookup;
    if (steady && watch == nullptr) {
        if (visit.hops < 0) {
            walks_to.aim(target);
            visit.hops = static_cast<std::int16_t>(walks_to.hops(site));
        }
        lookup.hops = visit.hops;
        lookup.found = true;
    } else {
        lookup = overlay.walk(site, target, {away, spec.overlay.loss}, draw, path);
    }
    counts.hops += lookup.hops;
    counts.timeouts += lookup.timeouts;
    counts.resent += lookup.resent;
    most_hops = std::max<std::int64_t>(most_hops, lookup.hops);
    charge(local, lookup.messages(), lookup.messages() * header_bytes);
    if (watch != nullptr) watch_path(site, path);
    if (!lookup.found) ++counts.lost_lookups;
    return lookup.found;
}

void Swarm::Impl::watch_path(Site site, std::span<const Site> path) {
    watch->lookup(site, path);
    for (const Site next : path) {
        watch->message(site, next, header_bytes);
        watch->message(next, site, header_bytes);
        site = next;
    }
}

void Swarm::Impl::watch_exchange(Site site, Site other) {
    watch->message(site, other, packet_bytes);
    watch->message(other, site, packet_bytes);
}

void Swarm::Impl::expect(const Visit& visit) const {
    constexpr std::ptrdiff_t ahead = 16;
    if (&visits.back() - &visit < ahead) return;
    const std::size_t i = (&visit + ahead)->site;
    __builtin_prefetch(&part.own()[i]);
    __builtin_prefetch(&evidence[i]);
    __builtin_prefetch(&caused[i], 1);
}

void Swarm::Impl::publish() {
    const bool overlaid = uses_overlay(spec.policy);
    auto send = parts<DepositRecord>(comm, visits.size());
    for (Visit& visit : visits) {
        expect(visit);
        const std::size_t i = visit.site;
        const Site site = part.own()[i];
        if (world.late(site) || (!walk_hops.empty() && walk_hops[i] < 0)) continue;
        const bool lies = !world.honest(site);
        const Packet packet = lies ? world.lie(site, round, evidence[i]) : evidence[i];
        const std::span<const Site> sites = holders.of(visit.key);
        DepositRecord record{visit.key, 0, packet.mean, packet.weight, site, world.problem(site)};
        ++counts.deposits;
        if (!overlaid) {
            record.copies = ~std::uint64_t{0};
            ++counts.stored;
        } else {
            const std::uint32_t draw = draw_of(round, visit.table, false);
            look_up(visit, sites.front(), Wanted::closest, draw, sites);
            record.copies = store(site, draw, sites);
            const std::int64_t copies = holders.copies();
            charge(i, copies, copies * packet_bytes);
        }
        send[static_cast<std::size_t>(part.owner(sites.front()))].push_back(record);
    }
    deposits = gathered(comm, std::move(send));
}

std::uint64_t Swarm::Impl::store(Site site, std::uint32_t draw, std::span<const Site> sites) {
    const std::int64_t copies = holders.copies();
    std::uint64_t stored = 0;
    if (std::ssize(sites) < copies) {
        stored = ~std::uint64_t{0};
        counts.stored += copies - std::ssize(sites);
    }
    const Random random(spec.seed, Stream::loss, loss_of_copies + site);
    for (std::size_t q = 0; q < sites.size(); ++q) {
        const auto number = draw * 64 + static_cast<std::uint32_t>(q);
        const bool lost = spec.overlay.loss > 0.0 && random.uniform(number) < spec.overlay.loss;
        if (!lost) stored |= std::uint64_t{1} << q;
        counts.stored += lost ? 0 : 1;
        if (watch != nullptr) watch->message(site, sites[q], packet_bytes);
    }
    return stored;
}

void Swarm::Impl::ask() {
    const bool overlaid = uses_overlay(spec.policy);
    if (spec.away() > 0.0 && overlaid) {
        away.resize(overlay.sites());
        for (Site site = 0; site < overlay.sites(); ++site) {
            const Random random(spec.seed, Stream::loss, absences + site);
            away[site] = random.uniform(static_cast<std::uint32_t>(round)) < spec.away() ? 1 : 0;
        }
    }
    const bool silent = spec.adversaries.attack == Attack::silent;
    auto send = parts<QuestionRecord>(comm, visits.size());
    for (Visit& visit : visits) {
        expect(visit);
        const std::size_t i = visit.site;
        const Site site = part.own()[i];
        if (is_away(site) || (!walk_hops.empty() && walk_hops[i] < 0)) continue;
        const std::span<const Site> sites = holders.of(visit.key);
        QuestionRecord record{
            visit.key, evidence[i].mean,   evidence[i].weight, site, sites.front(),
            0,         world.problem(site)};
        if (overlaid) {
            // Holders that do not answer cost a question each, before the next one is asked.
            std::size_t q = 0;
            while (q < sites.size() && (is_away(sites[q]) || (silent && !world.honest(sites[q])))) {
                ++q;
            }
            counts.timeouts += static_cast<std::int64_t>(q);
            charge(i, static_cast<std::int64_t>(q), static_cast<std::int64_t>(q) * header_bytes);
            const bool found =
                q < sites.size() &&
                look_up(visit, sites[q], Wanted::value, draw_of(round, visit.table, true), sites);
            if (!found) {
                ++counts.unanswered;
                continue;
            }
            record.holder = sites[q];
            record.replica = static_cast<std::uint32_t>(q);
        }
        send[static_cast<std::size_t>(part.owner(sites.front()))].push_back(record);
    }
    questions = gathered(comm, std::move(send));
}

bool Swarm::Impl::loses_answer(Site site) const {
    if (!uses_overlay(spec.policy) || spec.overlay.loss <= 0.0) return false;
    const Random random(spec.seed, Stream::loss, loss_of_answers + site);
    return random.uniform(static_cast<std::uint32_t>(round)) < spec.overlay.loss;
}

void Swarm::Impl::answer() {
    auto send = parts<AnswerRecord>(comm, questions.size());
    std::vector<LoadRecord> by_replica;
    for_each_key([&](std::span<const DepositRecord> stored, std::span<const QuestionRecord> asked) {
        if (!stored.empty()) ++counts.buckets;
        largest_bucket = std::max<std::int64_t>(largest_bucket, std::ssize(stored));
        Bucket bucket(spec, world, round, stored);
        const std::vector<AnswerRecord> answers = bucket.answer(asked, counts);
        by_replica.assign(static_cast<std::size_t>(spec.overlay.replication), {});
        for (std::size_t i = 0; i < answers.size(); ++i) {
            AnswerRecord record = answers[i];
            record.lost = loses_answer(record.site) ? 1 : 0;
            LoadRecord& load = by_replica[asked[i].replica];
            load.holder = asked[i].holder;
            load.stored = static_cast<std::uint32_t>(stored.size());
            load.served += record.delivered * packet_bytes;
            if (watch != nullptr && uses_overlay(spec.policy)) {
                watch->message(load.holder, record.site, record.delivered * packet_bytes);
            }
            send[static_cast<std::size_t>(part.owner(record.site))].push_back(record);
        }
        for (const LoadRecord& load : by_replica) {
            if (load.served > 0) loads.push_back(load);
        }
    });
    take(exchanged(comm, std::move(send)));
}

void Swarm::Impl::take(const std::vector<AnswerRecord>& answers) {
    const bool overlaid = uses_overlay(spec.policy);
    for (const AnswerRecord& answer : answers) {
        const std::size_t i = part.local(answer.site);
        counts.delivered += answer.delivered;
        if (overlaid) charge(i, 1, answer.delivered * packet_bytes);
        if (answer.lost != 0) {
            ++counts.unanswered;
            continue;
        }
        ++counts.answered;
        opinions[i] = {answer.mean, answer.variance};
        used[i] = answer.used;
    }
}

void Swarm::Impl::average() {
    ExactSum sums[2];
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        const Site site = part.own()[i];
        const Packet packet =
            world.honest(site) ? evidence[i] : world.lie(site, round, evidence[i]);
        sums[0].add(packet.weight * packet.mean);
        sums[1].add(packet.weight);
        charge(i, 2, 2 * packet_bytes);
        if (watch != nullptr) watch_exchange(site, 0);
    }
    counts.deposits = counts.delivered = counts.answered = std::ssize(evidence);
    comm.sum(sums);
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        opinions[i] = {sums[0].value() / sums[1].value(), 1.0 / sums[1].value()};
        used[i] = overlay.sites();
    }
    if (comm.root()) loads.push_back({0, overlay.sites(), 2 * packet_bytes * spec.sites});
}

}  // namespace motley::swarm
