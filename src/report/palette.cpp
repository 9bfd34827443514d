#include "palette.hpp"

#include <array>

namespace motley::report {
namespace {

// The first twelve stay distinct for people who see no red, no green or no blue: their distances
// in CIELAB are at least 15 in all four cases (tests/report/palette_test.cpp). The others are only
// distinct.
constexpr std::array<const char*, distinct_colours> colours = {
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222", "#882255",
    "#7B4FD0", "#DDCC77", "#332288", "#661100", "#44AA99", "#CC3311", "#999933", "#33BBEE",
    "#AA4499", "#117733", "#888888", "#EE99BB", "#7FB800", "#8C510A", "#1F3A7A", "#CC6677"};
constexpr std::array dashes = {"none", "7 3", "2 2.5", "9 3 2 3", "13 4", "5 2 1 2 1 2"};
constexpr std::array marker_shapes = {
    "M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z",           // disc
    "M-3.1-3.1h6.2v6.2h-6.2z",                                    // square
    "M0-4.2L3.9 2.8h-7.8z",                                       // triangle
    "M0-4.4L4.4 0L0 4.4L-4.4 0z",                                 // diamond
    "M0 4.2L3.9-2.8h-7.8z",                                       // triangle, down
    "M-1.3-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z",  // plus
    "M-4 0L-2-3.5h4L4 0L2 3.5h-4z",                               // hexagon
    "M0-4.6L1.2-1.4L4.4-1.4L1.9 .7L2.7 3.8L0 2L-2.7 3.8L-1.9 .7L-4.4-1.4L-1.2-1.4z"};  // star
constexpr std::array reference_dashes = {"5 4", "1.5 3", "10 4", "10 3 2 3"};

}  // namespace

Style style(std::size_t index) {
    const std::size_t round = index / colours.size();
    return {colours[index % colours.size()], dashes[(index + round) % dashes.size()],
            marker_shapes[(index + round / dashes.size()) % marker_shapes.size()]};
}

const char* reference_dash(std::size_t index) {
    return reference_dashes[index % reference_dashes.size()];
}

}  // namespace motley::report
