// What events and failures do to the agents and links that they take.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/job/job.hpp"

namespace motley::experiment {

/// What a neighbour must know of an agent.
enum class Presence : std::uint8_t { there, gone, gone_with_shares };

/// Events that take agents or links have marks; those of the demand, and those that restore, have
/// none.
bool takes(const job::Event& event);

/// The takers of a job: first its events, then its failures. The marks of an agent or a link have a
/// bit for each.
class Takers {
  public:
    explicit Takers(const job::Run& job);

    /// The bit of an event that takes something, and of a failure.
    std::uint64_t of_event(std::size_t event) const { return bit(of_event_[event]); }
    std::uint64_t of_failure(std::size_t failure) const { return bit(first_failure_ + failure); }
    /// The bits of all events, which can be restored.
    std::uint64_t of_events() const { return bit(first_failure_) - 1; }
    /// The bits of those that leave an agent without resource.
    std::uint64_t losing() const;

    /// The factor of the resource of an agent with these marks.
    double factor(std::uint64_t marks) const;
    Presence presence(std::uint64_t marks) const;
    /// True where a link with these marks loses the share that goes along it.
    bool loses(std::uint64_t marks) const;

  private:
    struct Taker {
        double factor = 1.0;  ///< of resources
        bool gone = false;    ///< agents are gone with their arcs
        bool lost = false;    ///< shares that go to them are lost
    };
    static Taker taker_of(const job::Event& event);
    static Taker taker_of(const job::Failure& failure);
    static std::uint64_t bit(std::size_t taker) { return std::uint64_t{1} << taker; }

    std::vector<Taker> takers_;
    std::vector<std::size_t> of_event_;
    std::size_t first_failure_ = 0;
};

}  // namespace motley::experiment
