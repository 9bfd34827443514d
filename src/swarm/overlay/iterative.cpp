// Lookups that the searching site steers itself, as in the paper of Kademlia.
#include <algorithm>
#include <bit>
#include <set>

#include "motley/swarm/overlay/overlay.hpp"

namespace motley::swarm {
namespace {

class Search {
  public:
    Search(const Overlay& overlay, Site from, std::uint64_t key)
        : overlay_(overlay), from_(from), key_(key) {
        learn(from);
    }

    /// The closest known sites that were not asked, at most `count`, among the k closest known.
    std::vector<Site> candidates(int count) const {
        std::vector<Site> out;
        int seen = 0;
        for (const auto& [distance, site] : known_) {
            if (seen++ == overlay_.contacts() || std::ssize(out) == count) break;
            if (!asked_.contains(site)) out.push_back(site);
        }
        return out;
    }

    void ask(Site site) {
        asked_.insert(site);
        learn(site);
    }

    bool knows_first(Site site) const { return !known_.empty() && known_.begin()->second == site; }

  private:
    /// Adds the k contacts of `site` that are closest to the key.
    void learn(Site site) {
        const std::uint64_t own = overlay_.id(site);
        const auto k = static_cast<std::size_t>(overlay_.contacts());
        near_.clear();
        const std::uint64_t differs = own ^ key_;
        const int at = differs == 0 ? -1 : 63 - std::countl_zero(differs);
        if (at >= 0) add_bucket(site, at);
        for (int bit = at - 1; bit >= 0 && near_.size() < k; --bit) {
            if (overlay_.subtree(own, bit + 1).size() <= 1) break;
            add_bucket(site, bit);
        }
        for (int bit = at + 1; bit < 64 && near_.size() < k; ++bit) add_bucket(site, bit);
        const auto nearer = [&](Site a, Site b) { return distance(a) < distance(b); };
        std::ranges::sort(near_, nearer);
        if (near_.size() > k) near_.resize(k);
        for (const Site each : near_) {
            if (each != from_) known_.insert({distance(each), each});
        }
    }

    void add_bucket(Site site, int bit) {
        const std::uint64_t other = overlay_.id(site) ^ (std::uint64_t{1} << bit);
        overlay_.bucket(site, overlay_.subtree(other, bit), bit, bucket_);
        near_.insert(near_.end(), bucket_.begin(), bucket_.end());
    }

    std::uint64_t distance(Site site) const { return overlay_.id(site) ^ key_; }

    const Overlay& overlay_;
    Site from_;
    std::uint64_t key_;
    std::set<std::pair<std::uint64_t, Site>> known_;
    std::set<Site> asked_;
    std::vector<Site> near_, bucket_;
};

}  // namespace

IterativeLookup iterate(const Overlay& overlay, Site from, std::uint64_t key, int parallel,
                        Wanted wanted, std::span<const Site> holders) {
    IterativeLookup lookup;
    Search search(overlay, from, key);
    const auto holds = [&](Site site) { return std::ranges::find(holders, site) != holders.end(); };
    for (;;) {
        const std::vector<Site> next = search.candidates(parallel);
        if (next.empty()) break;
        ++lookup.rounds;
        for (const Site site : next) {
            ++lookup.requests;
            search.ask(site);
            if (wanted == Wanted::value && holds(site)) lookup.found = true;
        }
        if (lookup.found) return lookup;
    }
    const Site first = overlay.closest(key);
    if (wanted == Wanted::closest) lookup.found = first == from || search.knows_first(first);
    return lookup;
}

}  // namespace motley::swarm
