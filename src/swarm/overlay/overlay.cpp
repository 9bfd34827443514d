#include "motley/swarm/overlay/overlay.hpp"

#include <algorithm>
#include <bit>
#include <bitset>
#include <cmath>
#include <numeric>

#include "motley/core/expect.hpp"
#include "motley/core/random.hpp"

namespace motley::swarm {
namespace {

/// Larger subtrees than this give `contacts` draws that are distinct but for a share of 1e-3.
constexpr std::uint64_t large_subtree = std::uint64_t{1} << 17;

int highest_bit(std::uint64_t number) {
    return id_bits - 1 - std::countl_zero(number);
}

/// All bits above `bit` and that one are kept.
std::uint64_t prefix(std::uint64_t key, int bit) {
    return (key >> bit) << bit;
}

/// The bits with number `i` of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014) from `state`:
/// all contacts of a bucket follow from one draw, because they are the inner loop of all lookups.
std::uint64_t bits_of(std::uint64_t state, std::uint64_t i) {
    std::uint64_t x = state + (i + 1) * 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// Draw number `i`: a site of the range. Halves of the product, so that compilers draw several.
Site site_of(std::uint64_t state, std::uint64_t i, SiteRange range) {
    const std::uint64_t bits = bits_of(state, i), size = range.size();
    constexpr std::uint64_t half = 0xffffffff;
    return range.begin +
           static_cast<Site>(((bits >> 32) * size + (((bits & half) * size) >> 32)) >> 32);
}

/// Times that a message is lost before it arrives.
int losses(double loss, double uniform) {
    if (loss <= 0.0) return 0;
    return static_cast<int>(std::log(uniform) / std::log(loss));
}

}  // namespace

Overlay::Overlay(std::int64_t sites, int contacts, std::uint64_t seed)
    : contacts_(contacts), seed_(seed), ids_(static_cast<std::size_t>(sites)) {
    MOTLEY_EXPECT(sites >= 1 && contacts >= 1 && contacts <= most_contacts,
                  "an overlay has sites and contacts");
    for (std::size_t i = 0; i < ids_.size(); ++i) {
        ids_[i] = Random(seed, Stream::overlay, i).bits(0);
    }
    std::ranges::sort(ids_);
    for (std::size_t i = 1; i < ids_.size(); ++i) {
        if (ids_[i] <= ids_[i - 1]) ids_[i] = ids_[i - 1] + 1;
    }
    constexpr int ids_per_entry_bits = 2;
    const int wide = static_cast<int>(std::bit_width(ids_.size()));
    const int index_bits = std::clamp(wide - ids_per_entry_bits, 1, 30);
    shift_ = id_bits - index_bits;
    first_.assign((std::size_t{1} << index_bits) + 1, static_cast<Site>(ids_.size()));
    for (std::size_t i = ids_.size(); i-- > 0;) first_[ids_[i] >> shift_] = static_cast<Site>(i);
    for (std::size_t e = first_.size() - 1; e-- > 0;)
        first_[e] = std::min(first_[e], first_[e + 1]);
}

Site Overlay::position(std::uint64_t key) const {
    const std::size_t entry = key >> shift_;
    return position_in({first_[entry], first_[entry + 1]}, key);
}

Site Overlay::position(std::uint64_t key, SiteRange range) const {
    constexpr std::uint64_t few = 16;
    return range.size() > few ? position(key) : position_in(range, key);
}

Site Overlay::position_in(SiteRange range, std::uint64_t key) const {
    const std::uint64_t* ids = ids_.data();
    return static_cast<Site>(std::lower_bound(ids + range.begin, ids + range.end, key) - ids);
}

SiteRange Overlay::subtree(std::uint64_t key, int bit) const {
    const std::uint64_t low = prefix(key, bit);
    const std::uint64_t last = low + ((std::uint64_t{1} << bit) - 1);
    const Site end = last == ~std::uint64_t{0} ? sites() : position(last + 1);
    return {position(low), end};
}

SiteRange Overlay::sibling(Site from, std::uint64_t key) const {
    return subtree(key, highest_bit(ids_[from] ^ key));
}

Site Overlay::closest(std::uint64_t key) const {
    // The smallest subtree around the key that has sites, of those that the index knows, holds it.
    SiteRange range;
    for (int bit = shift_; bit < id_bits && range.size() == 0; ++bit) {
        const std::size_t entry = prefix(key, bit) >> shift_;
        const std::size_t entries = std::size_t{1} << (bit - shift_);
        range = {first_[entry], first_[entry + entries]};
    }
    if (range.size() == 0) range = {0, sites()};
    Site best = range.begin;
    for (Site site = range.begin; site < range.end; ++site) {
        if ((ids_[site] ^ key) < (ids_[best] ^ key)) best = site;
    }
    return best;
}

std::vector<Site> Overlay::closest(std::uint64_t key, std::size_t count) const {
    count = std::min(count, ids_.size());
    SiteRange range{closest(key), 0};
    range.end = range.begin + 1;
    // The smallest subtree around the closest site that has enough sites holds all of them.
    for (int bit = 0; bit < id_bits && range.size() < count; ++bit) {
        range = subtree(ids_[range.begin], bit);
        if (range.size() >= count) break;
    }
    if (range.size() < count) range = {0, sites()};
    std::vector<Site> found(range.size());
    std::iota(found.begin(), found.end(), range.begin);
    const auto nearer = [&](Site a, Site b) { return (ids_[a] ^ key) < (ids_[b] ^ key); };
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(count), nearer);
    found.resize(count);
    return found;
}

void Overlay::bucket(Site from, SiteRange range, int bit, std::vector<Site>& out) const {
    out.clear();
    if (range.size() <= static_cast<std::uint64_t>(contacts_)) {
        for (Site site = range.begin; site < range.end; ++site) out.push_back(site);
        return;
    }
    const Random random(seed_, Stream::overlay, (std::uint64_t{1} << 32) + from);
    const std::uint64_t state = random.bits(static_cast<std::uint32_t>(bit));
    const auto count = static_cast<std::size_t>(contacts_);
    out.resize(count);
    for (std::size_t i = 0; i < count; ++i) out[i] = site_of(state, i, range);
    if (range.size() >= large_subtree) return;
    std::bitset<256> drawn;  // by the lowest bits of a site: false where it was not drawn
    std::size_t distinct = 0;
    for (std::size_t i = 0; distinct < count; ++i) {
        const Site site = i < count ? out[i] : site_of(state, i, range);
        const std::size_t mark = site % drawn.size();
        const auto end = out.begin() + static_cast<std::ptrdiff_t>(distinct);
        if (drawn[mark] && std::find(out.begin(), end, site) != end) continue;
        drawn.set(mark);
        out[distinct++] = site;
    }
}

bool Overlay::step(Site& at, Site target, const Conditions& conditions, Lookup& lookup) const {
    const std::uint64_t aim = ids_[target];
    const int bit = highest_bit(ids_[at] ^ aim);
    const SiteRange range = subtree(aim, bit);
    if (range.size() <= static_cast<std::uint64_t>(contacts_)) {
        at = target;
        return true;
    }
    thread_local std::vector<Site> known;
    bucket(at, range, bit, known);
    const auto nearer = [&](Site a, Site b) { return (ids_[a] ^ aim) < (ids_[b] ^ aim); };
    if (conditions.away.empty()) {
        at = *std::ranges::min_element(known, nearer);
        return true;
    }
    std::ranges::sort(known, nearer);
    for (const Site site : known) {
        if (conditions.away[site] == 0) {
            at = site;
            return true;
        }
        ++lookup.timeouts;
    }
    return false;
}

Lookup Overlay::walk(Site from, Site target, const Conditions& conditions,
                     std::uint32_t draw) const {
    thread_local std::vector<Site> path;
    return walk(from, target, conditions, draw, path);
}

Lookup Overlay::walk(Site from, Site target, const Conditions& conditions, std::uint32_t draw,
                     std::vector<Site>& path) const {
    constexpr std::uint32_t most_hops = 256;
    path.clear();
    Lookup lookup;
    const Random random(seed_, Stream::loss, from);
    Site at = from;
    while (at != target) {
        if (!step(at, target, conditions, lookup)) return lookup;
        path.push_back(at);
        ++lookup.hops;
        if (conditions.loss > 0.0) {
            const auto number = draw * most_hops + static_cast<std::uint32_t>(lookup.hops);
            lookup.resent += losses(conditions.loss, random.uniform(number));
        }
    }
    lookup.found = true;
    return lookup;
}

}  // namespace motley::swarm
