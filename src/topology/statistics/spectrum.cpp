// The spectrum of the random walk on a graph, by Lanczos' method. Products of vectors are exact
// sums, so that no bit depends on the number of peers.
#include <algorithm>
#include <cmath>

#include "motley/core/buffer.hpp"
#include "motley/core/exact_lanes.hpp"
#include "motley/core/random.hpp"
#include "topology/statistics/parts.hpp"
#include "topology/statistics/tridiagonal.hpp"

namespace motley::topology {
namespace {

/// Entries of the agents of this peer.
using Vector = std::vector<double>;

/// Collective.
double dot(const Vector& a, const Vector& b, const Peers& peers) {
    constexpr int width = vector_bytes / static_cast<int>(sizeof(double));
    using V = Simd<double, width>;
    ExactLanes<width> lanes;
    ExactSum sum;
    const std::size_t whole = a.size() - a.size() % width;
    for (std::size_t i = 0; i < whole; i += width) {
        typename V::Vec x, y;
        std::memcpy(&x, &a[i], sizeof(x));
        std::memcpy(&y, &b[i], sizeof(y));
        lanes.add(x * y, std::span(&sum, 1));
    }
    lanes.flush(std::span(&sum, 1));
    for (std::size_t i = whole; i < a.size(); ++i) sum.add(a[i] * b[i]);
    return total_of(peers, sum);
}

void add(Vector& to, double factor, const Vector& v) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * v[i];
}

void scale(Vector& v, double factor) {
    for (double& x : v) x *= factor;
}

/// The matrix D^-1/2 A D^-1/2 of rows in which every arc has its opposite of the same weight; D has
/// the sums of the rows. Its eigenvalues are those of the random walk. Its largest eigenvalue, 1,
/// has the eigenvector D^1/2 1, which `deflate` projects out.
class NormalisedAdjacency {
  public:
    /// Collective.
    NormalisedAdjacency(const RowBlock& block, const Peers& peers)
        : block_(block),
          peers_(peers),
          arcs_(sum_of(peers, block.offsets.back())),
          inverse_root_(block.rows(), 0.0),
          known_(block.halo.size(), 0.0) {
        top_ = inverse_root_;
        for (std::size_t i = 0; i < top_.size(); ++i) {
            double sum = 0.0;
            for (auto e = block.offsets[i]; e < block.offsets[i + 1]; ++e) {
                sum += block.weight(static_cast<std::size_t>(e));
            }
            top_[i] = std::sqrt(sum);
            if (sum > 0.0) inverse_root_[i] = 1.0 / top_[i];
        }
        scale(top_, 1.0 / std::sqrt(product(top_, top_)));
    }
    /// Agents of all peers, and of this one.
    std::int64_t size() const { return block_.blocks.agents(); }
    std::size_t rows() const { return block_.rows(); }
    AgentId id(std::size_t row) const { return block_.id(row); }
    std::int64_t arcs() const { return arcs_; }

    /// These are collective.
    double product(const Vector& a, const Vector& b) const { return dot(a, b, peers_); }
    void deflate(Vector& v) const { add(v, -product(v, top_), top_); }
    void apply(const Vector& v, Vector& out) {
        for (std::size_t i = 0; i < rows(); ++i) known_[block_.local(i)] = inverse_root_[i] * v[i];
        block_.halo.refresh(known_, peers_);
        const bool weighted = !block_.weights.empty();
        constexpr std::size_t ahead = 48;
        const std::size_t last = std::max<std::size_t>(block_.targets.size(), 1) - 1;
        for (std::size_t i = 0; i < rows(); ++i) {
            double sum = 0.0;
            const auto end = static_cast<std::size_t>(block_.offsets[i + 1]);
            for (auto e = static_cast<std::size_t>(block_.offsets[i]); e < end; ++e) {
                __builtin_prefetch(&known_[block_.targets[std::min(e + ahead, last)]]);
                const double term = known_[block_.targets[e]];
                sum += weighted ? block_.weights[e] * term : term;
            }
            out[i] = inverse_root_[i] * sum;
        }
    }

  private:
    const RowBlock& block_;
    const Peers& peers_;
    std::int64_t arcs_;
    Vector inverse_root_, top_;
    Buffer<double> known_;  ///< of the agents that this peer knows; read in any order
};

Vector start_vector(const NormalisedAdjacency& matrix) {
    Vector v(matrix.rows());
    for (std::size_t i = 0; i < v.size(); ++i) {
        const auto id = static_cast<std::uint64_t>(matrix.id(i));
        v[i] = Random(1, Stream::statistics, id).normal(0);
    }
    matrix.deflate(v);
    scale(v, 1.0 / std::sqrt(matrix.product(v, v)));
    return v;
}

/// The iteration: v <- A v without what the two vectors before have of it.
class Lanczos {
  public:
    explicit Lanczos(NormalisedAdjacency& matrix)
        : matrix_(matrix),
          v_(start_vector(matrix)),
          before_(matrix.rows(), 0.0),
          next_(matrix.rows()) {
        constexpr std::int64_t most_arcs = 2'000'000'000, most_steps = 20'000;
        steps_ = std::min(most_steps, most_arcs / std::max<std::int64_t>(matrix.arcs(), 1) + 2);
    }

    /// Collective. Makes a step; true when it was the last: nothing is left, or enough arcs were
    /// followed.
    bool advance() {
        if (!projected_.beta.empty()) {
            before_.swap(v_);
            v_.swap(next_);
            scale(v_, 1.0 / projected_.beta.back());
        }
        matrix_.apply(v_, next_);
        if (!projected_.beta.empty()) add(next_, -projected_.beta.back(), before_);
        projected_.alpha.push_back(matrix_.product(v_, next_));
        add(next_, -projected_.alpha.back(), v_);
        matrix_.deflate(next_);
        projected_.beta.push_back(std::sqrt(matrix_.product(next_, next_)));
        constexpr double nothing_left = 1e-13;
        const std::int64_t made = std::ssize(projected_.alpha);
        return made == steps_ || made + 1 >= matrix_.size() ||
               projected_.beta.back() < nothing_left;
    }
    /// True after more and more steps, when it is time to look at the eigenvalues.
    bool look() {
        if (std::ssize(projected_.alpha) < look_at_) return false;
        look_at_ += look_at_ / 5;
        return true;
    }
    const Tridiagonal& projected() const { return projected_; }
    /// An eigenvalue of the matrix lies within this distance of that of the projected one.
    double error(const Tridiagonal& projected, double eigenvalue) const {
        return projected.beta.back() * projected.last_component(eigenvalue);
    }

  private:
    NormalisedAdjacency& matrix_;
    Vector v_, before_, next_;
    Tridiagonal projected_;
    std::int64_t steps_;
    std::int64_t look_at_ = 8;
};

}  // namespace

SpectralGap spectral_gap(const RowBlock& simple, std::int64_t components, const Peers& peers) {
    if (components != 1 || simple.blocks.agents() < 2) return {};
    NormalisedAdjacency matrix(simple, peers);
    constexpr double enough = 1e-10;
    Lanczos lanczos(matrix);
    for (SpectralGap gap;;) {
        const bool last = lanczos.advance();
        if (!lanczos.look() && !last) continue;
        const double eigenvalue = lanczos.projected().largest_eigenvalue();
        gap.value = 1.0 - eigenvalue;
        gap.error = lanczos.error(lanczos.projected(), eigenvalue);
        if (last || gap.error < enough * gap.value) return gap;
    }
}

double second_modulus(const RowBlock& block, const Peers& peers) {
    if (sum_of(peers, block.offsets.back()) == 0) return 0.0;
    std::int64_t alone = 0;
    for (std::size_t r = 0; r < block.rows(); ++r) alone += block.degree(r) == 0 ? 1 : 0;
    if (connected_components(block, peers).count - sum_of(peers, alone) > 1) return 1.0;
    NormalisedAdjacency matrix(block, peers);
    constexpr double enough = 1e-9;
    Lanczos lanczos(matrix);
    for (;;) {
        const bool last = lanczos.advance();
        if (!lanczos.look() && !last) continue;
        const Tridiagonal& upper = lanczos.projected();
        const Tridiagonal lower = upper.negated();
        const double above = upper.largest_eigenvalue(), below = lower.largest_eigenvalue();
        const double error =
            above >= below ? lanczos.error(upper, above) : lanczos.error(lower, below);
        if (last || error < enough) return std::clamp(std::max(above, below), 0.0, 1.0);
    }
}

}  // namespace motley::topology
