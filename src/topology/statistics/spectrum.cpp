// The spectral gap of the random walk on a graph, by Lanczos' method.
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

/// The matrix D^-1/2 A D^-1/2 of an undirected simple graph, which has the eigenvalues of the
/// random walk. Its largest eigenvalue, 1, has the eigenvector D^1/2 1, which `deflate` projects
/// out.
class NormalisedAdjacency {
  public:
    explicit NormalisedAdjacency(const Csr& simple)
        : simple_(simple), inverse_root_(static_cast<std::size_t>(simple.agents), 0.0) {
        top_ = inverse_root_;
        for (std::size_t i = 0; i < top_.size(); ++i) {
            const auto degree = static_cast<double>(simple.offsets[i + 1] - simple.offsets[i]);
            top_[i] = std::sqrt(degree);
            if (degree > 0.0) inverse_root_[i] = 1.0 / top_[i];
        }
        scale(top_, 1.0 / std::sqrt(dot(top_, top_)));
    }
    std::size_t size() const { return top_.size(); }
    void deflate(Vector& v) const { add(v, -dot(v, top_), top_); }
    void apply(const Vector& v, Vector& out) const {
        for (std::size_t i = 0; i < size(); ++i) {
            double sum = 0.0;
            for (auto e = simple_.offsets[i]; e < simple_.offsets[i + 1]; ++e) {
                const auto j =
                    static_cast<std::size_t>(simple_.targets[static_cast<std::size_t>(e)]);
                sum += inverse_root_[j] * v[j];
            }
            out[i] = inverse_root_[i] * sum;
        }
    }

  private:
    const Csr& simple_;
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

}  // namespace

SpectralGap spectral_gap(const Csr& simple, std::int64_t components) {
    if (components != 1 || simple.agents < 2) return {};
    const NormalisedAdjacency matrix(simple);
    constexpr std::int64_t most_arcs = 2'000'000'000, most_steps = 20'000;
    const std::int64_t steps =
        std::min(most_steps, most_arcs / std::max<std::int64_t>(std::ssize(simple.targets), 1) + 2);
    constexpr double enough = 1e-10, nothing_left = 1e-13;
    Vector v = start_vector(matrix), before(matrix.size(), 0.0), next(matrix.size());
    Tridiagonal projected;
    std::int64_t look_at = 8;
    SpectralGap gap;
    for (std::int64_t step = 1;; ++step) {
        matrix.apply(v, next);
        if (step > 1) add(next, -projected.beta.back(), before);
        projected.alpha.push_back(dot(v, next));
        add(next, -projected.alpha.back(), v);
        matrix.deflate(next);
        projected.beta.push_back(std::sqrt(dot(next, next)));
        const bool last =
            step == steps || step + 1 >= simple.agents || projected.beta.back() < nothing_left;
        if (step >= look_at || last) {
            look_at += look_at / 5;
            const double eigenvalue = projected.largest_eigenvalue();
            gap.value = 1.0 - eigenvalue;
            gap.error = projected.beta.back() * projected.last_component(eigenvalue);
            if (last || gap.error < enough * gap.value) return gap;
        }
        before.swap(v);
        v.swap(next);
        scale(v, 1.0 / projected.beta.back());
    }
}

}  // namespace motley::topology
