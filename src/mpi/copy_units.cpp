#include "mpi/copy_units.hpp"

#include <cstring>

namespace motley::mpi {

std::byte* gather_units(const std::byte* from, std::span<const std::uint32_t> units,
                        std::size_t unit_bytes, std::byte* to) {
    for (const std::size_t unit : units) {
        std::memcpy(to, from + unit * unit_bytes, unit_bytes);
        to += unit_bytes;
    }
    return to;
}

}  // namespace motley::mpi
