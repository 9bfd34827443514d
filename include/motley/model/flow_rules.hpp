// Rules of flows that differ from the common step: what is passed on, what is maximised, and what
// agents choose about it.
#pragma once

namespace motley::model {

/// The rules of one step; symbols of docs/model.md. With the defaults the common step is made.
struct FlowRules {
    /// True where the step must use the stages of these rules.
    bool on = false;
    /// False: an agent passes on only what it makes itself, and consumes all that arrives.
    bool relay = true;
    /// True: sum_i ln u_i is maximised, so that prices are multiplied by ubar / u_i.
    bool log_welfare = false;
    double mean_utility = 1.0;   ///< ubar, > 0; utility
    double openness_rate = 0.0;  ///< speed at which agents choose their openness, 1/step
};

/// A pool needs sums over all agents within a step, so that its rows are passed three times. Where
/// all want the same, all have the same price, and the price of one row is enough.
enum class PoolPass {
    none,   ///< not a pool: all in one pass
    make,   ///< adds up the output y
    price,  ///< consumes the mean output, adds up the price p
    adapt   ///< takes the mean price as value, then adapts and learns
};

/// Bounds of an openness that agents choose.
template <class Real>
struct OpennessBounds {
    static constexpr Real least = static_cast<Real>(1e-9);
    /// In single precision the largest number below 1 that leaves something to consume.
    static constexpr Real most = static_cast<Real>(sizeof(Real) == 8 ? 1.0 - 1e-9 : 1.0 - 0x1p-23);
};

}  // namespace motley::model
