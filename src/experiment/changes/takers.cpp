#include "takers.hpp"

#include <algorithm>

#include "motley/experiment/changes/changes.hpp"

namespace motley::experiment {

using Kind = job::Event::Kind;

bool takes(const job::Event& event) {
    return event.kind != Kind::demand && event.kind != Kind::restore;
}

bool has_changes(const job::Run& job) {
    return !job.events.empty() || !job.failures.empty() || job.topology.rewires() ||
           job.topology.one_peer();
}

bool marks_arcs(const job::Run& job) {
    const auto closes = [](const job::Event& event) { return event.kind == Kind::links; };
    const auto fails = [](const job::Failure& failure) {
        return failure.unit == job::Failure::Unit::link;
    };
    return std::ranges::any_of(job.events, closes) || std::ranges::any_of(job.failures, fails);
}

Takers::Takers(const job::Run& job) {
    for (const job::Event& event : job.events) {
        of_event_.push_back(takers_.size());
        if (takes(event)) takers_.push_back(taker_of(event));
    }
    first_failure_ = takers_.size();
    for (const job::Failure& failure : job.failures) takers_.push_back(taker_of(failure));
}

Takers::Taker Takers::taker_of(const job::Event& event) {
    Taker taker;
    taker.gone = event.kind == Kind::remove && event.taken == job::Taken::agent;
    if (event.kind == Kind::remove) taker.factor = 0.0;
    if (event.kind == Kind::scale) taker.factor = event.factor;
    taker.lost = event.senders == topology::Senders::lose;
    return taker;
}

Takers::Taker Takers::taker_of(const job::Failure& failure) {
    Taker taker;
    const bool link = failure.unit == job::Failure::Unit::link;
    taker.gone = !link && failure.taken == job::Taken::agent;
    if (!link) taker.factor = 0.0;
    taker.lost = failure.senders == topology::Senders::lose;
    return taker;
}

std::uint64_t Takers::losing() const {
    std::uint64_t bits = 0;
    for (std::size_t t = 0; t < takers_.size(); ++t) {
        if (takers_[t].factor == 0.0) bits |= bit(t);
    }
    return bits;
}

double Takers::factor(std::uint64_t marks) const {
    double factor = 1.0;
    for (std::size_t t = 0; marks != 0 && t < takers_.size(); ++t) {
        if ((marks & bit(t)) != 0) factor *= takers_[t].factor;
    }
    return factor;
}

Presence Takers::presence(std::uint64_t marks) const {
    Presence worst = Presence::there;
    for (std::size_t t = 0; marks != 0 && t < takers_.size(); ++t) {
        if ((marks & bit(t)) == 0 || !takers_[t].gone) continue;
        worst = std::max(worst, takers_[t].lost ? Presence::gone_with_shares : Presence::gone);
    }
    return worst;
}

bool Takers::loses(std::uint64_t marks) const {
    for (std::size_t t = 0; marks != 0 && t < takers_.size(); ++t) {
        if ((marks & bit(t)) != 0 && takers_[t].lost) return true;
    }
    return false;
}

}  // namespace motley::experiment
