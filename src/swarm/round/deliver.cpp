// Readers that choose among the packets that they get: several tables, or a threshold.
#include <algorithm>

#include "swarm_impl.hpp"

namespace motley::swarm {

void Swarm::Impl::deliver() {
    std::vector<std::vector<DeliveryRecord>> send(static_cast<std::size_t>(comm.size()));
    std::vector<DeliveryRecord> out;
    std::vector<AnswerRecord> receipts;
    for_each_key([&](std::span<const DepositRecord> stored, std::span<const QuestionRecord> asked) {
        if (!stored.empty()) ++counts.buckets;
        largest_bucket = std::max<std::int64_t>(largest_bucket, std::ssize(stored));
        const Bucket bucket(spec, world, round, stored);
        out.clear();
        bucket.deliver(asked, out);
        for (const DeliveryRecord& record : out) {
            if (loses_answer(record.reader)) continue;
            send[static_cast<std::size_t>(part.owner(record.reader))].push_back(record);
        }
        for (const QuestionRecord& question : asked) {
            ++(loses_answer(question.site) ? counts.unanswered : counts.answered);
        }
        counts.delivered += std::ssize(out);
        if (!out.empty()) {
            loads.push_back({asked.front().holder, static_cast<std::uint32_t>(stored.size()),
                             std::ssize(out) * packet_bytes});
        }
    });
    std::vector<DeliveryRecord> packets = comm.exchange(send);
    std::ranges::sort(packets, [](const DeliveryRecord& a, const DeliveryRecord& b) {
        return a.reader != b.reader ? a.reader < b.reader : a.from < b.from;
    });
    // Pairs are counted on the rank of the site with the smaller number.
    std::vector<std::vector<std::uint64_t>> pairs(static_cast<std::size_t>(comm.size()));
    std::vector<Packet> list;
    for (std::size_t begin = 0, end = 0; begin < packets.size(); begin = end) {
        const Site reader = packets[begin].reader;
        const std::size_t i = part.local(reader);
        list.clear();
        for (; end < packets.size() && packets[end].reader == reader; ++end) {
            const DeliveryRecord& record = packets[end];
            charge(i, 0, packet_bytes);
            const bool known = !list.empty() && list.back().from == record.from;
            if (known) continue;
            if (spec.keys.threshold > -1.0 &&
                world.similarity(reader, record.from) < spec.keys.threshold) {
                continue;
            }
            list.push_back({record.from, record.mean, record.weight});
        }
        const auto at = std::ranges::lower_bound(list, reader, {}, &Packet::from);
        const std::size_t own = static_cast<std::size_t>(at - list.begin());
        list.insert(at, evidence[i]);
        const Judgement judgement = judge(spec, world, list);
        judgement.count_into(counts);
        opinions[i] = opinion_of(spec.synthesis, evidence[i], judgement.summary);
        used[i] = static_cast<std::uint32_t>(judgement.summary.used);
        for (std::size_t p = 0; p < list.size(); ++p) {
            if (p == own || !judgement.keeps(p)) continue;
            ++counts.paths;
            const Site low = std::min(reader, list[p].from), high = std::max(reader, list[p].from);
            pairs[static_cast<std::size_t>(part.owner(low))].push_back((std::uint64_t{low} << 32) |
                                                                       high);
        }
    }
    std::vector<std::uint64_t> all = comm.exchange(pairs);
    std::ranges::sort(all);
    const auto repeated = std::ranges::unique(all);
    all.erase(repeated.begin(), repeated.end());
    counts.pairs += std::ssize(all);
    for (const std::uint64_t pair : all) {
        const auto low = static_cast<Site>(pair >> 32), high = static_cast<Site>(pair);
        counts.useful += world.problem(low) == world.problem(high) ? 1 : 0;
    }
}

}  // namespace motley::swarm
