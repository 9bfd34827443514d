// What a site makes of its own observations and of the packets that it read.
#pragma once

#include <cstdint>
#include <span>

#include "motley/swarm/knowledge/spec.hpp"

namespace motley::swarm {

/// What a site says about its problem: a mean, and one over the variance that it claims.
struct Packet {
    std::uint32_t from = 0;
    double mean = 0.0;
    double weight = 0.0;
};

/// What all packets of a list say together.
struct Summary {
    std::int64_t packets = 0;  ///< in the list
    std::int64_t used = 0;     ///< of them, after a rejection
    double centre = 0.0;
    double variance = 0.0;       ///< of the centre, as it is claimed
    double heterogeneity = 0.0;  ///< tau^2 between the sites
};

/// A belief about the truth of one site.
struct Opinion {
    double mean = 0.0;
    double variance = 0.0;  ///< as it is claimed
};

/// Whether `packet` is left out before anything is computed, because it is beyond the range.
bool out_of_range(const SynthesisSpec& spec, const Packet& packet);

/// The summary of packets in rising order of their senders, the reader's own among them; the same
/// list gives the same bits. `known_heterogeneity`: tau^2 for Variance::known. `kept`, unless it is
/// empty, gets a 1 for each packet that is used.
Summary summarise(const SynthesisSpec& spec, double known_heterogeneity,
                  std::span<const Packet> packets, std::span<std::uint8_t> kept = {});

/// What a site that knows `own` (weight 0: nothing) makes of a summary. Operator shrink weighs its
/// own observations against the centre: B centre + (1 - B) own, B = v / (v + tau^2), which is the
/// best linear estimate.
Opinion opinion_of(const SynthesisSpec& spec, const Packet& own, const Summary& summary);

/// tau^2 by the moments of R. DerSimonian and N. Laird, Control. Clin. Trials 7 (1986) 177-188.
double dersimonian_laird(std::span<const Packet> packets);
/// tau^2 at which the weighted squares equal their expectation: R. C. Paule and J. Mandel, J. Res.
/// NBS 87 (1982) 377-385.
double paule_mandel(std::span<const Packet> packets);

}  // namespace motley::swarm
