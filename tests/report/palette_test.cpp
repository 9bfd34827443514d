// Series of a chart are told apart by everyone: distinct styles, and colours that stay distinct
// when one kind of cone is missing.
#include "report/palette.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <tuple>

#include "motley/report/document.hpp"
#include "report/chart.hpp"

namespace motley::report::test {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

Vector times(const Matrix& m, const Vector& v) {
    Vector out{};
    for (std::size_t i = 0; i < 3; ++i) out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    return out;
}

/// Linear RGB of "#rrggbb" (IEC 61966-2-1).
Vector linear(const std::string& colour) {
    Vector out{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double c = std::strtol(colour.substr(1 + 2 * i, 2).c_str(), nullptr, 16) / 255.0;
        out[i] = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    }
    return out;
}

/// CIELAB under D65.
Vector lab(Vector rgb) {
    for (double& c : rgb) c = std::min(1.0, std::max(0.0, c));
    const Matrix to_xyz = {
        {{0.43395, 0.37621, 0.18991}, {0.21267, 0.71515, 0.07217}, {0.01776, 0.10947, 0.87277}}};
    Vector f = times(to_xyz, rgb);
    for (double& t : f) t = t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116.0;
    return {116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])};
}

/// Full vision, and without one kind of cone: Machado, Oliveira, Fernandes, IEEE TVCG 15 (2009),
/// doi:10.1109/TVCG.2009.113, severity 1.
constexpr std::array<Matrix, 4> visions = {{{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
                                            {{{0.152286, 1.052583, -0.204868},
                                              {0.114503, 0.786281, 0.099216},
                                              {-0.003882, -0.048116, 1.051998}}},
                                            {{{0.367322, 0.860646, -0.227968},
                                              {0.280085, 0.672501, 0.047413},
                                              {-0.011820, 0.042940, 0.968881}}},
                                            {{{1.255528, -0.076749, -0.178779},
                                              {-0.078411, 0.930809, 0.147602},
                                              {0.004733, 0.691367, 0.303900}}}}};

TEST(Palette, TheFirstTwelveColoursAreApartForEveryKindOfVision) {
    for (std::size_t v = 0; v < visions.size(); ++v) {
        for (std::size_t a = 0; a < 12; ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                const Vector p = lab(times(visions[v], linear(style(a).colour)));
                const Vector q = lab(times(visions[v], linear(style(b).colour)));
                EXPECT_GT(std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]), 15.0)
                    << v << ": " << style(a).colour << ' ' << style(b).colour;
            }
        }
    }
}

TEST(Palette, NoTwoStylesAreAlike) {
    std::set<std::string> colours;
    for (std::size_t s = 0; s < distinct_colours; ++s) colours.insert(style(s).colour);
    EXPECT_EQ(colours.size(), distinct_colours);
    std::set<std::tuple<std::string, std::string, std::string>> styles;
    for (std::size_t s = 0; s < 1152; ++s) {
        styles.emplace(style(s).colour, style(s).dash, style(s).marker);
    }
    EXPECT_EQ(styles.size(), 1152u);
}

}  // namespace
}  // namespace motley::report::test
