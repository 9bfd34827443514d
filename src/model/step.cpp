// The step as a pipeline over blocks of agents: gather, produce, price, adapt, send. Each stage is
// a loop of independent vectors, which keeps the processor busy where a single agent would wait.
#include "motley/model/step.hpp"

#include <algorithm>
#include <cmath>

#include "motley/core/simd.hpp"

namespace motley::model {
namespace {

using network::Coupling;
using network::Network;
using network::Rows;

/// Agents per block, and the vector that holds one scalar of each.
constexpr int block_agents = 8;
/// Arcs that the gather prefetches ahead.
constexpr std::size_t prefetch_arcs = 64;
static_assert(prefetch_arcs + 8 <= Rows<double>::padding);

/// Largest |exponent| of a price and of one adaptation step; a price that reaches it voids the
/// certificate of that step.
template <class Real>
constexpr Real price_clamp = std::is_same_v<Real, double> ? 230.0 : 60.0;
constexpr double adapt_clamp = 4.0;

/// Kernel for rows of `Chunks` vectors of W tasks; Chunks = 0: any number, known at run time.
template <class Real, int W, int Chunks>
class Kernel {
    using V = Simd<Real, W>;
    using Vec = typename V::Vec;
    using Lanes = Simd<Real, block_agents>;
    using PerAgent = typename Lanes::Vec;

  public:
    Kernel(const StepArguments<Real>& arguments, Buffer<Real>& workspace)
        : arguments_(arguments),
          network_(*arguments.network),
          state_(*arguments.state),
          parameters_(arguments.parameters),
          runtime_chunks_(state_.width / W),
          read_(state_.messages[static_cast<std::size_t>(arguments.parity)].data()),
          write_(network_.coupling() == Coupling::mean_field
                     ? state_.messages[0].data()
                     : state_.messages[static_cast<std::size_t>(1 - arguments.parity)].data()) {
        Real* next = workspace.data();
        for (Real** array : {&stock_, &value_, &output_, &relative_, &gain_, &need_}) {
            *array = next;
            next += block_agents * width();
        }
    }

    static std::size_t workspace_size(int width) {
        return 6 * block_agents * static_cast<std::size_t>(width);
    }

    void run(LocalId begin, LocalId end) {
        for (LocalId first = begin; first < end; first += block_agents) {
            first_ = first;
            count_ = static_cast<int>(std::min<LocalId>(block_agents, end - first));
            gather();
            produce();
            price();
            if (arguments_.tally != nullptr) tally();
            send();
            if (parameters_.rate > 0.0) adapt();
            if (parameters_.learning_rate > 0.0) learn();
        }
    }

  private:
    int chunks() const { return Chunks > 0 ? Chunks : runtime_chunks_; }
    int width() const { return chunks() * W; }
    std::size_t row(int b) const { return first_ + static_cast<std::size_t>(b); }
    Real* in_block(Real* array, int b) const { return array + b * width(); }
    const Real* allocation(int b) const { return state_.allocation.data() + row(b) * width(); }
    const Real* capability(int b) const { return state_.capability.data() + row(b) * width(); }

    /// Runs `f(b, offset)` for every vector of the block: agent b, tasks offset .. offset + W - 1.
    template <class F>
    void each(F f) const {
        for (int b = 0; b < count_; ++b) {
            for (int c = 0; c < chunks(); ++c) f(b, c * W);
        }
    }
    template <class F>
    Real sum_over_tasks(F f) const {
        Vec total = f(0);
        for (int c = 1; c < chunks(); ++c) total += f(c * W);
        return V::sum(total);
    }
    template <class F>
    Real largest_over_tasks(F f) const {
        Vec best = f(0);
        for (int c = 1; c < chunks(); ++c) best = V::max(best, f(c * W));
        return V::largest(best);
    }

    // --- gather: what arrives over edges, stocks into stock_, values into value_ ---------------

    void gather() {
        switch (network_.coupling()) {
            case Coupling::uniform:
                gather_uniform();
                break;
            case Coupling::weighted:
                gather_weighted(network_.in(), stock_);
                gather_weighted(network_.out(), value_);
                break;
            case Coupling::mean_field:
                gather_mean_field();
                break;
        }
    }

    void gather_uniform() {
        const auto& rows = network_.in();
        const std::uint64_t* offsets = rows.offsets.data() + first_;
        const std::uint32_t* columns = rows.columns.data();
        const std::size_t stride = 2 * static_cast<std::size_t>(width());
        const Real survival = static_cast<Real>(network_.survival());
        const Real openness = static_cast<Real>(parameters_.openness);
        for (int b = 0; b < count_; ++b) {
            const std::uint64_t begin = offsets[b], end = offsets[b + 1];
            const auto degree = static_cast<Real>(end - begin);
            is_open_[b] = end > begin ? openness : Real{0};
            scale_[b] = end > begin ? survival / degree : Real{1};
            if constexpr (Chunks > 0) {
                Vec sums[2 * Chunks] = {};
                for (std::uint64_t e = begin; e < end; ++e) {
                    const Real* ahead = read_ + columns[e + prefetch_arcs] * stride;
                    for (std::size_t line = 0; line < stride * sizeof(Real); line += 64) {
                        __builtin_prefetch(reinterpret_cast<const char*>(ahead) + line);
                    }
                    const Real* from = read_ + columns[e] * stride;
                    for (int c = 0; c < 2 * Chunks; ++c) sums[c] += V::load(from + c * W);
                }
                for (int c = 0; c < Chunks; ++c) {
                    V::store(in_block(stock_, b) + c * W, sums[c]);
                    V::store(in_block(value_, b) + c * W, sums[Chunks + c]);
                }
            } else {
                for (int c = 0; c < 2 * chunks(); ++c) {
                    Vec sum = {};
                    for (std::uint64_t e = begin; e < end; ++e) {
                        sum += V::load(read_ + columns[e] * stride + c * W);
                    }
                    V::store(c < chunks() ? in_block(stock_, b) + c * W
                                          : in_block(value_, b) + (c - chunks()) * W,
                             sum);
                }
            }
        }
        // Senders scaled their stock by survival / degree; receivers scale the values they get.
        each([&](int b, int k) {
            Real* s = in_block(stock_, b) + k;
            Real* q = in_block(value_, b) + k;
            V::store(s, V::load(s) * V::fill(openness));
            V::store(q, V::load(q) * V::fill(is_open_[b] * scale_[b]));
        });
    }

    void gather_weighted(const Rows<Real>& rows, Real* into) {
        const bool backward = into == value_;
        const std::uint64_t* offsets = rows.offsets.data() + first_;
        const std::uint32_t* columns = rows.columns.data();
        const Real* weights = rows.weights.data();
        const std::size_t stride = static_cast<std::size_t>(width());
        for (int b = 0; b < count_; ++b) {
            const std::uint64_t begin = offsets[b], end = offsets[b + 1];
            Real openness = static_cast<Real>(parameters_.openness);
            if (backward) {
                if (begin == end) openness = 0;
                is_open_[b] = openness;
                scale_[b] = 1;
            }
            for (int c = 0; c < chunks(); ++c) {
                Vec sum = {};
                for (std::uint64_t e = begin; e < end; ++e) {
                    if (c == 0) {
                        __builtin_prefetch(read_ + columns[e + prefetch_arcs] * stride);
                    }
                    sum = V::fma(V::fill(weights[e]), V::load(read_ + columns[e] * stride + c * W),
                                 sum);
                }
                V::store(in_block(into, b) + c * W, sum * V::fill(openness));
            }
        }
    }

    void gather_mean_field() {
        const AgentId others = network_.agents() - 1;
        const double share = others > 0 ? network_.survival() / static_cast<double>(others) : 0.0;
        const double openness = others > 0 ? parameters_.openness : 0.0;
        for (int b = 0; b < count_; ++b) {
            is_open_[b] = static_cast<Real>(openness);
            scale_[b] = 1;
            const Real* own = read_ + row(b) * 2 * width();
            for (int k = 0; k < width(); ++k) {
                const double stock = arguments_.totals[k] - static_cast<double>(own[k]);
                const double worth =
                    arguments_.totals[width() + k] - static_cast<double>(own[width() + k]);
                in_block(stock_, b)[k] = static_cast<Real>(std::max(stock, 0.0) * share * openness);
                in_block(value_, b)[k] = static_cast<Real>(std::max(worth, 0.0) * share * openness);
            }
        }
    }

    // --- produce, receive, consume: y, s, and c / D --------------------------------------------

    void produce() {
        const bool linear = parameters_.returns == 1.0;
        const Vec gamma = V::fill(static_cast<Real>(parameters_.returns));
        for (int b = 0; b < count_; ++b) {
            resource_[b] = static_cast<Real>(state_.resource_of(row(b)));
        }
        each([&](int b, int k) {
            const Vec x = V::load(allocation(b) + k);
            const Vec effect = V::fill(resource_[b]) * V::load(capability(b) + k);
            Vec made = effect * x;
            // dy/dx = R a gamma x^(gamma - 1); a task without capability yields and gains nothing.
            Vec gain = effect;
            if (!linear) {
                const Vec power = V::exp((gamma - V::fill(1)) * V::log(x));
                made = effect * x * power;
                gain = effect * gamma * power;
            }
            const Vec stock = made + V::load(in_block(stock_, b) + k);
            V::store(in_block(output_, b) + k, made);
            V::store(in_block(gain_, b) + k, gain);
            V::store(in_block(stock_, b) + k, stock);
            const Vec demand = V::load(state_.demand_of(row(b)) + k);
            const Vec consumed = stock * V::fill(Real{1} - is_open_[b]);
            const Vec needed = demand > V::fill(0) ? demand : V::fill(1);
            V::store(in_block(relative_, b) + k, V::log(consumed / needed));
        });
    }

    // --- utility, price, value ------------------------------------------------------------------

    /// ln u = m / rho + log1p(sum_k D expm1(rho l_k - m)) / rho with l = ln(c / D), m = max rho l:
    /// stable from sigma = 0.05 to 100 and continuous at sigma = 1, where ln u = sum_k D l_k.
    void price() {
        const bool cobb_douglas = parameters_.elasticity == 1.0;
        const Real rho = static_cast<Real>((parameters_.elasticity - 1.0) / parameters_.elasticity);
        const Vec absent = V::fill(std::is_same_v<Real, double> ? Real(-1e300) : Real(-1e37));
        PerAgent shift = {}, total = {};
        if (cobb_douglas) {
            for (int b = 0; b < count_; ++b) {
                total[b] = sum_over_tasks([&](int k) {
                    return V::load(state_.demand_of(row(b)) + k) *
                           V::load(in_block(relative_, b) + k);
                });
            }
            log_utility_ = total;
        } else {
            for (int b = 0; b < count_; ++b) {
                shift[b] = largest_over_tasks([&](int k) -> Vec {
                    const Vec demand = V::load(state_.demand_of(row(b)) + k);
                    const Vec scaled = V::fill(rho) * V::load(in_block(relative_, b) + k);
                    return demand > V::fill(0) ? scaled : absent;
                });
            }
            each([&](int b, int k) {
                const Vec scaled = V::fill(rho) * V::load(in_block(relative_, b) + k);
                V::store(in_block(need_, b) + k, V::expm1(scaled - V::fill(shift[b])));
            });
            for (int b = 0; b < count_; ++b) {
                total[b] = sum_over_tasks([&](int k) {
                    return V::load(state_.demand_of(row(b)) + k) * V::load(in_block(need_, b) + k);
                });
            }
            // Rounding may take the sum to -1 or below where one task carries everything.
            const PerAgent least = Lanes::fill(Real(-1) + std::numeric_limits<Real>::epsilon());
            log_utility_ = (shift + Lanes::log1p(Lanes::max(total, least))) / Lanes::fill(rho);
        }
        utility_ = Lanes::exp(log_utility_);

        const Vec steepness = V::fill(static_cast<Real>(1.0 / parameters_.elasticity));
        const Vec clamp = V::fill(price_clamp<Real>);
        each([&](int b, int k) {
            const Vec demand = V::load(state_.demand_of(row(b)) + k);
            const Vec exponent =
                (V::fill(log_utility_[b]) - V::load(in_block(relative_, b) + k)) * steepness;
            const Vec raw = V::exp(V::min(V::max(exponent, -clamp), clamp));
            const Vec wanted = demand > V::fill(0) ? raw : V::fill(0);
            const Vec own = wanted * V::fill(Real{1} - is_open_[b]);
            const Vec value = own + V::load(in_block(value_, b) + k);
            V::store(in_block(need_, b) + k, own);
            V::store(in_block(value_, b) + k, value);
            Real* gain = in_block(gain_, b) + k;
            V::store(gain, V::load(gain) * value);
        });
        if (arguments_.reward != nullptr) {
            for (int b = 0; b < count_; ++b) {
                arguments_.reward[row(b)] = worth(b) / static_cast<double>(resource_[b]);
            }
        }
    }

    Real worth(int b) const {
        return sum_over_tasks([&](int k) {
            return V::load(in_block(value_, b) + k) * V::load(in_block(output_, b) + k);
        });
    }

    // --- send: the rows that neighbours read in the next step -----------------------------------

    void send() {
        each([&](int b, int k) {
            Real* to = write_ + row(b) * 2 * width() + k;
            V::store(to, V::load(in_block(stock_, b) + k) * V::fill(scale_[b]));
            V::store(to + width(), V::load(in_block(value_, b) + k));
        });
    }

    // --- adapt: the replicator equation ---------------------------------------------------------

    void adapt() {
        PerAgent mean = {}, total = {};
        for (int b = 0; b < count_; ++b) {
            mean[b] = sum_over_tasks([&](int k) {
                return V::load(allocation(b) + k) * V::load(in_block(gain_, b) + k);
            });
        }
        // An agent that gains nothing anywhere stays as it is.
        const PerAgent smallest = Lanes::fill(std::numeric_limits<Real>::min());
        const PerAgent eta = Lanes::fill(static_cast<Real>(parameters_.rate));
        const PerAgent over = mean > smallest ? eta / mean : Lanes::fill(0);
        const PerAgent base = mean > smallest ? eta : Lanes::fill(0);
        const Vec clamp = V::fill(static_cast<Real>(adapt_clamp));
        each([&](int b, int k) {
            const Vec exponent =
                V::fma(V::load(in_block(gain_, b) + k), V::fill(over[b]), -V::fill(base[b]));
            const Vec grown =
                V::load(allocation(b) + k) * V::exp(V::min(V::max(exponent, -clamp), clamp));
            V::store(in_block(relative_, b) + k, grown);
        });
        for (int b = 0; b < count_; ++b) {
            total[b] = sum_over_tasks([&](int k) { return V::load(in_block(relative_, b) + k); });
        }
        const PerAgent inverse = Lanes::fill(1) / total;
        const Vec floor = V::fill(static_cast<Real>(allocation_floor));
        each([&](int b, int k) {
            const Vec share = V::load(in_block(relative_, b) + k) * V::fill(inverse[b]);
            const Vec able = V::load(capability(b) + k);
            Real* x = state_.allocation.data() + row(b) * width() + k;
            V::store(x, able > V::fill(0) ? V::max(share, floor) : share);
        });
    }

    // --- learn: capabilities follow what earns, at a constant sum of a^p ------------------------

    void learn() {
        const Vec exponent = V::fill(static_cast<Real>(parameters_.learning_exponent));
        const Real inverse_exponent = static_cast<Real>(1.0 / parameters_.learning_exponent);
        const Real mu = static_cast<Real>(parameters_.learning_rate);
        for (int b = 0; b < count_; ++b) {
            Real* a = state_.capability.data() + row(b) * width();
            const auto able = [&](int k) { return V::load(a + k) > V::fill(0); };
            const auto earned = [&](int k) -> Vec {
                return V::load(in_block(value_, b) + k) * V::load(in_block(output_, b) + k);
            };
            const Real budget = sum_over_tasks([&](int k) -> Vec {
                const Vec power = V::exp(exponent * V::log(V::load(a + k)));
                const Vec grown = able(k) ? power : V::fill(0);
                V::store(in_block(relative_, b) + k, grown);
                return grown;
            });
            const Real mean = sum_over_tasks([&](int k) -> Vec {
                                  return V::load(in_block(relative_, b) + k) * earned(k);
                              }) /
                              budget;
            if (!(mean > std::numeric_limits<Real>::min())) continue;
            const Vec clamp = V::fill(static_cast<Real>(adapt_clamp));
            const Real total = sum_over_tasks([&](int k) -> Vec {
                const Vec drive = V::fill(mu) * (earned(k) / V::fill(mean) - V::fill(1));
                const Vec grown = V::load(in_block(relative_, b) + k) *
                                  V::exp(V::min(V::max(drive, -clamp), clamp));
                V::store(in_block(relative_, b) + k, grown);
                return grown;
            });
            for (int k = 0; k < width(); k += W) {
                const Vec power = V::load(in_block(relative_, b) + k) * V::fill(budget / total);
                const Vec root = V::exp(V::fill(inverse_exponent) * V::log(power));
                V::store(a + k, able(k) ? root : V::fill(0));
            }
        }
    }

    // --- tally: exact sums of what this step did ------------------------------------------------

    void tally() {
        for (int b = 0; b < count_; ++b) tally_agent(b);
    }

    /// v ln v, 0 at 0.
    static Vec entropy_term(Vec v) {
        const Vec term = v * V::log(v);
        return v > V::fill(0) ? term : V::fill(0);
    }
    static double entropy_term(double v) { return v > 0.0 ? v * std::log(v) : 0.0; }

    void tally_agent(int b) {
        Tally& t = *arguments_.tally;
        const auto add = [&](Tally::Scalar what, double amount) {
            t.sums[static_cast<std::size_t>(what)].add(amount);
        };
        const Vec resource = V::fill(resource_[b]);
        const Real* made = in_block(output_, b);
        const Real* stock = in_block(stock_, b);
        const Real* value = in_block(value_, b);
        const Real* x = allocation(b);
        const Real* a = capability(b);
        const auto total = [&](const Real* array) {
            return sum_over_tasks([&](int k) { return V::load(array + k); });
        };
        const double output = total(made), held = total(stock), earned = worth(b);
        const double spent_share = is_open_[b];
        const double effort = resource_[b];

        add(Tally::productivity, utility_[b]);
        add(Tally::resource, effort);
        add(Tally::resource_log, entropy_term(effort));
        add(Tally::produced, output);
        add(Tally::received,
            sum_over_tasks([&](int k) { return V::load(stock + k) - V::load(made + k); }));
        add(Tally::consumed, (1.0 - spent_share) * held);
        add(Tally::sent, spent_share * held);
        add(Tally::value, earned);
        add(Tally::effort_log,
            sum_over_tasks([&](int k) { return entropy_term(resource * V::load(x + k)); }));
        add(Tally::value_log, sum_over_tasks([&](int k) {
                return entropy_term(V::load(value + k) * V::load(made + k));
            }));
        add(Tally::value_agent_log, entropy_term(earned));
        tally_bound(b);
        tally_residual(b);

        const double abilities = total(a);
        add(Tally::capability_sum, abilities);
        add(Tally::capability_log,
            sum_over_tasks([&](int k) { return entropy_term(V::load(a + k)); }));
        add(Tally::capability_agent_log, entropy_term(abilities));
        const Real* price = in_block(need_, b);  // (1 - lambda) p, so p c = price x stock
        for (int k = 0; k < t.tasks; ++k) {
            t.by_task(Tally::effort_row, k).add(effort * static_cast<double>(x[k]));
            t.by_task(Tally::value_row, k)
                .add(static_cast<double>(value[k]) * static_cast<double>(made[k]));
            t.by_task(Tally::expenditure_row, k)
                .add(static_cast<double>(price[k]) * static_cast<double>(stock[k]));
            t.by_task(Tally::capability_row, k).add(static_cast<double>(a[k]));
        }
    }

    /// Frank-Wolfe gap and dual bound. With gamma <= 1 no allocation can earn more at the values q
    /// than R |a q| with the norm of order 1 / (1 - gamma) (the maximum when gamma = 1).
    void tally_bound(int b) {
        Tally& t = *arguments_.tally;
        const Real* gain = in_block(gain_, b);
        const double best = largest_over_tasks([&](int k) { return V::load(gain + k); });
        const double mean =
            sum_over_tasks([&](int k) { return V::load(allocation(b) + k) * V::load(gain + k); });
        t.sums[Tally::frank_wolfe].add(best - mean);
        if (parameters_.returns > 1.0) return;
        double norm_gain = 0.0, norm_capability = 0.0;
        row_norms(b, norm_gain, norm_capability);
        t.sums[Tally::upper].add(static_cast<double>(resource_[b]) * norm_gain);
        t.sums[Tally::capability_norm].add(static_cast<double>(resource_[b]) * norm_capability);
    }

    void row_norms(int b, double& norm_gain, double& norm_capability) const {
        const Real* a = capability(b);
        const Real* value = in_block(value_, b);
        double top_gain = 0.0, top_capability = 0.0;
        for (int k = 0; k < state_.tasks; ++k) {
            top_gain =
                std::max(top_gain, static_cast<double>(a[k]) * static_cast<double>(value[k]));
            top_capability = std::max(top_capability, static_cast<double>(a[k]));
        }
        norm_gain = top_gain;
        norm_capability = top_capability;
        if (parameters_.returns == 1.0 || top_gain == 0.0) return;
        const double order = 1.0 / (1.0 - parameters_.returns);
        double gain = 0.0, able = 0.0;
        for (int k = 0; k < state_.tasks; ++k) {
            gain += std::pow(static_cast<double>(a[k]) * static_cast<double>(value[k]) / top_gain,
                             order);
            able += std::pow(static_cast<double>(a[k]) / top_capability, order);
        }
        norm_gain *= std::pow(gain, 1.0 / order);
        norm_capability *= std::pow(able, 1.0 / order);
    }

    /// How far flows moved since the previous step, and whether a price is at its clamp.
    void tally_residual(int b) {
        Tally& t = *arguments_.tally;
        const Real* before = read_ + row(b) * 2 * width();
        const Real scale = scale_[b];
        const Real* stock = in_block(stock_, b);
        const Real* value = in_block(value_, b);
        t.sums[Tally::residual].add(sum_over_tasks([&](int k) {
            const Vec moved = V::load(stock + k) - V::load(before + k) / V::fill(scale);
            return V::load(value + k) * V::max(moved, -moved);
        }));
        const double change = largest_over_tasks([&](int k) {
            const Vec moved = V::load(value + k) - V::load(before + width() + k);
            return V::max(moved, -moved);
        });
        t.value_change_max = std::max(t.value_change_max, change);
        const double steepness = 1.0 / parameters_.elasticity;
        for (int k = 0; k < state_.tasks; ++k) {
            if (!(state_.demand_of(row(b))[k] > 0)) continue;
            const double exponent = (static_cast<double>(log_utility_[b]) -
                                     static_cast<double>(in_block(relative_, b)[k])) *
                                    steepness;
            if (std::abs(exponent) >= static_cast<double>(price_clamp<Real>)) {
                t.clamped += 1;
                break;
            }
        }
    }

    const StepArguments<Real>& arguments_;
    const Network<Real>& network_;
    State<Real>& state_;
    const Parameters& parameters_;
    int runtime_chunks_;
    const Real* read_;
    Real* write_;

    LocalId first_ = 0;
    int count_ = 0;
    Real* stock_;     ///< what arrived, then s
    Real* value_;     ///< what came back, then q
    Real* output_;    ///< y
    Real* relative_;  ///< ln(c / D); later scratch
    Real* gain_;      ///< dy/dx, then g
    Real* need_;      ///< scratch, then (1 - lambda) p
    PerAgent is_open_ = {}, scale_ = {}, resource_ = {};
    PerAgent log_utility_ = {}, utility_ = {};
};

template <class Real, int W, int Chunks>
void run_kernel(const StepArguments<Real>& arguments, LocalId begin, LocalId end) {
    using K = Kernel<Real, W, Chunks>;
    Buffer<Real> workspace(K::workspace_size(arguments.state->width));
    K(arguments, workspace).run(begin, end);
}

}  // namespace

template <class Real>
int padded_tasks(std::int64_t tasks) {
    constexpr int full = 64 / static_cast<int>(sizeof(Real));
    if (tasks <= 2) return 2;
    if (tasks <= 4) return 4;
    if (tasks <= 8) return 8;
    return static_cast<int>((tasks + full - 1) / full * full);
}

template <class Real>
void step_rows(const StepArguments<Real>& arguments, LocalId begin, LocalId end) {
    if (begin >= end) return;
    constexpr int full = 64 / static_cast<int>(sizeof(Real));
    switch (arguments.state->width) {
        case 2:
            return run_kernel<Real, 2, 1>(arguments, begin, end);
        case 4:
            return run_kernel<Real, 4, 1>(arguments, begin, end);
        case 8:
            return run_kernel<Real, 8, 1>(arguments, begin, end);
        case 16:
            return run_kernel<Real, full, 16 / full>(arguments, begin, end);
        default:
            return run_kernel<Real, full, 0>(arguments, begin, end);
    }
}

template <class Real>
double stock_scale(const Network<Real>& network, LocalId row) {
    if (network.coupling() != Coupling::uniform) return 1.0;
    const auto& offsets = network.in().offsets;
    const std::uint64_t degree = offsets[row + 1] - offsets[row];
    if (degree == 0) return 1.0;
    return static_cast<Real>(network.survival()) / static_cast<Real>(degree);
}

double utility(const double* consumption, const double* demand, int tasks, double elasticity) {
    const double rho = (elasticity - 1.0) / elasticity;
    constexpr double least = std::numeric_limits<double>::min();
    double log_sum = 0.0, top = -INFINITY;
    for (int k = 0; k < tasks; ++k) {
        if (demand[k] <= 0.0) continue;
        const double relative = std::log(std::max(consumption[k] / demand[k], least));
        log_sum += demand[k] * relative;
        top = std::max(top, rho * relative);
    }
    if (elasticity == 1.0) return std::exp(log_sum);
    double total = 0.0;
    for (int k = 0; k < tasks; ++k) {
        if (demand[k] <= 0.0) continue;
        const double relative = std::log(std::max(consumption[k] / demand[k], least));
        total += demand[k] * std::expm1(rho * relative - top);
    }
    return std::exp((top + std::log1p(std::max(total, -1.0 + 1e-16))) / rho);
}

template <class Real>
void read_agent(const StepArguments<Real>& arguments, LocalId row, double* consumption,
                double* value, double* utility_out) {
    const auto& state = *arguments.state;
    const auto& network = *arguments.network;
    const auto width = static_cast<std::size_t>(state.width);
    const int buffer = network.coupling() == Coupling::mean_field ? 0 : arguments.parity;
    const Real* message = state.messages[static_cast<std::size_t>(buffer)].data() + row * 2 * width;
    const double kept = 1.0 - (network.has_outgoing(row) ? arguments.parameters.openness : 0.0);
    const double scale = stock_scale(network, row);
    std::vector<double> consumed(width), demand(width);
    for (std::size_t k = 0; k < width; ++k) {
        consumed[k] = kept * (static_cast<double>(message[k]) / scale);
        demand[k] = static_cast<double>(state.demand_of(row)[k]);
        if (consumption != nullptr && k < static_cast<std::size_t>(state.tasks)) {
            consumption[k] = consumed[k];
        }
        if (value != nullptr && k < static_cast<std::size_t>(state.tasks)) {
            value[k] = static_cast<double>(message[width + k]);
        }
        // The floor of c / D in the step, so that utilities add up to its productivity.
        constexpr double least = std::numeric_limits<Real>::min();
        consumed[k] = std::max(consumed[k], least * demand[k]);
    }
    if (utility_out != nullptr) {
        *utility_out =
            utility(consumed.data(), demand.data(), state.tasks, arguments.parameters.elasticity);
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                 \
    template int padded_tasks<Real>(std::int64_t);                               \
    template void step_rows<Real>(const StepArguments<Real>&, LocalId, LocalId); \
    template double stock_scale<Real>(const Network<Real>&, LocalId);            \
    template void read_agent<Real>(const StepArguments<Real>&, LocalId, double*, double*, double*);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model
