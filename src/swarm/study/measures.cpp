// The columns of all results of swarms: one row each.
#include <array>
#include <cmath>

#include "motley/core/error.hpp"
#include "motley/swarm/knowledge/theory.hpp"
#include "motley/swarm/study/study.hpp"

namespace motley::swarm {
namespace {

using R = RoundResult;

double share(double part, double whole) {
    return whole > 0.0 ? part / whole : std::nan("");
}
double real(std::int64_t count) {
    return static_cast<double>(count);
}
double by_site(std::int64_t count, const Spec& spec) {
    return real(count) / real(spec.sites);
}
double gain(const R& r) {
    return r.own_error - r.error;
}
double alone(const Spec& spec) {
    return trials_alone(real(spec.sites), real(spec.discovery.approaches));
}
double saved(const R& r, const Spec& spec) {
    return spec.task == TaskKind::discovery ? alone(spec) - real(r.counts.trials) : std::nan("");
}
double worth(const R& r, const Spec& spec) {
    return spec.task == TaskKind::complementarity ? spec.pair_value * real(r.counts.pairs)
                                                  : std::nan("");
}

const std::array measure_rows = {
    Measure{"possible_pairs", "1", "pairs of sites: N (N - 1) / 2",
            [](const R&, const Spec& s) { return pairs_of(real(s.sites)); }, nullptr, 6, true},
    Measure{"pairs", "1", "pairs of which one read and used a packet of the other",
            [](const R& r, const Spec&) { return real(r.counts.pairs); }, "pairs", 6, true},
    Measure{
        "pair_share", "1", "pairs over possible pairs",
        [](const R& r, const Spec& s) { return real(r.counts.pairs) / pairs_of(real(s.sites)); },
        "of all", 3, false},
    Measure{"useful_pairs", "1", "pairs with the same problem",
            [](const R& r, const Spec&) { return real(r.counts.useful); }, nullptr, 6, true},
    Measure{
        "precision_of_keys", "1", "useful pairs over pairs",
        [](const R& r, const Spec&) { return share(real(r.counts.useful), real(r.counts.pairs)); },
        "precision", 4, false},
    Measure{"recall_of_keys", "1", "useful pairs over all pairs of sites with the same problem",
            [](const R& r, const Spec&) {
                return share(real(r.counts.useful), real(r.counts.together));
            },
            "recall", 4, false},
    Measure{"paths", "1", "packets of others that were used: directed paths",
            [](const R& r, const Spec&) { return real(r.counts.paths); }, nullptr, 6, true},
    Measure{"delivered_per_site", "1", "packets that a site reads",
            [](const R& r, const Spec& s) { return by_site(r.counts.delivered, s); }, nullptr, 5,
            true},
    Measure{
        "hops", "1", "mean hops of a lookup",
        [](const R& r, const Spec&) { return share(real(r.counts.hops), real(r.counts.lookups)); },
        "hops", 4, false},
    Measure{"most_hops", "1", "most hops of a lookup",
            [](const R& r, const Spec&) { return real(r.most_hops); }, nullptr, 4, false},
    Measure{"messages_per_site", "1", "messages",
            [](const R& r, const Spec& s) { return by_site(r.counts.messages, s); }, "messages", 4,
            true},
    Measure{"bytes_per_site", "B", "bytes of all messages, packets of 512 B and headers of 64 B",
            [](const R& r, const Spec& s) { return by_site(r.counts.bytes, s); }, "bytes", 6, true},
    Measure{"bytes_p99", "B", "bytes that 99 % of the sites do not exceed",
            [](const R& r, const Spec&) { return r.bytes_p99; }, nullptr, 6, false},
    Measure{"stored_per_site", "1", "packets that a site holds for others, mean",
            [](const R& r, const Spec& s) { return by_site(r.counts.stored, s); }, nullptr, 5,
            false},
    Measure{"hottest_served", "B", "bytes that the busiest holder sends",
            [](const R& r, const Spec&) { return real(r.hottest_served); }, "hottest", 4, true},
    Measure{"hottest_stored", "B", "bytes that the fullest holder keeps",
            [](const R& r, const Spec&) { return real(r.hottest_stored); }, nullptr, 4, true},
    Measure{"load_gini", "1", "Gini coefficient of the bytes that sites send as holders",
            [](const R& r, const Spec&) { return r.load_gini; }, nullptr, 4, false},
    Measure{"unanswered_share", "1", "questions without an answer",
            [](const R& r, const Spec&) {
                return share(real(r.counts.unanswered),
                             real(r.counts.unanswered + r.counts.answered));
            },
            "no answer", 4, false},
    Measure{"lost_lookups", "1", "lookups that reached no holder",
            [](const R& r, const Spec&) {
                return share(real(r.counts.lost_lookups), real(r.counts.lookups));
            },
            nullptr, 4, false},
    Measure{"error", "1", "mean squared error of honest sites",
            [](const R& r, const Spec&) { return r.error; }, "error", 4, true},
    Measure{"own_error", "1", "the same of what sites observed themselves",
            [](const R& r, const Spec&) { return r.own_error; }, nullptr, 4, false},
    Measure{"late_error", "1", "the same of sites that came after the publishing",
            [](const R& r, const Spec&) { return r.late_error; }, "late error", 4, false},
    Measure{"gain", "1", "own error less error, sum over sites",
            [](const R& r, const Spec&) { return gain(r) * real(r.counts.judged); }, nullptr, 4,
            true},
    Measure{
        "gain_per_path", "1", "gain over pairs",
        [](const R& r,
           const Spec&) { return share(gain(r) * real(r.counts.judged), real(r.counts.pairs)); },
        nullptr, 4, true},
    Measure{"bias", "1", "mean error of honest sites",
            [](const R& r, const Spec&) { return r.bias; }, "bias", 4, false},
    Measure{"calibration", "1", "mean squared error over the variance that sites claim",
            [](const R& r, const Spec&) { return share(r.error, r.claimed); }, "calibr.", 3, false},
    Measure{"precision_sum", "1", "sum over sites of one over the variance that they claim",
            [](const R& r, const Spec&) { return r.precision; }, nullptr, 6, true},
    Measure{"information", "1", "sum of the weights of all observations, each counted once",
            [](const R& r, const Spec&) { return r.information; }, nullptr, 6, true},
    Measure{"lies_rejected", "1", "share of the packets of adversaries that operators left out",
            [](const R& r, const Spec&) {
                return share(real(r.counts.lies_rejected), real(r.counts.lies_read));
            },
            "lies out", 4, false},
    Measure{"truths_rejected", "1", "share of the packets of honest sites that operators left out",
            [](const R& r, const Spec&) {
                return share(real(r.counts.truths_rejected), real(r.counts.truths_read));
            },
            nullptr, 4, false},
    Measure{"trials", "1", "discovery: trials until all sites know what works",
            [](const R& r, const Spec& s) {
                return s.task == TaskKind::discovery ? real(r.counts.trials) : std::nan("");
            },
            "trials", 6, true},
    Measure{"trials_saved", "1", "discovery: trials of sites alone, N (A + 1) / 2, less trials",
            saved, nullptr, 6, true},
    Measure{"trials_avoided", "1", "discovery: saved trials over those of sites alone",
            [](const R& r, const Spec& s) { return saved(r, s) / alone(s); }, "avoided", 4, false},
    Measure{"duplicates", "1", "discovery: trials of what another site of the key tried",
            [](const R& r, const Spec& s) {
                return s.task == TaskKind::discovery ? real(r.counts.duplicates) : std::nan("");
            },
            nullptr, 6, true},
    Measure{"steps", "1", "gossip: exchanges until all know; discovery: most rounds",
            [](const R& r, const Spec&) { return real(r.steps); }, nullptr, 4, false},
    Measure{"worth", "1", "complementarity: pairs times their worth", worth, "worth", 5, true},
    Measure{"worth_per_megabyte", "1/MB", "complementarity: worth over all bytes",
            [](const R& r, const Spec& s) {
                constexpr double megabyte = 1e6;
                return share(worth(r, s), real(r.counts.bytes) / megabyte);
            },
            nullptr, 4, true},
};

}  // namespace

std::span<const Measure> measures() {
    return measure_rows;
}

std::size_t measure_number(const std::string& name) {
    for (std::size_t m = 0; m < measure_rows.size(); ++m) {
        if (name == measure_rows[m].name) return m;
    }
    throw internal_error("no measure of a swarm is called " + name);
}

const char* name_of(Operator op) {
    static constexpr std::array<const char*, 6> names = {"mean",    "shrink", "median",
                                                         "trimmed", "krum",   "rejection"};
    return names[static_cast<std::size_t>(op)];
}

}  // namespace motley::swarm
