// Copies between buffers and messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace motley::mpi {

/// Copies the units of `from` with the numbers `units`, `unit_bytes` each, one after the other to
/// `to`. Returns the end of what it wrote.
std::byte* gather_units(const std::byte* from, std::span<const std::uint32_t> units,
                        std::size_t unit_bytes, std::byte* to);

}  // namespace motley::mpi
