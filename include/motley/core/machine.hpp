// Facts that the operating system reports about this process and its machine.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

namespace motley {

/// Resident memory of this process, bytes: its largest and its current size.
std::int64_t peak_memory();
std::int64_t current_memory();

/// Memory of this machine that new processes can have, bytes.
std::int64_t available_memory();

/// Memory that is freed from now on stays with the process, for work that builds large things again
/// and again: the system clears every page that it gives out anew.
void keep_freed_memory();

/// Gives memory that was freed back to the system, after work that needed much of it for a while.
void return_freed_memory();

/// The processor cores on which this process may run, by their numbers; those from 1024 on are not
/// counted. Empty where the system does not tell.
using Cores = std::bitset<1024>;
Cores usable_cores();

/// Name of this machine; "unknown" where the system does not tell.
std::string host_name();

}  // namespace motley
