// Which claims on outcome routing hold in a study, by which numbers, and why.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "motley/swarm/knowledge/theory.hpp"
#include "phases.hpp"

namespace motley::swarm {
namespace {

/// The slope between the two largest sizes, where small swarms have no say, is taken for the
/// exponent of a claim within this distance.
constexpr double near = 0.1;

class Judge {
  public:
    Judge(const job::Swarm& job, SwarmStudy& study) : job_(job), study_(study) {
        for (const CellResult& cell : study.cells) most_ = std::max(most_, cell.spec.sites);
    }

    void operator()() {
        judge_count();
        judge_pairs();
        judge_lookups();
        judge_reading();
        judge_knowledge();
        judge_pooling();
        judge_average();
        judge_sums();
        judge_calibration();
        judge_discovery();
        judge_complementarity();
        judge_lies();
    }

  private:
    /// The cell of the largest size and the first setting of a policy; null: it was not run.
    const CellResult* cell_of(Policy policy) const {
        for (const CellResult& cell : study_.cells) {
            if (cell.policy == policy && cell.spec.sites == most_) return &cell;
        }
        return nullptr;
    }

    const Growth* growth_of(Policy policy, const char* measure) const {
        for (const Growth& growth : study_.growth) {
            if (growth.policy == policy && growth.measure == measure) return &growth;
        }
        return nullptr;
    }

    std::string text_of(const Growth& growth) const {
        return fmt::format("{}: N^{:.3f} [{:.3f}, {:.3f}], N^{:.3f} at last",
                           label_of(job_, growth.policy, growth.op, growth.variant),
                           growth.exponent.mean, growth.exponent.low, growth.exponent.high,
                           growth.last);
    }

    /// The laws of a measure in all settings.
    std::vector<const Growth*> laws_of(const char* measure) const {
        std::vector<const Growth*> laws;
        for (const Growth& growth : study_.growth) {
            if (growth.measure == measure) laws.push_back(&growth);
        }
        return laws;
    }

    /// The exponents of a measure in all settings, or in the first ones.
    std::string exponents_of(const char* measure, std::optional<Operator> op = {}) const {
        constexpr std::size_t most_told = 12;
        std::string text;
        std::size_t told = 0;
        for (const Growth* growth : laws_of(measure)) {
            if (op && growth->op != *op) continue;
            if (told++ == most_told) return text + "; ...";
            text += (text.empty() ? "" : "; ") + text_of(*growth);
        }
        return text;
    }

    void say(std::string claim, std::string verdict, std::string evidence, std::string mechanism) {
        study_.claims.push_back(
            {std::move(claim), std::move(verdict), std::move(evidence), std::move(mechanism)});
    }

    void judge_count() {
        std::string realised;
        double largest = 0.0;
        for (const Policy policy : job_.policies) {
            const CellResult* cell = cell_of(policy);
            const double share = cell->at("pair_share").mean;
            largest = std::max(largest, share);
            realised += fmt::format("; {}: {:.4g} pairs, {:.3g} of all", name_of(policy),
                                    cell->at("pairs").mean, share);
        }
        constexpr double nearly_all = 0.999;
        say("N sites have N (N - 1) / 2 synthesis paths",
            largest > nearly_all ? "holds for one problem that all read" : "holds as a count only",
            fmt::format("at {} sites {:.6g} pairs are possible{}", most_,
                        pairs_of(static_cast<double>(most_)), realised),
            "it counts possible pairs: a pair is real only where both sites have the same key and "
            "one reads the packet of the other");
    }

    void judge_pairs() {
        const std::string exponents = exponents_of("pairs");
        if (exponents.empty()) return;
        bool all = true, any = false;
        for (const Growth* growth : laws_of("pairs")) {
            const bool square = std::abs(growth->last - 2.0) <= near;
            all = all && square;
            any = any || square;
        }
        say("synthesis paths grow quadratically",
            all   ? "holds"
            : any ? "holds in part"
                  : "fails",
            exponents,
            "pairs are N^(2 - g) over the effective number of problems where all packets of a key "
            "are read and problems grow as N^g. A cap of K packets makes them N K; sums of holders "
            "have no pairs at all");
    }

    void judge_lookups() {
        if (!study_.hops) return;
        const HopGrowth& hops = *study_.hops;
        constexpr double tolerance = 0.02;
        const bool holds = std::abs(hops.slope.mean - hops.expected) <= tolerance;
        say("the cost of finding others grows logarithmically", holds ? "holds" : "fails",
            fmt::format("hops = {:.4f} log2 N {:+.3f}, R2 = {:.4f}; expected slope {:.4f}; within "
                        "{:.3f} hops of the recursion at every size",
                        hops.slope.mean, hops.start, hops.r2, hops.expected, hops.worst_gap),
            "each hop fixes a constant number of bits of the id, 1 + sum of 1 - (1 - 2^-j)^k");
    }

    void judge_reading() {
        const std::string exponents = exponents_of("bytes_per_site");
        if (exponents.empty()) return;
        bool fails = false;
        for (const Policy policy : {Policy::full, Policy::broadcast, Policy::gossip}) {
            const Growth* growth = growth_of(policy, "bytes_per_site");
            fails = fails || (growth != nullptr && growth->last > near);
        }
        say("the cost of coordination of a site grows logarithmically",
            fails ? "fails where packets are read one by one" : "holds", "bytes: " + exponents,
            "a path is a packet that was delivered: N^2 paths are N packets for each site. Where a "
            "cap or a sum limits what is read, only lookups grow");
    }

    void judge_knowledge() {
        const CellResult* none = cell_of(Policy::none);
        std::string text;
        const CellResult* best = nullptr;
        for (const Policy policy : job_.policies) {
            const CellResult* cell = cell_of(policy);
            const double error = cell->at("error").mean;
            text += fmt::format("{}{}: error {:.4g} at {:.6g} B", text.empty() ? "" : "; ",
                                name_of(policy), error, cell->at("bytes_per_site").mean);
            if (best == nullptr || error < best->at("error").mean) best = cell;
        }
        const CellResult* cheap = cell_of(Policy::aggregate);
        const CellResult* full = cell_of(Policy::full);
        if (cheap != nullptr && full != nullptr) {
            const bool same = cheap->at("error").mean == full->at("error").mean;
            say("paths carry the knowledge", same ? "fails" : "holds in part", text,
                same ? "the sum that a holder makes of a key gives the same bits to every reader "
                       "as all its packets: pairs as such add nothing to the mean of a quantity"
                     : "what a holder sums up differs from what a site reads one by one");
        }
        if (none == nullptr || best == none || best == nullptr) return;
        const double before = none->at("error").mean, after = best->at("error").mean;
        say("sites that share interim results know more", after < before ? "holds" : "fails",
            fmt::format("{} at {} sites: error {:.4g} instead of {:.4g} alone",
                        name_of(best->policy), most_, after, before),
            "v (1 - B (1 - 1/m)) with B = v / (v + tau^2) from m packets of one problem: it "
            "saturates at v tau^2 / (v + tau^2), and the m-th packet adds B v / (m (m - 1))");
    }

    /// Where the mean of all packets is taken for the own truth.
    void judge_pooling() {
        std::string text;
        bool harms = false, any = false;
        for (const CellResult& cell : study_.cells) {
            if (cell.op != Operator::mean || cell.spec.sites != most_) continue;
            if (cell.policy == Policy::none || cell.policy == Policy::average) continue;
            if (cell.spec.problems.heterogeneity <= 0.0) continue;
            any = true;
            const double error = cell.at("error").mean, own = cell.at("own_error").mean;
            constexpr double noticed = 1.05;
            harms = harms || error > noticed * own;
            text += fmt::format("{}{}: error {:.4g}, alone {:.4g}", text.empty() ? "" : "; ",
                                label_of(job_, cell.policy, cell.op, cell.variant), error, own);
        }
        if (!any) return;
        say("more packets never harm", harms ? "fails for the mean" : "holds", text,
            "the mean of m packets has error v / m + tau^2 (1 - 1/m) for a site: pooling helps "
            "only where tau^2 < v. The best linear estimate (shrink) never harms");
    }

    void judge_average() {
        const CellResult* average = cell_of(Policy::average);
        const CellResult* none = cell_of(Policy::none);
        if (average == nullptr || none == nullptr) return;
        const double error = average->at("error").mean, alone = none->at("error").mean;
        say("one mean of all sites is no substitute for routing by problem",
            error > alone ? "holds" : "fails",
            fmt::format("average: error {:.4g}, alone {:.4g}", error, alone),
            "the mean mixes problems: its error is their variance (1 - 1 / C)");
    }

    void judge_sums() {
        // The mean of all claims more than it knows where sites differ.
        const std::string sums = exponents_of("precision_sum", Operator::shrink);
        if (sums.empty()) return;
        const auto laws = laws_of("precision_sum");
        const bool square = std::ranges::any_of(laws, [](const Growth* growth) {
            return growth->op == Operator::shrink && growth->last > 2.0 - near;
        });
        say("knowledge grows quadratically", square ? "holds for the sum over sites only" : "fails",
            "sum of the precisions of sites: " + sums + "; distinct observations: N^1",
            "the sum counts the same N observations at each of N sites; distinct information and "
            "the error that is removed grow with N, and with tau > 0 so does the sum");
    }

    void judge_calibration() {
        const CellResult* cell = cell_of(job_.policies.back());
        if (job_.spec.synthesis.deposit != Deposit::posterior) return;
        const double calibration = cell->at("calibration").mean;
        constexpr double twice = 2.0;
        say("what sites conclude can be published again", calibration > twice ? "fails" : "holds",
            fmt::format("error over claimed variance: {:.4g}", calibration),
            "a posterior holds the evidence of others; published again it is counted again, m "
            "times "
            "in every round");
    }

    void judge_discovery() {
        if (job_.spec.task != TaskKind::discovery) return;
        std::string text;
        bool saves = false;
        for (const Policy policy : job_.policies) {
            const CellResult* cell = cell_of(policy);
            const double avoided = cell->at("trials_avoided").mean;
            constexpr double noticed = 0.05;
            saves = saves || avoided > noticed;
            text += fmt::format("{}{}: {:.4g} trials, {:.3g} avoided", text.empty() ? "" : "; ",
                                name_of(policy), cell->at("trials").mean, avoided);
        }
        const std::string growth = exponents_of("trials_saved");
        say("without routing sites repeat each other's work", saves ? "holds" : "fails",
            text + (growth.empty() ? "" : "; saved trials: " + growth),
            "m sites alone make m (A + 1) / 2 trials; one trial of each approach is enough for "
            "all, so that at most 1 - 1/m is avoided: linear in N");
    }

    void judge_complementarity() {
        if (job_.spec.task != TaskKind::complementarity) return;
        const std::string worth = exponents_of("worth"), bytes = exponents_of("worth_per_megabyte");
        if (worth.empty()) return;
        const Growth* full = growth_of(Policy::full, "worth");
        const bool square = full != nullptr && std::abs(full->last - 2.0) <= near;
        say("value that lies in pairs grows quadratically", square ? "holds" : "fails",
            "worth: " + worth + "; worth per byte: " + bytes,
            "each pair has a worth that no single site has, so that worth follows the pairs; its "
            "price is a packet for each path, N for each site. Sums have no pairs and no worth");
    }

    static bool lies_not(const Spec& spec) { return spec.adversaries.attack == Attack::silent; }

    void judge_lies() {
        std::string text;
        bool biased = false, any = false;
        for (const CellResult& cell : study_.cells) {
            if (cell.spec.sites != most_ || cell.spec.adversaries.share <= 0.0) continue;
            if (cell.policy == Policy::none || lies_not(cell.spec)) continue;
            any = true;
            const double rejected = cell.at("lies_rejected").mean;
            const double bias = cell.at("bias").mean;
            constexpr double noticed = 0.1;
            biased = biased || std::abs(bias) > noticed * cell.spec.evidence.noise;
            constexpr std::size_t most_text = 1500;
            if (text.size() > most_text) continue;
            text += fmt::format("{}{}: bias {:.3g}", text.empty() ? "" : "; ",
                                label_of(job_, cell.policy, cell.op, cell.variant), bias);
            if (std::isfinite(rejected)) text += fmt::format(", {:.3g} of the lies out", rejected);
        }
        if (!any) return;
        say("false packets are kept out", biased ? "fails" : "holds", text,
            fmt::format("lies in the range of truths cannot be told: the median moves by "
                        "Phi^-1(0.5 / (1 - f)) standard deviations, and a rejection by k = {:g} of "
                        "them rejects no liar of a share above {:.3g}",
                        job_.spec.synthesis.sigmas, rejection_limit(job_.spec.synthesis.sigmas)));
    }

    const job::Swarm& job_;
    SwarmStudy& study_;
    std::int64_t most_ = 0;
};

}  // namespace

void add_claims(const job::Swarm& job, SwarmStudy& study) {
    Judge(job, study)();
}

}  // namespace motley::swarm
