// An overlay of sites after Kademlia (P. Maymounkov, D. Mazieres, IPTPS 2002): a site has an id of
// 64 bits, and knows some contacts in every subtree of the ids that it is not in itself. No table
// of contacts is stored: they are a pure function of the seed, so that every rank can walk every
// lookup.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/core/buffer.hpp"

namespace motley::swarm {

/// Number of a site: its place in the rising order of the ids.
using Site = std::uint32_t;

/// Length of the id of a site, and of a key.
inline constexpr int id_bits = 64;

/// Most contacts in a bucket.
inline constexpr int most_contacts = 255;

/// A range of sites.
struct SiteRange {
    Site begin = 0, end = 0;
    std::uint64_t size() const { return end - begin; }
    bool contains(Site site) const { return site - begin < end - begin; }
};

/// What goes wrong while a lookup is under way.
struct Conditions {
    std::span<const std::uint8_t> away;  ///< 1: the site does not answer; empty: all answer
    double loss = 0.0;                   ///< share of the messages that are lost and sent again
};

struct Lookup {
    int hops = 0;
    int timeouts = 0;    ///< contacts that were asked and did not answer
    int resent = 0;      ///< messages that were lost and sent again
    bool found = false;  ///< false: no contact of a site on the way answered

    /// Messages of a recursive lookup: there along the hops and back again.
    int messages() const { return 2 * hops + timeouts + resent; }
};

class Overlay {
  public:
    /// `sites` >= 1; `contacts` (k of the paper) in [1, most_contacts].
    Overlay(std::int64_t sites, int contacts, std::uint64_t seed);

    Site sites() const { return static_cast<Site>(ids_.size()); }
    int contacts() const { return contacts_; }
    std::uint64_t seed() const { return seed_; }
    std::uint64_t id(Site site) const { return ids_[site]; }

    /// The site whose id is closest to the key: least id XOR key.
    Site closest(std::uint64_t key) const;
    /// The `count` closest sites, or all, the closest first.
    std::vector<Site> closest(std::uint64_t key, std::size_t count) const;

    /// The largest subtree with `key` in it and `from` outside, at the highest bit in which they
    /// differ; `from` and key must differ.
    SiteRange sibling(Site from, std::uint64_t key) const;
    /// Sites whose ids agree with `key` in all bits above `bit`, and in that one too.
    SiteRange subtree(std::uint64_t key, int bit) const;

    /// Replaces `out` by the contacts of `from` in a subtree that it is not in: all of its sites,
    /// or `contacts` distinct ones of them.
    void bucket(Site from, SiteRange range, int bit, std::vector<Site>& out) const;

    /// Walks from site to site, each time to the contact that is closest to the target, until the
    /// target is reached. `draw` makes the losses of two lookups of one site independent.
    Lookup walk(Site from, Site target, const Conditions& conditions, std::uint32_t draw) const;
    /// The same; `path` gets the sites after `from`.
    Lookup walk(Site from, Site target, const Conditions& conditions, std::uint32_t draw,
                std::vector<Site>& path) const;

    /// Number of ids below the key.
    Site position(std::uint64_t key) const;
    /// The same where it is known to lie in `range`, its end included.
    Site position(std::uint64_t key, SiteRange range) const;

  private:
    Site position_in(SiteRange range, std::uint64_t key) const;
    bool step(Site& at, Site target, const Conditions& conditions, Lookup& lookup) const;

    int contacts_;
    std::uint64_t seed_;
    Buffer<std::uint64_t> ids_;  ///< rising, distinct
    std::vector<Site> first_;    ///< by the highest bits of an id: first place that it may have
    int shift_ = 63;
};

/// What an iterative lookup asks for: the sites closest to a key, as before a packet is stored, or
/// the first site among `holders` that it meets.
enum class Wanted { closest, value };

struct IterativeLookup {
    int rounds = 0;
    int requests = 0;    ///< sites that were asked; each sends its closest contacts back
    bool found = false;  ///< the closest site, or a holder, was met
};

/// The lookup of the paper: the site that searches asks `parallel` of the closest sites that it
/// knows at a time, until the k closest were asked or, for a value, one of `holders` was asked.
IterativeLookup iterate(const Overlay& overlay, Site from, std::uint64_t key, int parallel,
                        Wanted wanted, std::span<const Site> holders);

}  // namespace motley::swarm
