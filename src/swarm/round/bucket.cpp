#include "bucket.hpp"

#include <algorithm>
#include <numeric>

#include "motley/core/random.hpp"

namespace motley::swarm {
namespace {

std::uint64_t pair_of(Site a, Site b) {
    return (std::uint64_t{std::min(a, b)} << 32) | std::max(a, b);
}

Packet packet_of(const DepositRecord& deposit) {
    return {deposit.site, deposit.mean, deposit.weight};
}

Packet own_of(const QuestionRecord& question) {
    return {question.site, question.mean, question.weight};
}

/// The place of the packet of `site`, or where it would stand.
std::size_t place_of(std::span<const Packet> packets, Site site) {
    return static_cast<std::size_t>(std::ranges::lower_bound(packets, site, {}, &Packet::from) -
                                    packets.begin());
}

bool holds(std::span<const Packet> packets, Site site) {
    const std::size_t at = place_of(packets, site);
    return at < packets.size() && packets[at].from == site;
}

AnswerRecord answer_of(const QuestionRecord& question, const SynthesisSpec& synthesis,
                       const Summary& summary) {
    const Opinion opinion = opinion_of(synthesis, own_of(question), summary);
    AnswerRecord answer;
    answer.site = question.site;
    answer.mean = opinion.mean;
    answer.variance = opinion.variance;
    answer.used = static_cast<std::uint32_t>(summary.used);
    return answer;
}

}  // namespace

void Judgement::count_into(RoundCounts& counts) const {
    counts.lies_read += lies;
    counts.lies_rejected += lies_rejected;
    counts.truths_read += truths;
    counts.truths_rejected += truths_rejected;
}

Judgement judge(const Spec& spec, const World& world, std::span<const Packet> packets) {
    Judgement out;
    const bool rejects = spec.synthesis.op == Operator::rejection || spec.synthesis.range > 0.0;
    if (rejects) out.kept.resize(packets.size());
    out.summary = summarise(spec.synthesis, spec.problems.heterogeneity, packets, out.kept);
    if (spec.adversaries.share <= 0.0 && !rejects) {
        out.truths = std::ssize(packets);
        return out;
    }
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const bool honest = world.honest(packets[i].from);
        ++(honest ? out.truths : out.lies);
        if (!out.keeps(i)) ++(honest ? out.truths_rejected : out.lies_rejected);
    }
    return out;
}

std::vector<std::size_t> chosen_packets(const Spec& spec, Site reader, std::int64_t round,
                                        std::size_t others) {
    const auto cap = static_cast<std::size_t>(spec.cap);
    std::vector<std::size_t> chosen;
    if (others <= cap) {
        chosen.resize(others);
        std::iota(chosen.begin(), chosen.end(), std::size_t{0});
        return chosen;
    }
    // R. W. Floyd's sample without replacement (Comm. ACM 30 (1987) 754).
    const Random random(spec.seed, Stream::retrieval, reader);
    for (std::size_t i = others - cap; i < others; ++i) {
        const auto draw = (static_cast<std::uint32_t>(round) << 20U) +
                          static_cast<std::uint32_t>(i + cap - others);
        std::size_t pick = random.below(i + 1, draw);
        if (std::ranges::find(chosen, pick) != chosen.end()) pick = i;
        chosen.push_back(pick);
    }
    std::ranges::sort(chosen);
    return chosen;
}

std::int64_t equal_pairs(std::vector<std::uint32_t> numbers) {
    std::ranges::sort(numbers);
    std::int64_t pairs = 0;
    for (std::size_t begin = 0, end = 0; begin < numbers.size(); begin = end) {
        while (end < numbers.size() && numbers[end] == numbers[begin]) ++end;
        const auto count = static_cast<std::int64_t>(end - begin);
        pairs += count * (count - 1) / 2;
    }
    return pairs;
}

Bucket::Bucket(const Spec& spec, const World& world, std::int64_t round,
               std::span<const DepositRecord> deposits)
    : spec_(spec),
      world_(world),
      round_(round),
      deposits_(deposits),
      copies_(static_cast<std::size_t>(spec.overlay.replication)) {}

std::vector<Packet> Bucket::packets_of(std::uint32_t replica) const {
    std::vector<Packet> packets;
    packets.reserve(deposits_.size());
    for (const DepositRecord& deposit : deposits_) {
        if (((deposit.copies >> replica) & 1U) != 0) packets.push_back(packet_of(deposit));
    }
    return packets;
}

const Bucket::Copy& Bucket::copy_of(std::uint32_t replica, bool judged) {
    Copy& copy = copies_[replica];
    if (copy.packets.empty()) copy.packets = packets_of(replica);
    if (judged && !copy.judgement) copy.judgement = judge(spec_, world_, copy.packets);
    return copy;
}

AnswerRecord Bucket::answer_from_all(const QuestionRecord& question, RoundCounts& counts) {
    const Copy& copy = copy_of(question.replica, true);
    const auto count = static_cast<std::int64_t>(copy.packets.size());
    const std::size_t at = place_of(copy.packets, question.site);
    const bool own_inside = at < copy.packets.size() && copy.packets[at].from == question.site;
    AnswerRecord answer;
    std::int64_t used_others = 0;
    if (own_inside) {
        answer = answer_of(question, spec_.synthesis, copy.judgement->summary);
        used_others = answer.used - (copy.judgement->keeps(at) ? 1 : 0);
        copy.judgement->count_into(counts);
    } else {
        std::vector<Packet> packets = copy.packets;
        packets.insert(packets.begin() + static_cast<std::ptrdiff_t>(at), own_of(question));
        const Judgement judgement = judge(spec_, world_, packets);
        answer = answer_of(question, spec_.synthesis, judgement.summary);
        used_others = answer.used - (judgement.keeps(at) ? 1 : 0);
        judgement.count_into(counts);
    }
    const bool one_sum = spec_.policy != Policy::full && spec_.policy != Policy::broadcast &&
                         spec_.policy != Policy::gossip;
    answer.delivered = static_cast<std::uint32_t>(one_sum ? 1 : count - (own_inside ? 1 : 0));
    if (!one_sum) counts.paths += used_others;
    return answer;
}

AnswerRecord Bucket::answer_capped(const QuestionRecord& question, RoundCounts& counts) {
    const Copy& copy = copy_of(question.replica, false);
    const std::size_t at = place_of(copy.packets, question.site);
    const bool own_inside = holds(copy.packets, question.site);
    const std::size_t others = copy.packets.size() - (own_inside ? 1 : 0);
    std::vector<Packet> packets;
    std::size_t own_at = 0;
    const auto add_own = [&] {
        own_at = packets.size();
        packets.push_back(own_of(question));
    };
    bool added = false;
    for (const std::size_t pick : chosen_packets(spec_, question.site, round_, others)) {
        const Packet& packet = copy.packets[own_inside && pick >= at ? pick + 1 : pick];
        if (!added && packet.from > question.site) {
            add_own();
            added = true;
        }
        packets.push_back(packet);
    }
    if (!added) add_own();
    const Judgement judgement = judge(spec_, world_, packets);
    judgement.count_into(counts);
    AnswerRecord answer = answer_of(question, spec_.synthesis, judgement.summary);
    answer.delivered = static_cast<std::uint32_t>(packets.size() - 1);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        if (i == own_at || !judgement.keeps(i)) continue;
        ++counts.paths;
        read_.push_back(pair_of(question.site, packets[i].from));
    }
    return answer;
}

bool Bucket::whole(std::span<const QuestionRecord> questions) const {
    if (questions.size() != deposits_.size()) return false;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (questions[i].site != deposits_[i].site) return false;
    }
    return std::ranges::all_of(copies_, [&](const Copy& copy) {
        return copy.packets.empty() ||
               (copy.packets.size() == deposits_.size() && copy.judgement->kept.empty());
    });
}

void Bucket::count_pairs(std::span<const QuestionRecord> questions, RoundCounts& counts) {
    if (whole(questions)) {
        const auto count = std::ssize(deposits_);
        counts.pairs += count * (count - 1) / 2;
        std::vector<std::uint32_t> problems;
        for (const DepositRecord& deposit : deposits_) problems.push_back(deposit.problem);
        counts.useful += equal_pairs(std::move(problems));
        return;
    }
    // A pair counts once, where the reader with the smaller number is, or where that one read
    // nothing of the other.
    const auto reads = [&](const QuestionRecord& question, Site from) {
        const Copy& copy = copies_[question.replica];
        const std::size_t at = place_of(copy.packets, from);
        return at < copy.packets.size() && copy.packets[at].from == from &&
               copy.judgement->keeps(at);
    };
    for (const QuestionRecord& question : questions) {
        const Copy& copy = copies_[question.replica];
        for (std::size_t i = 0; i < copy.packets.size(); ++i) {
            const Site from = copy.packets[i].from;
            if (from == question.site || !copy.judgement->keeps(i)) continue;
            if (from < question.site) {
                const auto other =
                    std::ranges::lower_bound(questions, from, {}, &QuestionRecord::site);
                const bool asked = other != questions.end() && other->site == from;
                if (asked && reads(*other, question.site)) continue;
            }
            ++counts.pairs;
            counts.useful += world_.problem(from) == question.problem ? 1 : 0;
        }
    }
}

std::vector<AnswerRecord> Bucket::answer(std::span<const QuestionRecord> questions,
                                         RoundCounts& counts) {
    std::vector<AnswerRecord> answers;
    answers.reserve(questions.size());
    if (spec_.policy == Policy::cap) {
        for (const QuestionRecord& question : questions) {
            answers.push_back(answer_capped(question, counts));
        }
        std::ranges::sort(read_);
        const auto repeated = std::ranges::unique(read_);
        read_.erase(repeated.begin(), repeated.end());
        counts.pairs += std::ssize(read_);
        for (const std::uint64_t pair : read_) {
            const auto high = static_cast<Site>(pair), low = static_cast<Site>(pair >> 32);
            counts.useful += world_.problem(low) == world_.problem(high) ? 1 : 0;
        }
        return answers;
    }
    const std::int64_t before = counts.paths;
    for (const QuestionRecord& question : questions) {
        answers.push_back(answer_from_all(question, counts));
    }
    if (counts.paths != before) count_pairs(questions, counts);
    return answers;
}

void Bucket::deliver(std::span<const QuestionRecord> questions,
                     std::vector<DeliveryRecord>& out) const {
    std::vector<std::vector<Packet>> copies(copies_.size());
    for (const QuestionRecord& question : questions) {
        std::vector<Packet>& packets = copies[question.replica];
        if (packets.empty()) packets = packets_of(question.replica);
        const std::size_t at = place_of(packets, question.site);
        const bool own_inside = holds(packets, question.site);
        const std::size_t others = packets.size() - (own_inside ? 1 : 0);
        const auto send = [&](std::size_t pick) {
            const Packet& packet = packets[own_inside && pick >= at ? pick + 1 : pick];
            out.push_back({question.site, packet.from, packet.mean, packet.weight});
        };
        if (spec_.policy == Policy::cap) {
            for (const std::size_t pick : chosen_packets(spec_, question.site, round_, others)) {
                send(pick);
            }
        } else {
            for (std::size_t pick = 0; pick < others; ++pick) send(pick);
        }
    }
}

}  // namespace motley::swarm
