#include "demand_course.hpp"

#include <algorithm>

namespace motley::experiment {

template <class Real>
bool DemandCourse<Real>::used() const {
    return std::ranges::any_of(job_.events, [](const job::Event& event) {
        return event.kind == job::Event::Kind::demand;
    });
}

template <class Real>
int DemandCourse<Real>::event_at(std::int64_t step) const {
    int last = -1;
    for (std::size_t e = 0; e < job_.events.size(); ++e) {
        const job::Event& event = job_.events[e];
        if (event.kind != job::Event::Kind::demand || event.step > step) continue;
        if (event.duration > 0 && step >= event.step + event.duration) continue;
        if (last < 0 || event.step >= job_.events[static_cast<std::size_t>(last)].step) {
            last = static_cast<int>(e);
        }
    }
    return last;
}

template <class Real>
double DemandCourse<Real>::progress(const job::Event& event, std::int64_t step) const {
    if (event.over == 0) return 1.0;
    return std::min(1.0,
                    static_cast<double>(step - event.step + 1) / static_cast<double>(event.over));
}

/// Draws or reads the demand of an event, or that of the model.
template <class Real>
void DemandCourse<Real>::draw(int event) {
    // Index -1 stands for the seed of the model's own demand.
    const auto index = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(event));
    simulation_.change_demand(
        event < 0 ? job_.model.demand : job_.events[static_cast<std::size_t>(event)].demand, index);
}

template <class Real>
void DemandCourse<Real>::restore(std::int64_t step) {
    const int at = event_at(step);
    const bool drifts = at >= 0 && progress(job_.events[static_cast<std::size_t>(at)], step) < 1.0;
    if (drifts) {
        simulation_.set_demand(shares_at(step));
    } else {
        draw(at);
    }
}

/// The demand of a step, where it is the same for all agents.
template <class Real>
std::vector<double> DemandCourse<Real>::shares_at(std::int64_t step) {
    const int at = event_at(step);
    draw(at);
    std::vector<double> shares = simulation_.common_demand();
    if (at < 0) return shares;
    const job::Event& event = job_.events[static_cast<std::size_t>(at)];
    const double done = progress(event, step);
    if (done >= 1.0) return shares;
    const std::vector<double> before = shares_at(event.step - 1);
    for (std::size_t k = 0; k < shares.size(); ++k) {
        shares[k] = (1.0 - done) * before[k] + done * shares[k];
    }
    return shares;
}

template <class Real>
void DemandCourse<Real>::before_step(std::int64_t step) {
    const int now = event_at(step);
    bool changes = now != event_at(step - 1);
    if (now >= 0) {
        const job::Event& event = job_.events[static_cast<std::size_t>(now)];
        changes = changes || (event.over > 0 && step < event.step + event.over);
    }
    if (changes) restore(step);
}

template class DemandCourse<double>;
template class DemandCourse<float>;

}  // namespace motley::experiment
