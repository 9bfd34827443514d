// The demand over time, as events of kind "demand" give it.
#pragma once

#include <vector>

#include "motley/job/job.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {

/// The demand is that of the event that began last among those that have begun and not ended, and
/// that of the model where there is none. It is a function of the step alone.
template <class Real>
class DemandCourse {
  public:
    /// Both must outlive this.
    DemandCourse(const job::Run& job, simulation::Simulation<Real>& simulation)
        : job_(job), simulation_(simulation) {}

    /// True where events change the demand.
    bool used() const;
    /// Collective. Sets the demand of step `step` if it differs from that of the step before.
    void before_step(std::int64_t step);
    /// Collective. Sets the demand as it was in step `step`.
    void restore(std::int64_t step);

  private:
    /// The event that gives the demand of a step; -1: the model does.
    int event_at(std::int64_t step) const;
    /// How far the course from the demand before has come, in (0, 1].
    double progress(const job::Event& event, std::int64_t step) const;
    void draw(int event);
    std::vector<double> shares_at(std::int64_t step);

    const job::Run& job_;
    simulation::Simulation<Real>& simulation_;
};

extern template class DemandCourse<double>;
extern template class DemandCourse<float>;

}  // namespace motley::experiment
