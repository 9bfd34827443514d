// Places in arrays that are known as an int.
#pragma once

#include <cstddef>

namespace motley {

/// The place `index`, at least 0, as the standard library counts places.
constexpr std::size_t at(int index) {
    return static_cast<std::size_t>(index);
}

}  // namespace motley
