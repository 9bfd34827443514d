// The spectrum of the random walk on a graph, by Lanczos' method.
#include <algorithm>
#include <cmath>

#include "motley/core/random.hpp"
#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
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
    explicit NormalisedAdjacency(const Csr& rows)
        : rows_(rows), inverse_root_(static_cast<std::size_t>(rows.agents), 0.0) {
        top_ = inverse_root_;
        for (std::size_t i = 0; i < top_.size(); ++i) {
            double sum = 0.0;
            for (auto e = rows.offsets[i]; e < rows.offsets[i + 1]; ++e) sum += weight(e);
            top_[i] = std::sqrt(sum);
            if (sum > 0.0) inverse_root_[i] = 1.0 / top_[i];
        }
        scale(top_, 1.0 / std::sqrt(dot(top_, top_)));
    }
    std::size_t size() const { return top_.size(); }
    std::int64_t arcs() const { return std::ssize(rows_.targets); }
    void deflate(Vector& v) const { add(v, -dot(v, top_), top_); }
    void apply(const Vector& v, Vector& out) const {
        const bool weighted = !rows_.weights.empty();
        for (std::size_t i = 0; i < size(); ++i) {
            double sum = 0.0;
            for (auto e = rows_.offsets[i]; e < rows_.offsets[i + 1]; ++e) {
                const auto j = static_cast<std::size_t>(rows_.targets[static_cast<std::size_t>(e)]);
                const double term = inverse_root_[j] * v[j];
                sum += weighted ? weight(e) * term : term;
            }
            out[i] = inverse_root_[i] * sum;
        }
    }

  private:
    double weight(std::int64_t arc) const {
        return rows_.weights.empty() ? 1.0 : rows_.weights[static_cast<std::size_t>(arc)];
    }

    const Csr& rows_;
    Vector inverse_root_, top_;
};

/// A symmetric tridiagonal matrix. beta[i] couples rows i and i + 1; the last one couples to the
/// row that the next step adds.
struct Tridiagonal {
    Vector alpha, beta;

    /// The number of eigenvalues above x (Sturm's sequence).
    std::size_t above(double x) const {
        std::size_t count = 0;
        double pivot = 1.0;
        for (std::size_t i = 0; i < alpha.size(); ++i) {
            const double coupling = i > 0 ? beta[i - 1] * beta[i - 1] / pivot : 0.0;
            pivot = alpha[i] - x - coupling;
            if (pivot == 0.0) pivot = -1e-300;
            if (pivot > 0.0) ++count;
        }
        return count;
    }
    double largest_eigenvalue() const {
        double low = -2.0, high = 2.0;
        for (int i = 0; i < 60; ++i) {
            const double middle = 0.5 * (low + high);
            (above(middle) > 0 ? low : high) = middle;
        }
        return 0.5 * (low + high);
    }
    /// The same matrix with the opposite sign.
    Tridiagonal negated() const {
        Tridiagonal other = *this;
        scale(other.alpha, -1.0);
        return other;
    }
    /// |last component| of the unit eigenvector of the largest eigenvalue, by inverse iteration.
    /// The shift lies above the spectrum, so that elimination needs no pivoting.
    double last_component(double eigenvalue) const {
        const double shift = eigenvalue + 1e-14;
        Vector v(alpha.size(), 1.0);
        for (int round = 0; round < 3; ++round) {
            Vector pivots(alpha.size());
            for (std::size_t i = 0; i < v.size(); ++i) {
                const double factor = i > 0 ? beta[i - 1] / pivots[i - 1] : 0.0;
                pivots[i] = alpha[i] - shift - (i > 0 ? factor * beta[i - 1] : 0.0);
                if (pivots[i] > -1e-300) pivots[i] = -1e-300;
                if (i > 0) v[i] -= factor * v[i - 1];
            }
            for (std::size_t i = v.size(); i-- > 0;) {
                if (i + 1 < v.size()) v[i] -= beta[i] * v[i + 1];
                v[i] /= pivots[i];
            }
            scale(v, 1.0 / std::sqrt(dot(v, v)));
        }
        return std::abs(v.back());
    }
};

Vector start_vector(const NormalisedAdjacency& matrix) {
    Vector v(matrix.size());
    for (std::size_t i = 0; i < v.size(); ++i) v[i] = Random(1, Stream::statistics, i).normal(0);
    matrix.deflate(v);
    scale(v, 1.0 / std::sqrt(dot(v, v)));
    return v;
}

/// The iteration: v <- A v without what the two vectors before have of it.
class Lanczos {
  public:
    explicit Lanczos(const NormalisedAdjacency& matrix)
        : matrix_(matrix),
          v_(start_vector(matrix)),
          before_(matrix.size(), 0.0),
          next_(matrix.size()) {
        constexpr std::int64_t most_arcs = 2'000'000'000, most_steps = 20'000;
        steps_ = std::min(most_steps, most_arcs / std::max<std::int64_t>(matrix.arcs(), 1) + 2);
    }

    /// Makes a step; true when it was the last: nothing is left, or enough arcs were followed.
    bool advance() {
        if (!projected_.beta.empty()) {
            before_.swap(v_);
            v_.swap(next_);
            scale(v_, 1.0 / projected_.beta.back());
        }
        matrix_.apply(v_, next_);
        if (!projected_.beta.empty()) add(next_, -projected_.beta.back(), before_);
        projected_.alpha.push_back(dot(v_, next_));
        add(next_, -projected_.alpha.back(), v_);
        matrix_.deflate(next_);
        projected_.beta.push_back(std::sqrt(dot(next_, next_)));
        constexpr double nothing_left = 1e-13;
        const std::int64_t made = std::ssize(projected_.alpha);
        return made == steps_ || made + 1 >= static_cast<std::int64_t>(matrix_.size()) ||
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
    const NormalisedAdjacency& matrix_;
    Vector v_, before_, next_;
    Tridiagonal projected_;
    std::int64_t steps_;
    std::int64_t look_at_ = 8;
};

}  // namespace

SpectralGap spectral_gap(const Csr& simple, std::int64_t components) {
    if (components != 1 || simple.agents < 2) return {};
    const NormalisedAdjacency matrix(simple);
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

double second_modulus(const Csr& rows) {
    if (rows.targets.empty()) return 0.0;
    std::int64_t alone = 0;
    for (AgentId i = 0; i < rows.agents; ++i) alone += row_of(rows, i).empty() ? 1 : 0;
    if (connected_components(rows).count - alone > 1) return 1.0;
    const NormalisedAdjacency matrix(rows);
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
