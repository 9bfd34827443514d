// The overlay against brute force, the recursion of its hops, and numbers of independent
// prototypes.
#include "motley/swarm/overlay/overlay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "motley/core/random.hpp"
#include "motley/swarm/overlay/hop_theory.hpp"
#include "motley/swarm/overlay/walks_to.hpp"

namespace motley::swarm {
namespace {

struct Line {
    double slope = 0.0, intercept = 0.0, r2 = 0.0;
};

Line fit(const std::vector<double>& x, const std::vector<double>& y) {
    const auto n = static_cast<double>(x.size());
    const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double my = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mx) * (x[i] - mx);
        xy += (x[i] - mx) * (y[i] - my);
        yy += (y[i] - my) * (y[i] - my);
    }
    return {xy / xx, my - mx * xy / xx, xy * xy / (xx * yy)};
}

/// Mean hops over `overlays` draws of the ids, `lookups` each.
double mean_hops(int levels, int contacts, int overlays, std::uint32_t lookups) {
    double sum = 0.0;
    for (int o = 0; o < overlays; ++o) {
        const Overlay overlay(std::int64_t{1} << levels, contacts, 100 + static_cast<unsigned>(o));
        for (std::uint32_t l = 0; l < lookups; ++l) {
            const Random random(7, Stream::test, l);
            const auto from = static_cast<Site>(random.below(overlay.sites(), 0));
            auto to = static_cast<Site>(random.below(overlay.sites() - 1, 1));
            if (to >= from) ++to;
            const Lookup lookup = overlay.walk(from, to, {}, 0);
            EXPECT_TRUE(lookup.found);
            sum += lookup.hops;
        }
    }
    return sum / overlays / lookups;
}

TEST(Overlay, FindsTheClosestSitesThatAllSitesShow) {
    for (const std::int64_t sites : {1, 2, 3, 17, 400}) {
        const Overlay overlay(sites, 3, 5);
        std::vector<Site> all(static_cast<std::size_t>(sites));
        std::iota(all.begin(), all.end(), Site{0});
        for (std::uint64_t i = 0; i < 100; ++i) {
            const std::uint64_t key = Random(3, Stream::test, i).bits(0);
            std::ranges::sort(
                all, [&](Site a, Site b) { return (overlay.id(a) ^ key) < (overlay.id(b) ^ key); });
            EXPECT_EQ(overlay.closest(key), all[0]);
            const std::size_t count = std::min<std::size_t>(all.size(), 1 + i % 25);
            const auto found = overlay.closest(key, count);
            EXPECT_EQ(found, std::vector<Site>(all.begin(), all.begin() + std::ssize(found)));
            EXPECT_EQ(found.size(), count);
        }
    }
}

TEST(Overlay, SubtreesAreTheSitesThatShareAPrefix) {
    const Overlay overlay(300, 4, 9);
    for (int bit = 54; bit < 64; ++bit) {
        const std::uint64_t key = Random(4, Stream::test, 1).bits(static_cast<unsigned>(bit));
        const SiteRange range = overlay.subtree(key, bit);
        std::uint64_t count = 0;
        for (Site s = 0; s < overlay.sites(); ++s) {
            const bool inside = (overlay.id(s) >> bit) == (key >> bit);
            EXPECT_EQ(inside, s >= range.begin && s < range.end);
            count += inside ? 1 : 0;
        }
        EXPECT_EQ(count, range.size());
    }
}

TEST(Overlay, ContactsAreDistinctAndInTheirSubtree) {
    const Overlay overlay(3000, 20, 2);
    std::vector<Site> contacts;
    for (int bit = 63; bit > 50; --bit) {
        const SiteRange range = overlay.subtree(overlay.id(7) ^ (std::uint64_t{1} << bit), bit);
        overlay.bucket(7, range, bit, contacts);
        EXPECT_EQ(contacts.size(), std::min<std::size_t>(20, range.size()));
        EXPECT_EQ(std::set<Site>(contacts.begin(), contacts.end()).size(), contacts.size());
        for (const Site site : contacts) EXPECT_TRUE(site >= range.begin && site < range.end);
    }
}

TEST(Overlay, T06_BitsPerHopAreThoseOfTheClosedForm) {
    EXPECT_NEAR(bits_per_hop(1), 2.0, 1e-12);
    EXPECT_NEAR(bits_per_hop(2), 2.667, 5e-4);
    EXPECT_NEAR(bits_per_hop(4), 3.505, 5e-4);
    EXPECT_NEAR(bits_per_hop(8), 4.421, 5e-4);
    EXPECT_NEAR(bits_per_hop(16), 5.377, 5e-4);
    EXPECT_NEAR(bits_per_hop(20), 5.690, 5e-4);
}

TEST(Overlay, T06_TheRecursionOfTinyTreesIsExact) {
    EXPECT_DOUBLE_EQ(expected_hops(1, 1), 1.0);
    // Four sites, one contact: the target is the sibling (1 hop, one case in three), or one of two
    // in the other half, met with even chances, else one hop further.
    EXPECT_NEAR(expected_hops(2, 1), (1.0 + 2 * 1.5) / 3.0, 1e-12);
    EXPECT_NEAR(expected_hops(2, 20), 1.0, 1e-12);
    EXPECT_NEAR(
        expected_hops_of(6.0, 1),
        expected_hops(2, 1) + (std::log2(6.0) - 2.0) * (expected_hops(3, 1) - expected_hops(2, 1)),
        1e-12);
}

TEST(Overlay, T06_HopsGrowByOneOverBitsPerHopWithEachDoubling) {
    for (const int contacts : {1, 8, 20}) {
        std::vector<double> levels, hops;
        for (int d = 6; d <= 16; ++d) {
            levels.push_back(d);
            hops.push_back(mean_hops(d, contacts, 8, 8000));
            const double tolerance = contacts == 1 ? 0.1 : 0.02;
            EXPECT_NEAR(hops.back(), expected_hops(d, contacts), tolerance) << contacts << d;
        }
        const Line line = fit(levels, hops);
        EXPECT_NEAR(line.slope, 1.0 / bits_per_hop(contacts), 0.01) << contacts;
        EXPECT_GT(line.r2, 0.995) << contacts;
    }
}

TEST(Overlay, T07_OneContactPerBucketNeedsHalfTheLogarithm) {
    // Over many draws of the ids, because their imbalance is shared by all lookups of a draw.
    std::vector<double> levels, hops;
    for (int d = 7; d <= 17; d += 2) {
        levels.push_back(d);
        hops.push_back(mean_hops(d, 1, 8, 2500));
    }
    EXPECT_NEAR(fit(levels, hops).slope, 0.5, 0.01);
    EXPECT_NEAR(hops.back() / levels.back(), 0.5, 0.02 * 0.5);
}

TEST(Overlay, HopsToATargetAreThoseOfTheWalks) {
    // The largest overlay has subtrees in which contacts need not be distinct.
    for (const auto& [sites, contacts] :
         {std::pair{20000, 20}, {300000, 20}, {5000, 255}, {5000, 1}, {1, 1}, {2, 3}}) {
        const Overlay overlay(sites, contacts, 8);
        WalksTo walks(overlay);  // remembers less than is asked
        for (std::uint32_t i = 0; i < 40000; ++i) {
            const Random random(13, Stream::test, i);
            const auto from = static_cast<Site>(random.below(overlay.sites(), 0));
            const auto near = static_cast<Site>(random.below(overlay.sites(), 1) % 7);
            const Site target = i % 2 == 0 ? near : from / 2;
            walks.aim(target);
            ASSERT_EQ(walks.hops(from), overlay.walk(from, target, {}, 0).hops) << sites;
        }
    }
}

TEST(Overlay, AMessageThatIsLostIsSentAgain) {
    const Overlay overlay(4096, 4, 1);
    const Conditions lossy{{}, 0.2};
    double hops = 0, resent = 0;
    for (Site from = 0; from < 4000; ++from) {
        const Lookup lookup = overlay.walk(from, 4095, lossy, 1);
        EXPECT_TRUE(lookup.found);
        hops += lookup.hops;
        resent += lookup.resent;
    }
    EXPECT_NEAR(resent / hops, 0.2 / 0.8, 0.02);  // mean of a geometric number of repetitions
}

TEST(Overlay, ContactsThatAreAwayAreGoneAround) {
    const Overlay overlay(4096, 8, 1);
    std::vector<std::uint8_t> away(4096);
    for (Site s = 0; s < 4096; ++s) {
        away[s] = Random(1, Stream::test, s).uniform(0) < 0.5 ? 1 : 0;
    }
    away[77] = 0;
    std::int64_t found = 0, timeouts = 0, hops = 0;
    std::vector<Site> path;
    for (Site from = 100; from < 4096; ++from) {
        const Lookup lookup = overlay.walk(from, 77, {away, 0.0}, 0, path);
        for (const Site site : path) EXPECT_EQ(away[site], 0);
        found += lookup.found ? 1 : 0;
        timeouts += lookup.timeouts;
        hops += lookup.hops;
    }
    // A bucket without one present contact has chance 2^-8 at each of about 2 hops.
    EXPECT_GT(static_cast<double>(found) / 3996.0, 0.97);
    EXPECT_LT(static_cast<double>(found) / 3996.0, 1.0);
    EXPECT_GT(timeouts, hops / 4);
}

TEST(Overlay, IterativeLookupsSendAsManyRequestsAsThePrototypes) {
    // k = 20, alpha = 3: requests of a node lookup and of a search for a value, at 2^8 ... 2^14.
    const std::array<int, 3> levels = {8, 10, 12};
    const std::array<double, 3> store = {20.3, 21.5, 22.5}, value = {3.0, 4.0, 4.9};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const Overlay overlay(std::int64_t{1} << levels[i], 20, 3);
        double requests = 0, searches = 0, closest = 0;
        constexpr std::uint64_t lookups = 300;
        for (std::uint64_t l = 0; l < lookups; ++l) {
            const Random random(11, Stream::test, l);
            const auto from = static_cast<Site>(random.below(overlay.sites(), 0));
            const std::uint64_t key = random.bits(1);
            const auto found = iterate(overlay, from, key, 3, Wanted::closest, {});
            requests += found.requests;
            closest += found.found ? 1 : 0;
            const auto holders = overlay.closest(key, 20);
            searches += iterate(overlay, from, key, 3, Wanted::value, holders).requests;
        }
        EXPECT_NEAR(requests / lookups, store[i], 0.6) << levels[i];
        EXPECT_NEAR(searches / lookups, value[i], 0.6) << levels[i];
        EXPECT_GT(closest / lookups, 0.99);
    }
}

}  // namespace
}  // namespace motley::swarm
