// Adds up a round over all ranks.
#include <algorithm>
#include <bit>
#include <cmath>

#include "motley/core/expect.hpp"
#include "motley/core/quantile_sketch.hpp"
#include "motley/core/random.hpp"
#include "motley/swarm/knowledge/discovery.hpp"
#include "swarm_impl.hpp"

namespace motley::swarm {
namespace {

enum Sum { error, own_error, late_error, bias, claimed, precision, information, sum_count };

double ratio(double sum, std::int64_t count) {
    return count > 0 ? sum / static_cast<double>(count) : std::nan("");
}

/// Gini coefficient of `sites` loads, of which those that are not 0 are given.
double gini_of(std::vector<double> loads, double sites) {
    std::ranges::sort(loads);
    double sum = 0.0, ranked = 0.0;
    const double idle = sites - static_cast<double>(loads.size());
    for (std::size_t i = 0; i < loads.size(); ++i) {
        sum += loads[i];
        ranked += (idle + static_cast<double>(i + 1)) * loads[i];
    }
    return sum > 0.0 ? 2.0 * ranked / (sites * sum) - (sites + 1.0) / sites : 0.0;
}

void add_loads(const std::vector<LoadRecord>& own, const SitePart& part,
               const mpi::Communicator& comm, double sites, RoundResult& result) {
    std::vector<std::vector<LoadRecord>> send(static_cast<std::size_t>(comm.size()));
    for (const LoadRecord& load : own) {
        send[static_cast<std::size_t>(part.owner(load.holder))].push_back(load);
    }
    std::vector<LoadRecord> loads = comm.exchange(send);
    std::ranges::sort(loads, {}, &LoadRecord::holder);
    std::vector<double> served;
    for (std::size_t begin = 0, end = 0; begin < loads.size(); begin = end) {
        std::int64_t bytes = 0, packets = 0;
        for (; end < loads.size() && loads[end].holder == loads[begin].holder; ++end) {
            bytes += loads[end].served;
            packets += loads[end].stored;
        }
        served.push_back(static_cast<double>(bytes));
        result.hottest_served = std::max(result.hottest_served, bytes);
        result.hottest_stored = std::max(result.hottest_stored, packets * packet_bytes);
    }
    result.hottest_served = comm.max(result.hottest_served);
    result.hottest_stored = comm.max(result.hottest_stored);
    const std::vector<double> all = comm.gather(served);
    result.load_gini = comm.broadcast(comm.root() ? gini_of(all, sites) : 0.0);
}

/// The 99 % quantile of numbers on all ranks.
double p99_of(const std::vector<std::int64_t>& values, const mpi::Communicator& comm) {
    QuantileSketch sketch;
    for (const std::int64_t value : values) sketch.add(static_cast<double>(value));
    QuantileSketch all;
    all.merge(comm.all_gather(sketch.packed()));
    constexpr double p99 = 0.99;
    return all.quantile(p99);
}

std::uint64_t mix_opinion(Site site, const Opinion& opinion, std::uint32_t used) {
    return mixed(std::bit_cast<std::uint64_t>(opinion.mean), site, used) ^
           mixed(std::bit_cast<std::uint64_t>(opinion.variance), site, 7);
}

}  // namespace

RoundResult Swarm::Impl::finish() {
    RoundResult result;
    std::vector<ExactSum> sums(sum_count + use_classes);
    std::array<std::int64_t, 2 * use_classes> classes{};
    std::vector<std::vector<std::uint32_t>> problems(static_cast<std::size_t>(comm.size()));
    for (std::size_t i = 0; i < opinions.size(); ++i) {
        const Site site = part.own()[i];
        const std::uint32_t problem = world.problem(site);
        if (together < 0) problems[problem % problems.size()].push_back(problem);
        result.checksum ^= mix_opinion(site, opinions[i], used[i]);
        if (!world.honest(site)) continue;
        sums[information].add(evidence[i].weight);
        if (is_away(site)) continue;
        const double truth = world.truth(site);
        const double off = opinions[i].mean - truth, own_off = evidence[i].mean - truth;
        ++counts.judged;
        sums[error].add(off * off);
        sums[own_error].add(own_off * own_off);
        sums[bias].add(off);
        sums[claimed].add(opinions[i].variance);
        sums[precision].add(1.0 / opinions[i].variance);
        if (world.late(site)) {
            ++counts.late;
            sums[late_error].add(off * off);
        }
        const auto packets = std::max<std::uint32_t>(1, used[i]);
        const auto row = static_cast<std::size_t>(std::bit_width(packets) - 1);
        ++classes[row];
        classes[use_classes + row] += packets;
        sums[sum_count + row].add(off * off);
    }
    if (together < 0) together = equal_pairs(comm.exchange(problems));
    counts.together = together;
    comm.sum(counts.all());
    comm.sum(std::span<ExactSum>(sums));
    comm.sum(std::span<std::int64_t>(classes));
    MOTLEY_EXPECT(counts.paths <= counts.delivered, "a path is a packet that was delivered");
    result.counts = counts;
    result.most_hops = comm.max(most_hops);
    result.steps = comm.max(steps);
    result.largest_bucket = comm.max(largest_bucket);
    add_loads(loads, part, comm, static_cast<double>(spec.sites), result);
    result.bytes_p99 = p99_of(caused, comm);
    result.error = ratio(sums[error].value(), counts.judged);
    result.own_error = ratio(sums[own_error].value(), counts.judged);
    result.late_error = ratio(sums[late_error].value(), counts.late);
    result.bias = ratio(sums[bias].value(), counts.judged);
    result.claimed = ratio(sums[claimed].value(), counts.judged);
    result.precision = sums[precision].value();
    result.information = sums[information].value();
    for (std::size_t c = 0; c < use_classes; ++c) {
        result.class_sites[c] = classes[c];
        result.class_packets[c] = classes[use_classes + c];
        result.class_error[c] = ratio(sums[sum_count + c].value(), classes[c]);
    }
    const std::uint64_t own = result.checksum;
    result.checksum = 0;
    for (const std::uint64_t one : comm.all_gather(own)) result.checksum ^= one;
    return result;
}

void Swarm::Impl::discover() {
    const bool alone = !uses_keys(spec.policy);
    const Reading reading = spec.policy == Policy::cap ? Reading::some : Reading::all;
    const auto add = [&](const Discovery& found) {
        counts.trials += found.trials;
        counts.duplicates += found.duplicates;
        steps = std::max(steps, found.rounds);
    };
    if (alone) {
        for (const Site site : part.own()) {
            const Site one[] = {site};
            add(motley::swarm::discover(spec.discovery, spec.seed,
                                        mixed(spec.seed, 0, world.problem(site)), one,
                                        Reading::nothing, 0));
        }
        return;
    }
    std::vector<Site> sites;
    for_each_key([&](std::span<const DepositRecord> stored, std::span<const QuestionRecord>) {
        sites.clear();
        for (const DepositRecord& deposit : stored) sites.push_back(deposit.site);
        if (sites.empty()) return;
        add(motley::swarm::discover(spec.discovery, spec.seed, stored.front().key, sites, reading,
                                    spec.cap));
    });
}

}  // namespace motley::swarm
