#include "motley/swarm/knowledge/discovery.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "motley/core/random.hpp"

namespace motley::swarm {
namespace {

using Flags = std::vector<std::uint8_t>;

class Search {
  public:
    Search(const DiscoverySpec& spec, std::uint64_t seed, std::uint64_t problem,
           std::span<const std::uint32_t> sites, Reading reading, std::int64_t cap)
        : spec_(spec),
          seed_(seed),
          sites_(sites),
          reading_(reading),
          cap_(static_cast<std::uint64_t>(cap)),
          approaches_(static_cast<std::size_t>(spec.approaches)),
          works_(Random(seed, Stream::problem, problem).below(approaches_, 8)),
          order_(approaches_, seed, Stream::problem, problem),
          known_(sites.size(), Flags(approaches_)),
          done_(sites.size()),
          last_(sites.size()),
          tried_(approaches_),
          told_(approaches_) {}

    Discovery operator()() {
        const bool together = reading_ == Reading::all;
        while (std::ranges::find(done_, std::uint8_t{0}) != done_.end()) {
            if (together) tell_all();
            if (told_[works_] != 0) break;
            ++out_.rounds;
            try_once();
            if (reading_ == Reading::some) tell_some();
        }
        return out_;
    }

  private:
    /// What was tried `delay` rounds before the last one is known to all.
    void tell_all() {
        const auto delay = static_cast<std::size_t>(spec_.delay);
        if (history_.size() <= delay) return;
        told_ = history_[history_.size() - 1 - delay];
        out_.results_read += std::ssize(sites_);
    }

    /// Each site reads the last results of some others.
    void tell_some() {
        if (sites_.size() < 2) return;
        const std::uint64_t others = sites_.size() - 1;
        for (std::size_t i = 0; i < sites_.size(); ++i) {
            if (done_[i] != 0) continue;
            const Random random(seed_, Stream::retrieval, sites_[i]);
            for (std::uint64_t q = 0; q < std::min(cap_, others); ++q) {
                const auto draw =
                    static_cast<std::uint32_t>(out_.rounds << 20) + static_cast<std::uint32_t>(q);
                std::size_t from = cap_ >= others ? q : random.below(others, draw);
                if (from >= i) ++from;
                known_[i][last_[from]] = 1;
                if (last_[from] == works_) done_[i] = 1;
                ++out_.results_read;
            }
        }
    }

    void try_once() {
        Flags now(approaches_);
        std::vector<std::size_t> open;
        if (spec_.choice == Choice::divided) open = open_to_all();
        std::size_t next = 0;
        for (std::size_t i = 0; i < sites_.size(); ++i) {
            if (done_[i] != 0) continue;
            std::size_t chosen = approaches_;
            if (spec_.choice == Choice::divided && reading_ == Reading::all) {
                if (next == open.size()) continue;
                chosen = open[next++];
            } else {
                chosen = choose(i);
            }
            if (chosen == approaches_) continue;
            ++out_.trials;
            out_.duplicates += tried_[chosen] != 0 || now[chosen] != 0 ? 1 : 0;
            now[chosen] = 1;
            known_[i][chosen] = 1;
            last_[i] = chosen;
            if (chosen == works_) done_[i] = 1;
        }
        for (std::size_t a = 0; a < approaches_; ++a) tried_[a] |= now[a];
        history_.push_back(tried_);
    }

    /// A random approach that site number i does not know; `approaches_` where it knows all.
    std::size_t choose(std::size_t i) {
        std::vector<std::size_t> open;
        for (std::size_t a = 0; a < approaches_; ++a) {
            if (known_[i][a] == 0 && told_[a] == 0) open.push_back(a);
        }
        if (open.empty()) return approaches_;
        const Random random(seed_, Stream::site, (std::uint64_t{1} << 40) + sites_[i]);
        return open[random.below(open.size(), static_cast<std::uint32_t>(out_.rounds))];
    }

    /// Approaches that nobody has tried, in an order that all agree on.
    std::vector<std::size_t> open_to_all() const {
        std::vector<std::size_t> open;
        for (std::size_t a = 0; a < approaches_; ++a) {
            const std::size_t approach = order_(a);
            if (tried_[approach] == 0) open.push_back(approach);
        }
        return open;
    }

    const DiscoverySpec& spec_;
    std::uint64_t seed_;
    std::span<const std::uint32_t> sites_;
    Reading reading_;
    std::uint64_t cap_;
    std::size_t approaches_;
    std::size_t works_;
    Permutation order_;
    std::vector<Flags> known_;  ///< by site: approaches that it knows the result of
    Flags done_;
    std::vector<std::size_t> last_;  ///< by site: what it tried last
    Flags tried_;
    Flags told_;  ///< approaches whose result all know
    std::vector<Flags> history_;
    Discovery out_;
};

}  // namespace

Discovery discover(const DiscoverySpec& spec, std::uint64_t seed, std::uint64_t problem,
                   std::span<const std::uint32_t> sites, Reading reading, std::int64_t cap) {
    return Search(spec, seed, problem, sites, reading, cap)();
}

}  // namespace motley::swarm
