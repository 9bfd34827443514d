#include "motley/swarm/overlay/walks_to.hpp"

#include <algorithm>
#include <array>

namespace motley::swarm {

void WalksTo::aim(Site target) {
    if (!around_.empty() && target == target_) return;
    target_ = target;
    around_.assign(1, {0, overlay_.sites()});
    const std::uint64_t id = overlay_.id(target);
    for (int bit = id_bits - 1; around_.back().size() > 1; --bit) {
        const SiteRange range = around_.back();
        const Site middle = overlay_.position(((id >> bit) | 1) << bit, range);
        const bool upper = target >= middle;
        around_.push_back({upper ? middle : range.begin, upper ? range.end : middle});
    }
}

int WalksTo::hops(Site from) {
    std::array<Site, id_bits + 1> passed;  // each hop fixes at least one bit
    std::size_t made = 0, depth = 0;
    int rest = 0;
    Site at = from;
    while (at != target_) {
        const int known = made > 0 ? memory_.hops(at, target_) : -1;
        if (known >= 0) {
            rest = known;
            break;
        }
        passed[made++] = at;
        while (around_[depth + 1].contains(at)) ++depth;
        const SiteRange next = around_[depth + 1];
        if (next.size() <= static_cast<std::uint64_t>(overlay_.contacts())) {
            at = target_;
            continue;
        }
        overlay_.bucket(at, next, id_bits - 1 - static_cast<int>(depth), contacts_);
        ++depth;
        at = nearest(contacts_, depth);
    }
    // Few walks start where another one passes, so that the first site is not noted.
    const int hops = static_cast<int>(made) + rest;
    for (std::size_t i = 1; i < made; ++i) {
        memory_.note(passed[i], target_, hops - static_cast<int>(i));
    }
    return hops;
}

/// The contact that is closest to the target. All are inside the range `depth`; it becomes that of
/// the smallest range around the closest one.
Site WalksTo::nearest(const std::vector<Site>& contacts, std::size_t& depth) {
    tied_.clear();
    SiteRange least = around_[depth];
    for (const Site site : contacts) {
        if (!least.contains(site)) continue;
        if (depth + 1 < around_.size() && around_[depth + 1].contains(site)) {
            do ++depth;
            while (depth + 1 < around_.size() && around_[depth + 1].contains(site));
            least = around_[depth];
            tied_.clear();
        }
        tied_.push_back(site);
    }
    if (tied_.size() == 1) return tied_.front();
    const std::uint64_t aim = overlay_.id(target_);
    return *std::ranges::min_element(tied_, {}, [&](Site site) { return overlay_.id(site) ^ aim; });
}

}  // namespace motley::swarm
