// Eigenvalues of symmetric tridiagonal matrices.
#pragma once

#include <cmath>
#include <vector>

namespace motley::topology {

/// A symmetric tridiagonal matrix. beta[i] couples rows i and i + 1; the last one couples to the
/// row that the next step adds.
struct Tridiagonal {
    std::vector<double> alpha, beta;

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
        for (double& a : other.alpha) a = -a;
        return other;
    }
    /// |last component| of the unit eigenvector of the largest eigenvalue, by inverse iteration.
    /// The shift lies above the spectrum, so that elimination needs no pivoting.
    double last_component(double eigenvalue) const {
        const double shift = eigenvalue + 1e-14;
        std::vector<double> v(alpha.size(), 1.0);
        for (int round = 0; round < 3; ++round) {
            std::vector<double> pivots(alpha.size());
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
            double squares = 0.0;
            for (const double x : v) squares += x * x;
            for (double& x : v) x /= std::sqrt(squares);
        }
        return std::abs(v.back());
    }
};

}  // namespace motley::topology
