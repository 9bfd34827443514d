// Units of rates: an amount of work per time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace motley::job {

struct RateUnit {
    std::string base;     ///< the counted thing: "tokens", "requests", "flop", ...
    double factor = 1.0;  ///< base per second in one of this unit
};
/// Reads "tokens/s", "krequests/min", "TFLOP/s", "TFLOPS", "GB/s" or "1/s". Returns nothing where
/// the text is no amount of work per time.
std::optional<RateUnit> parse_rate_unit(std::string_view text);

}  // namespace motley::job
