// Facts that the operating system reports about this process and its machine.
#pragma once

#include <cstdint>
#include <string>

namespace motley {

/// Resident memory of this process, bytes: its largest and its current size.
std::int64_t peak_memory();
std::int64_t current_memory();

/// Memory of this machine that new processes can have, bytes.
std::int64_t available_memory();

/// Name of this machine; "unknown" where the system does not tell.
std::string host_name();

}  // namespace motley
